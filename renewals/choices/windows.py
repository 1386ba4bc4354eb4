"""When a choice can be made: local dates, each counted from the renewal date itself."""

from dataclasses import dataclass
from datetime import date

from renewals.paths import Path
from renewals.stages import Stage, opens_on


@dataclass(frozen=True)
class Window:
    """From a local date on, that day included; up to another, that day excluded, or without an end."""

    opens: date
    ends: date | None = None

    def is_open(self, today: date) -> bool:
        """Whether the choice can be made on a date."""
        return self.opens <= today and (self.ends is None or today < self.ends)

    def is_over(self, today: date) -> bool:
        """Whether it could be made and no longer can."""
        return self.ends is not None and today >= self.ends


def preliminary_window(path: Path | None, renewal_on: date) -> Window | None:
    """Leased devices alone are asked first without being bound."""
    return first_asked(renewal_on) if path == Path.LEASED else None


def first_asked(renewal_on: date) -> Window:
    """From three months before to one month before."""
    return Window(opens_on(renewal_on, Stage.LEASED_3_MONTHS), opens_on(renewal_on, Stage.LEASED_1_MONTH))


def final_window(path: Path | None, renewal_on: date) -> Window | None:
    """From one month before where it is leased, from 30 days before where it is the company's own; it has no end."""
    stage = {Path.LEASED: Stage.LEASED_1_MONTH, Path.ONE_OFF: Stage.ONE_OFF_30_DAYS}.get(path) if path else None
    return Window(opens_on(renewal_on, stage)) if stage else None
