"""The next weekly digest on the page of planned mail."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from renewals.digest.weekly import admins, digest_to_come, key_for, next_digest_at
from velory import clock
from velory.people.models import Person
from velory.post.models import MailSettings
from velory.post.planned import PAUSE, SEND_NOW, Planned, Rows, plans


def letter_to_come(ref):
    """What an admin would read next, counted as of now."""
    admin = admins(clock.today()).filter(ref=ref).first()
    return digest_to_come(admin, at=max(clock.now(), next_digest_at(clock.now()))) if admin else None


@plans("digest", letter=letter_to_come, label=gettext_lazy("Weekly digest to the admins"), may=(PAUSE, SEND_NOW))
def the_next_digest(until, words):
    """One for each admin; none where it is switched off."""
    found = admins(clock.today()).matching(words).order_by("pk")
    if not MailSettings.here().weekly_digest or clock.local_date(next_digest_at(clock.now())) > until:
        found = Person.objects.none()
    return Rows(found, _as_planned)


def _as_planned(people):
    at = next_digest_at(clock.now())
    return [
        Planned(
            at=at, name=str(person), address=person.email or "", what=_("Weekly digest to the admins"),
            about=_("What waits, and the renewals of the coming month"), url="/", ref=person.ref,
            key=key_for(person, clock.local_date(at)),
        )
        for person in people
    ]  # fmt: skip
