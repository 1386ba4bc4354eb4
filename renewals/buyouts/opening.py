"""Whether a device can be bought out by somebody now: every condition of spec 2 in one place, each with its reason."""

from datetime import datetime, time, timedelta

from dateutil.relativedelta import relativedelta
from django.utils.translation import gettext as _

from renewals.buyouts.days import DaysOfMonth
from renewals.buyouts.payees import payee_of
from renewals.paths import Path, closed, path_of
from renewals.quotes import price_on
from renewals.terms import terms_of
from velory import clock
from velory.journal.reason import Reason
from velory.payments.start import LEAST_TIME, MOST_TIME
from velory.tenancy.context import current_company
from velory.ui.dates import day_long

MIDNIGHT = time(0)


def shut(device, *, person, at: datetime, final: bool) -> Reason | None:
    """Why a person can't buy a device out now, or None. `final`: to pay for it, not only to say that they would."""
    terms, today = terms_of(device), clock.local_date(at)
    return (
        not_allowed(device, terms)
        or _no_price(device, terms)
        or too_new(person, terms, today)
        or (window_shut(terms, today) if final else None)
        or (_too_late_today(device, terms, at) if final else None)
        or (_nobody_to_pay(device) if final else None)
    )


def not_allowed(device, terms) -> Reason | None:
    """External devices are bought from their distributor; the company may leave the option out."""
    path = path_of(device)
    if path == Path.EXTERNAL:
        text = _("Returning or buying it out is between the holder and the distributor.")
        return Reason("other_path", text, hidden=True)
    reason = closed(path, current_company())
    if reason:
        return reason
    allowed = terms.leased_buyout if path == Path.LEASED else terms.one_off_buyout
    return None if allowed else Reason("not_allowed", _("Your company doesn't offer buy-outs of these devices."))


def _no_price(device, terms):
    price = price_on(device, terms)
    return price if isinstance(price, Reason) else None


def too_new(person, terms, today) -> Reason | None:
    """Some companies sell to those who have worked there for so many months."""
    months = terms.minimum_tenure_months
    if not months or person is None:
        return None
    if person.first_day_on is None:
        text = _("Buy-outs need %(months)s months of employment, and the holder's first day is not known.")
        return Reason("tenure_unknown", text % {"months": months}, who=_("an admin"))
    reached = person.first_day_on + relativedelta(months=months)
    if today >= reached:
        return None
    text = _("Buy-outs need %(months)s months of employment. They are reached on %(day)s.")
    return Reason("tenure", text % {"months": months, "day": day_long(reached)}, until=reached)


def window_shut(terms, today) -> Reason | None:
    """Some companies sell on some days of the month only."""
    window = DaysOfMonth.of(terms)
    if window is None or window.is_open(today):
        return None
    text = _("Devices are bought out on some days of the month only. The next dates: %(dates)s.")
    return Reason("window", text % {"dates": window.next_dates(today)}, until=window.opens_on(today))


def pay_until(device, terms, at: datetime) -> datetime:
    """The moment at which the right to pay ends: some time from now, or earlier with the window or the decision."""
    ends = [at + MOST_TIME, _end_of_window(terms, at), _end_of_decision(device, terms, at)]
    return min(end for end in ends if end is not None)


def _end_of_window(terms, at):
    window = DaysOfMonth.of(terms)
    last = window and window.ends_on(clock.local_date(at))
    return last and clock.local(last + timedelta(days=1), MIDNIGHT)


def _end_of_decision(device, terms, at):
    """An own device is kept at its renewal date where the company keeps by default; otherwise the choice waits."""
    if path_of(device) != Path.ONE_OFF or not (terms.keep_by_default and terms.one_off_keep):
        return None
    end = clock.local(device.renewal_on, MIDNIGHT)
    return end if end > at else None


def _too_late_today(device, terms, at):
    if pay_until(device, terms, at) - at >= LEAST_TIME:
        return None
    window, tomorrow = DaysOfMonth.of(terms), clock.local_date(at) + timedelta(days=1)
    text = _("It takes up to half an hour to pay, and buy-outs end at midnight.")
    if window is None or _end_of_window(terms, at) is None:
        return Reason("too_late", text)
    later = _("%(text)s The next dates: %(dates)s.") % {"text": text, "dates": window.next_dates(tomorrow)}
    return Reason("too_late", later, until=window.opens_on(tomorrow))


def _nobody_to_pay(device):
    payee = payee_of(device)
    return payee if isinstance(payee, Reason) else None
