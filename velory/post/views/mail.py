"""Sent mail, for admins: every letter with what became of it."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.csp import csp_override
from django.views.decorators.http import require_POST, require_safe

from velory import clock
from velory.people.doors import for_admins
from velory.post.letters import kind_of, kinds_called, kinds_here, write_again
from velory.post.models import Letter
from velory.post.views.reading import LETTER_CSP, attached_to, in_a_frame, masked, refused_among, tabs, words_of
from velory.ui.inputs import whole_number
from velory.ui.tables import Table

DAYS = (1, 7, 30, 90)


@require_safe
@for_admins
def sent_mail(request):
    """Every letter, the latest first."""
    sorts = {"when": "written_at", "recipient": ("to_name", "to"), "subject": "subject"}
    table = Table(request, sorts=sorts, default="-when", filters=["state", "kind", "days"])
    page = {
        "table": table.show(_asked_for(table)),
        "states": Letter.State.choices,
        "kinds": sorted(((kind.template, kind.name) for kind in kinds_here()), key=lambda choice: choice[1].lower()),
        "days": [(str(n), ngettext("Last %d day", "Last %d days", n) % n) for n in DAYS],
        "views": tabs("sent"),
    }
    return render(request, "post/sent_mail.html", page | {"refused": refused_among(table.rows)})


def _asked_for(table):
    letters = Letter.objects.for_the_list()
    if table.q:
        letters = letters.addressed_like(table.q, templates=kinds_called(table.q))
    if states := table.chosen("state"):
        letters = letters.in_state(*states)
    if chosen := table.chosen("kind"):
        letters = letters.of_templates(chosen)
    asked = [whole_number(day, digits=3) for day in table.chosen("days")]
    if days := [number for number in asked if number is not None]:
        letters = letters.of_the_last(max(days), clock.now())
    return letters


@require_safe
@for_admins
def letter_page(request, ref):
    """One letter: who, what, when, what became of it, and how it reads."""
    letter = get_object_or_404(Letter, ref=ref)
    words = words_of(letter)
    page = {
        "letter": letter,
        "kind": kind_of(letter),
        "words": words,
        "text": masked(words[1]) if words else "",
        "attached": attached_to(letter),
        "events": letter.events.in_order(),
        "copies": Letter.objects.copies_of(letter).newest_first(),
        "refused": refused_among([letter]),
        "frame_address": reverse("post:letter_html", args=[ref]),
        "views": tabs("sent"),
    }
    return render(request, "post/letter.html", page)


@require_safe
@xframe_options_sameorigin
@csp_override(LETTER_CSP)
@for_admins
def letter_html(request, ref):
    """A letter's HTML part by itself, for the frame on its page."""
    return in_a_frame(words_of(get_object_or_404(Letter, ref=ref)))


@require_POST
@for_admins
def send_again(request, ref):
    """Write the same letter once more."""
    letter = get_object_or_404(Letter, ref=ref)
    again = None if not letter.is_over else write_again(letter, at=clock.now())
    if again is None:
        messages.warning(request, _("This letter can't be sent again."))
        return redirect(letter)
    messages.success(request, _("The letter to %(name)s is on its way again.") % {"name": again.recipient})
    return redirect(again)
