"""A card is saved at Stripe for one payee to charge, known once seen there, and forgotten when nobody needs it."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from tests.making import a_person
from tests.payments.making import ACCOUNT, a_payee, now
from tests.payments.saving import GOOD, a_card_being_saved, a_saved_card, state_of
from tests.stripe_standin import ASKS, DECLINED, Declined
from velory import clock
from velory.journal.invariants import findings
from velory.journal.reason import Refused
from velory.payments import cards
from velory.payments.errors import Trouble
from velory.payments.inbox.models import Event, Route
from velory.payments.inbox.work import work_off
from velory.payments.models import CARD_MOVES, Card, Customer
from velory.tenancy.context import outside


def customers(stripe):
    return [one for one in stripe.all_of("customer") if not one["deleted"]]


def test_a_card_is_saved_on_a_page_of_stripes_and_nothing_is_charged(stripe):
    orjan = a_person()
    card = a_saved_card(stripe, person=orjan)

    assert (card.state, str(card), card.person) == ("saved", "Visa ending in 4242", orjan)
    assert stripe.charges() == []
    assert list(Card.objects.usable_by(orjan)) == [card]
    assert list(Card.objects.usable_by(a_person())) == []
    assert findings() == []


def test_stripe_is_told_the_address_and_nothing_else_of_the_person(stripe):
    orjan = a_person()
    a_saved_card(stripe, person=orjan)

    [customer] = customers(stripe)
    assert (customer["email"], customer["name"], customer["phone"]) == (orjan.email, None, None)
    assert sorted(customer["metadata"]) == ["velory_company", "velory_customer"]


def test_one_person_is_one_customer_at_an_account(stripe):
    orjan = a_person()
    for _ in range(2):
        a_saved_card(stripe, person=orjan)
    a_saved_card(stripe)

    assert len(customers(stripe)) == Customer.objects.count() == 2


def test_pressed_twice_it_is_one_page(stripe):
    orjan, payee = a_person(), a_payee(stripe)
    addresses = set()
    for _ in range(2):
        card = cards.begin_saving(orjan, payee=payee, back_to="/", at=clock.now())
        addresses |= {cards.save_page(card, at=clock.now()), cards.save_page(card, at=clock.now())}

    assert len(addresses) == len(stripe.sessions()) == Card.objects.count() == 1


def test_a_card_that_asks_for_its_owner_is_saved_with_them(stripe):
    assert a_saved_card(stripe, ASKS).is_saved


def test_a_card_that_the_bank_refuses_is_not_saved(stripe):
    card = a_card_being_saved(stripe)
    with pytest.raises(Declined):
        stripe.pay(card.session_url, DECLINED)
    assert cards.look_at(card, at=clock.now()).state == "saving"


def test_an_event_tells_of_it_as_well_as_the_page(stripe, client):
    card = a_card_being_saved(stripe)
    stripe.pay(card.session_url)
    stripe.deliver(client)
    work_off(wall=clock.wall())

    assert state_of(card) == "saved"
    with outside():
        assert not Event.objects.waiting().exists()


def test_an_event_of_a_stranger_changes_nothing(stripe, client):
    card = a_card_being_saved(stripe)
    stripe.pay(card.session_url)
    [event] = stripe.events("checkout.session.completed")
    stripe.change(event["id"], account="acct_Elsewhere")
    stripe.deliver(client, *stripe.events("checkout.session.completed"))
    work_off(wall=clock.wall())

    assert state_of(card) == "saving"


def test_fi_3_without_events_and_without_a_visit_the_sweeper_finds_it(stripe, at):
    card = a_card_being_saved(stripe)
    stripe.pay(card.session_url)
    at(clock.now() + timedelta(minutes=5))

    assert cards.sweep_card(card, at=clock.now()).state == "saved"


def test_a_page_that_nobody_used_is_closed(stripe, at):
    card = a_card_being_saved(stripe)
    at(clock.now() + timedelta(hours=1))
    cards.sweep_card(card, at=clock.now())

    assert state_of(card) == "not_saved"
    assert [session["status"] for session in stripe.sessions()] == ["expired"]
    with pytest.raises(Refused, match="run out"):
        cards.save_page(card, at=clock.now())
    assert findings() == []


@pytest.mark.parametrize(("thing", "facts"), [
    ("session", {"client_reference_id": "someone"}), ("session", {"metadata": {}}), ("session", {"livemode": True}),
    ("session", {"customer": "cus_Other"}), ("method", {"customer": "cus_Other"}), ("method", {"customer": None}),
])  # fmt: skip
def test_r6_a_card_that_is_otherwise_than_asked_for_is_never_charged(stripe, thing, facts):
    card = a_card_being_saved(stripe)
    stripe.pay(card.session_url)
    named = {"session": card.session_id, "method": stripe.all_of("payment_method")[-1]["id"]}
    stripe.change(named[thing], **facts)

    assert cards.look_at(card, at=clock.now()).state == "not_saved"
    assert list(Card.objects.usable_by(card.person)) == []


def test_nobody_saves_a_card_where_none_are_taken(stripe):
    with pytest.raises(Refused, match="cannot take card payments"):
        cards.begin_saving(a_person(), payee=a_payee(stripe, charges_enabled=False), back_to="/", at=clock.now())
    assert Card.objects.count() == 0


def test_a_card_is_usable_at_its_own_account_alone(stripe):
    card = a_saved_card(stripe)
    payee = card.payee
    payee.account = "acct_Other"
    payee.save()
    assert list(Card.objects.usable_by(card.person)) == []


# Forgotten


def test_a_card_is_forgotten_at_stripe_once(stripe):
    card = a_saved_card(stripe)
    for _ in range(2):
        with transaction.atomic():
            cards.forget(card, at=clock.now())
        cards.take_away(card, at=clock.now())

    assert state_of(card) == "forgotten"
    assert stripe.all_of("payment_method")[0]["customer"] is None
    assert len(stripe.events("payment_method.detached")) == 1
    assert findings() == []


def test_one_that_was_taken_away_at_stripe_counts_as_forgotten(stripe, client):
    card = a_saved_card(stripe)
    stripe.client().v1.payment_methods.detach(card.method_id, options={"stripe_account": ACCOUNT})
    stripe.deliver(client)
    work_off(wall=clock.wall())

    assert state_of(card) == "forgotten"
    cards.take_away(card, at=clock.now())


def test_an_account_that_can_not_be_asked_is_asked_for_a_month(stripe, at):
    card = a_saved_card(stripe)
    with transaction.atomic():
        cards.forget(card, at=clock.now())
    stripe.disconnect(ACCOUNT)
    with pytest.raises(Trouble):
        cards.take_away(card, at=clock.now())
    assert state_of(card) == "forgetting"

    at(clock.now() + timedelta(days=30))
    assert cards.take_away(card, at=clock.now()) == "forgotten"


def test_a_card_that_nobody_needs_is_forgotten_after_a_day(stripe, at, monkeypatch):
    card, needed = a_saved_card(stripe), a_saved_card(stripe)
    monkeypatch.setattr(cards, "_needed", [lambda one: one.pk == needed.pk])
    at(clock.now() + timedelta(hours=23))
    cards.sweep_card(card, at=clock.now())
    assert state_of(card) == "saved"

    at(clock.now() + timedelta(hours=2))
    for one in (card, needed):
        cards.sweep_card(one, at=clock.now())
    assert (state_of(card), state_of(needed)) == ("forgetting", "saved")


def test_its_owner_removes_it_unless_it_is_needed(stripe, monkeypatch):
    card = a_saved_card(stripe)
    monkeypatch.setattr(cards, "_needed", [lambda one: True])
    with pytest.raises(Refused, match="kept until the request"):
        cards.forget_as_asked(card, at=clock.now())

    monkeypatch.setattr(cards, "_needed", [])
    cards.forget_as_asked(card, at=clock.now())
    assert state_of(card) == "forgetting"


# Killed on the way


@pytest.mark.parametrize("place", ["CARD.after_tx1", "CARD.after_create", "CARD.after_tx2"])
def test_killed_while_the_page_is_made_the_next_press_finds_it(stripe, monkeypatch, place):
    orjan, payee = a_person(), a_payee(stripe)
    card = cards.begin_saving(orjan, payee=payee, back_to="/", at=clock.now())
    with monkeypatch.context() as once:
        once.setattr(cards, "crash", killed_at(place))
        with pytest.raises(Killed):
            cards.save_page(card, at=clock.now())

    again = cards.begin_saving(orjan, payee=payee, back_to="/", at=clock.now())
    address = cards.save_page(again, at=clock.now())
    assert (again.pk, [session["url"] for session in stripe.sessions()]) == (card.pk, [address])
    assert len(customers(stripe)) == 1


def test_saved_before_our_row_knew_its_page_it_counts(stripe, client, monkeypatch):
    card = cards.begin_saving(a_person(), payee=a_payee(stripe), back_to="/", at=clock.now())
    with monkeypatch.context() as once:
        once.setattr(cards, "crash", killed_at("CARD.after_create"))
        with pytest.raises(Killed):
            cards.save_page(card, at=clock.now())
    stripe.pay(stripe.sessions()[0]["id"])
    stripe.deliver(client)
    work_off(wall=clock.wall())

    assert state_of(card) == "saved"
    assert findings() == []


def test_killed_while_it_is_taken_away_the_next_try_finishes_it(stripe, monkeypatch):
    card = a_saved_card(stripe)
    with transaction.atomic():
        cards.forget(card, at=clock.now())
    with monkeypatch.context() as once:
        once.setattr(cards, "crash", killed_at("CARD.after_detach"))
        with pytest.raises(Killed):
            cards.take_away(card, at=clock.now())
    assert state_of(card) == "forgetting"
    assert cards.take_away(card, at=clock.now()) == "forgotten"


class Killed(BaseException):
    """As kill -9 would end it."""


def killed_at(place):
    def crash(here):
        if here == place:
            raise Killed

    return crash


# What the database itself holds


def test_a_card_moves_along_its_table_and_its_owner_never_changes(stripe):
    card = a_saved_card(stripe)
    for column, value in (("account", "acct_x"), ("person_id", a_person().pk), ("livemode", True)):
        with pytest.raises(DatabaseError, match="never changes"):
            sql(f"UPDATE payments_card SET {column} = %s, version = version + 1 WHERE id = %s", value, card.pk)
    with pytest.raises(DatabaseError, match="does not move"):
        sql("UPDATE payments_card SET state = 'saving', version = version + 1 WHERE id = %s", card.pk)
    with pytest.raises(DatabaseError, match="never deleted"):
        sql("DELETE FROM payments_card WHERE id = %s", card.pk)
    with pytest.raises(ValueError, match="does not move"):
        now(card).become("saving", at=clock.now())


def test_the_tables_of_moves_are_the_same():
    from importlib import import_module

    guard = import_module("velory.payments.migrations.0005_cards_hold")
    assert sorted(guard.MOVES) == sorted((str(a), str(b)) for a, to in CARD_MOVES.items() for b in to)


def test_of_one_person_one_card_at_a_time_is_being_saved(stripe):
    card = a_card_being_saved(stripe)
    twin = now(card)
    twin.pk, twin.ref, twin.uuid, twin.session_id = None, "K-222222", "0b7a5f3e-6a50-4ae3-9f1f-0c6c1a3c8a11", ""
    with pytest.raises(IntegrityError, match="one_at_a_time"), transaction.atomic():
        twin.save(force_insert=True)


def sql(statement, *params):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, params)


# At the keyboard


def test_coming_back_the_page_says_what_came_of_it(stripe, at_their_desk):
    orjan = a_person(language="en")
    card = a_card_being_saved(stripe, person=orjan)
    desk, page = at_their_desk(orjan), card.get_absolute_url()

    assert "No card saved yet" in desk.get(f"{page}?back=1").text
    stripe.pay(card.session_url, GOOD)
    assert "Saving your card" in desk.get(page).text
    assert state_of(card) == "saving"  # a GET changes nothing
    assert desk.post(f"{page}refresh/").status_code == 303
    shown = desk.get(page).text
    assert "Visa ending in 4242" in shown
    assert 'href="/store/checkout/"' in shown
    assert "Visa ending in 4242" in desk.get("/you/").text
    desk.post(f"{page}forget/")
    assert state_of(card) == "forgetting"


def test_nobody_sees_another_ones_card(stripe, at_their_desk):
    page = a_saved_card(stripe).get_absolute_url()
    desk = at_their_desk(a_person())
    assert [desk.get(page).status_code, desk.post(f"{page}forget/").status_code] == [404, 404]
    assert Route.objects.filter(object_id__startswith="cs_").count() == 1
