"""From a cell to a value, or to a fault that says what to write. What can mean two things is asked, not guessed.

Values are plain text as the plan keeps them: ISO dates, amounts with a decimal point, codes.
"""

import re
import unicodedata
from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from babel.numbers import list_currencies
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.formats import date_format
from django.utils.translation import gettext
from stdnum import luhn

from assets.importing.columns import COLUMNS, Column
from assets.importing.faults import Fault
from assets.importing.sheet import Day, Number
from velory.ui.files import QUOTED, SHORTENED, neutral
from velory.unseen import holds_unseen

FORMULA = "=@\t\r\n\uff1d\uff0b\uff0d\uff20"  # in front of text; + and - stand before phone numbers and remarks
FIRST_YEAR, LAST_YEAR = 1990, 2100  # of a device's dates, in a file and by hand
MONTHS = {
    name: number
    for number, names in enumerate(
        ["jan januari january", "feb februari february", "mar mars march", "apr april", "maj may", "jun juni june",
         "jul juli july", "aug augusti august", "sep sept september", "okt oct oktober october", "nov november",
         "dec december"], start=1)
    for name in names.split()
}  # fmt: skip
CHOICES = {
    "role": {
        "employee": "employee|anställd|medarbetare|user|användare",
        "purchase_manager": "purchase_manager|purchase manager|purchasing manager|inköpsansvarig|inköpare",
        "admin": "admin|administrator|administratör",
    },
    "language": {"sv": "sv|sv-se|svenska|swedish", "en": "en|en-gb|en-us|engelska|english"},
    "contract_type": {
        "leased": "leased|lease|leasing|leasad|hyrd",
        "one-off": "one-off|one off|one_off|oneoff|purchase|purchased|bought|owned|köpt|köp|engångsköp|ägd",
    },
    "payor": {
        "company": "company|employer|företag|företaget|bolaget|arbetsgivare",
        "employee": "employee|anställd|den anställda|private|privat",
    },
}
_choices = {
    kind: {word: value for value, words in values.items() for word in words.split("|")}
    for kind, values in CHOICES.items()
}


@dataclass(frozen=True)
class Habits:
    """How a file writes numbers and dates. `decimal`: its decimal mark, if it shows; `day_first`: as the admin said."""

    decimal: str = ""
    day_first: bool | None = None


class Cells:
    """Reads the cells of one file."""

    def __init__(self, habits: Habits, categories: dict[str, str]):
        self.habits = habits
        self.categories = categories
        self.kept: dict[tuple[str, str, type], str | Fault] = {}

    def value(self, column: Column, cell: str) -> str:
        """What a cell says; an empty text where it says nothing. Raises Fault."""
        key = (column.code, cell, type(cell))
        if key not in self.kept:
            if len(self.kept) > 100_000:
                self.kept.clear()
            try:
                self.kept[key] = self._read(column, cell)
            except Fault as fault:
                fault.column, fault.cell = column.code, cell.strip()
                self.kept[key] = fault
        found = self.kept[key]
        if isinstance(found, Fault):
            raise Fault(found.code, found.column, found.cell, dict(found.facts))
        return found

    def _read(self, column, cell):
        text = plain_text(cell, lines=column.kind == "note")
        if not text:
            return ""
        if column.kind == "text":
            if isinstance(cell, Day):
                raise Fault("made_a_date")
            return _text(text, column.most, is_quoted=bool(_quoted.match(cell)))
        if column.kind == "note":
            return _narrow(text, column.most)
        if isinstance(cell, Number) and column.kind in {"amount", "percent"}:
            return getattr(Cells(Habits("."), {}), f"_{column.kind}")(text)
        return getattr(self, f"_{column.kind}")(text)

    def _email(self, text):
        return address(text)

    def _role(self, text):
        return _choice("role", text)

    def _language(self, text):
        return _choice("language", text)

    def _contract_type(self, text):
        return _choice("contract_type", text)

    def _payor(self, text):
        return _choice("payor", text)

    def _category(self, text):
        found = self.categories.get(text.casefold())
        if found is None:
            names = sorted({name.capitalize() for name in self.categories})
            raise Fault("choice", facts={"known": ", ".join(names[:12])})
        return found

    def _imei(self, text):
        return imei(text)

    def _currency(self, text):
        if text.upper() not in _currencies:
            raise Fault("currency")
        return text.upper()

    def _amount(self, text):
        return _amount(text, self.habits.decimal)

    def _percent(self, text):
        value = Decimal(_amount(text.removesuffix("%").strip(), self.habits.decimal))
        if value > 100:
            raise Fault("percent")
        return str(value)

    def _months(self, text):
        if not re.fullmatch(r"[0-9]{1,3}", text) or not 1 <= int(text) <= 120:
            raise Fault("months")
        return str(int(text))

    def _date(self, text):
        return day(text, self.habits.day_first, FIRST_YEAR, LAST_YEAR)

    def _day(self, text):
        return day(text, self.habits.day_first, 1930, 2100)


