"""What distributors report: their machine's door, and the pages where admins see to what could not be applied."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assets.models import Partner
from orders.doors import for_the_stores_admins, in_the_store
from orders.models import Order, Report
from orders.ordering.signing import HEADER
from orders.reports import attention as waiting
from orders.reports.desk import Desk, answer
from orders.reports.feed import NotTaken, answer_of, body_of, check_signature, hear, message_in
from velory import clock
from velory.journal.reason import Refused
from velory.people.limits import may_knock
from velory.ui.steps import conflict, see_other

MOST = 50  # of each kind on the page; the next come as these are seen to


@csrf_exempt
@login_not_required
@never_cache
@require_POST
@in_the_store
def feed(request, ref):
    """A message of a distributor's machine: 200 with what became of it, or why not."""
    try:
        if not may_knock("feed", request):
            raise NotTaken(429, "too_often", "Too many messages at once. Send it again in a minute.")
        body = body_of(request)
        claims = Partner.objects.filter(ref=ref).first()
        partner = check_signature(claims, request.headers.get(HEADER, ""), body, at=clock.now(), wall=clock.wall())
        if not may_knock("feed_of", request, partner.ref):
            raise NotTaken(429, "too_often", "Too many messages at once. Send it again in a minute.")
        return JsonResponse(answer_of(hear(partner, message_in(body), at=clock.now())))
    except NotTaken as why:
        return JsonResponse({"reason": why.reason, "text": why.text}, status=why.status)


@require_safe
@for_the_stores_admins
def attention(request):
    """Everything about orders that waits for an admin: messages, devices beside an order, silence."""
    today = clock.today()
    rows = {
        "reports": waiting.reports(), "proposals": waiting.proposals().order_by("proposed_at"),
        "silent": waiting.unanswered(today).with_what_a_list_shows().order_by("sent_at"),
        "overdue": waiting.overdue(today).with_what_a_list_shows().order_by("expected_on"),
    }  # fmt: skip
    page = {name: list(found[:MOST]) for name, found in rows.items()}
    count = {name: found.count() if len(page[name]) == MOST else len(page[name]) for name, found in rows.items()}
    left = {name: count[name] - len(page[name]) for name in rows}
    page["reports"] = [(report, waiting.sentences(report)) for report in page["reports"]]
    return render(request, "orders/reports/attention.html", page | {"count": count, "left": left, "today": today})


@require_POST
@for_the_stores_admins
def look_at_report(request, ref):
    """An admin has seen to a message."""
    report = get_object_or_404(Report, ref=ref)
    try:
        waiting.look_at(report, by=request.user, at=clock.now())
    except Refused as refused:
        return conflict(request, report, refused.reason, address=reverse("orders:attention"))
    messages.success(request, _("Noted. It no longer waits for anybody."))
    return see_other(reverse("orders:attention"))


@require_http_methods(["GET", "HEAD", "POST"])
@for_the_stores_admins
def record(request, ref, deed=""):
    """What a distributor has told an admin, recorded in its stead on the same page."""
    order = get_object_or_404(Order.objects.select_related("distributor", "location", "request"), ref=ref)
    if deed not in {"", "cancel"}:
        raise Http404
    address = reverse("orders:record", args=[order.ref])
    desk = Desk(order, request.user, Report.Way.ADMIN, address, "frame_admin.html", f"record/{order.ref}")
    return answer(request, desk, deed)
