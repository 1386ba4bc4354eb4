"""An order goes to its distributor's machine: signed, under one key, tried again, and never ordered twice."""

import hashlib
import hmac
import json
import os
import re
import subprocess
import sys
import time
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import connection

from orders.models import Channel, Order
from orders.ordering import machine
from orders.ordering.channels import renew_secret, secrets_of
from orders.ordering.dispatch import dispatch
from tests.making import a_location, a_person, an_admin, an_integrated_distributor
from tests.orders.machine_of_theirs import TheirMachine, drips, hangs_up, says, takes_it_and_is_silent
from tests.orders.sending import letters_to, seen, what_is_due_is_done
from tests.orders.wishing import LEASED, an_order
from velory import clock
from velory.agenda.models import Due


@pytest.fixture
def nils():
    return an_admin()


@pytest.fixture
def they(settings, monkeypatch):
    """A machine on this machine, which only the demo may ask; and little patience."""
    settings.DEMO = True
    monkeypatch.setattr(machine, "PATIENCE", 0.6)
    machines = []

    def answer(*answers):
        machines.append(TheirMachine(*answers))
        return machines[-1]

    yield answer
    for one in machines:
        one.close()


def reached_by(theirs, *, secret=True):
    """Dustin takes orders by machine; the secret that both know."""
    dustin = an_integrated_distributor()
    Channel.objects.create(partner=dustin, by_machine=True, url=theirs.url)
    return renew_secret(dustin, by=an_admin(), at=clock.now()) if secret else ""


def later(at, **how_much):
    at(at.moment + timedelta(**how_much))
    what_is_due_is_done(at)


# What is said


def test_the_machine_reads_everything_that_is_ordered(at, they, nils):
    theirs = they()
    reached_by(theirs)
    karin = a_person("Karin", "Ström")
    order = an_order(LEASED, {}, person=karin, location=a_location("Göteborg"), address="Lilla Bommen 4")

    what_is_due_is_done(at)

    [(headers, body)] = theirs.asked
    said = json.loads(body)
    assert (headers["Content-Type"], headers["Idempotency-Key"]) == ("application/json", order.ref)
    assert (said["order"], said["company"]["id"]) == (order.ref, "nordvik")
    assert said["delivery"] == {
        "company": "Nordvik Energi AB", "attention": "Karin Ström", "place": "Göteborg", "address": "Lilla Bommen 4",
    }  # fmt: skip
    assert said["report_to"].endswith(f"/partners/{order.distributor.ref}/orders/")
    assert "/partner/" in said["page"]
    leased, bought = said["lines"]
    assert leased["price"] == {
        "mode": "leased", "amount": "9490.00", "currency": "SEK", "months": 24, "monthly": "411.23",
    }  # fmt: skip
    assert bought["price"] == {"mode": "one_off", "amount": "9490.00", "currency": "SEK"}
    assert [line["invoice_to"] for line in said["lines"]] == ["3 Step IT", "Nordvik Energi AB"]
    assert leased["for"] == {"kind": "person", "name": "Karin Ström"}


def test_it_is_signed_over_the_very_bytes_with_the_moment(at, they):
    theirs = they()
    secret = reached_by(theirs)
    an_order()

    what_is_due_is_done(at)

    [(headers, body)] = theirs.asked
    stamp, signature = re.fullmatch(r"t=(\d+),v1=([0-9a-f]{64})", headers["Velory-Signature"]).groups()
    assert hmac.new(secret.encode(), f"{stamp}.".encode() + body, hashlib.sha256).hexdigest() == signature
    assert abs(int(stamp) - time.time()) < 60


def test_while_a_secret_is_changed_both_hold_good_for_a_week(at, they, nils):
    theirs = they()
    first = reached_by(theirs)
    second = renew_secret(an_integrated_distributor(), by=nils, at=at.moment)
    an_order()

    what_is_due_is_done(at)

    [(headers, body)] = theirs.asked
    stamp, *signatures = [part.partition("=")[2] for part in headers["Velory-Signature"].split(",")]
    assert signatures == [
        hmac.new(secret.encode(), f"{stamp}.".encode() + body, hashlib.sha256).hexdigest() for secret in (second, first)
    ]
    assert secrets_of(an_integrated_distributor(), at.moment + timedelta(days=7)) == [second]


# What they answer


