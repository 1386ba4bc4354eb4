"""A process that ends anywhere around a payment costs nobody anything (reliability R10, R13; FI-4, FI-7, FI-8).

In one running demo a file says where whichever process comes by next shall end, as by kill -9. People buy their
devices, admins refund; afterwards each device is paid once, each refund made once, and all invariants hold.
"""

import re
import time

import pytest

from tests.faults.payers import WHO_MAY_BUY, Desk, Payer, ask, how_it_stands, wait_until
from tests.running_demo import RunningDemo

ADMIN = "nils.wikstrom@nordvik.example"
BUYING = ["BUY.after_tx1", "BUY.after_create", "BUY.after_tx2"]
TAKING_IN = ["HOOK.after_insert", "APPLY.after_fetch", "APPLY.before_commit", "APPLY.after_commit"]


@pytest.fixture(scope="module")
def demo():
    demo = RunningDemo()
    demo.env["CRASH_FILE"] = str(demo.folder / "crash")
    try:
        demo.start()
        demo.desk = Desk(demo)
        demo.buyers = iter(ask(demo, WHO_MAY_BUY))
        yield demo
    finally:
        demo.forget()


@pytest.fixture
def ends_at(demo):
    """Say where the next process ends; afterwards one has."""
    file = demo.folder / "crash"

    def say(place):
        file.write_text(place)
        return lambda: not file.exists()

    yield say
    assert not file.exists(), "no process came by"


def somebody(demo):
    ref, email = next(demo.buyers)
    return ref, email, Payer(demo, email)


def bought(demo, ref):
    return [(one["device"], one["state"]) for one in how_it_stands(demo, ref)] == [("bought_by_employee", "paid")]


def paid_once(demo, ref):
    """One attempt, one session, one charge, of the same amount."""
    (attempt,) = how_it_stands(demo, ref)
    sessions = [one for one in demo.desk.things("checkout.session") if one["client_reference_id"] == attempt["uuid"]]
    charges = [one for one in demo.desk.things("charge") if one["metadata"].get("velory_attempt") == attempt["uuid"]]
    return (
        len(sessions) == 1
        and [one["amount_captured"] for one in charges] == [attempt["captured"]]
        and attempt["captured"] == attempt["minor"]
    )


@pytest.mark.parametrize("place", BUYING)
def test_fi_4_who_presses_again_comes_to_the_one_page(demo, ends_at, place):
    ref, email, payer = somebody(demo)
    ends_at(place)

    began = time.monotonic()
    page, presses = payer.press_to_buy(ref)
    took = time.monotonic() - began
    demo.desk.pay(page, email)

    assert presses > 1
    recovered = wait_until(lambda: bought(demo, ref), 60)
    assert recovered is not None
    assert paid_once(demo, ref)
    print(f"{place}: {presses} presses in {took:.1f} s, then paid and bought in {recovered} s")


@pytest.mark.parametrize("place", TAKING_IN)
def test_what_stripe_tells_is_taken_in_once_though_nobody_comes_back(demo, ends_at, place):
    ref, email, payer = somebody(demo)
    page, _presses = payer.press_to_buy(ref)
    crashed = ends_at(place)
    demo.desk.pay(page, email)

    assert wait_until(crashed, 60) is not None
    recovered = wait_until(lambda: bought(demo, ref), 120)

    assert recovered is not None
    assert paid_once(demo, ref)
    print(f"{place}: bought {recovered} s after the crash")


