"""The letters that the demo's mail catcher keeps (see mailcatcher.py for how), as the pages read them."""

import base64
import html
import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.parser import BytesHeaderParser
from email.utils import parsedate_to_datetime
from pathlib import Path

from django.conf import settings

NAME = re.compile(r"\A[0-9a-f]{32}\Z")
ADDRESSES = re.compile(r'href="(https?://[^"]+)"')

_heads: dict[Path, "Caught"] = {}


@dataclass(frozen=True)
class Caught:
    """One letter: its head. A file never changes once it is there, so a head is read once a process."""

    name: str
    subject: str
    sender: str
    to: str
    at: datetime
    arrived: float

    @property
    def path(self) -> Path:
        """Where it is kept."""
        return folder() / f"{self.name}.eml"

    @property
    def whole(self):
        """The letter with its parts."""
        return message_from_bytes(self.path.read_bytes(), policy=policy.default)

    @property
    def copies(self) -> int:
        """How often it came: more than once where its sender was not sure that it had."""
        try:
            return json.loads(self.path.with_suffix(".json").read_text()).get("count", 1)
        except (FileNotFoundError, ValueError):
            return 1

    @property
    def head(self) -> list[tuple[str, str]]:
        """Every header line."""
        return [(name, str(value)) for name, value in self.whole.items()]

    @property
    def text(self) -> str:
        """The text part."""
        return self._part("plain")

    @property
    def html(self) -> str:
        """The HTML part, with the pictures that came along in their places, as a mail program shows it."""
        words = self._part("html")
        for part in filter(_is_picture, self.whole.iter_attachments()):
            content = base64.b64encode(part.get_content()).decode()
            shown = f"data:{part.get_content_type()};base64,{content}"
            words = words.replace(f"cid:{part['Content-ID'].strip('<>')}", shown)
        return words

    @property
    def links(self) -> list[str]:
        """The addresses in it, in their order."""
        return list(dict.fromkeys(html.unescape(found) for found in ADDRESSES.findall(self.html)))

    @property
    def files(self) -> list[tuple[str, bytes]]:
        """What is attached: name and content."""
        parts = (part for part in self.whole.iter_attachments() if not _is_picture(part))
        return [(part.get_filename() or "", part.get_content()) for part in parts]

    def _part(self, kind):
        part = self.whole.get_body(preferencelist=(kind,))
        return part.get_content() if part else ""


def _is_picture(part) -> bool:
    """A picture that stands in the letter, and is no file by itself."""
    return bool(part["Content-ID"]) and part.get_content_maintype() == "image"


class CaughtMail:
    """Letters, the latest first: what a list page asks of its rows."""

    def __init__(self, letters: list[Caught]):
        self.letters = letters

    def about(self, words: str):
        """Those with some words in recipient, sender or subject."""
        low = words.lower()
        return CaughtMail([c for c in self.letters if low in f"{c.to} {c.sender} {c.subject}".lower()])

    def count(self) -> int:
        """How many there are."""
        return len(self.letters)

    def order_by(self, *fields):
        """The order is what it is."""
        return self

    def __getitem__(self, part):
        return self.letters[part]


def folder() -> Path:
    """Where the catcher keeps letters."""
    return settings.DEMO_STATE / "mail"


def everything() -> CaughtMail:
    """Every letter that was caught."""
    found = filter(None, (letter(path.stem) for path in folder().glob("*.eml")))
    return CaughtMail(sorted(found, key=lambda caught: (caught.at, caught.arrived), reverse=True))


def letter(name: str) -> Caught | None:
    """One letter by its name, or None."""
    if not NAME.match(name):
        return None
    path = folder() / f"{name}.eml"
    if path not in _heads:
        try:
            with path.open("rb") as file:
                head = BytesHeaderParser(policy=policy.default).parse(file)
            arrived = path.stat().st_mtime
        except FileNotFoundError:
            return None
        _heads[path] = Caught(
            name=name,
            subject=str(head["Subject"] or ""),
            sender=_shown(head["From"]),
            to=str(head["To"] or ""),
            at=_moment(head["Date"], arrived),
            arrived=arrived,
        )
    return _heads[path]


def _shown(header):
    addresses = getattr(header, "addresses", ())
    return addresses[0].display_name or addresses[0].addr_spec if addresses else ""


def _moment(header, arrived):
    try:
        moment = parsedate_to_datetime(str(header))
    except ValueError:
        return datetime.fromtimestamp(arrived, UTC)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