def test_their_number_confirms_the_order(at, they):
    reached_by(they())
    order = an_order()

    what_is_due_is_done(at)

    assert (seen(order).status, seen(order).number, seen(order).tries) == ("confirmed", "SO-5518207", 1)
    assert [entry.sentence for entry in order.journal][1:] == [
        "The order was sent to 127.0.0.1.", "Dustin confirmed the order as SO-5518207.",
    ]  # fmt: skip


@pytest.mark.parametrize("words", [
    b"", b"thank you", b"[1]", b'{"order_number": 7}', b'{"order_number": "' + b"9" * 81 + b'"}', b"[" * 50_000,
    '{"order_number": "1\u202e2"}'.encode(), b"\xff\xfe",
])  # fmt: skip
def test_an_answer_without_a_number_that_can_be_shown_is_enough(at, they, words):
    reached_by(they(says(200, words)))
    order = an_order()

    what_is_due_is_done(at)

    assert (seen(order).status, seen(order).number) == ("sent", "")


def test_too_long_an_answer_is_not_read_to_its_end(at, they):
    theirs = they(says(200, b'{"order_number": "SO-1", "more": "' + b"x" * 5_000_000 + b'"}'))
    reached_by(theirs)
    order = an_order()

    what_is_due_is_done(at)

    assert (seen(order).status, seen(order).number, len(theirs.asked)) == ("sent", "", 1)


def test_words_that_drip_are_not_waited_for(at, they):
    theirs = they(drips(4, first=b"HTTP/1.0 200 OK\r\n\r\n"))
    reached_by(theirs)
    order = an_order()

    began = time.monotonic()
    what_is_due_is_done(at)

    assert (seen(order).status, len(theirs.asked)) == ("sent", 1)
    assert time.monotonic() - began < 3


def test_a_machine_in_trouble_is_asked_again_under_the_same_key(at, they):
    theirs = they(500)
    reached_by(theirs)
    order = an_order()

    what_is_due_is_done(at)
    assert (seen(order).status, seen(order).tries, len(theirs.asked)) == ("queued", 1, 1)
    later(at, minutes=1)

    assert (seen(order).status, seen(order).tries) == ("confirmed", 2)
    assert {headers["Idempotency-Key"] for headers, _body in theirs.asked} == {order.ref}
    assert len({body for _headers, body in theirs.asked}) == 1


@pytest.mark.parametrize("silence", [takes_it_and_is_silent(1.5), hangs_up, drips(3)], ids=["late", "cut", "drips"])
def test_nobody_knows_whether_they_have_it_so_they_are_asked_again_and_have_it_once(at, they, silence):
    theirs = they(silence)
    reached_by(theirs)
    order = an_order()

    began = time.monotonic()
    what_is_due_is_done(at)
    assert time.monotonic() - began < 3
    assert seen(order).status == "queued"
    later(at, minutes=1)

    assert seen(order).status == "confirmed"
    assert list(theirs.taken) == [order.ref]


def test_another_address_is_not_followed(at, they, nils):
    elsewhere = they()
    theirs = they(says(302, b"", Location=elsewhere.url))
    reached_by(theirs)
    order = an_order()

    what_is_due_is_done(at)

    assert (seen(order).status, seen(order).why_not_sent) == (
        "failed", "Their machine points to another address, which is not followed. (302)",
    )  # fmt: skip
    assert (len(theirs.asked), elsewhere.asked) == (1, [])


def test_a_definite_no_is_told_to_the_admins_at_once(at, they, nils):
    theirs = they(400)
    reached_by(theirs)
    order = an_order()

    what_is_due_is_done(at)

    assert (seen(order).status, seen(order).why_not_sent) == ("failed", "Their machine refused the order. (400)")
    assert len(theirs.asked) == 1
    [letter] = letters_to(nils.email)
    assert letter.subject == f"Order {order.ref} has not reached Dustin"
    assert "Their machine refused the order. (400)" in letter.text


@pytest.mark.parametrize("status", [408, 409, 425, 429, 503])
def test_not_now_is_no_definite_no(at, they, status):
    theirs = they(status)
    reached_by(theirs)
    order = an_order()

    what_is_due_is_done(at)
    assert seen(order).status == "queued"
    later(at, minutes=1)

    assert seen(order).status == "confirmed"


