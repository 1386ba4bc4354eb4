"""The page that a payer comes back to (reliability R12, R28; 5.7)."""

import pytest

from tests.making import a_person, an_admin
from tests.payments.making import an_attempt, an_open_attempt, now, thing_of
from velory.demo.stripe.knobs import Fault
from velory.payments.models import Attempt, Money, Refund

ANSWERS_NOT = {"at": "*", "times": 0, "status": 503, "stored": False}


@pytest.fixture
def attempt(stripe):
    return an_open_attempt(stripe, person=a_person(language="en"))


@pytest.fixture
def payer(attempt, at_their_desk):
    return at_their_desk(attempt.person)


def heading(answer):
    return answer.content.decode().partition('id="at-stripe-title">')[2].partition("</h1>")[0].rpartition(">")[2]


def refresh(payer, attempt, **data):
    return payer.post(f"/payments/{attempt.ref}/refresh/", data, headers={"HX-Request": "true"})


def test_r12_back_before_any_event_the_payer_sees_confirming_and_then_the_truth(stripe, attempt, payer):
    stripe.pay(attempt.session_url)

    assert heading(payer.get(f"/payments/{attempt.ref}/")) == "Confirming your payment"
    assert now(attempt).state == "open"
    assert heading(refresh(payer, attempt)) == "Paid"
    assert heading(payer.get(f"/payments/{attempt.ref}/")) == "Paid"


def test_without_a_script_a_button_asks(stripe, attempt, payer):
    stripe.pay(attempt.session_url)
    answer = payer.post(f"/payments/{attempt.ref}/refresh/")
    assert (answer.status_code, answer.url) == (303, f"/payments/{attempt.ref}/")
    assert heading(payer.get(answer.url)) == "Paid"


def test_who_turned_back_may_go_on_or_choose_again(stripe, attempt, payer):
    page = payer.get(f"/payments/{attempt.ref}/?back=1")
    assert heading(page) == "Not paid yet"
    assert heading(refresh(payer, attempt)) == "Not paid yet"

    on = payer.post(f"/payments/{attempt.ref}/go_on/")
    assert (on.status_code, on.url) == (303, attempt.session_url)
    by_script = payer.post(f"/payments/{attempt.ref}/go_on/", headers={"HX-Request": "true"})
    assert by_script.headers["HX-Redirect"] == attempt.session_url

    off = payer.post(f"/payments/{attempt.ref}/abandon/")
    assert (off.status_code, off.url) == (303, "/")
    assert now(attempt).state == "expired"
    assert stripe.session(attempt.session_id)["status"] == "expired"
    assert heading(payer.get(f"/payments/{attempt.ref}/")) == "Not paid"
    assert payer.post(f"/payments/{attempt.ref}/go_on/").status_code == 409


def test_the_same_words_are_not_sent_twice(stripe, attempt, payer):
    assert refresh(payer, attempt, shown="turned_back").status_code == 204
    stripe.pay(attempt.session_url)
    assert refresh(payer, attempt, shown="turned_back").status_code in {200, 204}


def test_choosing_again_in_the_moment_of_paying_is_paid(stripe, attempt, payer):
    stripe.knobs.complete_before_expire = 1
    answer = payer.post(f"/payments/{attempt.ref}/abandon/")
    assert (answer.status_code, answer.url) == (303, f"/payments/{attempt.ref}/")
    assert heading(payer.get(answer.url)) == "Paid"


@pytest.mark.parametrize("query", [
    "?status=paid", "?session_id=cs_other", "?redirect_status=succeeded", "?back=1&back=2", "?shown=paid",
])  # fmt: skip
def test_no_parameter_is_a_fact(query, stripe, attempt, payer):
    before = Attempt.objects.values().get()
    for _ in range(5):
        payer.get(f"/payments/{attempt.ref}/{query}")
        payer.head(f"/payments/{attempt.ref}/{query}")
        payer.options(f"/payments/{attempt.ref}/{query}")
    assert Attempt.objects.values().get() == before
    payer.post(f"/payments/{attempt.ref}/refresh/{query}", {"status": "paid", "state": "paid", "shown": "paid"})
    assert now(attempt).state == "open"


def test_the_page_is_the_payers_alone(stripe, attempt, at_their_desk, client):
    for stranger in (a_person(), an_admin()):
        desk = at_their_desk(stranger)
        for answer in (
            desk.get(f"/payments/{attempt.ref}/"),
            *(desk.post(f"/payments/{attempt.ref}/{deed}/") for deed in ("refresh", "go_on", "abandon")),
            desk.get("/payments/A-222222/"),
            desk.post("/payments/A-222222/refresh/"),
        ):
            assert answer.status_code == 404
    assert client.get(f"/payments/{attempt.ref}/").status_code == 302
    assert now(attempt).state == "open"


def test_a_thousand_calls_ask_stripe_no_thousand_times(stripe, attempt, payer, monkeypatch):
    from velory.payments import gateway

    asked = []
    look = gateway.look
    monkeypatch.setattr(gateway, "look", lambda *a, **k: asked.append(1) or look(*a, **k))
    for _ in range(50):
        refresh(payer, attempt)
    assert len(asked) == 1


def test_while_stripe_is_away_the_payer_reads_confirming(stripe, attempt, payer):
    stripe.pay(attempt.session_url)
    stripe.knobs.faults.append(Fault(**ANSWERS_NOT))
    assert heading(refresh(payer, attempt)) == "Confirming your payment"
    assert payer.post(f"/payments/{attempt.ref}/abandon/").status_code == 303
    assert now(attempt).state == "superseding"
    assert heading(payer.get(f"/payments/{attempt.ref}/")) == "Calling off the payment"
    stripe.knobs.faults.clear()
    assert heading(refresh(payer, attempt)) == "Paid"


def test_a_page_that_could_not_be_made_is_made_at_the_next_press(stripe, at_their_desk):
    attempt = an_attempt(stripe)
    payer = at_their_desk(attempt.person)
    stripe.knobs.faults.append(Fault(**ANSWERS_NOT))
    assert payer.post(f"/payments/{attempt.ref}/go_on/").status_code == 409
    stripe.knobs.faults.clear()
    assert payer.post(f"/payments/{attempt.ref}/go_on/").status_code == 303
    assert len(stripe.sessions()) == 1


def test_each_end_has_its_words(stripe, attempt, payer):
    from velory.payments import refunds

    chair = thing_of(attempt)
    chair.name = "gone"
    chair.save()
    stripe.pay(attempt.session_url)
    assert heading(refresh(payer, attempt)) == "You get your money back"
    from velory import clock

    refunds.carry_out(Refund.objects.get().ref, at=clock.now())
    assert heading(payer.get(f"/payments/{attempt.ref}/")) == "Refunded"
    assert Money.objects.count() == 2
