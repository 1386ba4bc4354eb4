"""How people are found by the search from anywhere."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from velory.people.models import Person
from velory.people.panels import own_places_of
from velory.ui.search import Hit, adds_pages, finds, shown


@finds(_("People"), order=10)
def people(q, by, most):
    """By name, e-mail or employee number, for admins; those who left too."""
    if not by.is_admin:
        return None
    found = Person.objects.matching(q).for_the_list().order_by("first_name", "last_name", "pk")
    return shown(found, _person, most=most, address=reverse("people:people"), q=q)


def _person(person):
    known = [person.email, person.location, person.team]
    return Hit(str(person), " · ".join(str(word) for word in known if word), person.get_absolute_url(), "user")


@adds_pages
def own_pages(by):
    """Those that stand beside the page about oneself."""
    return [{"label": label, "address": address, "icon": "user"} for label, address in own_places_of(by)]
