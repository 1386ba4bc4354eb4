"""How a device's status looks: tone, shape and icon. The words are the ground floor's, these are only their clothes.

Soft is settled, dash is preliminary and can change, outline is archived (and has no tone).
"""

from typing import NamedTuple

from django.utils.module_loading import import_string

NAMES = "assets.lifecycle.Status"


class Look(NamedTuple):
    """A status seen three times: its colour, its outline, its icon. Take one away and it still reads."""

    tone: str
    shape: str
    icon: str

    @property
    def classes(self) -> str:
        return f"badge-{self.shape} badge-{self.tone}" if self.tone else f"badge-{self.shape}"


LOOKS = {
    "ordered": Look("info", "soft", "shopping-bag"),
    "not_started": Look("info", "soft", "circle-dashed"),
    "on_hold": Look("warning", "soft", "circle-pause"),
    "preparing": Look("info", "soft", "package"),
    "backordered": Look("warning", "soft", "hourglass"),
    "shipped": Look("info", "soft", "truck"),
    "delivered": Look("info", "soft", "map-pin-check"),
    "received": Look("success", "soft", "package-check"),
    "active": Look("success", "soft", "circle-check"),
    "preliminary_buyout": Look("success", "dash", "hand-coins"),
    "preliminary_return": Look("success", "dash", "undo-2"),
    "pending_buyout": Look("warning", "soft", "credit-card"),
    "bought_by_employee": Look("secondary", "soft", "receipt"),
    "to_return": Look("secondary", "soft", "undo-dot"),
    "return_pending": Look("secondary", "soft", "refresh-cw"),
    "returned": Look("warning", "soft", "shield-alert"),
    "needs_repair": Look("error", "soft", "wrench"),
    "in_repair": Look("warning", "soft", "hammer"),
    "trade_in": Look("secondary", "soft", "arrow-left-right"),
    "traded_in": Look("", "outline", "repeat-2"),
    "bought_out": Look("", "outline", "user-check"),
    "recycled": Look("", "outline", "recycle"),
    "removed": Look("", "outline", "archive"),
    "cancelled": Look("", "outline", "circle-x"),
}


def look_of(code: str) -> Look:
    """The look of a status code. An unknown code is a mistake of ours, hence a KeyError."""
    return LOOKS[str(code)]


def label_of(code: str) -> str:
    """The status in the reader's language."""
    return str(import_string(NAMES)(code).label)
