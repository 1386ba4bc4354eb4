"""Every payment of the company: what needs attention first, sums for each currency, and all of it as a file."""

import re
from calendar import monthrange
from datetime import date, time, timedelta

from django.db.models import Case, IntegerField, Q, Sum, Value, When
from django.shortcuts import render
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from velory import clock
from velory.payments.currencies import from_minor
from velory.payments.matters import needing_attention
from velory.payments.models import Attempt, Money, Payee
from velory.payments.screens.looks import address_of, badge_of, titles_of
from velory.payments.screens.places import tabs
from velory.people.doors import for_admins
from velory.people.models import Person
from velory.ui.files import as_csv
from velory.ui.tables import Table

SORTS = {
    "first": ("waits", "-begun_at"),
    "when": "begun_at",
    "amount": ("currency", "amount"),
    "person": ("person__first_name", "person__last_name"),
    "payee": ("payee__name", "-begun_at"),
}
MONTH = re.compile(r"20\d\d-(0[1-9]|1[0-2])")


class Payments(Table):
    """The payments as the address asks for them."""

    def __init__(self, request):
        super().__init__(request, sorts=SORTS, default="first", filters=["state", "payee", "month"])

    @property
    def attempts(self):
        """Whatever the search and the filters leave."""
        found = Attempt.objects.all()
        if self.q:
            found = found.filter(Q(ref__iexact=self.q) | _paid_with(self.q) | Q(person__in=_people(self.q)))
        if states := self.chosen("state"):
            found = found.in_state(*states)
        if payees := self.chosen("payee"):
            found = found.filter(payee__key__in=payees)
        if months := [month for month in self.chosen("month") if MONTH.fullmatch(month)]:
            asked = Q()
            for month in months:
                asked |= Q(begun_at__gte=(first := _first_moment(month)), begun_at__lt=_next_month(first))
            found = found.filter(asked)
        return found

    def fetch(self):
        """The page's payments, each with what the list shows of it."""
        waits = Case(
            When(pk__in=needing_attention().values("pk"), then=Value(0)), default=1, output_field=IntegerField()
        )
        self.show(self.attempts.with_what_lists_need().annotate(waits=waits))
        titles, moved = titles_of(self.rows), moved_of(self.rows)
        self.shown = [Row(attempt, titles[attempt.pk], moved.get(attempt.pk, {})) for attempt in self.rows]
        return self

    @property
    def states(self) -> list[tuple[str, str]]:
        """The states of the filter."""
        return [(code, str(label)) for code, label in Attempt.State.choices]

    @property
    def payees(self) -> list[tuple[str, str]]:
        """The payees of the filter."""
        return list(Payee.objects.order_by("name").values_list("key", "name"))

    @property
    def months(self) -> list[tuple[str, str]]:
        """The last twelve months, the present one first."""
        first = clock.today().replace(day=1)
        found = []
        for _number in range(12):
            found.append((f"{first:%Y-%m}", date_format(first, "F Y")))
            first = (first - timedelta(days=1)).replace(day=1)
        return found

    @property
    def address_query(self) -> str:
        """The filters as the export takes them."""
        return self.link().partition("?")[2]


class Row:
    """One payment as a line of the list."""

    def __init__(self, attempt, title, moved):
        self.attempt, self.title, self.sums = attempt, title, in_all(moved, attempt.currency)
        self.badge, self.address = badge_of(attempt), address_of(attempt)
        self.waits = attempt.waits == 0


@require_safe
@for_admins
def payments(request):
    """Every payment, what needs attention first."""
    table = Payments(request).fetch()
    page = {"table": table, "sums": sums_of(table.attempts), "tabs": tabs("payments")}
    return render(request, "payments/payments.html", page)


@require_safe
@for_admins
def export_payments(request):
    """The same payments as a file."""
    return as_csv(f"payments-{clock.today()}.csv", rows_of(Payments(request).attempts))


def sums_of(attempts) -> list[dict]:
    """What was paid, refunded and disputed, for each currency by itself: amounts of two are never added."""
    moved = (
        Money.objects.filter(attempt__in=attempts.order_by()).values("currency", "kind").annotate(Sum("amount_minor"))
    )
    found: dict[str, dict[str, int]] = {}
    for row in moved.order_by("currency"):
        found.setdefault(row["currency"], {})[row["kind"]] = row["amount_minor__sum"]
    return [{"currency": currency} | in_all(of, currency) for currency, of in sorted(found.items())]


def moved_of(attempts) -> dict[int, dict[str, int]]:
    """How much of each kind moved for each of some payments, in the smallest unit; one query for all of them."""
    rows = Money.objects.filter(attempt__in=[attempt.pk for attempt in attempts]).order_by()
    found: dict[int, dict[str, int]] = {}
    for row in rows.values("attempt", "kind").annotate(sum=Sum("amount_minor")):
        found.setdefault(row["attempt"], {})[row["kind"]] = row["sum"]
    return found


def in_all(moved: dict[str, int], currency: str) -> dict:
    """Paid, refunded, disputed and what is left of it, in the currency's own unit."""
    paid = moved.get("charge", 0)
    back = moved.get("refund", 0) - moved.get("refund_failed", 0)
    disputed = moved.get("dispute", 0) - moved.get("dispute_won", 0)
    amounts = {"paid": paid, "back": back, "disputed": disputed, "left": paid - back - disputed}
    return {name: from_minor(minor, currency) for name, minor in amounts.items()}


def rows_of(attempts):
    """A heading and a line for each payment, the latest first."""
    yield [
        _("Payment"), _("Begun"), _("What for"), _("Status"), _("Person"), _("E-mail"), _("Payee"), _("Account"),
        _("Currency"), _("Amount"), _("Paid"), _("Refunded"), _("Disputed"), _("Payment intent"), _("Mode"),
    ]  # fmt: skip
    shown = attempts.with_what_lists_need().newest_first()
    for some in _by_hundreds(shown.iterator(chunk_size=500)):
        titles, moved = titles_of(some), moved_of(some)
        for attempt in some:
            sums = in_all(moved.get(attempt.pk, {}), attempt.currency)
            yield [
                attempt.ref, attempt.begun_at, titles[attempt.pk], attempt.get_state_display(),
                attempt.person.get_full_name(), attempt.person.email, attempt.payee.name, attempt.account,
                attempt.currency, from_minor(attempt.amount_minor, attempt.currency),
                sums["paid"], sums["back"], sums["disputed"], attempt.intent_id,
                _("live") if attempt.livemode else _("test"),
            ]  # fmt: skip


def _by_hundreds(attempts):
    some = []
    for attempt in attempts:
        some.append(attempt)
        if len(some) == 500:
            yield some
            some = []
    yield some


def _people(words):
    return Person.objects.matching(words).values("pk")


def _paid_with(words):
    """Whoever copies an id of Stripe's finds its payment."""
    if not re.fullmatch(r"[a-z]{2,4}_\w+", words):
        return Q(pk=None)
    moved = Money.objects.filter(provider_id=words).values("attempt")
    return Q(intent_id=words) | Q(session_id=words) | Q(pk__in=moved)


def _first_moment(month):
    return clock.local(date.fromisoformat(f"{month}-01"), time())


def _next_month(first):
    day = clock.local_date(first)
    return clock.local(day + timedelta(days=monthrange(day.year, day.month)[1]), time())
