"""Who hears what of a request. The words are in the templates of these names; every button leads to its page."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from orders.models import ProductRequest
from orders.requests.approvers import asks_nobody, deciders_of, lies_within_the_budget, part_of
from orders.requests.shown import asked_for, for_whom, in_short
from velory import clock
from velory.journal.reason import Reason
from velory.people.models import Person
from velory.post.letters import call_off, letter, write_letter
from velory.post.models import Letter
from velory.tenancy.context import current_company

TO_APPROVE, APPROVED, REJECTED, WITHDRAWN = (
    f"orders/request_{name}" for name in ("to_approve", "approved", "rejected", "withdrawn")
)
ANSWERED = gettext_noop("The request has been answered or withdrawn.")


# To whoever answers


def ask_for_an_answer(request, *, at) -> list[Person]:
    """The approver or their deputy, or everybody who may answer; nobody where nobody needs to. Returns who is asked."""
    today = clock.local_date(at)
    asked = [] if asks_nobody(request, today=today) else deciders_of(request, today=today)
    for person in asked:
        _write(TO_APPROVE, request, person, at=at)
    return asked


def nobody_is_asked(request) -> None:
    """Letters that have not gone yet don't go."""
    call_off(Letter.objects.filter(template=TO_APPROVE, context__request=request.ref), ANSWERED)


def still_waits_for_them(letter, at):
    """The request is pending, and whoever is written to may answer it."""
    request = _request(letter)
    if not request.is_pending:
        return Reason("answered", _(ANSWERED))
    if letter.person is None or part_of(request, letter.person, today=clock.local_date(at)) is None:
        return Reason("somebody_else", _("Somebody else answers the request now."))
    return None


@letter(TO_APPROVE, check=still_waits_for_them, label=gettext_lazy("Request to approve"))
def what_the_approver_is_asked(letter):
    """Who asks for what, and whether the budget bears it; in whose place, if it is another's."""
    request = _request(letter)
    part = part_of(request, letter.person, today=clock.local_date(letter.written_at)) if letter.person else None
    return _facts(request) | {
        "instead_of": part.instead_of if part else None,
        "within_budget": lies_within_the_budget(request),
        "no_budget": all(line.budget_part is None for line in request.lines_in_order),
    }


# To whoever waits for the answer


@letter(APPROVED, label=gettext_lazy("Request approved"))
@letter(REJECTED, label=gettext_lazy("Request rejected"))
@letter(WITHDRAWN, label=gettext_lazy("Request withdrawn by Velory"))
def what_the_requester_is_told(letter):
    """The answer, with its words, and what it was about."""
    request = _request(letter)
    return _facts(request) | {
        "is_requester": letter.person == request.requester,
        "is_receiver": letter.person == request.person,
        "decided_by": letter.context.get("by", ""),
        "because": _(letter.context["why"]) if letter.context.get("why") else "",
    }


def say_it_is_approved(request, *, at) -> None:
    """It is ordered."""
    _tell_whoever_waits(APPROVED, request, at=at)


def say_it_is_rejected(request, *, at) -> None:
    """It is not ordered."""
    _tell_whoever_waits(REJECTED, request, at=at)


def say_it_is_withdrawn(request, *, at) -> None:
    """By Velory itself: whoever withdraws a request knows."""
    if not request.journal.last().by_ref:
        _tell_whoever_waits(WITHDRAWN, request, at=at)


def _tell_whoever_waits(template, request, *, at):
    """Whoever sent it and whom it is for; not the one who answered."""
    entry, today = request.journal.last(), clock.local_date(at)
    for person in dict.fromkeys(filter(None, (request.requester, request.person))):
        if person.ref != entry.by_ref and person.email and person.works_on(today):
            _write(template, request, person, at=at, by=entry.by_name, why=entry.details.get("why", ""))


def _write(template, request, person, *, at, **context):
    write_letter(
        template, key=f"{template}/{request.ref}/{person.ref}", person=person, at=at,
        context={"request": request.ref} | context,
    )  # fmt: skip


def _request(letter) -> ProductRequest:
    return ProductRequest.objects.with_what_a_list_shows().get(ref=letter.context["request"])


def _facts(request):
    return {
        "request": request, "asked": asked_for(request), "what": in_short(request), "whom": for_whom(request),
        "requester": request.requester, "url": current_company().address(request.get_absolute_url()),
    }  # fmt: skip
