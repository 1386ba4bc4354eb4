"""The journal against the rows it tells of (reliability 3.3, F1 and F2), for the current company."""

from collections.abc import Iterator

from django.apps import apps
from django.db import connection

from velory.journal.edges import edges
from velory.journal.lifelines import machines
from velory.journal.models import Entry

MISCOUNTED = """
    SELECT thing.ref, thing.version, thing.status, count(entry.id) AS entries, max(entry.version) AS newest,
           (array_agg(entry.went_to ORDER BY entry.version DESC) FILTER (WHERE entry.id IS NOT NULL))[1] AS last
    FROM {things} AS thing LEFT JOIN journal_entry AS entry ON entry.about_type = %s AND entry.about_id = thing.id
    GROUP BY thing.id
    HAVING count(entry.id) <> thing.version OR coalesce(max(entry.version), 0) <> thing.version
        OR (array_agg(entry.went_to ORDER BY entry.version DESC) FILTER (WHERE entry.id IS NOT NULL))[1]
           IS DISTINCT FROM thing.status
    ORDER BY thing.id
"""


def verified() -> Iterator[str]:
    """A sentence for each entry or thing that does not agree with the other."""
    for model in machines().values():
        yield from _things(model)
        yield from _moves(model)
    yield from _without_a_life()


def _things(model):
    # F2: version = count(log), versions 1..n (unique in the database), last target = status
    with connection.cursor() as cursor:
        cursor.execute(MISCOUNTED.format(things=model._meta.db_table), [model._meta.label_lower])
        for ref, version, status, entries, newest, last in cursor.fetchall():
            yield (
                f"{model._meta.label_lower} {ref}: version {version}, {entries} entries, newest {newest or 0}, "
                f"status {status}, last entry went to {last or '-'}"
            )


def _moves(model):
    # F1: every move of the journal is a declared one; the first entry comes from nowhere
    label = model._meta.label_lower
    known = {*edges(model), *((status, status) for status, _label in model._meta.get_field("status").choices)}
    moves = Entry.objects.filter(about_type=label).values_list("came_from", "went_to").distinct().order_by()
    for came_from, went_to in moves:
        if came_from and (came_from, went_to) not in known:
            strange = Entry.objects.filter(about_type=label, came_from=came_from, went_to=went_to)
            for ref, version in strange.values_list("about_ref", "version").order_by("pk")[:20]:
                yield f"{label} {ref}: entry {version} goes from {came_from} to {went_to}, which no step does"
    for before, after, ref, version in _breaks(label):
        yield f"{label} {ref}: entry {version} comes from {after or '-'}, the one before went to {before or '-'}"


def _breaks(label):
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT before, came_from, about_ref, version FROM (
                SELECT came_from, about_ref, version, about_id,
                       lag(went_to) OVER (PARTITION BY about_id ORDER BY version) AS before
                FROM journal_entry WHERE about_type = %s
            ) AS pairs
            WHERE coalesce(before, '') <> came_from ORDER BY about_id, version LIMIT 200
            """,
            [label],
        )
        return cursor.fetchall()


def _without_a_life():
    # Partners, spaces, settings: entries are counted 1..n too, and their kind exists
    lives = {model._meta.label_lower for model in machines().values()}
    rows = Entry.objects.exclude(about_type__in=lives).values_list("about_type", "about_id", "version")
    expected: dict = {}
    for about_type, about_id, version in rows.order_by("about_type", "about_id", "version").iterator():
        following = expected.get((about_type, about_id), 0) + 1
        if version != following:
            yield f"{about_type}: entry {version} stands where {following} should"
        expected[about_type, about_id] = version
    for about_type in {key[0] for key in expected}:
        try:
            apps.get_model(about_type)
        except LookupError:
            yield f"{about_type}: entries about a kind of thing that does not exist"
