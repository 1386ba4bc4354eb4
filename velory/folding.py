"""Words as a search compares them: without case, accents, ligatures and the kind of apostrophe.

`fold` and `Folded` give the same, one in Python and one in SQL. The columns that are searched are generated with it, so
a change of the table needs a migration that makes them anew.
"""

import unicodedata

from django.db.models import CharField, TextField, Transform

PAIRS = {"ß": "ss", "æ": "ae", "œ": "oe", "þ": "th", "ĳ": "ij"}
STROKED = {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "ħ": "h", "ŧ": "t", "ı": "i", "’": "'", "‘": "'", "\u00a0": " "}
MARKS = "".join(map(chr, range(0x300, 0x370)))  # accents that follow their letter


def _accented() -> dict[str, str]:
    """Latin letters that carry accents, with the letter under them."""
    found = {}
    for letter in map(chr, [*range(0xC0, 0x250), *range(0x1E00, 0x1F00)]):
        under, *marks = list(unicodedata.normalize("NFKD", letter))
        if marks and under.isascii() and under.isalpha() and all(map(unicodedata.combining, marks)):
            found[letter] = under.lower()
    return found


SINGLE = _accented() | STROKED
_table = str.maketrans(SINGLE | PAIRS | dict.fromkeys(MARKS))


def fold(text: str) -> str:
    """A text as it is compared in a search."""
    return text.lower().translate(_table)


def words_of(text: str, *, most: int = 6) -> list[str]:
    """The words that somebody searches for, folded; no more than `most`."""
    return fold(text.replace("\0", " ")).split()[:most]


def _sql() -> str:
    whole = "LOWER(%(expressions)s)"
    for letter, pair in PAIRS.items():
        whole = f"REPLACE({whole}, '{letter}', '{pair}')"
    come, go = "".join(SINGLE), "".join(SINGLE.values()).replace("'", "''")
    return f"TRANSLATE({whole}, '{come}{MARKS}', '{go}')"


@CharField.register_lookup
@TextField.register_lookup
class Folded(Transform):
    """`fold` in the database, to be generated or asked for: `name__folded__contains=word`."""

    lookup_name = "folded"
    template = _sql()
    output_field = TextField()
