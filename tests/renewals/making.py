"""Makers for renewals: devices at each stage, as the calendar has them on 2026-11-22."""

import re
from datetime import date

from assets.models import Device
from renewals.models import Reminder
from tests.making import a_device, a_lessor, a_person, an_external_device
from velory import clock
from velory.payments.apply import apply
from velory.payments.models import Attempt, Payee

DUE = date(2026, 12, 14)


def an_external_device_in_its_window(to=None, **facts):
    return an_external_device(to or a_person(), **{"renewal_on": DUE} | facts)


def a_leased_device_at_its_final_stage(to=None, **facts):
    return a_device(to or a_person(), **{"leased": True, "renewal_on": DUE} | facts)


def a_leased_device_at_its_preliminary_stage(to=None, **facts):
    return a_device(to or a_person(), **{"leased": True, "renewal_on": date(2027, 1, 15)} | facts)


def a_one_off_device_in_its_window(to=None, **facts):
    return a_device(to or a_person(), **{"renewal_on": DUE} | facts)


def ledger(device):
    """Every row of a device: (stage, recipient, state, reason)."""
    rows = Reminder.objects.of(device).order_by("renewal_on", "stage", "pk").select_related("person")
    return [(row.stage, row.person or "admins", row.state, row.reason) for row in rows]


def states(device):
    return [(stage, state) for stage, _who, state, _why in ledger(device)]


def a_payee(stripe, key="company", name="Nordvik Energi AB", **facts):
    """Somebody who takes money at Stripe."""
    account = stripe.account(f"acct_{name.replace(' ', '')}", name=name, **facts)
    return Payee.objects.create(key=key, name=name, account=account, charges_enabled=True)


def sellers(stripe):
    """The company and its leasing provider, both of whom take money."""
    a_payee(stripe)
    a_payee(stripe, f"partner/{a_lessor().ref}", "3 Step IT")


def a_bought_device(at_their_desk, stripe, to=None, **facts):
    """A leased device that its holder has bought out, by the pages and by Stripe's word."""
    device = a_leased_device_at_its_final_stage(to, **facts)
    pay_for(device, at_their_desk, stripe)
    return Device.objects.get(pk=device.pk)


def pay_for(device, at_their_desk, stripe):
    """Through the last page, at Stripe, and seen here."""
    browser = at_their_desk(device.holder)
    go_to_payment(browser, device)
    attempt = Attempt.objects.open_about("renewals.buyout", device.ref)
    stripe.pay(attempt.session_url)
    return apply(attempt, at=clock.now())


def go_to_payment(browser, device, **more):
    """Fill in the last page as it is shown, tick the box and press the button."""
    page = browser.get(f"/devices/{device.ref}/start_buyout/")
    fields = dict(re.findall(r'name="(version|seen)" value="([^"]*)"', page.content.decode()))
    return browser.post(f"/devices/{device.ref}/start_buyout/", fields | {"understood": "on"} | more)
