"""The stand-in for Stripe answers the real library as Stripe does."""

import pytest

from tests.stripe_standin import DECLINED, Declined

pytestmark = pytest.mark.nowhere


def a_session(stripe, account="acct_Nordvik", key=None, **more):
    params = {
        "mode": "payment",
        "success_url": "https://nordvik.example/payments/P-1/?session={CHECKOUT_SESSION_ID}",
        "cancel_url": "https://nordvik.example/payments/P-1/",
        "line_items": [{"quantity": 1, "price_data": a_price()}],
        "payment_intent_data": {"metadata": {"velory_attempt": "P-1"}},
        "client_reference_id": "P-1",
        "metadata": {"velory_attempt": "P-1"},
    } | more
    options = {"stripe_account": account} | ({"idempotency_key": key} if key else {})
    return stripe.client().v1.checkout.sessions.create(params, options)


def a_price(amount=499_000, currency="sek"):
    return {"currency": currency, "unit_amount": amount, "product_data": {"name": "Dell Latitude 7420"}}


@pytest.fixture
def nordvik_account(stripe):
    return stripe.account()


def test_a_session_is_paid_on_the_sellers_own_account(stripe, nordvik_account):
    session = a_session(stripe)

    stripe.pay(session.url)

    seen = stripe.client().v1.checkout.sessions.retrieve(
        session.id, {"expand": ["payment_intent.latest_charge"]}, {"stripe_account": nordvik_account}
    )
    assert (seen.status, seen.payment_status, seen.amount_total, seen.currency) == ("complete", "paid", 499_000, "sek")
    assert seen.payment_intent.metadata.to_dict() == {"velory_attempt": "P-1"}
    assert seen.payment_intent.latest_charge.amount_captured == 499_000
    assert [event["type"] for event in stripe.events()][-4:] == [
        "payment_intent.created", "charge.succeeded", "payment_intent.succeeded", "checkout.session.completed",
    ]  # fmt: skip


def test_a_card_that_is_refused_leaves_the_page_open(stripe, nordvik_account):
    session = a_session(stripe)

    with pytest.raises(Declined, match="Your card was declined"):
        stripe.pay(session.url, card=DECLINED)

    assert stripe.session(session.id)["status"] == "open"
    assert stripe.charges() == []
    assert stripe.pay(session.url)["status"] == "complete"


def test_the_same_key_is_the_same_session_and_never_another_one(stripe, nordvik_account):
    import stripe as library

    first = a_session(stripe, key="attempt:1:create")

    assert a_session(stripe, key="attempt:1:create").id == first.id
    with pytest.raises(library.IdempotencyError):
        a_session(stripe, key="attempt:1:create", client_reference_id="P-2")
    stripe.clock.push(hours=24)
    assert a_session(stripe, key="attempt:1:create").id != first.id
