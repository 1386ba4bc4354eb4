"""How a workbook shows a number: the same number is an amount, a day, a percentage or a number with leading zeros."""

import re
from datetime import date, timedelta
from decimal import Context, Decimal
from functools import lru_cache

from assets.importing.sheet import Day, Number

MOST_LOOKS = 65_000  # a spreadsheet program stops at 64,000
DAYS = {14, 15, 16, 17, 22, *range(27, 37), *range(50, 59)}  # formats that every workbook has, by their number
PERCENT = {9, 10}
LAST_SERIAL = 2_958_465  # 9999-12-31
FIRST, FIRST_1904 = date(1899, 12, 30), date(1904, 1, 1)
EXACT = Decimal(10) ** 15  # a spreadsheet keeps fifteen digits
_fifteen = Context(prec=15)
_number = re.compile(r"[-+]?[0-9]{1,40}(?:\.[0-9]{0,40})?(?:[eE][-+]?[0-9]{1,3})?")
_not_shown = re.compile(r'"[^"]*"|\[[^\[\]]*\]|\\.|_.|\*.')


@lru_cache(1_000)
def look_of(number: int, code: str = "") -> str:
    """What a number format makes of a number: `day`, `percent`, zeros as many as are shown, or nothing special."""
    if number in DAYS or (code and _shows_a_day(code)):
        return "day"
    if number in PERCENT or "%" in _not_shown.sub("", code):
        return "percent"
    return code if re.fullmatch(r"0{2,15}", code) else ""


def _shows_a_day(code):
    shown = _not_shown.sub("", code.partition(";")[0]).lower()
    if "general" in shown:
        return False
    return "y" in shown or "d" in shown or ("m" in shown and not re.search("[hs0#?]", shown))


def number_as(look: str, written: str, *, since_1904: bool = False) -> str:
    """A number as a cell of a file has it: a Number or a Day. What is no number stays a text."""
    if not look and len(written) <= 15 and written.isdecimal() and written.isascii():
        return Number(written)
    if not _number.fullmatch(written):
        return written
    value = Decimal(written)
    if look == "day" and 0 <= value <= LAST_SERIAL:
        found = _day(value, FIRST_1904 if since_1904 else FIRST)
        if found:
            return found
    if look == "percent":
        return Number(_plain(value * 100) + "%")
    if look.startswith("0") and value == value.to_integral_value() and 0 <= value < EXACT:
        return Number(_plain(value).zfill(len(look)))
    return Number(_plain(value))


def _plain(value):
    """Without the noise of its last digit; shortened, as a spreadsheet would, where digits are lost already."""
    rounded = _fifteen.plus(value)
    if abs(value) >= EXACT:
        return f"{rounded.normalize():E}"
    text = f"{rounded:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _day(value, first):
    seconds = int((value * 86_400).to_integral_value())
    days, seconds = divmod(seconds, 86_400)
    if not days:
        return None  # a time of day, of no day
    try:
        written = (first + timedelta(days=days)).isoformat()
    except OverflowError:
        return None
    if seconds:
        written += f" {seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"
    return Day(written)
