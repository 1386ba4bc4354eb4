"""What else hangs on somebody who leaves, besides devices: each app lists what it knows, with a link to change it."""

from collections.abc import Callable
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from velory.in_order import InOrder
from velory.people.models import Location, Person, Team

MOST = 10
_listers: InOrder[Callable] = InOrder()


@dataclass(frozen=True)
class Matter:
    """One thing: what it is, what becomes of it, and where it is changed. `todo`: somebody has to change it."""

    title: str
    about: str
    address: str = ""
    button: str = ""
    todo: bool = False


def lists_matters(order: int = 100):
    """Register who knows more: `ask(person, *, today)` gives a list of Matter."""
    return _listers.register(order)


def matters_of(person, *, today) -> list[Matter]:
    """Everything that hangs on somebody, what has to be changed first."""
    found = [matter for ask in _listers for matter in ask(person, today=today)]
    return sorted(found, key=lambda matter: not matter.todo)


@lists_matters(order=10)
def who_is_approved_by_them(person, *, today):
    """People, places and teams that name them as approver."""
    people = Person.objects.filter(approver=person).working(today).order_by("last_name", "first_name", "pk")
    found = [
        Matter(_("Approver of %s") % other, _("Name somebody else, or their requests go to whoever is next in line."),
               reverse("people:edit", args=[other.ref]), _("Change approver"), todo=True)
        for other in people[:MOST]
    ]  # fmt: skip
    if (rest := people.count() - MOST if len(found) == MOST else 0) > 0:
        text = ngettext("Approver of %(n)s more person", "Approver of %(n)s more people", rest) % {"n": rest}
        found.append(Matter(text, _("They stand here as those above are changed."), todo=True))
    for model, name, label in (
        (Location, "locations", _("Approver of the location %s")), (Team, "teams", _("Approver of the team %s")),
    ):  # fmt: skip
        found += [
            Matter(label % place, _("Name somebody else for it."), reverse(f"people:edit_{name}", args=[place.ref]),
                   _("Change approver"), todo=True)
            for place in model.objects.filter(approver=person).order_by("name")
        ]  # fmt: skip
    return found


@lists_matters(order=90)
def how_they_sign_in(person, *, today):
    """Until when, and that everything sent to them stops working then."""
    if not person.works_on(today):
        return [Matter(_("Access"), _("It has ended. Sessions and links in letters no longer work."))]
    return [
        Matter(_("Access"), _("It ends at midnight after the last day: sessions and links in letters stop working."))
    ]
