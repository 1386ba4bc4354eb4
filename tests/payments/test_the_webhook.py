"""What Stripe tells, and what only looks like it (reliability R1, R2, R3, R18; 5.8)."""

import gzip
import json
import time
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection

from tests.payments.making import ACCOUNT, a_payee, an_attempt, an_open_attempt, now
from velory import clock
from velory.demo.stripe.webhooks import sign
from velory.payments.inbox import tasks, work
from velory.payments.inbox.models import Event
from velory.payments.inbox.work import oldest_unprocessed, work_off
from velory.tenancy.context import inside

SECRET = "whsec_standin"
URL = "/stripe/webhook/"


@pytest.fixture(autouse=True)
def nobody_rings(monkeypatch):
    monkeypatch.setattr(tasks.work_off_events, "publish", lambda *args: None)


def an_event(**facts):
    about = {"id": "cs_test_1", "object": "checkout.session", "metadata": {}}
    event = {
        "id": f"evt_{uuid4().hex}", "object": "event", "type": "checkout.session.completed", "livemode": False,
        "account": ACCOUNT, "api_version": "2026-10-28.endive", "data": {"object": about},
    }  # fmt: skip
    return event | facts


def tell(client, body, header=None, **more):
    body = body if isinstance(body, bytes) else json.dumps(body).encode()
    if header is None:
        header = sign(body, SECRET, int(time.time()))
    return client.post(
        URL, body, content_type="application/json", HTTP_HOST="localhost", HTTP_STRIPE_SIGNATURE=header, **more
    )


