"""The outbox, what was heard of it, and how a company writes."""

from velory.post.models.hold import Hold
from velory.post.models.letter import KINDS, Letter, LetterQuerySet, MailEvent, RefusedAddress, letter_reference
from velory.post.models.link import Link
from velory.post.models.own_words import OwnWords
from velory.post.models.settings import MailSettings

__all__ = [
    "KINDS",
    "Hold",
    "Letter",
    "LetterQuerySet",
    "Link",
    "MailEvent",
    "MailSettings",
    "OwnWords",
    "RefusedAddress",
    "letter_reference",
]
