"""How letters are shown on pages: their words, the frame that can do nothing, and the tabs around them."""

import re
from contextlib import suppress
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from velory.post.identity import logo_to_look_at
from velory.post.letters import kind_of
from velory.post.links import OWN, PARTNER, PREVIEW
from velory.post.models import RefusedAddress
from velory.post.wording import render as in_words

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


def tabs(current: str) -> list[dict]:
    """The pages about mail."""
    places = [
        ("sent", _("Sent"), "post:sent"),
        ("planned", _("Planned"), "post:planned"),
        ("refused", _("Refused"), "post:refused"),
        ("texts", _("Texts"), "post:texts"),
        ("identity", _("Name and logo"), "post:identity"),
        ("settings", _("Settings"), "post:settings"),
        ("health", _("Health"), "post:health"),
    ]
    return [{"label": label, "address": reverse(at), "current": name == current} for name, label, at in places]


def words_of(letter):
    """A letter's subject, text and HTML: as they went, else as they would read now; None where they can't be made."""
    if letter.html:
        return (letter.subject, letter.text, letter.html)
    try:
        return tuple(in_words(letter, for_show=True))
    except Exception:  # noqa: BLE001 - whatever it was about may be gone in any way
        return None


def attached_to(letter) -> list[str]:
    """The names of the files that go with a letter; none where what it was about is gone."""
    with suppress(ObjectDoesNotExist):
        return [file.name for file in kind_of(letter).attaches(letter)]
    return []


def in_a_frame(words) -> HttpResponse:
    """The HTML part by itself; its picture, which a mail program finds in the letter, is put in."""
    if words is None:
        raise Http404
    return HttpResponse(logo_to_look_at(masked(words[2])))


def masked(words: str) -> str:
    """The recipient's link is theirs alone, whoever reads the letter."""
    return TOKEN.sub(rf"/\1/{PREVIEW}/", words)


def refused_among(letters) -> set[str]:
    """Which of the letters' addresses refuse mail."""
    addresses = {letter.to.lower() for letter in letters}
    return set(RefusedAddress.objects.filter(address__in=addresses).values_list("address", flat=True))
