"""Push the running demo's clock from the command line."""

import re
from datetime import datetime
from zoneinfo import ZoneInfo

from dateutil.relativedelta import relativedelta
from django.core.management.base import BaseCommand, CommandError

from velory import clock
from velory.demo import walking

ZONE = ZoneInfo("Europe/Stockholm")
UNITS = {"h": "hours", "d": "days", "w": "weeks", "m": "months", "y": "years"}


class Command(BaseCommand):
    """`demo_clock`, `demo_clock +1d`, `demo_clock 2026-12-24T08:00` (local time in Stockholm)."""

    help = "Shows the demo's clock, or pushes it to a moment (ISO) or by +Nd, +Nw, +Nm."

    def add_arguments(self, parser):
        parser.add_argument("moment", nargs="?")

    def handle(self, *args, moment=None, **options):
        if moment:
            target = self._target(moment)
            if target < clock.now():
                raise CommandError(f"The clock can't go back: it is already {self._local(clock.now())}.")
            walking.aim_at(target)
            walking.walk_whatever_happens()
        self.stdout.write(self._local(clock.now()))

    def _target(self, moment):
        step = re.fullmatch(r"\+(\d{1,4})([hdwmy])", moment)
        if step:
            local = clock.now().astimezone(ZONE)
            return local + relativedelta(**{UNITS[step[2]]: int(step[1])})
        try:
            target = datetime.fromisoformat(moment)
        except ValueError:
            raise CommandError(f"“{moment}” is no moment. Write 2026-12-24T08:00, +1d, +2w or +1m.") from None
        return target if target.tzinfo else target.replace(tzinfo=ZONE)

    def _local(self, moment):
        return moment.astimezone(ZONE).isoformat(timespec="seconds")
