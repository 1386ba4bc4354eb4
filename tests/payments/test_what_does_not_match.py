"""Money counts only where everything is as we asked for it (reliability R6)."""

from dataclasses import replace

import pytest

from tests.payments.making import an_open_attempt, now, said, thing_of
from velory import clock
from velory.payments import gateway, matters
from velory.payments.apply import apply
from velory.payments.inbox.work import work_off
from velory.payments.models import Money
from velory.payments.seen import Seen

SESSION = [
    ("amount_total", 166724), ("amount_total", 166726), ("amount_total", None), ("amount_total", -1),
    ("amount_total", 0),
    ("currency", "eur"), ("currency", None), ("currency", "SEKK"),
    ("livemode", True), ("livemode", None),
    ("client_reference_id", "another"), ("client_reference_id", None),
    ("metadata", {"velory_attempt": "another"}), ("metadata", {}), ("metadata", None),
]  # fmt: skip
INTENT = [("amount", 166724), ("amount", 166726), ("currency", "nok"), ("livemode", True)]
CHARGE = [("amount_captured", 166724), ("amount_captured", 166726), ("currency", "eur"), ("livemode", True)]


def parked(stripe, attempt):
    attempt = apply(attempt, at=clock.now())
    assert thing_of(attempt).name.startswith("free")
    assert said(thing_of(attempt)) == []
    return attempt


@pytest.mark.parametrize(("field", "value"), SESSION)
def test_r6_a_session_that_differs_grants_nothing(field, value, stripe):
    attempt = an_open_attempt(stripe)
    stripe.pay(attempt.session_url)
    stripe.change(attempt.session_id, **{field: value})

    attempt = parked(stripe, attempt)

    assert attempt.state == "mismatch"
    assert attempt.differences
    assert apply(attempt, at=clock.now()).state == "mismatch"


@pytest.mark.parametrize(("field", "value"), INTENT)
def test_r6_an_intent_that_differs_grants_nothing(field, value, stripe):
    attempt = an_open_attempt(stripe)
    stripe.pay(attempt.session_url)
    stripe.change(stripe.intents()[0]["id"], **{field: value})
    assert parked(stripe, attempt).state == "mismatch"


@pytest.mark.parametrize(("field", "value"), CHARGE)
def test_r6_a_charge_that_differs_grants_nothing(field, value, stripe):
    attempt = an_open_attempt(stripe)
    stripe.pay(attempt.session_url)
    stripe.change(stripe.charges()[0]["id"], **{field: value})
    attempt = parked(stripe, attempt)
    assert attempt.state == "mismatch"
    assert not Money.objects.exclude(currency="SEK", livemode=False).exists()


def test_r6_an_answer_for_another_account_grants_nothing(stripe, monkeypatch):
    attempt = an_open_attempt(stripe)
    stripe.pay(attempt.session_url)
    look = gateway.look

    def answered_for_another(session, *, account):
        seen: Seen = look(session, account=account)
        return replace(seen, session=replace(seen.session, account="acct_Other"))

    monkeypatch.setattr(gateway, "look", answered_for_another)
    attempt = parked(stripe, attempt)
    assert attempt.differences == [{"what": "account", "ours": "acct_Nordvik", "theirs": "acct_Other"}]


def test_r6_another_session_grants_nothing(stripe):
    """What stands on our row is another's session, whoever put it there."""
    attempt, other = an_open_attempt(stripe), an_open_attempt(stripe)
    stripe.pay(other.session_url)
    session = stripe.session(attempt.session_id)
    stripe.change(attempt.session_id, **{k: v for k, v in stripe.session(other.session_id).items() if k in {
        "status", "payment_status", "payment_intent", "client_reference_id", "metadata"}})  # fmt: skip
    assert session["id"] == attempt.session_id
    assert parked(stripe, attempt).state == "mismatch"


def test_the_admins_find_what_does_not_match_and_the_payer_reads_so(stripe, client):

    attempt = an_open_attempt(stripe)
    stripe.pay(attempt.session_url)
    stripe.change(attempt.session_id, amount_total=1)
    stripe.deliver(client)
    work_off(wall=clock.wall())

    assert list(matters.needing_attention()) == [attempt]
    client.force_login(attempt.person, backend="velory.people.backends.PersonBackend")
    page = client.get(f"/payments/{attempt.ref}/").content.decode()
    assert now(attempt).state == "mismatch"
    assert "1" in page