@pytest.mark.parametrize("place", ["REFUND.after_row", "REFUND.after_call"])
def test_fi_7_a_refund_is_made_once(demo, ends_at, place):
    ref, email, payer = somebody(demo)
    page, _presses = payer.press_to_buy(ref)
    demo.desk.pay(page, email)
    assert wait_until(lambda: bought(demo, ref), 60) is not None
    (attempt,) = how_it_stands(demo, ref)
    before = len(demo.desk.things("refund"))
    crashed = ends_at(place)

    nils = Payer(demo, ADMIN)
    press_to_refund(nils, attempt["ref"])

    assert wait_until(crashed, 60) is not None
    if place == "REFUND.after_row":  # he sees that nobody answered, and presses again
        press_to_refund(nils, attempt["ref"])
    recovered = wait_until(lambda: refunded(demo, ref), 20)
    if recovered is None:  # the worker that held it is gone: its turn comes again in five minutes
        began = time.monotonic()
        demo.push(ask(demo, IN_SIX_MINUTES))
        assert wait_until(lambda: refunded(demo, ref), 60) is not None
        recovered = f"5 min of the demo's clock, pushed in {time.monotonic() - began:.1f}"
    assert len(demo.desk.things("refund")) == before + 1
    print(f"{place}: refunded once, {recovered} s after the crash")


IN_SIX_MINUTES = """
import json
from datetime import timedelta
from zoneinfo import ZoneInfo
from velory import clock
print(json.dumps((clock.now() + timedelta(minutes=6)).astimezone(ZoneInfo("Europe/Stockholm")).isoformat()))
"""


def press_to_refund(admin, ref):
    path = f"/payments/{ref}/record/refund/"
    page = admin.ask(path)[1]
    form = dict(re.findall(r'name="([a-z_]+)"[^>]*? value="([^"]*)"', page))
    form |= {"reason": "A dent", "understood": "on"}
    try:
        admin.go(path, form)
    except OSError:
        return  # its process has just ended


def refunded(demo, ref):
    (attempt,) = how_it_stands(demo, ref)
    return attempt["refunds"] == "succeeded" and attempt["back"] == attempt["captured"]


def test_fi_8_while_stripe_stalls_a_person_is_answered_and_no_transaction_is_open(demo):
    ref, email, payer = somebody(demo)
    demo.desk.tell("stalls", at="POST /v1/checkout/sessions", seconds="60")
    form = payer.form_to_buy(ref)

    began = time.monotonic()
    status, _where = payer.go(f"/devices/{ref}/start_buyout/", form)
    took = time.monotonic() - began

    assert status == 503
    assert took < 10
    assert ask(demo, IDLE_IN_TRANSACTION) == 0
    wait_until(lambda: time.monotonic() - began > 61, 70)
    address, _presses = payer.press_to_buy(ref, form)
    demo.desk.pay(address, email)
    assert wait_until(lambda: bought(demo, ref), 60) is not None
    assert paid_once(demo, ref)
    print(f"FI-8: answered after {took:.1f} s of a stall of 60 s")


IDLE_IN_TRANSACTION = """
from django.db import connection
with connection.cursor() as cursor:
    cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE state LIKE 'idle in transaction%%' "
                   "AND state_change < now() - interval '1 second'")
    print(cursor.fetchone()[0])
"""


def test_a_stripe_that_is_killed_forgets_no_page(demo):
    ref, email, payer = somebody(demo)
    page, _presses = payer.press_to_buy(ref)

    demo.kill("Stand-in for Stripe")

    back = wait_until(lambda: demo.desk.things("account"), 60)
    demo.desk.pay(page, email)
    assert wait_until(lambda: bought(demo, ref), 60) is not None
    assert paid_once(demo, ref)
    print(f"the stand-in was back {back} s after it was killed")


def test_and_everything_holds_afterwards(demo):
    demo.manage("check_invariants")
    demo.manage("verify_journal")
    charges = [one for one in demo.desk.things("charge") if one["paid"]]
    assert len({one["metadata"]["velory_attempt"] for one in charges}) == len(charges)
    waiting = wait_until(lambda: not [one for one in demo.desk.things("event") if one["waits"]], 60)
    assert waiting is not None, "an event was never taken"
    assert demo.is_well()
    refunds, events = demo.desk.things("refund"), demo.desk.things("event")
    print(f"in all {len(charges)} charges, {len(refunds)} refunds, {len(events)} events")
