"""What a buy-out costs: worked out from the terms that hold for the device, and stored when it is promised.

A quote is never changed. While it is valid and nothing that went in has changed it stands; else there is a new one.
"""

from datetime import timedelta

from django.utils.translation import gettext as _

from renewals import sums
from renewals.models import Depreciation, Policy, Quote, Terms
from renewals.paths import Path, closed, path_of
from renewals.sums import Sum
from renewals.terms import terms_of
from velory import clock
from velory.journal.reason import Reason
from velory.payments import currencies
from velory.tenancy.context import current_company
from velory.vat import standard_rate


def price_on(device, terms: Terms) -> Sum | Reason:
    """What a device costs its holder on some terms as a sum, or what is missing and who sets it. Writes nothing."""
    path = path_of(device)
    if path == Path.EXTERNAL:
        return Reason("other_path", _("Returning or buying it out is between the holder and the distributor."))
    reason = closed(path, current_company())
    if reason:
        return reason
    found = WAYS["custom" if device.buyout_price is not None else str(path)](device, terms)
    return found if isinstance(found, Reason) else _too_little_or_too_much(found) or found


def quote_shown(device, *, at) -> Quote | Reason:
    """What a page shows: the quote that holds, or the one that would be made now. Writes nothing."""
    terms = terms_of(device)
    price = price_on(device, terms)
    if isinstance(price, Reason):
        return price
    return _standing(device, price, at=at) or _made(device, price, terms, at=at)


def quote_for(device, *, at) -> Quote | Reason:
    """The quote that holds, else a new one, stored. The caller holds the device's row."""
    quote = quote_shown(device, at=at)
    if isinstance(quote, Quote) and quote.pk is None:
        quote.save(force_insert=True)
    return quote


def _standing(device, price, *, at):
    last = Quote.objects.filter(device=device, renewal_on=device.renewal_on).order_by("-made_at", "-pk").first()
    today = clock.local_date(at)
    fits = last and last.basis == price.basis and last.inputs == price.inputs and last.valid_until >= today
    return last if fits else None


def _made(device, price, terms, *, at):
    return Quote(
        device=device, renewal_on=device.renewal_on, basis=price.basis, made_at=at, currency=price.currency,
        valid_until=clock.local_date(at) + timedelta(days=terms.quote_valid_days), inputs=price.inputs,
        steps=list(price.steps), net=price.net, vat_percent=price.vat_percent, vat=price.vat, total=price.total,
    )  # fmt: skip


# The three ways to a price


def _leased(device, terms):
    contract = device.open_contract
    provider = contract.provider.name if contract.provider_id else ""
    percent = contract.residual_percent
    if percent is None:
        percent = terms.residual_percent if terms.residual_percent is not None else Policy.here().residual_percent
    if contract.acquisition_price is None or percent is None:
        return _missing_in_lease(contract.acquisition_price is None, percent is None)
    currency, fee = contract.currency or _currency(device), terms.service_fee or None
    if fee and currency != current_company().currency:
        return _two_currencies(currency)
    vat = _vat(terms)
    return vat if isinstance(vat, Reason) else sums.leased(
        currency=currency, acquisition_price=contract.acquisition_price, residual_percent=percent, fee=fee,
        vat_percent=vat, provider=provider, starts_on=contract.starts_on,
    )  # fmt: skip


def _one_off(device, terms):
    if device.purchase_price is None or device.purchased_on is None:
        return _missing_of_purchase(device.purchase_price is None, device.purchased_on is None)
    months, floor = terms.depreciation_months, terms.floor_percent
    if months is None:
        table = Depreciation.objects.filter(category_id=device.category_id).first()
        months, floor = (table.months, table.floor_percent) if table else (None, None)
    if months is None:
        text = _("It is not set yet how the worth of %(category)s falls. That is done under Settings.")
        return _missing(text % {"category": str(device.category).lower()})
    vat = _vat(terms)
    return vat if isinstance(vat, Reason) else sums.one_off(
        currency=_currency(device), purchase_price=device.purchase_price, purchased_on=device.purchased_on,
        as_of=device.renewal_on, months=months, floor_percent=floor, vat_percent=vat,
    )  # fmt: skip


def _custom(device, terms):
    vat = _vat(terms)
    currency = (device.open_contract.currency if device.is_leased else "") or _currency(device)
    return vat if isinstance(vat, Reason) else sums.custom(
        currency=currency, price=device.buyout_price, vat_percent=vat
    )  # fmt: skip


WAYS = {Path.LEASED.value: _leased, Path.ONE_OFF.value: _one_off, "custom": _custom}


def _currency(device):
    return device.currency or current_company().currency


def _vat(terms):
    percent = terms.vat_percent if terms.vat_percent is not None else standard_rate(current_company().country)
    return percent if percent is not None else _missing(_("The VAT percent is missing. It is set under Settings."))


# What is in the way of a price


def _missing(text):
    return Reason("price_missing", text, who=_("an admin"))


def _missing_in_lease(price, percent):
    if price and percent:
        return _missing(
            _("The acquisition price and the residual percent are missing. They are set in the device's facts.")
        )
    if price:
        return _missing(_("The acquisition price is missing. It is set in the device's facts."))
    return _missing(_("The residual percent is missing. It is set in the device's facts or under Settings."))


def _missing_of_purchase(price, day):
    if price and day:
        return _missing(_("The purchase price and the purchase date are missing. They are set in the device's facts."))
    if price:
        return _missing(_("The purchase price is missing. It is set in the device's facts."))
    return _missing(_("The purchase date is missing. It is set in the device's facts."))


def _two_currencies(currency):
    text = _(
        "The lease is in %(currency)s and the service fee in %(fee)s: they don't add up. A price of its own can be set."
    ) % {"currency": currency, "fee": current_company().currency}
    return Reason("two_currencies", text, who=_("an admin"))


def _too_little_or_too_much(price):
    minor = currencies.to_minor(price.total, price.currency)
    if minor < currencies.least(price.currency):
        text = _("The price is %(price)s, too little to be paid by card. A price of its own can be set.")
    elif minor > currencies.MOST:
        text = _("The price is %(price)s, too much to be paid by card. A price of its own can be set.")
    else:
        return None
    return Reason("price_not_payable", text % {"price": price.paid}, who=_("an admin"))
