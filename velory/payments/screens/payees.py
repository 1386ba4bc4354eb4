"""Who is paid: the company's own account and each partner's, how it stands with them, and how they are connected."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from velory import clock
from velory.journal.models import Entry
from velory.journal.reason import Reason, Refused
from velory.payments import connecting, gateway
from velory.payments.asking import ask_to_connect
from velory.payments.errors import Declined, Trouble
from velory.payments.models import Attempt, Payee
from velory.payments.reasons import no_answer, not_set_up
from velory.payments.recipients import Recipient, recipient_called, recipients
from velory.payments.screens.forms import AccountForm, CountryForm
from velory.payments.screens.places import tabs
from velory.payments.standing import Standing, standing_of
from velory.people.again import reauthenticated
from velory.people.doors import for_admins
from velory.tenancy.context import current_company
from velory.ui.steps import conflict, see_other, sent


@dataclass(frozen=True)
class Line:
    """Somebody who can be paid, with the payee's row (or None) and how it stands."""

    recipient: Recipient
    payee: Any
    standing: Standing

    @property
    def address(self) -> str:
        """The page of this one."""
        return address_of(self.recipient)


def address_of(recipient: Recipient) -> str:
    """The page of somebody who can be paid."""
    return reverse("money:payee", args=[recipient.slug])


def lines() -> list[Line]:
    """Everybody who can be paid."""
    known = {payee.key: payee for payee in Payee.objects.all()}
    return [Line(one, known.get(one.key), standing_of(known.get(one.key))) for one in recipients()]


def lines_needing_attention() -> list[Line]:
    """Those with an account that takes no payments; one who is no longer paid here among them."""
    everybody = {recipient.key: recipient for recipient in recipients()}
    return [
        Line(everybody.get(payee.key) or Recipient(payee.key, payee.name, ""), payee, standing_of(payee))
        for payee in Payee.objects.needing_attention().order_by("name", "pk")
    ]


@require_safe
@for_admins
def payees(request):
    """Everybody who can be paid, and whether they take money."""
    narrowed = request.GET.get("standing") == "attention"
    page = {
        "lines": lines_needing_attention() if narrowed else lines(), "narrowed": narrowed,
        "set_up": gateway.set_up(), "live": gateway.livemode(), "tabs": tabs("payees"),
    }  # fmt: skip
    return render(request, "payments/payees.html", page)


@require_safe
@for_admins
def payee(request, slug):
    """One of them: how it stands, what to do next, what was done."""
    return _page(request, _found(slug))


@require_POST
@for_admins
@reauthenticated
def connect(request, slug):
    """On to Stripe, where the owner of the account says who they are."""
    recipient = _found(slug)
    form = CountryForm(request.POST, country=current_company().country)
    if not form.is_valid():
        return _page(request, recipient, form=form, status=422)
    back = current_company().address(address_of(recipient))
    return _do(
        request,
        recipient,
        lambda: connecting.way_to_stripe(
            recipient, country=form.cleaned_data["country"], back=f"{back}?back=stripe", again=f"{back}?back=late",
            by=request.user, at=clock.now(),
        ),
        then=see_other,
    )  # fmt: skip


@require_POST
@for_admins
def check(request, slug):
    """Ask Stripe how it stands now."""
    recipient, its = _found(slug), _connected(slug)
    return _do(
        request, recipient, lambda: connecting.check(its, at=clock.now()), says=lambda now: standing_of(now).label
    )


@require_http_methods(["GET", "HEAD", "POST"])
@for_admins
@reauthenticated
def name_account(request, slug):
    """A partner has an account already: its id, as Stripe has to confirm."""
    recipient = _partner(slug)
    form = AccountForm(sent(request))
    if not form.is_valid():
        page = {"recipient": recipient, "form": form, "address": address_of(recipient)}
        return render(request, "payments/name_account.html", page, status=422 if form.is_bound else 200)
    return _do(
        request, recipient,
        lambda: connecting.name_account(recipient, form.cleaned_data["account"], by=request.user, at=clock.now()),
        says=lambda now: _("%(name)s is paid on %(account)s from now on.") % {"name": now, "account": now.account},
    )  # fmt: skip


@require_POST
@for_admins
@reauthenticated
def ask(request, slug):
    """Send a partner a link with which it sets up its account itself."""
    recipient = _partner(slug)
    return _do(
        request, recipient, lambda: ask_to_connect(recipient, by=request.user, at=clock.now()),
        says=lambda _letter: _("A mail to %(address)s is on its way.") % {"address": recipient.email},
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@for_admins
@reauthenticated
def take_away(request, slug):
    """Ask, then pay nothing to this account any more."""
    recipient, its = _found(slug), _connected(slug)
    if request.method != "POST":
        page = {"recipient": recipient, "payee": its, "address": address_of(recipient),
                "open": Attempt.objects.to(its).open().count()}  # fmt: skip
        return render(request, "payments/take_away_account.html", page)
    return _do(
        request, recipient, lambda: connecting.take_away(its, by=request.user, at=clock.now()),
        says=lambda now: _("Nothing is paid to %(name)s any more.") % {"name": now},
    )  # fmt: skip


def _do(request, recipient, deed, *, says=None, then=None):
    """Do it, and say what is now true; 409 with the reason where it was refused, or nobody answered."""
    try:
        done = deed()
    except Refused as refused:
        return _refused(request, recipient, refused.reason)
    except Trouble as trouble:
        return _refused(request, recipient, _why(trouble))
    if then:
        return then(done)
    messages.success(request, says(done))
    return see_other(address_of(recipient))


def _why(trouble) -> Reason:
    if not gateway.set_up():
        return not_set_up()
    if isinstance(trouble, Declined):
        return Reason("declined", _("Stripe says no: %(words)s") % {"words": trouble})
    return no_answer()


def _refused(request, recipient, reason):
    return conflict(request, recipient.name, reason, address=address_of(recipient))


def _page(request, recipient, *, form=None, status=200):
    its = Payee.objects.of(recipient.key)
    page = {
        "recipient": recipient, "payee": its, "standing": standing_of(its), "live": gateway.livemode(),
        "form": form or CountryForm(country=current_company().country),
        "back": request.GET.get("back", ""), "entries": Entry.objects.about(its).newest_first()[:20] if its else [],
    }  # fmt: skip
    return render(request, "payments/payee.html", page, status=status)


def _found(slug) -> Recipient:
    recipient = recipient_called(slug)
    if recipient is None:
        raise Http404
    return recipient


def _partner(slug) -> Recipient:
    recipient = _found(slug)
    if recipient.is_company:
        raise Http404
    return recipient


def _connected(slug) -> Payee:
    its = Payee.objects.of(_found(slug).key)
    if its is None or not its.account:
        raise Http404
    return its
