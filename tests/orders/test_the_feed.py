"""The distributor's machine: signed, fresh, for this company and about its own order, or nothing changes (R79)."""

import gzip
import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assets.models import Device, Partner
from orders.models import Report
from orders.ordering.channels import renew_secret
from tests.making import an_admin, an_integrated_distributor
from tests.orders.reporting import a_secret, a_sent_order, devices, hears, posts, said, signed
from velory import clock
from velory.journal.models import Entry
from velory.tenancy.context import inside

SHIPPED = [{"line": 1, "status": "shipped", "tracking_number": "0057"}]


@pytest.fixture
def order():
    return a_sent_order()


@pytest.fixture
def secret(order):
    return a_secret(order.distributor)


@pytest.fixture
def unchanged(order, secret):
    """Asks whether nothing has changed since."""
    order, secret  # noqa: B018
    before = (list(Device.objects.values("pk", "status", "version")), Entry.objects.count(), Report.objects.count())
    return lambda: before == (
        list(Device.objects.values("pk", "status", "version")), Entry.objects.count(), Report.objects.count()
    )  # fmt: skip


def test_a_signed_message_is_applied_and_answered(client, order, secret):
    answer = posts(client, order.distributor, said(order, 1, SHIPPED, order_number="SO-1"), secret)
    assert answer.status_code == 200
    assert answer.json()["outcome"] == "applied"
    assert [note["code"] for note in answer.json()["notes"]] == ["confirmed", "moved", "facts"]
    assert devices(order)[1].status == "shipped"


def test_the_same_again_is_answered_as_the_first_time(client, order, secret):
    message = said(order, 1, SHIPPED)
    first = posts(client, order.distributor, message, secret)
    entries = Entry.objects.count()
    for seconds in (1, 5):
        again = posts(client, order.distributor, message, secret, seconds=seconds)
        assert (again.status_code, again.json()) == (200, first.json())
    assert Entry.objects.count() == entries


@pytest.mark.parametrize("seconds", [-601, -301, 302, 601, 10**9])
def test_an_old_or_a_future_signature_is_refused(client, order, secret, unchanged, seconds):
    assert posts(client, order.distributor, said(order, 1, SHIPPED), secret, seconds=seconds).status_code == 401
    assert unchanged()


@pytest.mark.parametrize(
    "header", ["", "t=1", "v1=abc", "t=x,v1=abc", "t=1,t=2,v1=a", "t=٣,v1=a", "x" * 5000, "t=1795331520,v1=é"]
)
def test_unsigned_or_oddly_signed_is_refused(client, order, unchanged, header):
    header = header.encode("utf-8").decode("latin-1")
    assert posts(client, order.distributor, said(order, 1, SHIPPED), "", header=header).status_code == 401
    assert unchanged()


def test_an_edited_body_is_refused(client, order, secret, unchanged):
    body = json.dumps(said(order, 1, SHIPPED)).encode()
    header = signed(body, secret)
    answer = posts(client, order.distributor, None, secret, header=header, body=body.replace(b"0057", b"0058"))
    assert answer.status_code == 401
    assert unchanged()


def test_an_old_secret_signs_for_a_week(client, order, secret, at):
    renew_secret(order.distributor, by=an_admin(), at=clock.now())
    at("2026-11-28T07:00")
    assert posts(client, order.distributor, said(order, 1), secret).status_code == 200
    at("2026-11-30T07:00")
    assert posts(client, order.distributor, said(order, 2), secret).status_code == 401


def test_another_distributors_order_is_as_one_that_does_not_exist(client, order, secret, unchanged):
    other = an_integrated_distributor("Atea Store", email="order@ateastore.example")
    theirs = a_secret(other)
    foreign = posts(client, other, said(order, 1, SHIPPED), theirs)
    none = posts(client, other, said(order, 1, SHIPPED) | {"order": "VO-222222", "message_id": "x"}, theirs)
    assert foreign.status_code == none.status_code == 422
    assert foreign.json() == none.json()
    assert devices(order)[1].status == "ordered"
    kept = Report.objects.get()
    assert (kept.order, kept.said[0]["code"]) == (None, "unknown_order")


def test_a_captured_message_is_refused_at_another_company(client, order, secret, saimaa):
    message = said(order, 1, SHIPPED)
    with inside(saimaa):
        twin = Partner.objects.create(ref=order.distributor.ref, name="Dustin", integrated=True)
        theirs = a_secret(twin)
    body = json.dumps(message).encode()
    path = f"/partners/{twin.ref}/orders/"
    sent = {"data": body, "content_type": "application/json", "HTTP_HOST": "saimaa.localhost"}
    assert client.post(path, **sent, headers={"Velory-Signature": signed(body, secret)}).status_code == 401
    wrong = client.post(path, **sent, headers={"Velory-Signature": signed(body, theirs)})
    assert (wrong.status_code, wrong.json()["reason"]) == (403, "company")
    with inside(saimaa):
        assert not Report.objects.exists()


