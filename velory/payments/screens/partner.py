"""A partner's own page for its account, behind the link in its mail: no sign-in, and GET changes nothing."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import translation
from django.views.decorators.http import require_safe

from velory import clock
from velory.journal.reason import Refused
from velory.payments import connecting
from velory.payments.asking import PURPOSE, binding_of
from velory.payments.errors import Trouble
from velory.payments.models import Payee
from velory.payments.reasons import no_answer
from velory.payments.recipients import recipient_of
from velory.payments.screens.forms import CountryForm
from velory.payments.standing import standing_of
from velory.people.language import language_of_reader
from velory.post.links import PARTNER, opens, path_of
from velory.post.wording import contact
from velory.tenancy.context import current_company
from velory.ui.steps import see_other


def bound_to(link):
    """A link holds good while the partner is paid at all and is written to at that address."""
    payee = Payee.objects.filter(pk=link.about_id).first()
    return binding_of(recipient_of(payee)) if payee else None


@opens(PURPOSE, binding=bound_to, place=PARTNER, gone="payments/link_gone.html")
def partners_page(request, link, deed=""):
    """What is paid to the partner, how it stands with its account, and the way to Stripe."""
    payee = get_object_or_404(Payee, pk=link.about_id)
    recipient = recipient_of(payee)
    with translation.override(language_of_reader(request, recipient.language)):
        if request.method != "POST":
            return _page(request, link, payee, recipient)
        deeds = {"connect": _connect, "check": _check}
        if deed not in deeds:
            raise Http404
        try:
            return deeds[deed](request, link, payee, recipient)
        except Refused as refused:
            return _page(request, link, Payee.objects.get(pk=payee.pk), recipient, refused=refused.reason, status=409)
        except Trouble:
            return _page(request, link, payee, recipient, refused=no_answer(), status=409)


def _connect(request, link, payee, recipient):
    form = CountryForm(request.POST, country=current_company().country)
    if standing_of(payee).takes_cards:
        return see_other(path_of(link))
    if not form.is_valid():
        return _page(request, link, payee, recipient, form=form, status=422)
    back = current_company().address(reverse("money:back_from_stripe"))
    return see_other(
        connecting.way_to_stripe(
            recipient, country=form.cleaned_data["country"], back=back, again=f"{back}?late=1", by=None, at=clock.now()
        )
    )


def _check(request, link, payee, recipient):
    if payee.account:
        connecting.check(payee, at=clock.now())
    return see_other(path_of(link))


def _page(request, link, payee, recipient, *, form=None, refused=None, status=200):
    page = {
        "recipient": recipient, "payee": payee, "standing": standing_of(payee), "link": link, "refused": refused,
        "address": path_of(link), "contact": contact(clock.now()),
        "form": form or CountryForm(country=current_company().country),
    }  # fmt: skip
    return render(request, "payments/partners_page.html", page, status=status)


@login_not_required
@require_safe
def back_from_stripe(request):
    """Where Stripe sends a partner back to. The link in the mail is a secret that Stripe need not know, so it is not
    named here: whoever comes back opens it once more."""
    return render(request, "payments/back_from_stripe.html", {"late": "late" in request.GET})
