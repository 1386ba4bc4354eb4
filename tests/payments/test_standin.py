"""The stand-in for Stripe answers the real library as Stripe does."""

import threading
import time

import pytest
import stripe as library

from tests.stripe_standin import ASKS, DECLINED, LIVE_KEY, POOR, REFUND_FAILS_LATER, REFUND_IS_SLOW, Declined

pytestmark = pytest.mark.nowhere
AT_NORDVIK = {"stripe_account": "acct_Nordvik"}


def params(**more):
    return {
        "mode": "payment",
        "success_url": "https://nordvik.example/payments/P-1/?session={CHECKOUT_SESSION_ID}",
        "cancel_url": "https://nordvik.example/payments/P-1/",
        "line_items": [{"quantity": 1, "price_data": a_price()}],
        "payment_intent_data": {"metadata": {"velory_attempt": "P-1"}},
        "client_reference_id": "P-1",
        "metadata": {"velory_attempt": "P-1"},
    } | more


def a_price(amount=499_000, currency="sek"):
    return {"currency": currency, "unit_amount": amount, "product_data": {"name": "Dell Latitude 7420"}}


def priced(amount, currency):
    return {"line_items": [{"quantity": 1, "price_data": a_price(amount, currency)}]}


@pytest.fixture
def api(stripe):
    """The real library, with one seller to sell for."""
    stripe.account()
    return stripe.client().v1


def a_session(api, *, key=None, account="acct_Nordvik", **more):
    options = {"stripe_account": account} | ({"idempotency_key": key} if key else {})
    return api.checkout.sessions.create(params(**more), options)


def a_charge(stripe, api, card="4242424242424242", **more):
    session = stripe.pay(a_session(api, **more).url, card=card)
    return api.payment_intents.retrieve(
        session["payment_intent"], {"expand": ["latest_charge"]}, AT_NORDVIK
    ).latest_charge


def refused(error=library.InvalidRequestError):
    return pytest.raises(error)


# Paying


def test_a_session_is_paid_on_the_seller_s_own_account(stripe, api):
    session = a_session(api)

    stripe.pay(session.url)

    expand = {"expand": ["payment_intent.latest_charge", "line_items"]}
    seen = api.checkout.sessions.retrieve(session.id, expand, AT_NORDVIK)
    assert (seen.status, seen.payment_status, seen.amount_total, seen.currency) == ("complete", "paid", 499_000, "sek")
    assert seen.payment_intent.metadata.to_dict() == {"velory_attempt": "P-1"}
    assert seen.payment_intent.latest_charge.amount_captured == 499_000
    assert [line.amount_total for line in seen.line_items.data] == [499_000]
    assert [event["type"] for event in stripe.events()][-4:] == [
        "payment_intent.created", "charge.succeeded", "payment_intent.succeeded", "checkout.session.completed",
    ]  # fmt: skip


@pytest.mark.parametrize(("card", "words"), [(DECLINED, "card was declined"), (POOR, "insufficient funds")])
def test_a_card_that_is_refused_leaves_the_page_open(stripe, api, card, words):
    session = a_session(api)

    with pytest.raises(Declined, match=words):
        stripe.pay(session.url, card=card)

    assert stripe.session(session.id)["status"] == "open"
    assert stripe.charges() == []
    assert stripe.pay(session.url)["status"] == "complete"
    assert len(stripe.intents()) == 1


def test_a_card_that_asks_for_its_holder_is_paid_when_they_have_confirmed(stripe, api):
    session = a_session(api)

    assert stripe.pay(session.url, card=ASKS, sure=False)["status"] == "open"
    assert stripe.intents()[0]["status"] == "requires_action"
    stripe.say_no(session.id)
    assert stripe.intents()[0]["status"] == "requires_payment_method"
    assert stripe.pay(session.url, card=ASKS)["status"] == "complete"


def test_a_session_lives_for_half_an_hour_to_a_day(stripe, api):
    now = stripe.clock.wall()
    for seconds in (29 * 60, 24 * 3600 + 60):
        with refused() as said:
            a_session(api, expires_at=now + seconds)
        assert said.value.param == "expires_at"

    session = a_session(api, expires_at=stripe.clock.wall() + 31 * 60)
    stripe.clock.push(minutes=30)
    assert api.checkout.sessions.retrieve(session.id, {}, AT_NORDVIK).status == "open"
    stripe.clock.push(minutes=1)
    assert api.checkout.sessions.retrieve(session.id, {}, AT_NORDVIK).status == "expired"
    with pytest.raises(Declined):
        stripe.pay(session.url)
    assert [event["data"]["object"]["id"] for event in stripe.events("checkout.session.expired")] == [session.id]


