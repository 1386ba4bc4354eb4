"""What is done about the erasing of a company: asked, confirmed by another, called off; closed and ended by the agenda.

Each verb is called outside any transaction. What it decides stands in `public`, and goes on the operators' agenda in
the same transaction; letters and entries inside the company follow, written once however often they are tried.
"""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from velory.agenda import book
from velory.erasing import notices
from velory.erasing.models import FETCH, QUARANTINE, REMIND, Erasure
from velory.journal.deeds import write
from velory.journal.reason import Reason, Refused
from velory.operators.changing import admins_of, an_outbox, hold
from velory.operators.deeds import note
from velory.people.models import Person
from velory.tenancy.context import inside
from velory.tenancy.models import Company
from velory.tenancy.routing import forget_hosts

CLOSED_BECAUSE = "The company is to be erased."
State = Erasure.State


def ask(company: Company, *, reason: str, by, at: datetime) -> Erasure:
    """An operator wants a company erased. Nothing changes but that its admins and the other operators know."""
    if company.is_operators:
        raise _refused(_("The operators' own company cannot be erased."))
    if company.state not in {Company.State.READY, Company.State.SUSPENDED}:
        raise _refused(_("It is now: %s.") % company.get_state_display())
    with transaction.atomic():
        now = hold(company, None)
        if Erasure.objects.of(now).under_way().exists():
            raise _refused(_("Its erasing has been asked for already."))
        erasure = Erasure.objects.create(
            company=now, reason=reason, asked_by_ref=by.ref, asked_by_name=str(by), asked_at=at
        )
        note(now, "ask_erasing", by=by, at=at, reason=reason)
    if company.state == Company.State.READY:
        with inside(company), transaction.atomic():
            write(erasure, "ask", by=None, at=at, role="operator", details={"operator": str(by), "reason": reason})
            notices.admins_are_asked(erasure, at=at)
    return erasure


def confirm(erasure: Erasure, *, by, at: datetime, operator: bool) -> None:
    """A second person agrees: another operator, or an admin of the company. The export is asked for, everybody told."""
    if _asked_for_it(erasure, by, operator):
        raise _refused(_("You asked for it: somebody else has to confirm, another operator or an admin there."))
    with an_outbox(), transaction.atomic():
        now = _held(erasure, State.ASKED)
        company = hold(now.company, None)
        open_now = company.state == Company.State.READY
        now.state, now.confirmed_by_name, now.confirmed_at = State.CONFIRMED, str(by), at
        now.closes_at = at + FETCH if open_now else at
        now.save()
        note(company, "confirm_erasing" if operator else "admin_confirms_erasing", by=by if operator else None, at=at)
        book.put("erasing.announce", now.ref, at)
        book.put("erasing.close", now.ref, now.closes_at)
    _tell_inside(now, "confirm", by=by, at=at, operator=operator)


def _asked_for_it(erasure, by, operator):
    """Whether it is the same person: at the operators', or with the same address as an admin of the company."""
    if operator:
        return by.ref == erasure.asked_by_ref
    operators = Company.objects.servable().operators().first()
    if operators is None:
        return False
    with inside(operators):
        asked_by = Person.objects.filter(ref=erasure.asked_by_ref).first()
    return asked_by is not None and bool(by.email) and by.email.lower() == asked_by.email.lower()


def call_off(erasure: Erasure, *, by, at: datetime, operator: bool) -> None:
    """Not after all: the company is as it was. An operator, or one of its admins while it is open."""
    admins = admins_of(erasure.company)
    with an_outbox(), transaction.atomic():
        now = _held(erasure, State.ASKED, State.CONFIRMED, State.QUARANTINE)
        company, was = hold(now.company, None), now.state
        if was == State.QUARANTINE and company.state == Company.State.SUSPENDED:
            _be(company, Company.State.READY, because="", at=None)
        now.state, now.ended_at, now.ended_by_name = State.CALLED_OFF, at, str(by or "")
        now.save()
        note(company, "call_off_erasing" if operator else "admin_calls_off_erasing", by=by if operator else None, at=at)
        for kind in ("erasing.announce", "erasing.close", "erasing.remind", "erasing.erase"):
            book.drop(kind, now.ref)
        notices.it_is_called_off(now, admins, at=at)
    forget_hosts()
    _tell_inside(now, "call_off", by=by, at=at, operator=operator)


def close(erasure: Erasure, *, at: datetime) -> None:
    """The quarantine begins: nobody gets in any more, nothing is gone yet. Inside the operators' company."""
    admins = admins_of(erasure.company)
    with transaction.atomic():
        now = _held(erasure, State.CONFIRMED)
        company = hold(now.company, None)
        now.state, now.closed_at, now.erases_at = State.QUARANTINE, at, at + QUARANTINE
        now.save()
        _be(company, Company.State.SUSPENDED, because=CLOSED_BECAUSE, at=at)
        note(company, "close_for_erasing", by=None, at=at)
        notices.it_is_closed(now, admins, at=at)
        book.put("erasing.remind", now.ref, now.erases_at - REMIND)
        book.put("erasing.erase", now.ref, now.erases_at)
    forget_hosts()


def begin_to_erase(erasure: Erasure) -> bool:
    """From here there is no way back. False where an operator has opened the company again: that calls it off."""
    with transaction.atomic():
        now = Erasure.objects.select_for_update().get(pk=erasure.pk)
        company = hold(now.company, None)
        if now.state == State.ERASING:
            return True
        if now.state != State.QUARANTINE or company.state != Company.State.SUSPENDED:
            return False
        now.state, company.state = State.ERASING, Company.State.ERASING
        now.save(update_fields=["state"])
        company.save(update_fields=["state", "version"])
    forget_hosts()
    return True


def _be(company, state, *, because, at):
    company.state, company.suspended_because, company.suspended_at = state, because, at
    company.save(update_fields=["state", "suspended_because", "suspended_at", "version"])


def _held(erasure, *states):
    now = Erasure.objects.select_for_update(of=("self",)).select_related("company").get(pk=erasure.pk)
    if now.state not in states:
        raise _refused(_("It is now: %s.") % now.get_state_display())
    return now


def _tell_inside(erasure, deed, *, by, at, operator):
    """The company's own journal reads it too, while there is one."""
    if Company.objects.servable().filter(pk=erasure.company_id).exists():
        with inside(erasure.company), transaction.atomic():
            details = {"operator": str(by)} if operator else {}
            write(
                erasure, deed, by=None if operator else by, at=at, role="operator" if operator else "", details=details
            )


def _refused(words) -> Refused:
    return Refused(Reason("erasing", words))
