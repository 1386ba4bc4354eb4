"""Settings, Sign-in: the company's identity providers, and whether there are passwords here."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from velory import clock
from velory.journal.models import Entry
from velory.journal.reason import Reason, Refused
from velory.people import limits
from velory.people.again import reauthenticated
from velory.people.doors import for_admins
from velory.people.federated import begun, provider_says, ways
from velory.people.federated.forms import PasswordsForm, ProviderForm
from velory.people.federated.models import Identity, IdentityProvider, SignInSettings
from velory.people.federated.trouble import CODE_REFUSED, Trouble
from velory.ui.steps import conflict, see_other, seen_version, sent

HOME = "federated:settings"


@require_safe
@for_admins
def sign_in(request):
    """How people sign in here."""
    row = SignInSettings.here()
    page = {
        "providers": list(IdentityProvider.objects.order_by("pk")), "has_passwords": row.has_passwords,
        "form": PasswordsForm(instance=row), "proven": ways.came_without_password(request),
    }  # fmt: skip
    return render(request, "federated/settings.html", page)


@require_POST
@for_admins
@reauthenticated
def passwords(request):
    """On, or off for everybody: only by an admin who has come in by another way, so that nobody is locked out."""
    on = "has_passwords" in request.POST
    if not on and not ways.came_without_password(request):
        reason = Reason(
            "unproven",
            _("You signed in with a password. Sign out, come back in the other way, and then turn passwords off."),
        )
        return conflict(request, _("Password sign-in"), reason, address=reverse(HOME))
    if SignInSettings.to_change().turn(on, by=request.user, at=clock.now()):
        messages.success(
            request,
            _("People can sign in with a password again.") if on else _("Nobody signs in with a password any more."),
        )
    return see_other(reverse(HOME))


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters("secret")
@for_admins
@reauthenticated
def add(request):
    """A provider that nobody signs in with before it was tried."""
    form = ProviderForm(sent(request))
    if form.is_valid():
        made = IdentityProvider.set_up(
            secret=form.cleaned_data["secret"], by=request.user, at=clock.now(), **form.facts
        )
        messages.success(request, _("%s is set up. Try the connection, then turn it on.") % made)
        return see_other(made.get_absolute_url())
    return render(request, "federated/add.html", {"form": form}, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters("secret")
@for_admins
@reauthenticated
def provider(request, ref):
    """One provider: what was written down, the address to tell it, and the buttons."""
    found = _found(ref)
    version = Entry.objects.version_of(found)
    form = ProviderForm(sent(request), instance=_found(ref))
    if form.is_valid() and _changed(request, found, form):
        return see_other(found.get_absolute_url())
    page = {
        "provider": found, "form": form, "version": version, "redirect_address": begun.address_back(found),
        "people": Identity.objects.filter(issuer=found.issuer).count(),
    }  # fmt: skip
    return render(request, "federated/provider.html", page, status=422 if form.is_bound else 200)


def _changed(request, found, form):
    try:
        changed = found.change(
            by=request.user,
            at=clock.now(),
            version=seen_version(request),
            secret=form.cleaned_data["secret"],
            **form.facts,
        )
    except Refused as stale:
        form.add_error(None, str(stale.reason))
        form.ask_for_the_secret_again()
        return False
    messages.success(request, _("The settings are saved.") if changed else _("Nothing was changed."))
    return True


@require_POST
@for_admins
def try_it(request, ref):
    """Ask the provider, and say what is wrong, if anything."""
    found = _found(ref)
    if not may_ask(request):
        messages.warning(request, limits.TOO_OFTEN)
    elif wrong := _wrong_with(found):
        messages.error(request, wrong.about(found))
    else:
        messages.success(request, _("%s answers, and knows Velory by its client ID and secret.") % found)
    return see_other(found.get_absolute_url())


def may_ask(request) -> bool:
    """Whether one more question goes out: whatever address an admin writes down, nobody is knocked at without end."""
    return limits.may_knock("try_provider", request, request.user.ref)


def _wrong_with(found) -> Trouble | None:
    """What keeps people from signing in with it. A made-up code is refused by a provider that knows us."""
    try:
        begun.redeem(found, provider_says.ask_anew(found.issuer), "velory-tries-the-connection", "v" * 43)
    except Trouble as wrong:
        return None if wrong.words == CODE_REFUSED else wrong
    return None


@require_POST
@for_admins
@reauthenticated
def turn(request, ref):
    """On, once it answers as it should; or off."""
    found, on = _found(ref), request.POST.get("to") == "on"
    if on and not may_ask(request):
        return conflict(request, found, Reason("too_often", str(limits.TOO_OFTEN)))
    if on and (wrong := _wrong_with(found)):
        return conflict(request, found, Reason("does_not_answer", wrong.about(found)))
    found.turn(on, by=request.user, at=clock.now())
    messages.success(
        request,
        _("People can sign in with %s.") % found if on else _("Nobody can sign in with %s any more.") % found,
    )
    return see_other(found.get_absolute_url())


@require_http_methods(["GET", "HEAD", "POST"])
@for_admins
@reauthenticated
def remove(request, ref):
    """Ask, then remove it."""
    found = _found(ref)
    if request.method != "POST":
        people = Identity.objects.filter(issuer=found.issuer).count()
        return render(request, "federated/remove.html", {"provider": found, "people": people})
    found.remove(by=request.user, at=clock.now())
    messages.success(request, _("%s is removed.") % found)
    return see_other(reverse(HOME))


def _found(ref):
    return get_object_or_404(IdentityProvider, ref=ref)
