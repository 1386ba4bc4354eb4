"""Which requests somebody may answer and see: the rules of `approvers`, asked of all requests at once."""

from django.db.models import Exists, OuterRef, Q

from orders.models import Delegation, ProductRequest
from orders.models.request import RequestQuerySet
from orders.requests.approvers import Desk
from velory.journal.models import Entry
from velory.people.models import Person, Role


def waiting_for(person, *, today) -> RequestQuerySet:
    """The requests that wait for somebody's answer: as approver, in another's place, or where nobody is named."""
    theirs = Q()
    for answerer in _in_whose_place(person, today):
        theirs |= _asked_of(answerer, today) & _not_of(answerer)
    pending = ProductRequest.objects.pending()
    return pending.filter((theirs & _not_of(person)) | Q(pk__in=_with_nobody_else(person, today)))


def visible_to(person, *, today) -> RequestQuerySet:
    """What somebody may read: their own, what they may answer or were asked to; an admin all of it."""
    if person.is_admin:
        return ProductRequest.objects.all()
    seen = Q(requester=person) | Q(person=person) | Q(approver=person)
    if person.role == Role.PURCHASE_MANAGER:
        seen |= _of_the_same_place(person)
    waiting = Q(pk__in=waiting_for(person, today=today).values("pk"))
    return ProductRequest.objects.filter(seen | waiting | Q(_answered_by(person)))


def _answered_by(person) -> Exists:
    """Whoever answered once, in another's place perhaps, can still look at it."""
    about = Entry.objects.filter(about_type=ProductRequest._meta.label_lower, about_id=OuterRef("pk"))
    return Exists(about.of_steps(["approve", "reject"]).filter(by_ref=person.ref))


def _in_whose_place(person, today) -> list[Person]:
    """Whoever answers by this person's hand today: they themselves, and whom they stand in for."""
    standing_in = Delegation.objects.on(today).filter(deputy=person).select_related("approver")
    return [person, *(d.approver for d in standing_in if d.approver.works_on(today))]


def _asked_of(person, today) -> Q:
    named = Q(approver=person)
    unnamed = Q(approver=None) | ~Q(approver__in=Person.objects.working(today))
    if person.is_admin:
        return named | unnamed
    if person.role == Role.PURCHASE_MANAGER:
        return named | (unnamed & _of_the_same_place(person))
    return named


def _of_the_same_place(person) -> Q:
    """Those for people of a purchase manager's location or team; none where they have neither."""
    same = Q(pk__in=[])
    if person.location_id:
        same |= Q(person__location=person.location_id)
    if person.team_id:
        same |= Q(person__team=person.team_id)
    return same


def _not_of(person) -> Q:
    """Neither sent by somebody nor for them; of a space there is no person."""
    return ~Q(requester=person) & (Q(person=None) | ~Q(person=person))


def _with_nobody_else(person, today) -> list[int]:
    """The keys of their own requests that only they could answer."""
    own = list(ProductRequest.objects.pending().concerning(person).select_related("requester", "person", "approver"))
    desk = Desk(today)
    return [request.pk for request in own if any(found.person == person for found in desk.answerers(request))]
