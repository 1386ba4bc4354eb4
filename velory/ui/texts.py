"""The product's texts: found in code and templates, kept in one Swedish catalogue, compiled without gettext's tools."""

import io
import json
import re
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation import templatize

FOLDERS = ("velory", "assets", "renewals", "orders", "repairs", "templates")
SKIPPED = {"migrations", "__pycache__"}
KEYWORDS = {
    "_": None, "gettext": None, "gettext_lazy": None, "gettext_noop": None,
    "ngettext": (1, 2), "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2), "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3), "npgettext_lazy": ((1, "c"), 2, 3),
}  # fmt: skip
PLURAL = "|||"
PLACEHOLDER = re.compile(r"\{\w+\}|%\(\w+\)s|%s")


def root() -> Path:
    """The folder of the code."""
    return settings.ROOT if hasattr(settings, "ROOT") else Path(settings.LOCALE_PATHS[0]).parent


def po_file() -> Path:
    """Where the Swedish catalogue is kept."""
    return Path(settings.LOCALE_PATHS[0]) / "sv" / "LC_MESSAGES" / "django.po"


def found() -> Catalog:
    """Every translatable text of the product, in the order of its files."""
    catalogue = Catalog()
    for path in sources():
        place = path.relative_to(root()).as_posix()
        for _line, message, _comments, context in messages_in(path):
            if message and message != ("",):
                catalogue.add(message, locations=[(place, 0)], context=context)
    return catalogue


def sources() -> list[Path]:
    """The files in which a text may stand."""
    paths = (
        path for folder in FOLDERS for path in (root() / folder).rglob("*") if path.suffix in {".py", ".html", ".txt"}
    )
    return sorted(path for path in paths if not SKIPPED & set(path.parts))


def messages_in(path: Path):
    """The texts of one file. A template is turned into the calls that stand for its tags first."""
    text = path.read_text(encoding="utf-8")
    if path.suffix != ".py":
        if "{%" not in text and "_(" not in text:
            return []
        calls = templatize(text, origin=str(path))
        text = "\n".join(line.strip() for line in calls.splitlines())
    return extract("python", io.BytesIO(text.encode()), KEYWORDS, (), {"encoding": "utf-8"})


def read() -> Catalog:
    """The Swedish catalogue as it is kept; an empty one where there is none yet."""
    if not po_file().exists():
        return Catalog(locale="sv", domain="django")
    with po_file().open("rb") as file:
        return read_po(file, locale="sv", domain="django")


def renew(translations: dict | None = None) -> Catalog:
    """Bring the catalogue in line with the code: new texts join, unused ones go, translations stay or are merged."""
    kept, fresh = read(), Catalog(locale="sv", domain="django", fuzzy=False)
    for message in found():
        if message.id:
            before = kept.get(message.id, context=message.context)
            string = told(translations or {}, message) or (before.string if before else "")
            if isinstance(message.id, tuple):
                string = tuple(string) if string and not isinstance(string, str) else ("", "")
            fresh.add(message.id, string, locations=message.locations, context=message.context, flags=message.flags)
    return fresh


def write(catalogue: Catalog) -> None:
    """Keep the catalogue as django.po: sorted, without line numbers or dates, so that a change shows what changed."""
    po_file().parent.mkdir(parents=True, exist_ok=True)
    with io.BytesIO() as file:
        write_po(file, catalogue, width=110, omit_header=True, sort_output=True, include_lineno=False)
        body = file.getvalue()
    po_file().write_bytes(HEADER.encode() + body)


HEADER = """# Swedish. Texts are found, merged and checked by `manage.py texts`.
msgid ""
msgstr ""
"Language: sv\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"

"""


def compile_catalogue() -> Path:
    """Write django.mo beside django.po."""
    path = po_file().with_suffix(".mo")
    fresh = path.with_suffix(".mo.new")
    with fresh.open("wb") as file:
        write_mo(file, read())
    fresh.replace(path)
    return path


def complaints() -> list[str]:
    """What is not as it should be: untranslated, uncertain, unused, or with other placeholders than the English."""
    kept, wanted = read(), found()
    said = [f"untranslated: {key_of(m.id)}" for m in wanted if m.id and not is_whole(kept.get(m.id, m.context))]
    for message in kept:
        if not message.id:
            continue
        if wanted.get(message.id, message.context) is None:
            said.append(f"unused: {key_of(message.id)}")
        if message.fuzzy:
            said.append(f"uncertain: {key_of(message.id)}")
        if is_whole(message) and (strays := placeholders(message.id) ^ placeholders(message.string)):
            said.append(f"placeholders differ ({', '.join(sorted(strays))}): {key_of(message.id)}")
    return said


def placeholders(text) -> set[str]:
    """What a text leaves open: {by}, %(days)s, %s. A singular form may leave the number out."""
    if not text:
        return set()
    return set(PLACEHOLDER.findall(text if isinstance(text, str) else text[-1]))


def is_whole(message) -> bool:
    """Whether a message has a translation in each of its forms."""
    if message is None:
        return False
    return all(message.string) if isinstance(message.string, tuple | list) else bool(message.string)


def told(translations: dict, message):
    """The translation given for a message: for its context first ("context\u0004text"), else for its text."""
    key = key_of(message.id)
    return translations.get(f"{message.context}\x04{key}") or translations.get(key)


def key_of(message_id) -> str:
    """A text as the JSON files and complaints name it: "one|||many" for a plural."""
    return message_id if isinstance(message_id, str) else PLURAL.join(message_id)


def translations_in(paths) -> dict:
    """The translations of JSON files: {"msgid": "msgstr", "one|||many": ["en", "flera"]}."""
    merged: dict[str, Any] = {}
    for path in paths:
        merged |= json.loads(Path(path).read_text(encoding="utf-8"))
    return merged
