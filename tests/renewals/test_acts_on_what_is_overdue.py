"""A renewal date that passed with nothing decided: the row has what its admin does next, and doing it settles it."""

import re
from datetime import date

import pytest

from assets.models import Device
from renewals.due import overdue
from tests.making import a_device, a_person, a_space, an_admin, an_external_device
from velory import clock

LATE = date(2026, 10, 13)


@pytest.fixture
def desk(at_their_desk):
    return at_their_desk(an_admin())


def the_act(desk):
    """The button on the only row: what it says, and where it leads."""
    [(address, words)] = re.findall(r'<a class="btn [^"]*" href="([^"]+)">([^<]+)<', row_of(desk))
    return words, address


def row_of(desk):
    page = desk.get("/renewals/overdue/").text
    return page.partition("<tbody>")[2].partition("</tbody>")[0]


def test_an_external_one_is_started_in_its_holders_stead(desk):
    device = an_external_device(a_person(), renewal_on=LATE)
    words, address = the_act(desk)
    assert words == "Start the process"
    assert desk.get(address).status_code == 200

    assert desk.post(address, {"version": device.version}).status_code == 303
    assert Device.objects.get().status == "return_pending"
    assert not overdue(clock.today()).exists()


@pytest.mark.parametrize("to", [a_person, a_space])
@pytest.mark.parametrize("leased", [True, False])
def test_one_with_a_choice_is_chosen_about_in_its_holders_stead(to, leased, desk):
    device = a_device(to(), leased=leased, renewal_on=LATE)
    words, address = the_act(desk)
    assert (words, address) == ("Choose what happens", f"/devices/{device.ref}/?tab=lifecycle#renewal")
    page = desk.get(address).text
    assert 'id="renewal"' in page
    assert 'name="choice" value="return"' in page

    last = desk.get(f"/renewals/{device.ref}/choice/?choice=return").url
    assert desk.post(last, {"version": device.version, "understood": "on"}).status_code == 303
    assert not overdue(clock.today()).exists()


def test_where_nothing_can_be_chosen_the_date_is_changed(desk, nordvik, monkeypatch):
    device = a_device(a_person(), leased=True, renewal_on=LATE)
    monkeypatch.setattr(type(nordvik), "has", lambda company, feature: feature != "leased_end_of_life")
    words, address = the_act(desk)
    assert (words, address) == ("Change the date", f"/devices/{device.ref}/edit/")
    assert desk.get(address).status_code == 200


def test_what_waits_for_its_payment_or_its_repair_is_looked_at(desk):
    device = a_device(a_person(), renewal_on=LATE)
    device.report_fault(by=device.holder)
    words, address = the_act(desk)
    assert (words, address) == ("See how it stands", f"/devices/{device.ref}/?tab=lifecycle")
    assert desk.get(address).status_code == 200
