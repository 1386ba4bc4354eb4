"""What follows from each choice, in words: the same on pages and in letters."""

from datetime import date

from dateutil.relativedelta import relativedelta
from django.utils.translation import gettext as _

from assets.lifecycle import Status
from assets.offboarding.plans import leaves_soon
from renewals.buyouts.payees import seller_of
from renewals.models import Choice
from renewals.paths import Path
from velory.journal.reason import Reason
from velory.ui.dates import day_long


def about(device, choice) -> str:
    """What a choice means, in one sentence."""
    if choice == Choice.RETURN and device.is_leased:
        return _("%(provider)s takes it back and closes the lease.") % {"provider": lessor_of(device)}
    if choice == Choice.RETURN:
        return _("Your company takes it back.")
    if choice == Choice.KEEP:
        return _("You keep using it until %(day)s, then you are asked again.") % {"day": day_long(kept_until(device))}
    return _("It becomes your own.")


def effects(device, choice, *, today) -> tuple[tuple[str, str], ...]:
    """What follows from a choice, in order: (icon, sentence). Whoever leaves soon waits for no new device."""
    leaves = device.holder is not None and leaves_soon(device.holder, today=today)
    return tuple({Choice.BUY_OUT: _buyout, Choice.RETURN: _return, Choice.KEEP: _keeping}[choice](device, leaves))


def left_out(choice) -> str:
    """What is said of a choice that the company does not allow."""
    return {
        Choice.BUY_OUT: _("Your company does not offer to buy it out."),
        Choice.RETURN: _("Your company does not offer to take it back."),
        Choice.KEEP: _("Your company does not offer to keep it longer."),
    }[choice]


def without_answer(device, path, terms) -> str:
    """What becomes of it if nobody chooses."""
    facts = {"day": day_long(device.renewal_on), "later": day_long(kept_until(device))}
    if path == Path.LEASED:
        return _("Nothing is taken from you at the end: without an answer the choice stays open, and the store shut.")
    if terms.keep_by_default and terms.one_off_keep and device.status == Status.ACTIVE:
        return _("Without an answer before %(day)s it is kept until %(later)s.") % facts
    return _("Without an answer the choice stays open, also after %(day)s.") % facts


def not_from(device) -> Reason:
    """Why a choice can't be made from where the device is."""
    return Reason("status", _("That can't be done now: the status is “%s”.") % device.get_status_display())


def holders_own(device) -> Reason:
    """Nobody buys a device for somebody else, an admin neither."""
    if device.holder is None:
        return Reason("unassigned", _("Nobody has it, and only its holder can buy it out."), who=_("an admin"))
    return Reason("holder_only", _("Only %(holder)s can buy it out, with a card of their own.") % {
        "holder": device.holder
    })  # fmt: skip


def lessor_of(device) -> str:
    """Whom it is leased from, by name where that is known."""
    contract = device.open_contract
    return str(contract.provider) if contract and contract.provider_id else _("The leasing provider")


def kept_until(device) -> date:
    """The renewal date that keeping gives it."""
    original, months = device.kept_since()
    return original + relativedelta(months=months + 6)


def _buyout(device, leaves):
    paid = _("You pay %(seller)s with your own card. The company doesn't pay any part.")
    yield "credit-card", paid % {"seller": seller_of(device)} if device.is_leased else _("You pay with your own card.")
    if leaves:
        yield "smartphone", _("Keep using it for work until your last day.")
    else:
        yield "smartphone", _("Keep using it for work until the new one has come.")
    yield "shield-check", _("Your admins release it from the company's systems. Then it is yours.")


def _return(device, leaves):
    if leaves and device.is_leased:
        yield "printer", _("A return label comes by mail within 24 hours on weekdays.")
        yield "undo-2", _("Send it off with its charger when the label has come.")
    elif leaves:
        yield "undo-2", _("Hand it in by the last day, with its charger.")
    elif device.is_leased:
        yield "hourglass", _("Don't send it back yet. Order the new one, wait for it, move your data.")
        yield "printer", _("A return label comes by mail within 24 hours on weekdays.")
        yield "undo-2", _("When the new one has come, send this one back with its charger.")
    else:
        yield "hourglass", _("Keep it for now: order the new one, wait for it, move your data.")
        yield "undo-2", _("When the new one has come, we write to you how to hand this one in.")


def _keeping(device, leaves):
    yield "calendar-clock", _("Six more months, counted from %(day)s.") % {"day": day_long(device.renewal_on)}
    yield "store", _("It keeps its place: you order its successor when it leaves.")
