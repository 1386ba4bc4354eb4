"""What an order says to its distributor: the same in the letter, to a machine and on the order's page."""

import json
from collections import defaultdict
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from velory import clock
from velory.post.wording import contact
from velory.tenancy.context import current_company


@dataclass(frozen=True)
class Delivery:
    """Where it is delivered: to whom, at which place, under which address."""

    company: str
    attention: str
    place: str
    address: str

    @property
    def lines(self) -> list[str]:
        """As it stands on a parcel."""
        return [line for line in (self.company, self.attention, *(self.address or self.place).splitlines()) if line]


def delivery_of(order) -> Delivery:
    """The address that was asked for, else that of the location; without either that of whoever it is for."""
    receiver = order.request.whose if order.request else None
    location = order.location or (receiver.location if receiver else None)
    return Delivery(
        company=str(current_company()),
        attention=str(receiver or (order.request.requester if order.request else "")),
        place=str(location or ""),
        address=(order.address or (location.address if location else "")).strip(),
    )


def payer_of(device) -> Any:
    """Who gets the invoice for a device: the leasing provider, else the company."""
    return device.open_contract.provider if device.is_leased else current_company()


@dataclass(frozen=True)
class Invoice:
    """Who gets the invoice for which lines."""

    payer: Any
    numbers: list[int]

    @property
    def lines(self) -> str:
        """The numbers as one says them."""
        return ", ".join(map(str, self.numbers))


def invoices_of(lines) -> list[Invoice]:
    """Who gets the invoice, each with the numbers of their lines."""
    found = defaultdict(list)
    for line in lines:
        found[payer_of(line.device)].append(line.number)
    return [Invoice(payer, numbers) for payer, numbers in found.items()]


@dataclass(frozen=True)
class Alike:
    """Lines of the same device, for the same receiver, on the same terms; `line` is the first of them."""

    lines: list

    @property
    def line(self) -> Any:
        """What is said of one is said of all."""
        return self.lines[0]

    @property
    def count(self) -> int:
        """How many there are."""
        return len(self.lines)

    @property
    def numbers(self) -> str:
        """The numbers of the lines, as one says them."""
        return ", ".join(str(line.number) for line in self.lines)


def alike(lines) -> list[Alike]:
    """Lines that read the same stand together; each keeps its number, under which it is reported on."""
    found = defaultdict(list)
    for line in lines:
        found[_reads(line)].append(line)
    return [Alike(same) for same in found.values()]


def _reads(line):
    device, contract = line.device, line.device.open_contract
    terms = (
        (contract.provider, contract.months, contract.acquisition_price, contract.currency)
        if contract
        else (device.purchase_price, device.currency)
    )
    return device.name, line.article_number, str(device.holder or ""), str(device.space or ""), terms


def body_of(order, lines, *, page: str, at) -> bytes:
    """An order as a machine reads it (docs/partners.md)."""
    delivery, company, asks = delivery_of(order), current_company(), contact(at)
    said = {
        "order": order.ref,
        "ordered_at": order.ordered_at.isoformat(),
        "company": {"id": company.slug, "name": company.name, "country": company.country},
        "contact": asks and {"name": asks["name"], "email": asks["address"]},
        "delivery": {
            "company": delivery.company, "attention": delivery.attention, "place": delivery.place,
            "address": delivery.address,
        },
        "report_to": company.address(f"/partners/{order.distributor.ref}/orders/"),
        "page": page,
        "lines": [_line(line) for line in lines],
    }  # fmt: skip
    return json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()


def _line(line):
    device = line.device
    return {
        "line": line.number,
        "article_number": line.article_number,
        "name": device.name,
        "category": device.category.code,
        "quantity": 1,
        "for": _receiver(device),
        "invoice_to": str(payer_of(device)),
        "price": _price(line),
    }


def _receiver(device):
    kind = "person" if device.holder_id else "space" if device.space_id else "company"
    return {"kind": kind, "name": str(device.whose or current_company())}


def _price(line):
    contract = line.device.open_contract
    if contract is None:
        return {"mode": "one_off", "amount": _figure(line.device.purchase_price), "currency": line.device.currency}
    return {
        "mode": "leased", "amount": _figure(contract.acquisition_price), "currency": contract.currency,
        "months": contract.months, "monthly": _figure(contract.monthly_cost),
    }  # fmt: skip


def _figure(amount):
    return None if amount is None else str(amount)


def host_of(url: str) -> str:
    """Where a machine stands, without the path, which may hold a secret."""
    return urlsplit(url).hostname or ""


def ordered_on(order):
    """The company's local date of an order."""
    return clock.local_date(order.ordered_at)
