"""Before anything is written, each row says what it would do, or why it is refused (spec 5, R69, R74)."""

from datetime import date

import pytest

from assets.importing.faults import Fault
from assets.importing.models import Import
from assets.models import Device
from tests.assets.importing.making import a_device_row, a_file, a_person_row
from tests.making import a_device, a_person, a_space, an_admin
from velory.people.models import Location, Person, Role


@pytest.fixture
def preview(at):
    """An import that was uploaded and read, never applied."""

    def read(*rows, by=None, **file):
        an_import = Import.begin(a_file(*rows, **file), "fleet.csv", by=by or an_admin(), at=at.moment)
        an_import.read_on(at=at.moment)
        return an_import

    return read


def refusals(an_import):
    return [
        (row.number, fault["column"], fault["code"])
        for row in an_import.rows.with_verdict("refused")
        for fault in row.faults
    ]


def verdicts(an_import):
    rows = an_import.rows.order_by("number")
    return [(row.verdict, row.person_verdict, row.device_verdict) for row in rows]


# What a row may hold


def test_a_row_holds_a_person_a_device_or_both(preview):
    an_import = preview(
        a_person_row(),
        a_device_row(space="Reception"),
        a_person_row(email="eva.muller@nordvik.example") | a_device_row(device_id="D-2", serial_number="S2"),
        {"currency": "SEK", "payor": "company"},
    )

    assert verdicts(an_import) == [
        ("created", "created", ""),
        ("created", "", "created"),
        ("created", "created", "created"),
        ("refused", "", ""),
    ]
    assert an_import.counts["people"] == {"created": 2, "changed": 0, "unchanged": 0, "refused": 0}
    assert an_import.counts["devices"] == {"created": 2, "changed": 0, "unchanged": 0, "refused": 0}
    assert refusals(an_import) == [(5, "", "nothing")]
    assert not Device.objects.exists()
    assert Person.objects.count() == 1  # the admin


def test_a_person_with_three_devices_is_counted_once(preview):
    rows = [a_person_row() | a_device_row(device_id=f"D-{n}", serial_number=f"S{n}") for n in range(3)]

    an_import = preview(*rows)

    assert an_import.counts["people"]["created"] == 1
    assert an_import.counts["devices"]["created"] == 3


def test_a_cell_that_cannot_be_read_refuses_its_row_and_its_person_comes_from_the_next(preview):
    an_import = preview(
        a_person_row() | a_device_row(imei="358219935181904"),
        a_person_row() | a_device_row(device_id="D-2", serial_number="S2"),
    )

    assert verdicts(an_import) == [("refused", "refused", "refused"), ("created", "created", "created")]
    assert refusals(an_import) == [(2, "imei", "imei_check")]
    assert an_import.counts["people"] == {"created": 1, "changed": 0, "unchanged": 0, "refused": 0}


def test_every_cell_that_is_wrong_is_named(preview):
    an_import = preview(a_person_row(email="nils", first_employment_date="31/02/27") | a_device_row(imei="1"))

    assert refusals(an_import) == [
        (2, "email", "email"), (2, "first_employment_date", "no_such_date"), (2, "imei", "imei_length"),
    ]  # fmt: skip


# People


def test_a_new_person_needs_a_name_and_perhaps_is_meant_to_be_someone_known(preview):
    a_person(email="zoe.nielsen@nordvik.example")

    an_import = preview({"email": "zoe.nilsen@nordvik.example"}, {"email": "karin.strom@nordvik.example"})

    first, second = (Fault.of(row.faults[0]) for row in an_import.rows.order_by("number"))
    assert (first.code, first.help) == (
        "new_person_like",
        "If you mean zoe.nielsen@nordvik.example, correct the address.",
    )
    assert second.code == "new_person_needs"


def test_a_known_person_needs_nothing_but_the_address_whatever_its_case(preview):
    a_person(email="zoe.nielsen@nordvik.example")

    an_import = preview({"email": "Zoe.Nielsen@nordvik.example"} | a_device_row())

    assert verdicts(an_import) == [("created", "unchanged", "created")]


def test_blank_cells_change_nothing(preview):
    a_person("Nils", "Wikström", email="nils.wikstrom@nordvik.example", phone="+46 70 766 16 19", cost_centre="4100")

    assert verdicts(preview(a_person_row(phone="", cost_centre="", team=""))) == [("unchanged", "unchanged", "")]


