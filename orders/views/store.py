"""The store, as an employee sees it: what the company offers, a product, one's budget."""

from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from orders.doors import in_the_store
from orders.models import Grant, Picture, Product
from orders.pictures import as_answer
from orders.prices import Mode
from orders.store.shelf import Shelf
from velory import clock
from velory.ui.tables import Table

PAGE = 24


@require_safe
@in_the_store
def store(request):
    """What the company offers, by category and search; a shut category says why."""
    shelf = Shelf(request.user, today=clock.today())
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
    return render(request, "orders/store.html", page)


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


@require_safe
@in_the_store
def store_product(request, ref):
    """One product: its variants with what they cost, and what stands against ordering it."""
    product = get_object_or_404(Product.objects.offered().with_what_a_list_shows(), ref=ref)
    placed = Shelf(request.user, today=clock.today()).place(product)
    if not placed.is_for_them:
        raise Http404
    return render(request, "orders/store_product.html", {"placed": placed, "product": product, "shut": placed.shut})


@require_safe
@in_the_store
def my_budget(request):
    """One's budget, category by category, and what was taken from it."""
    shelf = Shelf(request.user, today=clock.today())
    lines = []
    if shelf.grant:
        from orders.models import LedgerLine

        lines = LedgerLine.objects.of(request.user).select_related("category").order_by("-at", "-pk")[:50]
    page = {"grant": shelf.grant, "standings": list(shelf.standings.values()), "lines": lines}
    page["history"] = Grant.objects.of(request.user).select_related("budget")
    return render(request, "orders/my_budget.html", page)


@require_safe
@in_the_store
def picture(request, ref, size):
    """A picture, for everybody who works here."""
    if size not in {"large", "small"}:
        raise Http404
    return as_answer(get_object_or_404(Picture, ref=ref), size)
