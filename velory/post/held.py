"""Letters whose day came while they were held back: they wait among planned mail until somebody decides."""

from django.utils.translation import gettext_lazy

from velory.post.models import Letter
from velory.post.planned import Planned, Rows, plans


def held_letter(ref):
    """The letter itself: it is written, and kept from going."""
    return Letter.objects.held_back().filter(ref=ref).first()


@plans("held", letter=held_letter, label=gettext_lazy("Held back past its day"))
def held_letters(until, words):
    """The longest waiting first; those of the days ahead stand where they are planned."""
    found = Letter.objects.held_back().for_the_list()
    found = found.addressed_like(words) if words else found
    return Rows(found.order_by("written_at", "pk"), _as_planned)


def _as_planned(letters):
    return [
        Planned(
            at=letter.written_at, name=letter.recipient, address=letter.to, what=letter.kind_name,
            url=letter.get_absolute_url(), about=letter.kind_name, ref=letter.ref, key=letter.key,
        )
        for letter in letters
    ]  # fmt: skip