def test_a_change_says_what_was_and_what_becomes(preview):
    a_person("Nils", "Wikström", email="nils.wikstrom@nordvik.example", location=Location.objects.create(name="Luleå"))

    row = preview(a_person_row(location="GÖTEBORG", cost_centre="4200")).rows.get()

    assert row.verdict == "changed"
    assert row.plan["person"] == {
        "facts": {"location": "GÖTEBORG", "cost_centre": "4200"},
        "before": {"location": "Luleå", "cost_centre": ""},
    }
    assert row.plan["new"] == [["location", "GÖTEBORG"]]


def test_a_place_is_the_same_whatever_its_case(preview):
    a_person("Nils", "Wikström", email="nils.wikstrom@nordvik.example", location=Location.objects.create(name="Luleå"))

    assert verdicts(preview(a_person_row(location="LULEÅ"))) == [("unchanged", "unchanged", "")]


def test_two_rows_that_disagree_about_a_person_are_not_guessed_between(preview):
    an_import = preview(
        a_person_row(location="Stockholm"), a_person_row(location="Göteborg"), a_person_row(phone="+46 8 1")
    )

    assert refusals(an_import) == [(3, "location", "says_otherwise")]
    assert [verdict for verdict, *_rest in verdicts(an_import)] == ["created", "refused", "changed"]
    assert an_import.counts["people"] == {"created": 1, "changed": 0, "unchanged": 0, "refused": 0}


def test_an_approver_may_stand_further_down(preview):
    an_import = preview(
        a_person_row(approver_email="eva.muller@nordvik.example"),
        a_person_row(email="eva.muller@nordvik.example", approver_email="nils.wikstrom@nordvik.example"),
    )

    assert an_import.counts["rows"]["created"] == 2


def test_whose_approver_is_refused_is_refused_too_and_so_on_up(preview):
    an_import = preview(
        a_person_row(approver_email="eva.muller@nordvik.example"),
        a_person_row(email="eva.muller@nordvik.example", approver_email="karin.strom@nordvik.example"),
        a_person_row(email="karin.strom@nordvik.example", last_employment_date="yesterday"),
        a_person_row(email="lars.olsson@nordvik.example", approver_email="lars.olsson@nordvik.example"),
    )

    assert refusals(an_import) == [
        (2, "approver_email", "approver_missing"),
        (3, "approver_email", "approver_missing"),
        (4, "last_employment_date", "date"),
        (5, "approver_email", "own_approver"),
    ]


def test_the_last_day_follows_the_first(preview):
    an_import = preview(a_person_row(first_employment_date="2020-01-01", last_employment_date="2019-12-31"))

    assert refusals(an_import) == [(2, "last_employment_date", "days_in_order")]


# What the importer may not do by hand, a file does not do either (R74)


def test_a_file_takes_no_admin_from_themselves_and_never_the_last_one(preview):
    nils = an_admin(email="nils.wikstrom@nordvik.example")

    assert refusals(preview(a_person_row(user_role="employee"), by=nils)) == [(2, "user_role", "own_role")]
    other = an_admin(email="eva.muller@nordvik.example", first_name="Eva", last_name="Müller")
    both = [a_person_row(user_role="employee"), a_person_row(email=other.email, user_role="employee")]
    assert refusals(preview(*both, by=other)) == [(3, "user_role", "own_role")]


def test_a_file_that_ends_the_last_admins_employment_is_refused(preview):
    nils = an_admin(email="nils.wikstrom@nordvik.example")

    assert refusals(preview(a_person_row(last_employment_date="2026-11-21"), by=nils)) == [
        (2, "last_employment_date", "last_admin")
    ]


def test_nor_does_a_file_end_all_of_them_one_after_the_other(preview):
    nils = an_admin(email="nils.wikstrom@nordvik.example")
    an_admin(email="eva.muller@nordvik.example", last_day_on=date(2026, 11, 1))
    an_admin(email="karin.strom@nordvik.example")
    rows = [
        a_person_row(last_employment_date="2026-11-21"),
        a_person_row(email="karin.strom@nordvik.example", last_employment_date="2026-11-20"),
    ]

    assert refusals(preview(*rows, by=nils)) == [(3, "last_employment_date", "last_admin")]


def test_whoever_is_no_admin_gives_no_roles(preview):
    an_import = preview(a_person_row(user_role="admin"), by=a_person(role=Role.PURCHASE_MANAGER))

    assert refusals(an_import) == [(2, "user_role", "not_yours_to_give")]


# Devices


