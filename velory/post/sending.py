"""Sending letters: claim, look again, put into words, hand over, note. No network inside a transaction (R11).

A process can be ended anywhere. Before the claim nothing has happened; after the note all has. Between them the
letter stands as *being sent* until its lease ends; then nobody knows whether it went, and a required letter goes
once more under the same Message-ID, marked as a repeat (reliability 3.2, R30). A letter that cannot be sent waits
longer each time, fails after five tries, and delays nobody (R31): it never raises into the agenda.
"""

import hashlib
import logging
import smtplib
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.headerregistry import Address
from email.utils import format_datetime, parseaddr

from anymail.exceptions import AnymailAPIError, AnymailRecipientsRefused
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import DatabaseError, InterfaceError, OperationalError, connection, transaction
from django.utils import translation
from django.utils.translation import gettext_lazy

from velory import clock
from velory.agenda import book
from velory.crash import crash
from velory.post import reasons
from velory.post.holding import hold_still
from velory.post.identity import LOGO_ID, logo, logo_part, sender_name
from velory.post.letters import SENDING, kind_of
from velory.post.models import Hold, Letter, MailEvent, MailSettings, OwnWords, RefusedAddress
from velory.post.stopping import headers_of, is_stopped
from velory.post.webhooks import judge
from velory.post.wording import contact, one_line, render
from velory.tenancy.context import current_company

log = logging.getLogger(__name__)

TRIES = 5
LEASE = timedelta(seconds=15 if settings.DEMO else 300)  # longer than any call to a mail server may take
PATIENCE = 20  # seconds to wait for a database that went away after a letter had gone
PAUSES = [timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=20), timedelta(hours=1)]


@dataclass(eq=False)
class Trouble(Exception):
    """Why a letter did not go: `for_good`, or for now; `perhaps` it went all the same."""

    reason: str
    said: str = ""
    for_good: bool = False
    perhaps: bool = False

    @property
    def kind(self) -> str:
        """As a provider would have reported it."""
        if not self.for_good:
            return "deferred"
        return "bounced" if self.reason == reasons.ADDRESS_REFUSED else "failed"


@book.does(SENDING, label=gettext_lazy("Sending a letter"))
def send(ref: str, at: datetime) -> None:
    """Send the letter that a reference names, if it is still to go. Safe to run twice."""
    letter = claim(int(ref), at)
    if letter is None:
        return
    crash("MAIL.after_claim")
    try:
        if reason := why_not(letter, at):
            settle(letter, Letter.State.VOIDED, reason=reason)
            return
        words = render(letter, at=at)
        if words.fault:
            note_that_own_words_failed(letter, words.fault, at)
        provider_id = hand_over(message_of(letter, words, at))
    except Trouble as trouble:
        give_up_or_wait(letter, trouble, at)
    except (DatabaseError, InterfaceError):
        raise
    except Exception as fault:
        log.exception("Letter %s could not be put together", letter.pk)
        give_up_or_wait(letter, Trouble(reasons.NOT_WORDED, type(fault).__name__), at)
    else:
        crash("MAIL.after_call")
        note_that_it_went(letter, words, provider_id, at)
        crash("MAIL.after_mark")


def claim(pk: int, at: datetime) -> Letter | None:
    """Take hold of a letter for LEASE, or find that there is nothing to do."""
    with transaction.atomic():
        letter = Letter.objects.unsent().select_for_update(of=("self",)).filter(pk=pk).first()
        if letter is None:
            return None
        if letter.state == Letter.State.QUEUED and is_held(letter):
            letter.state = Letter.State.HELD
            letter.save(update_fields=["state"])
            return None
        if letter.state == Letter.State.SENDING:
            if letter.lease_until > clock.wall():
                book.put(SENDING, str(pk), at + (letter.lease_until - clock.wall()) + timedelta(seconds=1))
                return None
            if not kind_of(letter).required:
                return settle(letter, Letter.State.FAILED, reason=reasons.NOT_KNOWN)
            letter.repeat = True
        if letter.tries >= TRIES:
            return settle(letter, Letter.State.FAILED, reason=reasons.INTERRUPTED)
        letter.state, letter.tries = Letter.State.SENDING, letter.tries + 1
        letter.lease_until, letter.message_id = clock.wall() + LEASE, message_id(letter)
        letter.save(update_fields=["state", "tries", "lease_until", "message_id", "repeat"])
    return letter


