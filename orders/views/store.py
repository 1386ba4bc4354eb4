"""The store, as an employee sees it: what the company offers, a product, one's budget."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_safe

from orders.doors import in_the_store
from orders.models import Cart, Deduction, Grant, LedgerLine, Picture, Product
from orders.prices import Mode
from orders.store.carts import cart_of, number_in, put
from orders.store.forms import PutForm
from orders.store.receivers import name_of, orders_for_others
from orders.store.shelf import Shelf
from velory import clock
from velory.journal.reason import Refused
from velory.people.models import Person
from velory.ui.pictures import as_answer
from velory.ui.steps import see_other, sent
from velory.ui.tables import Table

PAGE = 24


@require_safe
@in_the_store
def store(request):
    """What the company offers, by category and search; a shut category says why."""
    shelf, cart = shelf_of(request)
    table = Table(request, sorts={"name": ("category", "name")}, default="name", filters=["category"], size=PAGE)
    here = next((category for category, _why in shelf.gates if category.code in table.chosen("category")), None)
    found = _for_them(shelf.products, shelf).matching(table.q)
    table.show((found.filter(category=here) if here else found).with_what_a_list_shows())
    page = {
        "table": table,
        "placed": [shelf.place(product) for product in table.rows],
        "tabs": _tabs(shelf, here),
        "here": here,
        "shut": shelf.shut.get(here.pk) if here else None,
        "standing": shelf.standings.get(here.pk) if here else None,
        "grant": shelf.grant,
        "anything": bool(shelf.gates),
    }
    return render(request, "orders/store.html", page | about(cart, request.user))


def shelf_of(request) -> tuple[Shelf, Cart]:
    """The store for whomever one's cart is, and the cart."""
    cart = cart_of(request.user)
    person = cart.receiver if isinstance(cart.receiver, Person) else None
    return Shelf(person, today=clock.today(), reader=request.user), cart


def about(cart, by) -> dict:
    """What the head of the store says: how many devices are in the cart, for whom it is."""
    own = cart.receiver == by
    return {"in_cart": number_in(by), "receiver": None if own else name_of(cart), "for_others": orders_for_others(by)}


def _for_them(products, shelf):
    """Without what can't be had in the way in which the person's budget pays."""
    for mode in Mode.values:
        others = [pk for pk, standing in shelf.standings.items() if standing.allowance.mode == mode]
        products = products.exclude(pk__in=_only_otherwise(others, mode)) if others else products
    return products


def _only_otherwise(categories, mode):
    return Product.objects.filter(category__in=categories).exclude(pk__in=Product.objects.in_mode([mode])).values("pk")


def _tabs(shelf, here):
    address = reverse("orders:store")
    everything = {"label": pgettext("products", "All"), "address": address, "current": here is None, "shut": None}
    return [everything] + [
        {"label": str(c), "address": f"{address}?category={c.code}", "current": c == here, "shut": why}
        for c, why in shelf.gates
    ]


@require_http_methods(["GET", "HEAD", "POST"])
@in_the_store
def store_product(request, ref):
    """One product: its variants with what they cost, what stands against ordering it; on POST it goes into the cart."""
    product = get_object_or_404(Product.objects.offered().with_what_a_list_shows(), ref=ref)
    shelf, cart = shelf_of(request)
    placed = shelf.place(product)
    if not placed.is_for_them:
        raise Http404
    form = PutForm(sent(request), placed=placed)
    if form.is_bound and form.is_valid() and _is_put(form, cart, placed.shut):
        messages.success(request, _("%s is in your cart.") % product)
        return see_other(reverse("orders:cart"))
    page = {"placed": placed, "product": product, "shut": placed.shut, "form": form} | about(cart, request.user)
    return render(request, "orders/store_product.html", page, status=422 if form.is_bound else 200)


def _is_put(form, cart, shut) -> bool:
    variant, mode = form.cleaned_data["what"]
    try:
        if shut:
            raise Refused(shut)
        put(cart, variant, mode, form.cleaned_data["quantity"], at=clock.now())
    except Refused as refused:
        form.add_error(None, str(refused.reason))
    return not form.errors


@require_safe
@in_the_store
def my_budget(request):
    """One's budget, category by category, and what was taken from it."""
    shelf = Shelf(request.user, today=clock.today())
    lines = []
    if shelf.grant:
        lines = LedgerLine.objects.of(request.user).select_related("category").order_by("-at", "-pk")[:50]
    page = {"grant": shelf.grant, "standings": list(shelf.standings.values()), "lines": lines}
    page["history"] = Grant.objects.of(request.user).select_related("budget")
    page["deductions"] = Deduction.objects.of(request.user).with_what_a_list_shows().newest_first()[:50]
    return render(request, "orders/my_budget.html", page)


@require_safe
@in_the_store
def picture(request, ref, size):
    """A picture, for everybody who works here."""
    if size not in {"large", "small"}:
        raise Http404
    return as_answer(get_object_or_404(Picture, ref=ref), size)
