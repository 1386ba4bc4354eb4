"""A code that goes out by mail and is typed in the same browser: its digest stays in the session, for five tries."""

import hmac
import secrets
from datetime import datetime, timedelta

from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from velory import clock

LETTERS = "BCDFGHJKLMNPQRSTVWXZ23456789"
TRIES = 5


def new_code(request, name: str, *, minutes: int, bound_to: str = "") -> str:
    """A code under a name in the session, as it is written in the letter; one that was there before is over."""
    code = "".join(secrets.choice(LETTERS) for _ in range(8))
    until = clock.wall() + timedelta(minutes=minutes)
    kept = {"digest": _digest(name, bound_to, code), "until": until.isoformat(), "tries": 0, "bound_to": bound_to}
    request.session[name] = kept
    return f"{code[:4]}-{code[4:]}"


def why_not(request, name: str, typed: str) -> str:
    """Why what was typed is not the code, or nothing. What it was bound to stands in the session beside it."""
    kept = request.session.get(name)
    if not kept or datetime.fromisoformat(kept["until"]) <= clock.wall() or kept["tries"] >= TRIES:
        request.session.pop(name, None)
        return _("That code is too old, or was tried too often. Have another one sent.")
    request.session[name] = kept | {"tries": kept["tries"] + 1}
    plain = "".join(c for c in typed.upper() if c.isalnum())
    right = hmac.compare_digest(_digest(name, kept["bound_to"], plain), kept["digest"])
    return "" if right else _("That is not the code in the mail. Check it and try again.")


def _digest(name, bound_to, code):
    return salted_hmac(f"velory.people.codes.{name}", f"{bound_to}\n{code}", algorithm="sha256").hexdigest()
