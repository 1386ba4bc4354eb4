"""Who someone is to a request or an order, and what must be so before a step. Roles answer yes or no."""

from django.utils.translation import gettext as _

from assets.models.partner import Partner
from velory import clock
from velory.journal.reason import Reason
from velory.journal.steps import SYSTEM, Role
from velory.people.models import Person
from velory.people.rules import administrator


def sent_it(request, by) -> bool:
    """Whoever sent the request."""
    return isinstance(by, Person) and request.requester_id == by.pk


def answers(request, by) -> bool:
    """Who may approve it now in their own right; nobody for themselves unless they are the only one."""
    part = _part_of(request, by)
    return part is not None and part.instead_of is None


def answers_for_another(request, by) -> bool:
    """Who may approve it in the approver's place: a deputy on their days, an admin always."""
    part = _part_of(request, by)
    return part is not None and part.instead_of is not None


def in_whose_place(request, by) -> str:
    """For whom somebody decides, for the journal."""
    return str(_part_of(request, by).instead_of)


def _part_of(request, by):
    from orders.requests.approvers import part_of

    return part_of(request, by, today=clock.today()) if isinstance(by, Person) else None


def delivers(order, by) -> bool:
    """The distributor that an order went to."""
    return isinstance(by, Partner) and order.distributor_id == by.pk


REQUESTER = Role("requester", sent_it)
APPROVER = Role("approver", answers)
DEPUTY = Role("deputy", answers_for_another, acts_for=in_whose_place)
ADMIN = Role("admin", lambda thing, by: administrator(by))
DISTRIBUTOR = Role("partner", delivers)

__all__ = ["ADMIN", "APPROVER", "DEPUTY", "DISTRIBUTOR", "REQUESTER", "SYSTEM"]


def is_paid(request, *, by, at, **details):
    """Only money that Stripe knows of lets it be ordered."""
    from orders.overage.card import is_paid as paid

    return None if paid(request) else Reason("not_paid", _("It has not been paid."))


def has_a_link(order, *, by, at, **details):
    """Something opens it that can be ended."""
    from orders.reports.link import opens_by_link

    return None if opens_by_link(order, at=at) else Reason("no_link", _("No link opens it now."))


def can_be_written_to(order, *, by, at, **details):
    """A link is sent to an address."""
    if order.written_to:
        return None
    text = _("%(distributor)s has no e-mail address. Set it on the partner first.")
    return Reason("no_address", text % {"distributor": order.distributor})
