"""The pages of requests: who sees which, what waits first, how it is answered, in as few queries as ever."""

from decimal import Decimal

import pytest

from assets.models import Device
from orders.models import LedgerLine, ProductRequest, StoreSettings
from orders.prices import Mode
from tests.making import a_device, a_location, a_person, a_space, an_admin
from tests.orders.asking import a_leased_phone, a_phone, a_sent_request
from tests.orders.making import a_budget, given
from velory import clock
from velory.people.models import Location, Role
from velory.tenancy.models import Company
from velory.tenancy.routing import forget_hosts

LIST = "/requests/"


@pytest.fixture
def nils():
    return an_admin()


@pytest.fixture
def karin(nils):
    return a_person("Karin", "Ström", language="en")


@pytest.fixture
def bjorn(nils, karin):
    return given(
        a_person("Björn", "Persson", approver=karin, language="en"), a_budget(phones=(10000, 1, 24, Mode.ONE_OFF))
    )


def page(desk, address):
    return " ".join(desk.get(address).content.decode().replace("\xa0", " ").split())


# The list


def test_an_employee_sees_their_own_alone(at_their_desk, bjorn, karin):
    mine = a_sent_request(bjorn)
    other = a_sent_request(a_person("Ebba", "Sjöberg", approver=karin))
    shown = page(at_their_desk(bjorn), LIST)
    assert mine.ref in shown
    assert other.ref not in shown
    assert "To approve" not in shown


def test_whoever_is_asked_sees_what_waits_first_with_counts(at_their_desk, bjorn, karin):
    waits = a_sent_request(bjorn)
    a_sent_request(a_person("Ebba", "Sjöberg", approver=karin)).reject(by=karin)
    answer = at_their_desk(karin).get(LIST)
    assert [row[0] for row in answer.context["rows"]] == [waits]
    tabs = {tab["label"]: tab["count"] for tab in answer.context["table"].tabs}
    assert (tabs["To approve"], tabs["Rejected"], tabs["All requests"], tabs["Your own"]) == (1, 1, 2, 0)


def test_an_admin_sees_everything_and_to_approve_what_comes_to_them(at_their_desk, nils, bjorn):
    named, unnamed = a_sent_request(bjorn), a_sent_request(a_person("Ebba", "Sjöberg"))
    desk = at_their_desk(nils)
    assert [row[0] for row in desk.get(LIST).context["rows"]] == [unnamed]
    assert {row[0] for row in desk.get(f"{LIST}?view=pending").context["rows"]} == {named, unnamed}


def test_a_purchase_manager_sees_their_places(at_their_desk, nils, karin):
    manager = a_person(role=Role.PURCHASE_MANAGER, location=a_location())
    here = a_sent_request(a_person("Ebba", "Sjöberg", location=a_location()))
    named = a_sent_request(a_person("Zoë", "Nielsen", location=a_location(), approver=karin))
    a_sent_request(a_person("Astrid", "Sørensen", location=a_location("Malmö")))
    desk = at_their_desk(manager)
    assert [row[0] for row in desk.get(LIST).context["rows"]] == [here]
    assert {row[0] for row in desk.get(f"{LIST}?view=all").context["rows"]} == {here, named}


@pytest.mark.parametrize("words", ["persson", "fairphone", "Q-ref", "fairphone persson"])
def test_it_is_found_by_person_device_and_reference(at_their_desk, nils, bjorn, words):
    request = a_sent_request(bjorn)
    a_sent_request(a_person("Ebba", "Sjöberg"), a_leased_phone())
    q = request.ref if words == "Q-ref" else words
    found = at_their_desk(nils).get(LIST, {"view": "all", "q": q}).context["rows"]
    assert [row[0] for row in found] == [request]


def test_it_is_narrowed_by_category(at_their_desk, nils, bjorn):
    request = a_sent_request(bjorn)
    desk = at_their_desk(nils)
    assert [row[0] for row in desk.get(f"{LIST}?view=all&category=phones").context["rows"]] == [request]
    assert "No request matches" in page(desk, f"{LIST}?view=all&category=computers")


def test_nothing_waits_says_so(at_their_desk, nils, karin, bjorn):
    assert "Nothing waits for your answer" in page(at_their_desk(nils), LIST)
    assert "You have not asked for anything yet" in page(at_their_desk(bjorn), LIST)


def test_thirty_requests_take_as_many_queries_as_three(at_their_desk, nils, karin, django_assert_num_queries):
    def some(number):
        for _number in range(number):
            a_sent_request(a_person(location=a_location()))

    desk = at_their_desk(nils)
    some(3)
    desk.get(LIST)
    with django_assert_num_queries(16):
        desk.get(LIST)
    some(27)
    with django_assert_num_queries(16):
        desk.get(LIST)


