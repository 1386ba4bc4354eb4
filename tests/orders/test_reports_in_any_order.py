"""Whatever the order in which a distributor's messages come, they end the same (R80-R82, FI-30)."""

from math import factorial

import pytest
from django.db import transaction

from assets.models import Device
from orders.models import Deduction, LedgerLine, ProposedDevice, Report
from orders.reports.applying import WAITING, OtherBody
from tests.orders.reporting import a_sent_order, devices, hears, said
from velory import clock
from velory.agenda import book
from velory.agenda.models import Due
from velory.journal.models import Entry

CONFIRM = {"order_number": "SO-5518207"}
PREPARING = {"lines": [{"line": 1, "status": "preparing", "expected_on": "2026-11-26"}]}
BACKORDERED = {"lines": [{"line": 1, "status": "backordered", "expected_on": "2026-12-09"}]}
SHIPPED = {
    "lines": [
        {
            "line": 1, "status": "shipped", "tracking_number": "00573132204184615722",
            "tracking_url": "https://tracking.postnord.com/?id=00573132204184615722", "serial": "R5CX309KTWA",
            "imei": "356877800639438",
        }
    ]
}  # fmt: skip
DELIVERED = {"lines": [{"line": 1, "status": "delivered"}]}
CANCELLED = {"lines": [{"line": 1, "status": "cancelled", "reason": "No longer made"}]}

HISTORIES = {
    "a late cancellation": [CONFIRM, PREPARING, BACKORDERED, SHIPPED, DELIVERED, CANCELLED],
    "no cancellation": [CONFIRM, PREPARING, BACKORDERED, PREPARING, SHIPPED, DELIVERED],
    "a cancellation in the middle": [CONFIRM, PREPARING, CANCELLED, BACKORDERED, SHIPPED, DELIVERED],
    "a cancellation before all": [CANCELLED, CONFIRM, PREPARING, BACKORDERED, SHIPPED, DELIVERED],
    "a late cancellation and a word after it": [CONFIRM, BACKORDERED, CANCELLED, BACKORDERED, PREPARING, CONFIRM],
}
ENDS = {
    "a late cancellation": "delivered", "no cancellation": "delivered", "a cancellation in the middle": "cancelled",
    "a cancellation before all": "cancelled", "a late cancellation and a word after it": "cancelled",
}  # fmt: skip


def state_of(order):
    """Everything that the messages may change: devices, lines, the order, money, what waits for an admin."""
    order = type(order).objects.get(pk=order.pk)
    facts = ("status", "serial", "imei", "tracking_number", "tracking_url", "holder_id")
    return {
        "order": (order.status, order.number, order.heard),
        "devices": list(Device.objects.filter(order_line__order=order).order_by("pk").values_list(*facts)),
        "lines": list(order.lines.order_by("number").values_list("number", "expected_on", "heard")),
        "reports": sorted(
            (ref, outcome, outcome != "waiting" and said)  # for which one it waits is written anew in the end
            for ref, outcome, said in order.reports.values_list("message_id", "outcome", "said")
        ),
        "steps": sorted(Entry.objects.filter(about_type="assets.device").values_list("step", "went_to")),
        "ledger": LedgerLine.objects.count(), "deductions": Deduction.objects.count(),
        "proposed": ProposedDevice.objects.count(),
    }  # fmt: skip


def ends_of(order, messages, *, done=(), seen):
    """Where every order in which some messages can come ends: (how many orders, the state). Two beginnings that lead to
    the same rows with the same messages to come lead on to the same ends: the second is only counted."""
    now = state_of(order)
    if not messages:
        yield 1, now
        return
    if now in seen.setdefault(frozenset(one["sequence"] for one in done), []):
        yield factorial(len(messages)), None
        return
    seen[frozenset(one["sequence"] for one in done)].append(now)
    for again in (*done[:1], *done[-1:]):  # repeated at any time, nothing changes
        hears(order, again)
    assert state_of(order) == now
    for message in messages:
        rest = [other for other in messages if other is not message]
        before = transaction.savepoint_create()
        hears(order, message)
        yield from ends_of(order, rest, done=(*done, message), seen=seen)
        transaction.savepoint_rollback(before)


@pytest.mark.parametrize("history", HISTORIES)
def test_all_720_orders_of_a_history_end_the_same(history):
    order = a_sent_order()
    messages = [said(order, number, **facts) for number, facts in enumerate(HISTORIES[history], start=1)]

    ends = list(ends_of(order, messages, seen={}))

    assert sum(number for number, _end in ends) == 720
    states = [end for _number, end in ends if end is not None]
    assert states[0]["devices"][0][0] == ENDS[history]
    assert all(state == states[0] for state in states)


def test_a_late_cancellation_is_a_task_and_changes_no_money():
    order = a_sent_order()
    for number, facts in enumerate(HISTORIES["a late cancellation"], start=1):
        hears(order, said(order, number, **facts))

    late = Report.objects.needing_attention().get()
    assert (late.sequence, late.said[0]["code"]) == (6, "cancelled_too_late")
    assert devices(order)[1].status == "delivered"
    assert not LedgerLine.objects.filter(kind="give_back").exists()


