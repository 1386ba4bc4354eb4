"""Where the address leads that optional mail carries in its headers: a mail program posts there, a reader looks."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from velory import clock
from velory.post import stopping


@csrf_exempt  # a mail program has no cookie of ours; the address is the proof, and what it sends is not read
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request, token):
    """A kind of mail stops at once by POST, however often; GET asks first."""
    person, kind = _behind(token)
    if request.method == "POST":
        stopping.stop(person, kind, at=clock.now())
    return _page(request, token, kind, stopped=request.method == "POST" or stopping.is_stopped(person, kind.template))


@login_not_required
@require_POST
def resume(request, token):
    """Whoever thinks better of it gets that kind of mail again."""
    person, kind = _behind(token)
    stopping.resume(person, kind, at=clock.now())
    return _page(request, token, kind, stopped=False, resumed=True)


def _behind(token):
    found = stopping.behind(token)
    if found is None:
        raise Http404
    return found


def _page(request, token, kind, **state):
    response = render(request, "post/stop.html", {"token": token, "kind": kind, **state})
    response.headers["Referrer-Policy"] = "same-origin"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    response.headers["Cache-Control"] = "no-store"
    return response
