"""The page behind the link in a letter: it opens without sign-in and changes nothing by itself."""

from django.http import Http404, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import translation

from assets.models import Device
from renewals.choices.options import DECIDE, PREFER
from renewals.decision import decision_about, gate_after
from renewals.notices import PURPOSE, binding_of
from renewals.paths import with_what_a_path_needs
from renewals.returns.progress import progress_of
from velory import clock
from velory.journal.reason import Refused
from velory.people.language import language_of_reader
from velory.post.links import OVER, opens, token_of
from velory.ui.steps import see_other, seen_version

WITHOUT_SIGNING_IN = {"start_renewal", *PREFER.values()}


def bound_to(link):
    """A link holds good while its person works here and has the device, this time, and the device is not archived."""
    device = Device.objects.filter(pk=link.about_id).first()
    person = link.person
    if device is None or person is None or not person.works_on(clock.today()):
        return None
    if device.is_archived:
        return OVER
    return binding_of(device, person)


@opens(PURPOSE, binding=bound_to)
def decide(request, link, deed=""):
    """The decision page of a device. GET changes nothing. A POST may start the process or say what is preferred, for
    the link's own person; a final choice asks them to sign in first."""
    with translation.override(language_of_reader(request, link.person.language)):
        device = get_object_or_404(with_what_a_path_needs(Device.objects.all()), pk=link.about_id)
        if request.method == "POST":
            return _take(request, link, device, deed)
        return _page(request, link, device)


def _take(request, link, device, deed):
    if deed in DECIDE.values():
        return HttpResponseRedirect(f"{device.get_absolute_url()}{deed}/")  # signs in, then asks on a page of its own
    if deed not in WITHOUT_SIGNING_IN:
        raise Http404
    try:
        getattr(device, deed)(by=link.person, version=seen_version(request))
    except Refused as refused:
        now = with_what_a_path_needs(Device.objects.all()).get(pk=device.pk)
        return _page(request, link, now, refused=refused.reason, status=409)
    return see_other(_address(link))


def _page(request, link, device, *, refused=None, status=200):
    decision, user = decision_about(device, by=link.person, at=clock.now()), request.user
    going_back = decision.kind == "going" and device.holder_id == link.person_id
    somebody_else = user.is_authenticated and user.pk != link.person.pk
    context = {
        "device": device, "decision": decision, "person": link.person, "refused": refused,
        "gate": gate_after(device, today=clock.today()) if decision.kind == "started" else None,
        "may_start": decision.kind == "start", "step_address": _address(link),
        "may_choose": not (somebody_else and decision.kind == "final"), "somebody_else": somebody_else,
        "choose_address": reverse("renewals:choose", args=[device.ref]), "signs_in": not user.is_authenticated,
        "progress": progress_of(device, today=clock.today()) if going_back else None,
        "may_read_label": device.holder_id == user.pk,
    }  # fmt: skip
    return render(request, "renewals/behind_the_link.html", context, status=status)


def _address(link):
    return f"/l/{token_of(link)}/"
