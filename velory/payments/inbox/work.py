"""Working events off: whose object is it, and then `apply`. An event decides nothing; it only says where to look (R5).

One whose object nobody knows may have come before our own row did (FI-2): it is tried again for a day, then reported.
"""

import json
import logging
import re
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import F, Min

from velory import clock
from velory.payments import cards, connecting, gateway
from velory.payments.apply import apply
from velory.payments.errors import Trouble
from velory.payments.inbox.models import Event, Route
from velory.payments.models import Attempt, Card, Payee
from velory.tenancy.context import inside, outside
from velory.tenancy.models import Company

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=60)
PAUSES = [timedelta(seconds=seconds) for seconds in (5, 15, 60, 300, 600)]
GIVE_UP = timedelta(hours=24)
KEPT = timedelta(days=30)
OF_ACCOUNTS = {"account.updated", "account.application.deauthorized", "capability.updated"}
OBJECT = re.compile(r"\w{1,120}", re.ASCII)  # as Stripe writes an object's id
OF_PAYMENTS = ("checkout.session.", "payment_intent.", "setup_intent.", "charge.", "refund.")
OF_CARDS = {"payment_method.detached", "payment_method.updated", "payment_method.automatically_updated"}


class NobodyKnows(Exception):
    """No row of ours says whom an event concerns."""


def work_off(*, wall: datetime, most: int = 50) -> int:
    """Work off what is due at a moment of the machine's clock; returns how many events were tried."""
    with outside():
        claimed = _claim(wall, most)
        for event in claimed:
            _try(event, wall)
    return len(claimed)


def oldest_unprocessed() -> datetime | None:
    """Since when the oldest event with which nothing was done has been waiting. Those of nobody's do not count."""
    with outside():
        return Event.objects.unprocessed().aggregate(oldest=Min("received_at"))["oldest"]


def forget_the_old(*, wall: datetime) -> None:
    """What Stripe said is kept for thirty days."""
    with outside():
        old = Event.objects.filter(received_at__lt=wall - KEPT, state__in=[Event.State.DONE, Event.State.IGNORED])
        old.delete()


def _claim(wall, most):
    with transaction.atomic():
        rows = list(Event.objects.due(wall).order_by("received_at").select_for_update(skip_locked=True)[:most])
        Event.objects.filter(pk__in=[row.pk for row in rows]).update(due_at=wall + LEASE, tries=F("tries") + 1)
    for row in rows:
        row.tries += 1
    return rows


def _try(event, wall):
    try:
        _settle(event, wall, *_carry_out(event))
    except NobodyKnows:
        if wall - event.received_at >= GIVE_UP:
            log.error(
                "Event %s (%s of %s) concerns nobody here.", event.pk, event.type, event.account or "the platform"
            )
            _settle(event, wall, Event.State.IGNORED, "unrouted")
        else:
            _later(event, wall, Event.State.UNROUTED)
    except Trouble as trouble:
        log.warning("Event %s waits: %s", event.pk, type(trouble).__name__)
        _later(event, wall, event.state)
    except Exception:
        log.exception("Event %s could not be worked off (try %s)", event.pk, event.tries)
        _later(event, wall, event.state)


def _settle(event, wall, state, reason=""):
    Event.objects.filter(pk=event.pk).update(state=state, reason=reason, settled_at=wall)


def _later(event, wall, state):
    pause = PAUSES[min(event.tries, len(PAUSES)) - 1]
    Event.objects.filter(pk=event.pk).update(state=state, due_at=wall + pause)


# One event


def _carry_out(event) -> tuple[str, str]:
    if event.livemode != gateway.livemode():
        return Event.State.IGNORED, "livemode"
    if event.type in OF_ACCOUNTS:
        return _about_an_account(event)
    if event.type in OF_CARDS and not Route.objects.filter(object_id=event.object_id).exists():
        return Event.State.IGNORED, "card"
    if not event.type.startswith(OF_PAYMENTS) and event.type not in OF_CARDS:
        return Event.State.IGNORED, "type"
    return _about_a_payment(event)


def _about_an_account(event):
    account = event.account or event.object_id
    found = 0
    for company in Company.objects.servable():
        with inside(company):
            for payee in Payee.objects.at_account(account):
                connecting.check(payee, at=clock.now())
                found += 1
    return (Event.State.DONE, "") if found else (Event.State.IGNORED, "account")


def _about_a_payment(event):
    company, uuid = _whose(event)
    with inside(company):
        thing = Attempt.objects.filter(uuid=uuid).first() or Card.objects.filter(uuid=uuid).first()
        if thing is None:
            raise NobodyKnows
        if thing.account != event.account:
            return Event.State.IGNORED, "account"
        if isinstance(thing, Card):
            cards.look_at(thing, at=clock.now())
        else:
            apply(thing, at=clock.now())
    return Event.State.DONE, ""


def _whose(event):
    """The company, and the attempt or card: by an object that we know, else as the event itself suggests."""
    about = _about(event)
    ids = [about.get(name) for name in ("id", "payment_intent", "session")]
    route = Route.objects.filter(object_id__in=[id_ for id_ in ids if _is_an_id(id_)]).first()
    if route is not None:
        return _served(pk=route.company_id), route.attempt
    marks = about.get("metadata")
    if not isinstance(marks, dict):
        raise NobodyKnows
    return _served(uuid=_uuid(marks.get("velory_company"))), _uuid(
        marks.get("velory_attempt") or marks.get("velory_card")
    )


def _is_an_id(word):
    return isinstance(word, str) and OBJECT.fullmatch(word) is not None


def _about(event):
    about = json.loads(event.raw)["data"]["object"]
    return about if isinstance(about, dict) else {}


def _served(**which):
    company = Company.objects.servable().filter(**which).first()
    if company is None:
        raise NobodyKnows
    return company


def _uuid(word):
    try:
        return UUID(str(word))
    except ValueError:
        raise NobodyKnows