def test_a_device_is_found_by_the_companys_number_else_by_its_serial_number(preview):
    a_device(number="D-1", serial="S1", name="Fairphone 4")
    a_device(number="", serial="S2", name="Fairphone 4")

    an_import = preview(
        a_device_row(device_id="d-1", serial_number="", category=""),
        a_device_row(device_id="", serial_number="s2", category=""),
    )

    facts = [row.plan["device"]["facts"] for row in an_import.rows.order_by("number")]
    assert [verdict for verdict, *_rest in verdicts(an_import)] == ["changed", "changed"]
    assert facts == [
        {"device_id": "d-1", "product_name": "Fairphone 5"},
        {"product_name": "Fairphone 5", "serial_number": "s2"},
    ]


def test_a_device_without_a_number_is_found_by_the_reference_that_our_export_gives(preview):
    device = a_device(number="", serial="", name="Fairphone 5")

    assert verdicts(preview({"device_id": device.ref, "product_name": "Fairphone 5"})) == [
        ("unchanged", "", "unchanged")
    ]


def test_a_device_that_nothing_identifies_is_refused(preview):
    an_import = preview({"product_name": "Fairphone 5", "category": "Phones"})

    assert refusals(an_import) == [(2, "device_id", "no_key")]


def test_a_new_device_needs_a_product_and_a_category(preview):
    assert refusals(preview({"device_id": "D-1"})) == [
        (2, "product_name", "new_device_needs"), (2, "category", "new_device_needs"),
    ]  # fmt: skip


def test_the_same_device_twice_in_a_file_is_refused_the_second_time(preview):
    an_import = preview(
        a_device_row(imei="358219935181903"),
        a_device_row(device_id="D-2"),
        a_device_row(device_id="D-3", serial_number="S3", imei="358219935181903"),
        a_device_row(serial_number="S4"),
    )

    assert refusals(an_import) == [
        (3, "serial_number", "same_in_row"), (4, "imei", "same_in_row"), (5, "device_id", "same_in_row"),
    ]  # fmt: skip


def test_numbers_that_mean_two_devices_are_refused(preview):
    a_device(number="D-1", serial="S1", imei="358219935181903")
    a_device(number="D-2", serial="S2")

    an_import = preview(
        a_device_row(device_id="D-1", serial_number="S2"),
        a_device_row(device_id="D-9", serial_number="S2"),
        a_device_row(device_id="D-3", serial_number="S3", imei="358219935181903"),
    )

    assert refusals(an_import) == [
        (2, "serial_number", "two_devices"), (3, "serial_number", "two_devices"), (4, "imei", "taken"),
    ]  # fmt: skip


def test_a_device_has_a_holder_or_a_space_never_both(preview):
    an_import = preview(a_person_row() | a_device_row(space="Reception"))

    assert refusals(an_import) == [(2, "space", "holder_and_space")]
    assert not Person.objects.at_address("nils.wikstrom@nordvik.example").exists()


def test_another_holder_in_the_file_is_a_hand_over_and_clears_the_payor(preview):
    nils = a_person("Nils", "Wikström", email="nils.wikstrom@nordvik.example")
    a_device(nils, number="D-00001", serial="Y0QKFMKQQA7M", name="Fairphone 5", payor="employee")
    eva = a_person("Eva", "Müller")

    row = preview({"email": eva.email, "device_id": "D-00001"}).rows.get()

    assert row.verdict == "changed"
    assert (row.plan["device"]["to"], row.plan["device"]["was"]) == (["person", eva.email], "Nils Wikström")
    assert row.plan["device"]["facts"] == {"payor": ""}


def test_nothing_is_given_to_whoever_has_no_access(preview):
    a_person("Nils", "Wikström", email="nils.wikstrom@nordvik.example", is_active=False)

    assert refusals(preview(a_person_row() | a_device_row())) == [(2, "email", "left")]


def test_a_device_that_is_on_its_way_back_changes_no_hands_but_may_be_corrected(preview, at):
    nils = a_person("Nils", "Wikström", email="nils.wikstrom@nordvik.example")
    a_device(nils, number="D-00001", serial="S1", name="Fairphone 5").remove(by=an_admin(), at=at.moment, why="lost")
    device = a_device(nils, number="D-00002", serial="S2", name="Fairphone 5")

    an_import = preview(
        {"device_id": "D-00001", "product_name": "Fairphone 4"},
        {"device_id": "D-00001", "product_name": "Fairphone 5"},
        {"device_id": "D-00002", "space": "Reception"},
    )

    assert refusals(an_import) == [(2, "", "archived")]
    assert [v for v, *_rest in verdicts(an_import)] == ["refused", "unchanged", "changed"]
    assert device.version == Device.objects.get(pk=device.pk).version


