"""Reporting on an order at the keyboard: one page, for its distributor behind the link or an admin in its stead."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import Http404
from django.shortcuts import render
from django.utils.translation import gettext as _

from assets.lifecycle import OPEN_DELIVERY, Status
from orders.models import Order, Report
from orders.ordering.wording import alike
from orders.reports.applying import take_in
from orders.reports.facts import Odd, fact_of
from orders.reports.filled import Filled
from orders.reports.history import history_of
from orders.reports.lines import UNDER_WAY
from orders.reports.notes import DONE, in_words
from orders.reports.pasting import words_of
from velory import clock
from velory.people.limits import may_knock
from velory.post.wording import contact
from velory.ui.inputs import whole_number
from velory.ui.steps import see_other

DOOR = "report"


@dataclass(frozen=True)
class Desk:
    """Who reports on which order, and where: `address` is the page's own, `door` counts how often it is knocked at."""

    order: Order
    by: Any
    way: str
    address: str
    frame: str
    door: str
    valid_until: datetime | None = None

    @property
    def is_partners(self) -> bool:
        """Whether it is the distributor's own."""
        return self.way == Report.Way.PAGE

    def lines(self):
        """The order's lines with all that the page shows of them; no further query a line."""
        found = self.order.lines.select_related(
            "device__category", "device__holder", "device__space", "device__contract__provider", "request_line"
        )
        return list(found.order_by("number"))


def answer(request, desk: Desk, deed: str):
    """The page, or one of its deeds."""
    if request.method == "POST" and not may_knock(DOOR, request, desk.door):
        return _page(request, desk, _filled(request, desk), too_often=True, status=429)
    if deed == "cancel":
        return _cancel(request, desk)
    if deed:
        raise Http404
    return _save(request, desk) if request.method == "POST" else _page(request, desk, _filled(request, desk))


def _filled(request, desk):
    if request.method != "POST":
        return Filled(desk.order, desk.lines())
    cancels = "cancel" in request.POST
    return Filled(desk.order, desk.lines(), request.POST, request.FILES, needs_number=not cancels)


def _save(request, desk):
    filled = _filled(request, desk)
    if not filled.is_valid():
        return _page(request, desk, filled, status=422)
    body, refused = filled.body(), filled.refused
    report = take_in(desk.order, body, way=desk.way, by=desk.by, at=clock.now()) if body else None
    if refused:
        return _with_what_was_refused(request, desk, report, filled)
    if number := whole_number(request.POST.get("cancel", ""), digits=3):
        return see_other(f"{desk.address}cancel/?line={number}")
    return see_other(f"{desk.address}?saved={report.ref if report else ''}")


def _with_what_was_refused(request, desk, report, filled):
    """What could be taken is saved; the rest stands in the box as it was written, each row with its reason."""
    desk = Desk(**vars(desk) | {"order": _again(desk.order)})
    fresh = Filled(desk.order, desk.lines())
    fresh.pasted = "\n".join(row.text for row in filled.refused)
    taken = sum(not row.fault for row in filled.rows)
    return _page(request, desk, fresh, report=report, refused=filled.refused, taken=taken, status=422)


def _again(order):
    return Order.objects.select_related("distributor", "location", "request").get(pk=order.pk)


def _page(request, desk, filled, *, report=None, refused=(), taken=0, too_often=False, status=200):
    report = report or _saved(request, desk.order)
    context = _about(desk, filled.lines) | {
        "filled": filled, "shown": [(line, filled.forms.get(line.number)) for line in filled.lines],
        "report": report, "wrong": _wrong(filled), "refused_rows": refused, "taken": taken, "too_often": too_often,
        "odd": [in_words(note) for note in report.said if note["code"] not in DONE] if report else [],
        "proposed": sum(note["code"] == "proposed" for note in report.said) if report else 0,
        "history": history_of(desk.order, filled.lines), "saved": "saved" in request.GET and not filled.is_bound,
        "is_open": any(line.device.status in UNDER_WAY for line in filled.lines), "cancellable": OPEN_DELIVERY,
        "alike": _alike(filled.lines),
    }  # fmt: skip
    return render(request, "orders/reports/page.html", context, status=status)


def _alike(lines):
    """What is ordered in short, where lines read the same; else they say it best themselves."""
    found = alike([line for line in lines if line.device.status != Status.CANCELLED])
    return found if any(same.count > 1 for same in found) else []


def _about(desk, lines):
    order = desk.order
    return {
        "desk": desk, "order": order, "distributor": order.distributor, "address": desk.address,
        "base": desk.frame, "contact": contact(clock.now()), "bills": bills_of(lines),
        "last_saved": order.reports.order_by("-received_at", "-pk").values_list("received_at", flat=True).first(),
    }  # fmt: skip


def _saved(request, order):
    """The message that was just saved, as the address says."""
    ref = request.GET.get("saved", "")
    return order.reports.filter(ref=ref).first() if ref.isascii() and ref.isprintable() and 0 < len(ref) < 13 else None


def _wrong(filled):
    """How many fields need another look, for the note at the head of the page."""
    forms = (filled.number, filled.same, *filled.forms.values())
    return sum(len(form.errors) for form in forms) if filled.is_bound else 0


def bills_of(lines) -> list[tuple[Any, list[int]]]:
    """Who is invoiced for which lines: the leasing provider of a leased device, else (None) the company."""
    found: dict[Any, list[int]] = {}
    for line in lines:
        contract = getattr(line.device, "contract", None)
        found.setdefault(contract.provider if contract else None, []).append(line.number)
    return list(found.items())


# A device that can't be delivered


def _cancel(request, desk):
    """What follows is said before it is asked for; the reason stands with the device."""
    number = whole_number(request.POST.get("line") or request.GET.get("line", ""), digits=3)
    line = next((line for line in desk.lines() if line.number == number), None)
    if line is None:
        raise Http404
    why = " ".join(request.POST.get("why", "").split())
    if line.device.status not in OPEN_DELIVERY:
        return _ask(request, desk, line, why, status=200 if request.method == "GET" else 409)
    if request.method != "POST":
        return _ask(request, desk, line, why)
    if fault := _fault_of(why):
        return _ask(request, desk, line, why, fault=fault, status=422)
    said = {"line": line.number, "status": str(Status.CANCELLED), "reason": why}
    report = take_in(desk.order, {"lines": [said]}, way=desk.way, by=desk.by, at=clock.now())
    return see_other(f"{desk.address}?saved={report.ref}")


def _fault_of(why):
    try:
        return "" if fact_of("reason", why) else _("Write why it can't be delivered.")
    except Odd as odd:
        return words_of(odd)


def _ask(request, desk, line, why, *, fault="", status=200):
    context = _about(desk, [line]) | {
        "line": line, "device": line.device, "why": why, "fault": fault,
        "is_open": line.device.status in OPEN_DELIVERY,
    }  # fmt: skip
    return render(request, "orders/reports/cancel.html", context, status=status)
