"""Product requests: the list, one of them with its whole calculation, and the answers to it."""

from django import forms
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from orders.budgets.standing import grant_of, standings_of
from orders.cancelling.showing import cancelled_of
from orders.doors import in_the_store
from orders.models import ProductRequest, StoreSettings
from orders.overage.paying import what_is_to_pay
from orders.requests.approvers import Desk
from orders.requests.going_through import why_not_now
from orders.requests.shown import asked_for, for_whom, hides_prices, in_short, sums_of
from orders.requests.table import Requests
from orders.requests.waiting import visible_to
from velory import clock
from velory.people.forms.person import seen_as_written
from velory.ui.steps import take


class AnswerForm(forms.Form):
    """What whoever answers adds to it; the requester reads it."""

    message = forms.CharField(
        label=gettext_lazy("Message"), required=False, max_length=1000, strip=True,
        widget=forms.Textarea(attrs={"rows": 3}), validators=[seen_as_written],
        help_text=gettext_lazy("It stands in the mail with your answer."),
    )  # fmt: skip


@require_safe
@in_the_store
def requests(request):
    """What waits for the reader's answer first; then everything else that they may see."""
    table = Requests(request, today=clock.today()).fetch()
    rows = [(asked, in_short(asked), for_whom(asked)) for asked in table.rows]
    return render(request, "orders/requests.html", {"table": table, "rows": rows})


@require_safe
@in_the_store
def request_page(request, ref):
    """One request: what, for whom, what it costs whom, who answers, what happened."""
    return show(request, _in_sight(request, ref))


def show(request, asked, form=None):
    """The page of a request; with the form where an answer was not filled in."""
    at, today, reader = clock.now(), clock.today(), request.user
    desk = Desk(today)
    part = desk.part_of(asked, reader) if asked.is_pending else None
    page = {
        "asked": asked, "things": asked_for(asked), "sums": sums_of(asked), "what": in_short(asked),
        "whom": for_whom(asked), "hides_prices": hides_prices(asked, reader), "part": part,
        "waits_for": desk.asked(asked) if asked.is_pending else [], "is_own": asked.requester == reader,
        "orders": asked.orders.select_related("distributor").order_by("pk"), "form": form or AnswerForm(),
        "entries": asked.journal.newest_first()[:50],
        "told_daily": asked.is_pending and part is None and StoreSettings.here().requests_digest,
    }  # fmt: skip
    page["cancelled"] = cancelled_of(asked, reader)
    if asked.status == "payment_needed":
        page["payment"] = what_is_to_pay(asked, reader)
    if part is not None:
        page |= {"shut": why_not_now(asked, at=at), "standings": _standings(asked, today)}
    return render(request, "orders/request.html", page, status=422 if form is not None else 200)


def _standings(asked, today):
    """How the person's budget stands in the categories that are asked for."""
    if asked.person is None:
        return []
    categories = {line.category_id for line in asked.lines_in_order}
    found = standings_of(asked.person, grant_of(asked.person), today=today)
    return [standing for standing in found if standing.allowance.category_id in categories]


@require_POST
@in_the_store
def approve(request, ref):
    """Yes: it is ordered, or paid for first."""
    return _answer(request, ref, "approve", _("The request is approved."))


@require_POST
@in_the_store
def reject(request, ref):
    """No: nothing is ordered."""
    return _answer(request, ref, "reject", _("The request is rejected. The requester is told."))


def _answer(request, ref, name, says):
    asked, form = _in_sight(request, ref), AnswerForm(request.POST)
    if not form.is_valid():
        return show(request, asked, form)
    return take(request, getattr(asked, name), form, says=says)


@require_POST
@in_the_store
def withdraw(request, ref):
    """Whoever sent it does not want it any more."""
    asked = _in_sight(request, ref)
    return take(request, asked.withdraw, says=_("The request is withdrawn. Nothing is ordered."))


def _in_sight(request, ref) -> ProductRequest:
    seen = visible_to(request.user, today=clock.today()).with_what_a_list_shows()
    return get_object_or_404(seen, ref=ref.upper())
