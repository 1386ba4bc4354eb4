"""Planned mail, for admins: what will be written in the coming days, how it would read, held back or sent ahead."""

from datetime import timedelta

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.csp import csp_override
from django.views.decorators.http import require_POST, require_safe

from velory import clock
from velory.journal.reason import Refused
from velory.people.doors import for_admins
from velory.post.holding import DEEDS
from velory.post.letters import kind_of
from velory.post.planned import ON_DEVICES, ON_OTHERS, Soonest, kinds_of_planned, letter_to_come, source_named
from velory.post.views.reading import LETTER_CSP, in_a_frame, tabs, words_of
from velory.ui.tables import Table

PERIODS = {"7": 7, "30": 30, "": 90}


@require_safe
@for_admins
def planned_mail(request):
    """What will be written in the coming 7, 30 or 90 days."""
    table = Table(request, sorts={"when": "at"}, default="when", filters=["days", "about", "kind"])
    period = table.query.get("days", "") if table.query.get("days", "") in PERIODS else ""
    until = clock.today() + timedelta(days=PERIODS[period])
    table.show(Soonest(until, table.q, table.chosen("kind"), table.chosen("about")))
    page = {
        "table": table, "days": PERIODS[period], "kinds": kinds_of_planned(), "views": tabs("planned"),
        "about": [(ON_DEVICES, _("Devices")), (ON_OTHERS, _("Everything else"))],
        "periods": [(code, days, code == period) for code, days in PERIODS.items()],
    }  # fmt: skip
    return render(request, "post/planned_mail.html", page)


@require_safe
@for_admins
def planned_letter(request, source, ref):
    """A letter to come, as it would read now."""
    letter = _to_come(source, ref)
    words = words_of(letter)
    page = {
        "letter": letter,
        "kind": kind_of(letter),
        "words": words,
        "text": words[1] if words else "",
        "frame_address": reverse("post:planned_html", args=[source, ref]),
        "views": tabs("planned"),
    }
    return render(request, "post/planned_letter.html", page)


@require_safe
@xframe_options_sameorigin
@csp_override(LETTER_CSP)
@for_admins
def planned_html(request, source, ref):
    """The HTML part of a letter to come."""
    return in_a_frame(words_of(_to_come(source, ref)))


@require_POST
@for_admins
def change_planned(request, source, ref, deed):
    """Hold a letter back, let it go again, or send it ahead of its day."""
    if deed not in DEEDS or source_named(source) is None:
        raise Http404
    try:
        messages.success(request, DEEDS[deed](source, ref, by=request.user, at=clock.now()))
    except Refused as refused:
        messages.warning(request, str(refused))
    return redirect("post:planned")


def _to_come(source, ref):
    letter = letter_to_come(source, ref)
    if letter is None:
        raise Http404
    return letter
