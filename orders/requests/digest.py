"""At four in the afternoon, by the company's clocks: what still waits for an answer, one letter for each who is asked.

It is on the agenda only while something waits, and written where the company has not turned it off. Weekends are days
like any other: whoever asked on a Saturday waits too.
"""

from datetime import datetime, time, timedelta

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from orders.models import ProductRequest, StoreSettings
from orders.requests.approvers import Desk
from orders.requests.shown import for_whom, in_short
from velory import clock
from velory.agenda import book
from velory.journal.reason import Reason
from velory.people.models import Person
from velory.post.letters import draft, letter, write_letters
from velory.tenancy.context import current_company

DIGEST, DAILY = "orders.digest", "daily"
TEMPLATE = "orders/requests_digest"
HOUR = time(16)
NAMED = 12  # requests that stand in the letter


def next_digest_at(at: datetime) -> datetime:
    """The next four o'clock by the company's clocks, in summer as in winter."""
    today = clock.local_date(at)
    moment = clock.local(today, HOUR)
    return moment if moment > at else clock.local(today + timedelta(days=1), HOUR)


def put_next(at: datetime) -> None:
    """On the agenda; one that stands there already stays."""
    book.put(DIGEST, DAILY, next_digest_at(at), earlier_wins=True)


@book.does(DIGEST, label=gettext_lazy("Writing to approvers at 16:00"))
def tell_whoever_is_asked(ref, at):
    """The next one is put down first, as long as anything waits. A day that was slept through is not told."""
    today = clock.local_date(at)
    with transaction.atomic():
        waiting = waiting_for_each(today)
        if waiting:
            book.put(DIGEST, DAILY, next_digest_at(at))
        if at >= clock.local(today, HOUR) and StoreSettings.here().requests_digest:
            write_letters([to_be_told(person, today, at=at) for person in waiting], at=at)


def waiting_for_each(today) -> dict[Person, list[ProductRequest]]:
    """Everybody who is asked, with what waits for them, the oldest first."""
    desk = Desk(today)
    found: dict[Person, list[ProductRequest]] = {}
    for request in ProductRequest.objects.pending().with_what_a_list_shows().order_by("sent_at", "pk"):
        for person in desk.asked(request):
            found.setdefault(person, []).append(request)
    return found


def to_be_told(person, today, *, at):
    """One letter for each person and day, not yet written."""
    return draft(TEMPLATE, key=f"{TEMPLATE}/{today}/{person.ref}", person=person, at=at)


def still_something_waits(letter, at):
    """Asked just before it goes."""
    if not StoreSettings.here().requests_digest:
        return Reason("turned_off", _("The company has turned this mail off."))
    if letter.person is None or letter.person not in waiting_for_each(clock.local_date(at)):
        return Reason("nothing_left", _("No request waits for them any more."))
    return None


@letter(TEMPLATE, check=still_something_waits, required=False, label=gettext_lazy("Requests that wait, at 16:00"))
def what_waits(letter):
    """Counted when it is sent; the oldest by name."""
    today, address = clock.local_date(letter.written_at), current_company().address
    waiting = waiting_for_each(today).get(letter.person, [])
    return {
        "waiting": [(r, in_short(r), for_whom(r), address(r.get_absolute_url())) for r in waiting[:NAMED]],
        "number": len(waiting), "more": len(waiting[NAMED:]), "url": address("/requests/"),
    }  # fmt: skip