def test_a_session_that_was_paid_is_not_expired(stripe, api):
    session = a_session(api)
    stripe.knobs.complete_before_expire = 1

    with refused() as said:
        api.checkout.sessions.expire(session.id, {}, AT_NORDVIK)

    assert "status of complete" in said.value.user_message
    assert api.checkout.sessions.retrieve(session.id, {}, AT_NORDVIK).payment_status == "paid"
    assert api.checkout.sessions.expire(a_session(api).id, {}, AT_NORDVIK).status == "expired"


@pytest.mark.parametrize(
    ("amount", "currency", "code"),
    [
        (299, "sek", "amount_too_small"), (49, "eur", "amount_too_small"), (49, "jpy", "amount_too_small"),
        (0, "sek", "amount_too_small"), (100_000_000, "sek", "amount_too_large"), (10_050, "isk", None),
        (500, "xxx", None),
    ],
)  # fmt: skip
def test_an_amount_that_cannot_be_charged_is_refused(api, amount, currency, code):
    with refused() as said:
        a_session(api, **priced(amount, currency))
    assert said.value.code == code


@pytest.mark.parametrize(("amount", "currency", "read"), [
    (499_000, "sek", "4 990,00 kr"), (12_345, "eur", "123,45 €"), (12_345, "jpy", "12 345 JPY"),
    (1_234_500, "isk", "12 345 Ikr"),
])  # fmt: skip
def test_the_page_shows_the_amount_in_its_currency(stripe, api, amount, currency, read):
    session = a_session(api, locale="sv", **priced(amount, currency))
    assert stripe.pay(session.url)["amount_total"] == amount
    shown = stripe.page(a_session(api, locale="sv", **priced(amount, currency)).url)[1]
    assert f"Betala {read}" in shown.replace("\xa0", " ")


def test_only_what_velory_uses_is_taken_and_nothing_is_passed_over(api):
    for wrong in (
        {"payment_method_types": ["klarna"]},
        {"mode": "subscription"},
        {"foo": "1"},
        {"success_url": "/back"},
    ):
        with refused():
            a_session(api, **wrong)
    with refused() as said:
        api.checkout.sessions.create({"success_url": "https://nordvik.example"}, AT_NORDVIK)
    assert (said.value.code, said.value.param) == ("parameter_missing", "mode")


def test_a_saved_card_is_charged_without_its_holder(stripe, api):
    customer = api.customers.create({"email": "nils.wikstrom@nordvik.example"}, AT_NORDVIK)
    session = api.checkout.sessions.create(
        {"mode": "setup", "customer": customer.id, "currency": "sek", "success_url": "https://nordvik.example"},
        AT_NORDVIK,
    )
    stripe.pay(session.url)
    [card] = api.payment_methods.list({"customer": customer.id, "type": "card"}, AT_NORDVIK).data
    charge = {
        "amount": 5000,
        "currency": "sek",
        "customer": customer.id,
        "payment_method": card.id,
        "off_session": True,
    }

    assert api.payment_intents.create(charge | {"confirm": True}, AT_NORDVIK).status == "succeeded"

    held = api.payment_intents.create(charge | {"confirm": True, "capture_method": "manual"}, AT_NORDVIK)
    assert api.payment_intents.capture(held.id, {"amount_to_capture": 4000}, AT_NORDVIK).amount_received == 4000
    held = api.payment_intents.create(charge | {"confirm": True, "capture_method": "manual"}, AT_NORDVIK)
    assert api.payment_intents.cancel(held.id, {}, AT_NORDVIK).status == "canceled"
    asks = charge | {"payment_method": "pm_card_authenticationRequired", "customer": None, "confirm": True}
    with pytest.raises(library.CardError) as said:
        api.payment_intents.create(asks, AT_NORDVIK)
    assert said.value.code == "authentication_required"
    assert api.payment_intents.list({"customer": customer.id}, AT_NORDVIK).data[0].status == "canceled"


# Walls


