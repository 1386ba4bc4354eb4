"""Links in letters: what one is for, whose it is, until when. A link never signs anyone in (reliability R29).

    link_for("renewals.device", device, person, binding=str(holding.pk), expires_at=…)   → the address for a letter

    @opens("renewals.device", binding=holding_of)
    def decide(request, link, deed=""):  …                                                answers /l/<token>/[<deed>/]

A partner has no account: its link goes to an address outside the company, and stands apart at /partner/<token>/.

    link_for("renewals.return", returning, partner.email, binding=…, expires_at=…)
    @opens("renewals.return", binding=…, place=PARTNER, gone="renewals/returns/gone.html")

The token is the row's secret, signed for this company: elsewhere it is unknown. `binding(link)` says what the link
holds good for now; when that is no longer what it was written for, the link is void and says so without a name.
"""

import secrets
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.utils.crypto import constant_time_compare, salted_hmac

from velory import clock
from velory.post.models import Link
from velory.tenancy.context import current_company

SECRET = 24  # characters, 144 bits
PREVIEW = "preview"
OVER = "over"  # what a binding answers when what the link was about is finished
OWN, PARTNER = "l", "partner"  # where links stand: a person's own, and those of addresses outside the company

_purposes: dict[str, "Purpose"] = {}
_for_show: ContextVar[bool] = ContextVar("link_for_show", default=False)


@dataclass(frozen=True)
class Purpose:
    """What a link can be for: the view that answers, where, what it holds good for, what is said when it is over."""

    name: str
    view: Callable
    binding: Callable[[Link], str | None]
    place: str = OWN
    gone: str = "post/link_gone.html"


class LinkGone(Exception):
    """A link that no longer opens anything. `why`: unknown, expired, void, over or moved; `page`
    says so in words."""

    def __init__(self, why: str, page: str = ""):
        super().__init__(why)
        self.why, self.page = why, page


def opens(purpose: str, *, binding: Callable[[Link], str | None], **facts):
    """Register the view behind a purpose: `view(request, link, deed="")`; a POST names its deed. See Purpose."""

    def register(view):
        _purposes[purpose] = Purpose(purpose, view, binding, **facts)
        return view

    return register


def purpose_of(link: Link) -> Purpose:
    """What a link is for."""
    return _purposes[link.purpose]


def link_for(purpose: str, about, whose, *, binding: str, expires_at: datetime) -> str:
    """The address for a letter, to a person or to an address outside. Asked again it is the same while it is valid,
    so a repeat is the same letter."""
    if _for_show.get():
        return current_company().address(f"/{_purposes[purpose].place}/{PREVIEW}/")
    link = Link.objects.good_at(clock.now()).to_open(purpose, about, whose, binding).order_by("pk").first()
    if link is None:
        link = Link.objects.create(
            secret=secrets.token_urlsafe(18),
            purpose=purpose,
            about_type=about._meta.label_lower,
            about_id=about.pk,
            person=None if isinstance(whose, str) else whose,
            address=whose.lower() if isinstance(whose, str) else "",
            binding=binding,
            made_at=clock.now(),
            expires_at=expires_at,
        )
    elif link.expires_at < expires_at:
        link.expires_at = expires_at
        link.save(update_fields=["expires_at"])
    return current_company().address(path_of(link))


def path_of(link: Link) -> str:
    """Where a link's page stands, on the company's own host."""
    return f"/{purpose_of(link).place}/{token_of(link)}/"


def token_of(link: Link) -> str:
    """What stands in the address."""
    return link.secret + _signature(link.secret, settings.SECRET_KEY)


def open_link(token: str, *, at: datetime, place: str = OWN) -> Link:
    """The link of a token that stands in its place. Raises LinkGone."""
    secret, signature = token[:SECRET], token[SECRET:]
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    if not any(constant_time_compare(signature, _signature(secret, str(key))) for key in keys):
        raise LinkGone("unknown")
    link = Link.objects.select_related("person").filter(secret=secret).first()
    purpose = _purposes.get(link.purpose) if link else None
    if link is None or purpose is None or purpose.place != place:
        raise LinkGone("unknown")
    if link.voided_at:
        raise LinkGone("void", purpose.gone)
    if link.expires_at <= at:
        raise LinkGone("expired", purpose.gone)
    bound = purpose.binding(link)
    if bound == OVER:
        raise LinkGone("over", purpose.gone)
    if bound != link.binding:
        raise LinkGone("moved", purpose.gone)
    return link


def void_links(about, *, at: datetime, purpose: str | None = None) -> int:
    """Void every link about a thing, in the present transaction; returns how many that were."""
    return Link.objects.about(about).of_purpose(purpose).filter(voided_at=None).update(voided_at=at)


def admission(link: Link) -> str:
    """What the page's cookie holds: whoever posts must have opened the page before."""
    return _signature(f"admission {link.secret}", settings.SECRET_KEY)


@contextmanager
def for_show_only(yes: bool = True) -> Iterator[None]:
    """Words are being shown, not sent: no link is made, and none that works is shown."""
    before = _for_show.set(yes)
    try:
        yield
    finally:
        _for_show.reset(before)


def _signature(words: str, key: str) -> str:
    salt = f"velory.link.{current_company().uuid}"
    return urlsafe_b64encode(salted_hmac(salt, words, secret=key, algorithm="sha256").digest()[:18]).decode()
