"""How repairs and trade-ins are found by the search from anywhere."""

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from repairs.doors import repairs_are_on
from repairs.models import Case, TradeIn
from velory.folding import words_of
from velory.ui.search import Hit, finds, shown


@finds(_("Repairs"), order=45)
def cases(q, by, most):
    """By reference, device or workshop, for admins."""
    if not (by.is_admin and repairs_are_on()):
        return None
    found = _where(Case.objects.select_related("device"), q, "supplier").order_by("-pk")
    return shown(found, _case, most=most, address=reverse("repairs:cases"), q=q)


def _case(case):
    return Hit(f"{case.ref} · {case.device}", case.fault[:80], case.get_absolute_url(), "wrench")


@finds(_("Trade-ins"), order=46)
def trade_ins(q, by, most):
    """By reference, device or buyer, for admins."""
    if not by.is_admin:
        return None
    found = _where(TradeIn.objects.select_related("device", "buyer"), q, "buyer__name").order_by("-pk")
    return shown(found, _trade_in, most=most, address=reverse("repairs:trade_ins"), q=q)


def _trade_in(trade):
    return Hit(f"{trade.ref} · {trade.device}", str(trade.buyer), trade.get_absolute_url(), "hand-coins")


def _where(things, q, named):
    for word in words_of(q):
        fits = Q(ref__folded__contains=word) | Q(device__search__contains=word)
        things = things.filter(fits | Q(**{f"{named}__folded__contains": word}))
    return things