def test_what_is_on_one_account_is_not_there_on_another(stripe, api):
    stripe.account("acct_DLL", name="DLL")
    session = a_session(api)

    for options in ({"stripe_account": "acct_DLL"}, {}):
        with refused() as said:
            api.checkout.sessions.retrieve(session.id, {}, options)
        assert (said.value.http_status, said.value.code) == (404, "resource_missing")
    with refused() as said:
        stripe.client(LIVE_KEY).v1.checkout.sessions.retrieve(session.id, {}, {})
    assert said.value.http_status == 404
    assert api.checkout.sessions.list({}, {"stripe_account": "acct_DLL"}).data == []


def test_a_disconnected_account_is_out_of_reach(stripe, api):
    session = a_session(api)

    stripe.disconnect("acct_Nordvik")

    with pytest.raises(library.PermissionError):
        api.checkout.sessions.retrieve(session.id, {}, AT_NORDVIK)
    with pytest.raises(library.PermissionError):
        api.accounts.retrieve("acct_Nordvik")
    assert "tar inte emot" in stripe.page(session.url, language="sv")[1]
    assert stripe.events()[-1]["type"] == "account.application.deauthorized"


def test_a_live_key_makes_live_things(stripe):
    stripe.account("acct_Live", live=True)
    session = a_session(stripe.client(LIVE_KEY).v1, account="acct_Live")
    assert (session.livemode, session.id[:8]) == (True, "cs_live_")


def test_no_key_or_a_strange_one_opens_nothing(stripe):
    with pytest.raises(library.AuthenticationError):
        stripe.client("pk_test_standin").v1.accounts.list()


# Keys


def test_the_same_key_is_the_same_session_and_never_another_one(stripe, api):
    first = a_session(api, key="attempt:1:create")

    again = a_session(api, key="attempt:1:create")
    assert (again.id, again.last_response.headers["Idempotent-Replayed"]) == (first.id, "true")
    with pytest.raises(library.IdempotencyError):
        a_session(api, key="attempt:1:create", client_reference_id="P-2")
    stripe.clock.push(hours=23, minutes=59)
    assert a_session(api, key="attempt:1:create").id == first.id
    stripe.clock.push(minutes=1)
    assert a_session(api, key="attempt:1:create").id != first.id


def test_a_fault_is_stored_under_its_key_and_a_wrong_parameter_is_not(stripe, api):
    stripe.fails("POST /v1/checkout/sessions")
    for _try in range(2):
        with pytest.raises(library.APIError):
            a_session(api, key="a")
    assert stripe.sessions() == []
    assert a_session(api, key="b").id

    with refused():
        a_session(api, key="c", foo="1")
    assert a_session(api, key="c").id


def test_a_lost_answer_is_found_again_by_its_key(stripe, api):
    stripe.cuts("POST /v1/checkout/sessions")
    with pytest.raises(library.APIConnectionError):
        a_session(api, key="a")
    [made] = stripe.sessions()
    assert a_session(api, key="a").id == made["id"]


def test_two_calls_at_once_with_one_key_are_one(stripe, api):
    stripe.stalls("POST /v1/checkout/sessions", 1)
    first = threading.Thread(target=a_session, args=(api,), kwargs={"key": "a"})
    first.start()
    time.sleep(0.3)
    with pytest.raises(library.APIError) as said:
        a_session(api, key="a")
    first.join()
    assert (said.value.http_status, said.value.error.code) == (409, "idempotency_key_in_use")
    assert a_session(api, key="a").id == stripe.sessions()[0]["id"]


# Refunds and disputes


def test_no_more_is_refunded_than_was_paid(stripe, api):
    charge = a_charge(stripe, api)

    first = api.refunds.create({"payment_intent": charge.payment_intent, "amount": 400_000}, AT_NORDVIK)
    with refused() as said:
        api.refunds.create({"charge": charge.id, "amount": 99_001}, AT_NORDVIK)
    assert "greater than unrefunded amount" in said.value.user_message
    rest = api.refunds.create({"charge": charge.id}, AT_NORDVIK)
    with refused() as said:
        api.refunds.create({"charge": charge.id}, AT_NORDVIK)

    assert (said.value.code, rest.amount) == ("charge_already_refunded", 99_000)
    found = api.refunds.list({"payment_intent": charge.payment_intent}, AT_NORDVIK)
    assert [one.id for one in found.data] == [rest.id, first.id]


