"""The second factor: an authenticator app, passkeys, and recovery codes for the day on which neither is at hand.

Rows and codes are allauth's (`allauth.mfa`); what happens to them is here. Each verb holds the person, writes the
journal and a letter to the person, all or nothing; its secrets are sealed (velory/people/factors_adapter.py).
`is_needed` is the one question that everybody asks: the sign-in, and the pages behind it (docs/decisions/0037).

Moments of codes are the machine's own, as of sessions: pushing the demo's clock makes no code old.
"""

import hmac
from dataclasses import dataclass, field
from types import SimpleNamespace

from allauth.account.authentication import get_authentication_records
from allauth.mfa import app_settings
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from allauth.mfa.utils import decrypt
from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from velory import clock
from velory.journal.reason import NotYours, Reason, Refused
from velory.people import factor_notices, rules
from velory.people.factor_settings import FactorSettings
from velory.people.factors_adapter import CannotBeOpened
from velory.people.federated.ways import FEDERATED
from velory.people.journal import note_change
from velory.tenancy.context import current_company

APP, PASSKEY, CODES = Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN, Authenticator.Type.RECOVERY_CODES
PERIOD, DIGITS = 30, 6  # seconds that a code of an app is shown, and its length
LATE = 1  # periods before and after that are taken as well: clocks go wrong, people type slowly
MOST_PASSKEYS = 20


# Questions


@dataclass(frozen=True)
class Standing:
    """What protects a person's account: the app, passkeys, and how many recovery codes are left."""

    app: Authenticator | None
    passkeys: list[Authenticator] = field(default_factory=list)
    codes: Authenticator | None = None

    @property
    def has_two(self) -> bool:
        """Whether there is a second factor; recovery codes alone are none."""
        return bool(self.app or self.passkeys)

    @property
    def is_last(self) -> bool:
        """Whether one more removal leaves none."""
        return bool(self.app) + len(self.passkeys) == 1

    @property
    def codes_left(self) -> int:
        """How many recovery codes have not been used."""
        return codes_left(self.codes) if self.codes else 0


def standing(person) -> Standing:
    """What protects this person's account now; one query."""
    rows = list(Authenticator.objects.filter(user_id=person.pk).order_by("created_at", "pk"))
    of = {kind: [row for row in rows if row.type == kind] for kind in (APP, PASSKEY, CODES)}
    return Standing(next(iter(of[APP]), None), of[PASSKEY], next(iter(of[CODES]), None))


def has_two(person) -> bool:
    """Whether a person has set up a second factor; no query of whoever is at the keyboard."""
    known = getattr(person, "has_factor", None)
    if known is not None:
        return known
    return Authenticator.objects.filter(user_id=person.pk).exclude(type=CODES).exists()


def is_asked_of(person) -> bool:
    """Whether the company or the installation asks two factors of a person, who cannot opt out then (R67)."""
    here = settings.ENV.two_factor
    if here == "everyone" or (here in {"operators", "admins"} and current_company().is_operators):
        return True
    setting = person.two_factor_setting if hasattr(person, "two_factor_setting") else FactorSettings.here().asked_of
    if setting == FactorSettings.Asked.EVERYONE:
        return True
    return rules.administrator(person) and (here == "admins" or setting == FactorSettings.Asked.ADMINS)


def comes_with_two(person, session) -> bool:
    """Whether this session's person came from an identity provider that answers for two factors: its matter, then."""
    records = get_authentication_records(SimpleNamespace(session=session), person)
    return any(record.get("method") == FEDERATED and record.get("two_factor") for record in records)


def is_needed(person, session) -> bool:
    """Whether a second factor belongs to this session: they have one, or must have.

    Never where the identity provider through which they came answers for two.
    """
    return (has_two(person) or is_asked_of(person)) and not comes_with_two(person, session)


def why_not_removed(person, now: Standing) -> Reason | None:
    """Why a way of signing in cannot be removed by the person, or None."""
    if now.is_last and is_asked_of(person):
        return Reason("asked", _("Two-factor is asked of you. Set up another way first, then remove this one."))
    return None


def codes_left(row: Authenticator) -> int:
    """How many of a person's recovery codes have not been used."""
    return app_settings.RECOVERY_CODE_COUNT - row.data["used_mask"].bit_count()


# The app


def new_secret() -> str:
    """What an app and we will share."""
    return generate_totp_secret()


def period_of(secret: str, code: str, *, at, after: int = -1) -> int | None:
    """The period whose code this is, later than `after`; None where it is no code of now."""
    typed = "".join(c for c in code if c.isdigit())
    now = int(at.timestamp()) // PERIOD
    for period in range(now - LATE, now + LATE + 1):
        if period > after and hmac.compare_digest(
            typed.encode(), format_hotp_value(hotp_value(secret, period)).encode()
        ):
            return period
    return None


def set_up_app(person, secret: str, code: str, *, at) -> bool:
    """From now on an app's code is asked for. False where the code is not the app's. Refused where there is one."""
    used = period_of(secret, code, at=clock.wall())
    if used is None:
        return False
    with transaction.atomic():
        person.take_hold()
        if Authenticator.objects.filter(user=person, type=APP).exists():
            raise Refused(Reason("has_app", _("An authenticator app is set up already. Remove it first.")))
        row = TOTP.activate(person, secret).instance
        row.data["last"], row.created_at = used, at
        row.save(update_fields=["data", "created_at"])
        _after_adding(person, "set_up_app", at=at)
    return True


