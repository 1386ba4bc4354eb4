"""Making an archive: one look at all tables at one moment, then the files, batch by batch; never more in memory than
a few hundred rows or one piece of a file.

A process can be ended anywhere. What is half done lies beside the place of the finished file, under another name: if
it is whole up to a batch, the next run goes on there, else it begins anew.
"""

import hashlib
import json
import os
import time
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from django.core.cache import cache
from django.core.files.storage import default_storage
from django.db import connection, models, transaction
from redis import RedisError

from velory.archive.contents import MASKED_COLUMNS, columns, tables
from velory.archive.manifest import README, described, manifest
from velory.archive.models import Archive
from velory.crash import crash

PIECE = 1024 * 1024
ROWS_AT_ONCE = 1000
LARGE_ROWS_AT_ONCE = 5  # of tables that keep whole files in a column
LONGEST = 120  # seconds that one run copies files; then it makes room for others and goes on later
PACKED = {".zip", ".pdf", ".png", ".jpg", ".jpeg", ".webp", ".gif", ".gz", ".mp4", ".xlsx"}
OWN_FOLDER = "archives"
MASK = r"regexp_replace({column}, '/(l|partner)/[A-Za-z0-9_-]{{12,}}', '/\1/••••', 'g')"  # links open pages


def make(archive: Archive, *, at) -> bool:
    """Make the file, or as much of it as fits into one run; True where it is finished."""
    part = _place(archive).with_suffix(".part")
    sums = _place(archive).with_suffix(".files.jsonl")
    part.parent.mkdir(parents=True, exist_ok=True)
    if not _goes_on(archive, part, sums):
        archive.got_to("")
        _write_tables(archive, part, at)
        sums.write_bytes(b"")
        crash("ARCHIVE.after_tables")
    if not _copy_files(archive, part, sums, time.monotonic() + LONGEST):
        return False
    counts = _close(archive, part, sums)
    crash("ARCHIVE.before_name")
    os.replace(part, _place(archive))
    sums.unlink()
    _beside(archive).unlink()
    size, digest = _place(archive).stat().st_size, _digest_of(_place(archive))
    archive.finish(size=size, digest=digest, counts=counts, at=at)
    return True


def remove(archive: Archive) -> None:
    """Delete what lies there of an archive, finished or not."""
    for place in (
        _place(archive),
        *(_place(archive).with_suffix(s) for s in (".part", ".files.jsonl", ".tables.json")),
    ):
        place.unlink(missing_ok=True)


def progress(archive: Archive) -> tuple[int, int]:
    """How much of how much is done, for the page: rows, then files. Nothing where nobody remembers."""
    try:
        return cache.get(f"archive:{archive.ref}") or (0, 0)
    except (RedisError, OSError):
        return (0, 0)


def _say_progress(archive, done, total):
    with suppress(RedisError, OSError):
        cache.set(f"archive:{archive.ref}", (done, total), timeout=900)


def _place(archive) -> Path:
    return Path(default_storage.path(archive.path))


def _beside(archive) -> Path:
    return _place(archive).with_suffix(".tables.json")


def _goes_on(archive, part, sums) -> bool:
    """Whether what lies there is whole: the tables, and every file that is said to be in it."""
    if not (part.exists() and sums.exists() and _beside(archive).exists() and zipfile.is_zipfile(part)):
        return False
    with zipfile.ZipFile(part) as archived, sums.open("rb") as listed:
        in_it = sum(1 for name in archived.namelist() if name.startswith("files/"))
        return in_it == sum(1 for _line in listed)


# Tables


def _write_tables(archive, part, at):
    """Every table as it is at one moment: the transaction sees nothing of what happens meanwhile."""
    done, facts = 0, []
    with zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED, compresslevel=3) as into, transaction.atomic():
        if not connection.savepoint_ids:  # the outermost transaction, as ever but in a test
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        total = _rows_in_all()
        for model in tables():
            name = f"tables/{model._meta.label_lower}.jsonl"
            digest, rows, size = hashlib.sha256(), 0, 0
            with into.open(_entry(name, archive), "w", force_zip64=True) as file:
                for line in _lines(model):
                    digest.update(line)
                    file.write(line)
                    rows, size = rows + 1, size + len(line)
                    if rows % 5000 == 0:
                        _say_progress(archive, done + rows, total)
            done += rows
            facts.append(described(model) | {"file": name, "rows": rows, "bytes": size, "sha256": digest.hexdigest()})
            _say_progress(archive, done, max(total, done))
    _beside(archive).write_text(json.dumps({"at": at.isoformat(), "tables": facts}))


