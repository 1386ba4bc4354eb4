"""The leasing provider's own page of a return, behind its signed link: no account, and GET changes nothing."""

from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.utils import translation

from assets.models import Device
from renewals.models import Return
from renewals.returns.forms import LabelForm, ReleaseForm
from renewals.returns.labels import as_download, put_label
from renewals.returns.notices import PURPOSE, binding_of, place_of
from renewals.returns.progress import progress_of
from velory import clock
from velory.journal.reason import NotYours, Refused
from velory.people.language import language_of_reader
from velory.post.links import PARTNER, opens, path_of
from velory.post.wording import contact
from velory.ui.steps import see_other, seen_version

SAID = ("put_label", "replace_label", "remind_provider", "confirm_return")  # of the device's log, on the page


def bound_to(link):
    """A link holds good while the return is open and goes to that provider at that address."""
    returning = Return.objects.open().select_related("provider").filter(pk=link.about_id).first()
    if returning is None or returning.provider is None or returning.provider.email.lower() != link.address:
        return None
    return binding_of(returning)


@opens(PURPOSE, binding=bound_to, place=PARTNER, gone="renewals/returns/gone.html")
def partners_page(request, link, deed=""):
    """The device, where it is picked up, the label, the receipt, the release."""
    returning = get_object_or_404(Return.objects.with_what_a_page_shows(), pk=link.about_id)
    with translation.override(language_of_reader(request, returning.provider.language)):
        if request.method == "POST":
            return DEEDS.get(deed, _none)(request, link, returning)
        if deed == "label" and returning.label:
            return as_download(returning)
        return _none() if deed else _page(request, link, returning)


def _none(*args):
    raise Http404


def _upload(request, link, returning):
    form = LabelForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, link, returning, label_form=form, status=422)
    try:
        put_label(returning, form.cleaned_data["label"], by=returning.provider, role="partner", at=clock.now())
    except Refused as refused:
        return _refused(request, link, refused)
    return see_other(path_of(link))


def _confirm(request, link, returning):
    try:
        returning.device.confirm_return(
            by=returning.provider, version=seen_version(request), outcome=Device.Outcome.RETURNED
        )
    except (Refused, NotYours) as refused:
        return _refused(request, link, refused)
    return see_other(path_of(link))


def _release(request, link, returning):
    form = ReleaseForm(request.POST)
    if not form.is_valid():
        return _page(request, link, returning, release_form=form, status=422)
    try:
        returning.device.release(by=returning.provider, version=seen_version(request))
    except (Refused, NotYours) as refused:
        return _refused(request, link, refused)
    return render(request, "renewals/returns/done.html", {"device": returning.device, "provider": returning.provider})


DEEDS = {"label": _upload, "confirm_return": _confirm, "release": _release}


def _refused(request, link, refused):
    """What is true now, and why nothing was done. Released by somebody else, it is over for the provider."""
    now = Return.objects.with_what_a_page_shows().get(pk=link.about_id)
    if now.closed_at:
        return render(request, "renewals/returns/gone.html", {"why": "void"}, status=409)
    if isinstance(refused, NotYours):
        raise refused
    return _page(request, link, now, refused=refused.reason, status=409)


def _page(request, link, returning, *, label_form=None, release_form=None, refused=None, status=200):
    device, today = returning.device, clock.today()
    context = {
        "returning": returning, "device": device, "provider": returning.provider, "link": link,
        "address": path_of(link), "contract": device.open_contract, "progress": progress_of(device, today=today),
        "holder": device.holder if returning.is_under_way else None, "place": place_of(device),
        "contact": contact(clock.now()), "refused": refused, "label_form": label_form or LabelForm(),
        "release_form": release_form or ReleaseForm(),
        "entries": device.journal.of_steps(SAID).between(returning.chosen_at),
    }  # fmt: skip
    return render(request, "renewals/returns/partner.html", context, status=status)
