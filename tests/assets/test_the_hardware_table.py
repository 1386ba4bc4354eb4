"""The hardware table finds every device of the company, by any of its names, in a constant number of queries."""

import csv
import io
import zipfile
from datetime import date
from decimal import Decimal

import pytest

from assets.exporting import MORE
from assets.fleet import AGES
from assets.hardware import hardware_view
from assets.importing.columns import COLUMNS
from assets.models import Contract, Device
from assets.ownership import OWNERSHIP
from tests.assets.making import a_started_device, an_ordered_device, words
from tests.making import (
    a_device,
    a_lessor,
    a_location,
    a_person,
    a_space,
    a_team,
    an_admin,
    an_external_distributor,
    an_integrated_distributor,
)  # fmt: skip
from velory.people.models import Role
from velory.tenancy.context import inside
from velory.tenancy.models import Company


def names_on(page):
    return [part.split("</a>")[0].rsplit(">", 1)[1] for part in page.content.decode().split('<th scope="row"')[1:]]


@pytest.fixture
def desk(at_their_desk):
    return at_their_desk(an_admin())


@pytest.fixture
def fleet():
    """Four devices that differ in everything one can ask for."""
    ebba = a_person("Ebba", "Sjöberg", location=a_location("Luleå"))
    room = a_space("Konferensrum Vinga")
    room.location = a_location("Göteborg")
    room.save()
    a_device(ebba, name="Fairphone 5", serial="FP5-1", number="D-00001", imei="354402685995284",
             renewal_on=date(2026, 11, 1), distributor=an_external_distributor())  # fmt: skip
    a_device(room, name="iPad Air 11", category="tablets", renewal_on=date(2027, 1, 19))
    a_device(name="Dell U2723QE", category="screens", renewal_on=date(2028, 5, 1))
    lost = a_device(ebba, name="Galaxy S24", renewal_on=None)
    lost.remove(by=an_admin(), why="Lost")


# Who, and whose


@pytest.mark.parametrize("address", ["/hardware/", "/hardware/export/", "/hardware/new/"])
@pytest.mark.parametrize("role", [Role.EMPLOYEE, Role.PURCHASE_MANAGER])
def test_the_table_is_the_admins(at_their_desk, address, role):
    assert at_their_desk(a_person(role=role)).get(address).status_code == 403


def test_another_company_s_devices_are_not_in_it(desk, saimaa):
    with inside(saimaa):
        a_device(name="Surface Laptop 6")
    assert "Surface" not in words(desk.get("/hardware/"))
    assert b"Surface" not in b"".join(desk.get("/hardware/export/").streaming_content)


# Views


@pytest.mark.parametrize(
    ("view", "expected"),
    [
        ("", ["Fairphone 5", "iPad Air 11", "Dell U2723QE"]),
        ("all", ["Fairphone 5", "iPad Air 11", "Dell U2723QE"]),
        ("no-such-view", ["Fairphone 5", "iPad Air 11", "Dell U2723QE"]),
        ("renewals", ["Fairphone 5", "iPad Air 11"]),
        ("unassigned", ["Dell U2723QE"]),
        ("archive", ["Galaxy S24"]),
        ("orders", []),
        ("leaving", []),
    ],
)
def test_each_view_shows_what_it_says(desk, fleet, view, expected):
    assert names_on(desk.get("/hardware/", {"view": view})) == expected


def test_orders_and_what_is_leaving_have_their_views(desk, monkeypatch):
    an_ordered_device(a_person())
    a_started_device(a_person(), monkeypatch, name="Fairphone 5")
    assert names_on(desk.get("/hardware/?view=orders")) == ["Dell dock WD22TB4"]
    assert names_on(desk.get("/hardware/?view=leaving")) == ["Fairphone 5"]


def test_each_view_says_how_many_it_has(desk, fleet):
    text = words(desk.get("/hardware/"))
    assert "All 3 Ongoing orders 0 Renewals 2" in text
    assert "Unassigned 1 Archive 1" in text


def test_repair_has_no_view_where_the_flow_is_off(desk, fleet, monkeypatch):
    assert "Needs repair" in words(desk.get("/hardware/"))
    monkeypatch.setattr(Company, "has", lambda company, feature: False)
    text = words(desk.get("/hardware/"))
    assert "Needs repair" not in text
    assert "In repair" not in text
    assert names_on(desk.get("/hardware/?view=in_repair")) == names_on(desk.get("/hardware/"))


