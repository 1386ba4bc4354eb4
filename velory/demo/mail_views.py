"""The mail catcher's pages: every letter that the demo sent, readable by anybody on this machine."""

import io
import re
from zoneinfo import ZoneInfo

from django.contrib.auth.decorators import login_not_required
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.csp import csp_override
from django.views.decorators.http import require_safe

from velory.demo import caught
from velory.ui.tables import Table

ZONE = ZoneInfo("Europe/Stockholm")
LETTER_CSP = {
    "sandbox": ["allow-popups", "allow-popups-to-escape-sandbox"],
    "default-src": ["'none'"],
    "style-src": ["'unsafe-inline'"],
    "img-src": ["data:"],
    "frame-ancestors": ["'self'"],
    "base-uri": ["'none'"],
    "form-action": ["'none'"],
}


@login_not_required
@require_safe
def caught_mail(request):
    """Every letter, the latest first."""
    table = Table(request, sorts={"when": "at"}, default="when", size=50)
    letters = caught.everything()
    table.show(letters.about(table.q) if table.q else letters)
    return render(request, "demo/mail_list.html", {"table": table, "zone": ZONE})


@login_not_required
@require_safe
def caught_letter(request, name):
    """One letter, with links that work."""
    return render(request, "demo/mail_letter.html", {"letter": _letter(name), "zone": ZONE})


@login_not_required
@require_safe
@xframe_options_sameorigin
@csp_override(LETTER_CSP)
def caught_html(request, name):
    """The HTML part by itself, for the frame; its links open beside it."""
    words = _letter(name).html
    return HttpResponse(re.sub(r"(<head[^>]*>)", r'\1<base target="_blank">', words, count=1, flags=re.IGNORECASE))


@login_not_required
@require_safe
def caught_file(request, name, number):
    """What is attached to a letter, as a download."""
    files = _letter(name).files
    if number >= len(files):
        raise Http404
    file_name, content = files[number]
    return FileResponse(io.BytesIO(content), as_attachment=True, filename=file_name, content_type="application/pdf")


def _letter(name):
    found = caught.letter(name)
    if found is None:
        raise Http404
    return found
