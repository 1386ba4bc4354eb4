"""Letting somebody order, in the order's own transaction: the gate is asked while nothing behind it can move."""

from django.db import connection

from assets.gate import may_order
from assets.models import Device
from velory.journal.reason import Refused
from velory.people.models import Person


def admit(person, category, *, today) -> None:
    """Let a person order in a category, or refuse with the reason; called where the order is written (R43).

    The person and what they hold are held until the transaction ends: a choice made at the same moment is seen whole
    or not at all, and of two orders at once the second sees the first.
    """
    assert connection.in_atomic_block, "admit() needs the order's transaction"
    Person.objects.select_for_update(no_key=True).get(pk=person.pk)
    held = Device.objects.held_by(person).filter(category=category).order_by("pk")
    list(held.select_for_update(of=("self",), no_key=True).values_list("pk", flat=True))
    shut = may_order(person, category, today=today)
    if shut:
        raise Refused(shut)
