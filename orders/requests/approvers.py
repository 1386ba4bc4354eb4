"""Who answers a request (spec 3): whoever the chain names, who stands in for them, else the admins and the purchase
managers of the place or team. Nobody answers for themselves unless there is nobody else.
"""

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from orders.models import Delegation, StoreSettings
from velory.people.models import Person, Role


def approver_for(requester, person, *, today) -> Person | None:
    """Who is asked: the person's own approver, their location's, their team's, the company's, the first of them who
    works here and is neither of the two. None: any admin, or purchase manager of the person's location or team."""
    return next((found for found in _chain(person, today) if found not in (requester, person)), None)


def goes_through_at_once(requester, person, *, today) -> bool:
    """Whether nobody is to be asked: an admin orders for others, whoever would be asked orders for somebody else, or
    the only one who could answer asks for themselves. `person` is None for a space and for the company."""
    if requester != person:
        return requester.is_admin or next((p for p in _chain(person, today) if p != person), None) == requester
    answers = Desk(today)
    return answers.answers(requester, requester) and not answers.anybody_else(requester)


def asks_nobody(request, *, today) -> bool:
    """Whether a request needs no answer: it goes through at once, or lies within the budget where that is enough."""
    if goes_through_at_once(request.requester, request.person, today=today):
        return True
    return lies_within_the_budget(request) and StoreSettings.here().auto_approve


def lies_within_the_budget(request) -> bool:
    """Whether a person's budget bears all of it."""
    return request.person is not None and all(line.budget_part == line.amount for line in request.lines.all())


def part_of(request, by, *, today) -> "Answerer | None":
    """The part in which somebody may answer a request; None where they may not."""
    return Desk(today).part_of(request, by)


def deciders_of(request, *, today) -> list[Person]:
    """Who is asked: the approver or their deputy; where nobody is named, everybody who may answer."""
    return Desk(today).asked(request)


def _chain(person, today):
    """The approvers that a person's requests go to, in order; of a space or the company none is asked."""
    if person is None:
        return []
    places = [place.approver for place in (person.location, person.team) if place]
    named = [person.approver, *places, StoreSettings.here().approver]
    return [found for found in named if found and found.works_on(today)]


@dataclass(frozen=True)
class Answerer:
    """Somebody who may answer; `instead_of` whom, where it is in another's place. `asked`: they are written to."""

    person: Person
    instead_of: Person | None = None
    asked: bool = True


class Desk:
    """Who answers requests on one day: read once, asked for as many requests as there are."""

    def __init__(self, today):
        self.today = today

    @cached_property
    def office(self) -> list[Person]:
        """The admins and purchase managers who work here, the longest-serving first."""
        roles = [Role.ADMIN, Role.PURCHASE_MANAGER]
        return list(Person.objects.working(self.today).filter(role__in=roles).order_by("pk"))

    @cached_property
    def deputies(self) -> dict[int, list[Person]]:
        """Who stands in for whom today, by the key of whoever is away."""
        found: dict[int, list[Person]] = defaultdict(list)
        for delegation in Delegation.objects.on(self.today).select_related("deputy"):
            if delegation.deputy.works_on(self.today):
                found[delegation.approver_id].append(delegation.deputy)
        return found

    def asked(self, request) -> list[Person]:
        """Who is written to about a request."""
        return list(dict.fromkeys(found.person for found in self.answerers(request) if found.asked))

    def part_of(self, request, by) -> Answerer | None:
        """The part in which somebody may answer; their own before another's."""
        parts = [found for found in self.answerers(request) if found.person == by]
        if not parts and by == request.requester and self._needs_nobody(request):
            return Answerer(by)
        return min(parts, key=lambda found: found.instead_of is not None, default=None)

    def answerers(self, request) -> list[Answerer]:
        """Everybody who may answer a request. Whom it is for, and whoever sent it, only where there is nobody else."""
        parties = {request.requester_id, request.person_id}
        for left_out in (parties, {request.requester_id}, set()):
            found = self._without(request, left_out)
            if found:
                return found
        return []

    def _without(self, request, left_out) -> list[Answerer]:
        named = request.approver
        if named is None or named.pk in left_out or not named.works_on(self.today):
            named = None
        own = [named] if named else [p for p in self._pool(request.person) if p.pk not in left_out]
        found = [answerer for person in own for answerer in self._in_place_of(person, left_out)]
        over_them = [p for p in self.office if p.is_admin and p.pk not in left_out] if named else []
        return found + [Answerer(p, instead_of=named, asked=False) for p in over_them if p != named]

    def _in_place_of(self, person, left_out):
        deputies = [deputy for deputy in self.deputies.get(person.pk, []) if deputy.pk not in left_out]
        return [*(Answerer(deputy, instead_of=person) for deputy in deputies), Answerer(person, asked=not deputies)]

    def _pool(self, person):
        return [p for p in self.office if self.answers(p, person)]

    def answers(self, by, person) -> bool:
        """Whether somebody answers a person's requests where nobody is named: an admin everybody's, a purchase manager
        those of their own location and team."""
        if by.is_admin or person is None:
            return by.is_admin
        if by.role != Role.PURCHASE_MANAGER:
            return False
        return _same(by.location_id, person.location_id) or _same(by.team_id, person.team_id)

    def anybody_else(self, person) -> bool:
        """Whether there is anybody but a person who could answer what they ask for themselves."""
        others = any(p != person for p in self._pool(person))
        return others or approver_for(person, person, today=self.today) is not None

    def _needs_nobody(self, request) -> bool:
        return goes_through_at_once(request.requester, request.person, today=self.today)


def _same(one: Any, other: Any) -> bool:
    return one is not None and one == other
