"""Sixteen presses on *Buy out* at once: one payment, one page at Stripe, sixteen times the same way there (R7)."""

import pytest

from assets.models import Device
from renewals.buyouts.starting import KIND
from tests.conftest import Browser
from tests.making import a_person
from tests.racing import at_once
from tests.renewals.making import a_leased_device_at_its_final_stage, go_to_payment, sellers
from velory.journal.invariants import findings
from velory.journal.reason import Refused
from velory.payments.models import Attempt

pytestmark = pytest.mark.races


def browsers(person, number):
    """The same person at so many windows."""
    found = []
    for _n in range(number):
        browser = Browser(HTTP_HOST="race.localhost")
        browser.force_login(person, backend="velory.people.backends.PersonBackend")
        found.append(browser)
    return found


def test_sixteen_presses_lead_sixteen_times_to_the_same_payment(race_company, stripe):
    sellers(stripe)
    karin = a_person("Karin", "Ström")
    device = a_leased_device_at_its_final_stage(karin)
    windows = browsers(karin, 16)
    page = windows[0].get(f"/devices/{device.ref}/start_buyout/").content.decode()
    assert 'name="seen" value="1423.5 SEK"' in page
    said_by_all = {"understood": "on", "seen": "1423.5 SEK", "version": str(device.version)}

    answers = at_once(race_company, 16, lambda n: windows[n].post(f"/devices/{device.ref}/start_buyout/", said_by_all))

    [attempt] = Attempt.objects.about(KIND, device.ref)
    [session] = stripe.sessions()
    assert [fault for fault in answers if isinstance(fault, Exception)] == []
    assert {(answer.status_code, answer["Location"]) for answer in answers} == {(303, attempt.session_url)}
    assert session["id"] == attempt.session_id
    assert Device.objects.get().journal.filter(step="start_buyout").count() == 1
    assert findings() == []


def test_buying_out_in_one_window_and_returning_in_another_makes_one_choice(race_company, stripe):
    sellers(stripe)
    karin = a_person("Karin", "Ström")
    device = a_leased_device_at_its_final_stage(karin)
    [window] = browsers(karin, 1)

    def choose(n):
        if n == 0:
            return go_to_payment(window, device).status_code
        try:
            Device.objects.get().choose_return(by=karin)
        except Refused as refused:
            return refused.reason.code
        return "returned"

    said = at_once(race_company, 2, choose)

    device = Device.objects.get()
    open_ones = Attempt.objects.about(KIND, device.ref).open().count()
    if device.status == "to_return":
        assert open_ones == 0
        assert 409 in said
    else:
        assert (device.status, open_ones) == ("pending_buyout", 1)
        assert "returned" not in said
    assert [found for found in findings() if found[0].startswith("P")] == []
