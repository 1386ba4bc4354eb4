"""How orders, requests and what the store offers are found by the search from anywhere."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from orders.models import Order, Product
from orders.ordering.table import matching
from orders.requests.shown import in_short
from orders.requests.waiting import visible_to
from velory import clock
from velory.tenancy.context import current_company
from velory.ui.search import Hit, finds, shown


@finds(_("Orders"), order=30)
def orders(q, by, most):
    """By reference, the distributor's number, a device or a person; of who is no admin, their own."""
    if not current_company().has("store"):
        return None
    seen = Order.objects.all() if by.is_admin else Order.objects.concerning(by)
    found = matching(seen, q).select_related("distributor").newest_first()
    return shown(found, _order, most=most, address=reverse("orders:orders") if by.is_admin else "", q=q)


def _order(order):
    number = f"{order.ref} · {order.number}" if order.number else order.ref
    return Hit(number, f"{order.distributor} · {order.get_status_display()}", order.get_absolute_url(), "truck")


@finds(_("Requests"), order=35)
def requests(q, by, most):
    """By reference, people, space or device, as far as somebody may read them."""
    if not current_company().has("store"):
        return None
    found = visible_to(by, today=clock.today()).matching(q).newest_first().with_what_a_list_shows()
    return shown(found, _request, most=most, address=reverse("orders:requests") if by.is_admin else "", q=q)


def _request(asked):
    about = f"{in_short(asked)} · {asked.get_status_display()}"
    return Hit(f"{asked.ref} · {asked.requester}", about, asked.get_absolute_url(), "list-checks")


@finds(_("In the store"), order=50)
def products(q, by, most):
    """What is offered, by name, colour, storage or article number."""
    if not current_company().has("store"):
        return None
    found = Product.objects.offered().matching(q).select_related("category").order_by("name", "pk")
    return shown(found, _product, most=most, address=reverse("orders:store"), q=q)


def _product(product):
    return Hit(str(product), str(product.category), reverse("orders:store_product", args=[product.ref]), "store")
