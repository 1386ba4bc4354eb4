"""What is done to a cart. It is its owner's alone and holds nothing back: what it says is asked anew each time."""

from django.db import transaction
from django.utils.translation import gettext as _

from orders.models import Cart, CartItem
from velory.journal.reason import Reason, Refused

MOST = 50  # devices in one request


def cart_of(person) -> Cart:
    """A person's cart; an empty one where they had none."""
    found = Cart.objects.select_related("person__location", "space__location", "sent").filter(owner=person).first()
    if found is None:
        found, _new = Cart.objects.get_or_create(owner=person)
    found.owner = person
    return found


def items_of(cart: Cart) -> list[CartItem]:
    """What is in a cart, with everything that is said of it."""
    items = cart.items.select_related(
        "variant__product__category", "variant__product__distributor", "variant__provider"
    )
    return list(items.order_by("put_at", "pk"))


def wanted_in(items) -> dict:
    """How many devices of each category; by category, always in the same order."""
    found: dict = {}
    for item in sorted(items, key=lambda item: item.variant.product.category_id):
        category = item.variant.product.category
        found[category] = found.get(category, 0) + item.quantity
    return found


def number_in(person) -> int:
    """How many devices are in somebody's cart."""
    return sum(CartItem.objects.filter(cart__owner=person).values_list("quantity", flat=True))


def put(cart: Cart, variant, mode: str, quantity: int, *, at) -> CartItem:
    """So many more of a variant. Raises Refused."""
    price = variant.price_in(mode)
    if price is None:
        raise Refused(Reason("mode", _("It can't be had that way. Choose again.")))
    with transaction.atomic():
        items = _held(cart)
        if other := next((item.currency for item in items if item.currency != price.currency), None):
            raise Refused(mixed(price.currency, other))
        found = next((item for item in items if (item.variant_id, item.mode) == (variant.pk, mode)), None)
        found = found or CartItem(cart=cart, variant=variant, mode=mode, quantity=0, put_at=at)
        refuse_too_many(sum(item.quantity for item in items) + quantity, quantity)
        found.quantity += quantity
        found.amount, found.currency = price.amount, price.currency
        found.save()
    return found


def change_quantity(cart: Cart, item: CartItem, quantity: int) -> None:
    """So many of it, not more or fewer. Raises Refused."""
    with transaction.atomic():
        others = sum(other.quantity for other in _held(cart) if other.pk != item.pk)
        refuse_too_many(others + quantity, quantity)
        CartItem.objects.filter(pk=item.pk).update(quantity=quantity)


def remove(cart: Cart, item: CartItem) -> None:
    """None of it any more."""
    with transaction.atomic():
        _held(cart)
        item.delete()


def refuse_too_many(in_all: int, quantity: int) -> None:
    """Raises Refused where a quantity is none at all, or the cart would hold more than one request can."""
    if quantity < 1:
        raise Refused(Reason("quantity", _("Choose at least one, or remove it.")))
    if in_all > MOST:
        raise Refused(Reason("quantity", _("A request holds %d devices at most. Send several.") % MOST))


def mixed(one: str, other: str) -> Reason:
    """Why two currencies do not go into one request."""
    text = _("A request is in one currency. This is in %(one)s, and the cart holds %(other)s: send that first.")
    return Reason("currency", text % {"one": one, "other": other})


def _held(cart) -> list[CartItem]:
    Cart.objects.select_for_update(of=("self",)).get(pk=cart.pk)
    return list(cart.items.order_by("put_at", "pk"))