def test_terms_of_a_lease_belong_to_leased_devices(preview):
    a_device(number="D-1", serial="S1", leased=True)

    an_import = preview(
        a_device_row(device_id="D-1", serial_number="S1", category=""),
        a_device_row(device_id="D-2", serial_number="S2", contract_type="", contract_number="L-1"),
        a_device_row(device_id="D-3", serial_number="S3", contract_type="leased", contract_number="L-1"),
    )

    assert refusals(an_import) == [(2, "contract_type", "is_leased"), (3, "contract_number", "not_leased")]
    assert an_import.rows.get(number=4).plan["device"]["leased"]


def test_the_renewal_follows_the_purchase(preview):
    an_import = preview(a_device_row(purchase_date="2026-01-02", renewal_date="2026-01-01"))

    assert refusals(an_import) == [(2, "renewal_date", "dates_in_order")]


def test_what_is_new_beside_people_and_devices_is_shown_once(preview):
    a_space("Reception")

    an_import = preview(
        a_device_row(space="Vinga", distributor="Atea", contract_type="leased", leasing_provider="DLL"),
        a_device_row(device_id="D-2", serial_number="S2", space="vinga", distributor="ATEA"),
        a_device_row(device_id="D-3", serial_number="S3", space="reception"),
    )

    assert [row.plan["new"] for row in an_import.rows.order_by("number")] == [
        [["space", "Vinga"], ["distributor", "Atea"], ["leasing_provider", "DLL"]], [], [],
    ]  # fmt: skip


# Headings


def test_foreign_headings_are_known_in_swedish_and_in_any_case(preview):
    an_import = preview({"E-post": "eva.muller@nordvik.example", "FÖRNAMN": "Eva", "Efternamn": "Müller"})

    assert an_import.mapping == ["email", "first_name", "last_name"]
    assert an_import.counts["people"]["created"] == 1


def test_what_an_admin_said_of_a_heading_is_remembered(at):
    first = Import.begin(a_file({"E-post": "a@nordvik.example", "Medarbetare": "Eva"}), "a.csv", by=None, at=at.moment)
    assert first.needs_matching
    first.match(["email", "first_name"], day_first=None)

    second = Import.begin(
        a_file({"medarbetare ": "Eva", "e-post": "a@nordvik.example"}), "b.csv", by=None, at=at.moment
    )

    assert second.mapping == ["first_name", "email"]
    assert not second.needs_matching


def test_a_heading_that_stands_twice_is_read_once(at):
    made = Import.begin(b"email,e-mail,name\na,b,c\n", "a.csv", by=None, at=at.moment)

    assert made.mapping == ["email", "", ""]
    assert made.needs_matching


def test_amounts_follow_the_mark_that_the_file_shows(preview):
    rows = [
        a_device_row(purchase_price="411,23"),
        a_device_row(device_id="D-2", serial_number="S2", purchase_price="9.490"),
    ]

    an_import = preview(*rows, separator=";")

    assert an_import.decimal == ","
    prices = [row.plan["device"]["facts"]["purchase_price"] for row in an_import.rows.order_by("number")]
    assert prices == ["411.23", "9490.00"]


def test_a_plan_costs_the_same_number_of_queries_for_one_row_and_for_a_hundred(preview, django_assert_num_queries):
    from assets.importing import plan
    from velory.tenancy.context import current_company

    def planned(count):
        rows = [
            a_person_row(email=f"p{n}@nordvik.example") | a_device_row(device_id=f"D{n}", serial_number=f"S{n}")
            for n in range(count)
        ]
        made = preview(*rows)
        with django_assert_num_queries(13):
            habits = plan.habits_of(made.sheet, made.mapping)
            read = plan.readings(made.sheet, made.mapping, habits)
            plan.plan(read, by=made.by, company=current_company(), today=made.uploaded_at.date())

    planned(1)
    planned(100)


def test_a_long_line_of_approvers_that_ends_nowhere_is_refused_at_once(preview):
    line = [a_person_row(email=f"p{n}@nordvik.example", approver_email=f"p{n + 1}@nordvik.example") for n in range(300)]

    an_import = preview(*line)

    assert an_import.counts["rows"] == {"created": 0, "changed": 0, "unchanged": 0, "refused": 300}


def test_an_approver_whose_one_row_is_refused_may_come_with_another(preview):
    an_import = preview(
        a_person_row(approver_email="eva.muller@nordvik.example"),
        a_person_row(email="eva.muller@nordvik.example") | a_device_row(imei="1"),
        a_person_row(email="eva.muller@nordvik.example"),
    )

    assert [verdict for verdict, *_rest in verdicts(an_import)] == ["created", "refused", "created"]
