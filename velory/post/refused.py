"""Addresses that refuse mail: whose they are, what came back, and writing there again."""

from django.db import transaction
from django.db.models import OuterRef, QuerySet, Subquery
from django.db.models.functions import Lower

from velory.journal.deeds import write
from velory.people.models import Person
from velory.post.models import Letter, MailEvent, RefusedAddress

REFUSALS = ["bounced", "rejected", "complained"]


def refused_addresses(words: str = "") -> QuerySet[RefusedAddress]:
    """Each with whose it is (`person_ref`), what the server said (`said`), and the letter that came back (`letter`)."""
    person = Person.objects.filter(email__iexact=OuterRef("address")).order_by("pk")
    letters = Letter.objects.alias(lower=Lower("to")).filter(lower=OuterRef("address"))
    came_back = letters.in_state(Letter.State.BOUNCED, Letter.State.COMPLAINED, Letter.State.FAILED).order_by("-pk")
    said = MailEvent.objects.alias(lower=Lower("letter__to")).filter(lower=OuterRef("address"), kind__in=REFUSALS)
    found = RefusedAddress.objects.annotate(
        person_ref=Subquery(person.values("ref")[:1]),
        first_name=Subquery(person.values("first_name")[:1]),
        last_name=Subquery(person.values("last_name")[:1]),
        letter=Subquery(came_back.values("ref")[:1]),
        said=Subquery(said.order_by("-at", "-pk").values("description")[:1]),
    )
    return found.filter(address__icontains=words) if words else found


def accept(address: str, *, by, at) -> bool:
    """Velory writes there again. False where nothing was refused."""
    with transaction.atomic():
        found = RefusedAddress.objects.filter(address=address).select_for_update().first()
        if found is None:
            return False
        write(found, "accept", by=by, at=at)
        found.delete()
    return True
