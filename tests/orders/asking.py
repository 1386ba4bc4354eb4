"""Makers that go through the store: carts, and requests that are sent exactly as their checkout shows them."""

from decimal import Decimal

from orders.models import Product
from orders.prices import Mode
from orders.requests.sending import send
from orders.store.carts import cart_of, put
from orders.store.receivers import COMPANY, receive_for
from orders.store.reckoning import Reckoning
from tests.making import a_person
from tests.orders.making import a_product, a_variant, bought
from velory import clock


def a_phone(price=9490, **facts):
    """A variant of a phone that can be bought only."""
    return a_variant(_called(f"Fairphone for {price}"), price=Decimal(price), **bought(**facts))


def a_leased_phone(monthly="411.23", **facts):
    """A variant of a phone that can be leased only."""
    product = _called(f"Apple iPhone for {monthly} a month")
    return a_variant(product, price=None, monthly_price=Decimal(monthly), **facts)


def _called(name):
    return Product.objects.filter(name=name).first() or a_product(name, variants=False)


def a_cart(by, *wishes, to=None, mode=Mode.ONE_OFF, quantity=1):
    """Somebody's cart with some variants in it, each `quantity` times; for whom it is, where that is another."""
    cart = cart_of(by)
    if to is not None:
        assert receive_for(cart, to if to == COMPANY else value_of(to), by=by, today=clock.today())
    for variant in wishes or (a_phone(),):
        way = mode if variant.price_in(mode) else variant.prices()[0].mode
        put(cart, variant, way, quantity, at=clock.now())
    return cart_of(by)


def value_of(to):
    from assets.takers import value_of as named

    return named(to)


def seen(cart, by=None, at=None):
    """The digest of what the checkout shows now."""
    return Reckoning(cart, by=by or cart.owner, today=clock.local_date(at or clock.now())).digest


def sent(cart, *, at=None, **more):
    """A cart sent as its checkout shows it now."""
    at = at or clock.now()
    return send(cart, by=cart.owner, seen=seen(cart, at=at), at=at, **more)


def a_sent_request(by=None, *wishes, to=None, mode=Mode.ONE_OFF, quantity=1, at=None, **more):
    """A request that somebody has sent: a phone for 9,490.00 SEK for themselves if nothing else is said.

    `more` goes to `send`: overage, card_ref, note, location, address.
    """
    cart = a_cart(by or a_person(), *wishes, to=to, mode=mode, quantity=quantity)
    return sent(cart, at=at, **more)