def remove_app(person, *, at) -> None:
    """No code of an app is asked for any more."""
    with transaction.atomic():
        person.take_hold()
        now = standing(person)
        if now.app is None:
            return
        if reason := why_not_removed(person, now):
            raise Refused(reason)
        now.app.delete()
        _after_removing(person, "removed_app", at=at)


# Passkeys. How they are made and checked stands in velory/people/passkeys.py


def add_passkey(person, row: Authenticator, *, at) -> None:
    """One more passkey, as the browser has made it."""
    with transaction.atomic():
        person.take_hold()
        if Authenticator.objects.filter(user=person, type=PASSKEY).count() >= MOST_PASSKEYS:
            raise Refused(Reason("many", _("There are 20 passkeys already. Remove one first.")))
        row.created_at = at
        row.save(force_insert=True)
        _after_adding(person, "added_passkey", at=at, name=row.data["name"])


def rename_passkey(person, ref: str, name: str, *, at) -> None:
    """Another name for a passkey."""
    with transaction.atomic():
        person.take_hold()
        row = passkey(person, ref)
        if row is None or row.data["name"] == name:
            return
        row.data["name"] = name
        row.save(update_fields=["data"])
        note_change(person, "renamed_passkey", by=person, at=at, name=name)


def remove_passkey(person, ref: str, *, at) -> None:
    """A passkey opens nothing any more."""
    with transaction.atomic():
        person.take_hold()
        row = passkey(person, ref)
        if row is None:
            return
        if reason := why_not_removed(person, standing(person)):
            raise Refused(reason)
        row.delete()
        _after_removing(person, "removed_passkey", at=at, name=row.data["name"])


def passkey(person, ref: str) -> Authenticator | None:
    """A person's own passkey."""
    return Authenticator.objects.filter(user=person, type=PASSKEY, data__ref=ref).first()


# Recovery codes


def make_codes(person, *, at) -> None:
    """New recovery codes; those before stop working. Refused where there is nothing to recover."""
    with transaction.atomic():
        person.take_hold()
        if not standing(person).has_two:
            raise Refused(Reason("no_factor", _("Recovery codes belong to two-factor. Set it up first.")))
        Authenticator.objects.filter(user=person, type=CODES).delete()
        RecoveryCodes.activate(person)
        _tell(person, "made_codes", by=person, at=at)


def codes_in_words(row: Authenticator) -> list[str]:
    """The codes that have not been used, as one types them."""
    return [f"{code[:5]}-{code[5:]}" for code in row.wrap().get_unused_codes()]


# Signing in


def use_code(person, typed: str, *, at) -> Authenticator | None:
    """The app or the codes whose code this is, used up with that; None where it is nobody's, or was used before."""
    digits = "".join(c for c in typed if c.isdigit())
    with transaction.atomic():
        for row in Authenticator.objects.select_for_update().filter(user=person).exclude(type=PASSKEY).order_by("pk"):
            if _opens(row, digits):
                row.last_used_at = at
                row.save(update_fields=["data", "last_used_at"])
                if row.type == CODES:
                    _tell(person, "used_code", by=person, at=at, left=codes_left(row))
                return row
    return None


def _opens(row, digits):
    try:
        return _is_of_app(row, digits) if row.type == APP else _is_of_codes(row, digits)
    except CannotBeOpened:
        return False


def _is_of_app(row, digits):
    used = period_of(decrypt(row.data["secret"]), digits, at=clock.wall(), after=row.data.get("last", -1))
    if used is None:
        return False
    row.data["last"] = used
    return True


def _is_of_codes(row, digits):
    for number, code in enumerate(RecoveryCodes(row).generate_codes()):
        if not row.data["used_mask"] & (1 << number) and hmac.compare_digest(digits.encode(), code.encode()):
            row.data["used_mask"] |= 1 << number
            return True
    return False


# Somebody has lost theirs


def remove_all(person, *, by, reason: str, at, operator: str = "") -> None:
    """Whoever lost their phone signs in with one factor again, until they set up another. By an admin, or an operator.

    Wherever they were signed in they no longer are. Refused for oneself, where there is none, and for whoever may not.
    """
    if by is not None and not rules.administrator(by):
        raise NotYours(_("This is for somebody else to do."))
    if by is not None and by.pk == person.pk:
        raise Refused(Reason("own", _("Your own are removed under Sign-in and security, or by another admin.")))
    with transaction.atomic():
        person.take_hold()
        if not Authenticator.objects.filter(user=person).delete()[0]:
            raise Refused(Reason("none", _("There is no second factor to remove.")))
        person.has_factor = False
        person.end_sessions()  # what is lost may be in other hands, with a session on it
        who = operator or str(by)
        _tell(person, "lost_factors", by=by, at=at, reason=reason, who=who)


def _after_adding(person, step, *, at, **facts):
    if not Authenticator.objects.filter(user=person, type=CODES).exists():
        RecoveryCodes.activate(person)
    person.has_factor = True
    _tell(person, step, by=person, at=at, **facts)


def _after_removing(person, step, *, at, **facts):
    person.has_factor = standing(person).has_two
    if not person.has_factor:
        Authenticator.objects.filter(user=person, type=CODES).delete()
    _tell(person, step, by=person, at=at, **facts)


def _tell(person, step, *, by, at, **facts):
    """In the journal, and to the person."""
    note_change(person, step, by=by, at=at, **facts)
    factor_notices.changed(person, step, at=at, **facts)
