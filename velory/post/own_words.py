"""A company's own words in a letter: plain text with a closed list of variables, judged when it is saved.

    Dear {first_name}, {device} is due on {day}. Questions: https://it.nordvik.example/phones

Nothing in them can be markup: what is typed is shown as it stands, addresses beginning with https:// become links, and
a variable's value is one line of plain text. Text and HTML are made of the same pieces, so both say the same.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.template import Context, Variable, VariableDoesNotExist
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from velory.post.models import OwnWords
from velory.ui.dates import day_long
from velory.unseen import TURNING_ROUND, holds_unseen

VARIABLE = re.compile(r"\{([a-z_]{1,30})\}")
BRACE = re.compile(r"[{}]")
MARKUP = re.compile(r"<\s*[/!?a-zA-Z]|&(#\d+|#x[0-9a-f]+|[a-z]+\d*);", re.IGNORECASE)
SCHEME = re.compile(
    r"\b([a-z][a-z0-9+.-]*)://|\b(javascript|data|vbscript|file|blob|about|cid|mailto|tel):\S", re.IGNORECASE
)
LINK = re.compile(r"https://[^\s<>\"'{}]*[^\s<>\"'{}.,;:!?)\]]")
EVERYWHERE = {"name": "letter.to_name", "company": "company.name"}
TO_A_PERSON = {"first_name": "letter.person.first_name"}


class CannotBeFilled(Exception):
    """A text whose variables have no value in this letter; the text says which."""


@dataclass(frozen=True)
class Said:
    """One part in both forms, made of the same pieces."""

    text: str
    html: SafeString


@dataclass(frozen=True)
class Filled:
    """A company's own words in one letter; an empty part is the product's own. `fault`: why they were not used.

    `replaces`: the opening stands in the place of the letter's own; else before it.
    """

    subject: str = ""
    opening: Said | None = None
    closing: Said | None = None
    fault: str = ""
    replaces: bool = False

    @property
    def stands_first(self) -> bool:
        """Whether there is an opening that stands before the letter's own."""
        return self.opening is not None and not self.replaces


# Judged when they are saved


def objections(words: str, known, *, is_line: bool = False) -> list[str]:
    """What speaks against some words, in sentences; none where they can be kept."""
    return list(_objections(words, set(known), is_line))


def _objections(words: str, known: set[str], is_line: bool) -> Iterator[str]:
    if is_line and re.search(r"[\r\n]", words):
        yield _("The subject is one line: take the line break out.")
    if holds_unseen(re.sub(r"[\r\n]" if not is_line else r"(?!)", "", words).replace("\t", " ")):
        yield _("There is a character in it that cannot be seen. Type the text anew instead of pasting it.")
    if MARKUP.search(words):
        yield _("HTML is not possible here: the text is shown as it stands. Take “<” or “&…;” out.")
    unknown = sorted(set(VARIABLE.findall(words)) - known)
    names = ", ".join(f"{{{name}}}" for name in sorted(known))
    for name in unknown:
        yield _("{%(name)s} is not known in this letter. You can use %(names)s.") % {"name": name, "names": names}
    if BRACE.search(VARIABLE.sub("", words)):
        yield _("A brace stands only around a variable, as in {company}.")
    for found in SCHEME.finditer(words):
        scheme = (found[1] or found[2]).lower()
        if scheme != "https":
            yield _("Links begin with https:// in letters; “%s:” is not possible.") % scheme
    if re.search(r"https://[^\s]*\{", words, re.IGNORECASE):
        yield _("A variable can't stand in a link.")


# Filled when the letter is put into words


def in_letter(template: str, language: str, paths: dict[str, str], context: dict) -> Filled:
    """What the company says in one letter; the product's own words, with the reason, where that can't be."""
    return fill(OwnWords.objects.of(template, language).said().first(), paths, context)


def fill(own: OwnWords | None, paths: dict[str, str], context: dict) -> Filled:
    """The same of a row, saved or not."""
    if own is None:
        return Filled()
    try:
        subject = "".join(words for _kind, words in _pieces(own.subject, paths, context))
        return Filled(subject, _said(own.opening, paths, context), _said(own.closing, paths, context))
    except CannotBeFilled as fault:
        return Filled(fault=str(fault))


def _said(words: str, paths, context) -> Said | None:
    if not words.strip():
        return None
    pieces = list(_pieces(words.replace("\r\n", "\n").replace("\r", "\n").strip(), paths, context))
    html = mark_safe("".join(_in_html(kind, piece) for kind, piece in pieces))
    return Said("".join(piece for _kind, piece in pieces), html)


def _in_html(kind: str, piece: str) -> str:
    if kind == "link":
        return format_html('<a class="link" href="{0}" style="color:#05545c;word-break:break-word;">{0}</a>', piece)
    return escape(piece)


def _pieces(words: str, paths, context) -> Iterator[tuple[str, str]]:
    """Plain words, links and values, in their order."""
    for number, piece in enumerate(VARIABLE.split(words)):
        if number % 2:
            yield "value", _value(piece, paths, context)
            continue
        at = 0
        for link in LINK.finditer(piece):
            yield "words", piece[at : link.start()]
            yield "link", link[0]
            at = link.end()
        yield "words", piece[at:]


def _value(name: str, paths, context) -> str:
    try:
        value: Any = Variable(paths[name]).resolve(Context(context))
    except (KeyError, VariableDoesNotExist):
        value = None
    if isinstance(value, datetime | date):
        value = day_long(value)
    words = " ".join(TURNING_ROUND.sub("", "" if value is None else str(value)).split())[:200]
    if not words:
        raise CannotBeFilled(f"{{{name}}}")
    return words
