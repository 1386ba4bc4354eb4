"""Somebody leaves when the demo begins: told by letter, one device decided, the others open."""

from django.db import transaction

from assets.models import Offboarding
from assets.offboarding import letters, plans
from assets.offboarding.roster import roster_of
from velory import clock
from velory.people.models import Person
from velory.tenancy.context import inside


def part_from_one(company) -> None:
    """The next to leave has the letter, and an admin has decided about the last of their devices. Doing it twice
    changes nothing."""
    with inside(company), transaction.atomic():
        at = clock.now()
        today = clock.local_date(at)
        leaving = Offboarding.objects.under_way().filter(last_day_on__gte=today).order_by("last_day_on", "pk")
        row = leaving.select_related("person").first()
        admin = Person.objects.admins().working(today).order_by("pk").first()
        if row is None or row.told_at:
            return
        in_use = [item for item in roster_of(row, at=at).open if item.in_use]
        if in_use:
            plans.say(row, in_use[-1].device, "stays", by=admin, at=at)
        letters.tell(row, by=admin, at=at)