def _rows_in_all() -> int:
    """About how many rows there are, from the database's own notes: for the progress alone."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT COALESCE(SUM(GREATEST(reltuples, 0)), 0)::bigint FROM pg_class"
            " WHERE relkind = 'r' AND relnamespace = current_schema()::regnamespace"
        )
        return cursor.fetchone()[0]


def _lines(model) -> Iterator[bytes]:
    """Each row of a table as one line of JSON, in the order of its key."""
    asked = ", ".join(_column(model, field) for field in columns(model))
    own, key = connection.ops.quote_name(model._meta.db_table), connection.ops.quote_name(model._meta.pk.column)
    large = any(isinstance(field, models.BinaryField) for field in columns(model))
    with connection.chunked_cursor() as cursor:
        cursor.execute(f"SELECT row_to_json(r)::text FROM (SELECT {asked} FROM {own} ORDER BY {key}) r")
        while rows := cursor.fetchmany(LARGE_ROWS_AT_ONCE if large else ROWS_AT_ONCE):
            for (line,) in rows:
                yield line.encode() + b"\n"


def _column(model, field) -> str:
    """A column as it is written: amounts as text, so that nobody reads them as floating-point numbers."""
    name = connection.ops.quote_name(field.column)
    shown = name
    if isinstance(field, models.DecimalField):
        shown = f"{name}::text"
    elif isinstance(field, models.BinaryField):
        shown = f"encode({name}, 'base64')"
    elif (model._meta.label_lower, field.name) in MASKED_COLUMNS:
        shown = MASK.format(column=name)
    return f"{shown} AS {name}"


# Files


def _copy_files(archive, part, sums, until) -> bool:
    """Add files until all are in, or the time is over; True where all are."""
    root = Path(default_storage.path(""))
    waiting = [name for name in _names_below(root) if name > archive.copied_to]
    listed, last = [], archive.copied_to
    with zipfile.ZipFile(part, "a", zipfile.ZIP_DEFLATED, compresslevel=3) as into:
        for number, name in enumerate(waiting, 1):
            if (fact := _copy(root, name, into, archive)) is not None:
                listed.append(fact)
            last = name
            _say_progress(archive, number, len(waiting))
            if time.monotonic() > until:
                break
    with sums.open("ab") as file:
        file.writelines(json.dumps(fact, ensure_ascii=False).encode() + b"\n" for fact in listed)
    archive.got_to(last)
    return not waiting or last == waiting[-1]


def _names_below(root: Path) -> list[str]:
    """Every file of the company, by name; archives are not put into archives."""
    found = (path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file())
    return sorted(name for name in found if not name.startswith(f"{OWN_FOLDER}/"))


def _copy(root, name, into, archive):
    """Copy one file piece by piece; None where it was deleted meanwhile."""
    digest, size = hashlib.sha256(), 0
    try:
        source = (root / name).open("rb")
    except FileNotFoundError:
        return None
    entry = _entry(f"files/{name}", archive)
    if Path(name).suffix.lower() in PACKED:
        entry.compress_type = zipfile.ZIP_STORED
    with source, into.open(entry, "w", force_zip64=True) as target:
        while piece := source.read(PIECE):
            digest.update(piece)
            target.write(piece)
            size += len(piece)
    return {"file": f"files/{name}", "bytes": size, "sha256": digest.hexdigest()}


def _entry(name, archive) -> zipfile.ZipInfo:
    """An entry whose time says when the archive was asked for: made twice it is the same to the byte."""
    entry = zipfile.ZipInfo(name, archive.asked_at.timetuple()[:6])
    entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o600 << 16
    return entry


# The end


def _close(archive, part, sums) -> dict:
    """The list of files, the manifest and the words about both go in last."""
    known = json.loads(_beside(archive).read_text())
    with sums.open("rb") as file:
        listed = [json.loads(line) for line in file]
    files = {
        "list": "files.jsonl", "count": len(listed), "bytes": sum(fact["bytes"] for fact in listed),
        "sha256": _digest_of(sums),
    }  # fmt: skip
    says = manifest(archive, known["tables"], files, snapshot_at=known["at"])
    with zipfile.ZipFile(part, "a", zipfile.ZIP_DEFLATED) as into:
        if "manifest.json" not in into.namelist():
            with sums.open("rb") as source, into.open(_entry("files.jsonl", archive), "w", force_zip64=True) as target:
                while piece := source.read(PIECE):
                    target.write(piece)
            into.writestr(_entry("README.txt", archive), README.format(name=says["company"]["name"], ref=archive.ref))
            into.writestr(_entry("manifest.json", archive), json.dumps(says, ensure_ascii=False, indent=2))
    return {"tables": len(known["tables"]), "rows": says["rows"], "files": files["count"], "bytes": files["bytes"]}


def _digest_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
