"""Where links in letters lead. GET changes nothing and signs nobody in; POST needs the cookie that GET set."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.shortcuts import render
from django.utils.crypto import constant_time_compare
from django.views.decorators.http import require_http_methods

from velory import clock
from velory.post.links import OWN, PREVIEW, LinkGone, admission, open_link, path_of, purpose_of

COOKIE = "__Secure-letter" if settings.ENV.velory_https else "letter"


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def follow_link(request, token, deed="", place=OWN):
    """Answer a link with the page of its purpose, or say why there is none."""
    if token == PREVIEW:
        return _unlisted(render(request, "post/link_preview.html"), "no-referrer")
    try:
        link = open_link(token, at=clock.now(), place=place)
    except LinkGone as gone:
        if gone.why == "unknown":
            raise Http404 from gone
        return _unlisted(render(request, gone.page, {"why": gone.why}, status=410), "no-referrer")
    if request.method == "POST" and not _came_through_the_page(request, link):
        page = {"address": path_of(link), "has_account": link.person_id is not None}
        return _unlisted(render(request, "post/link_first.html", page, status=403), "same-origin")
    response = purpose_of(link).view(request, link, deed)
    if request.method == "GET":
        _admit(response, link)
    return _unlisted(response, "same-origin")


def _came_through_the_page(request, link):
    return constant_time_compare(request.COOKIES.get(COOKIE, ""), admission(link))


def _admit(response, link):
    response.set_cookie(
        COOKIE,
        admission(link),
        path=path_of(link),
        secure=settings.ENV.velory_https,
        httponly=True,
        samesite="Strict",
    )


def _unlisted(response, referrer):
    """The address is a secret that other sites never hear. A page with forms tells our own: CSRF checks ask for it."""
    response.headers["Referrer-Policy"] = referrer
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    response.headers["Cache-Control"] = "no-store"
    return response
