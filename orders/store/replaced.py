"""Which of a person's devices the next one takes the place of, and what must happen to them (spec 3, leased orders)."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from assets.leaving import what_must_happen
from assets.lifecycle import PHASES, Status
from assets.models import Device
from orders.lifecycle import UNDECIDED, RequestStatus

LEAVING = [status for status in PHASES["leaving"] if status != Status.RETURNED]


@dataclass
class Previous:
    """A device that a person has, and what must happen to it. `is_leaving`: that is decided; the next replaces it."""

    device: Any
    is_leaving: bool
    text: str


def previous_of(person, categories, *, today) -> dict[int, list[Previous]]:
    """By category: what is on its way out, then what is leased; without what another order replaces already."""
    found: dict[int, list[Previous]] = defaultdict(list)
    if person is None or not categories:
        return found
    leased = Q(status__in=PHASES["in use"], contract__isnull=False, contract__closed_on=None)
    theirs = Device.objects.held_by(person).filter(Q(status__in=LEAVING) | leased, category__in=categories)
    spoken_for = theirs.exclude(pk__in=_replaced_already(person))
    devices = spoken_for.select_related("category", "distributor", "contract__provider", "holder")
    for device in sorted(devices, key=lambda d: (d.status not in LEAVING, d.renewal_on is None, d.renewal_on, d.pk)):
        previous = Previous(device, device.status in LEAVING, what_must_happen(device, today=today))
        found[device.category_id].append(previous)
    return found


def _replaced_already(person):
    from orders.models import RequestLine

    asked = RequestLine.objects.filter(request__person=person, replaces__isnull=False)
    standing = asked.filter(request__status__in=[*UNDECIDED, RequestStatus.APPROVED])
    return standing.exclude(order_line__device__status=Status.CANCELLED).values("replaces")
