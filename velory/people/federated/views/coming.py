"""To the provider, and back from it."""

from allauth.account.adapter import get_adapter
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_noop
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from velory import clock
from velory.journal.reason import Refused
from velory.people import factors, invitations, limits
from velory.people.again import note_said, safe
from velory.people.federated import begun, known
from velory.people.federated.entering import enter
from velory.people.federated.models import Identity, IdentityProvider
from velory.people.federated.trouble import Trouble
from velory.people.federated.views.linking import ask_whether, ask_who, prove_both_first
from velory.tenancy.context import current_company
from velory.ui.steps import see_other

SIGNED_IN = (begun.AGAIN, begun.LINK)  # what only somebody who is signed in comes for
NOT_YOU = gettext_noop("That was another sign-in than the one that %(you)s is linked with.")


@login_not_required
@never_cache
@require_safe
def go(request, ref):
    """The browser goes to the provider. By GET: a page's policy lets no form lead to somebody else's site."""
    provider = get_object_or_404(IdentityProvider.objects.on(), ref=ref)
    why = request.GET.get("for", begun.SIGN_IN)
    back = safe(request.GET.get("next") or "/")
    if request.get_host().partition(":")[0] != current_company().host:
        return see_other(current_company().address(request.get_full_path()))
    signed_in = request.user.is_authenticated
    if why not in (begun.SIGN_IN, begun.AGAIN, begun.LINK, begun.ACCEPT) or signed_in != (why in SIGNED_IN):
        return see_other(back if signed_in else reverse("account_login"))
    try:
        if not limits.may_knock("federated", request):
            return too_often(request, back)
        address = begun.begin(request, provider, why=why, back=back, token=request.GET.get("invitation", "")[:100])
    except Trouble as wrong:
        return tell(request, provider, wrong, back)
    return see_other(address)


@login_not_required
@never_cache
@require_safe
def back(request, ref):
    """Whoever comes back is asked about at the provider, and is then let in, linked, or believed once more."""
    provider = get_object_or_404(IdentityProvider.objects.on(), ref=ref)
    if not limits.may_knock("federated", request):
        return too_often(request, "/")
    try:
        started = begun.take(request, provider)
    except Trouble as wrong:
        return tell(request, provider, wrong, "/")
    if request.user.is_authenticated != (started.why in SIGNED_IN):
        return see_other("/")
    try:
        said = begun.answer(request, provider, started)
        return WAYS_ON[started.why](request, provider, said, started)
    except (Trouble, Refused) as wrong:
        return tell(request, provider, wrong, started.back)


def _sign_in(request, provider, said, started):
    """Somebody known gets in; whoever is new here says who they are, or gets an account."""
    person = known.person_of(said, at=clock.now())
    if person is not None:
        return enter(request, person, provider, said, back=started.back)
    if said.email_is_verified and known.makes_account_for(provider, said.email):
        person = known.make_account(provider, said, said.email, at=clock.now())
        return enter(request, person, provider, said, back=started.back, is_first=True)
    return ask_who(request, provider, said, back=started.back)


def _again(request, provider, said, started):
    """The same person, and just now: the provider has asked them."""
    theirs = Identity.objects.filter(person=request.user, issuer=said.issuer, subject=said.subject)
    if not theirs.exists():
        raise Trouble(NOT_YOU, (("name", provider.name), ("you", str(request.user))))
    note_said(request)
    return see_other(started.back)


def _link(request, provider, said, started):
    """Nothing is linked before the person has read whom the provider means."""
    return ask_whether(request, provider, said)


def _accept(request, provider, said, started):
    """Behind an invitation: the mail says who it is, and the provider by which name they come from now on."""
    person = known.person_of(said, at=clock.now())
    if person is not None:
        return enter(request, person, provider, said, back="/")

    def also(who, at):
        if not factors.has_two(who):
            known.begin(who, said, provider, at=at)

    person = invitations.accept(started.token, None, also=also)
    if person is None:
        return see_other(reverse("people:accept", args=[started.token or "-"]))
    get_adapter().logout(request)
    if factors.has_two(person):  # invited again: a mail alone links nobody past the second factor
        return prove_both_first(request, person, provider, said)
    return enter(request, person, provider, said, back="/", is_first=True)


WAYS_ON = {begun.SIGN_IN: _sign_in, begun.AGAIN: _again, begun.LINK: _link, begun.ACCEPT: _accept}


def tell(request, provider, wrong, back: str):
    """Why it did not work, on the page from which they came, or on the sign-in page."""
    messages.error(request, wrong.about(provider) if isinstance(wrong, Trouble) else str(wrong.reason))
    if request.user.is_authenticated:
        return see_other(back)
    return see_other(
        f"{reverse('account_login')}?{urlencode({'next': back})}" if back != "/" else reverse("account_login")
    )


def too_often(request, back: str):
    """Wait a little."""
    messages.warning(request, limits.TOO_OFTEN)
    return see_other(back if request.user.is_authenticated else reverse("account_login"))
