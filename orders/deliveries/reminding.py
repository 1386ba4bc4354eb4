"""Delivered and not marked as received: whoever has it is reminded once, on a morning that the company chooses.

What was delivered to somebody on one day goes in one letter, under a key of that day: another number of days in the
settings moves the morning and never writes twice. It is on the agenda only while something was delivered lately.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.db.models import DateTimeField, OuterRef, Subquery
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assets.models import AssetSettings, Device
from orders.deliveries.notices import in_parts
from orders.models import StoreSettings
from velory import clock
from velory.agenda import book
from velory.journal.models import Entry
from velory.journal.reason import Reason
from velory.people.models import Person
from velory.people.rules import administrator
from velory.post.letters import draft, letter, write_letters
from velory.post.models import Letter
from velory.post.planned import PAUSE, SEND_NOW, Planned, plans
from velory.tenancy.context import current_company

REMINDER = "orders/receipt_reminder"
REMIND, DAILY = "orders.remind_to_receive", "daily"
HOUR = time(8)
LATELY = timedelta(days=30)  # what lies about longer is for the admins to look into


@dataclass(frozen=True)
class Parcel:
    """What was delivered to one person on one day, and is still to be marked as received."""

    person: Person
    on: date
    devices: tuple[Device, ...]

    @property
    def ref(self) -> str:
        """What it is known by among planned mail."""
        return f"{self.on:%Y%m%d}-{self.person.ref}"

    @property
    def about(self) -> str:
        """The devices by name."""
        return ", ".join(device.name for device in self.devices)

    def reminded_at(self, days: int) -> datetime:
        """The morning on which a letter says so."""
        return clock.local(self.on + timedelta(days=days), HOUR)

    def letter(self, *, at) -> Letter:
        """The reminder, not yet written."""
        return draft(
            REMINDER, key=f"{REMINDER}/{self.on}/{self.person.ref}", person=self.person, at=at,
            context={"devices": [device.ref for device in self.devices], "on": str(self.on)},
        )  # fmt: skip


def parcels(*, today: date, words: str = "") -> list[Parcel]:
    """What was delivered lately to people who may receive it and have not, the longest ago first."""
    found: dict[tuple[date, Person], list[Device]] = {}
    for device in _waiting(today, words):
        if device.holder.works_on(today) and device.holder.email:
            found.setdefault((clock.local_date(device.delivered_at), device.holder), []).append(device)
    may_receive = bool(found) and AssetSettings.here().holder_may_receive
    return [
        Parcel(person, on, tuple(devices))
        for (on, person), devices in found.items()
        if may_receive or administrator(person)
    ]


def _waiting(today, words):
    delivered = Entry.objects.filter(about_type=Device._meta.label_lower, about_id=OuterRef("pk"), step="deliver")
    at = Subquery(delivered.order_by("-version").values("at")[:1], output_field=DateTimeField())
    found = Device.objects.delivered().annotate(delivered_at=at).select_related("holder")
    since = clock.local(today - LATELY, time(0))
    mine = found.filter(delivered_at__gte=since, holder__in=Person.objects.matching(words))
    return mine.order_by("delivered_at", "name", "pk")


# The letter


def still_to_receive(letter, at):
    """Something of it is still theirs to mark as received."""
    if _of(letter).exists():
        return None
    return Reason("over", _("Everything in it was received, or somebody else has it."))


@letter(REMINDER, check=still_to_receive, required=False, label=gettext_lazy("Delivered, not yet marked as received"))
def what_is_not_received(letter):
    """Each device, since when, and where it is marked as received."""
    devices = _of(letter) if _of(letter).exists() else Device.objects.referred(letter.context["devices"])
    shown = list(devices.with_what_a_list_shows().order_by("name", "pk"))
    return in_parts(letter, shown) | {"delivered_on": date.fromisoformat(letter.context["on"])}


def _of(letter):
    return Device.objects.referred(letter.context["devices"]).delivered().held_by(letter.person)


# On its morning


def put_next(at: datetime) -> None:
    """The next morning is put down; one that stands there already stays."""
    book.put(REMIND, DAILY, next_morning(at), earlier_wins=True)


def next_morning(at: datetime) -> datetime:
    """The next eight o'clock by the company's clocks."""
    today = clock.local_date(at)
    moment = clock.local(today, HOUR)
    return moment if moment > at else clock.local(today + timedelta(days=1), HOUR)


@book.does(REMIND, label=gettext_lazy("Reminding of devices that were delivered"))
def remind(ref: str, at: datetime) -> None:
    """The next morning is put down first, as long as anything lies there: who has it, and whether they may receive it
    or have access, can change until then. A key that was used is never used again."""
    with transaction.atomic():
        today = clock.local_date(at)
        if _waiting(today, "").exists():
            book.put(REMIND, DAILY, next_morning(at))
        waiting = parcels(today=today) if current_company().has("store") else []
        days = StoreSettings.here().receipt_reminder_days
        due = [parcel for parcel in waiting if days and parcel.reminded_at(days) <= at]
        write_letters([parcel.letter(at=at) for parcel in due], at=at)


# Before it


def letter_to_come(ref):
    """What somebody would read; None where everything is received, or nobody is reminded."""
    days = StoreSettings.here().receipt_reminder_days
    found = next((one for one in parcels(today=clock.today()) if days and one.ref == ref), None)
    return found.letter(at=max(found.reminded_at(days), clock.now())) if found else None


@plans(
    "receipts", letter=letter_to_come, label=gettext_lazy("Delivered, not yet marked as received"),
    may=(PAUSE, SEND_NOW), on_devices=True,
)  # fmt: skip
def reminders_to_come(until, words):
    """One for each person and day on which something was delivered."""
    days, now = StoreSettings.here().receipt_reminder_days, clock.now()
    if not days or not current_company().has("store"):
        return []
    moments = [(parcel, parcel.reminded_at(days)) for parcel in parcels(today=clock.today(), words=words)]
    coming = [(one, at, one.letter(at=at).key) for one, at in moments if now < at and clock.local_date(at) <= until]
    written = set(Letter.objects.filter(key__in=[key for _one, _at, key in coming]).values_list("key", flat=True))
    return [_as_planned(parcel, at, key) for parcel, at, key in coming if key not in written]


def _as_planned(parcel, at, key):
    return Planned(
        at=at, name=str(parcel.person), address=parcel.person.email or "",
        what=_("Delivered, not yet marked as received"), about=parcel.about, url=parcel.devices[0].get_absolute_url(),
        ref=parcel.ref, key=key,
    )  # fmt: skip