def is_held(letter: Letter) -> bool:
    """Whether an admin holds it back; whoever does so at this moment is waited for."""
    if kind_of(letter).security or letter.resent_from_id:
        return False
    hold_still(letter.key)
    return Hold.objects.on([letter.key]).exists()


def why_not(letter: Letter, at: datetime) -> str:
    """Why a letter should no longer go; asked just before it goes (R25, R32, R36). The address may have moved on."""
    kind, person = kind_of(letter), letter.person
    if person is not None:
        if not person.works_on(clock.local_date(at)):
            return reasons.HAS_LEFT
        if not person.email:
            return reasons.NO_ADDRESS
        if person.email != letter.to and kind.security:
            return reasons.OTHER_ADDRESS
        letter.to = person.email
        if not kind.security and not person.is_admin and not MailSettings.here().mail_to_employees:
            return reasons.MAIL_OFF
        if not kind.required and is_stopped(person, kind.template):
            return reasons.STOPPED
    if not kind.required and RefusedAddress.objects.filter(address=letter.to.lower()).exists():
        return reasons.ADDRESS_REFUSES
    with translation.override("en"):
        reason = kind.check(letter, at)
        return str(reason) if reason else ""


def message_of(letter: Letter, words, at: datetime) -> EmailMultiAlternatives:
    """A letter as it goes over the wire. Nothing that a person typed can add a header."""
    name, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    company, kind, own = current_company(), kind_of(letter), MailSettings.here()
    answers = contact(at, own)
    message = EmailMultiAlternatives(
        subject=words.subject,
        body=words.text,
        from_email=mailbox(sender_name(own, name or "Velory"), address),
        to=[mailbox(letter.to_name, letter.to)],
        reply_to=[mailbox(answers["name"], answers["address"])] if answers else [],
        headers={
            "Message-ID": letter.message_id,
            "Date": format_datetime(at),
            "Auto-Submitted": "auto-generated",
            "X-Auto-Response-Suppress": "All",
            "Content-Language": letter.language,
            **headers_of(letter),
        },
    )
    message.attach_alternative(words.html, "text/html")
    if f"cid:{LOGO_ID}" in words.html and (picture := logo()):
        message.attach(logo_part(picture))
    for attached in kind.attaches(letter):
        with attached.file.open("rb") as file:
            message.attach(attached.name, file.read(), attached.content_type)
    message.metadata = {"company": str(company.uuid), "letter": letter.ref}
    message.tags = [kind.template]
    message.track_clicks = message.track_opens = False
    return message


def note_that_own_words_failed(letter: Letter, fault: str, at: datetime) -> None:
    """The letter goes with the product's words, and the admins are told why (`todos.py`)."""
    OwnWords.objects.of(letter.template, letter.language).update(failed_at=at, fault=fault[:255])


def mailbox(name: str, address: str) -> str:
    """A name with its address, as a header has it."""
    try:
        return str(Address(one_line(name, 80), addr_spec=one_line(address, 254)))
    except ValueError as wrong:
        raise Trouble(reasons.ADDRESS_REFUSED, "not an address", for_good=True) from wrong


def message_id(letter: Letter) -> str:
    """The same for every try, and unlike any other letter's of any company."""
    digest = hashlib.sha256(letter.key.encode()).hexdigest()[:32]
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2]
    return f"<{digest}.{current_company().uuid.hex}@{domain}>"


