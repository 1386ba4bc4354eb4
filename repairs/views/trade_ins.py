"""Trade-ins: sending a device, the list, one of them, and the buyer's own page behind its link."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assets.consequences import consequences
from assets.guards import not_from_here
from assets.models import Device
from assets.views.steps import device_in_hand
from repairs.models import TradeIn
from repairs.tradein.condition import in_words
from repairs.tradein.forms import AnswerForm, MoneyForm, SendForm
from repairs.tradein.notices import PURPOSE, binding_of
from repairs.tradein.trading import answer, record_money
from velory import clock
from velory.folding import words_of
from velory.journal.reason import Refused
from velory.people.doors import for_admins
from velory.people.language import language_of_reader
from velory.people.limits import may_knock
from velory.post.links import PARTNER, opens, path_of
from velory.post.wording import contact
from velory.ui.steps import ask, conflict, see_other, seen_version, sent
from velory.ui.tables import Table

DOOR = "answer"  # each answer is a mail to every admin
SORTS = {"sent": "sent_at", "device": "device__name", "buyer": "buyer__name"}
STATES = [
    ("open", gettext_lazy("With the buyer")), ("answered", gettext_lazy("Waits for your answer")),
    ("money", gettext_lazy("Money expected")), ("over", gettext_lazy("Over")),
]  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def send_to_trade_in(request, ref):
    """To whom, in which condition; on POST the buyer is told."""
    device = device_in_hand(request, ref)
    step = Device.send_to_trade_in.step
    if step.role_of(device, request.user) is None:
        raise PermissionDenied
    if device.status not in step.sources:
        return conflict(request, device, not_from_here(step.name, device))
    if reason := step.reason(device, by=request.user, at=clock.now()):
        return conflict(request, device, reason)
    form = SendForm(sent(request), device=device, by=request.user, today=clock.today())
    form.effects = consequences("send_to_trade_in", device, request.user, today=clock.today())
    if request.method != "POST" or not form.is_valid():
        return ask(request, device.send_to_trade_in, form, status=422 if form.is_bound else 200)
    said = form.cleaned_data
    try:
        device.send_to_trade_in(
            by=request.user, version=seen_version(request), buyer=said["buyer"].ref, condition=form.condition,
            value=said["preliminary_value"], currency=said["currency"], remark=said["remark"],
        )  # fmt: skip
    except Refused as refused:
        return conflict(request, device, refused.reason)
    messages.success(request, _("%(buyer)s is told of %(device)s.") % {"buyer": said["buyer"], "device": device})
    return see_other(device.get_absolute_url())


@require_safe
@for_admins
def trade_ins(request):
    """Every trade-in: search, states, pages."""
    table = Table(request, sorts=SORTS, default="-sent", filters=["state"])
    table.show(_found(table).with_what_a_list_shows())
    return render(request, "repairs/tradein/list.html", {"table": table, "states": STATES})


def _found(table):
    found, asked = TradeIn.objects.all(), Q()
    for word in words_of(table.q):
        found = found.filter(
            Q(device__search__contains=word) | Q(buyer__name__folded__contains=word) | Q(ref__folded__contains=word)
        )
    of = {"open": TradeIn.objects.open().filter(answered_at=None), "answered": TradeIn.objects.answered(),
          "money": TradeIn.objects.money_expected(), "over": TradeIn.objects.exclude(closed_at=None)}  # fmt: skip
    for state in table.chosen("state"):
        if state in of:
            asked |= Q(pk__in=of[state].values("pk"))
    return found.filter(asked)


@require_safe
@for_admins
def trade_in(request, ref):
    """One trade-in."""
    return _shown(request, _called(ref))


def _shown(request, found, *, answer_form=None, money_form=None, status=200):
    page = {
        "trade_in": found, "device": found.device, "condition": in_words(found.condition),
        "entries": found.journal.newest_first()[:50],
        "answer_form": answer_form or AnswerForm(initial={"final_value": found.final_value, "answer": found.answer}),
        "money_form": money_form or MoneyForm(today=clock.today(), trade_in=found),
    }  # fmt: skip
    return render(request, "repairs/tradein/page.html", page, status=status)


@require_POST
@for_admins
def record_answer(request, ref):
    """What the buyer said to an admin, recorded on their behalf."""
    found, form = _called(ref), AnswerForm(request.POST)
    if not form.is_valid():
        return _shown(request, found, answer_form=form, status=422)
    try:
        _answered(found, form, by=request.user)
    except Refused as refused:
        return conflict(request, found, refused.reason)
    messages.success(request, _("The buyer's answer is recorded."))
    return see_other(found.get_absolute_url())


@require_POST
@for_admins
def receive_money(request, ref):
    """The money has come."""
    found = _called(ref)
    form = MoneyForm(request.POST, today=clock.today(), trade_in=found)
    if not form.is_valid():
        return _shown(request, found, money_form=form, status=422)
    try:
        record_money(found, **form.cleaned_data, by=request.user, at=clock.now())
    except Refused as refused:
        return conflict(request, found, refused.reason)
    messages.success(request, _("The money is recorded."))
    return see_other(found.get_absolute_url())


def _answered(found, form, *, by):
    said = form.cleaned_data
    answer(found, final_value=said["final_value"], declined=said["declined"], text=said["answer"], by=by,
           at=clock.now())  # fmt: skip


def _called(ref):
    return get_object_or_404(TradeIn.objects.with_what_a_list_shows(), ref=ref.upper())


# The buyer's own page


def bound_to(link):
    """A link holds good while the trade-in is open and goes to that buyer at that address."""
    found = TradeIn.objects.open().select_related("buyer").filter(pk=link.about_id).first()
    if found is None or found.buyer.email.lower() != link.address:
        return None
    return binding_of(found)


@opens(PURPOSE, binding=bound_to, place=PARTNER, gone="repairs/tradein/gone.html")
def buyers_page(request, link, deed=""):
    """The device, its condition, and what the buyer pays for it; no account, and GET changes nothing."""
    found = get_object_or_404(TradeIn.objects.with_what_a_list_shows(), pk=link.about_id)
    with translation.override(language_of_reader(request, found.buyer.language)):
        if deed not in {"", "answer"}:
            raise Http404
        if request.method != "POST":
            return _to_the_buyer(request, link, found)
        form = AnswerForm(request.POST)
        if not may_knock(DOOR, request, f"trade_in/{link.pk}"):
            return _to_the_buyer(request, link, found, form=form, too_often=True, status=429)
        if not form.is_valid():
            return _to_the_buyer(request, link, found, form=form, status=422)
        try:
            _answered(found, form, by=found.buyer)
        except Refused:
            return render(request, "repairs/tradein/gone.html", {"why": "void"}, status=409)
        return see_other(path_of(link))


def _to_the_buyer(request, link, found, *, form=None, too_often=False, status=200):
    page = {
        "too_often": too_often,
        "trade_in": found, "device": found.device, "link": link, "address": path_of(link),
        "condition": in_words(found.condition), "contact": contact(clock.now()), "buyer": found.buyer,
        "form": form or AnswerForm(initial={
            "final_value": found.final_value, "declined": found.declined, "answer": found.answer}),
    }  # fmt: skip
    return render(request, "repairs/tradein/buyer.html", page, status=status)
