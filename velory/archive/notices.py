"""Who hears that an archive is ready: whoever asked, if they are here; every admin, if an operator did."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from velory import clock
from velory.archive.models import Archive
from velory.journal.reason import Reason
from velory.people.models import Person
from velory.post.letters import letter, write_letter
from velory.tenancy.context import current_company

GONE = gettext_noop("The file of this export has been deleted.")


def still_there(letter, at):
    """Nobody is sent to a file that is gone."""
    found = Archive.objects.filter(ref=letter.context["archive"]).ready().exists()
    return None if found else Reason("gone", GONE)


@letter("archive/ready", check=still_there, label=_("Export is ready"))
def what_lies_ready(letter):
    """The archive, and where it can be had."""
    archive = Archive.objects.get(ref=letter.context["archive"])
    link = current_company().address(reverse("archive:archives"))
    return {"archive": archive, "link": link, "until_on": clock.local_date(archive.until)}


def it_is_ready(archive, *, at) -> None:
    """Write to whoever may fetch it."""
    admins = Person.objects.admins_to_write_to(clock.local_date(at))
    for person in admins.filter(pk=archive.by_id) if archive.by_id else admins:
        write_letter(
            "archive/ready", key=f"archive/ready/{archive.ref}/{person.ref}", person=person,
            context={"archive": archive.ref}, at=at,
        )  # fmt: skip
