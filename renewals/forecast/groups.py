"""Into which groups the forecast puts devices: when they fall due, what has been said of them, who needs a new one.

Each group is a condition on devices, asked by the forecast that counts and by the list behind the number alike, so
that they can't differ. Every device of the forecast is in exactly one group of each kind.
"""

from datetime import date

from dateutil.relativedelta import relativedelta
from django.db import models
from django.db.models import Case, CharField, F, Func, Q, Value, When
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from assets.lifecycle import PHASES, Status
from assets.models import Device
from renewals.models import Return
from renewals.paths import Path, on_path
from velory.tenancy.context import current_company

MONTHS = 24


class Said(models.TextChoices):
    """What has been said about a device at the end of its time: preliminarily, for good, or nothing yet."""

    BUY_OUT = "buy_out", pgettext_lazy("forecast", "Buy-out")
    PRELIMINARY_BUY_OUT = "preliminary_buy_out", _("Preliminary buy-out")
    RETURN = "return", pgettext_lazy("forecast", "Return")
    PRELIMINARY_RETURN = "preliminary_return", _("Preliminary return")
    STARTED = "started", _("Process started")
    TRADE_IN = "trade_in", _("Trade-in")
    NOTHING = "nothing", _("Not chosen yet")


EXPECTED_BUY_OUTS = (Said.BUY_OUT, Said.PRELIMINARY_BUY_OUT)
EXPECTED_RETURNS = (Said.RETURN, Said.PRELIMINARY_RETURN)


class Apart(models.TextChoices):
    """What stands in no month of the forecast."""

    OVERDUE = "overdue", _("Overdue")
    EARLIER = "earlier", _("Earlier, leaving or in repair")
    LATER = "later", pgettext_lazy("forecast", "Later")
    MISSING = "missing", _("Renewal date missing")

    @property
    def words(self) -> str:
        """What it is called; where the company has no repairs they are not spoken of."""
        if self == Apart.EARLIER and not current_company().has("repair_flow"):
            return str(_("Earlier or leaving"))
        return str(self.label)


# Which devices


def on_the_way(today: date):
    """The devices of the forecast: in the house with a renewal date, or in use without one."""
    return Device.objects.in_the_house().filter(Q(renewal_on__isnull=False) | Q(status__in=PHASES["in use"]))


# When they fall due


def months_from(today: date) -> list[date]:
    """The first days of the months of the forecast; the first is the present month's."""
    return [today.replace(day=1) + relativedelta(months=n) for n in range(MONTHS)]


def code_of(month: date) -> str:
    """What a month is called in addresses and files: 2026-12."""
    return f"{month:%Y-%m}"


def months_named(today: date) -> list[tuple[str, str]]:
    """Every group of renewal dates with its words, as they follow upon each other."""
    words = [(code_of(month), date_format(month, "YEAR_MONTH_FORMAT")) for month in months_from(today)]
    first, last = [Apart.OVERDUE, Apart.EARLIER], [Apart.LATER, Apart.MISSING]
    return [*((apart.value, apart.words) for apart in first), *words, *((apart.value, apart.words) for apart in last)]


def due_in(today: date) -> dict[str, Q]:
    """The condition of each group of renewal dates. Overdue is what is in use beyond its date, in whichever month."""
    months = months_from(today)
    overdue = Q(renewal_on__lt=today, status__in=PHASES["in use"])
    found = {
        Apart.OVERDUE.value: overdue,
        Apart.EARLIER.value: Q(renewal_on__lt=months[0]) & ~overdue,
        Apart.LATER.value: Q(renewal_on__gte=months[-1] + relativedelta(months=1)),
        Apart.MISSING.value: Q(renewal_on=None),
    }
    for month in months:
        in_it = Q(renewal_on__gte=month, renewal_on__lt=month + relativedelta(months=1))
        found[code_of(month)] = in_it & ~overdue if month == months[0] else in_it
    return found


def when_due(today: date) -> Case:
    """The same as an expression: the group of each device."""
    conditions = due_in(today)
    apart = [When(conditions[group], then=Value(group)) for group in Apart.values]
    month = Func(F("renewal_on"), Value("YYYY-MM"), function="to_char")
    return Case(*apart, default=month, output_field=CharField())


# What has been said


def said() -> dict[str, Q]:
    """The condition of each choice. After the start of an external renewal nobody here knows how it ends."""
    external, pending = on_path(Path.EXTERNAL), Q(status=Status.RETURN_PENDING)
    return {
        Said.BUY_OUT.value: Q(status__in=[Status.PENDING_BUYOUT, Status.BOUGHT_BY_EMPLOYEE]),
        Said.PRELIMINARY_BUY_OUT.value: Q(status=Status.PRELIMINARY_BUYOUT),
        Said.STARTED.value: pending & external,
        Said.RETURN.value: Q(status__in=[Status.TO_RETURN, Status.RETURNED]) | pending & ~external,
        Said.PRELIMINARY_RETURN.value: Q(status=Status.PRELIMINARY_RETURN),
        Said.TRADE_IN.value: Q(status=Status.TRADE_IN),
        Said.NOTHING.value: Q(
            status__in=[Status.ACTIVE, Status.NEEDS_REPAIR, *PHASES["repair"], *PHASES["delivery"]]
        ),
    }  # fmt: skip


def what_is_said() -> Case:
    """The same as an expression."""
    return _either(said(), default=Said.NOTHING.value)


def which_path() -> Case:
    """The path of each device as an expression; empty where it follows none."""
    return _either({path.value: on_path(path) for path in Path}, default="")


def _either(conditions, *, default):
    whens = [When(condition, then=Value(code)) for code, condition in conditions.items()]
    return Case(*whens, default=Value(default), output_field=CharField())


# Who needs a new one


def to_replace() -> Q:
    """Somebody has it, and what replaces it has not come yet."""
    replaced = Return.objects.filter(replacement__isnull=False).values("device_id")
    return (Q(holder__isnull=False) | Q(space__isnull=False)) & ~Q(pk__in=replaced) & Q(renewal_on__isnull=False)


# Lists


def narrowed(devices, *, today: date, months=(), choices=(), replacing=False):
    """Devices of some groups: what a list shows behind a number. Groups that do not exist narrow nothing."""
    for conditions, chosen in ((due_in(today), months), (said(), choices)):
        if wanted := [conditions[code] for code in chosen if code in conditions]:
            devices = devices.filter(_any(wanted))
    return devices.filter(to_replace()) if replacing else devices


def _any(conditions):
    found = Q()
    for condition in conditions:
        found |= condition
    return found