def test_five_times_and_then_an_admin_is_told(at, they, nils):
    theirs = they(*[500] * 5)
    reached_by(theirs)
    order = an_order()

    what_is_due_is_done(at)
    waited = [1, 5, 20, 60]
    for number, minutes in enumerate(waited, start=1):
        assert (seen(order).status, seen(order).tries) == ("queued", number)
        later(at, minutes=minutes - 1)
        assert len(theirs.asked) == number
        later(at, minutes=1)

    assert (seen(order).status, len(theirs.asked)) == ("failed", 5)
    assert [letter.template for letter in letters_to(nils.email)] == ["orders/order_failed"]

    seen(order).retry(by=nils)
    what_is_due_is_done(at)
    assert (seen(order).status, seen(order).tries, list(theirs.taken)) == ("confirmed", 1, [order.ref])


def test_a_machine_that_is_not_there_is_waited_for(at, they):
    theirs = they()
    theirs.close()
    reached_by(theirs)
    order = an_order()

    what_is_due_is_done(at)

    assert (seen(order).status, seen(order).tries) == ("queued", 1)


def test_without_a_secret_nothing_is_sent(at, they, nils):
    theirs = they()
    reached_by(theirs, secret=False)
    order = an_order()

    what_is_due_is_done(at)

    assert (seen(order).status, theirs.asked) == ("failed", [])
    assert seen(order).why_not_sent.startswith("There is no secret to sign the order with.")


def test_what_they_do_not_take_may_go_by_mail_instead(at, they, nils):
    theirs = they(400)
    reached_by(theirs)
    order = an_order()
    what_is_due_is_done(at)

    Channel.objects.update(by_machine=False)
    seen(order).retry(by=nils)
    what_is_due_is_done(at)

    assert (seen(order).status, seen(order).way, len(letters_to("order@dustin.example"))) == ("sent", "mail", 1)


# Once, whatever happens


def test_an_order_is_asked_for_once_however_often_it_is_seen_to(at, they):
    theirs = they()
    reached_by(theirs)
    order = an_order()

    for _ in range(3):
        dispatch(order.ref, at.moment)
        what_is_due_is_done(at)

    assert len(theirs.asked) == 1


def test_cancelled_between_two_tries_it_is_called_off(at, they, nils):
    theirs = they(500)
    reached_by(theirs)
    order = an_order()
    what_is_due_is_done(at)

    order.lines.get().device.cancel(by=nils)
    what_is_due_is_done(at)
    later(at, hours=2)

    assert (seen(order).status, len(theirs.asked)) == ("called_off", 1)


DISPATCHES = """
import sys, django
from datetime import timedelta
django.setup()
from django.conf import settings
from django.db import connection
connection.settings_dict["NAME"] = sys.argv[1]
settings.DEMO = True
from velory import clock
clock.ahead = lambda: timedelta()
from velory.tenancy.models import Company
from velory.tenancy.context import inside
from orders.ordering.dispatch import dispatch
with inside(Company.objects.get(slug="race")):
    dispatch(sys.argv[2], clock.now())
"""


@pytest.mark.races
@pytest.mark.parametrize(("place", "asked"), [("DISPATCH.after_claim", 0), ("DISPATCH.after_call", 1)])
def test_killed_anywhere_it_is_ordered_once(at, they, race_company, place, asked):
    theirs = they()
    reached_by(theirs)
    order = an_order()

    def a_worker(**environment):
        return subprocess.run(
            [sys.executable, "-c", DISPATCHES, connection.settings_dict["NAME"], order.ref],
            env=os.environ | {"DJANGO_SETTINGS_MODULE": "velory.settings"} | environment,
            capture_output=True,
            check=False,
        )

    assert a_worker(CRASH_AT=place).returncode == 137
    assert (seen(order).status, seen(order).tries, len(theirs.asked)) == ("queued", 1, asked)
    assert Due.objects.filter(kind="orders.dispatch", ref=order.ref).exists()
    assert a_worker().returncode == 0
    assert (seen(order).status, seen(order).number) == ("confirmed", "SO-5518207")
    assert list(theirs.taken.items()) == [(order.ref, "SO-5518207")]


def test_the_journals_agree_with_everything(at, they, nils):
    reached_by(they(500, 400))
    order = an_order()
    what_is_due_is_done(at)
    later(at, minutes=1)
    seen(order).retry(by=nils)
    what_is_due_is_done(at)

    assert Order.objects.get().status == "confirmed"
    call_command("verify_journal", company="nordvik")
    call_command("check_invariants", company="nordvik")
