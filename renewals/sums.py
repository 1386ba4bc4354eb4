"""A price as a sum that a person can follow: what went in, each step, what comes out. Decimal, never float.

Every amount that is shown is rounded, half up, to the decimals of its currency, and what comes out is the total of
what is shown. Nothing here reads or writes a row.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from babel.numbers import get_currency_precision
from dateutil.relativedelta import relativedelta
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from velory.payments import currencies
from velory.ui.dates import day_short
from velory.ui.money import money

HUNDRED = Decimal(100)


def smallest(currency: str) -> Decimal:
    """The smallest amount of a currency that can be paid and that people write: 0.01, or 1 where it has no decimals."""
    return max(currencies.step(currency), Decimal(1).scaleb(-get_currency_precision(currency)))


def rounded(amount: Decimal, currency: str) -> Decimal:
    """An amount as it can be paid, rounded half up."""
    return amount.quantize(smallest(currency), rounding=ROUND_HALF_UP)


def plainly(number: Decimal) -> str:
    """A number as it is stored and compared: 12 and 12.00 are the same."""
    return format(number.normalize(), "f")


@dataclass(frozen=True)
class Line:
    """One line of a sum as it is read: a label, how it comes about, and its amount in words."""

    label: str
    how: str
    amount: str
    kind: str = ""  # "line": a subtotal; "total"


class Followable:
    """What a sum and a stored quote have in common: steps, net, VAT and total in one currency."""

    steps: Any
    currency: Any
    net: Any
    vat_percent: Any
    vat: Any
    total: Any

    @property
    def lines(self) -> list[Line]:
        """The sum from the first line to what is paid, in the reader's language."""
        return [*self._steps(), *self._ending()]

    @property
    def paid(self) -> str:
        """What is paid, in words."""
        return money(self.total, self.currency)

    @property
    def fingerprint(self) -> str:
        """What a person has seen of the price: the form sends it back, so that a price never changes unseen."""
        return f"{plainly(self.total)} {self.currency}"

    def _steps(self) -> Iterator[Line]:
        for step in self.steps:
            label, how = WORDS[step["code"]](step["facts"], self.currency)
            yield Line(label, how, money(abs(Decimal(step["amount"])), self.currency))

    def _ending(self) -> Iterator[Line]:
        yield Line(_("Price before VAT"), "", money(self.net, self.currency), "line")
        vat = _("+ VAT, %(percent)s %%") % {"percent": in_words(self.vat_percent)}
        yield Line(vat, "", money(self.vat, self.currency))
        yield Line(_("You pay"), "", self.paid, "total")


@dataclass(frozen=True)
class Sum(Followable):
    """A price that has been worked out and is not stored. `steps` is as in a quote, amounts as text before VAT."""

    basis: str
    currency: str
    inputs: dict = field(default_factory=dict)
    steps: tuple = ()
    net: Decimal = Decimal(0)
    vat_percent: Decimal = Decimal(0)
    vat: Decimal = Decimal(0)
    total: Decimal = Decimal(0)


def added_up(basis, currency, *, steps, net, vat_percent, inputs) -> Sum:
    """The end of every sum: VAT on what stands before it."""
    vat = rounded(net * vat_percent / HUNDRED, currency)
    known = {name: _plain(value) for name, value in inputs.items()}
    known |= {"vat_percent": plainly(vat_percent), "currency": currency}
    return Sum(basis, currency, known, tuple(steps), net, vat_percent, vat, net + vat)


def step(code: str, amount: Decimal, **facts) -> dict:
    """One step of a sum, as it is stored."""
    return {"code": code, "facts": {name: _plain(value) for name, value in facts.items()}, "amount": str(amount)}


def _plain(value):
    if isinstance(value, Decimal):
        return plainly(value)
    return value.isoformat() if isinstance(value, date) else value


# The three ways to a price before VAT


