"""From a letter to its words: one template, in parts, in the recipient's language.

`templates/emails/<template>.html` defines the parts `subject`, `preheader`, `text`, `html` and `why` (why am I
getting this). `text` needs no escaping and is wrapped at 72 characters; `html` is made of the pieces in
`templatetags/letters.py`. Frame, greeting, reason and signature are added here, the same for every letter. What a
company says in its own words (`own_words.py`) takes the place of the subject and of what stands between `{% opening %}`
and `{% end_opening %}`, and is added at the end.
"""

import re
import textwrap
import unicodedata
from dataclasses import dataclass, replace
from datetime import datetime

from django.template import Context
from django.template.loader import get_template
from django.utils import translation
from django.utils.html import format_html
from django.utils.translation import gettext as _

from velory import clock
from velory.people.models import Person
from velory.post import links
from velory.post.identity import LOGO_ID, company_as_shown, logo_stamp
from velory.post.letters import kind_of
from velory.post.models import Letter, MailSettings
from velory.post.own_words import Filled, fill, in_letter
from velory.post.specimens import variables_of
from velory.post.templatetags.letters import paragraphs_of
from velory.unseen import TURNING_ROUND

DOTS = "••••••"
LINE = 72


@dataclass(frozen=True)
class Words:
    """A letter as it reads: its subject and both parts."""

    subject: str
    text: str
    html: str
    fault: str = ""  # why the company's own words were not used

    def __iter__(self):
        return iter((self.subject, self.text, self.html))


def render(
    letter: Letter, *, at: datetime | None = None, for_show: bool = False, facts: dict | None = None, own=None
) -> Words:
    """A letter's subject, text and HTML. `for_show` makes no link that works, and dots of every secret.

    `facts` stand in for what its kind would look up, `own` (OwnWords) for what the company says: for specimens.
    """
    at = at or letter.sent_at or letter.written_at
    with translation.override(letter.language):
        context = _context(letter, at, for_show, facts)
        filled = _own_words(letter, context, own)
        context |= {"own": filled}
        subject = one_line(filled.subject or part(letter, "subject", context), 200)
        context["subject"] = subject
        context["preheader"] = one_line(part(letter, "preheader", context), 250)
        context["why"] = one_line(part(letter, "why", context), 500)
        text = _text(letter, context)
        context["answered"] = answered(context["contact"])
        context["body"] = part(letter, "html", context, escape=True)
        context["closing"] = paragraphs_of(filled.closing.html, above=28) if filled.closing else ""
        html = get_template("emails/_base.html").template.render(Context(context, autoescape=True))
    return Words(subject, text, html, filled.fault)


def _own_words(letter, context, own) -> Filled:
    """What the company says. A letter whose words are lost goes with the product's own rather than not at all."""
    paths = variables_of(letter.template)
    said = fill(own, paths, context) if own else in_letter(letter.template, letter.language, paths, context)
    return replace(said, replaces=opening_is_replaced(letter.template))


def opening_is_replaced(template: str) -> bool:
    """Whether a company's opening takes the place of the letter's own: where that says nothing that must be said."""
    return "{% opening %}" in get_template(f"emails/{template}.html").template.source


def part(letter: Letter, name: str, context: dict, *, escape: bool = False) -> str:
    """One part of a letter's template."""
    template = get_template(f"emails/{letter.template}.html#{name}").template
    return template.render(Context(context, autoescape=escape))


def one_line(words: str, most: int) -> str:
    """Words that fit a header: one line without controls that end it or turn it round (R35)."""
    words = TURNING_ROUND.sub("", str(words))
    words = "".join(" " if unicodedata.category(c) in {"Cc", "Cs", "Zl", "Zp"} else c for c in words)
    words = " ".join(words.split(" ")).strip()
    words = re.sub(" {2,}", " ", words)
    return words if len(words) <= most else words[: most - 1].rstrip() + "…"


