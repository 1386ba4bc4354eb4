"""For whom somebody may order: themselves; an admin for any person, any space and the company; a purchase manager for
the people of their own location or team (spec 3)."""

from django.db.models import Q
from django.utils.translation import gettext as _

from assets.takers import Taker, taker_called, takers
from orders.models import Cart
from velory.people.models import Person, Role
from velory.tenancy.context import current_company

COMPANY = "company"


def orders_for_others(by) -> bool:
    """Whether somebody may order for anybody but themselves."""
    return by.is_admin or by.role == Role.PURCHASE_MANAGER


def may_order_for(by, receiver) -> bool:
    """Whether somebody may order for a person, a space, or (None) for the company itself."""
    if receiver == by or by.is_admin:
        return True
    return isinstance(receiver, Person) and by.role == Role.PURCHASE_MANAGER and _is_near(by, receiver)


def _is_near(by, person) -> bool:
    same_place = by.location_id is not None and by.location_id == person.location_id
    return same_place or (by.team_id is not None and by.team_id == person.team_id)


def receivers(q: str, by, *, today) -> list[Taker]:
    """The people and spaces for whom somebody may order, whose name, e-mail or number holds every word."""
    among = None if by.is_admin else Person.objects.filter(Q(location=by.location or 0) | Q(team=by.team or 0))
    return [taker for taker in takers(q, today=today, among=among) if taker.thing != by]


def receive_for(cart: Cart, value: str, *, by, today) -> bool:
    """The cart is for somebody else from now on: `company`, or a form's value; whether that was somebody it may be."""
    found = None if value == COMPANY else taker_called(value, today=today)
    if (found is None and value != COMPANY) or not may_order_for(by, found):
        return False
    cart.for_company = found is None
    cart.person = found if isinstance(found, Person) and found != by else None
    cart.space = None if found is None or isinstance(found, Person) else found
    cart.save(update_fields=["for_company", "person", "space"])
    return True


def name_of(cart: Cart) -> str:
    """For whom a cart is, in words."""
    return _("the company (%s)") % current_company().name if cart.for_company else str(cart.receiver)
