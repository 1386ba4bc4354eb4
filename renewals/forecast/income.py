"""What the buy-outs that holders have spoken for bring, and to whom: from the same rules as the price on the page.

Bought or about to be: the price that was promised. Preliminary: the estimated value. Constant in queries.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from renewals.forecast import groups
from renewals.forecast.groups import EXPECTED_BUY_OUTS, Said
from renewals.models import Policy, Quote
from renewals.paths import Path, path_of, with_what_a_path_needs
from renewals.quotes import price_on
from renewals.terms import terms_of_each
from velory.journal.reason import Reason
from velory.tenancy.context import current_company


@dataclass(frozen=True)
class Income:
    """What one buy-out brings its payee, VAT included; no amount where the price cannot be worked out."""

    when: str
    path: str
    payee: str
    currency: str = ""
    amount: Decimal | None = None


def expected_income(*, today: date) -> Iterator[Income]:
    """One for each device that its holder wants to buy or has bought; of external ones we know nothing."""
    devices = groups.narrowed(groups.on_the_way(today), today=today, choices=EXPECTED_BUY_OUTS)
    devices = list(with_what_a_path_needs(devices.annotate(when=groups.when_due(today), said=groups.what_is_said())))
    terms, promised = _terms(devices), _promised(devices)
    for device in devices:
        path = path_of(device)
        if path is None or path == Path.EXTERNAL:
            continue
        price = promised.get((device.pk, device.renewal_on)) if device.said == Said.BUY_OUT else None
        price = price or _price(device, terms[device.pk])
        known = {} if price is None else {"currency": price.currency, "amount": price.total}
        yield Income(device.when, path.value, _whose_account(device, path), **known)


def _whose_account(device, path: Path) -> str:
    """Whose account a buy-out is paid to: the leasing provider's, or the company's own."""
    if path == Path.LEASED:
        return str(device.open_contract.provider or "")
    return current_company().name


def _promised(devices):
    """The last quote of each device at its renewal date."""
    bought = [device.pk for device in devices if device.said == Said.BUY_OUT]
    quotes = Quote.objects.filter(device__in=bought).order_by("made_at", "pk")
    return {(quote.device_id, quote.renewal_on): quote for quote in quotes}


def _terms(devices):
    """Each device's terms, with what a renewal left open filled in from the policy of today, as the price does."""
    found, residual = terms_of_each(devices), Policy.here().residual_percent
    for terms in found.values():
        if terms.residual_percent is None:
            terms.residual_percent = residual
    return found


def _price(device, terms):
    if _would_ask_again(device, terms):
        return None
    price = price_on(device, terms)
    return None if isinstance(price, Reason) else price


def _would_ask_again(device, terms) -> bool:
    """What is missing here is missing for good: no further query for each device."""
    if device.buyout_price is not None:
        return False
    if device.is_leased:
        return terms.residual_percent is None and device.open_contract.residual_percent is None
    return terms.depreciation_months is None
