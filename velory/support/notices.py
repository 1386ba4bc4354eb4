"""What admins hear of support: that it asks, or that it may look and does (where the company allows it always)."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from velory import clock
from velory.journal.reason import Reason
from velory.people.models import Person
from velory.post.letters import letter, write_letter
from velory.support.models import SupportAccess
from velory.tenancy.context import current_company

ANSWERED = gettext_noop("The question of support was answered, or is over.")


def still_asked(letter, at):
    """Nobody is asked what somebody else has answered."""
    waits = SupportAccess.objects.waiting(at).filter(ref=letter.context["access"]).exists()
    return None if waits else Reason("answered", ANSWERED)


def facts_of(letter):
    """The access, and where it is answered or ended."""
    access = SupportAccess.objects.get(ref=letter.context["access"])
    return {"access": access, "link": current_company().address(access.get_absolute_url())}


letter("support/asks", check=still_asked, label=_("Support asks to look"))(facts_of)
letter("support/looks", label=_("Support looks"))(facts_of)


def support_asks(access, *, at) -> None:
    """Ask every admin; whoever is first answers."""
    _write("support/asks", access, at)


def support_looks(access, *, at) -> None:
    """Tell every admin: the company's setting has given leave."""
    _write("support/looks", access, at)


def _write(template, access, at):
    for person in Person.objects.admins_to_write_to(clock.local_date(at)):
        write_letter(
            template, key=f"{template}/{access.ref}/{person.ref}", person=person, context={"access": access.ref}, at=at
        )
