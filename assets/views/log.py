"""The company's event log: who did what to what, with filters, and as a file."""

from collections import Counter
from datetime import MAXYEAR, MINYEAR, date, time, timedelta

from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from assets.forms import STEP_FORMS
from assets.guards import is_part_of_the_plan
from assets.lifecycle import Status
from assets.models import Device
from velory import clock
from velory.journal.models import Entry
from velory.journal.steps import steps_of
from velory.people.doors import for_admins
from velory.ui.files import as_csv
from velory.ui.tables import Table

MANY = 10_000


class Log(Table):
    """The log as its address tells it: a name, steps, the first and the last day."""

    def __init__(self, request):
        super().__init__(
            request, sorts={"newest": ("-at", "-pk")}, default="newest", filters=["step", "from", "to"], size=50
        )

    @property
    def entries(self):
        """The entries that the address asks for, the latest first."""
        found = Entry.objects.between(_midnight(self.day("from")), _midnight(self.day("to"), days=1))
        found = found.naming(self.q) if self.q else found
        steps = self.chosen("step")
        return (found.of_steps(steps) if steps else found).newest_first()

    def fetch(self):
        """The page's entries. Counted no further than MANY: narrow the dates for older ones."""
        self.show(self.entries, count=len(self.entries.values_list("pk")[:MANY]))
        return self

    def day(self, key):
        """A day from the address, or None; the calendar's first and last year have no day before or after them."""
        try:
            found = date.fromisoformat(self.query.get(key, ""))
        except ValueError:
            return None
        return found if MINYEAR < found.year < MAXYEAR else None

    @property
    def steps(self) -> list[tuple[str, str]]:
        """The steps of the filter, in the words of their buttons or of where they lead."""
        found = [(made, _words(made)) for made in steps_of(Device).values() if is_part_of_the_plan(made)]
        often = Counter(words for _made, words in found)
        told_apart = [(made.name, f"{words}: {_target(made)}" if often[words] > 1 else words) for made, words in found]
        return [("register", _("Registered")), ("import", _("Imported")), *told_apart]

    @property
    def address_query(self) -> str:
        """The filters as the export takes them."""
        return self.link().partition("?")[2]


@require_safe
@for_admins
def log(request):
    """Everything that happened, the latest first."""
    return render(request, "assets/log.html", {"table": Log(request).fetch()})


@require_safe
@for_admins
def export_log(request):
    """The same entries as a file, in the reader's language."""
    return as_csv(f"events-{clock.today()}.csv", log_rows(Log(request).entries))


def log_rows(entries):
    """A heading and a line for each entry."""
    yield [
        _("When"),
        _("Who"),
        _("Role"),
        _("For"),
        _("Reference"),
        _("Thing"),
        _("Step"),
        _("From"),
        _("To"),
        _("What happened"),
    ]
    for entry in entries.iterator(chunk_size=1000):
        yield [
            entry.at, entry.by_name or "Velory", entry.role, entry.acting_for, entry.about_ref, entry.about_in_words,
            entry.step, entry.came_from, entry.went_to, entry.sentence,
        ]  # fmt: skip


def _words(made) -> str:
    if made.label or made.name in STEP_FORMS:
        return str(made.label or STEP_FORMS[made.name].label)
    return _target(made)


def _target(made) -> str:
    return ", ".join(str(Status(target).label) for target in made.targets)


def _midnight(day, days=0):
    return clock.local(day + timedelta(days=days), time()) if day else None
