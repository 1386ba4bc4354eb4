"""Time to return: when the holder's new device of the same category has come, or an admin says so (spec 2)."""

from dateutil.relativedelta import relativedelta
from django.db import transaction
from django.utils.translation import gettext as _

from assets.guards import answers
from assets.lifecycle import Status
from renewals.models import Return
from renewals.returns import notices
from velory import clock
from velory.journal.reason import Reason, Refused
from velory.journal.steps import write

BOUGHT_AHEAD = relativedelta(months=3)  # somebody who has just joined the list with an older device has no new one


def look_for_replacements(devices, *, at) -> None:
    """Of devices that a person or a space has just got: each lets one return of theirs begin, the oldest."""
    theirs = [device for device in devices if device.holder_id or device.space_id]
    came = {device.pk: device for device in theirs if device.phase == "in use"}
    waiting = Return.objects.awaiting_the_replacement().of_those_who_have(came.values())
    for returning in waiting.with_what_a_page_shows().order_by("chosen_at", "pk") if came else ():
        found = next((device for device in came.values() if replaces(device, returning)), None)
        if found is not None:
            begin(returning, replacement=came.pop(found.pk), at=at)


def replaces(device, returning) -> bool:
    """Whether a device that its holder or space has is the new one: the same category, theirs only since the choice."""
    old = returning.device
    if device.pk == old.pk or _whose_and_what(device) != _whose_and_what(old):
        return False
    if _is_long_owned(device, returning) or Return.objects.filter(replacement=device).exists():
        return False
    theirs = device.holdings.filter(person=device.holder_id, space=device.space_id).order_by("from_at").first()
    return (theirs.from_at if theirs else device.registered_at) >= returning.chosen_at


def _whose_and_what(device):
    return device.holder_id, device.space_id, device.category_id


def _is_long_owned(device, returning):
    """Registered since the choice, but bought long before it: not the replacement."""
    if device.purchased_on is None or device.registered_at < returning.chosen_at:
        return False
    return device.purchased_on < clock.local_date(returning.chosen_at) - BOUGHT_AHEAD


def begin(returning, *, at, replacement=None) -> None:
    """Tell the holder that it is time, once; a device of the company's own is from now on to be returned."""
    device = returning.device
    device.take_hold()
    row = Return.objects.awaiting_the_replacement().select_for_update(of=("self",)).filter(pk=returning.pk).first()
    if row is None:
        return
    row.device, row.replacement, row.time_to_return_at = device, replacement, at
    row.save(update_fields=["replacement", "time_to_return_at"])
    if device.status == Status.RETURN_PENDING:
        device.begin_return(by=None, at=at)
    else:
        came = {"replacement": str(replacement)} if replacement else {}
        write(device, "time_to_return", by=None, role="system", at=at, came_from=device.status, details=came)
    notices.holder_is_told_to_return(row, at=at)


def tell_to_return_now(returning, *, by, at) -> None:
    """An admin does not wait for the new device; the log says who."""
    with transaction.atomic():
        device = returning.device
        device.take_hold()
        if reason := why_not_now(Return.objects.get(pk=returning.pk)):
            raise Refused(reason)
        write(
            device, "ask_back", by=by, role="admin", at=at, came_from=device.status,
            details={"holder": str(device.whose or "")},
        )  # fmt: skip
        begin(returning, at=at)


def why_not_now(returning) -> Reason | None:
    """Why the holder can't be told to return it."""
    if not returning.is_under_way:
        return Reason("over", _("The return is finished or was called off."))
    if returning.time_to_return_at:
        return Reason("told", _("The holder was told already that it is time to return it."))
    return None


@answers("return_can_begin")
def return_can_begin(device, *, by, at, **details):
    """The replacement is here, or an admin has said that it is time."""
    if Return.objects.time_to_return().of(device).exists():
        return None
    return Reason("no_replacement", _("The new device has not come yet."), who=_("an admin"))
