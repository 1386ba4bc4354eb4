"""Orders: for admins all of them, each with what was said of it; for everybody else their own."""

from itertools import islice

from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from assets.models import Device
from orders.cancelling.showing import cancelled_of
from orders.doors import for_the_stores_admins, in_the_store
from orders.models import Order
from orders.ordering import table as listing
from orders.ordering import wording
from orders.reports.notes import in_words
from orders.views import own_orders
from velory import clock
from velory.journal.models import Entry
from velory.ui.files import as_csv
from velory.ui.steps import take

TOLD = 60  # entries of an order and its devices on its page


@require_safe
@in_the_store
def orders(request):
    """Every order of the company; of somebody who is no admin, their own."""
    if not request.user.is_admin:
        return own_orders.own_orders(request)
    return render(request, "orders/orders.html", {"table": listing.Orders(request).fetch()})


@require_safe
@for_the_stores_admins
def export_orders(request):
    """The same orders as a file, a row for each device."""
    return as_csv(f"orders-{clock.today()}.csv", listing.file_rows(listing.Orders(request).orders.order_by()))


@require_safe
@in_the_store
def order(request, ref):
    """One order: its devices, what the distributor said, what can be done. Of others, what concerns the reader."""
    if not request.user.is_admin:
        return own_orders.own_order(request, ref)
    found = get_object_or_404(Order.objects.with_what_a_reader_sees(), ref=ref.upper())
    lines = list(found.lines.for_following().order_by("number"))
    page = {
        "order": found, "lines": lines, "delivery": wording.delivery_of(found),
        "offers": {offer.name: offer for offer in found.offers(request.user, at=clock.now())},
        "entries": entries_of(found, lines), "reports": told(found),
        "proposals": found.proposals.order_by("-proposed_at"),
        "cancelled": cancelled_of(found.request, request.user, order=found),
    }  # fmt: skip
    return render(request, "orders/order.html", page)


def entries_of(order, lines) -> list[Entry]:
    """What happened to an order and its devices, the latest first; two queries."""
    own = order.journal.newest_first()[:TOLD]
    theirs = Entry.objects.about_each(Device, [line.device_id for line in lines]).newest_first()[:TOLD]
    found = sorted([*own, *theirs], key=lambda entry: (entry.at, entry.pk), reverse=True)
    return list(islice(found, TOLD))


def told(order) -> list[tuple]:
    """What the distributor said, the latest first, each message in words."""
    reports = order.reports.order_by("-received_at", "-pk")[:TOLD]
    return [(report, [in_words(note) for note in report.said]) for report in reports]


@require_POST
@for_the_stores_admins
def retry(request, ref):
    """An order that did not get there is sent again."""
    found = get_object_or_404(Order, ref=ref)
    says = _("%(order)s is sent again. It says here when %(distributor)s has it.")
    return take(request, found.retry, says=says % {"order": found, "distributor": found.distributor})


@require_POST
@for_the_stores_admins
def send_link(request, ref):
    """The distributor has mislaid the mail."""
    found = get_object_or_404(Order.objects.select_related("distributor"), ref=ref)
    says = _("The link is on its way to %s.") % found.written_to
    return take(request, found.send_link, says=says)


@require_POST
@for_the_stores_admins
def renew_link(request, ref):
    """The link came into the wrong hands."""
    found = get_object_or_404(Order.objects.select_related("distributor"), ref=ref)
    says = _("The old link opens nothing any more. A new one is on its way to %s.") % found.written_to
    return take(request, found.renew_link, says=says)


@require_POST
@for_the_stores_admins
def end_link(request, ref):
    """Nobody is to open it by a link."""
    found = get_object_or_404(Order.objects.select_related("distributor"), ref=ref)
    return take(request, found.end_link, says=_("The link opens nothing any more."))
