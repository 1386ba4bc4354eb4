"""The month's buy-outs, written to finance on the first morning of the next month, where a company asks for it."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from dateutil.relativedelta import relativedelta
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from assets.models import Device
from renewals.buyouts.starting import KIND
from renewals.models import Policy, Quote
from velory import clock
from velory.agenda import book
from velory.journal.models import Entry
from velory.journal.steps import follows
from velory.payments.models import Attempt, Money
from velory.people.models import Person
from velory.post import hours
from velory.post.letters import draft, letter, write_letters
from velory.post.models import Letter
from velory.tenancy.context import current_company

SUMMARY = "renewals.buyout_summary"
GIVES_BACK = (Money.Kind.REFUND, Money.Kind.DISPUTE)
TAKES_AGAIN = (Money.Kind.REFUND_FAILED, Money.Kind.DISPUTE_WON)


@dataclass
class Total:
    """What one currency comes to. `kept` is what the sellers have kept of it."""

    currency: str
    bought: Decimal = Decimal(0)
    vat: Decimal = Decimal(0)
    back: Decimal = Decimal(0)

    @property
    def kept(self) -> Decimal:
        """Bought, less what went back."""
        return self.bought - self.back


@dataclass
class Summary:
    """The buy-outs of one local month, what went back in it, and the totals by currency."""

    month: date
    purchases: list[dict] = field(default_factory=list)
    movements: list[dict] = field(default_factory=list)
    totals: list[Total] = field(default_factory=list)


# What stands in it


def summary_of(month: date) -> Summary:
    """What happened in a local month."""
    first, last = (clock.local(day, time(0)) for day in (month, month + relativedelta(months=1)))
    purchases, movements = _purchases(first, last), _movements(first, last)
    totals: dict[str, Total] = {}
    for row in purchases:
        total = totals.setdefault(row["currency"], Total(row["currency"]))
        total.bought += row["amount"]
        total.vat += row["vat"] or 0
    for row in movements:
        totals.setdefault(row["currency"], Total(row["currency"])).back += row["back"]
    return Summary(month, purchases, movements, [totals[currency] for currency in sorted(totals)])


def _purchases(first, last) -> list[dict]:
    entries = Entry.objects.of_steps(["complete_buyout"]).between(first, last).order_by("at", "pk")
    paid = _payments(entry.details.get("payment", "") for entry in entries)
    devices = Device.objects.in_bulk([entry.about_id for entry in entries])
    quotes = Quote.objects.in_bulk([attempt.basis for attempt in paid.values()], field_name="ref")
    return [
        _purchase(entry, devices[entry.about_id], attempt, quotes.get(attempt.basis))
        for entry in entries
        if (attempt := paid.get(entry.details.get("payment", "")))
    ]


def _purchase(entry, device, attempt, quote):
    return {
        "on": clock.local_date(entry.at), "device": device, "buyer": attempt.person, "seller": attempt.payee.name,
        "payment": attempt.ref, "amount": Decimal(entry.details["amount"]), "currency": entry.details["currency"],
        "vat": quote.vat if quote else None,
    }  # fmt: skip


def _payments(refs) -> dict[str, Attempt]:
    found = Attempt.objects.filter(ref__in=list(refs)).with_what_lists_need()
    return {attempt.ref: attempt for attempt in found}


def _movements(first, last) -> list[dict]:
    rows = (
        Money.objects.of_kind(*GIVES_BACK, *TAKES_AGAIN)
        .filter(attempt__kind=KIND, at__gte=first, at__lt=last)
        .select_related("attempt__person", "attempt__payee")
        .in_order()
    )
    devices: dict[str, Any] = defaultdict(str)
    devices |= Device.objects.in_bulk({row.attempt.subject_ref for row in rows}, field_name="ref")
    return [
        {
            "on": clock.local_date(row.at), "device": devices[row.attempt.subject_ref], "buyer": row.attempt.person,
            "what": row.get_kind_display(), "amount": row.amount, "currency": row.currency,
            "payment": row.attempt.ref, "back": row.amount if row.kind in GIVES_BACK else -row.amount,
        }
        for row in rows
    ]  # fmt: skip


# When it is written, and to whom


def put_next_summary(at: datetime) -> None:
    """The present month's, on the first morning of the next; nothing where nobody has asked for it."""
    if Policy.here().summary_mail:
        month = clock.local_date(at).replace(day=1)
        book.put(SUMMARY, _name(month), _morning_after(month), earlier_wins=True)


@follows(Policy, "change")
def somebody_asked_for_it(policies, *, name, at):
    """Switched on in the middle of a month, the month is told whole; switched off, nothing is."""
    if policies[-1].summary_mail:
        put_next_summary(at)


@book.does(SUMMARY, label=_("Writing the buy-outs of the month to finance"))
def tell_finance(ref, at):
    """One month; then the next one is put down. A month that was slept through is told all the same."""
    if not Policy.here().summary_mail:
        return
    month = date.fromisoformat(f"{ref}-01")
    with transaction.atomic():
        write_letters(drafts_of(month, at=at), at=at)
        following = month + relativedelta(months=1)
        book.put(SUMMARY, _name(following), _morning_after(following))


def drafts_of(month: date, *, at: datetime) -> list[Letter]:
    """The letters of a month: to finance, or to the admins where no address is set."""
    key, context = f"renewals/buyout_summary/{_name(month)}", {"month": _name(month)}
    if address := Policy.here().summary_to:
        language = current_company().language
        return [draft("renewals/buyout_summary", key=key, to=address, language=language, at=at, context=context)]
    return [
        draft("renewals/buyout_summary", key=f"{key}/{admin.ref}", person=admin, at=at, context=context)
        for admin in Person.objects.admins_to_write_to(clock.local_date(at))
    ]


@letter("renewals/buyout_summary", label=_("Buy-outs of the month"))
def what_the_month_came_to(letter):
    """Everything is read when it is sent: the month is over by then."""
    return {"summary": summary_of(date.fromisoformat(f"{letter.context['month']}-01"))}


def _name(month):
    return f"{month:%Y-%m}"


def _morning_after(month):
    return hours.morning(month + relativedelta(months=1))
