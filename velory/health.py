"""`GET /health/` on the base domain: whether people are served, and whether what happens by itself happens.

200 where all is well, 503 where something is not; the JSON says which. It names no company and no person.
"""

from datetime import timedelta

import redis
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import Error, connection
from django.db.models import Min
from django.http import JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from velory import clock
from velory.agenda.models import Due, Heartbeat
from velory.payments.inbox.work import oldest_unprocessed
from velory.post.letters import SENDING
from velory.tenancy.models import Company

SILENT = timedelta(seconds=90)  # of a worker or beat, after which it counts as gone
TOO_LATE = timedelta(minutes=15)  # of a letter that nobody has sent, of an event that nobody has worked off


@login_not_required
@require_safe
@never_cache
def health(request):
    """The health page."""
    parts = {"database": database(), "broker": broker()}
    if parts["database"]["well"]:
        parts |= {"worker": heartbeat("worker"), "beat": heartbeat("beat"), "letters": letters()}
        parts |= {"payments": payments()}
    well = all(part["well"] for part in parts.values())
    return JsonResponse({"well": well, **parts}, status=200 if well else 503)


def database() -> dict:
    """Whether the database answers."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Error:
        return {"well": False}
    return {"well": True}


def broker() -> dict:
    """Whether the broker answers."""
    try:
        with redis.Redis.from_url(settings.REDIS_URL, socket_connect_timeout=2, socket_timeout=2) as line:
            return {"well": bool(line.ping())}
    except redis.RedisError:
        return {"well": False}


def heartbeat(name: str) -> dict:
    """How long ago a process last showed that it lives."""
    last = Heartbeat.objects.filter(name=name).values_list("at", flat=True).first()
    silent = clock.wall() - last if last else None
    return {"well": silent is not None and silent < SILENT, "silent_seconds": _seconds(silent)}


def letters() -> dict:
    """How long the oldest letter that has to go now has been waiting. One that is parked waits for an admin, those of
    a company that is closed for its opening."""
    waiting = Due.objects.filter(kind=SENDING, parked_at=None, due_at__lte=clock.now())
    waiting = waiting.filter(company__in=Company.objects.servable())
    oldest = waiting.aggregate(oldest=Min("due_at"))["oldest"]
    late = clock.now() - oldest if oldest else None
    return {"well": late is None or late < TOO_LATE, "oldest_unsent_seconds": _seconds(late)}


def payments() -> dict:
    """How long the oldest event from Stripe with which nothing was done has been waiting, on the machine's clock."""
    oldest = oldest_unprocessed()
    late = clock.wall() - oldest if oldest else None
    return {"well": late is None or late < TOO_LATE, "oldest_unprocessed_event_seconds": _seconds(late)}


def _seconds(span):
    return round(span.total_seconds(), 1) if span is not None else None
