"""Whoever leaves has no open requests: what they asked for, or what was asked for them, is withdrawn on that day.

It hangs on the agenda and not on the person's own change: whoever answers a request holds it before they hold the
person, and the other way round both would wait for each other.
"""

from datetime import time, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy, gettext_noop

from orders.models import ProductRequest
from velory import clock
from velory.agenda import book
from velory.journal.steps import follows
from velory.people.models import Person

LEAVING = "orders.leaving"
NO_LONGER_HERE = gettext_noop("Whoever asked for it, or whom it was for, no longer works here.")


@follows(Person, "changed", "ended_access")
def their_requests_go_with_them(people, *, name, at):
    """On the day after their last, or now."""
    leaving = [person for person in people if _ends_at(person, at)]
    if leaving and _open_requests(leaving).exists():
        watch(leaving, at=at)


def watch(people, *, at) -> None:
    """Put the end of their time here on the agenda, where it is known."""
    for person in people:
        if ends_at := _ends_at(person, at):
            book.put(LEAVING, person.ref, ends_at)


@book.does(LEAVING, label=gettext_lazy("Withdrawing the requests of somebody who has left"))
def withdraw_what_they_asked_for(ref, at):
    """Each request for itself; a last day that was moved meanwhile is looked at again."""
    person = Person.objects.get(ref=ref)
    if person.works_on(clock.local_date(at)):
        watch([person], at=at)
        return
    for request in _open_requests([person]).order_by("pk"):
        with transaction.atomic():
            request.take_hold()
            if request.is_undecided:
                request.withdraw(by=None, at=at, why=NO_LONGER_HERE)


def _open_requests(people):
    return ProductRequest.objects.undecided().filter(Q(requester__in=people) | Q(person__in=people))


def _ends_at(person, at):
    """The moment from which a person no longer works here; None where nobody knows one."""
    if not person.is_active:
        return at
    return clock.local(person.last_day_on + timedelta(days=1), time(0)) if person.last_day_on else None