def leased(*, currency, acquisition_price, residual_percent, fee, vat_percent, provider="", starts_on=None) -> Sum:
    """Acquisition price × residual percent, and the service fee where there is one."""
    price = rounded(acquisition_price, currency)
    residual = rounded(price * residual_percent / HUNDRED, currency)
    steps = [
        step("acquisition", price, starts_on=starts_on),
        step("residual", residual, percent=residual_percent, of=price, provider=provider),
    ]
    net = residual
    if fee:
        steps.append(step("fee", rounded(fee, currency)))
        net += rounded(fee, currency)
    inputs = {"acquisition_price": acquisition_price, "residual_percent": residual_percent, "fee": fee}
    return added_up("leased", currency, steps=steps, net=net, vat_percent=vat_percent, inputs=inputs)


def one_off(*, currency, purchase_price, purchased_on, as_of, months, floor_percent, vat_percent) -> Sum:
    """The purchase price less what the device has lost: in a straight line over so many months down to the floor."""
    price = rounded(purchase_price, currency)
    age = min(whole_months(purchased_on, as_of), months)
    lost = rounded(price * (HUNDRED - floor_percent) * age / (HUNDRED * months), currency)
    steps = [
        step("purchase", price, purchased_on=purchased_on),
        step("depreciation", -lost, of=price, age=age, months=months, floor_percent=floor_percent, as_of=as_of),
    ]
    inputs = {
        "purchase_price": purchase_price, "purchased_on": purchased_on, "as_of": as_of, "months": months,
        "floor_percent": floor_percent,
    }  # fmt: skip
    return added_up("one_off", currency, steps=steps, net=price - lost, vat_percent=vat_percent, inputs=inputs)


def custom(*, currency, price, vat_percent) -> Sum:
    """What an admin has set for this one device."""
    net = rounded(price, currency)
    return added_up(
        "custom", currency, steps=[step("custom", net)], net=net, vat_percent=vat_percent, inputs={"price": price}
    )


def whole_months(since: date, until: date) -> int:
    """How many calendar months have gone by, each counted from the first day and clamped to the month's end."""
    number = max((until.year - since.year) * 12 + until.month - since.month, 0)
    return number - 1 if number and since + relativedelta(months=number) > until else number


# The words of each step: its label, and how it comes about


def in_words(number) -> str:
    """A number in the reader's language, without decimals that say nothing: 12, 25.5, 25,5."""
    return number_format(plainly(Decimal(number)), use_l10n=True)


def _acquisition(facts, currency):
    began = facts.get("starts_on")
    how = _("When the lease began, %s") % day_short(date.fromisoformat(began)) if began else ""
    return _("Acquisition price"), how


def _residual(facts, currency):
    label = _("Residual value, %(percent)s %%") % {"percent": in_words(facts["percent"])}
    how = f"{_bare(facts['of'], currency)} × {in_words(facts['percent'])} %"
    if facts.get("provider"):
        how = _("%(sum)s, agreed with %(provider)s") % {"sum": how, "provider": facts["provider"]}
    return label, how


def _fee(facts, currency):
    return _("+ Service fee"), ""


def _purchase(facts, currency):
    return _("Purchase price"), _("Bought on %s") % day_short(date.fromisoformat(facts["purchased_on"]))


def _depreciation(facts, currency):
    said = {
        "price": _bare(facts["of"], currency), "age": facts["age"], "months": facts["months"],
        "falls": in_words(HUNDRED - Decimal(facts["floor_percent"])), "floor": in_words(facts["floor_percent"]),
        "day": day_short(date.fromisoformat(facts["as_of"])),
    }  # fmt: skip
    label = _("− Depreciation, %(age)s of %(months)s months") % said
    how = _("%(price)s × %(falls)s %% × %(age)s ÷ %(months)s: down to %(floor)s %%, by its age on %(day)s") % said
    return label, how


def _custom(facts, currency):
    return _("Price set by an admin"), _("For this device alone")


def _bare(amount, currency):
    return number_format(str(rounded(Decimal(amount), currency)), use_l10n=True, force_grouping=True)


WORDS = {
    "acquisition": _acquisition,
    "residual": _residual,
    "fee": _fee,
    "purchase": _purchase,
    "depreciation": _depreciation,
    "custom": _custom,
}
