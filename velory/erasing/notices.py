"""Who hears that a company is to be erased, and when.

Admins when it is asked for; everybody with access when it is confirmed; admins when the company closes, seven days
before the end, and when it is called off. While the company is open its own outbox sends; then the operators' does,
and what stands there is deleted with the company.
"""

from datetime import date

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from velory import clock
from velory.erasing.models import Erasure
from velory.journal.reason import Reason
from velory.people.models import Person
from velory.post.letters import draft, letter, write_letter, write_letters, write_outside
from velory.tenancy.context import current_company

MOVED_ON = gettext_noop("The erasing has moved on, or was called off.")


def in_state(*states):
    """A check: what the letter says is still so."""

    def check(letter, at):
        so = Erasure.objects.filter(ref=letter.context["erasure"], state__in=states).exists()
        return None if so else Reason("moved_on", MOVED_ON)

    return check


def facts_of(letter):
    """Days as days; where questions go."""
    days = {name: date.fromisoformat(day) for name, day in letter.context.items() if name.endswith("_on") and day}
    facts = letter.context | days | {"whom": settings.ENV.velory_contact}
    if letter.person is not None:
        facts["link"] = current_company().address(reverse("erasing:erasing", urlconf="velory.urls"))
        facts["export"] = current_company().address(reverse("archive:archives", urlconf="velory.urls"))
        facts["is_admin"] = letter.person.is_admin
    return facts


State = Erasure.State
letter("erasing/asked", check=in_state(State.ASKED), security=True, label=_("Erasing asked for"))(facts_of)
letter("erasing/closing", check=in_state(State.CONFIRMED), security=True, label=_("Company closes"))(facts_of)
letter("erasing/closed", check=in_state(State.QUARANTINE), security=True, label=_("Company closed for erasing"))(
    facts_of
)
letter("erasing/soon", check=in_state(State.QUARANTINE), security=True, label=_("Company is erased soon"))(facts_of)
letter("erasing/called_off", check=in_state(State.CALLED_OFF), security=True, label=_("Erasing called off"))(facts_of)


def admins_are_asked(erasure, *, at) -> None:
    """Inside the company: its admins may confirm, or say no."""
    for person in Person.objects.admins_to_write_to(clock.local_date(at)):
        write_letter(
            "erasing/asked",
            key=f"erasing/asked/{erasure.ref}/{person.ref}",
            person=person,
            context=_known(erasure),
            at=at,
        )


def everybody_hears(erasure, *, at) -> None:
    """Inside the company: until when it is open, to everybody with access. Written once, however often it is tried."""
    closing, known = "erasing/closing", _known(erasure)
    people = Person.objects.working(clock.local_date(at)).with_address().order_by("pk")
    write_letters(
        (
            draft(closing, key=f"{closing}/{erasure.ref}/{person.ref}", person=person, context=known, at=at)
            for person in people
        ),
        at=at,
    )  # fmt: skip


def it_is_closed(erasure, admins, *, at) -> None:
    """From the operators' outbox."""
    _to_addresses("erasing/closed", erasure, admins, at)


def it_is_soon(erasure, admins, *, at) -> None:
    """From the operators' outbox, a week before the end."""
    _to_addresses("erasing/soon", erasure, admins, at)


def it_is_called_off(erasure, admins, *, at) -> None:
    """From the operators' outbox."""
    _to_addresses("erasing/called_off", erasure, admins, at)


def _to_addresses(template, erasure, addresses, at):
    write_outside(template, addresses, key=f"{template}/{erasure.ref}", context=_known(erasure), at=at)


def _known(erasure):
    company = erasure.company
    on = {"closes_on": erasure.closes_at, "closed_on": erasure.closed_at, "erases_on": erasure.erases_at}
    days = {
        name: moment.astimezone(clock.zone(company)).date().isoformat() if moment else "" for name, moment in on.items()
    }
    known = {"erasure": erasure.ref, "slug": company.slug, "name": company.name, "address": company.address()}
    return known | {"by": erasure.asked_by_name, "reason": erasure.reason} | days
