"""A saved card is charged without its owner, once; a bank that wants the owner or says no leaves nothing open."""

import pytest

from tests.payments.making import now, said, thing_of
from tests.payments.saving import DECLINED_LATER, a_charge, a_saved_card
from tests.stripe_standin import ASKS
from velory import clock
from velory.journal.invariants import findings
from velory.payments import start
from velory.payments.sales import Why


def test_a_saved_card_is_charged_and_the_seller_hands_over(stripe):
    attempt = a_charge(stripe)

    assert start.charge(attempt, at=clock.now()) == "paid"
    assert said(thing_of(attempt)) == ["paid"]
    [charge] = stripe.charges()
    assert (charge["amount"], charge["metadata"]["velory_payment"]) == (166725, attempt.ref)
    assert stripe.receipts() == [(attempt.person.email, 166725, "sek")]
    assert len(stripe.sessions()) == 1  # that at which it was saved
    assert findings() == []


@pytest.mark.parametrize(("number", "why"), [(ASKS, Why.NEEDS_PERSON), (DECLINED_LATER, Why.DECLINED)])
def test_what_the_bank_refuses_is_called_off_for_good_and_can_be_paid_in_another_way(stripe, number, why):
    attempt = a_charge(stripe, number=number)

    assert start.charge(attempt, at=clock.now()) == "expired"
    assert now(attempt).why == why
    assert [intent["status"] for intent in stripe.intents()] == ["canceled"]
    assert stripe.charges() == []
    assert said(thing_of(attempt)) == [f"not paid: {why}"]
    assert start.charge(now(attempt), at=clock.now()) == "expired"
    assert len(stripe.intents()) == 1
    assert findings() == []
