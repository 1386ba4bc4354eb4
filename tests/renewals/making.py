"""Makers for renewals: devices at each stage, as the calendar has them on 2026-11-22."""

from datetime import date

from renewals.models import Reminder
from tests.making import a_device, a_person, an_external_device

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
