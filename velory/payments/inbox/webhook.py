"""`POST /stripe/webhook/` on the base domain: what Stripe tells is checked, kept, and answered at once (R1, R3).

Nothing follows from it here. A worker works it off, and asks Stripe itself what is true.
"""

import json
import logging
import re

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse, HttpResponseBadRequest
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from velory import clock
from velory.crash import crash
from velory.payments.inbox.models import Event
from velory.payments.inbox.signature import check
from velory.payments.inbox.tasks import work_off_events

log = logging.getLogger(__name__)

MOST = 1024 * 1024  # bytes
ID = re.compile(r"[A-Za-z0-9_.:-]{1,255}", re.ASCII)


@csrf_exempt
@login_not_required
@never_cache
@require_POST
def webhook(request):
    """Keep an event that Stripe signed; 400 for everything else, and nothing is changed."""
    if not settings.STRIPE_WEBHOOK_SECRETS:
        raise Http404
    try:
        event = read(body_of(request), request.headers.get("Stripe-Signature", ""))
    except ValueError as wrong:
        log.warning("An event was refused: %s", wrong)
        return HttpResponseBadRequest("This is no event of Stripe’s.\n", content_type="text/plain; charset=utf-8")
    Event.objects.bulk_create([event], ignore_conflicts=True)
    crash("HOOK.after_insert")
    work_off_events.publish()
    return HttpResponse("Kept.\n", content_type="text/plain; charset=utf-8")


def body_of(request) -> bytes:
    """The raw bytes, and no more of them than an event has."""
    if request.headers.get("Content-Encoding", "identity") != "identity":
        raise ValueError("It is packed.")
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not length.isascii() or not length.isdigit() or int(length) > MOST:
        raise ValueError("It is too large.")
    body = request.read(MOST + 1)
    if not 0 < len(body) <= MOST:
        raise ValueError("It is empty or too large.")
    return body


def read(body: bytes, signature: str) -> Event:
    """The event in a signed body. Raises ValueError for anything else."""
    check(body, signature, wall=clock.wall())
    try:
        said = json.loads(body.decode())
        return _event(said, body.decode())
    except (RecursionError, KeyError, TypeError, AttributeError) as odd:
        raise ValueError("It is no event.") from odd


def _event(said, raw) -> Event:
    if said["object"] != "event":
        raise ValueError("It is no event.")
    about, now = said["data"]["object"], clock.wall()
    event = Event(
        id=said["id"], account=said.get("account") or "", livemode=said["livemode"], type=said["type"],
        object_id=about.get("id") or "", raw=raw, received_at=now, due_at=now,
    )  # fmt: skip
    if not ID.fullmatch(event.id) or not re.fullmatch(r"[a-z0-9_.]{1,80}", event.type):
        raise ValueError("Its id or its type is odd.")
    for word, most in ((event.account, 60), (event.object_id, 255)):
        if word and not (ID.fullmatch(word) and len(word) <= most):
            raise ValueError("An id in it is odd.")
    if not isinstance(event.livemode, bool):
        raise ValueError("It does not say whether it is real.")
    return event
