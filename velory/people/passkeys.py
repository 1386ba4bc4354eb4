"""Passkeys: what a browser is asked for, and whether what it answers is good (WebAuthn; reliability 5.1).

A passkey belongs to one host: a company's, exactly. Every answer has to sign a challenge that this session was given
for this purpose within five minutes, and that is used up by the first answer, right or wrong. The person has to have
been verified by their device (finger, face, PIN), so that a passkey is two factors in one.
"""

import re
import struct
from contextlib import contextmanager
from datetime import datetime, timedelta

from allauth.mfa.models import Authenticator
from django.utils.translation import gettext as _
from fido2.server import Fido2Server
from fido2.utils import websafe_decode, websafe_encode
from fido2.webauthn import (
    AttestedCredentialData,
    PublicKeyCredentialRpEntity,
    PublicKeyCredentialUserEntity,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from velory import clock
from velory.people.models import Person
from velory.references import reference
from velory.tenancy.context import current_company

ASKED = "passkey_asked"
HOLDS_FOR = timedelta(minutes=5)
A_NAME = re.compile(r"[A-Za-z0-9_-]{1,2000}")  # of a credential: base64, as browsers write it
MALFORMED = (
    ValueError, TypeError, LookupError, AttributeError, AssertionError, NotImplementedError, RecursionError,
    OverflowError, struct.error,
)  # fmt: skip


class NotGood(Exception):
    """What the browser sent is no answer to what it was asked; `str` says so to a person."""


def ask_to_make(request) -> dict:
    """What a browser needs to make a passkey for whoever is signed in."""
    person = request.user
    user = PublicKeyCredentialUserEntity(
        id=handle_of(person), name=person.email or str(person), display_name=str(person)
    )
    options, state = _server(request).register_begin(
        user,
        [key for _row, key in _keys(_of(person, host_of(request)))],
        resident_key_requirement=ResidentKeyRequirement.REQUIRED,
        user_verification=UserVerificationRequirement.REQUIRED,
        extensions={"credProps": True},
    )
    _remember(request, "make", state)
    return dict(options)


def made(request, answer: dict, name: str) -> Authenticator:
    """The passkey that the browser has made, not yet saved. Raises NotGood."""
    with _or_not_good():
        found = _server(request).register_complete(_asked(request, "make"), answer)
        key = found.credential_data
    credential_id = websafe_encode(key.credential_id)
    if Authenticator.objects.filter(data__credential_id=credential_id).exists():
        raise NotGood(_("This passkey is somebody's already. Nothing was added."))
    data = {
        "ref": reference("K"), "name": name, "host": host_of(request),
        "credential_id": credential_id, "credential": websafe_encode(bytes(key)),
    }  # fmt: skip
    return Authenticator(user=request.user, type=Authenticator.Type.WEBAUTHN, data=data)


def ask_to_sign(request, person=None) -> dict:
    """What a browser needs to sign with one of a person's passkeys; with any of this host's where nobody is known."""
    known = [key for _row, key in _keys(_of(person, host_of(request)))] if person else []
    options, state = _server(request).authenticate_begin(known, UserVerificationRequirement.REQUIRED)
    _remember(request, f"sign:{person.ref}" if person else "sign", state)
    return dict(options)


def signed(request, answer: dict, person=None) -> Authenticator:
    """The passkey that signed, of this person or of whoever has it. Raises NotGood."""
    with _or_not_good():
        state = _asked(request, f"sign:{person.ref}" if person else "sign")
        if not A_NAME.fullmatch(answer["id"]):
            raise NotGood(_not_good())
        rows = _of(person, host_of(request)).filter(data__credential_id=answer["id"]).select_related("user")
        (row, key), *_rest = _keys(rows)
        handle = answer["response"].get("userHandle")
        if handle is not None and handle != websafe_encode(handle_of(row.user)):
            raise NotGood(_not_good())
        if handle is None and person is None:
            raise NotGood(_not_good())
        _server(request).authenticate_complete(state, [key], answer)
    row.last_used_at = clock.now()
    row.save(update_fields=["last_used_at"])
    return row


def usable(person, request) -> bool:
    """Whether a person has a passkey for the host that they are at."""
    return _of(person, host_of(request)).exists()


def host_of(request) -> str:
    """The host that passkeys are made for: the one asked, which is the company's, without its port."""
    return request.get_host().partition(":")[0].lower()


def handle_of(person) -> bytes:
    """What a passkey calls its person: the company and the person, and no number that says how many there are."""
    return f"{current_company().uuid.hex}:{person.ref}".encode()


def _of(person: Person | None, host):
    rows = Authenticator.objects.filter(type=Authenticator.Type.WEBAUTHN, data__host=host).order_by("pk")
    return rows.filter(user=person) if person else rows


def _keys(rows):
    return [(row, _key(row)) for row in rows]


def _key(row):
    return AttestedCredentialData(websafe_decode(row.data["credential"]))


def _server(request):
    rp = PublicKeyCredentialRpEntity(id=host_of(request), name=current_company().name)
    origin = f"{request.scheme}://{request.get_host().lower()}"
    return Fido2Server(rp, verify_origin=lambda said: said == origin)


def _remember(request, purpose, state):
    until = (clock.wall() + HOLDS_FOR).isoformat()
    request.session[ASKED] = {"for": purpose, "until": until, "challenge": state["challenge"]}


def _asked(request, purpose):
    """The challenge that this session was given; it is no good for a second answer."""
    kept = request.session.pop(ASKED, None)
    if not kept or kept["for"] != purpose or datetime.fromisoformat(kept["until"]) <= clock.wall():
        raise NotGood(_("That took too long, or was begun elsewhere. Try again."))
    return {"challenge": kept["challenge"], "user_verification": UserVerificationRequirement.REQUIRED}


@contextmanager
def _or_not_good():
    try:
        yield
    except MALFORMED as fault:
        raise NotGood(_not_good()) from fault


def _not_good():
    return _("That passkey does not open this account. Try again, or sign in another way.")
