"""Makers of people who leave."""

from datetime import date

from assets.models import Offboarding
from assets.offboarding.views.leavers import set_day
from tests.making import a_person, an_admin
from velory import clock

LAST_DAY = date(2026, 12, 3)


def a_leaver(last_day_on=LAST_DAY, *, by=None, quietly=False, at=None, **facts):
    """Somebody whose last day an admin has set on their page."""
    person = a_person(**{"first_name": "Noor", "last_name": "O'Brien"} | facts)
    set_day(person, last_day_on, quietly=quietly, by=by or an_admin(), at=at or clock.now())
    return person


def the_offboarding_of(person):
    """The one that is under way."""
    return Offboarding.objects.under_way().select_related("person").get(person=person)
