"""A calendar address ends with what it was given for."""

from renewals.models import CalendarFeed
from velory.journal.steps import follows
from velory.people.models import Person, Role

COMES_AND_GOES = {"ended_access", "gave_access"}


@follows(Person, "*")
def an_address_ends_with_its_right(people, *, name, at):
    """Whoever lost access, or is no admin any more, keeps no address that opens again when they come back."""
    feeds = CalendarFeed.objects.open().filter(person__in=people)
    if name not in COMES_AND_GOES:
        feeds = feeds.of_scope(CalendarFeed.Scope.COMPANY).exclude(person__role=Role.ADMIN)
    feeds.update(revoked_at=at)