def test_an_app_above_adds_a_view(desk, fleet):
    from assets import hardware

    @hardware_view("tablets", "Tablets only", 35)
    def tablets(devices, today):
        return devices.filter(category__code="tablets")

    try:
        assert names_on(desk.get("/hardware/?view=tablets")) == ["iPad Air 11"]
        assert "Renewals 2 Tablets only 1" in words(desk.get("/hardware/"))
    finally:
        del hardware._views["tablets"]


# Searching and filtering


@pytest.mark.parametrize(
    ("q", "expected"),
    [
        ("fairphone", ["Fairphone 5"]), ("FP5-1", ["Fairphone 5"]), ("p5-", ["Fairphone 5"]),
        ("d-00001", ["Fairphone 5"]), ("354402685995284", ["Fairphone 5"]), ("sjöberg ebba", ["Fairphone 5"]),
        ("vinga", ["iPad Air 11"]),
        ("air ipad", ["iPad Air 11"]), ("%", []), ("_", []), ("galaxy", []), ("'; DROP TABLE", []),
        ("\0", None), ("   ", None),
    ],
)  # fmt: skip
def test_a_search_finds_by_every_name(desk, fleet, q, expected):
    everything = ["Fairphone 5", "iPad Air 11", "Dell U2723QE"]
    assert names_on(desk.get("/hardware/", {"q": q})) == (everything if expected is None else expected)


def test_a_reference_finds_its_device(desk, fleet):
    device = Device.objects.get(name="Dell U2723QE")
    assert names_on(desk.get("/hardware/", {"q": device.ref.lower()})) == ["Dell U2723QE"]


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"category": "phones"}, ["Fairphone 5"]),
        ({"category": ["phones", "screens"]}, ["Fairphone 5", "Dell U2723QE"]),
        ({"status": "active"}, ["Fairphone 5", "iPad Air 11", "Dell U2723QE"]),
        ({"status": "shipped"}, []),
        ({"status": "removed", "view": "archive"}, ["Galaxy S24"]),
        ({"location": "Luleå"}, ["Fairphone 5"]),
        ({"location": ["Luleå", "Göteborg"]}, ["Fairphone 5", "iPad Air 11"]),
        ({"payor": "company", "category": "tablets"}, ["iPad Air 11"]),
        ({"payor": "missing"}, []),
        ({"category": "no-such", "q": "fair"}, []),
    ],
)
def test_filters_narrow_it(desk, fleet, asked, expected):
    assert names_on(desk.get("/hardware/", asked)) == expected


def test_a_distributor_s_devices(desk, fleet):
    atea, dustin = an_external_distributor(), an_integrated_distributor()
    assert names_on(desk.get("/hardware/", {"distributor": atea.ref})) == ["Fairphone 5"]
    assert names_on(desk.get("/hardware/", {"distributor": dustin.ref})) == ["iPad Air 11", "Dell U2723QE"]


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"contract": "external"}, ["Fairphone 5"]),
        ({"contract": "one-off"}, ["Dell U2723QE"]),
        ({"contract": "leased"}, ["iPad Air 11"]),
        ({"contract": ["leased", "external"]}, ["Fairphone 5", "iPad Air 11"]),
        ({"contract": "stolen"}, []),
        ({"age": "0"}, ["Fairphone 5"]),
        ({"age": "1"}, ["iPad Air 11"]),
        ({"age": ["4", "1"]}, ["iPad Air 11"]),
        ({"age": "unknown"}, ["Dell U2723QE"]),
        ({"age": ["9", "x"]}, []),
        ({"team": "Drift"}, ["Fairphone 5"]),
        ({"renewal_from": "2026-11-02"}, ["iPad Air 11", "Dell U2723QE"]),
        ({"renewal_from": "2026-11-01", "renewal_to": "2027-01-19"}, ["Fairphone 5", "iPad Air 11"]),
        ({"renewal_to": "soon"}, ["Fairphone 5", "iPad Air 11", "Dell U2723QE"]),
    ],
)
def test_more_filters_narrow_it_further(desk, fleet, asked, expected):
    fairphone, ipad = Device.objects.get(name="Fairphone 5"), Device.objects.get(name="iPad Air 11")
    fairphone.holder.team = a_team("Drift")
    fairphone.holder.save()
    Device.objects.filter(pk=fairphone.pk).update(purchased_on=date(2026, 11, 1))
    Device.objects.filter(pk=ipad.pk).update(purchased_on=date(2025, 11, 22))
    Device.objects.filter(name="Dell U2723QE").update(purchased_on=None)
    Contract.objects.create(device=ipad, provider=a_lessor(), currency="SEK")
    assert names_on(desk.get("/hardware/", asked)) == expected


