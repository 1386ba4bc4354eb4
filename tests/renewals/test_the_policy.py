"""What a company allows at the end of a device's life. Who was told something keeps it, whatever is set later."""

from datetime import date
from decimal import Decimal

import pytest

from assets.models import Category
from renewals.models import TERMS, Depreciation, Policy, Renewal
from renewals.sweep import sweep
from renewals.terms import change_policy, open_renewals, renewal_of, terms_of, terms_of_each
from tests.making import a_device, a_person, an_admin
from tests.renewals.making import (
    a_leased_device_at_its_final_stage,
    a_leased_device_at_its_preliminary_stage,
    a_one_off_device_in_its_window,
    an_external_device_in_its_window,
)
from velory import clock
from velory.journal.models import Entry

ON = {
    "leased_buyout": "on", "leased_return": "on", "one_off_buyout": "on", "one_off_return": "on", "one_off_keep": "on",
    "one_off_reminder": "on", "quote_valid_days": "14",
}  # fmt: skip


def settings_form(**changes):
    """The section as it is sent; None leaves a box unticked."""
    fields = {"section": "renewal_policy", **ON, **changes}
    return {name: value for name, value in fields.items() if value is not None}


@pytest.fixture
def desk(at_their_desk):
    return at_their_desk(an_admin())


# In the settings


def test_every_setting_stands_there_with_its_effect(desk):
    page = desk.get("/settings/").text

    assert "Device lifecycle" in page
    for words in ("Leased devices", "Devices that the company owns", "Buying out", "How their worth falls"):
        assert words in page
    for name in [*TERMS, "one_off_reminder", "summary_mail", "summary_to"]:
        assert f'name="{name}"' in page
    assert "Empty: 25 %, the standard rate of Sweden." in page


def test_what_is_set_is_kept_and_journalled(desk):
    answer = desk.post(
        "/settings/",
        settings_form(leased_buyout=None, window_from="31", window_to="2", residual_percent="12.5", version="0"),
    )

    policy = Policy.here()
    assert answer.status_code == 302
    assert (policy.leased_buyout, policy.window_from, policy.window_to) == (False, 31, 2)
    assert policy.residual_percent == Decimal("12.50")
    entry = Entry.objects.get(about_type="renewals.policy")
    assert entry.details["changes"]["window_from"] == ["", 31]
    assert entry.sentence.startswith("Nils Wikström changed the renewal policy: ")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"leased_buyout": None, "leased_return": None}, "Offer at least one of the two"),
        ({"one_off_buyout": None, "one_off_return": None, "one_off_keep": None}, "Offer at least one of the three"),
        ({"one_off_keep": None, "keep_by_default": "on"}, "only where keeping is offered"),
        ({"window_from": "5"}, "Name both days, or neither"),
        ({"window_to": "5"}, "Name both days, or neither"),
        ({"window_from": "0", "window_to": "5"}, "greater than or equal to 1"),
        ({"window_from": "1", "window_to": "32"}, "less than or equal to 31"),
        ({"summary_mail": "on"}, "Say where the summary goes."),
        ({"summary_mail": "on", "summary_to": "finance"}, "valid email address"),
        ({"residual_percent": "101"}, "less than or equal to 100"),
        ({"residual_percent": "-1"}, "greater than or equal to 0"),
        ({"service_fee": "1e99"}, "Ensure that there are no more than"),
        ({"quote_valid_days": "0"}, "greater than or equal to 1"),
        ({"quote_valid_days": ""}, "This field is required"),
        ({"minimum_tenure_months": "many"}, "Enter a whole number"),
        ({"vat_percent": "NaN"}, "Enter a number"),
    ],
)
def test_what_does_not_fit_together_is_refused_in_words(changes, words, desk):
    answer = desk.post("/settings/", settings_form(**changes))

    assert answer.status_code == 422
    assert words in answer.text
    assert not Entry.objects.filter(about_type="renewals.policy").exists()


def test_a_window_over_the_months_end_is_allowed(desk):
    assert desk.post("/settings/", settings_form(window_from="31", window_to="2")).status_code == 302


def test_without_the_leased_end_of_life_nothing_is_asked_about_leases(desk, nordvik):
    type(nordvik).objects.filter(pk=nordvik.pk).update(plan="starter")
    from velory.tenancy.routing import forget_hosts

    forget_hosts()
    page = desk.get("/settings/").text
    answer = desk.post("/settings/", settings_form(leased_buyout=None, leased_return=None, one_off_keep=None))

    assert ">Leased devices</legend>" not in page
    assert "leased_buyout" not in page
    assert answer.status_code == 302
    assert (Policy.here().leased_buyout, Policy.here().one_off_keep) == (True, False)


def test_only_admins_set_it(at_their_desk):
    assert at_their_desk(a_person()).post("/settings/", settings_form()).status_code == 403


def test_a_page_that_was_overtaken_takes_nothing_back(desk):
    desk.post("/settings/", settings_form(quote_valid_days="30", version="0"))

    late = desk.post("/settings/", settings_form(quote_valid_days="7", version="0"))

    assert late.status_code == 422
    assert "Somebody was first" in late.text
    assert Policy.here().quote_valid_days == 30


