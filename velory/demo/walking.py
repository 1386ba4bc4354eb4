"""Pushing the demo's clock: what would have run in between runs, in order, moment by moment.

Where the clock is to go stands in a file, so that a push goes on after anything was killed. One walker at a
time holds a lock in the database; the others find nothing to do.
"""

import json
import logging
import time
from contextlib import contextmanager
from datetime import datetime

from django.conf import settings
from django.db import Error, connection

from velory import clock
from velory.agenda import book
from velory.agenda.tasks import beat
from velory.tenancy.context import outside

LOCK = 7_340_001
PATIENCE = 180  # seconds that the walker waits for a database that is being started again
A_MOMENT = 2  # seconds: who walked longer had a database

log = logging.getLogger(__name__)


def aim_at(target: datetime) -> None:
    """Say where the clock is to go. A later target of an earlier push stays."""
    goal = target_of_the_push()
    goal = max(target, goal) if goal else target
    path = settings.DEMO_STATE / "push.json"
    fresh = path.with_suffix(f".{time.monotonic_ns()}")
    fresh.write_text(json.dumps({"target": goal.isoformat()}))
    fresh.replace(path)


def target_of_the_push() -> datetime | None:
    """Where the clock is going at the moment, or None when it stands where it was pushed to."""
    try:
        return datetime.fromisoformat(json.loads((settings.DEMO_STATE / "push.json").read_text())["target"])
    except (FileNotFoundError, ValueError, KeyError):
        return None


def walk() -> bool:
    """Go to the target, unless somebody else is on the way. True where the clock has arrived."""
    with _the_only_walker() as alone:
        if not alone:
            return False
        target = target_of_the_push()
        while target is not None:
            _walk_to(target)
            goal = target_of_the_push()
            if goal is None or goal <= target:
                (settings.DEMO_STATE / "push.json").unlink(missing_ok=True)
                break
            target = goal
    return True


def walk_whatever_happens() -> None:
    """Go to the target; wait for a database or a broker that is being started again, and go on."""
    away_since = None
    while target_of_the_push() is not None:
        began = time.monotonic()
        try:
            if walk():
                continue
            away_since = None  # somebody else walks: the database is there
        except (Error, OSError) as away:
            connection.close()
            now = time.monotonic()
            if away_since is None or now - began > A_MOMENT:  # it had come back in between
                away_since = now
            if now - away_since > PATIENCE:
                raise
            log.warning("The clock waits: %s", type(away).__name__)
        time.sleep(0.3)


def _walk_to(target):
    while True:
        due = book.next_due_at()
        if due is None or due > target:
            break
        if due > clock.now():
            clock.push_to(due)
        beat("worker")
        if not book.dispatch(apart_too=True):
            time.sleep(0.05)  # a worker is at it: wait until it is done, so that the order holds
    clock.push_to(target)


@contextmanager
def _the_only_walker():
    with outside(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [LOCK])
        alone = cursor.fetchone()[0]
        try:
            yield alone
        finally:
            if alone:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])


def next_event() -> datetime | None:
    """The next moment at which something happens that a person would notice."""
    return book.next_due_at(kinds=book.noticed_kinds())