@pytest.mark.parametrize("address", ["?page=999999", "?page=-1", "?sort=password", "?view=nobody", "?q=%00", "?page=a"])
def test_addresses_that_make_no_sense_show_the_list(at_their_desk, nils, bjorn, address):
    a_sent_request(bjorn)
    assert at_their_desk(nils).get(f"{LIST}{address}").status_code == 200


# One of them


def test_whoever_answers_sees_the_calculation_and_the_budget(at_their_desk, bjorn, karin):
    StoreSettings.objects.update_or_create(pk=1, defaults={"salary_deduction": True})
    request = a_sent_request(bjorn, a_phone(12000), overage="salary", note="Mine is too small.")
    shown = page(at_their_desk(karin), f"{LIST}{request.ref}/")
    for words in ("12,000.00 SEK", "10,000.00 SEK", "2,000.00 SEK", "2,500.00 SEK", "Salary deduction",
                  "Mine is too small.", "The budget of Björn Persson", "It waits for your answer"):  # fmt: skip
        assert words in shown, words


def test_whoever_asked_sees_who_is_asked_and_no_buttons(at_their_desk, bjorn, karin):
    request = a_sent_request(bjorn)
    shown = page(at_their_desk(bjorn), f"{LIST}{request.ref}/")
    assert "It waits for the answer of Karin Ström." in shown
    assert "/approve/" not in shown
    assert "Withdraw request" in shown


def test_a_colleague_finds_nothing_there(at_their_desk, bjorn):
    request = a_sent_request(bjorn)
    desk = at_their_desk(a_person())
    assert desk.get(f"{LIST}{request.ref}/").status_code == 404
    assert desk.post(f"{LIST}{request.ref}/approve/").status_code == 404


def test_where_money_is_no_limit_the_person_sees_no_price_and_the_approver_does(at_their_desk, nils, karin):
    ebba = a_person("Ebba", "Sjöberg", approver=karin, language="en")
    given(ebba, a_budget(phones=(None, None, 24, Mode.ONE_OFF)))
    request = a_sent_request(ebba)
    assert "9,490.00" not in page(at_their_desk(ebba), f"{LIST}{request.ref}/")
    assert "9,490.00" in page(at_their_desk(karin), f"{LIST}{request.ref}/")


def test_it_is_approved_with_a_message(at_their_desk, bjorn, karin):
    request = a_sent_request(bjorn)
    desk = at_their_desk(karin)
    answer = desk.post(f"{LIST}{request.ref}/approve/", {"version": request.version, "message": "Enjoy it."})
    assert (answer.status_code, answer.url) == (303, f"{LIST}{request.ref}/")
    assert Device.objects.get().holder == bjorn
    shown = page(desk, f"{LIST}{request.ref}/")
    assert "Enjoy it." in shown
    assert "Order VO-" in shown


def test_a_gate_that_is_shut_is_told_before_the_button_and_after_it(at_their_desk, bjorn, karin):
    request = a_sent_request(bjorn)
    a_device(bjorn)
    desk = at_their_desk(karin)
    shown = page(desk, f"{LIST}{request.ref}/")
    assert "be ordered for Björn Persson now. The reason: “You have" in shown
    assert "/approve/" in shown  # the form also rejects
    assert '<button class="btn btn-primary' not in shown
    answer = desk.post(f"{LIST}{request.ref}/approve/", {"version": request.version})
    assert answer.status_code == 409
    assert "It can be lifted by an admin." in answer.content.decode()
    assert "Pending" in answer.content.decode()
    assert ProductRequest.objects.get().status == "pending"


def test_looking_at_it_changes_nothing(at_their_desk, bjorn, karin):
    request = a_sent_request(bjorn)
    before = list(LedgerLine.objects.values())
    desk = at_their_desk(karin)
    for address in ("", "approve/", "reject/", "withdraw/"):
        desk.get(f"{LIST}{request.ref}/{address}")
    assert list(LedgerLine.objects.values()) == before
    assert ProductRequest.objects.get().version == request.version


def test_a_page_that_is_no_longer_so_answers_nothing(at_their_desk, bjorn, karin):
    request = a_sent_request(bjorn)
    seen = request.version
    request.withdraw(by=bjorn)
    answer = at_their_desk(karin).post(f"{LIST}{request.ref}/approve/", {"version": seen})
    assert answer.status_code == 409
    assert "Withdrawn" in answer.content.decode()


def test_a_message_that_is_too_long_is_told_at_the_field(at_their_desk, bjorn, karin):
    request = a_sent_request(bjorn)
    answer = at_their_desk(karin).post(f"{LIST}{request.ref}/reject/", {"message": "x" * 1001})
    assert answer.status_code == 422
    assert ProductRequest.objects.get().status == "pending"


def test_whoever_asked_may_not_answer_and_nobody_else_withdraws(at_their_desk, bjorn, karin):
    request = a_sent_request(bjorn)
    assert at_their_desk(bjorn).post(f"{LIST}{request.ref}/approve/").status_code == 403
    assert at_their_desk(karin).post(f"{LIST}{request.ref}/withdraw/").status_code == 403
    assert at_their_desk(bjorn).post(f"{LIST}{request.ref}/withdraw/").status_code == 303
    assert ProductRequest.objects.get().status == "withdrawn"


