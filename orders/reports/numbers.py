"""Serial numbers and IMEIs that a message brings: each belongs to one device of the company."""

from typing import Any

from django.db.models import Value
from django.db.models.functions import Upper

from assets.models import Device
from velory.unseen import holds_unseen

NUMBERS = ("serial", "imei")


def without_taken_numbers(lines, wanted: dict[int, dict[str, str]], notes: list[dict[str, Any]]) -> dict:
    """The same facts but for numbers that another device has. Within one message two lines may swap theirs."""
    for name in NUMBERS:
        asked = {number: facts[name] for number, facts in wanted.items() if facts.get(name)}
        taken = _taken(lines, asked, name)
        for number in taken:
            notes.append({"code": "taken", "line": number, "field": name, "value": asked[number]})
            wanted[number] = {fact: value for fact, value in wanted[number].items() if fact != name}
        _let_go(lines, {number: value for number, value in asked.items() if number not in taken}, name)
    return wanted


def devices_with(name: str, values) -> dict[str, int]:
    """Which device has which of some numbers, whatever their case: as the database sees it, which allows each once and
    for which “ß” is no “SS”. What can't be a number is no device's."""
    upper = [Upper(Value(value)) for value in dict.fromkeys(values) if not holds_unseen(value)]
    found = Device.objects.alias(upper=Upper(name)).filter(upper__in=upper)
    return {value.upper(): pk for pk, value in found.values_list("pk", name)}


def _taken(lines, asked, name) -> set[int]:
    """The lines whose number is another device's, or that of an earlier line in the same message; a device that keeps
    its own number after all keeps it from the others too."""
    owners = devices_with(name, asked.values()) if asked else {}
    taken: set[int] = set()
    while True:
        changing = {lines[number].device.pk for number in asked if number not in taken}
        seen: set[str] = set()
        before = len(taken)
        for number, value in asked.items():
            owner = owners.get(value.upper())
            elses = owner not in (None, lines[number].device.pk) and owner not in changing
            if elses or value.upper() in seen:
                taken.add(number)
            seen.add(value.upper())
        if len(taken) == before:
            return taken


def _let_go(lines, asked, name):
    """Numbers that change hands within the message leave their devices first, for the database allows each once."""
    values = {value.upper() for value in asked.values()}
    leaving = [lines[n].device for n in asked if getattr(lines[n].device, name).upper() in values]
    if leaving:
        Device.objects.filter(pk__in=[device.pk for device in leaving]).update(**{name: ""})
