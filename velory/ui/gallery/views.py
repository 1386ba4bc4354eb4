"""/ui/: components, states, letters, icons and the pages that nobody wants to see."""

import re
from functools import wraps
from pathlib import Path

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.csp import csp_override
from django.views.decorators.http import require_safe

from velory.post.letters import kinds
from velory.post.specimens import specimen_of
from velory.post.views.reading import LETTER_CSP
from velory.ui.gallery.components import everything
from velory.ui.gallery.letters import LANGUAGES, letters, specimen
from velory.ui.gallery.lives import lives
from velory.ui.statuses import LOOKS

THEMES = [("velory-light", "Light"), ("velory-dark", "Dark")]
SPRITE = Path(settings.ROOT) / "static" / "build" / "icons.svg"
ICON = re.compile(r'<symbol id="i-([a-z0-9-]+)"')
ERRORS = {
    "400": "400.html", "403": "403.html", "403-form": "403_form.html", "404": "404.html", "500": "500.html",
    "maintenance": "errors/maintenance.html",
}  # fmt: skip


def _shown_here(view):
    """In the demo and in development only, to anybody."""

    @login_not_required
    @require_safe
    @wraps(view)
    def guarded(request, *args, **kwargs):
        if not (settings.DEMO or settings.DEBUG):
            raise Http404
        return view(request, *args, **kwargs)

    return guarded


@_shown_here
def components(request):
    """Every component."""
    return render(request, "ui/gallery.html", everything(request) | _places("components"))


PIECES = {"conflict": "409.html", "step-form": "components/step_form.html", "frames": "ui/gallery_frames.html"}


@_shown_here
def piece(request, name):
    """What fills a page of its own: somebody was first, a step that asks something, the parts of frames."""
    if name not in PIECES:
        raise Http404
    all_of_it = everything(request)
    more = {"conflict": all_of_it["conflict"], "step-form": {"form": all_of_it["step_form"]}}.get(name, {})
    return render(request, PIECES[name], all_of_it | more)


@_shown_here
def states(request):
    """Every status of everything that has one, in both languages; those of devices in both themes."""
    page = {"lives": lives(), "statuses": list(LOOKS), "themes": THEMES}
    return render(request, "ui/gallery_states.html", page | _places("states"))


@_shown_here
def all_letters(request):
    """Every kind of letter."""
    page = {"letters": letters() if request.company else [], "languages": LANGUAGES}
    return render(request, "ui/gallery_letters.html", page | _places("letters"))


@_shown_here
def one_letter(request, app, name, language):
    """One kind of letter: its text, and its HTML in a frame."""
    words = _words(request, app, name, language)
    page = {"letter": words, "template": f"{app}/{name}", "language": language, "languages": LANGUAGES}
    return render(request, "ui/gallery_letter.html", page | _places("letters"))


@xframe_options_sameorigin
@csp_override(LETTER_CSP)
@_shown_here
def letter_html(request, app, name, language):
    """Its HTML part by itself."""
    return HttpResponse(_words(request, app, name, language).html)


@_shown_here
def icons(request):
    """Every icon of the sprite."""
    names = ICON.findall(SPRITE.read_text(encoding="utf-8"))
    return render(request, "ui/gallery_icons.html", {"icons": names} | _places("icons"))


@_shown_here
def errors(request):
    """The pages of errors, as links."""
    return render(request, "ui/gallery_errors.html", {"errors": ERRORS} | _places("errors"))


@_shown_here
def error(request, name):
    """One page of an error, with the answer 200."""
    if name not in ERRORS:
        raise Http404
    return render(request, ERRORS[name], {"reference": "7C5B75E0"})


def _words(request, app, name, language):
    template = f"{app}/{name}"
    if language not in LANGUAGES or template not in {kind.template for kind in kinds()} or not request.company:
        raise Http404
    if specimen_of(template) is None:
        raise Http404
    return specimen(template, language)


def _places(current):
    places = [
        ("components", "Components", "gallery"),
        ("states", "States", "gallery_states"),
        ("letters", "Letters", "gallery_letters"),
        ("icons", "Icons", "gallery_icons"),
        ("errors", "Errors", "gallery_errors"),
    ]
    return {
        "places": [{"label": w, "address": reverse(f"ui:{at}"), "current": key == current} for key, w, at in places]
    }
