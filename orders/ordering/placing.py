"""An approved request becomes orders: one for each distributor, a device in `ordered` for each line (spec 3)."""

from collections import defaultdict

from dateutil.relativedelta import relativedelta
from django.db import connection

from assets.lifecycle import Status
from assets.models import Contract, Device, Holding
from orders.models import Order, OrderLine, ProductRequest
from orders.ordering.channels import ways_to
from orders.ordering.letters import DISPATCH
from velory import clock
from velory.agenda import book
from velory.journal.models import Entry
from velory.journal.steps import entry_for, follow
from velory.references import references

NAME = 120  # characters of a device's name


def place(request: ProductRequest, *, at) -> list[Order]:
    """One order for each distributor of an approved request, and a device for each line; in the caller's transaction,
    which holds the request. A second time they are those of the first."""
    assert connection.in_atomic_block, "place() needs the approval's transaction"
    placed = list(request.orders.select_related("distributor"))
    if placed:
        return placed
    lines = _by_distributor(request)
    orders = _orders(request, list(lines), at=at)
    devices = {line.pk: _device(request, line, at=at) for its in lines.values() for line in its}
    _write_devices(request, lines, devices, at=at)
    written = [
        OrderLine(
            order=order, number=number, device=devices[line.pk], request_line=line, article_number=line.article_number
        )
        for order in orders
        for number, line in enumerate(lines[order.distributor], start=1)
    ]
    OrderLine.objects.bulk_create(written)
    _tell_the_journal(request, orders, written, at=at)
    follow(Device, "order", list(devices.values()), at=at)
    follow(Order, "place", orders, at=at)
    book.put_many(DISPATCH, [order.ref for order in orders], at)
    return orders


def _by_distributor(request):
    found = defaultdict(list)
    for line in request.lines.select_related("category", "distributor", "provider").order_by("number"):
        line.request = request
        found[line.distributor].append(line)
    return found


def _orders(request, distributors, *, at):
    refs, ways = references(Order, "VO", len(distributors)), ways_to(distributors)
    return Order.objects.bulk_create(
        Order(
            ref=ref, request=request, distributor=distributor, way=ways[distributor.pk], location=request.location,
            address=request.address, ordered_at=at, version=1,
        )
        for ref, distributor in zip(refs, distributors, strict=True)
    )  # fmt: skip


def _device(request, line, *, at):
    """What is bought once has its price; of what is leased the price stands in the contract, as in an import."""
    today, person = clock.local_date(at), request.person
    return Device(
        status=Status.ORDERED, version=1, name=line.name[:NAME], category=line.category, distributor=line.distributor,
        holder=person, space=request.space, currency=line.currency,
        purchase_price=None if line.is_monthly else line.amount, purchased_on=today,
        renewal_on=_renewal_on(line, today), payor=Device.Payor.COMPANY,
        payor_cost_centre=person.cost_centre if person else "", registered_at=at,
    )  # fmt: skip


def _renewal_on(line, today):
    """The day of the order and the budget's period; without a budget that of the lease; else none."""
    months = line.renewal_months or (line.months if line.is_monthly else None)
    return today + relativedelta(months=months) if months else None


def _contract(line, device):
    return Contract(
        device=device, provider=line.provider, starts_on=device.purchased_on, months=line.months,
        monthly_cost=line.amount, acquisition_price=line.acquisition_price, residual_percent=line.residual_percent,
        currency=line.currency,
    )  # fmt: skip


def _write_devices(request, lines, devices, *, at):
    for device, ref in zip(devices.values(), references(Device, "D", len(devices)), strict=True):
        device.ref = ref
    Device.objects.bulk_create(devices.values())
    if request.whose is not None:
        Holding.objects.bulk_create(
            Holding(device=device, person=device.holder, space=device.space, from_at=at) for device in devices.values()
        )
    leased = [line for its in lines.values() for line in its if line.is_monthly]
    Contract.objects.bulk_create(_contract(line, devices[line.pk]) for line in leased)
    for line in (line for its in lines.values() for line in its if not line.is_monthly):
        devices[line.pk]._state.fields_cache["contract"] = None  # known to have none: who follows need not ask


def _tell_the_journal(request, orders, lines, *, at):
    """Ordered by whoever asked for it: the answer stands in the request's own journal."""
    by = request.requester
    role = "admin" if by.is_admin else "requester"
    entries = [
        entry_for(order, "place", by=by, role=role, at=at, details={
            "request": request.ref, "distributor": order.distributor, "to": _to(request),
            "devices": sum(line.order is order for line in lines),
        })
        for order in orders
    ]  # fmt: skip
    entries += [
        entry_for(line.device, "order", by=by, role=role, at=at, details={
            "order": line.order.ref, "request": request.ref, "distributor": line.order.distributor, "to": _to(request),
        })
        for line in lines
    ]  # fmt: skip
    Entry.objects.bulk_create(entries)


def _to(request) -> str:
    return str(request.whose or "")
