"""What a personal card bears of a request: how much of each device, and until when it can be paid."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal

from orders.models import ProductRequest, RequestLine, StoreSettings
from velory import clock
from velory.payments.currencies import payable

KIND = "orders.overage"


def part_of(line: RequestLine) -> Decimal:
    """What a card bears of one device, VAT included, as it can be charged."""
    return payable(line.overage_in_all, line.currency)


def to_charge(request: ProductRequest) -> Decimal:
    """What a card bears of a request: the sum of its devices', so that each can go back to the last cent."""
    return sum((part_of(line) for line in request.lines_in_order), Decimal(0))


def days_to_pay() -> int:
    """So many days after the approval the company waits for a payment."""
    return StoreSettings.here().payment_days


def last_day_to_pay(request: ProductRequest, days: int | None = None) -> date:
    """The last local date on which it can be paid; `days` where they were read already."""
    return clock.local_date(request.decided_at or request.sent_at) + timedelta(days=days or days_to_pay())


def pay_until(request: ProductRequest) -> datetime:
    """The moment at which the right to pay ends: the end of the last day."""
    return clock.local(last_day_to_pay(request) + timedelta(days=1), time(0))
