"""From a page's Markdown to markup: no HTML of its own, links that stay in the handbook, pictures from beside it.

**A word in bold** is a word of the product: a button, a label. `/hardware/` in code is a place in it, and a link.
"""

import re
from functools import cache
from pathlib import Path

from django.conf import settings
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import slugify
from markdown_it import MarkdownIt
from PIL import Image

PICTURES = Path(settings.ROOT) / "docs" / "handbook" / "pictures"
PICTURE = re.compile(r"(?:\.\./)+pictures/(?P<path>[a-z0-9/-]+\.webp)")
PAGE = re.compile(r"(?:\.\./\.\./(?P<book>[a-z]+)/[a-z]{2}/)?(?P<name>[a-z0-9-]+)\.md(?P<part>#.*)?")
PLACE = re.compile(r"/[\w/?=&.-]*")


def in_html(source: str, book: str) -> SafeString:
    """A page's markup. Markdown that holds HTML shows it as text."""
    return mark_safe(_markdown().render(source, {"book": book}))


def in_words(source: str) -> str:
    """A page without its marks: what one searches and what stands in a result."""
    words = []
    for token in _markdown().parse(source):
        for part in token.children or []:
            if part.type in {"text", "code_inline"}:
                words.append(part.content)
            elif part.type in {"softbreak", "hardbreak"}:
                words.append(" ")
        words.append("\n" if token.type == "inline" else "")
    return "".join(words).strip()


@cache
def _markdown() -> MarkdownIt:
    markdown = MarkdownIt("commonmark", {"html": False}).enable("table")
    markdown.add_render_rule("image", _picture)
    markdown.add_render_rule("link_open", _link)
    markdown.add_render_rule("code_inline", _code)
    markdown.add_render_rule("heading_open", _heading)
    return markdown


def _picture(renderer, tokens, at, options, env):
    found = PICTURE.fullmatch(tokens[at].attrs["src"])
    if found is None:
        return ""
    width, height = _size(found["path"])
    return format_html(
        '<a class="handbook-picture" href="{0}"><img src="{0}" alt="{1}" width="{2}" height="{3}" loading="lazy"></a>',
        static(f"handbook/{found['path']}"), tokens[at].content, width, height,
    )  # fmt: skip


@cache
def _size(path):
    try:
        with Image.open(PICTURES / path) as picture:
            return picture.size
    except FileNotFoundError:
        return 960, 540


def _link(renderer, tokens, at, options, env):
    address = str(tokens[at].attrs["href"])
    if found := PAGE.fullmatch(address):
        address = f"/help/{found['book'] or env['book']}/{found['name']}/{found['part'] or ''}"
    return format_html('<a class="link" href="{}">', address)


def _code(renderer, tokens, at, options, env):
    words = tokens[at].content
    if PLACE.fullmatch(words):
        return format_html('<a class="link" href="{0}"><code>{0}</code></a>', words)
    return format_html("<code>{}</code>", words)


def _heading(renderer, tokens, at, options, env):
    words = "".join(part.content for part in tokens[at + 1].children or [] if part.type in {"text", "code_inline"})
    return format_html('<{} id="{}">', mark_safe(tokens[at].tag), slugify(words))
