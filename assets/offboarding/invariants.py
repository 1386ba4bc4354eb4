"""What must hold of people who leave besides what the database itself refuses."""

from django.db.models import Exists, F, OuterRef

from assets.models import Offboarding
from velory.journal.invariants import invariant
from velory.people.models import Person


@invariant("offboarding")
def whoever_leaves_has_an_offboarding_of_that_day():
    """Whoever has a last day has one offboarding under way, of that day; who has none has none, or no access."""
    under_way = Offboarding.objects.under_way().filter(person=OuterRef("pk"))
    for ref in Person.objects.exclude(last_day_on=None).exclude(Exists(under_way)).values_list("ref", flat=True):
        yield f"{ref} has a last day and no offboarding"
    moved = (
        Offboarding.objects.under_way().exclude(person__last_day_on=None).exclude(last_day_on=F("person__last_day_on"))
    )
    for ref in moved.values_list("person__ref", flat=True):
        yield f"the offboarding of {ref} is of another day"
    stays = Offboarding.objects.under_way().filter(person__last_day_on=None, person__is_active=True)
    for ref in stays.values_list("person__ref", flat=True):
        yield f"{ref} has an offboarding and no last day"
