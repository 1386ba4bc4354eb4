"""Makers of saved cards, and of payments that are charged to them."""

from datetime import timedelta
from decimal import Decimal

from django.db import transaction

from tests.making import a_person
from tests.payments.making import KIND, a_chair, a_payee, now
from velory import clock
from velory.payments import cards, start
from velory.payments.models import Card
from velory.people.models import Location

GOOD, DECLINED_LATER = "4242424242424242", "4000000000000341"


def a_card_being_saved(stripe, *, person=None, payee=None, back_to="/store/checkout/"):
    """A card whose page is open at Stripe."""
    card = cards.begin_saving(person or a_person(), payee=payee or a_payee(stripe), back_to=back_to, at=clock.now())
    cards.save_page(card, at=clock.now())
    return now(card)


def a_saved_card(stripe, number=GOOD, **facts):
    """A card that can be charged; which one its number says."""
    card = a_card_being_saved(stripe, **facts)
    stripe.pay(card.session_url, number)
    return cards.look_at(card, at=clock.now())


def a_charge(stripe, *, card=None, number=GOOD, thing=None, amount="1667.25", currency="SEK", until=None):
    """A payment that a saved card is to be charged with, and nothing more."""
    card = card or a_saved_card(stripe, number)
    at, thing = clock.now(), thing or a_chair()
    with transaction.atomic():
        held = Location.objects.select_for_update().get(pk=thing.pk)
        return start.begin(
            KIND, str(held.pk), person=card.person, amount=Decimal(amount), currency=currency, payee=card.payee,
            until=until or at + timedelta(days=3), basis="Q-1", card=card, at=at,
        )  # fmt: skip


def state_of(card):
    """Where a card is now."""
    return Card.objects.get(pk=card.pk).state
