"""The weekly letter to each admin: when it is written, what stands in it, and when nothing is sent."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from dateutil.relativedelta import relativedelta
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from assets.models import Device
from renewals.paths import path_of, with_what_a_path_needs
from velory import clock
from velory.agenda import book
from velory.journal.reason import Reason
from velory.journal.steps import follows
from velory.people.models import Person
from velory.post import hours
from velory.post.letters import draft, letter, write_letter
from velory.post.models import MailSettings
from velory.tenancy.context import current_company
from velory.tenancy.opening import furnishes
from velory.ui.todos import Todo, todos

DIGEST, WEEKLY = "renewals.digest", "weekly"
TEMPLATE = "renewals/weekly_digest"
AHEAD = relativedelta(months=1)
NAMED = 12  # devices that stand in the letter by name
WEEK = timedelta(days=7)


# When it is written, and to whom


def monday_of(day: date) -> date:
    """The Monday of a date's week."""
    return day - timedelta(days=day.weekday())


def next_digest_at(at: datetime) -> datetime:
    """The next Monday, 08:00 by the company's clocks, or whatever weekday and hour the company has set."""
    settings = MailSettings.here()
    day = monday_of(clock.local_date(at)) + timedelta(days=settings.digest_weekday)
    moment = clock.local(day, time(settings.digest_hour))
    return moment if moment > at else clock.local(day + WEEK, time(settings.digest_hour))


def put_next_digest(at: datetime) -> None:
    """On the agenda, whether or not it is switched on: that is asked on the day. One that still waits stays."""
    book.put(DIGEST, WEEKLY, next_digest_at(at), earlier_wins=True)


@follows(MailSettings, "change")
def its_day_was_changed(settings, *, name, at):
    """The next one moves with the setting, to and fro."""
    book.put(DIGEST, WEEKLY, next_digest_at(at))


@furnishes
def first_digest(company):
    """What every new company finds on its agenda."""
    put_next_digest(clock.now())


@book.does(DIGEST, label=_("Writing the weekly digest"))
def tell_the_admins(ref, at):
    """The next week is put down first. A week that was slept through is not told; the present one is, late, by day."""
    today = clock.local_date(at)
    with transaction.atomic():
        book.put(DIGEST, WEEKLY, next_digest_at(at))
        if MailSettings.here().weekly_digest and Week(today):
            for admin in admins(today):
                write_letter(
                    TEMPLATE, key=key_for(admin, today), person=admin, at=at, send_at=hours.moment_for(today, at)
                )


def admins(today: date):
    """Who gets it."""
    return Person.objects.admins_to_write_to(today)


def key_for(admin, today: date) -> str:
    """One letter for each admin and week."""
    return f"{TEMPLATE}/{monday_of(today)}/{admin.ref}"


# What stands in it


@dataclass(frozen=True)
class Due:
    """A device whose renewal date lies in the coming month."""

    device: Device
    path: str
    url: str


class Week:
    """What is to be said in a week: nothing at all, if it is false."""

    def __init__(self, today: date):
        self.until = today + AHEAD
        self.todos: list[Todo] = todos(today=today)
        self.coming = Device.objects.in_phase("in use").filter(renewal_on__range=(today, self.until))
        self.number = self.coming.count()

    def __bool__(self):
        return bool(self.todos or self.number)

    @property
    def named(self) -> list[Due]:
        """The nearest of the devices."""
        nearest = with_what_a_path_needs(self.coming).order_by("renewal_on", "pk")[:NAMED]
        address = current_company().address
        return [
            Due(d, str(path.label), address(d.get_absolute_url() + "?tab=lifecycle"))
            for d in nearest
            if (path := path_of(d))
        ]


GONE = gettext_noop("The recipient is no admin any more.")
NOTHING = gettext_noop("There is nothing to say this week.")
SWITCHED_OFF = gettext_noop("The weekly digest has been switched off.")


def still_to_be_told(letter, at):
    """Asked just before it goes: the recipient is still an admin, the digest is on, and something is to be said."""
    today = clock.local_date(at)
    if letter.person is None or not (letter.person.is_admin and letter.person.works_on(today)):
        return Reason("gone", GONE)
    if not MailSettings.here().weekly_digest:
        return Reason("switched_off", SWITCHED_OFF)
    return None if Week(today) else Reason("nothing_left", NOTHING)


@letter(TEMPLATE, check=still_to_be_told, required=False, label=_("Weekly digest to the admins"))
def what_the_week_brings(letter):
    """Counted when it is sent, each number with the address of what it counts."""
    address = current_company().address
    week = Week(clock.local_date(letter.written_at))
    named = week.named
    return {
        "todos": [(todo, address(todo.url)) for todo in week.todos],
        "coming": named,
        "number": week.number,
        "more": week.number - len(named),
        "until": week.until,
        "overview": address("/"),
        "forecast": address(reverse("renewals:forecast")),
        "settings": address(reverse("post:settings")),
    }


def digest_to_come(admin, *, at: datetime):
    """The letter that an admin gets in the week of a moment, not yet written."""
    return draft(TEMPLATE, key=key_for(admin, clock.local_date(at)), person=admin, at=at)