def hand_over(message: EmailMultiAlternatives) -> str:
    """Give a message to the mail server; returns the provider's name for it. Raises Trouble."""
    try:
        message.send()
    except smtplib.SMTPRecipientsRefused as refused:
        code, said = next(iter(refused.recipients.values()))
        raise _answered(code, said, reasons.ADDRESS_REFUSED) from refused
    except smtplib.SMTPDataError as refused:
        raise _answered(refused.smtp_code, refused.smtp_error, reasons.CONTENT_REFUSED) from refused
    except smtplib.SMTPNotSupportedError as refused:
        raise Trouble(reasons.ADDRESS_REFUSED, "SMTPUTF8", for_good=True) from refused
    except (smtplib.SMTPServerDisconnected, TimeoutError) as cut:
        raise Trouble(reasons.SERVER_AWAY, type(cut).__name__, perhaps=True) from cut
    except (smtplib.SMTPException, OSError) as away:
        raise Trouble(reasons.SERVER_AWAY, type(away).__name__) from away
    except AnymailRecipientsRefused as refused:
        raise Trouble(reasons.ADDRESS_REFUSED, "refused by the provider", for_good=True) from refused
    except AnymailAPIError as fault:
        status = getattr(fault, "status_code", None)
        if status in {400, 406, 413, 422}:
            raise Trouble(reasons.CONTENT_REFUSED, str(status), for_good=True) from fault
        raise Trouble(reasons.SERVER_AWAY, str(status or ""), perhaps=status is None) from fault
    answer = getattr(message, "anymail_status", None)
    return "" if answer is None or answer.message_id is None else str(answer.message_id)


def _answered(code, said, reason):
    said = said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)
    if code >= 500:
        return Trouble(reason, one_line(f"{code} {said}", 200), for_good=True)
    return Trouble(reasons.SERVER_AWAY, one_line(f"{code} {said}", 200))


def note_that_it_went(letter: Letter, words, provider_id: str, at: datetime) -> None:
    """Keep a letter; where the database has just gone away, wait for it a little rather than send twice."""
    for patience in range(PATIENCE, -1, -1):
        try:
            keep(letter, words, provider_id, at)
            return
        except (OperationalError, InterfaceError):
            if not patience or connection.in_atomic_block:
                raise
            connection.close()
            time.sleep(1)


def keep(letter: Letter, words, provider_id: str, at: datetime) -> None:
    """Note that a letter went, as it went; what was secret in it is forgotten. News may have overtaken us."""
    kept = render(letter, at=at, for_show=True) if kind_of(letter).secret else words
    with transaction.atomic():
        now = Letter.objects.select_for_update(of=("self",)).get(pk=letter.pk)
        if now.state == Letter.State.SENDING:
            now.state = Letter.State.SENT
        now.to, now.subject, now.text, now.html = letter.to, kept.subject, kept.text, kept.html
        now.sent_at, now.reason, now.lease_until = now.sent_at or at, "", None
        now.provider_id = provider_id[:200]
        now.context = without_secrets(letter)
        now.save()
        kind_of(now).heard(now)


def settle(letter: Letter, state, *, reason: str) -> None:
    """Close a letter that did not go."""
    letter.state, letter.reason, letter.lease_until = state, reason[:255], None
    letter.context = without_secrets(letter)
    with transaction.atomic():
        letter.save(update_fields=["state", "reason", "lease_until", "context", "to"])
        kind_of(letter).heard(letter)


def without_secrets(letter: Letter) -> dict:
    """A letter's context as it may be kept."""
    secret = kind_of(letter).secret
    return {name: value for name, value in letter.context.items() if name not in secret}


def give_up_or_wait(letter: Letter, trouble: Trouble, at: datetime) -> None:
    """After a try that failed: note what was said, and close the letter or try again later."""
    log.warning("Letter %s, try %s: %s %s", letter.pk, letter.tries, trouble.reason, type(trouble.__cause__).__name__)
    with transaction.atomic():
        MailEvent.objects.get_or_create(
            event_key=f"try-{letter.pk}-{letter.tries}",
            defaults={
                "letter": letter, "kind": trouble.kind,
                "at": at, "received_at": at, "description": trouble.said[:255],
            },
        )  # fmt: skip
        if trouble.for_good:
            judge(letter.to)
        if trouble.for_good or letter.tries >= TRIES:
            last = reasons.SERVER_STAYED_AWAY if trouble.reason == reasons.SERVER_AWAY else trouble.reason
            settle(letter, Letter.State.FAILED, reason=last)
        elif trouble.perhaps and not kind_of(letter).required:
            settle(letter, Letter.State.FAILED, reason=reasons.NOT_KNOWN)
        else:
            letter.state, letter.reason, letter.lease_until = Letter.State.QUEUED, trouble.reason, None
            letter.repeat = letter.repeat or trouble.perhaps
            letter.save(update_fields=["state", "reason", "lease_until", "repeat", "to"])
            book.put(SENDING, str(letter.pk), at + PAUSES[letter.tries - 1])
