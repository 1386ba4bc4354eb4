"""A sign-in at a provider that is new here: whose is it? And one's own links."""

from dataclasses import asdict
from functools import partial

from allauth.account.internal.flows.login import record_authentication
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from velory import clock
from velory.journal.reason import Refused
from velory.people import codes, factors, limits
from velory.people.again import reauthenticated
from velory.people.federated import begun, known, notices, ways
from velory.people.federated.entering import enter
from velory.people.federated.forms import WhoForm
from velory.people.federated.id_token import Said
from velory.people.federated.models import IdentityProvider
from velory.people.forms.again import CodeForm
from velory.people.notices import CODE_MINUTES
from velory.people.second import sign_in
from velory.ui.steps import conflict, see_other, sent

NEW, CODE = "federated_new", "federated_code"
WITHIN = 900  # seconds in which somebody new says who they are


def ask_who(request, provider, said, *, back: str):
    """To the page that asks; what the provider said stays with this browser."""
    keep(request, provider, said, back)
    return see_other(reverse("federated:who", args=[provider.ref]))


def ask_whether(request, provider, said):
    """To the page that shows whom the provider means, and asks whether that is right."""
    keep(request, provider, said, reverse("people:security"))
    return see_other(reverse("federated:link", args=[provider.ref]))


def keep(request, provider, said, back):
    """What a provider said, until somebody has said whose it is."""
    at = int(clock.wall().timestamp())
    request.session[NEW] = {"provider": provider.ref, "said": asdict(said), "back": back, "at": at}
    request.session.pop(CODE, None)


def kept(request, provider) -> tuple[Said, str] | None:
    """What this provider said to this browser lately, and where to go then."""
    waits = request.session.get(NEW)
    now = int(clock.wall().timestamp())
    if not waits or waits["provider"] != provider.ref or not waits["at"] <= now <= waits["at"] + WITHIN:
        return None
    return Said(**waits["said"]), waits["back"]


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def who(request, ref):
    """Under which address does the company know you? A code goes there; the answer is the same whoever has it."""
    provider = _provider(ref)
    waits = kept(request, provider)
    if waits is None or request.user.is_authenticated:
        return see_other(reverse("account_login"))
    form = WhoForm(sent(request), initial={"email": waits[0].email})
    if form.is_valid() and _may_have_a_code(request, form):
        _send_code(request, provider, form.cleaned_data["email"])
        return see_other(reverse("federated:code", args=[ref]))
    page = {"provider": provider, "form": form, "said": waits[0]}
    return render(request, "federated/who.html", page, status=422 if form.is_bound else 200)


def _may_have_a_code(request, form):
    if limits.may_knock("code", request, form.cleaned_data["email"]):
        return True
    form.add_error(None, limits.TOO_OFTEN)
    return False


def _send_code(request, provider, address):
    person = known.whose(address)
    is_for_somebody = person is not None or known.makes_account_for(provider, address)
    code = codes.new_code(request, CODE, minutes=CODE_MINUTES, bound_to=address)
    notices.link_code(address, person, code, provider, is_for_somebody=is_for_somebody)


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def code(request, ref):
    """With the code the sign-in is linked, once and for all, and the person is in."""
    provider = _provider(ref)
    waits, asked = kept(request, provider), request.session.get(CODE)
    if waits is None or asked is None or request.user.is_authenticated:
        return see_other(reverse("federated:who", args=[ref]))
    form = CodeForm(sent(request), check=partial(codes.why_not, request, CODE))
    address = asked["bound_to"]
    if form.is_valid():
        return _linked(request, provider, *waits, address)
    page = {"provider": provider, "form": form, "email": address}
    return render(request, "federated/code.html", page, status=422 if form.is_bound else 200)


def _linked(request, provider, said, back, address):
    """The address is theirs, so they are whoever has it; or they become somebody."""
    for name in (NEW, CODE):
        request.session.pop(name, None)
    at, person = clock.now(), known.whose(address)
    if person is not None and factors.has_two(person):
        return prove_both_first(request, person, provider, said)
    try:
        if person is not None:
            known.link(person, said, provider, by=person, at=at)
        elif known.makes_account_for(provider, address):
            person = known.make_account(provider, said, address, at=at)
        else:
            return see_other(reverse("account_inactive"))
    except Refused as refused:
        return conflict(request, provider.name, refused.reason, address=reverse("account_login"))
    return enter(request, person, provider, said, back=back, is_first=True)


def prove_both_first(request, person, provider, said):
    """A mail is one factor: whoever has a second one links nothing before it is proven, then reads and says yes."""
    keep(request, provider, said, reverse("people:security"))
    record_authentication(request, person, ways.CODE)
    return sign_in(request, person, redirect_url=reverse("federated:link", args=[provider.ref]))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@reauthenticated
def link(request, ref):
    """Begin to link one's own account; or, back from the provider, read whom it means and say yes."""
    provider = _provider(ref)
    waits = kept(request, provider)
    if waits is None:
        return see_other(f"{reverse('federated:go', args=[ref])}?{urlencode({'for': begun.LINK})}")
    if request.method != "POST":
        return render(request, "federated/link.html", {"provider": provider, "said": waits[0]})
    request.session.pop(NEW, None)
    own = reverse("people:security")
    try:
        known.link(request.user, waits[0], provider, by=request.user, at=clock.now())
    except Refused as refused:
        return conflict(request, provider.name, refused.reason, address=own)
    messages.success(request, _("From now on you can sign in with %s.") % provider.name)
    return see_other(own)


@require_POST
@reauthenticated
def undo(request, ref):
    """The provider does not sign this person in any more."""
    provider = get_object_or_404(IdentityProvider, ref=ref)
    if known.unlink(request.user, provider, by=request.user, at=clock.now()):
        messages.success(request, _("%s does not sign you in any more.") % provider.name)
    return see_other(reverse("people:security"))


def _provider(ref):
    return get_object_or_404(IdentityProvider.objects.on(), ref=ref)