def test_a_cancellation_waits_for_what_was_said_before_it():
    order = a_sent_order()
    hears(order, said(order, 1, **CONFIRM))
    cancel = hears(order, said(order, 3, **CANCELLED))

    assert (cancel.outcome, devices(order)[1].status) == ("waiting", "ordered")
    hears(order, said(order, 2, **PREPARING))
    assert devices(order)[1].status == "cancelled"
    assert not Due.objects.filter(kind=WAITING).exists()


def test_after_ten_minutes_it_is_applied_though_one_is_missing(at):
    order = a_sent_order()
    hears(order, said(order, 2, **PREPARING))
    hears(order, said(order, 4, **CANCELLED))
    at("2026-11-22T07:09")
    book.dispatch(at=clock.now())
    assert devices(order)[1].status == "ordered"
    at("2026-11-22T07:11")
    book.dispatch(at=clock.now())
    assert devices(order)[1].status == "cancelled"

    late = hears(order, said(order, 1, **CONFIRM))
    assert late.outcome == "applied"
    told = hears(order, said(order, 3, **SHIPPED))
    assert (told.outcome, told.said[0]["code"]) == ("attention", "after_cancel")
    assert devices(order)[1].status == "cancelled"


def test_what_comes_later_than_that_never_moves_a_device_back(at):
    order = a_sent_order()
    hears(order, said(order, 3, **SHIPPED))
    at("2026-11-22T07:11")
    book.dispatch(at=clock.now())
    assert devices(order)[1].status == "shipped"

    late = hears(order, said(order, 2, **BACKORDERED))
    assert late.outcome == "applied"
    assert {note["code"] for note in late.said} == {"late", "facts"}
    assert devices(order)[1].status == "shipped"
    assert order.lines.get().expected_on.isoformat() == "2026-12-09"
    assert hears(order, said(order, 1, **PREPARING)).outcome == "ignored"


def test_the_same_message_again_is_answered_as_the_first_time():
    order = a_sent_order()
    first = hears(order, said(order, 1, **PREPARING))
    again = hears(order, said(order, 1, **PREPARING))
    assert first.pk == again.pk
    assert Entry.objects.filter(step="prepare").count() == 1


def test_the_same_identifier_with_other_words_is_refused():
    order = a_sent_order()
    hears(order, said(order, 1, **PREPARING))
    with pytest.raises(OtherBody):
        hears(order, said(order, 1, **BACKORDERED))
    assert devices(order)[1].status == "preparing"


def test_after_receipt_a_report_only_adds_what_is_lacking():
    order = a_sent_order()
    hears(order, said(order, 1, lines=[{"line": 1, "status": "shipped", "serial": "R5CX309KTWA"}]))
    device = devices(order)[1]
    device.receive(by=device.holder, at=clock.now(), imei="356877800639438")

    late = hears(order, said(order, 2, lines=[{"line": 1, "status": "delivered", "tracking_number": "00573"}]))
    odd = hears(order, said(order, 3, lines=[{"line": 1, "serial": "R5CX309KTWB"}]))

    device = devices(order)[1]
    assert (device.serial, device.tracking_number) == ("R5CX309KTWA", "00573")
    assert device.status in {"received", "active"}
    assert late.outcome == "applied"
    assert (odd.outcome, odd.said[0]["code"]) == ("attention", "received_differs")


def test_two_lines_may_swap_their_serial_numbers_in_one_message():
    order = a_sent_order(2)
    hears(order, said(order, 1, lines=[{"line": 1, "serial": "AAAA1111"}, {"line": 2, "serial": "BBBB2222"}]))
    hears(order, said(order, 2, lines=[{"line": 1, "serial": "BBBB2222"}, {"line": 2, "serial": "AAAA1111"}]))
    assert {n: d.serial for n, d in devices(order).items()} == {1: "BBBB2222", 2: "AAAA1111"}


def test_a_serial_number_of_another_device_is_not_taken_over():
    other = a_sent_order()
    hears(other, said(other, 1, lines=[{"line": 1, "serial": "AAAA1111"}]))
    order = a_sent_order(2)
    report = hears(
        order,
        said(order, 1, lines=[{"line": 1, "serial": "aaaa1111", "status": "shipped"}, {"line": 2, "serial": "X-2"}]),
    )
    assert {n: d.serial for n, d in devices(order).items()} == {1: "", 2: "X-2"}
    assert devices(order)[1].status == "shipped"
    assert report.outcome == "attention"


def test_a_line_is_cancelled_and_the_others_come():
    order = a_sent_order(3)
    hears(order, said(order, 1, lines=[{"line": 2, "status": "cancelled", "reason": "No longer made"}]))
    hears(order, said(order, 2, lines=[{"line": 1, "status": "shipped"}]))
    assert {n: d.status for n, d in devices(order).items()} == {1: "shipped", 2: "cancelled", 3: "ordered"}
