"""Letting somebody order, in the order's own transaction: the gate is asked while nothing behind it can move."""

from django.db import connection

from assets.gate import may_order, quotas_of
from assets.models import Device
from velory.journal.reason import Refused
from velory.people.models import Person


def admit(person, category, *, today, wanting: int = 1) -> None:
    """Let a person order in a category, or refuse with the reason; called where the order is written (R43)."""
    admit_all(person, {category: wanting}, today=today)


def admit_all(person, wanted: dict, *, today) -> None:
    """Let a person order so many in each category, or refuse with the first reason.

    The person and what they hold are held until the transaction ends: a choice made at the same moment is seen whole
    or not at all, and of two orders at once the second sees the first. What was put aside for just this order must be
    given back or spent before, or it counts twice.
    """
    assert connection.in_atomic_block, "admit() needs the order's transaction"
    Person.objects.select_for_update(no_key=True).get(pk=person.pk)
    held = Device.objects.held_by(person).filter(category__in=[category.pk for category in wanted]).order_by("pk")
    list(held.select_for_update(of=("self",), no_key=True).values_list("pk", flat=True))
    quotas = quotas_of(person)
    for category, number in wanted.items():
        shut = may_order(person, category, today=today, quotas=quotas, wanting=number)
        if shut:
            raise Refused(shut)
