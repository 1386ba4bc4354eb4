"""The store is shut for a category while a device of it awaits its choice, and says which device shuts it."""

from datetime import date

import pytest

from assets.gate import may_order
from assets.models import Category
from renewals.due import overdue
from tests.making import a_device, a_person, an_admin, an_external_device
from tests.renewals.making import (
    a_leased_device_at_its_final_stage,
    a_leased_device_at_its_preliminary_stage,
    a_one_off_device_in_its_window,
    an_external_device_in_its_window,
)

TODAY = date(2026, 11, 22)


def gate(person, category="phones", today=TODAY):
    return may_order(person, Category.objects.get(code=category), today=today)


def test_an_external_device_in_its_window_shuts_its_category():
    ebba = a_person("Ebba", "Bäckman")
    device = an_external_device_in_its_window(ebba)

    shut = gate(ebba)

    assert (shut.code, shut.device, shut.button) == ("renewal", device, "Start the process")
    assert shut.text == "Shut until you start the process for your Apple iPhone 15 128 GB."
    assert shut.url == f"/devices/{device.ref}/?tab=lifecycle"
    assert gate(ebba, "computers") is None


def test_starting_the_process_opens_it():
    ebba = a_person("Ebba", "Bäckman")
    an_external_device_in_its_window(ebba).start_renewal(by=ebba)

    assert gate(ebba) is None


def test_cancelling_the_process_shuts_it_again():
    ebba = a_person("Ebba", "Bäckman")
    device = an_external_device_in_its_window(ebba)
    device.start_renewal(by=ebba)

    device.withdraw_renewal(by=an_admin(), why="Wrong device")

    assert gate(ebba).code == "renewal"


@pytest.mark.parametrize("make", [a_leased_device_at_its_preliminary_stage, a_leased_device_at_its_final_stage])
def test_a_leased_device_shuts_it_from_the_preliminary_stage_on(make):
    ebba = a_person("Ebba", "Bäckman")
    device = make(ebba, category="computers", name="Dell Latitude 7450")

    shut = gate(ebba, "computers")

    assert (shut.code, shut.device) == ("renewal", device)
    assert shut.text == "Shut until you have made your final choice about your Dell Latitude 7450."


@pytest.mark.parametrize(
    ("make", "code"),
    [
        (a_leased_device_at_its_final_stage, "renewal"), (an_external_device_in_its_window, "renewal"),
        (a_one_off_device_in_its_window, "quota"),
    ],
)  # fmt: skip
def test_with_nothing_chosen_it_stays_shut_after_the_renewal_date(make, code):
    ebba = a_person("Ebba", "Bäckman")
    device = make(ebba)

    for today in (date(2026, 12, 14), date(2026, 12, 15), date(2028, 1, 1)):
        shut = gate(ebba, today=today)
        assert (shut.code, shut.device) == (code, device)
        assert list(overdue(today)) == ([device] if today > device.renewal_on else [])


@pytest.mark.parametrize("make", [a_leased_device_at_its_final_stage, a_one_off_device_in_its_window])
def test_a_final_choice_opens_it_for_good(make):
    ebba = a_person("Ebba", "Bäckman")
    device = make(ebba)
    device.choose_return(by=ebba)
    assert gate(ebba) is None
    assert gate(ebba, today=date(2028, 1, 1)) is None


def test_a_device_outside_its_window_fills_its_place_until_the_day_it_opens():
    ebba = a_person("Ebba", "Bäckman")
    an_external_device(ebba, renewal_on=date(2027, 6, 30))

    shut = gate(ebba)

    assert (shut.code, shut.until) == ("quota", date(2027, 5, 31))


def test_a_screen_that_awaits_its_choice_shuts_screens_though_they_have_no_quota():
    ebba = a_person("Ebba", "Bäckman")
    an_external_device_in_its_window(ebba, category="screens")
    assert gate(ebba, "screens").code == "renewal"

    orjan = a_person()
    a_device(orjan, category="screens")
    assert gate(orjan, "screens") is None


def test_somebody_elses_device_shuts_nothing():
    an_external_device_in_its_window(a_person())

    assert gate(a_person("Ebba", "Bäckman")) is None


def test_a_device_that_nobody_released_yet_shuts_nothing():
    nils, ebba = an_admin(), a_person("Ebba", "Bäckman")
    device = an_external_device_in_its_window(ebba)
    device.start_renewal(by=ebba)
    device.confirm_return(by=nils)
    assert gate(ebba) is None

    device.release(by=nils)
    assert gate(ebba) is None


def test_a_lease_that_nobody_is_asked_about_promises_no_day(nordvik, monkeypatch):
    ebba = a_person("Ebba", "Bäckman")
    a_device(ebba, leased=True, renewal_on=date(2027, 6, 30))
    assert gate(ebba).until == date(2027, 5, 30)

    monkeypatch.setattr(nordvik, "features", ["store"])

    shut = gate(ebba)
    assert (shut.code, shut.until) == ("quota", None)
    assert shut.text.endswith("You can order the next one when it is returned or replaced.")
