"""Reminders of loans that are due back, on the page of planned mail."""

from datetime import timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from repairs.doors import repairs_are_on
from repairs.models import Loan
from repairs.notices import MORNING, reminder_of
from velory import clock
from velory.people.models import Person
from velory.post.planned import PAUSE, Planned, Reckoned, plans

A_DAY = timedelta(days=1)


def letter_to_come(ref):
    """What the borrower would read next; None where it is back, or nothing is written any more."""
    loan = _out().filter(ref=ref).first()
    if loan is None:
        return None
    at = _next(loan, clock.now())
    return reminder_of(loan, at=at) if at else None


@plans(
    "loans", letter=letter_to_come, label=gettext_lazy("Loan due back"), may=(PAUSE,), on_devices=True,
    why_not=gettext_lazy("It names its day, so it is not sent ahead."),
)  # fmt: skip
def reminders_to_come(until, words):
    """The next one for each loan: the morning before it is due, or the one after."""
    now = clock.now()
    if not repairs_are_on():
        return []
    moments = {loan.pk: _next(loan, now) for loan in _out()}
    coming = {pk: at for pk, at in moments.items() if at and clock.local_date(at) <= until}
    found = _out().filter(person__in=Person.objects.matching(words))
    return Reckoned(found, coming, lambda loans: [_as_planned(loan, coming[loan.pk]) for loan in loans])


def _out():
    return Loan.objects.out().select_related("person", "device")


def _next(loan, now):
    moments = (clock.local(day, MORNING) for day in (loan.due_on - A_DAY, loan.due_on + A_DAY))
    return next((moment for moment in moments if moment > now), None)


def _as_planned(loan, at):
    return Planned(
        at=at, name=str(loan.person), address=loan.person.email or "", what=_("Loan due back"),
        about=loan.device.name, url=loan.device.get_absolute_url(), ref=loan.ref, key=reminder_of(loan, at=at).key,
    )  # fmt: skip
