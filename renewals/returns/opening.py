"""A return begins with the holder's final choice: the leasing provider is told in the same transaction, and reminded
where its label does not come. Where nobody can be told, the admins' to-dos say so until somebody can."""

from django.db import transaction
from django.utils.translation import gettext as _

from renewals.models import Return
from renewals.returns import notices
from velory import clock
from velory.journal.reason import Reason, Refused
from velory.journal.steps import write
from velory.post.links import void_links


def open_return(device, *, at) -> Return:
    """The holder has decided; a device of the company's own has no provider."""
    provider = device.open_contract.provider if device.is_leased else None
    returning = Return.objects.create(device=device, provider=provider, chosen_at=at)
    tell_provider(returning, at=at)
    return returning


def tell_provider(returning, *, at) -> None:
    """Once for each address that it has had."""
    if notices.provider_is_told(returning, at=at):
        returning.told_at = at
        returning.save(update_fields=["told_at"])


def keep_to_the_contract(devices, *, at) -> None:
    """The contract was corrected: whoever leases the device out now is told, and who does not any more is told that."""
    for returning in Return.objects.under_way().of_any(devices).with_what_a_page_shows():
        device = returning.device
        before, now = returning.provider, device.open_contract.provider if device.is_leased else None
        if before == now:
            continue
        if before is not None and returning.told_at:
            notices.provider_is_told_otherwise(returning, before, at=at)
        void_links(returning, at=at)
        returning.provider, returning.told_at = now, None
        returning.save(update_fields=["provider", "told_at"])
        tell_provider(returning, at=at)


def keep_to_the_address(partners, *, at) -> None:
    """A provider got an address, or another one: it is told of what it does not know yet."""
    for returning in Return.objects.under_way().filter(provider__in=partners).with_what_a_page_shows():
        tell_provider(returning, at=at)


def remind_provider(returning, *, by, at) -> Return:
    """An admin asks for the label once more: once a day at most."""
    with transaction.atomic():
        device = returning.device
        device.take_hold()
        row = Return.objects.select_for_update(of=("self",)).select_related("provider").get(pk=returning.pk)
        if reason := why_no_reminder(row, at=at):
            raise Refused(reason)
        row.device, row.reminded_at = device, at
        row.save(update_fields=["reminded_at"])
        write(
            device, "remind_provider", by=by, role="admin", at=at, came_from=device.status,
            details={"provider": str(row.provider)},
        )  # fmt: skip
        notices.provider_is_reminded(row, at=at)
    return row


def why_no_reminder(returning, *, at) -> Reason | None:
    """Why the provider is not reminded of the label now."""
    if not returning.is_under_way or returning.label:
        return Reason("no_need", _("The label has come, or the return is over: there is nothing to remind of."))
    if returning.provider is None or not returning.provider.email:
        return Reason("no_address", _("There is no address to write to. Set it on the leasing provider first."))
    today = clock.local_date(at)
    if returning.reminded_at and clock.local_date(returning.reminded_at) == today:
        return Reason("today", _("%s was reminded today. You can do it again tomorrow.") % returning.provider)
    if clock.local_date(returning.told_at or returning.chosen_at) == today:
        return Reason("today", _("%s was told today. You can remind them from tomorrow.") % returning.provider)
    return None