# The depreciation table


def line(category, months, floor):
    key = f"category{Category.objects.get(code=category).pk}"
    return {f"{key}-months": months, f"{key}-floor_percent": floor}


def test_each_category_has_its_line(desk):
    desk.post("/settings/", settings_form(**line("phones", "24", "15"), **line("computers", "48", "0")))

    assert {(row.category.code, row.months, row.floor_percent) for row in Depreciation.objects.all()} == {
        ("phones", 24, Decimal(15)), ("computers", 48, Decimal(0)),
    }  # fmt: skip
    assert Entry.objects.filter(about_type="renewals.depreciation").count() == 2
    assert 'value="24"' in desk.get("/settings/").text


def test_a_floor_stands_in_its_field_in_swedish_too(at_their_desk):
    desk = at_their_desk(an_admin(language="sv"))
    desk.post("/settings/", settings_form(**line("phones", "24", "7.5")))

    page = desk.get("/settings/").text

    assert 'lang="sv"' in page
    assert 'value="7.50"' in page  # a number field shows 7,50 as nothing, and saving took the line away


def test_an_emptied_line_is_taken_away_and_journalled(desk):
    desk.post("/settings/", settings_form(**line("phones", "24", "15")))

    desk.post("/settings/", settings_form(**line("phones", "", "")))

    assert not Depreciation.objects.exists()
    last = Entry.objects.filter(about_type="renewals.depreciation").last()
    assert last.details["changes"]["months"] == ["24", ""]
    assert "depreciation" in last.sentence


@pytest.mark.parametrize(
    ("months", "floor", "words"),
    [("24", "", "Both or neither."), ("", "10", "Both or neither."), ("0", "10", "greater than or equal to 1"),
     ("241", "10", "less than or equal to 240"), ("24", "101", "less than or equal to 100")],
)  # fmt: skip
def test_a_line_that_cannot_be_is_refused_at_its_place(months, floor, words, desk):
    answer = desk.post("/settings/", settings_form(**line("phones", months, floor)))

    assert answer.status_code == 422
    assert words in answer.text
    assert not Depreciation.objects.exists()


# What was promised


def test_what_the_sweep_told_stands_on_the_renewal(at):
    a_leased_device_at_its_final_stage()
    a_one_off_device_in_its_window()
    an_external_device_in_its_window()

    sweep(at("2026-11-22T08:00"))

    assert set(Renewal.objects.values_list("path", "opened_at")) == {("leased", at.moment), ("one_off", at.moment)}


def test_a_run_of_the_sweep_writes_all_its_renewals_in_three_queries(at, django_assert_num_queries):
    devices = [a_leased_device_at_its_final_stage() for _ in range(5)]
    with django_assert_num_queries(3):
        open_renewals(devices, at=at.moment)
    assert Renewal.objects.count() == 5


def test_a_change_moves_nobodys_promise(desk, at):
    leased, own = a_leased_device_at_its_preliminary_stage(), a_one_off_device_in_its_window()
    later = a_device(a_person(), leased=True, renewal_on=date(2027, 6, 30))

    desk.post("/settings/", settings_form(leased_buyout=None, one_off_keep=None, quote_valid_days="30"))

    assert (terms_of(leased).leased_buyout, terms_of(leased).quote_valid_days) == (True, 14)
    assert terms_of(own).one_off_keep is True
    assert terms_of(later).leased_buyout is False


def test_a_change_of_the_table_moves_no_price(desk):
    Depreciation.objects.create(category=Category.objects.get(code="phones"), months=36, floor_percent=10)
    own = a_one_off_device_in_its_window()
    later = a_device(a_person(), renewal_on=date(2027, 6, 30))

    desk.post("/settings/", settings_form(**line("phones", "12", "50")))

    assert (terms_of(own).depreciation_months, terms_of(own).floor_percent) == (36, Decimal(10))
    assert (terms_of(later).depreciation_months, terms_of(later).floor_percent) == (12, Decimal(50))


def test_what_was_promised_first_counts_however_often_it_changes(desk):
    leased = a_leased_device_at_its_preliminary_stage()

    for days in ("30", "60", "90"):
        desk.post("/settings/", settings_form(quote_valid_days=days))

    assert terms_of(leased).quote_valid_days == 14
    assert Renewal.objects.count() == 1


def test_saving_fails_and_nothing_is_kept(at):
    a_leased_device_at_its_preliminary_stage()

    def fail():
        raise LookupError

    with pytest.raises(LookupError):
        change_policy(fail, at=at.moment)

    assert not Renewal.objects.exists()


def test_the_terms_of_many_are_the_terms_of_each(at, django_assert_num_queries):
    devices = [
        a_leased_device_at_its_preliminary_stage(), a_one_off_device_in_its_window(),
        a_device(a_person(), renewal_on=date(2028, 1, 1)),
    ]  # fmt: skip
    renewal_of(devices[0], at=clock.now())
    Policy(pk=1, quote_valid_days=30).save()

    with django_assert_num_queries(3):
        found = terms_of_each(devices)

    assert {pk: terms.quote_valid_days for pk, terms in found.items()} == {
        device.pk: terms_of(device).quote_valid_days for device in devices
    }
