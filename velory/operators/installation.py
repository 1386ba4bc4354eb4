"""How the whole installation is: what `/health/` says, in words, and what it says nothing about: which company waits.

Parked is what the agenda gave up after five attempts (velory/agenda/book.py); it delays nobody and stays until somebody
has it tried again.
"""

import shutil
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection, transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from velory import clock, health
from velory.agenda import book
from velory.agenda.models import Due
from velory.operators.deeds import note
from velory.operators.models import CompanyFigures
from velory.tenancy.models import Company

LITTLE_ROOM = 2_000_000_000  # bytes
COUNTED_LATELY = timedelta(days=2)


@dataclass(frozen=True)
class Part:
    """One thing that has to be well: its name, whether it is, what is so, and what to do where it is not.

    `unseen`: nobody can tell from here.
    """

    name: str
    well: bool
    said: str
    todo: str = ""
    unseen: bool = False


def parts() -> list[Part]:
    """Everything that people depend on, in the order in which one thing needs another."""
    return [_database(), _broker(), *_processes(), _letters(), _payments(), _disk(), _archive()]


def _database():
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_database_size(current_database()), current_setting('server_version')")
        size, version = cursor.fetchone()
    said = _("PostgreSQL %(version)s answers; %(size)s in all.") % {"version": version, "size": in_bytes(size)}
    return Part(_("Database"), health.database()["well"], said)


def _broker():
    well = health.broker()["well"]
    said = _("It answers.") if well else _("It does not answer.")
    return Part(_("Broker"), well, said, _("What is due waits for it. Look at Redis or Valkey, then at REDIS_URL."))


def _processes():
    for name, label, todo in (
        ("worker", _("Worker"), _("Nothing is sent and nothing happens by itself. Start a worker.")),
        ("beat", _("Beat"), _("Nobody rings when something is due. Start beat.")),
    ):
        found = health.heartbeat(name)
        seconds = found["silent_seconds"]
        said = _("It was never heard of.") if seconds is None else _("Heard of %s ago.") % in_time(seconds)
        yield Part(label, found["well"], said, todo)


def _letters():
    found = health.letters()
    late = found["oldest_unsent_seconds"]
    said = _("None waits.") if late is None else _("The oldest has waited for %s.") % in_time(late)
    return Part(_("Letters to be sent"), found["well"], said, _("Look at the worker, then at the mail server."))


def _payments():
    found = health.payments()
    late = found["oldest_unprocessed_event_seconds"]
    said = _("None waits.") if late is None else _("The oldest has waited for %s.") % in_time(late)
    return Part(_("Events from Stripe"), found["well"], said, _("Look at the worker's log, then at STRIPE_SECRET_KEY."))


def _disk():
    try:
        room = shutil.disk_usage(settings.MEDIA_ROOT if settings.MEDIA_ROOT.exists() else "/")
    except OSError:
        return Part(_("Disk for files"), False, _("It could not be read."), _("Look at VELORY_MEDIA_DIR."))
    said = _("%(free)s of %(total)s are free.") % {"free": in_bytes(room.free), "total": in_bytes(room.total)}
    return Part(_("Disk for files"), room.free > LITTLE_ROOM, said, _("Make room: uploads are refused on a full disk."))


def _archive():
    """Whether PostgreSQL puts its log aside: without it nothing can be restored to a moment in the past."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_setting('archive_mode'), last_archived_time, last_failed_time FROM pg_stat_archiver"
        )
        mode, last, failed = cursor.fetchone()
    todo = _("See “Backups” in docs/operating.md: the database, the files and VELORY_SECRET_KEY have to be kept.")
    if mode == "off":
        said = _("PostgreSQL archives nothing by itself; whether your provider does cannot be seen from here.")
        return Part(_("Backups"), True, f"{said} {todo}", unseen=True)
    if last is None or (failed and failed > last):
        return Part(_("Backups"), False, _("PostgreSQL's last attempt to archive its log failed."), todo)
    silent = in_time((clock.wall() - last).total_seconds())
    return Part(_("Backups"), True, _("PostgreSQL archived its log %s ago.") % silent)


# What waits for somebody


def parked():
    """What the agenda gave up, the longest ago first."""
    return Due.objects.exclude(parked_at=None).select_related("company").order_by("parked_at", "pk")


def try_again(pk: int, *, by, at: datetime) -> bool:
    """Have one parked thing tried anew; False where it is parked no more."""
    with transaction.atomic():
        due = parked().select_for_update(of=("self",)).filter(pk=pk).first()
        if due is None:
            return False
        due.begin_afresh(at)
        note(due.company, "retry", by=by, at=at, reason=f"{due.kind} {due.ref}")
        book.ring_on_commit()
    return True


def behind():
    """Companies whose schema lacks migrations: closed until `migrate_companies` has run."""
    return Company.objects.behind().order_by("name", "pk")


def not_counted_lately(at: datetime):
    """Open companies whose figures are old: the agenda does not reach them."""
    fresh = CompanyFigures.objects.filter(counted_at__gt=at - COUNTED_LATELY)
    return Company.objects.servable().exclude(pk__in=fresh.values("pk")).order_by("name", "pk")


# In words


def in_bytes(number: int) -> str:
    """12 MB · 3.4 GB."""
    if number >= 1_000_000_000:
        return f"{number / 1_000_000_000:.1f} GB"
    return f"{max(1, round(number / 1_000_000))} MB"


def in_time(seconds: float) -> str:
    """4 seconds · 12 minutes · 3 hours · 2 days."""
    whole = max(0, round(seconds))
    if whole < 120:
        return ngettext("%s second", "%s seconds", whole) % whole
    if whole < 7200:
        return ngettext("%s minute", "%s minutes", whole // 60) % (whole // 60)
    if whole < 172_800:
        return ngettext("%s hour", "%s hours", whole // 3600) % (whole // 3600)
    return ngettext("%s day", "%s days", whole // 86_400) % (whole // 86_400)
