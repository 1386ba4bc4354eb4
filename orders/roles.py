"""Who someone is to a request or an order, and what must be so before a step. Roles answer yes or no."""

from django.utils.translation import gettext as _

from assets.models.partner import Partner
from velory.journal.reason import Reason
from velory.journal.steps import SYSTEM, Role
from velory.people.models import Person
from velory.people.rules import administrator


def sent_it(request, by) -> bool:
    """Whoever sent the request."""
    return isinstance(by, Person) and request.requester_id == by.pk


def decides_on(request, by) -> bool:
    """Who may approve it now: the approver, who stands in for them, or an admin; nobody for themselves unless they are
    the only one."""
    from orders.requests.approvers import may_decide

    return isinstance(by, Person) and may_decide(request, by)


def speaks_for(request):
    """In whose place somebody decides, for the journal."""
    return str(request.approver or "")


def delivers(order, by) -> bool:
    """The distributor that an order went to."""
    return isinstance(by, Partner) and order.distributor_id == by.pk


REQUESTER = Role("requester", sent_it)
APPROVER = Role("approver", decides_on)
ADMIN = Role("admin", lambda thing, by: administrator(by))
DISTRIBUTOR = Role("partner", delivers)

__all__ = ["ADMIN", "APPROVER", "DISTRIBUTOR", "REQUESTER", "SYSTEM"]


def is_paid(request, *, by, at, **details):
    """Only money that Stripe knows of lets it be ordered."""
    from orders.overage.card import is_paid as paid

    return None if paid(request) else Reason("not_paid", _("It has not been paid."))
