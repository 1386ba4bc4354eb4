"""Who does something that cannot be taken back says once more who they are: within ten minutes (reliability R67).

    @for_admins
    @reauthenticated
    def download(request, ref): …

Signing in counts. After ten minutes a page asks for the password, or sends a code to the address; then one is back
where one was. What was typed into a form on the way is not kept: its page is shown again, and says that nothing has
been done yet.

Whoever has a second factor says it with that: a password or a mailbox that somebody else got hold of does not take the
second factor away. Where the identity provider answers for two factors it is as without one.

allauth's own way is not used: it takes no code from a mail, so whoever has no password would simply be let through,
and it does not count having just signed in. Moments are the machine's own, as of sessions.
"""

from datetime import UTC, datetime, timedelta
from functools import wraps
from urllib.parse import urlsplit

from allauth.account.authentication import get_authentication_records
from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from velory import clock
from velory.people import factors
from velory.people.second import METHOD
from velory.ui.leading import stays_here
from velory.ui.steps import whole_page_to

WITHIN = timedelta(minutes=10)
SAID_AT = "said_again_at"
PRESSED = "pressed_before_saying"


def reauthenticated(view):
    """A page or deed for whoever said who they are within ten minutes; others are asked first."""

    @wraps(view)
    def guarded(request, *args, **kwargs):
        if request.user.is_authenticated and said_lately(request):
            return view(request, *args, **kwargs)
        return ask_again(request)

    return guarded


def said_lately(request) -> bool:
    """Whether this session's person has signed in, or said who they are, within ten minutes."""
    records = [record for record in get_authentication_records(request, request.user) if "at" in record]
    with_two = says_with_two(request)
    moments = [record["at"] for record in records if record["method"] == METHOD or not with_two]
    if not with_two and (said := request.session.get(SAID_AT)):
        moments.append(datetime.fromisoformat(said).timestamp())
    last = datetime.fromtimestamp(max(moments, default=0), UTC)
    return clock.wall() - WITHIN < last <= clock.wall() + timedelta(seconds=5)


def says_with_two(request) -> bool:
    """Whether this session's person says who they are with a second factor."""
    return factors.has_two(request.user) and not factors.comes_with_two(request.user, request.session)


def note_said(request) -> None:
    """They have just said who they are. The session goes on under another id (R60)."""
    request.session.cycle_key()
    if request.session.pop(PRESSED, False):
        messages.info(request, _("Thank you. Nothing has been done yet: press the button once more."))
    request.session[SAID_AT] = clock.wall().isoformat()


def ask_again(request) -> HttpResponse:
    """To the page that asks; it leads back here, or to the page with the button that was pressed."""
    only_looked = request.method in {"GET", "HEAD"}
    if request.user.is_authenticated:
        request.session[PRESSED] = not only_looked
    back = request.get_full_path() if only_looked else came_from(request)
    return whole_page_to(request, f"{reverse('people:again')}?{urlencode({'next': back})}")


def came_from(request) -> str:
    """The page of ours on which a button was pressed; the start page where the browser does not say."""
    try:
        sent = urlsplit(request.META.get("HTTP_REFERER", ""))
    except ValueError:
        return "/"
    path = sent.path + (f"?{sent.query}" if sent.query else "")
    return safe(path) if sent.netloc == request.get_host() else "/"


def safe(path: str) -> str:
    """A path of this host, else the start page."""
    return path if stays_here(path) else "/"