def test_without_a_store_there_is_no_such_page(at_their_desk, bjorn, nils, nordvik):
    request = a_sent_request(bjorn)
    Company.objects.filter(pk=nordvik.pk).update(features=["repair_flow"], plan="starter")
    forget_hosts()
    for address in (LIST, f"{LIST}{request.ref}/", "/you/delegation/"):
        assert at_their_desk(nils).get(address).status_code == 404
    shown = page(at_their_desk(nils), "/")
    assert LIST not in shown


def test_the_letters_link_leads_there_through_signing_in(client, bjorn):
    request = a_sent_request(bjorn)
    answer = client.get(f"{LIST}{request.ref}/")
    assert answer.status_code == 302
    assert answer.url.endswith(f"?next=/requests/{request.ref}/")


# Elsewhere


def test_home_tells_whoever_answers_and_the_overview_tells_admins(at_their_desk, nils, bjorn, karin):
    a_sent_request(bjorn)
    assert "1 request waits for your answer" in page(at_their_desk(karin), "/")
    shown = page(at_their_desk(nils), "/")
    assert "Requests that wait for an answer" in shown
    assert "waits for your answer" not in shown
    assert "waits for your answer" not in page(at_their_desk(bjorn), "/")


def test_your_details_show_ones_requests_and_who_stands_in(at_their_desk, bjorn, karin):
    request = a_sent_request(bjorn)
    assert request.get_absolute_url() in page(at_their_desk(bjorn), "/you/")
    assert "/you/delegation/" not in page(at_their_desk(bjorn), "/you/")
    assert "/you/delegation/" in page(at_their_desk(karin), "/you/")


def test_a_request_for_a_space_has_no_budget(at_their_desk, nils):
    request = a_sent_request(nils, to=a_space())
    shown = page(at_their_desk(nils), f"{LIST}{request.ref}/")
    assert "Reception" in shown
    assert "Borne by the company, net" in shown


# Where approvers are named


def test_a_location_and_a_team_have_an_approver(at_their_desk, nils, karin):
    stockholm, desk = a_location(), at_their_desk(nils)
    answer = desk.post(f"/locations/{stockholm.ref}/", {"name": "Stockholm", "approver": karin.email})
    assert answer.status_code == 303
    stockholm = Location.objects.get(pk=stockholm.pk)
    assert stockholm.approver == karin
    assert "Karin Ström" in page(desk, "/locations/")
    assert f'value="{karin.email}"' in page(desk, f"/locations/{stockholm.ref}/")
    assert "changed the location Stockholm: approver: – → Karin Ström" in page(desk, "/log/")
    desk.post(f"/locations/{stockholm.ref}/", {"name": "Stockholm", "approver": ""})
    assert Location.objects.get(pk=stockholm.pk).approver is None


def test_an_approver_of_a_place_has_to_work_here(at_their_desk, nils, karin):
    karin.end_access(by=nils, at=clock.now())
    answer = at_their_desk(nils).post(f"/locations/{a_location().ref}/", {"name": "Stockholm", "approver": karin.email})
    assert answer.status_code == 422
    assert "Karin Ström no longer works here." in answer.content.decode()


def test_the_stores_settings_are_kept_and_journalled(at_their_desk, nils, karin):
    desk = at_their_desk(nils)
    sent = {
        "section": "store_settings", "vat_percent": "", "approver": karin.email, "auto_approve": "on",
        "salary_deduction": "on", "personal_card": "on", "payment_days": "5", "auto_receive": "on",
        "receipt_reminder_days": "4",
    }  # fmt: skip
    assert desk.post("/settings/", sent).status_code == 302
    settings = StoreSettings.here()
    assert (settings.approver, settings.payment_days, settings.receipt_reminder_days) == (karin, 5, 4)
    assert not settings.requests_digest
    assert "approvers get a mail at 16:00 with what still waits" in page(desk, "/log/")
    switches = ("auto_approve", "salary_deduction", "personal_card", "auto_receive")
    assert all(getattr(settings, name) for name in switches)
    assert "company&#x27;s approver: – → Karin Ström" in page(desk, "/log/")
    assert desk.post("/settings/", sent | {"payment_days": "0"}).status_code == 422


def test_the_sums_of_what_is_leased_are_by_the_month(at_their_desk, nils, karin):
    ebba = given(a_person("Ebba", "Sjöberg", approver=karin), a_budget(phones=(500, 1, 24, Mode.MONTHLY)))
    request = a_sent_request(ebba, a_leased_phone(), mode=Mode.MONTHLY)
    shown = page(at_their_desk(karin), f"{LIST}{request.ref}/")
    assert "Each month" in shown
    assert "411.23 SEK" in shown
    assert Decimal("411.23") == request.lines_in_order[0].budget_part