def test_a_slow_bank_takes_an_hour_and_a_stubborn_one_sends_it_back(stripe, api):
    slow, stubborn = a_charge(stripe, api, REFUND_IS_SLOW), a_charge(stripe, api, REFUND_FAILS_LATER)
    refunds = [api.refunds.create({"charge": charge.id}, AT_NORDVIK) for charge in (slow, stubborn)]
    assert [one.status for one in refunds] == ["pending", "succeeded"]

    stripe.clock.push(hours=1)

    assert [api.refunds.retrieve(one.id, {}, AT_NORDVIK).status for one in refunds] == ["succeeded", "failed"]
    assert api.charges.retrieve(stubborn.id, {}, AT_NORDVIK).amount_refunded == 0
    assert [event["data"]["object"]["id"] for event in stripe.events("refund.failed")] == [refunds[1].id]


def test_a_disputed_charge_is_not_refunded_and_the_money_comes_back_when_it_is_won(stripe, api):
    charge = a_charge(stripe, api)
    dispute = stripe.dispute()

    with refused() as said:
        api.refunds.create({"charge": charge.id}, AT_NORDVIK)
    assert said.value.code == "charge_disputed"
    assert api.disputes.list({"payment_intent": charge.payment_intent}, AT_NORDVIK).data[0].status == "needs_response"
    stripe.decide_dispute(dispute, won=True)

    moved = api.balance_transactions.list({}, AT_NORDVIK).data
    assert [(line.type, line.amount) for line in moved] == [
        ("adjustment", 499_000), ("adjustment", -499_000), ("charge", 499_000),
    ]  # fmt: skip
    assert all(line.net == line.amount - line.fee for line in moved)


# Lists


def test_lists_come_page_by_page(stripe, api):
    made = [a_session(api).id for _number in range(7)][::-1]

    page = api.checkout.sessions.list({"limit": 3}, AT_NORDVIK)
    assert ([one.id for one in page.data], page.has_more) == (made[:3], True)
    after = api.checkout.sessions.list({"limit": 3, "starting_after": made[5]}, AT_NORDVIK)
    assert ([one.id for one in after.data], after.has_more) == (made[6:], False)
    before = api.checkout.sessions.list({"limit": 2, "ending_before": made[3]}, AT_NORDVIK)
    assert ([one.id for one in before.data], before.has_more) == (made[1:3], True)
    assert [one.id for one in api.checkout.sessions.list({"limit": 2}, AT_NORDVIK).auto_paging_iter()] == made
    later = {"created": {"gt": stripe.clock.wall() + 60}}
    assert api.checkout.sessions.list(later, AT_NORDVIK).data == []


def test_an_intent_is_found_by_its_metadata(stripe, api):
    a_charge(stripe, api)
    other = a_charge(stripe, api, payment_intent_data={"metadata": {"velory_attempt": "P-2"}})

    found = api.payment_intents.search({"query": "metadata['velory_attempt']:'P-2' AND status:'succeeded'"}, AT_NORDVIK)

    assert [one.id for one in found.data] == [other.payment_intent]


# Events


def test_an_event_is_signed_as_the_library_checks_it(stripe, api):
    a_charge(stripe, api)
    event = stripe.events("checkout.session.completed")[0]
    body, headers = stripe.letter(event)

    told = library.Webhook.construct_event(body, headers["Stripe-Signature"], stripe.secret)
    assert (told.account, told.livemode, told.data.object.payment_status) == ("acct_Nordvik", False, "paid")
    stripe.knobs.wrong_secret = True
    with pytest.raises(library.SignatureVerificationError):
        library.Webhook.construct_event(body, stripe.letter(event)[1]["Stripe-Signature"], stripe.secret)


def test_events_are_sent_again_until_they_are_taken(stripe, api):
    with stripe.endpoint(answers=[500, 500]) as endpoint:
        session = a_session(api)
        stripe.pay(session.url)
        count = len(stripe.events())
        endpoint.send()
        assert len(endpoint.heard) == count  # the first two were not taken
        endpoint.send()
        assert len(endpoint.heard) == count
        stripe.clock.push(seconds=1)
        endpoint.send()
        assert len(endpoint.heard) == count + 2
        stripe.clock.push(days=3)
        endpoint.send()
        assert len(endpoint.heard) == count + 2


def test_events_are_dropped_doubled_and_delayed_as_the_knobs_say(stripe, api):
    with stripe.endpoint() as endpoint:
        stripe.knobs.drop, stripe.knobs.copies, stripe.knobs.delay = 1, 2, 60
        a_session(api)
        stripe.expire()
        endpoint.send()
        assert endpoint.heard == []
        stripe.clock.push(seconds=60)
        endpoint.send()
        kinds = [event["type"] for event in stripe.events()]
        assert endpoint.heard == [kind for kind in kinds[1:] for _copy in range(2)]
