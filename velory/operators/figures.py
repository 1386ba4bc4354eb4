"""How large and how well each company is: counted inside it, kept in `public` as numbers with their moment.

Counted every night, and every hour while a company is new. The floors above say what they have to count:

    @counts("devices")
    def devices_in_the_house() -> int: …
"""

from collections.abc import Callable
from datetime import datetime, time, timedelta

from django.db.models import Max
from django.utils.translation import gettext_lazy

from velory import clock
from velory.agenda import book
from velory.journal.models import Entry
from velory.operators.models import CompanyFigures, Opening
from velory.payments import matters
from velory.people.models import Person
from velory.post.models import Letter
from velory.tenancy.context import current_company, inside, outside
from velory.tenancy.opening import furnishes

COUNTING, NIGHTLY = "operators.figures", "nightly"
HOUR = time(2, 40)
NEW = timedelta(days=2)
LATELY = timedelta(days=30)

_counters: dict[str, Callable[[], int]] = {}


def counts(name: str):
    """Register a counter of a field of CompanyFigures, asked inside the company."""

    def register(counter):
        _counters[name] = counter
        return counter

    return register


@counts("people")
def people_with_access() -> int:
    """Everybody who works here."""
    return Person.objects.working(clock.today()).count()


@counts("letters_failing")
def letters_that_did_not_arrive() -> int:
    """Letters of the last thirty days that failed or came back."""
    states = [Letter.State.FAILED, Letter.State.BOUNCED]
    return Letter.objects.in_state(*states).written_since(clock.now() - LATELY).count()


@counts("payments_waiting")
def payments_that_need_somebody() -> int:
    """Payments that do not match, refunds that failed, disputes, findings of the nightly comparison."""
    return matters.needing_attention().count() + matters.findings().count()


def count(company, *, at: datetime) -> CompanyFigures:
    """Count a company now. Nothing but numbers and a moment leaves it."""
    with inside(company):
        numbers: dict = {name: counter() for name, counter in _counters.items()}
        numbers["last_active_at"] = _last_active()
    with outside():
        return CompanyFigures.objects.update_or_create(company=company, defaults=numbers | {"counted_at": at})[0]


@book.does(COUNTING, unnoticed=True, label=gettext_lazy("Counting how large the company is"))
def count_tonight(ref: str, at: datetime) -> None:
    """Count the current company, and put the next time down. The operators' own forgets what nobody confirmed."""
    company = current_company()
    count(company, at=at)
    book.put(COUNTING, NIGHTLY, next_count_at(company, at))
    if company.is_operators:
        Opening.objects.over(at).delete()


def next_count_at(company, at: datetime) -> datetime:
    """The next night by the company's clocks; in an hour while it is new, for then it grows by the minute."""
    if at < company.opened_at + NEW:
        return at + timedelta(hours=1)
    tonight = clock.local(clock.local_date(at), HOUR)
    return tonight if tonight > at else clock.local(clock.local_date(at) + timedelta(days=1), HOUR)


@furnishes
def first_count(company) -> None:
    """What every new company finds on its agenda. Doing it twice changes nothing."""
    book.put(COUNTING, NIGHTLY, clock.now())


def _last_active():
    moments = [
        Person.objects.aggregate(last=Max("last_login"))["last"],
        Entry.objects.exclude(by_ref="").aggregate(last=Max("at"))["last"],
    ]
    return max(filter(None, moments), default=None)
