"""How orders reach one distributor: by mail or by machine, and the secret with which both sides sign."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from assets.models import Partner
from orders.doors import for_the_stores_admins
from orders.models import Channel
from orders.ordering.channels import channel_of, renew_secret, secrets_of
from orders.ordering.forms import ChannelForm
from velory import clock
from velory.journal.deeds import record
from velory.journal.models import Entry
from velory.journal.reason import Refused
from velory.tenancy.context import current_company
from velory.ui.steps import conflict, see_other, seen_version


@require_http_methods(["GET", "HEAD", "POST"])
@for_the_stores_admins
def channel(request, ref):
    """Ask how orders go to a distributor, and keep it."""
    partner = get_object_or_404(Partner.objects.distributing(), ref=ref)
    if request.method != "POST":
        return _page(request, partner)
    kept, _new = Channel.objects.get_or_create(partner=partner)
    form = ChannelForm(request.POST, instance=kept)
    if not form.is_valid():
        return _page(request, partner, form=form, status=422)
    try:
        record(form, "change", by=request.user, at=clock.now(), version=seen_version(request))
    except Refused as stale:
        return conflict(request, partner, stale.reason, address=reverse("orders:channel", args=[ref]))
    messages.success(request, _("%s is saved.") % partner)
    return see_other(reverse("orders:channel", args=[ref]))


@never_cache
@require_POST
@for_the_stores_admins
def secret(request, ref):
    """A new secret. It is shown on the page that answers, and never again."""
    partner = get_object_or_404(Partner.objects.distributing(), ref=ref)
    try:
        fresh = renew_secret(partner, by=request.user, at=clock.now(), version=seen_version(request))
    except Refused as stale:
        return conflict(request, partner, stale.reason, address=reverse("orders:channel", args=[ref]))
    return _page(request, partner, fresh=fresh)


def _page(request, partner, *, form=None, fresh="", status=200):
    kept, now = channel_of(partner), clock.now()
    page = {
        "partner": partner, "channel": kept, "form": form or ChannelForm(instance=kept), "fresh": fresh,
        "version": Entry.objects.version_of(kept), "secrets": len(secrets_of(partner, now)),
        "before_until": kept.secret_before_until if (kept.secret_before_until or now) > now else None,
        "feed": current_company().address(f"/partners/{partner.ref}/orders/"),
    }  # fmt: skip
    return render(request, "orders/channel.html", page, status=status)
