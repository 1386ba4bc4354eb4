"""One payment tells its story in words; an admin can check it with Stripe and, where no money came, close it."""

import pytest

from tests.making import a_person, an_admin
from tests.payments.desk import a_mismatch, a_paid_payment, words
from tests.payments.making import an_open_attempt, now, said, thing_of
from velory import clock
from velory.journal.models import Entry
from velory.payments.apply import apply
from velory.payments.models import Attempt


@pytest.fixture
def admin():
    return an_admin()


@pytest.fixture
def desk(at_their_desk, admin):
    return at_their_desk(admin)


def page(desk, attempt):
    return words(desk.get(f"/payments/{attempt.ref}/record/"))


def in_order(text, *sentences):
    places = [text.index(sentence) for sentence in sentences]
    return places == sorted(places)


def test_what_happened_stands_in_words_and_in_order(stripe, at, desk):
    paid = a_paid_payment(stripe, person=a_person("Karin", "Ström"))
    at("2026-11-23T10:00")
    stripe.refund_by_hand(amount=67_25)
    apply(paid, at=clock.now())
    text = page(desk, paid)
    assert in_order(text, "Karin Ström went on to pay", "Paid by card", "Refunded", "The money is there")
    assert "1,667.25 SEK to Nordvik Energi AB" in text
    assert "Left to refund 1,600.00 SEK" in text
    assert "Test, no real money" in text


def test_it_leads_to_what_was_bought_and_to_who_paid(stripe, desk):
    paid = a_paid_payment(stripe)
    answer = desk.get(f"/payments/{paid.ref}/record/").text
    assert f'href="{paid.person.get_absolute_url()}"' in answer
    assert "A chair" in answer
    assert paid.intent_id in answer


def test_something_nobody_sells_any_more_is_shown_all_the_same(stripe, desk, monkeypatch):
    from velory.payments import sales

    paid = a_paid_payment(stripe)
    monkeypatch.setattr(sales, "_sales", {})
    assert paid.subject_ref in page(desk, paid)
    assert paid.ref in words(desk.get("/payments/"))


def test_an_admin_s_check_brings_a_payment_to_its_end_without_any_event(stripe, desk):
    attempt = an_open_attempt(stripe)
    stripe.pay(attempt.session_url)
    answer = desk.post(f"/payments/{attempt.ref}/record/check/", follow=True)
    assert "Checked with Stripe: Paid." in words(answer)
    assert now(attempt).state == "paid"
    assert thing_of(attempt).name == f"bought {attempt.ref}"


def test_a_silent_stripe_changes_nothing(stripe, desk):
    attempt = an_open_attempt(stripe)
    stripe.fails("GET /v1/checkout/sessions/*", times=0)
    answer = desk.post(f"/payments/{attempt.ref}/record/check/", follow=True)
    assert "Stripe does not answer" in words(answer)
    assert now(attempt).state == "open"


def test_looking_changes_nothing(stripe, desk):
    paid = a_paid_payment(stripe)
    before = Attempt.objects.values().get(pk=paid.pk)
    for path in ("record", "record/refund", "receipt"):
        assert desk.get(f"/payments/{paid.ref}/{path}/").status_code == 200
    assert desk.get(f"/payments/{paid.ref}/record/check/").status_code == 405
    assert Attempt.objects.values().get(pk=paid.pk) == before
    assert not Entry.objects.filter(about_type="payments.attempt").exists()


# Closing what does not match and was not paid


def close(desk, attempt, note="A test of the key"):
    return desk.post(f"/payments/{attempt.ref}/record/close/", {"note": note})


def test_without_money_it_is_closed_and_can_be_chosen_anew(stripe, desk, admin):
    odd = a_mismatch(stripe)
    assert close(desk, odd).status_code == 303
    closed = now(odd)
    assert (closed.state, closed.why) == ("expired", "mismatch")
    assert stripe.session(odd.session_id)["status"] == "expired"
    assert said(thing_of(odd)) == ["not paid: mismatch"]
    [entry] = Entry.objects.about(odd)
    assert entry.sentence == f"{admin} closed it, because no money came: A test of the key"


def test_closed_it_stays_closed_however_often_it_is_looked_at(stripe, desk):
    odd = a_mismatch(stripe)
    close(desk, odd)
    for _look in range(3):
        assert apply(odd, at=clock.now()).state == "expired"


def test_with_money_it_is_refunded_instead(stripe, desk):
    odd = a_mismatch(stripe, paid=True)
    answer = close(desk, odd)
    assert answer.status_code == 409
    assert "Refund that first" in words(answer)
    assert now(odd).state == "mismatch"
    assert "Close payment" not in page(desk, odd)


def test_paid_in_the_moment_of_closing_it_is_not_closed(stripe, desk):
    odd = a_mismatch(stripe)
    stripe.meanwhile("POST /v1/checkout/sessions/*", lambda: stripe.pay(odd.session_url))
    answer = close(desk, odd)
    assert answer.status_code == 409
    assert now(odd).state == "mismatch"
    assert now(odd).captured
    assert said(thing_of(odd)) == []


def test_what_matches_is_not_closed(stripe, desk):
    paid = a_paid_payment(stripe)
    assert close(desk, paid).status_code == 409
    assert desk.get(f"/payments/{paid.ref}/record/close/").status_code == 409


def test_closing_asks_what_came_of_it(stripe, desk):
    odd = a_mismatch(stripe)
    assert close(desk, odd, note="  ").status_code == 422
    assert close(desk, odd, note="x" * 301).status_code == 422
    assert now(odd).state == "mismatch"


# One's own


def test_one_s_payments_stand_on_one_s_own_page(stripe, at_their_desk):
    karin = a_person("Karin", "Ström", language="en")
    paid = a_paid_payment(stripe, person=karin)
    text = words(at_their_desk(karin).get("/you/"))
    assert "A chair" in text
    assert paid.ref in text
    assert "1,667.25 SEK" in text
    assert "Payments" not in words(at_their_desk(a_person(language="en")).get("/you/")).partition("Signing in")[2]


def test_a_confirmation_can_be_printed_by_the_payer_and_seen_by_admins_alone(stripe, at_their_desk, desk):
    karin = a_person("Karin", "Ström", language="en")
    paid = a_paid_payment(stripe, person=karin)
    address = f"/payments/{paid.ref}/receipt/"
    text = words(at_their_desk(karin).get(address))
    for line in ("Confirmation of payment", paid.ref, "Karin Ström", "Nordvik Energi AB", "Paid 1,667.25 SEK"):
        assert line in text
    assert desk.get(address).status_code == 200
    assert at_their_desk(a_person()).get(address).status_code == 404


def test_a_confirmation_follows_the_money(stripe, at_their_desk):
    karin = a_person("Karin", "Ström", language="en")
    opened = an_open_attempt(stripe, person=karin)
    assert at_their_desk(karin).get(f"/payments/{opened.ref}/receipt/").status_code == 404
    stripe.pay(opened.session_url)
    paid = apply(opened, at=clock.now())
    stripe.refund_by_hand(amount=67_25)
    apply(paid, at=clock.now())
    text = words(at_their_desk(karin).get(f"/payments/{paid.ref}/receipt/"))
    assert "Refunded −67.25 SEK" in text
    assert "Paid after refunds 1,600.00 SEK" in text


def test_a_person_s_page_shows_admins_what_they_paid(stripe, desk):
    karin = a_person("Karin", "Ström")
    paid = a_paid_payment(stripe, person=karin)
    assert paid.ref in words(desk.get(karin.get_absolute_url()))
