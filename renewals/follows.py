"""What follows a device's steps here, in the same transaction: the ledger keeps to the facts, the distributor hears."""

from assets.lifecycle import Status
from assets.models import Device, Partner
from renewals import notices
from renewals.audit import out_of_line
from renewals.planner import plan, plan_afresh
from velory.journal.steps import follows
from velory.people.models import Person


@follows(Device, "*")
def what_is_owed_keeps_to_the_facts(devices, *, name, at):
    """After any step, registration or import."""
    plan(devices, at=at)


@follows(Device, "start_renewal")
def the_distributor_is_told(devices, *, name, at):
    """So that “soon after” is true (seed: external renewal)."""
    for device in devices:
        notices.distributor_is_told(device, at=at)


@follows(Device, "withdraw_renewal")
def the_distributor_is_told_otherwise(devices, *, name, at):
    """Started by mistake."""
    for device in devices:
        notices.distributor_is_told_otherwise(device, at=at)


@follows(Device, "edit", "import")
def another_distributor_is_told(devices, *, name, at):
    """Corrected after the start: whom it came from hears now."""
    for device in devices:
        if device.status == Status.RETURN_PENDING:
            notices.distributor_hears_late(device, at=at)


@follows(Person, "*")
def a_person_changed(people, *, name, at):
    """Somebody left, came back, got or lost an address: their devices are told otherwise."""
    plan_afresh(Device.objects.filter(holder__in=people), at=at)


@follows(Partner, "*")
def a_partner_changed(partners, *, name, at):
    """A distributor became part of the store, or left it: its devices follow another path."""
    apart = out_of_line(Device.objects.in_the_house().filter(distributor__in=partners), at=at)
    plan_afresh(Device.objects.filter(pk__in=apart), at=at)
    started = Device.objects.filter(status=Status.RETURN_PENDING, distributor__in=partners)
    for device in started.select_related("distributor", "holder").order_by("pk"):
        notices.distributor_hears_late(device, at=at)