def test_a_provider_s_devices_are_those_that_are_still_leased(desk, fleet):
    lessor = a_lessor()
    ipad, dell = Device.objects.get(name="iPad Air 11"), Device.objects.get(name="Dell U2723QE")
    Contract.objects.create(device=ipad, provider=lessor, currency="SEK")
    Contract.objects.create(device=dell, provider=lessor, currency="SEK", closed_on=date(2026, 1, 1))
    assert names_on(desk.get("/hardware/", {"provider": lessor.ref})) == ["iPad Air 11"]


def test_every_device_has_one_age_and_one_owner(desk, fleet):
    everything = sorted(names_on(desk.get("/hardware/")))
    for key, values in {"age": AGES, "contract": OWNERSHIP}.items():
        found = [name for value in values for name in names_on(desk.get("/hardware/", {key: value}))]
        assert sorted(found) == everything


def test_what_is_chosen_under_more_filters_is_said_on_its_button(desk, fleet):
    assert "More filters : One-off" in words(desk.get("/hardware/?contract=one-off"))
    assert "More filters : 2" in words(desk.get("/hardware/?contract=one-off&renewal_from=2026-01-01"))


def test_an_empty_result_says_what_to_do(desk, fleet):
    text = words(desk.get("/hardware/", {"q": "galxy", "view": "archive"}))
    assert "No device matches “galxy”" in text
    assert "Show all in this view" in text


# Order and pages


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        ("device", ["Dell U2723QE", "Fairphone 5", "iPad Air 11"]),
        ("-device", ["iPad Air 11", "Fairphone 5", "Dell U2723QE"]),
        ("renewal", ["Fairphone 5", "iPad Air 11", "Dell U2723QE"]),
        ("-renewal", ["Dell U2723QE", "iPad Air 11", "Fairphone 5"]),
        ("holder__password", ["Fairphone 5", "iPad Air 11", "Dell U2723QE"]),
        ("-", ["Fairphone 5", "iPad Air 11", "Dell U2723QE"]),
    ],
)
def test_columns_sort_and_only_those_that_are_offered(desk, fleet, sort, expected):
    page = desk.get("/hardware/", {"sort": sort})
    assert names_on(page) == expected


@pytest.mark.parametrize("page", ["0", "-1", "1000000000", "abc", "", "1e3", "²"])
def test_a_page_that_is_not_there_is_one_that_is(desk, fleet, page):
    assert desk.get("/hardware/", {"page": page}).status_code == 200


def test_every_device_stands_on_exactly_one_page(desk):
    for number in range(30):
        a_device(name=f"Device {number:02}", renewal_on=date(2027, 1, 1))
    first, second = desk.get("/hardware/"), desk.get("/hardware/?page=2")
    assert len(names_on(first)) == 25
    assert sorted(names_on(first) + names_on(second)) == [f"Device {number:02}" for number in range(30)]


def test_a_long_query_is_cut_and_answered(desk):
    assert desk.get("/hardware/", {"q": "x" * 10_000, "category": ["y"] * 300}).status_code == 200


def test_htmx_asks_the_same_address_and_gets_the_list_in_it(desk, fleet):
    page = desk.get("/hardware/?q=fair", headers={"hx-request": "true", "hx-target": "<b>list</b>"})
    assert 'id="list"' in page.content.decode()
    assert "<b>list</b>" not in page.content.decode()


@pytest.mark.parametrize(
    "address", ["/hardware/", "/hardware/?view=renewals&sort=holder", "/hardware/?q=fair&category=phones"]
)
def test_the_table_costs_the_same_queries_for_one_row_and_for_three(desk, django_assert_num_queries, address):
    queries = {"/hardware/?q=fair&category=phones": 12}.get(address, 10)
    renewal = date(2026, 12, 1)
    a_device(a_person(location=a_location()), name="Fairphone 5", renewal_on=renewal, leased=True)
    desk.get(address)
    with django_assert_num_queries(queries):
        desk.get(address)
    a_device(a_space(), name="Fairphone 5", renewal_on=renewal)
    a_device(name="Fairphone 5", renewal_on=renewal)
    with django_assert_num_queries(queries):
        desk.get(address)


