"""Mail, for admins: what was sent and what became of it, what is planned, how the company writes."""

import re
from contextlib import suppress
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.csp import csp_override
from django.views.decorators.http import require_POST, require_safe

from velory import clock
from velory.journal.deeds import record
from velory.people.doors import for_admins
from velory.post.forms import MailSettingsForm
from velory.post.letters import kind_of, write_again
from velory.post.links import OWN, PARTNER, PREVIEW
from velory.post.models import Letter, MailSettings, RefusedAddress
from velory.post.planned import Soonest, letter_to_come
from velory.post.wording import render as in_words
from velory.ui.tables import Table

DAYS_AHEAD = 90
TOKEN = re.compile(rf"/({OWN}|{PARTNER})/[\w-]+/")
# What a letter may do on a page of ours: show itself. No scripts, no forms, no pictures from elsewhere.
LETTER_CSP: dict[str, Any] = {
    "sandbox": True,
    "default-src": ["'none'"],
    "style-src": ["'unsafe-inline'"],
    "img-src": ["data:"],
    "frame-ancestors": ["'self'"],
    "base-uri": ["'none'"],
    "form-action": ["'none'"],
}


@require_safe
@for_admins
def sent_mail(request):
    """Every letter, the latest first."""
    sorts = {"when": "written_at", "recipient": ("to_name", "to"), "subject": "subject"}
    table = Table(request, sorts=sorts, default="-when", filters=["state"])
    letters = Letter.objects.for_the_list()
    if table.q:
        letters = letters.addressed_like(table.q)
    if states := table.chosen("state"):
        letters = letters.in_state(*states)
    page = {"table": table.show(letters), "states": Letter.State.choices, "views": _views("sent")}
    return render(request, "post/sent_mail.html", page | {"refused": _refused(table.rows)})


@require_safe
@for_admins
def letter_page(request, ref):
    """One letter: who, what, when, what became of it, and how it reads."""
    letter = get_object_or_404(Letter, ref=ref)
    words = _words_of(letter)
    page = {
        "letter": letter,
        "kind": kind_of(letter),
        "words": words,
        "text": _masked(words[1]) if words else "",
        "attached": _attached(letter),
        "events": letter.events.in_order(),
        "copies": Letter.objects.copies_of(letter).newest_first(),
        "refused": _refused([letter]),
        "frame_address": reverse("post:letter_html", args=[ref]),
        "views": _views("sent"),
    }
    return render(request, "post/letter.html", page)


@require_safe
@xframe_options_sameorigin
@csp_override(LETTER_CSP)
@for_admins
def letter_html(request, ref):
    """A letter's HTML part by itself, for the frame on its page."""
    return _in_a_frame(_words_of(get_object_or_404(Letter, ref=ref)))


@require_POST
@for_admins
def send_again(request, ref):
    """Write the same letter once more."""
    letter = get_object_or_404(Letter, ref=ref)
    again = None if letter.is_unsent else write_again(letter, at=clock.now())
    if again is None:
        messages.warning(request, _("This letter can't be sent again."))
        return redirect(letter)
    messages.success(request, _("The letter to %(name)s is on its way again.") % {"name": again.recipient})
    return redirect(again)


@require_safe
@for_admins
def planned_mail(request):
    """What will be written in the coming 90 days."""
    table = Table(request, sorts={"when": "at"}, default="when")
    table.show(Soonest(clock.today() + timedelta(days=DAYS_AHEAD), table.q))
    return render(request, "post/planned_mail.html", {"table": table, "days": DAYS_AHEAD, "views": _views("planned")})


@require_safe
@for_admins
def planned_letter(request, source, ref):
    """A letter to come, as it would read now."""
    letter = letter_to_come(source, ref)
    if letter is None:
        raise Http404
    words = _words_of(letter)
    page = {
        "letter": letter,
        "kind": kind_of(letter),
        "words": words,
        "text": words[1] if words else "",
        "frame_address": reverse("post:planned_html", args=[source, ref]),
        "views": _views("planned"),
    }
    return render(request, "post/planned_letter.html", page)


@require_safe
@xframe_options_sameorigin
@csp_override(LETTER_CSP)
@for_admins
def planned_html(request, source, ref):
    """The HTML part of a letter to come."""
    letter = letter_to_come(source, ref)
    if letter is None:
        raise Http404
    return _in_a_frame(_words_of(letter))


@for_admins
def mail_settings(request):
    """Whether employees get mail, and where answers go; the addresses that refuse mail."""
    form = MailSettingsForm(request.POST or None, instance=MailSettings.here())
    if request.method == "POST" and form.is_valid():
        MailSettings.to_change()
        record(form, "change", by=request.user, at=clock.now())
        messages.success(request, _("The mail settings are saved."))
        return redirect("post:settings")
    page = {"form": form, "addresses": RefusedAddress.objects.order_by("address"), "views": _views("settings")}
    return render(request, "post/mail_settings.html", page, status=422 if form.is_bound else 200)


@require_POST
@for_admins
def accept_address(request):
    """Write to an address again that had refused mail."""
    address = request.POST.get("address", "").replace("\0", "")[:254]
    RefusedAddress.objects.filter(address=address).delete()
    messages.success(request, _("Velory writes to %(address)s again.") % {"address": address})
    return redirect("post:settings")


def _views(current):
    places = [
        ("sent", _("Sent"), "post:sent"),
        ("planned", _("Planned"), "post:planned"),
        ("settings", _("Settings"), "post:settings"),
    ]
    return [{"label": label, "address": reverse(at), "current": name == current} for name, label, at in places]


def _words_of(letter):
    """A letter's subject, text and HTML: as they went, else as they would read now; None where they can't be made."""
    if letter.html:
        return (letter.subject, letter.text, letter.html)
    try:
        return tuple(in_words(letter, for_show=True))
    except Exception:  # noqa: BLE001 - whatever it was about may be gone in any way
        return None


def _attached(letter):
    """The names of the files that go with a letter; none where what it was about is gone."""
    with suppress(ObjectDoesNotExist):
        return [file.name for file in kind_of(letter).attaches(letter)]
    return []


def _in_a_frame(words):
    if words is None:
        raise Http404
    return HttpResponse(_masked(words[2]))


def _masked(words):
    """The recipient's link is theirs alone, whoever reads the letter."""
    return TOKEN.sub(rf"/\1/{PREVIEW}/", words)


def _refused(letters):
    """Which of the letters' addresses refuse mail."""
    addresses = {letter.to.lower() for letter in letters}
    return set(RefusedAddress.objects.filter(address__in=addresses).values_list("address", flat=True))
