"""How much may be sent at once: what is far too large is answered before any of it is read, or lies on our disk (R71).

Nobody has to be signed in to send something. Doors of machines and of imports, which no form's token guards before
they have looked, have a limit and words of their own.
"""

from django.http import HttpResponse
from django.template.loader import render_to_string

MOST = 48 * 1024 * 1024  # five photos of 8 MB, and the words beside them


class BodyLimitMiddleware:
    """413 for what no form of ours sends. Stands before whoever reads a form's token, and with it the whole body."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        """Asked once it is known whose door it is."""
        if length_of(request) > MOST and not getattr(view, "csrf_exempt", False):
            return HttpResponse(render_to_string("400.html", {}), status=413)
        return None


def length_of(request) -> int:
    """How long a body says that it is; what says nothing has none, and none of it is read."""
    said = request.META.get("CONTENT_LENGTH") or "0"
    return int(said[:20]) if said.isascii() and said.isdigit() else 0