# How a row reads


def test_overdue_is_said_of_what_still_waits_for_a_choice(desk, fleet, monkeypatch):
    a_started_device(a_person(), monkeypatch, name="Started", renewal_on=date(2026, 11, 1))
    page = desk.get("/hardware/").content.decode()
    assert page.count("21 days overdue") == 1
    assert page.count("21 days ago") == 1


def test_what_is_missing_is_said_in_words(desk):
    a_device(payor="", renewal_on=None)
    text = words(desk.get("/hardware/"))
    assert "Unassigned Never assigned" in text
    assert text.count("Missing") == 4  # renewal date, payor, and a choice of two filters


# The file


def read(response):
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def test_the_file_has_the_import_s_columns_and_the_table_s_rows(desk, fleet):
    response = desk.get("/hardware/export/", {"category": "phones"})
    assert response["Content-Disposition"] == 'attachment; filename="hardware-2026-11-22.csv"'
    [row] = read(response)
    assert list(row) == [*COLUMNS, *MORE]
    assert (row["email"], row["product_name"], row["category"]) == (row["email"], "Fairphone 5", "Phones")
    assert (row["serial_number"], row["device_id"], row["imei"]) == ("FP5-1", "D-00001", "354402685995284")
    assert (row["renewal_date"], row["contract_type"], row["status"]) == ("2026-11-01", "one-off", "active")
    assert (row["last_name"], row["location"], row["distributor"]) == ("Sjöberg", "Luleå", "Atea")


def test_a_lease_is_told_in_full(desk):
    a_device(a_person(), leased=True)
    [row] = read(desk.get("/hardware/export/"))
    assert (row["contract_type"], row["leasing_provider"], row["contract_months"]) == ("leased", "3 Step IT", "24")
    assert (row["acquisition_price"], row["residual_percent"]) == ("9490.00", "12.00")


def test_no_cell_of_the_file_starts_a_formula(desk):
    a_device(a_person("=cmd", "+1", phone="+46 70 1"), name='=HYPERLINK("x")', serial="@SUM")
    [row] = read(desk.get("/hardware/export/"))
    assert [row[name] for name in ("product_name", "serial_number", "first_name", "phone")] == [
        "'=HYPERLINK(\"x\")", "'@SUM", "'=cmd", "'+46 70 1",
    ]  # fmt: skip


@pytest.mark.parametrize("number", [1, 3])
def test_the_file_costs_the_same_queries_however_long(desk, django_assert_num_queries, number):
    for _n in range(number):
        a_device(a_person(), leased=True)
    desk.get("/hardware/export/")
    with django_assert_num_queries(4):
        read(desk.get("/hardware/export/"))


def test_a_spreadsheet_holds_text_as_text_days_as_days_and_amounts_as_numbers(desk):
    a_device(a_person("=cmd", "+1"), name='=HYPERLINK("x")', serial="0012", purchased_on=date(2026, 1, 2),
             purchase_price=Decimal("9490.50"))  # fmt: skip
    response = desk.get("/hardware/export/?as=xlsx")
    assert response["Content-Disposition"] == 'attachment; filename="hardware-2026-11-22.xlsx"'
    with zipfile.ZipFile(io.BytesIO(b"".join(response.streaming_content))) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet
    assert '<is><t>=HYPERLINK("x")</t></is>' in sheet.replace("&quot;", '"')
    assert "<is><t>0012</t></is>" in sheet
    assert "<v>46024</v>" in sheet  # 2 January 2026 as spreadsheets count days
    assert "<v>9490.50</v>" in sheet


def test_people_are_a_file_too_as_the_list_has_them(desk):
    a_person("Ebba", "Sjöberg", location=a_location("Luleå"), phone="+46 70 1")
    a_person("Zoë", "Nielsen")
    [row] = read(desk.get("/people/export/", {"q": "ebba"}))
    assert list(row) == list(COLUMNS)
    assert (row["first_name"], row["location"], row["phone"]) == ("Ebba", "Luleå", "'+46 70 1")
    assert [r["first_name"] for r in read(desk.get("/people/export/?sort=-name"))] == ["Zoë", "Nils", "Ebba"]
