"""What mail providers say of letters: delivered, bounced, complained. Each is kept once; a letter's state follows.

The state is worked out from everything that was said, by the time at which it happened: duplicates and any order of
arrival end the same (reliability R32, R33). Delivered and bounced may follow each other; a complaint is the last word.
"""

import hashlib
import logging
import re
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from velory import clock
from velory.post.letters import kind_of
from velory.post.models import Letter, MailEvent, RefusedAddress
from velory.post.wording import one_line
from velory.tenancy.context import inside
from velory.tenancy.models import Company

log = logging.getLogger(__name__)

OUR_ID = re.compile(r"\A<?(?P<letter>[0-9a-f]{32})\.(?P<company>[0-9a-f]{32})@")
CREDIBLE = timedelta(days=2)  # how far a provider's clock may be from ours

# What is said, and what a letter is when it was the last word
ENDS = {
    "sent": Letter.State.SENT,
    "delivered": Letter.State.DELIVERED,
    "failed": Letter.State.FAILED,
    "rejected": Letter.State.BOUNCED,
    "bounced": Letter.State.BOUNCED,
    "complained": Letter.State.COMPLAINED,
}
KEPT = {*ENDS, "deferred"}
ORDER = list(ENDS)  # of two things said to have happened at once, the later here is the later


def take_note(event, provider: str) -> None:
    """Keep what a provider said, in the company that its letter belongs to. What concerns no letter is passed over."""
    if event.event_type not in KEPT:
        return
    company = company_of(event)
    if company is None:
        log.info("%s reports on a letter of nobody here.", provider)
        return
    with inside(company), transaction.atomic():
        letter = letter_of(event, company)
        if letter is None:
            return
        now = clock.now()
        _, new = MailEvent.objects.get_or_create(
            event_key=key_of(event, provider),
            defaults={
                "letter": letter,
                "kind": event.event_type,
                "at": credible(event.timestamp, letter, now),
                "received_at": now,
                "description": one_line(event.mta_response or event.description or "", 255),
            },
        )
        if new:
            follow(letter)


def company_of(event) -> Company | None:
    """The company that a report names: in what we sent along, else in our Message-ID."""
    named = (event.metadata or {}).get("company") or _in_message_id(event, "company")
    try:
        return Company.objects.servable().filter(uuid=UUID(str(named))).first() if named else None
    except ValueError:
        return None


def letter_of(event, company) -> Letter | None:
    """The letter that a report is about, held until the transaction ends."""
    letters = Letter.objects.select_for_update(of=("self",))
    if ref := (event.metadata or {}).get("letter"):
        return letters.filter(ref=str(ref)[:20]).first()
    if digest := _in_message_id(event, "letter"):
        return letters.filter(message_id__startswith=f"<{digest}.{company.uuid.hex}@").first()
    return letters.filter(provider_id=event.message_id).first() if event.message_id else None


def key_of(event, provider: str) -> str:
    """The same for the same report, however often it comes."""
    facts = [provider, event.event_type, event.recipient, event.message_id]
    facts += [event.event_id] if event.event_id else [event.timestamp and event.timestamp.isoformat()]
    return hashlib.sha256("\n".join(str(fact) for fact in facts).encode()).hexdigest()


def credible(stamp: datetime | None, letter: Letter, now: datetime) -> datetime:
    """When it happened; a moment that cannot be is read as now."""
    if stamp is None or stamp.tzinfo is None or not letter.written_at - CREDIBLE <= stamp <= now + CREDIBLE:
        return now
    return stamp


def follow(letter: Letter) -> None:
    """Bring a letter and its address to where everything said of them leads."""
    said = sorted(letter.events.filter(kind__in=ENDS), key=lambda event: (event.at, ORDER.index(event.kind)))
    complaint = next((event for event in said if event.kind == "complained"), None)
    last = complaint or (said[-1] if said else None)
    if last is None or letter.state == Letter.State.VOIDED:
        return
    letter.state, letter.lease_until = ENDS[last.kind], None
    letter.sent_at = letter.sent_at or said[0].at
    letter.reason = "" if last.kind in {"sent", "delivered"} else letter.reason
    letter.save(update_fields=["state", "lease_until", "sent_at", "reason"])
    kind_of(letter).heard(letter)
    judge(letter.to)


def judge(address: str) -> None:
    """Whether an address still takes mail: by a complaint, else by what happened there last (R32)."""
    address = address.lower()
    said = MailEvent.objects.of_address(address).filter(kind__in=["delivered", "bounced", "rejected", "complained"])
    complaint = said.filter(kind="complained").order_by("at").first()
    last = complaint or said.order_by("at", "kind").last()
    if last is None or last.kind == "delivered":
        RefusedAddress.objects.filter(address=address).delete()
        return
    kind = "complained" if complaint else "bounced"
    RefusedAddress.objects.update_or_create(address=address, defaults={"kind": kind, "since": last.at})


def _in_message_id(event, part):
    found = OUR_ID.match(str(event.message_id or ""))
    return found[part] if found else None
