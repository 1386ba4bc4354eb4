"""A page put together from its template. Everything that comes from outside is escaped by the templates."""

from functools import lru_cache
from pathlib import Path

from django.template import Context, Engine

from velory.demo.stripe.api import Answer
from velory.demo.stripe.words import all_words

LOOK = Path(__file__).with_name("look")


@lru_cache
def _engine() -> Engine:
    return Engine(dirs=[str(LOOK)])


def show(template: str, language: str, *, status=200, to=(), **facts) -> Answer:
    """A page; `to` are the addresses that its forms may lead to, after the redirect."""
    context = Context({"language": language, "words": all_words(language), **facts}, use_l10n=False, use_tz=False)
    leads_to = " ".join(sorted({origin_of(url) for url in to if url}))
    headers = {
        "Content-Type": "text/html; charset=utf-8",
        "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src data:; base-uri 'none'; "
        f"frame-ancestors 'none'; form-action 'self' {leads_to}",
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",
    }
    return Answer(status, _engine().get_template(template).render(context).encode(), headers)


def tell(language: str, title: str, more: str = "", *, url: str | None = None, back: str = "", status=200) -> Answer:
    """A page that says one thing, with a way back."""
    return show("told.html", language, status=status, title=title, more=more, url=url, back=back)


def nothing_here(language: str) -> Answer:
    """There is no such page."""
    words = all_words(language)
    return tell(language, words["missing"], words["missing_more"], status=404)


def go(url: str) -> Answer:
    """Off to another page."""
    return Answer(303, b"", {"Location": url.replace("\r", "").replace("\n", ""), "Cache-Control": "no-store"})


def style() -> Answer:
    """The style sheet."""
    content = (LOOK / "style.css").read_bytes()
    return Answer(200, content, {"Content-Type": "text/css; charset=utf-8", "Cache-Control": "max-age=60"})


def origin_of(url: str) -> str:
    """Scheme and host of an address."""
    return "/".join(url.split("/")[:3])
