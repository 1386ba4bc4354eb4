"""Characters that cannot be seen: those that turn the text beside them round, end a line unasked, or are half of one.

Nobody types them on purpose. Names and numbers with one are refused, by hand and in a file alike; letters lose them.
"""

import re

_TURNING = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff"
TURNING_ROUND = re.compile(f"[{_TURNING}]")
_NEVER_TYPED = re.compile(f"[\0-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff{_TURNING}]")


def without_unseen(words: str) -> str:
    """A text without what cannot be seen."""
    return _NEVER_TYPED.sub("", words)


def holds_unseen(words: str) -> bool:
    """Whether a text has a character that cannot be seen."""
    return bool(_NEVER_TYPED.search(words))
