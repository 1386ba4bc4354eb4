"""The distributor's own page of an order, behind its signed link: no account, and GET changes nothing."""

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import translation

from orders.models import Order, Report
from orders.reports.desk import Desk, answer
from orders.reports.link import PURPOSE, bound_to, is_under_way, valid_until
from velory import clock
from velory.people.language import language_of_reader
from velory.post.links import PARTNER, opens, path_of
from velory.tenancy.context import current_company


@opens(PURPOSE, binding=bound_to, place=PARTNER, gone="orders/reports/gone.html")
def partners_page(request, link, deed=""):
    """The order: its number, its lines, what was pasted; a page that asks before a device is cancelled."""
    if not current_company().has("store"):
        raise Http404
    order = get_object_or_404(Order.objects.select_related("distributor", "location", "request"), pk=link.about_id)
    with translation.override(language_of_reader(request, order.distributor.language)):
        return answer(request, _desk(order, link), deed)


def _desk(order, link):
    until = valid_until(order)
    return Desk(
        order=order, by=order.distributor, way=Report.Way.PAGE, address=path_of(link), frame="frame_plain.html",
        door=f"link/{link.pk}", valid_until=until if until > clock.now() or not is_under_way(order) else None,
    )  # fmt: skip
