"""Named places at which a process can be ended, as by kill -9: for trying out what a crash there leaves behind.

`CRASH_AT=MAIL.after_call` ends it at the first visit, `CRASH_AT=MAIL.after_call:3` at the third. Unset, which is
always so but in such a trial, this does nothing.
"""

import os
from collections import Counter

_visits: Counter[str] = Counter()


def crash(place: str) -> None:
    """End this process here, if CRASH_AT names the place."""
    named, _, nth = os.environ.get("CRASH_AT", "").partition(":")
    if named == place:
        _visits[place] += 1
        if _visits[place] == int(nth or 1):
            os._exit(137)
