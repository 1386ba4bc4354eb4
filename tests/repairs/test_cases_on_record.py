"""What is known of repairs afterwards: list, file, figures; and that none of it shows where repairs are off."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from assets.lifecycle import Status
from assets.models import Device
from tests.assets.making import words
from tests.making import a_device, a_person, an_admin
from tests.repairs.making import a_device_in_repair, a_reported_device, the_case_of


@pytest.fixture
def nils(at_their_desk):
    return at_their_desk(an_admin())


@pytest.fixture
def off(nordvik):
    switch_off(nordvik)


@pytest.fixture(autouse=True)
def features_come_back(nordvik):
    before = nordvik.features
    yield
    nordvik.features = before


def switch_off(company):
    company.features = ["store", "leased_end_of_life"]
    company.save(update_fields=["features"])


def a_closed_case(**facts):
    device = a_device_in_repair(**facts)
    device.finish_repair(by=an_admin())
    return the_case_of(device)


def priced(case, cost="1200.00", supplier="Fixit", warranty="no"):
    case.cost, case.currency, case.supplier, case.warranty = Decimal(cost), "SEK", supplier, warranty
    case.save()
    return case


def test_the_list_is_searched_and_narrowed(nils):
    closed, waiting = priced(a_closed_case()), the_case_of(a_reported_device(fault="It gets hot"))
    text = words(nils.get("/repairs/"))
    assert closed.ref in text
    assert waiting.ref in text
    assert closed.ref not in words(nils.get("/repairs/?state=waiting"))
    assert waiting.ref in words(nils.get("/repairs/?q=hot"))
    assert "No case matches" in words(nils.get("/repairs/?q=nothing"))


def test_an_empty_list_says_what_will_stand_there(nils):
    assert "Nothing has been reported yet" in words(nils.get("/repairs/"))


def test_the_list_asks_as_often_for_many_as_for_few(nils):
    def queries():
        with CaptureQueriesContext(connection) as counted:
            nils.get("/repairs/")
        return len(counted)

    a_reported_device()
    nils.get("/repairs/")
    few = queries()
    for _ in range(10):
        a_reported_device()
    assert queries() == few


def test_the_file_holds_what_the_list_holds(nils):
    case = priced(a_closed_case(fault="=HYPERLINK(1)"))
    text = b"".join(nils.get("/repairs/export/").streaming_content).decode("utf-8-sig")
    assert case.ref in text
    assert "1200.00,SEK" in text
    assert "'=HYPERLINK(1)" in text


def test_what_it_cost_is_said_when_the_invoice_comes(nils):
    case = a_closed_case()
    sent = {"supplier": "Fixit", "warranty": "yes", "cost": "1 200,50", "currency": "", "expected_on": "", "version": 0}
    page = nils.post(f"/repairs/{case.ref}/edit/", sent | {"cost": "1200.50"})
    assert page.status_code == 303
    case = the_case_of(case.device)
    assert (case.cost, case.currency, case.supplier) == (Decimal("1200.50"), "SEK", "Fixit")
    assert nils.post(f"/repairs/{case.ref}/edit/", sent | {"cost": "-1"}).status_code == 422
    assert nils.post(f"/repairs/{case.ref}/edit/", sent | {"cost": "2", "version": 0}).status_code == 409


def test_figures_by_model_and_by_workshop(nils):
    priced(a_closed_case(name="Fairphone 5"), cost="100")
    priced(a_closed_case(name="Fairphone 5"), cost="50", supplier="FIXIT")
    text = words(nils.get("/repairs/figures/"))
    assert "Fairphone 5 0.0 days out on average 2 100 2 0 0.0 150.00 SEK" in text
    assert text.count("FIXIT") + text.count("Fixit") == 1


def test_nobody_else_reads_the_records(at_their_desk):
    page = at_their_desk(a_person())
    case = a_closed_case()
    assert {page.get(path).status_code for path in ("/repairs/", f"/repairs/{case.ref}/", "/repairs/export/")} == {403}


PLACES = ["/repairs/", "/repairs/export/", "/repairs/figures/", "/repairs/loans/"]
ELSEWHERE = ["/", "/settings/", "/hardware/", "/log/", "/renewals/all/", "/renewals/forecast/"]


@pytest.mark.usefixtures("off")
def test_where_repairs_are_off_there_is_no_trace(nils):
    device = a_device(a_person())
    for path in [*PLACES, f"/devices/{device.ref}/report_fault/", f"/devices/{device.ref}/start_repair/"]:
        assert nils.get(path).status_code == 404, path
    assert nils.post(f"/devices/{device.ref}/report_fault/", {"needs_repair": "on"}).status_code == 404
    for path in [*ELSEWHERE, f"{device.get_absolute_url()}?tab=support"]:
        assert "epair" not in words(nils.get(path)), path
    assert "repair" not in b"".join(nils.get("/renewals/forecast/file/").streaming_content).decode()
    assert Device.objects.get().status == Status.ACTIVE


@pytest.mark.parametrize(("made", "step", "said", "status"), [
    (a_reported_device, "dismiss_fault", {"to": ""}, Status.ACTIVE),
    (a_device_in_repair, "finish_repair", {"understood": "on"}, Status.ACTIVE),
    (a_device_in_repair, "recycle", {"why": "Not worth it"}, Status.RECYCLED),
])  # fmt: skip
def test_what_was_begun_before_repairs_were_switched_off_is_brought_to_its_end(nils, nordvik, made, step, said, status):
    device = made()
    switch_off(nordvik)
    overview = nils.get("/").text
    assert "Repairs that were begun" in overview
    assert device.ref in nils.get("/hardware/?status=in_repair&status=needs_repair").text
    assert f"/devices/{device.ref}/{step}/" in nils.get(device.get_absolute_url()).text
    assert nils.get(f"/devices/{device.ref}/{step}/").status_code == 200
    answer = nils.post(f"/devices/{device.ref}/{step}/", said | {"version": device.version}, follow=True)
    assert answer.status_code == 200
    assert Device.objects.get(pk=device.pk).status == status
    assert not the_case_of(device).is_open
    assert "Repairs that were begun" not in nils.get("/").text


def test_no_repair_goes_further_without_the_feature(nils, nordvik):
    device = a_reported_device()
    switch_off(nordvik)
    assert nils.get(f"/devices/{device.ref}/start_repair/").status_code == 404
