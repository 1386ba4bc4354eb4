"""From a stored plan to steps: what was kept by its key is looked up again, and each step is taken of many together."""

from collections import defaultdict
from datetime import date

from django.utils.translation import gettext as _

from assets.bulk.hands import refuse_who_has_left
from assets.bulk.registry import Asking, admitted
from assets.models import Device, Note, Partner, Space
from velory import clock
from velory.journal.reason import Reason, Refused
from velory.journal.steps import steps_of
from velory.journal.together import take_together
from velory.people.models import Person


class World:
    """Whom and what some rows name, read once; the people among them held, before any device is."""

    def __init__(self, change, rows, at):
        self.change, self.at = change, at
        self.asking = Asking(change.by, at, clock.local_date(at))
        named = [details for row in rows for _step, details in row.moves]
        takers = [details["to"] for details in named if details.get("to")]
        people = Person.objects.filter(pk__in={pk for kind, pk in takers if kind == "person"})
        self.people = {person.pk: person for person in people.order_by("pk").select_for_update(no_key=True)}
        self.spaces = Space.objects.in_bulk({pk for kind, pk in takers if kind == "space"})
        partners = {details["facts"]["distributor"] for details in named if "distributor" in details.get("facts", {})}
        self.partners = Partner.objects.in_bulk(partners - {None})

    def given(self, details: dict) -> dict:
        """What a step is taken with. Raises Refused where somebody or something is no longer here."""
        found = dict(details)
        if "to" in found:
            kind, pk = found["to"]
            found["to"] = _known(self.people if kind == "person" else self.spaces, pk)
            refuse_who_has_left(found["to"], self.asking)
        if "facts" in found:
            found["facts"] = {name: self._fact(name, value) for name, value in found["facts"].items()}
        return found

    def _fact(self, name, value):
        if name == "distributor":
            return _known(self.partners, value) if value else None
        return date.fromisoformat(value) if value else None

    def check(self, row, device) -> None:
        """Ask of the first step what it was asked in the preview. Raises Refused."""
        step, details = row.moves[0]
        if step in steps_of(Device):
            admitted(device, step, self.asking, **self.given(details))


def take(world: World, pairs) -> None:
    """Take the steps of some rows, the first of each, then the second: all of them or, where one refuses, none."""
    for place in range(max((len(row.moves) for row, _device in pairs), default=0)):
        steps = defaultdict(list)
        for row, device in pairs:
            if place < len(row.moves):
                step, details = row.moves[place]
                steps[step].append((row, device, details))
        for step, taken in steps.items():
            if step in NOTES:
                NOTES[step](world, taken)
            else:
                _take(world, step, taken)


def _take(world, step, taken):
    given = [(device, world.given(details)) for _row, device, details in taken]
    take_together(step, given, by=world.change.by, at=world.at, facts={"bulk": world.change.ref})


# Notes are no steps: they are written, and taken back


def _write_notes(world, taken):
    by = world.change.by
    notes = [
        Note(device=device, at=world.at, by_ref=by.ref, by_name=str(by), **details) for _row, device, details in taken
    ]
    for (row, _device, _details), note in zip(taken, Note.objects.bulk_create(notes), strict=True):
        row.before["note"] = note.pk


def _take_notes_back(world, taken):
    Note.objects.filter(pk__in=[details["note"] for _row, _device, details in taken]).delete()


NOTES = {"note": _write_notes, "take_note_back": _take_notes_back}


def _known(found, pk):
    if pk not in found:
        raise Refused(Reason("gone", _("Somebody or something that the change names is no longer here.")))
    return found[pk]
