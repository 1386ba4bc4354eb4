"""Named places at which a process can be ended, as by kill -9: for trying out what a crash there leaves behind.

`CRASH_AT=MAIL.after_call` ends it at the first visit, `CRASH_AT=MAIL.after_call:3` at the third. `CRASH_FILE` names a
file that says where: whichever process of a running system comes there first takes the file away and ends, once.
Unset, which is always so but in such a trial, this does nothing.
"""

import os
from collections import Counter
from pathlib import Path

_visits: Counter[str] = Counter()


def crash(place: str) -> None:
    """End this process here, if CRASH_AT names the place."""
    named, _, nth = os.environ.get("CRASH_AT", "").partition(":")
    if named == place:
        _visits[place] += 1
        if _visits[place] == int(nth or 1):
            os._exit(137)
    if (file := os.environ.get("CRASH_FILE")) and _is_told(Path(file), place):
        os._exit(137)


def _is_told(file: Path, place: str) -> bool:
    """Whether the file says so, and this process is the first to find it."""
    try:
        told = file.read_text().strip() == place
        if told:
            file.unlink()
    except FileNotFoundError:
        return False
    return told
