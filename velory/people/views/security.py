"""Sign-in and security: what protects one's account; the authenticator app and the recovery codes."""

from datetime import datetime, timedelta

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from velory import clock, sealing
from velory.journal.reason import Refused
from velory.people import factors, limits
from velory.people.again import reauthenticated
from velory.people.factors_adapter import SALT
from velory.people.federated.ways import has_passwords
from velory.people.forms.security import AppForm
from velory.people.journal import note_change
from velory.people.passkeys import host_of
from velory.people.qr import qr_of
from velory.people.second import note_factor
from velory.tenancy.context import current_company
from velory.ui.steps import conflict, see_other, sent

SECRET = "app_secret"
SHOWN = "codes_shown_until"
SHOWN_FOR = timedelta(minutes=10)


@require_safe
def security(request):
    """What protects this account, and what can be done about it."""
    person, now = request.user, factors.standing(request.user)
    page = {
        "standing": now, "passkeys": [as_line(row) for row in now.passkeys], "must": factors.is_asked_of(person),
        "is_federated": factors.comes_with_two(person, request.session), "host": host_of(request),
        "has_passwords": has_passwords(),
    }  # fmt: skip
    return render(request, "people/security.html", page)


def as_line(row) -> dict:
    """A passkey as a list shows it."""
    data = row.data
    return {
        "ref": data["ref"], "name": data["name"], "host": data["host"],
        "made_at": row.created_at, "used_at": row.last_used_at,
    }  # fmt: skip


@require_POST
@reauthenticated
def sign_out_elsewhere(request):
    """A device was lost with a session on it: every other session ends, this one goes on under a new id."""
    person = request.user
    with transaction.atomic():
        person.take_hold()
        person.end_sessions()
        note_change(person, "signed_out_elsewhere", by=person, at=clock.now())
    update_session_auth_hash(request, person)
    messages.success(request, _("You are signed out everywhere but here."))
    return see_other(reverse("people:security"))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@reauthenticated
@sensitive_post_parameters("code")
def app(request):
    """Scan, or type the key; then the app's code proves that it worked."""
    secret = _secret(request)
    form = AppForm(sent(request))
    if form.is_valid():
        try:
            if _set_up(request, form, secret):
                return _show_codes(request, _("The app is set up. From now on its code is asked for when you sign in."))
        except Refused as refused:
            return _too_late(request, refused)
    address = _address_of(request.user, secret)
    page = {"form": form, "qr": qr_of(address), "key": _in_fours(secret)}
    return render(request, "people/security_app.html", page, status=422 if form.is_bound else 200)


def _set_up(request, form, secret):
    if not limits.may_knock("second", request, request.user.ref):
        form.add_error(None, limits.TOO_OFTEN)
        return False
    if not factors.set_up_app(request.user, secret, form.cleaned_data["code"], at=clock.now()):
        form.add_error(
            "code", _("That is not the code of now. Look at the app again: it shows another every 30 seconds.")
        )
        return False
    del request.session[SECRET]
    note_factor(request, request.user, factors.APP)
    return True


def _secret(request):
    """What the app is to share; the same until it is set up, so that a second look shows the same."""
    kept = sealing.unseal(request.session.get(SECRET, ""), salt=SALT)
    if kept is None:
        kept = factors.new_secret()
        request.session[SECRET] = sealing.seal(kept, salt=SALT)
    return kept


def _address_of(person, secret):
    from allauth.mfa.adapter import get_adapter

    return get_adapter().build_totp_url(person, secret)


def _in_fours(secret):
    return " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))


@require_http_methods(["GET", "HEAD", "POST"])
@reauthenticated
def remove_app(request):
    """Ask, then ask for no code of the app any more."""
    now = factors.standing(request.user)
    if request.method != "POST":
        page = {"standing": now, "why_not": factors.why_not_removed(request.user, now)}
        return render(request, "people/security_app_remove.html", page)
    try:
        factors.remove_app(request.user, at=clock.now())
    except Refused as refused:
        return _too_late(request, refused)
    messages.success(request, _("The app’s code is not asked for any more."))
    return see_other(reverse("people:security"))


# Recovery codes


@never_cache
@require_safe
@reauthenticated
def codes(request):
    """The codes, as long as they are shown; after that how many are left."""
    row = factors.standing(request.user).codes
    shown = factors.codes_in_words(row) if row and _are_shown(request) else []
    return render(request, "people/security_codes.html", {"codes": shown, "row": row})


@require_POST
@reauthenticated
def new_codes(request):
    """Others; those before open nothing any more."""
    try:
        factors.make_codes(request.user, at=clock.now())
    except Refused as refused:
        return _too_late(request, refused)
    return _show_codes(request, _("These are your recovery codes. Those from before have stopped working."))


@never_cache
@require_safe
@reauthenticated
def codes_file(request):
    """The codes as a text file, as long as they are shown."""
    row = factors.standing(request.user).codes
    if not row or not _are_shown(request):
        return see_other(reverse("people:security_codes"))
    head = _("Recovery codes of %(person)s at %(company)s. Each works once.")
    lines = [head % {"person": request.user, "company": current_company().name}, "", *factors.codes_in_words(row), ""]
    answer = HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="velory-recovery-codes.txt"'
    return answer


@require_POST
def codes_kept(request):
    """They have been put away, and are shown no more."""
    request.session.pop(SHOWN, None)
    return see_other(reverse("people:security"))


def _show_codes(request, words):
    """To the codes, which are shown once: in this session, for ten minutes."""
    show_codes(request)
    messages.success(request, words)
    return see_other(reverse("people:security_codes"))


def show_codes(request) -> None:
    """From now on this session shows the recovery codes, for ten minutes."""
    request.session.cycle_key()
    request.session[SHOWN] = (clock.wall() + SHOWN_FOR).isoformat()


def _are_shown(request):
    until = request.session.get(SHOWN)
    return bool(until) and datetime.fromisoformat(until) > clock.wall()


def _too_late(request, refused):
    return conflict(request, request.user, refused.reason, address=reverse("people:security"))
