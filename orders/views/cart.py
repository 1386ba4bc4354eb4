"""One's cart: what is in it, how many of each, and for whom it is."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from orders.doors import in_the_store
from orders.models import CartItem
from orders.store import carts
from orders.store.carts import cart_of
from orders.store.forms import QuantityForm
from orders.store.receivers import orders_for_others, receive_for, receivers
from orders.store.reckoning import Reckoning
from velory import clock
from velory.journal.reason import Refused
from velory.ui.steps import see_other


@require_safe
@in_the_store
def cart(request):
    """What is in it, what it costs now, and what stands against sending it."""
    return _show(request)


def _show(request, *, item=None, fault="", status=200):
    reckoned = Reckoning(cart_of(request.user), by=request.user, today=clock.today())
    page = {"reckoned": reckoned, "for_others": orders_for_others(request.user), "faulty": item, "fault": fault}
    return render(request, "orders/cart.html", page, status=status)


@require_POST
@in_the_store
def change_item(request, pk):
    """More or fewer of it."""
    item = _item(request, pk)
    form = QuantityForm(request.POST)
    if not form.is_valid():
        return _show(request, item=item, fault=form.errors["quantity"][0], status=422)
    try:
        carts.change_quantity(item.cart, item, form.cleaned_data["quantity"])
    except Refused as refused:
        return _show(request, item=item, fault=str(refused.reason), status=422)
    return see_other(reverse("orders:cart"))


@require_POST
@in_the_store
def remove_item(request, pk):
    """None of it any more."""
    item = _item(request, pk)
    carts.remove(item.cart, item)
    messages.success(request, _("%s is not in your cart any more.") % item.variant.product)
    return see_other(reverse("orders:cart"))


def _item(request, pk) -> CartItem:
    mine = CartItem.objects.filter(cart__owner=request.user).select_related("cart", "variant__product")
    return get_object_or_404(mine, pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
@in_the_store
def for_whom(request):
    """For whom the cart is: oneself, or somebody for whom one may order. Prices and gates are theirs from then on."""
    if not orders_for_others(request.user):
        raise Http404
    today, mine = clock.today(), cart_of(request.user)
    if request.method == "POST":
        if receive_for(mine, request.POST.get("to", ""), by=request.user, today=today):
            return see_other(reverse("orders:store"))
        messages.error(request, _("Choose for whom you order."))
    q = request.GET.get("q", "").replace("\0", "").strip()[:100]
    page = {"cart": mine, "q": q, "found": receivers(q, request.user, today=today)}
    return render(request, "orders/for_whom.html", page, status=422 if request.method == "POST" else 200)
