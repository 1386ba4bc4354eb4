"""What operators change about a company: held, written and put down in one transaction; refused where it is stale.

Each verb is called in the operators' company (or at the platform, by command) and outside any transaction. Web
processes keep a company for half a minute (`velory/tenancy/routing.py`): so long a change may take to reach them all.
"""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext

from django.db import transaction
from django.utils.translation import gettext as _

from velory import clock
from velory.agenda import book
from velory.journal.reason import Reason, Refused, overtaken
from velory.operators import letters
from velory.operators.deeds import note
from velory.people.models import Person
from velory.tenancy.context import inside
from velory.tenancy.models import Company
from velory.tenancy.opening import check_facts
from velory.tenancy.plans import FEATURES
from velory.tenancy.routing import forget_hosts

OPEN_OR_CLOSED = (Company.State.READY, Company.State.SUSPENDED)


def hold(company, version: int | None) -> Company:
    """The company's row, kept from others until the transaction ends. Refused where somebody was first.

    `version` is the one that stood on the page.
    """
    now = Company.objects.select_for_update().get(pk=company.pk)
    if version is not None and now.version != version:
        raise overtaken()
    now.version += 1
    return now


def change_facts(company, facts: dict, *, by, at, version=None) -> bool:
    """Another name, country, language, currency or time zone; whether anything changed. ValidationError by field."""
    return _change(company, facts, "change_facts", by=by, at=at, version=version)


def change_plan(company, *, plan: str, features, by, at, version=None) -> bool:
    """Another plan, other flags; whether anything changed. Flags that the plan leaves out are kept, and rest."""
    known = sorted(code for code in features if code in FEATURES)
    return _change(company, {"plan": plan, "features": known}, "change_plan", by=by, at=at, version=version)


def _change(company, facts, deed, *, by, at, version):
    with transaction.atomic():
        now = hold(company, version)
        refuse_unless(now, *OPEN_OR_CLOSED)
        changes = {name: [getattr(now, name), value] for name, value in facts.items() if getattr(now, name) != value}
        if not changes:
            return False
        for name, (_before, value) in changes.items():
            setattr(now, name, value)
        check_facts(now)
        now.save(update_fields=["version", *changes])
        note(now, deed, by=by, at=at, changes=changes)
    forget_hosts()
    return True


def suspend_company(company, *, reason: str, by, at, version=None) -> None:
    """Close a company to everybody, and write to its admins why. Refused for the operators' own."""
    if company.is_operators:
        raise Refused(Reason("own", _("The operators' own company cannot be suspended: nobody could open it again.")))
    addresses = admins_of(company)
    with an_outbox() as is_there, transaction.atomic():
        now = hold(company, version)
        refuse_unless(now, Company.State.READY)
        now.state, now.suspended_at, now.suspended_because = Company.State.SUSPENDED, at, reason
        now.save(update_fields=["version", "state", "suspended_at", "suspended_because"])
        note(now, "suspend", by=by, at=at, reason=reason)
        if is_there:
            letters.tell_admins(now, "operators/suspended", addresses, reason=reason, at=at)
    forget_hosts()


def resume_company(company, *, by, at, version=None) -> None:
    """Open a suspended company again: what waited on its agenda is done from now on, and its admins are told."""
    addresses = admins_of(company)
    with an_outbox() as is_there, transaction.atomic():
        now = hold(company, version)
        refuse_unless(now, Company.State.SUSPENDED)
        reason = now.suspended_because
        now.state, now.suspended_at, now.suspended_because = Company.State.READY, None, ""
        now.save(update_fields=["version", "state", "suspended_at", "suspended_because"])
        note(now, "resume", by=by, at=at, reason=reason)
        if is_there:
            letters.tell_admins(now, "operators/resumed", addresses, reason=reason, at=at)
        book.ring_on_commit()
    forget_hosts()


def refuse_unless(company, *states) -> None:
    """Refused where a company is in none of some states; the words say in which it is."""
    if company.state not in states:
        is_now = company.get_state_display()
        raise Refused(Reason("state", _("%(company)s is now: %(state)s.") % {"company": company, "state": is_now}))


def admins_of(company) -> list[tuple[str, str, str]]:
    """Who reads that a company was closed: (address, name, language) of its admins; nobody while it is behind."""
    if not company.is_up_to_date:
        return []
    with inside(company):
        admins = Person.objects.admins_to_write_to(clock.today())
        return [(admin.email, admin.get_full_name(), admin.language) for admin in admins]


@contextmanager
def an_outbox() -> Iterator[bool]:
    """Inside the operators' own company, whose outbox goes on while another's rests; False where there is none."""
    operators = Company.objects.servable().operators().first()
    with inside(operators) if operators else nullcontext():
        yield operators is not None
