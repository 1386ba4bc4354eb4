"""This afternoon's letters about requests that wait, on the page of planned mail."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from orders.models import StoreSettings
from orders.requests.digest import next_digest_at, to_be_told, waiting_for_each
from velory import clock
from velory.people.models import Person
from velory.post.planned import PAUSE, SEND_NOW, Planned, Rows, plans


def letter_to_come(ref):
    """What somebody would read at the next four o'clock, counted as of now; None where nothing waits for them."""
    at = next_digest_at(clock.now())
    person = next((p for p in waiting_for_each(clock.local_date(at)) if p.ref == ref), None)
    return to_be_told(person, clock.local_date(at), at=at) if person else None


@plans("requests", letter=letter_to_come, label=gettext_lazy("Requests that wait, at 16:00"), may=(PAUSE, SEND_NOW))
def the_next_digest(until, words):
    """One for each who is asked, if nothing is answered before; none where the company has turned it off."""
    if not StoreSettings.here().requests_digest:
        return []
    at = next_digest_at(clock.now())
    day = clock.local_date(at)
    waiting = waiting_for_each(day) if day <= until else {}
    found = Person.objects.filter(pk__in=[person.pk for person in waiting]).matching(words).order_by("pk")
    numbers = {person.pk: len(requests) for person, requests in waiting.items()}
    return Rows(found, lambda people: [_as_planned(person, numbers[person.pk], at) for person in people])


def _as_planned(person, number, at):
    key = to_be_told(person, clock.local_date(at), at=at).key
    about = ngettext("%d request waits for an answer", "%d requests wait for an answer", number) % number
    return Planned(
        at=at, name=str(person), address=person.email or "", what=_("Requests that wait, at 16:00"), about=about,
        url="/requests/", ref=person.ref, key=key,
    )  # fmt: skip