def test_the_same_identifier_with_other_words_is_refused_and_shown(client, order, secret):
    posts(client, order.distributor, said(order, 1, [{"line": 1, "status": "preparing"}]), secret)
    for _ in range(2):
        answer = posts(client, order.distributor, said(order, 1, SHIPPED), secret)
        assert (answer.status_code, answer.json()["reason"]) == (409, "message_id")
    assert devices(order)[1].status == "preparing"
    assert Report.objects.needing_attention().get().said[0]["code"] == "other_body"


@pytest.mark.parametrize(
    ("body", "code", "reason"),
    [
        (b"", 422, "not_json"),
        (b"{", 422, "not_json"),
        (b"[]", 422, "not_json"),
        (b'{"a": NaN}', 422, "not_json"),
        (b'{"a": 1, "a": 2}', 422, "not_json"),
        (b'{"a": 1e999}', 422, "not_text"),
        (b'{"a": "\\u0000"}', 422, "not_text"),
        (b'{"a": "\\ud800"}', 422, "not_text"),
        (b"\xff\xfe", 422, "not_json"),
        (b"[" * 100_000, 422, "not_json"),
        (b'{"a": ' + b"9" * 5000 + b"}", 422, "not_json"),
        (b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>', 422, "not_json"),
        (b'"' + b"x" * (1024 * 1024) + b'"', 413, "too_large"),
        (b'{"a": "' + b"x" * (5 * 1024 * 1024) + b'"}', 413, "too_large"),
    ],
    ids=lambda value: str(value)[:24],
)
def test_odd_bodies_are_refused_in_json(client, order, secret, unchanged, body, code, reason):
    answer = posts(client, order.distributor, None, secret, body=body)
    assert (answer.status_code, answer.json()["reason"]) == (code, reason)
    assert unchanged()


def test_what_is_packed_is_refused(client, order, secret):
    body = gzip.compress(json.dumps(said(order, 1)).encode())
    header = signed(body, secret)
    answer = client.post(
        f"/partners/{order.distributor.ref}/orders/", body, content_type="application/json",
        headers={"Velory-Signature": header, "Content-Encoding": "gzip"},
    )  # fmt: skip
    assert (answer.status_code, answer.json()["reason"]) == (422, "packed")


@pytest.mark.parametrize("name", ["company", "order", "message_id", "sequence"])
@pytest.mark.parametrize("value", [None, "", 0, -1, 1.5, True, [], {}, "ö ö", 10**12])
def test_what_names_a_message_has_to_be_right(client, order, secret, unchanged, name, value):
    answer = posts(client, order.distributor, said(order, 1) | {name: value}, secret)
    assert (answer.status_code, answer.json()["reason"]) == (422, name)
    assert unchanged()


def test_too_many_messages_are_refused(client, order, secret, monkeypatch):
    monkeypatch.setattr("orders.views.reports.may_knock", lambda *args: False)
    assert posts(client, order.distributor, said(order, 1), secret).status_code == 429


def test_a_message_that_waits_says_so(client, order, secret):
    answer = posts(client, order.distributor, said(order, 3, SHIPPED), secret)
    assert answer.json()["outcome"] == "waiting"
    assert answer.json()["notes"] == [{"code": "waits", "from": 1, "to": 2}]


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=12,
)
words = st.sampled_from(
    ["line", "status", "serial", "imei", "expected_on", "tracking_url", "tracking_number", "currency", "price", "clear",
     "reason", "name", "article_number"]
)  # fmt: skip
likely = st.sampled_from([1, 2, "shipped", "cancelled", "preparing", "", "AAAA1111", "356877800639438", "2026-12-14"])
lines = st.lists(st.dictionaries(words, anything | likely, max_size=6) | anything, max_size=4) | anything


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(lines=lines, extras=lines, number=anything, sequence=st.integers(1, 4))
def test_nothing_that_is_signed_brings_it_down(client, order, secret, lines, extras, number, sequence):
    message = said(order, sequence, order_number=number, extra_devices=extras) | {"lines": lines}
    message["message_id"] = f"m-{Report.objects.count()}-{sequence}"
    answer = posts(client, order.distributor, message, secret)
    assert answer.status_code in {200, 422}, answer.content


def test_taken_in_by_hand_and_by_machine_it_is_the_same(client, order, secret):
    hears(order, said(order, 1, [{"line": 1, "status": "preparing"}]))
    assert posts(client, order.distributor, said(order, 2, SHIPPED), secret).status_code == 200
    assert devices(order)[1].status == "shipped"
