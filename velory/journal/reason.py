"""A reason, not a refusal: why something cannot be done now, until when, and who or what lifts it."""

from dataclasses import dataclass
from datetime import date

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _


@dataclass(frozen=True)
class Reason:
    """Why not. `text` is a sentence in the reader's language, `until` a local date, `who` whoever can lift it.

    `hidden`: the step leaves no trace on any page, as where a feature is off.
    """

    code: str
    text: str
    until: date | None = None
    who: str = ""
    hidden: bool = False

    def __str__(self):
        return str(self.text)


class Refused(Exception):
    """A step that the thing does not take now. Nothing was changed; the keyboard answers 409 with the reason."""

    def __init__(self, reason: Reason):
        super().__init__(str(reason))
        self.reason = reason


def overtaken(code: str = "stale") -> Refused:
    """What was filled in on a page that is no longer so takes nothing back (reliability R41)."""
    return Refused(Reason(code, _("Somebody was first: this has changed while the page was open.")))


class NotYours(PermissionDenied):
    """A step that this person may not take at all; the keyboard answers 403."""
