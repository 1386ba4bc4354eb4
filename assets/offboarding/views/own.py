"""One's own leaving: one page for all devices, signed in or behind the link in the letter. GET changes nothing."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from assets.models import Offboarding, OffboardingSettings, Plan
from assets.offboarding import plans
from assets.offboarding.letters import PURPOSE
from assets.offboarding.roster import roster_of, ways_of
from velory import clock
from velory.journal.reason import Refused
from velory.people.language import language_of_reader
from velory.post.links import opens, token_of
from velory.ui.steps import conflict, see_other

HERE = "/you/leaving/"


@require_safe
def own_leaving(request):
    """All one's devices with where each stands, and what can be chosen."""
    return render(request, "people/leaving/own.html", _page(_own_row(request.user), say_address=HERE))


@require_POST
def say_own(request, device):
    """That a device will be handed in. Everything else is confirmed on the device's own page."""
    row, at = _own_row(request.user), clock.now()
    item = roster_of(row, at=at).of(device)
    if item is None:
        raise Http404
    try:
        plans.say(row, item.device, Plan.Way.STAYS, by=row.person, at=at)
    except Refused as refused:
        return conflict(request, row, refused.reason, address=HERE)
    messages.success(request, _("Noted: you hand in %s.") % item.device)
    return see_other(HERE)


def holds_good_for(link):
    """As long as they leave, and still have access."""
    row = Offboarding.objects.under_way().filter(pk=link.about_id).first()
    if row is None or link.person is None or not link.person.works_on(clock.today()):
        return None
    return str(row.pk)


@opens(PURPOSE, binding=holds_good_for)
def behind_the_link(request, link, deed=""):
    """The same page without signing in: what is handed in can be said here; a purchase asks them to sign in first."""
    row = Offboarding.objects.select_related("person").get(pk=link.about_id)
    with translation.override(language_of_reader(request, link.person.language)):
        if request.method != "POST":
            return _behind(request, link, row)
        item = roster_of(row, at=clock.now()).of(deed)
        if item is None:
            raise Http404
        try:
            plans.say(row, item.device, Plan.Way.STAYS, by=row.person, at=clock.now())
        except Refused as refused:
            return _behind(request, link, row, refused=refused.reason, status=409)
        return see_other(_address(link))


def _behind(request, link, row, *, refused=None, status=200):
    page = _page(row, say_address=_address(link)) | {"refused": refused, "signs_in": not request.user.is_authenticated}
    return render(request, "people/leaving/behind_the_link.html", page, status=status)


def _address(link):
    return f"/l/{token_of(link)}/"


def _own_row(person):
    row = Offboarding.objects.under_way().of(person).select_related("person").first()
    if row is None:
        raise Http404
    return row


def _page(row, *, say_address):
    at = clock.now()
    roster, chooses = roster_of(row, at=at), OffboardingSettings.here().leaver_chooses
    cards = [(item, _ways(item, chooses, at)) for item in roster.open]
    return {"offboarding": row, "person": row.person, "roster": roster, "cards": cards, "chooses": chooses,
            "has_more": {item.device.ref for item, ways in cards if _can_go_away(ways)},
            "today": clock.local_date(at), "say_address": say_address}  # fmt: skip


def _ways(item, chooses, at):
    """What they can choose; where the company has decided, that alone."""
    found = ways_of(item, by=item.person, at=at)
    if item.decided_by_admin:
        return [way for way in found if way.way == item.way]
    return found if chooses else []


def _can_go_away(ways):
    """Whether something else than handing it in is open to them now."""
    return any(way.way != Plan.Way.STAYS and not way.shut for way in ways)