_currencies = list_currencies()


# Text

_quoted = re.compile(f"'+(?:[{re.escape(QUOTED)}]|{SHORTENED})")


def neutral_again(cell: str) -> str:
    """A cell of somebody's file as it goes back to them: what is neutral already stays as it is."""
    return cell if _quoted.match(cell) else neutral(cell)


def as_meant(cell: str) -> str:
    """A cell as it stands in a workbook, where a text is a text whatever it begins with."""
    return cell[1:] if _quoted.match(cell) else cell


def plain_text(cell: str, *, lines: bool = False) -> str:
    """A cell's text without what surrounds it. An apostrophe before a formula's mark is the quote that exports put."""
    text = unicodedata.normalize("NFC", cell.replace("\r\n", "\n").replace("\r", "\n"))
    if _quoted.match(text):
        text = text[1:].strip()
    elif text.lstrip(" \xa0")[:1] in FORMULA and text.strip():
        if text.lstrip(" \xa0")[0] not in "\t\r\n" or text.strip()[0] in QUOTED:
            raise Fault("formula")
        text = text.strip()
    else:
        text = text.strip()
    if holds_unseen(re.sub(r"[\n\t]", "", text) if lines else text):
        raise Fault("control")
    return text


def _text(text, most, *, is_quoted=False):
    if not is_quoted and re.fullmatch(r"[0-9]+(?:[.,][0-9]+)?[Ee]\+[0-9]+", text):
        raise Fault("shortened")
    return _narrow(re.sub(r"\s+", " ", text), most)


def _narrow(text, most):
    if len(text) > most:
        raise Fault("too_wide", facts={"most": most})
    return text


def _choice(kind, text):
    found = _choices[kind].get(text.casefold())
    if found is None:
        raise Fault("choice", facts={"known": ", ".join(CHOICES[kind])})
    return found


def address(text: str) -> str:
    """An e-mail address in lower case. Raises Fault."""
    if not text.isascii():
        raise Fault("email_letters")
    try:
        validate_email(text)
    except ValidationError:
        raise Fault("email") from None
    return _narrow(text.lower(), 254)


def imei(text: str) -> str:
    """Fifteen digits whose last one checks the others. Raises Fault."""
    digits = re.sub(r"[\s/-]", "", text)
    if re.fullmatch(r"[0-9]+(?:[.,][0-9]+)?[Ee]\+?[0-9]+", digits):
        raise Fault("shortened")
    if not (digits.isascii() and digits.isdigit()):
        raise Fault("imei_letters")
    if len(digits) != 15:
        raise Fault("imei_length", facts={"digits": len(digits)})
    if not luhn.is_valid(digits) or len(set(digits)) == 1:
        raise Fault("imei_check")
    return digits


# Numbers


_number = re.compile(r"-?[0-9][0-9 \xa0\u202f\u2009.,]*")


def decimal_mark(cells: Iterable[str]) -> str:
    """The decimal mark that a file's amounts show without doubt, or an empty text where they show none or both."""
    shown = {mark for cell in cells if not isinstance(cell, Number) for mark in [_shows(cell)] if mark}
    return shown.pop() if len(shown) == 1 else ""


def _shows(cell):
    text = re.sub(r"[\s%]", "", cell)
    if not _number.fullmatch(text):
        return ""
    comma, point = text.rfind(","), text.rfind(".")
    if comma < 0 and point < 0:
        return ""
    if comma >= 0 and point >= 0:
        return "," if comma > point else "."
    mark, place = (",", comma) if comma >= 0 else (".", point)
    if text.count(mark) > 1:
        return "." if mark == "," else ","
    return mark if len(text) - place - 1 != 3 and text[:place].isdigit() else ""


def _amount(text, decimal):
    if text.startswith("-") and _number.fullmatch(text):
        raise Fault("negative")
    if not _number.fullmatch(text):
        raise Fault("shortened" if re.fullmatch(r"[0-9.,]+[Ee]\+[0-9]+", text) else "amount")
    bare = re.sub(r"\s", "", text)
    whole, mark, rest = _divide(bare, decimal)
    if not re.fullmatch(r"[0-9]{1,3}(?:([.,])[0-9]{3})?(?:\1[0-9]{3})*|[0-9]+", whole) or (mark and mark in whole):
        raise Fault("amount")
    if mark and not rest:
        raise Fault("amount")
    if len(rest.rstrip("0")) > 2:
        raise Fault("decimals")
    digits = re.sub("[.,]", "", whole).lstrip("0") or "0"
    if len(digits) > 10:
        raise Fault("big_amount")
    return str(Decimal(f"{digits}.{rest[:2] or 0}").quantize(Decimal("0.01")))


