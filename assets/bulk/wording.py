"""A refusal in every language, so that whoever reads it reads it in theirs.

The guards of a device's steps answer in words, each with its own facts. So the same is asked again in each language;
what has the same code and the same words is asked for once for all devices of a change.
"""

from collections.abc import Callable

from django.conf import settings
from django.utils.translation import get_language, override

from velory.journal.reason import NotYours, Refused

LONGEST = 500


class Wording:
    """What was refused in one change, by its code and words."""

    def __init__(self):
        self.known: dict[tuple[str, str], dict[str, str]] = {}

    def of(self, refusal: Refused | NotYours, ask: Callable[[], object]) -> dict[str, str]:
        """A refusal in each language. `ask` asks the same again, and changes nothing."""
        reason = getattr(refusal, "reason", None)
        key = (reason.code if reason else "", str(refusal))
        if key not in self.known:
            others = [code for code, _name in settings.LANGUAGES if code != get_language()]
            self.known[key] = {code: _said(code, ask) or str(refusal) for code in others}
        return self.known[key] | {str(get_language()): str(refusal)}


def _said(language, ask) -> str:
    with override(language):
        try:
            ask()
        except (Refused, NotYours) as refusal:
            return str(refusal)[:LONGEST]
        except Exception:  # noqa: BLE001 - then it is told in the language in which it is known
            return ""
    return ""


def in_every_language(words) -> dict[str, str]:
    """A sentence of our own that is translated when it is read."""
    found = {}
    for code, _name in settings.LANGUAGES:
        with override(code):
            found[code] = str(words)
    return found


def in_readers(words: dict[str, str], otherwise: str) -> str:
    """The words in the language of whoever reads; as they were first said where they are not known in it."""
    return words.get(str(get_language())) or otherwise
