"""What renewals answers when a choice asks whether the moment is right: the path, the date, what the company allows.

The order is the same for all: a step of another path leaves no trace; before its day it says from when; what the
company does not allow it says so; then what only this choice asks.
"""

from django.utils.translation import gettext as _

from assets.guards import answers, settled
from assets.lifecycle import Status
from assets.models import Plan
from assets.offboarding.plans import offered_early
from renewals.choices.windows import final_window, first_asked
from renewals.guards import only_lent
from renewals.models import Renewal
from renewals.paths import Path, closed, path_of
from renewals.terms import terms_of
from velory import clock
from velory.journal.reason import Reason
from velory.tenancy.context import current_company
from velory.ui.dates import day_long


@answers("buyout_can_be_preferred")
def buyout_can_be_preferred(device, *, by, at, **details):
    """A leased device, between its two stages, where the company allows buying out and the price is known."""
    from renewals.buyouts.opening import shut

    return (
        not_preliminary(device, at) or only_lent(device, by) or shut(device, person=device.holder, at=at, final=False)
    )


@answers("return_can_be_preferred")
def return_can_be_preferred(device, *, by, at, **details):
    """A leased device, between its two stages."""
    return not_preliminary(device, at) or only_lent(device, by) or no_return(device, terms_of(device))


@answers("return_can_be_chosen")
def return_can_be_chosen(device, *, by, at, **details):
    """From the final stage on, also after the renewal date."""
    if offered_early(device, Plan.Way.RETURN) and device.is_leased:
        return no_return(device, terms_of(device))
    return not_final(device, at) or only_lent(device, by) or no_return(device, terms_of(device))


@answers("buyout_can_start")
def buyout_can_start(device, *, by, at, **details):
    """From the final stage on, where everything that a payment needs is there."""
    from renewals.buyouts.opening import shut

    too_early = not_final(device, at)
    if too_early and too_early.code == "window" and offered_early(device, Plan.Way.BUY_OUT):
        too_early = why_not_early(device)
    return too_early or only_lent(device, by) or shut(device, person=device.holder, at=at, final=True)


@answers("device_can_be_kept")
def device_can_be_kept(device, *, by, at, **details):
    """One that the company owns: by its holder from its stage on, by Velory at the renewal date."""
    if path_of(device) != Path.ONE_OFF:
        return other_path()
    return not_final(device, at) or only_lent(device, by) or no_keeping(device, terms_of(device), by=by, at=at)


@settled("prefer_buyout", "prefer_return", "choose_return", "start_buyout", "keep")
def the_choice_is_made(device):
    """A final choice is made once; a payment under way is called off first."""
    if device.status == Status.PENDING_BUYOUT:
        text = _("Its buy-out is being paid. Turn back from the payment first; then the choice is open again.")
        return Reason("paying", text, who=_("its holder"))
    decided = Renewal.objects.of(device).decided().first()
    if decided is None or device.phase not in {"leaving", "archived"}:
        return None
    facts = {"choice": decided.get_final_display().lower(), "day": day_long(clock.local_date(decided.final_at))}
    return Reason("decided", _("The final choice was made on %(day)s: %(choice)s. It can't be changed.") % facts)


# The path and the date


def not_preliminary(device, at) -> Reason | None:
    """Why no preliminary choice can be made at a moment."""
    if path_of(device) != Path.LEASED or closed(Path.LEASED, current_company()):
        return other_path()
    window, today = first_asked(device.renewal_on), clock.local_date(at)
    if window.is_over(today):
        text = _("Since %s the final choice is asked for; a preliminary one can't be made any more.")
        return Reason("final_stage", text % day_long(window.ends))
    return _not_open(window, today)


def not_final(device, at) -> Reason | None:
    """Why no final choice can be made at a moment."""
    path = path_of(device)
    window = final_window(path, device.renewal_on) if device.renewal_on else None
    if window is None or closed(path, current_company()):
        return other_path()
    return _not_open(window, clock.local_date(at))


def _not_open(window, today):
    if window.is_open(today):
        return None
    return Reason("window", _("This can be chosen from %s.") % day_long(window.opens), until=window.opens)


def other_path() -> Reason:
    """A step that devices like this one don't know."""
    return Reason("other_path", _("Devices like this one are not renewed this way."), hidden=True)


def why_not_early(device) -> Reason | None:
    """A buy-out before its time has a price of its own: nobody else knows what it costs then."""
    if device.buyout_price is not None:
        return None
    text = _("Its time comes on %s. What it costs before that is set by an admin.")
    return Reason("price_missing", text % day_long(device.renewal_on), who=_("an admin"))


# What the company allows


def no_return(device, terms) -> Reason | None:
    """Why it can't be given back."""
    allowed = terms.leased_return if device.is_leased else terms.one_off_return
    return None if allowed else _not_allowed(_("Your company does not offer to take it back."))


def no_keeping(device, terms, *, by, at) -> Reason | None:
    """Why it can't be kept: by a person, or by Velory at the renewal date."""
    if not terms.one_off_keep:
        return _not_allowed(_("Your company does not offer to keep it longer."))
    if by is not None:
        return None
    if not terms.keep_by_default:
        return _not_allowed(_("Your company keeps no device without being asked to."))
    if clock.local_date(at) < device.renewal_on:
        text = _("It is kept of its own accord on %s.") % day_long(device.renewal_on)
        return Reason("window", text, until=device.renewal_on)
    return None


def _not_allowed(text):
    return Reason("not_allowed", text, who=_("an admin"))
