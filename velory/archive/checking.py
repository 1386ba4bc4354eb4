"""Whether an archive is what its manifest says: asked of the file alone, without any database."""

import hashlib
import json
import zipfile
from collections import Counter
from pathlib import Path

from velory.archive.manifest import FORMAT, FORMAT_VERSION

PIECE = 1024 * 1024
ALWAYS = {"manifest.json", "README.txt", "files.jsonl"}


class NotAnArchive(Exception):
    """The file is no archive of ours, or cannot be read at all; the sentence says why."""


def check(file: Path) -> tuple[dict, list[str]]:
    """The manifest of an archive and everything that is not as it says; the list is empty where all is well."""
    try:
        with zipfile.ZipFile(file) as archived:
            says = _manifest(archived)
            return says, list(_findings(archived, says))
    except (OSError, zipfile.BadZipFile, KeyError, ValueError, TypeError) as wrong:
        raise NotAnArchive(f"{file} is no archive of Velory, or it is damaged: {wrong}") from wrong


def _manifest(archived):
    says = json.loads(archived.read("manifest.json"))
    if says.get("format") != FORMAT or says.get("format_version") != FORMAT_VERSION:
        raise ValueError("its format is another one")
    return says


def _findings(archived, says):
    expected = Counter(ALWAYS)
    for table in says["tables"]:
        expected[table["file"]] += 1
        yield from _compared(archived, table, rows=table["rows"])
    files = says["files"]
    yield from _compared(archived, files | {"file": files["list"], "bytes": None}, rows=files["count"])
    for fact in _listed(archived, files["list"]):
        expected[fact["file"]] += 1
        yield from _compared(archived, fact)
    found = Counter(archived.namelist())
    yield from (f"{name}: is not in the archive." for name in sorted(expected - found))
    yield from (f"{name}: nothing says that it is in the archive." for name in sorted(found - expected))


def _listed(archived, name):
    if name not in archived.NameToInfo:
        return
    with archived.open(name) as lines:
        for line in lines:
            yield json.loads(line)


def _compared(archived, fact, *, rows=None):
    name = fact["file"]
    if name not in archived.NameToInfo:
        return
    try:
        digest, size, lines = _read(archived, name)
    except (zipfile.BadZipFile, OSError) as wrong:
        yield f"{name}: cannot be read ({wrong})."
        return
    if digest != fact["sha256"]:
        yield f"{name}: its SHA-256 is {digest}, not {fact['sha256']}."
    if fact["bytes"] is not None and size != fact["bytes"]:
        yield f"{name}: has {size} bytes, not {fact['bytes']}."
    if rows is not None and lines != rows:
        yield f"{name}: has {lines} rows, not {rows}."


def _read(archived, name):
    digest, size, lines = hashlib.sha256(), 0, 0
    with archived.open(name) as file:
        while piece := file.read(PIECE):
            digest.update(piece)
            size, lines = size + len(piece), lines + piece.count(b"\n")
    return digest.hexdigest(), size, lines
