"""A letter to come is held back, let go again, or sent ahead of its day.

All three go by the letter's key, which its writer uses too and which is never used twice: what was sent ahead is not
written again on its day, whoever is first; what is held back may be written, and waits (`Letter.State.HELD`). A lock on
the key keeps the three and whoever is about to send it apart.
"""

from datetime import datetime

from django.db import connection, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from velory.agenda import book
from velory.journal.deeds import write
from velory.journal.reason import Reason, Refused
from velory.post import hours
from velory.post.letters import SENDING, kind_of, write_letters
from velory.post.models import Hold, Letter
from velory.post.planned import PAUSE, SEND_NOW, letter_to_come, source_named

ITS_DAY_IS_PAST = gettext_noop("It was held back until its day was past.")


def hold_still(key: str) -> None:
    """Wait for whoever decides about the letter with a key, and keep others off until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(current_schema() || %s, 25))", [key])


def pause(source: str, ref: str, *, by, at: datetime) -> str:
    """It is not sent until an admin lets it go."""
    with transaction.atomic():
        letter = _to_come(source, ref, PAUSE)
        hold_still(letter.key)
        if Letter.objects.filter(key=letter.key).exists():
            raise Refused(Reason("written", _("Somebody was first: the letter is on its way.")))
        facts = {"source": source, "planned": ref, "by_name": str(by), "since": at}
        hold, is_new = Hold.objects.get_or_create(key=letter.key, defaults=facts)
        if not is_new:
            raise Refused(Reason("held", _("Somebody was first: the letter is held back.")))
        write(hold, "pause", by=by, at=at, details=_told(letter))
    return _("The letter is held back.")


def resume(source: str, ref: str, *, by, at: datetime) -> str:
    """It goes out on its day; where that is past, at once, unless its words hold good on their day alone."""
    with transaction.atomic():
        letter = _to_come(source, ref)
        hold_still(letter.key)
        hold = Hold.objects.on([letter.key]).first()
        if hold is None:
            raise Refused(Reason("not_held", _("Somebody was first: the letter is not held back any more.")))
        write(hold, "resume", by=by, at=at, details=_told(letter))
        hold.delete()
        return _let_go(letter.key, hold, at)


def send_now(source: str, ref: str, *, by, at: datetime) -> str:
    """At once where the hour allows it, else at eight; on its day it is not written again."""
    with transaction.atomic():
        letter = _to_come(source, ref, SEND_NOW)
        hold_still(letter.key)
        hold = Hold.objects.on([letter.key]).first() or Hold(key=letter.key, source=source, planned=ref, since=at)
        if hold.pk is None:
            hold.by_name = str(by)
            hold.save()
        write(hold, "send_now", by=by, at=at, details=_told(letter))
        hold.delete()
        letter.written_at = at
        if not write_letters([letter], at=hours.soonest(at)) and not _held(letter.key):
            raise Refused(Reason("written", _("Somebody was first: the letter is on its way.")))
        _let_go(letter.key, hold, at)
    return _on_its_way(at)


DEEDS = {PAUSE: pause, "resume": resume, SEND_NOW: send_now}


def _to_come(name, ref, deed: str = "") -> Letter:
    source, letter = source_named(name), letter_to_come(name, ref)
    if source is None or letter is None or not letter.key or not (source.may or name == "held"):
        raise Refused(Reason("gone", _("This letter is not planned any more.")))
    if deed and deed not in source.may:
        raise Refused(Reason("not_this", str(source.why_not)))
    return letter


def _held(key):
    return Letter.objects.held_back().filter(key=key).select_for_update().first()


def _let_go(key, hold, at) -> str:
    letter = _held(key)
    if letter is None:
        return _("The letter goes out on its day.")
    source = source_named(hold.source)
    if source is not None and SEND_NOW not in source.may:
        letter.state, letter.reason = Letter.State.VOIDED, ITS_DAY_IS_PAST
        letter.save(update_fields=["state", "reason"])
        return _("The letter is called off: what it says held good on its day.")
    letter.state = Letter.State.QUEUED
    letter.save(update_fields=["state"])
    book.put(SENDING, str(letter.pk), hours.soonest(at))
    return _on_its_way(at)


def _on_its_way(at) -> str:
    if hours.is_open(at):
        return _("The letter is on its way.")
    return _("No letters go out at night. It goes out at eight in the morning.")


def _told(letter) -> dict:
    return {"what": kind_of(letter).name, "to": letter.to_name or letter.to}