def everything():
    """How many rows each table of the platform and of the company has."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT schemaname, tablename FROM pg_tables WHERE schemaname IN ('public', current_schema())")
        tables = cursor.fetchall()
        counts = {}
        for schema, table in tables:
            cursor.execute(f'SELECT count(*) FROM "{schema}"."{table}"')
            counts[schema, table] = cursor.fetchone()[0]
    return counts


def header_of(body, *, secret=SECRET, stamp=None, scheme="v1"):
    signed = sign(body, secret, int(time.time()) if stamp is None else stamp)
    return signed.replace("v1=", f"{scheme}=")


BODY = json.dumps(an_event(id="evt_signed")).encode()
GOOD = "the right one"
BAD_HEADERS = {
    "none": "",
    "words": "signed, honestly",
    "only v0": header_of(BODY, scheme="v0"),
    "another secret": header_of(BODY, secret="whsec_other"),
    "no moment": "v1=" + "0" * 64,
    "two moments": header_of(BODY) + ",t=1",
    "a moment in words": header_of(BODY).replace("t=", "t=x"),
    "a thousand signatures": f"t={int(time.time())}," + ",".join(["v1=" + "0" * 64] * 1000),
    "17 signatures, the last right": f"t={int(time.time())}," + "v1=0," * 16 + header_of(BODY).split(",")[1],
    "signature of another alphabet": f"t={int(time.time())},v1=ß",
    "negative": header_of(BODY).replace("t=", "t=-"),
    "arabic digits": "t=٣,v1=" + "0" * 64,
}


@pytest.mark.parametrize("header", BAD_HEADERS.values(), ids=BAD_HEADERS)
def test_r1_what_is_not_signed_changes_nothing(header, stripe, client):
    before = everything()
    assert tell(client, BODY, header.encode("utf-8").decode("latin-1")).status_code == 400
    assert everything() == before


ODD_BODIES = {
    "empty": b"",
    "no json": b"{",
    "not utf-8": b'{"id": "\xff\xfe"}',
    "a list": b"[]",
    "a word": b'"event"',
    "null": b"null",
    "NaN": b"NaN",
    "nested 300 deep": b'{"id":' + b"[" * 300 + b"]" * 300 + b"}",
    "nested 200,000 deep": b"[" * 200_000,
    "no type": json.dumps({k: v for k, v in an_event().items() if k != "type"}).encode(),
    "no object": json.dumps(an_event(data={})).encode(),
    "object in words": json.dumps(an_event(data={"object": "cs_1"})).encode(),
    "data a list": json.dumps(an_event(data=[])).encode(),
    "thin": json.dumps({"id": "evt_1", "object": "v2.core.event", "type": "v1.billing"}).encode(),
    "id with NUL": json.dumps(an_event(id="evt_\x00")).encode(),
    "id of 300": json.dumps(an_event(id="e" * 300)).encode(),
    "id a number": json.dumps(an_event(id=7)).encode(),
    "account a list": json.dumps(an_event(account=["a"])).encode(),
    "livemode in words": json.dumps(an_event(livemode="no")).encode(),
    "type with blanks": json.dumps(an_event(type="checkout session")).encode(),
    "2 MB": json.dumps(an_event(pad="x" * 2_000_000)).encode(),
}


@pytest.mark.parametrize("body", ODD_BODIES.values(), ids=ODD_BODIES)
def test_what_is_signed_and_no_event_is_refused_all_the_same(body, stripe, client):
    before = everything()
    assert tell(client, body).status_code == 400
    assert everything() == before


def test_r1_the_bytes_count_not_their_meaning(stripe, client):
    event = an_event()
    signed = sign(json.dumps(event).encode(), SECRET, int(time.time()))
    assert tell(client, json.dumps(event, indent=1).encode(), signed).status_code == 400
    packed = gzip.compress(json.dumps(event).encode())
    assert tell(client, packed, HTTP_CONTENT_ENCODING="gzip").status_code == 400


def test_r1_both_secrets_of_a_rotation_hold_and_a_third_does_not(stripe, client, settings):
    settings.STRIPE_WEBHOOK_SECRETS = ["whsec_new", "whsec_old"]
    for secret, code in (("whsec_new", 200), ("whsec_old", 200), (SECRET, 400)):
        body = json.dumps(an_event()).encode()
        assert tell(client, body, header_of(body, secret=secret)).status_code == code


@pytest.mark.parametrize(("age", "code"), [
    (-61, 400), (-59, 200), (0, 200), (59, 200), (61, 200), (299, 200), (301, 400), (86400, 400), (-86400, 400),
])  # fmt: skip
def test_r2_what_was_signed_at_another_time_is_refused(age, code, stripe, client, monkeypatch):
    wall = clock.wall().replace(microsecond=0)
    monkeypatch.setattr(clock, "wall", lambda: wall)
    body = json.dumps(an_event()).encode()
    assert tell(client, body, header_of(body, stamp=int(wall.timestamp()) - age)).status_code == code


def test_a_demos_pushed_clock_refuses_no_event(stripe, client, at):
    at("2027-06-01T08:00")
    assert tell(client, an_event()).status_code == 200


def test_r3_the_door_only_keeps_and_the_worker_works(stripe, client):
    attempts = [an_open_attempt(stripe) for _ in range(3)]
    for attempt in attempts:
        stripe.pay(attempt.session_url)
    events, slowest, before = stripe.events(), 0, everything()
    for number in range(200):
        began = time.thread_time()  # its own work, whatever else the machine does
        assert stripe.deliver(client, events[number % len(events)])[0].status_code == 200
        slowest = max(slowest, time.thread_time() - began)

    kept = ("public", "payments_inbox_event")
    assert everything() == before | {kept: before[kept] + len(events)}
    assert {now(attempt).state for attempt in attempts} == {"open"}
    assert slowest < 0.3

    while work_off(wall=clock.wall()):
        pass
    assert {now(attempt).state for attempt in attempts} == {"paid"}
    assert work_off(wall=clock.wall()) == 0


def test_where_no_secret_is_set_there_is_no_door(client, settings):
    settings.STRIPE_WEBHOOK_SECRETS = []
    assert tell(client, an_event()).status_code == 404


def test_only_a_post_is_heard_and_only_on_the_base_domain(stripe, client):
    assert client.get(URL, HTTP_HOST="localhost").status_code == 405
    assert client.post(URL, b"{}", content_type="application/json", HTTP_HOST="nordvik.localhost").status_code in {
        302,
        404,
    }


# What becomes of an event


def kept(**facts):
    event = an_event(**facts)
    return Event.objects.create(
        id=event["id"], account=event["account"], livemode=event["livemode"], type=event["type"],
        object_id=event["data"]["object"].get("id", ""), raw=json.dumps(event), received_at=clock.wall(),
        due_at=clock.wall(),
    )  # fmt: skip


def test_r18_an_event_of_the_other_mode_is_put_aside_with_its_reason(stripe):
    attempt = an_open_attempt(stripe)
    stripe.pay(attempt.session_url)
    event = kept(livemode=True, data={"object": {"id": attempt.session_id}})
    work_off(wall=clock.wall())
    assert (now(event).state, now(event).reason) == ("ignored", "livemode")
    assert now(attempt).state == "open"


def test_an_event_of_another_account_touches_nothing(stripe):
    attempt = an_open_attempt(stripe)
    stripe.pay(attempt.session_url)
    for account in ("acct_Other", ""):
        event = kept(account=account, data={"object": {"id": attempt.session_id}})
        work_off(wall=clock.wall())
        assert (now(event).state, now(event).reason) == ("ignored", "account")
    assert now(attempt).state == "open"


def test_an_event_that_beats_our_own_row_is_routed_by_what_it_says_and_decided_by_stripe(stripe, nordvik):
    from velory.payments import creating

    attempt = an_attempt(stripe)
    session = creating.session_of(attempt, at=clock.now())  # … and a crash before Tx2
    stripe.pay(session.id)
    marks = {"velory_company": str(nordvik.uuid), "velory_attempt": str(attempt.uuid)}
    event = kept(data={"object": {"id": session.id, "metadata": marks}})

    work_off(wall=clock.wall())

    assert now(event).state == "done"
    assert (now(attempt).state, now(attempt).session_id) == ("paid", session.id)


def test_what_nobody_knows_is_tried_for_a_day_and_then_reported(stripe, caplog):
    event = kept()
    work_off(wall=clock.wall())
    assert now(event).state == "unrouted"
    assert oldest_unprocessed() is None
    for hours in range(1, 24):
        work_off(wall=event.received_at + timedelta(hours=hours))
    assert now(event).state == "unrouted"
    work_off(wall=event.received_at + timedelta(hours=25))
    assert (now(event).state, now(event).reason) == ("ignored", "unrouted")
    assert "concerns nobody here" in caplog.text


def test_a_forged_session_that_names_another_attempt_of_the_same_account_wins_nothing(stripe, nordvik):
    """A payee can make sessions of its own; they name whom they like."""
    attempt = an_open_attempt(stripe)
    marks = {"velory_company": str(nordvik.uuid), "velory_attempt": str(attempt.uuid)}
    forged = stripe.client().v1.checkout.sessions.create(
        {
            "mode": "payment", "success_url": "https://nordvik.example/", "client_reference_id": str(attempt.uuid),
            "metadata": marks,
            "line_items": [{"quantity": 1, "price_data": {
                "currency": "sek", "unit_amount": 300, "product_data": {"name": "A chair"}}}],
        },
        {"stripe_account": ACCOUNT},
    )  # fmt: skip
    stripe.pay(forged.url)
    event = kept(data={"object": {"id": forged.id, "metadata": marks}})
    work_off(wall=clock.wall())
    assert now(event).state == "done"
    assert now(attempt).state == "open"


def test_metadata_that_names_another_companys_attempt_finds_its_way_only_there(stripe, saimaa, nordvik):
    attempt = an_open_attempt(stripe)
    with inside(saimaa):
        theirs = an_attempt(stripe, payee=a_payee(stripe, account="acct_Saimaa"))
    for marks in (
        {"velory_company": str(saimaa.uuid), "velory_attempt": str(attempt.uuid)},
        {"velory_company": str(nordvik.uuid), "velory_attempt": str(theirs.uuid)},
        {"velory_company": "x", "velory_attempt": str(attempt.uuid)},
        {"velory_company": str(uuid4()), "velory_attempt": 7},
        ["velory_company"],
    ):
        event = kept(data={"object": {"id": "cs_test_forged", "metadata": marks}})
        work_off(wall=clock.wall())
        assert now(event).state == "unrouted"
    assert now(attempt).state == "open"


@pytest.mark.parametrize("odd", ["pi_\x00", "pi_\ud800", "p" * 5000, 7, {"id": "pi_1"}], ids=lambda odd: repr(odd)[:12])
def test_one_that_names_what_is_no_id_concerns_nobody(stripe, odd):
    """Tried like others, and given up like others: it doesn't stand in the queue for good."""
    event = kept(type="charge.succeeded", data={"object": {"id": "ch_1", "payment_intent": odd, "session": odd}})
    work_off(wall=clock.wall())
    assert now(event).state == "unrouted"


