"""Reminders of payments that are still needed, on the page of planned mail."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from orders.models import ProductRequest
from orders.overage.card_letters import reminder_for
from orders.overage.due import days_to_pay
from orders.overage.lapsing import reminded_at
from orders.requests.shown import in_short
from velory import clock
from velory.post.planned import PAUSE, Planned, Rows, plans


def letter_to_come(ref):
    """What whoever is to pay would read; None where nothing is to be paid any more."""
    found = ProductRequest.objects.to_be_paid().filter(ref=ref).first()
    return reminder_for(found, at=reminded_at(found)) if found else None


@plans(
    "payments", letter=letter_to_come, label=gettext_lazy("Payment needed, a day before it is too late"),
    may=(PAUSE,), why_not=gettext_lazy("It names its day, so it is not sent ahead."),
)  # fmt: skip
def reminders_to_come(until, words):
    """One for each request that waits for its payment, on the morning of the day before the last."""
    now, days = clock.now(), days_to_pay()
    moments = {request.pk: reminded_at(request, days) for request in ProductRequest.objects.to_be_paid()}
    coming = [pk for pk, at in moments.items() if now < at and clock.local_date(at) <= until]
    found = ProductRequest.objects.with_what_a_list_shows().filter(pk__in=coming).matching(words)
    return Rows(
        found.order_by("decided_at", "pk"),
        lambda requests: [_as_planned(request, moments[request.pk]) for request in requests],
    )


def _as_planned(request, at):
    return Planned(
        at=at, name=str(request.person), address=request.person.email or "",
        what=_("Payment needed, a day before it is too late"), about=in_short(request),
        url=request.get_absolute_url(), ref=request.ref, key=reminder_for(request, at=at).key,
    )  # fmt: skip