def _context(letter, at, for_show, facts):
    kind, settings = kind_of(letter), MailSettings.here()
    company = company_as_shown(settings)
    shown = dict.fromkeys(kind.secret, DOTS) if for_show else {}
    if facts is None:
        with links.for_show_only(for_show):
            facts = kind.context(_with(letter, letter.context | shown))
    first_name = one_line(letter.person.first_name, 80) if letter.person else ""
    return {
        "letter": letter,
        "company": company,
        "home": company.address("/"),
        "person": letter.person,
        "at": at,
        "today": clock.local_date(at),
        "language": letter.language,
        "greeting": _("Hello %(name)s,") % {"name": first_name} if first_name else _("Hello,"),
        "contact": _whom_to_ask(letter, at, settings),
        "contact_line": settings.contact_line,
        "logo": f"cid:{LOGO_ID}" if logo_stamp() else "",
        "words": {
            "no_button": _("Does the button not work? Open this address:"),
            "your_own": _("The link is your own: do not pass it on."),
        },
        **facts,
        **{name: DOTS for name in kind.secret if for_show and name in facts},
    }


def _with(letter, context):
    """The same letter with another context, for the function that reads it; never saved."""
    twin = Letter()
    twin.__dict__.update({k: v for k, v in letter.__dict__.items() if k != "_state"})
    twin._state.adding, twin._state.db = letter._state.adding, letter._state.db
    twin._state.fields_cache = dict(letter._state.fields_cache)
    twin.context = context
    return twin


def contact(at: datetime, settings: MailSettings | None = None) -> dict | None:
    """Who answers questions: the address in the settings, else the longest-serving admin."""
    if address := (settings or MailSettings.here()).reply_to:
        return {"name": "", "address": address}
    admin = Person.objects.admins().with_address().working(clock.local_date(at)).first()
    return {"name": admin.get_full_name(), "address": admin.email} if admin else None


def _whom_to_ask(letter, at, settings):
    found = contact(at, settings)
    return None if found and found["address"].lower() == (letter.to or "").lower() else found


def _text(letter, context):
    own, closing = context["own"], context["own"].closing
    first = [wrapped(own.opening.text), ""] if own.stands_first else []
    lines = [context["greeting"], "", *first, wrapped(part(letter, "text", context)).strip("\n"), ""]
    lines += [wrapped(closing.text), "", ""] if closing else [""]
    foot = [context["why"]]
    if context["contact"]:
        foot.append(_("Questions are answered by %(name)s.") % {"name": by_name(context["contact"])})
    if context["contact_line"]:
        foot.append(context["contact_line"])
    foot.append(_("Sent with Velory."))
    return "\n".join([*lines, "-- ", wrapped("\n".join(foot))]) + "\n"


def answered(contact: dict | None) -> str:
    """Who answers questions, for the HTML part."""
    if contact is None:
        return ""
    address = format_html('<a class="soft" href="mailto:{0}" style="color:#566167;">{0}</a>', contact["address"])
    name = format_html("{}, {}", contact["name"], address) if contact["name"] else address
    return format_html(_("Questions are answered by %(name)s.").replace("%(name)s", "{}"), name)


def by_name(contact: dict) -> str:
    """`Nils Wikström, nils.wikstrom@nordvik.example`, or the address alone."""
    return ", ".join(filter(None, [contact["name"], contact["address"]]))


def wrapped(text: str) -> str:
    """Text at 72 characters a line. Addresses, columns and what is already short stay as they are."""
    paragraphs = []
    for paragraph in re.split(r"\n{2,}", text.strip("\n")):
        lines = [line.rstrip() for line in paragraph.split("\n")]
        keep = any("  " in line.strip() or "://" in line for line in lines)
        paragraphs.append(
            "\n".join(
                line if keep else textwrap.fill(line, LINE, break_on_hyphens=False, break_long_words=False)
                for line in lines
            )
        )
    return re.sub(r"\n{4,}", "\n\n\n", "\n\n".join(paragraphs))