def test_an_event_of_a_kind_that_concerns_nothing_is_put_aside(stripe):
    event = kept(type="invoice.paid")
    work_off(wall=clock.wall())
    assert (now(event).state, now(event).reason) == ("ignored", "type")


def test_while_stripe_is_away_an_event_waits_and_health_says_so(stripe, client):
    from velory.demo.stripe.knobs import Fault

    attempt = an_open_attempt(stripe)
    stripe.pay(attempt.session_url)
    stripe.deliver(client)
    stripe.knobs.faults.append(Fault("*", times=0, status=503, stored=False))
    work_off(wall=clock.wall())
    assert Event.objects.unprocessed().exists()
    Event.objects.update(received_at=clock.wall() - timedelta(minutes=16))
    payments = client.get("/health/", HTTP_HOST="localhost").json()["payments"]
    assert payments["well"] is False
    assert payments["oldest_unprocessed_event_seconds"] > 900

    stripe.knobs.faults.clear()
    work_off(wall=clock.wall() + timedelta(hours=1))
    assert now(attempt).state == "paid"
    assert client.get("/health/", HTTP_HOST="localhost").json()["payments"] == {
        "well": True, "oldest_unprocessed_event_seconds": None,
    }  # fmt: skip


def test_a_fault_of_ours_costs_no_event(stripe, client, monkeypatch):
    attempt = an_open_attempt(stripe)
    stripe.pay(attempt.session_url)
    stripe.deliver(client)

    def burst(*args, **kwargs):
        raise ZeroDivisionError

    with monkeypatch.context() as broken:
        broken.setattr(work, "apply", burst)
        work_off(wall=clock.wall())
    assert now(attempt).state == "open"
    work_off(wall=clock.wall() + timedelta(hours=1))
    assert now(attempt).state == "paid"


def test_an_account_that_was_disconnected_is_known_as_such(stripe, client):
    payee = a_payee(stripe)
    stripe.disconnect(ACCOUNT)
    stripe.deliver(client)
    work_off(wall=clock.wall())
    payee = now(payee)
    assert payee.disconnected_at
    assert payee.takes_money.code == "payee_gone"


def test_an_account_that_may_take_no_more_money_is_known_as_such(stripe, client):
    payee = a_payee(stripe)
    stripe.stop_charges(ACCOUNT)
    stripe.deliver(client)
    work_off(wall=clock.wall())
    assert now(payee).takes_money.code == "payee_not_ready"


def test_what_stripe_said_is_forgotten_after_thirty_days(stripe):
    old, young = kept(type="invoice.paid"), kept(type="invoice.paid")
    work_off(wall=clock.wall())
    work.forget_the_old(wall=young.received_at + timedelta(days=29))
    assert Event.objects.count() == 2
    Event.objects.filter(pk=old.pk).update(received_at=old.received_at - timedelta(days=2))
    work.forget_the_old(wall=young.received_at + timedelta(days=29))
    assert list(Event.objects.all()) == [young]
