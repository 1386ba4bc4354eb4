"""A step of many things at once: declared, asked, journalled and followed as each by itself, with a few statements."""

from collections.abc import Iterable
from itertools import batched
from typing import Any

from django.db import connection
from django_fsm import ConcurrentTransition

from velory.journal.models import Entry
from velory.journal.steps import admit, entry_for, follow, steps_of

A_STATEMENT = 500


def take_together(name: str, taken: Iterable[tuple[Any, dict]], *, by, at, facts=None) -> list[Entry]:
    """Take a step of many things, each with its own details: of all of them or of none.

    The caller holds the rows and has just read them. `facts` stand in every entry besides. Raises what the step
    raises for the first thing that does not take it; nothing is kept then if the caller's savepoint goes back.
    """
    assert connection.in_atomic_block, "take_together() needs a transaction"
    taken = list(taken)
    if not taken:
        return []
    model = type(taken[0][0])
    before = [dict(thing.__dict__) for thing, _details in taken]
    things = [thing for thing, _details in taken]
    with model.gathering(things, at):
        entries = [_moved(model, name, thing, details, by=by, at=at, facts=facts or {}) for thing, details in taken]
    _save(model, things, before)
    Entry.objects.bulk_create(entries)
    follow(model, name, things, at=at)
    for thing, entry in zip(things, entries, strict=True):
        for tell in steps_of(model)[name].tells:
            tell(thing, entry)
    return entries


def _moved(model, name, thing, details, *, by, at, facts):
    made = steps_of(model)[name]
    role = admit(made, thing, by=by, at=at, details=details)
    came_from = thing.status
    acting_for = role.acts_for(thing, by) if role.acts_for else ""
    getattr(model, name).move(thing, by=by, at=at, **details)
    thing.version += 1
    return entry_for(
        thing, name, by=by, role=role.name, at=at, came_from=came_from, acting_for=acting_for,
        details={**details, **thing.__dict__.pop("_facts", {}), **facts},
    )  # fmt: skip


def _save(model, things, before) -> None:
    """Write what the rule has changed, and nothing else; the rows are held, so nobody has written it meanwhile."""
    own = [field for field in model._meta.concrete_fields if not (field.generated or field.primary_key)]
    changed = [
        field
        for field in own
        if any(
            thing.__dict__.get(field.attname) != was.get(field.attname)
            for thing, was in zip(things, before, strict=True)
        )
    ]
    for some in batched(things, A_STATEMENT):
        _update(model, some, changed)
    for thing in things:
        thing._remember()


def _update(model, things, fields) -> None:
    """One statement for many rows, each with its own values: a CASE for each of them costs a hundred times as much."""
    table, key = connection.ops.quote_name(model._meta.db_table), model._meta.pk
    columns = [connection.ops.quote_name(field.column) for field in (key, *fields)]
    values = [
        [field.get_db_prep_save(getattr(thing, field.attname), connection) for thing in things]
        for field in (key, *fields)
    ]
    types = ", ".join(
        f"%s::{field.rel_db_type(connection) if field is key else field.db_type(connection)}[]"
        for field in (key, *fields)
    )
    sets = ", ".join(f"{column} = new.{column}" for column in columns[1:])
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {table} SET {sets} FROM unnest({types}) AS new ({', '.join(columns)})"
            f" WHERE {table}.{columns[0]} = new.{columns[0]}",
            values,
        )
        if cursor.rowcount != len(things):
            raise ConcurrentTransition(f"{len(things) - cursor.rowcount} of {len(things)} rows are gone.")