def _divide(bare, decimal):
    """Whole part, decimal mark, decimals. One mark before three digits may divide thousands: the file decides."""
    shows = _shows(bare)
    if shows:
        whole, mark, rest = bare.rpartition(shows) if shows in bare else (bare, "", "")
        return whole, mark, rest
    mark = next((mark for mark in ",." if mark in bare), "")
    if not mark:
        return bare, "", ""
    whole, _mark, rest = bare.rpartition(mark)
    if mark != decimal and (decimal or len(whole) > 3):
        return bare, "", ""
    if decimal == mark:
        return whole, mark, rest
    if not rest.strip("0"):
        raise Fault("ambiguous_amount", facts={"first": whole + rest, "second": whole})
    raise Fault("ambiguous_amount", facts={"first": whole + rest, "second": f"{whole}.{rest}"})


# Dates

_numeric = re.compile(r"([0-9]{1,4})([-./])([0-9]{1,2})\2([0-9]{1,4})\.?")
_midnight = re.compile(r"[T ]00:00(?::00(?:\.0+)?)?Z?$")


def day(text: str, day_first: bool | None, earliest: int, latest: int) -> str:
    """A date in ISO form. Raises Fault where it can't be read, doesn't exist or can mean two days."""
    text = _midnight.sub("", text)
    year, month, number = _parts(text, day_first)
    written = f"{year:04}-{month:02}-{number:02}"
    if not 1 <= month <= 12:
        raise Fault("date")
    if not 1 <= number <= (monthrange(year, month)[1] if 1 <= year <= 9999 else 31):
        raise Fault("no_such_date", facts={"date": written})
    if not earliest <= year <= latest:
        raise Fault("far_date", facts={"date": written})
    return written


def _parts(text, day_first):
    if re.fullmatch(r"[0-9]{8}", text):
        return int(text[:4]), int(text[4:6]), int(text[6:])
    if re.fullmatch(r"[0-9]{5}([.,]0+)?", text):
        raise Fault("serial_date")
    if named := re.fullmatch(r"([0-9]{1,2})\.?\s+([^\W\d_]+)\.?\s+([0-9]{4})", text):
        return int(named[3]), _month(named[2]), int(named[1])
    match = _numeric.fullmatch(text)
    if not match:
        raise Fault("date")
    first, mark, second, third = match[1], match[2], int(match[3]), match[4]
    if len(first) == 4 and len(third) <= 2:
        return int(first), second, int(third)
    if len(first) > 2 or len(third) not in (2, 4) or (mark == "-" and len(third) == 2) or not int(third):
        raise Fault("date")
    year = int(third) + (2000 if len(third) == 2 else 0)
    return year, *_month_and_day(int(first), second, year, day_first, told=mark == "." and len(third) == 4)


def _month_and_day(first, second, year, day_first, *, told):
    """22.11.2026 is the Nordic way: the day comes first. 2/3/27 is either, unless one number is above twelve."""
    if told or first > 12 >= second or first == second:
        return second, first
    if second > 12 >= first:
        return first, second
    if first > 12:
        raise Fault("date")
    if day_first is None:
        days = [date(year, month, number).isoformat() for number, month in ((first, second), (second, first))]
        raise Fault("ambiguous_date", facts={"first": days[0], "second": days[1]})
    return (second, first) if day_first else (first, second)


def _month(word):
    number = MONTHS.get(word.casefold())
    if number is None:
        raise Fault("date")
    return number


# Values as a page shows them


def in_words(code: str, value) -> str:
    """A value of a column in the reader's language and form."""
    from assets.models import Device
    from assets.models.category import DEFAULTS
    from velory.people.models import Role

    if value in ("", None):
        return "–"
    kind = COLUMNS[code].kind if code in COLUMNS else "text"
    if kind == "category":
        return gettext(next((name for known, name, *_rest in DEFAULTS if known == value), value))
    if kind in {"date", "day"}:
        return date_format(date.fromisoformat(value), "SHORT_DATE_FORMAT")
    labels: dict[str, dict] = {
        "role": dict(Role.choices),
        "payor": dict(Device.Payor.choices),
        "language": {"sv": "Svenska", "en": "English"},
        "contract_type": {"leased": gettext("leased"), "one-off": gettext("one-off")},
    }
    if kind in labels:
        return str(labels[kind].get(value, value))
    return f"{value} %" if kind == "percent" else str(value)
