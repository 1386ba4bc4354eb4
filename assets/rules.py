"""Who someone is to a device, and facts about the moment. Roles answer yes or no; facts answer with a Reason."""

from django.utils.translation import gettext as _

from assets.models.partner import Partner
from velory import clock
from velory.journal.reason import Reason
from velory.journal.steps import SYSTEM, Role
from velory.people.models import Person
from velory.people.rules import administrator


def holds(device, by) -> bool:
    """The person who has the device."""
    return isinstance(by, Person) and device.holder_id == by.pk


def supplies(device, by) -> bool:
    """The distributor that the device came from, or the provider that it is leased from."""
    return isinstance(by, Partner) and by.pk in {device.distributor_id, device.leased_from_id}


def leases_out(device, by) -> bool:
    """The leasing provider of a leased device."""
    return isinstance(by, Partner) and device.leased_from_id == by.pk


HOLDER = Role("holder", holds)
ADMIN = Role("admin", lambda device, by: administrator(by))
ADMIN_FOR_HOLDER = Role(
    "admin", lambda device, by: administrator(by), acts_for=lambda device, by: str(device.holder or "")
)
PARTNER = Role("partner", supplies)
LESSOR = Role("partner", leases_out)

__all__ = ["ADMIN", "ADMIN_FOR_HOLDER", "HOLDER", "LESSOR", "PARTNER", "SYSTEM"]


def has_holder_or_space(device, *, by, at, **details):
    """In use means: with somebody or somewhere."""
    if device.holder_id or device.space_id:
        return None
    return Reason("unassigned", _("It has neither a holder nor a space yet. Assign it first."))


def serial_is_known(device, *, by, at, serial="", imei="", **details):
    """Receipt asks for the serial number, and for a phone's IMEI, where they are still unknown."""
    if not (device.serial or serial):
        return Reason("serial_missing", _("The serial number is missing. It stands on the box."))
    if device.category.has_imei and not (device.imei or imei):
        return Reason("imei_missing", _("The IMEI is missing. It has 15 digits and stands on the box."))
    return None


def holder_may_receive(device, *, by, at, **details):
    """The company's policy may leave receipt to the admins."""
    from assets.models.settings import AssetSettings

    if by is None or administrator(by) or AssetSettings.here().holder_may_receive:
        return None
    return Reason("policy", _("In your company IT marks devices as received."), who=_("an admin"))


def is_owned(device, *, by, at, **details):
    """Trade-in is for what the company owns."""
    if device.is_leased:
        return Reason("leased", _("It is leased, so it can't be traded in. It is returned or bought out."))
    return None


def someone_else_has_it(device, *, by, at, to=None, **details):
    """Assigning to whoever already has it would only blur its history."""
    if to is None:
        return None
    if to in (device.holder, device.space):
        return Reason("same", _("%s already has it.") % to)
    if isinstance(to, Person) and not to.works_on(clock.local_date(at)):
        return Reason("left", _("%s no longer works here.") % to)
    return None
