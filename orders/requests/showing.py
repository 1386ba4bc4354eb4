"""What requests show on the pages below: what waits for whom, one's own on the page about oneself."""

from django.db.models import Min
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assets.panels import Alert, alert
from orders.models import ProductRequest
from orders.requests.delegating import deputies_of, deputy_for, is_approver
from orders.requests.shown import in_short
from orders.requests.waiting import waiting_for
from velory import clock
from velory.people.panels import own_panel
from velory.tenancy.context import current_company
from velory.ui.todos import Todo, todo

SHOWN = 3


@alert
def requests_that_wait(person, *, today):
    """Whoever answers and is no admin finds it at home; admins have it among what waits for the company."""
    if person.is_admin or not current_company().has("store"):
        return []
    waits = waiting_for(person, today=today).count()
    if not waits:
        return []
    title = ngettext("%d request waits for your answer", "%d requests wait for your answer", waits) % waits
    text = _("Nothing is ordered before somebody answers.")
    return [Alert(title, text, _("Answer requests"), reverse("orders:requests"))]


@todo(order=5)
def requests_to_answer(today):
    """Everything that is pending: an admin may always answer."""
    if not current_company().has("store"):
        return []
    pending = ProductRequest.objects.pending()
    oldest = pending.aggregate(oldest=Min("sent_at"))["oldest"]
    return [
        Todo("requests", pending.count() if oldest else 0, _("Requests that wait for an answer"),
             _("Whoever is asked has a mail; an admin may always answer in their place."),
             f"{reverse('orders:requests')}?view=pending", oldest_on=clock.local_date(oldest) if oldest else None),
    ]  # fmt: skip


@own_panel(order=20)
def ones_own_requests(person, *, today):
    """The latest of one's own, and, for whoever answers, what waits and who stands in."""
    if not current_company().has("store"):
        return None
    own = ProductRequest.objects.concerning(person).newest_first().with_what_a_list_shows()[:SHOWN]
    answers = is_approver(person) or bool(deputy_for(person, today=today))
    return "orders/_own_requests.html", {
        "own": [(asked, in_short(asked)) for asked in own], "is_approver": answers,
        "waits": waiting_for(person, today=today).count() if answers else 0,
        "deputies": deputies_of(person, today=today) if answers else [],
    }  # fmt: skip
