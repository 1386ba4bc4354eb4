"""What the stand-in remembers: things by their id, each in one account and one mode.

Things are changed by `add` and `change` inside `whole()`, which keeps all of a request or none of it. In the demo each
request that changed something is a line of an append-only file, so that a kill loses nothing that was answered.
"""

import copy
import json
import os
import secrets
import string
import threading
from collections import defaultdict
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from velory.demo.stripe.clock import Clock
from velory.demo.stripe.errors import StripeError, missing

LETTERS = string.ascii_letters + string.digits
PLATFORM = "acct_VeloryPlatform"


class Place(NamedTuple):
    """Where things belong: an account, in live or in test mode."""

    account: str
    live: bool = False


class State:
    """Everything, behind one lock."""

    def __init__(self, folder: Path | None = None, clock: Clock | None = None):
        self.lock = threading.RLock()
        self.clock = clock or Clock()
        self.file = folder / "book.jsonl" if folder else None
        self._begin()
        if self.file:
            self._read(self.file)

    def reset(self):
        """Forget everything."""
        with self.lock:
            self._begin()
            if self.file:
                self.file.unlink(missing_ok=True)

    def _begin(self):
        self.things: dict[str, dict] = {}
        self.kinds: dict[str, list[str]] = defaultdict(list)
        self.in_use: set[str] = set()
        self._before: dict[str, dict | None] | None = None
        self.clock.pushed = 0.0

    # Reading

    def find(self, place: Place, kind: str, id_: str, param="id") -> dict:
        """A thing of a place. Raises the 404 of Stripe where it is another's or nobody's."""
        thing = self.things.get(id_)
        if thing is None or thing["object"] != kind or tuple(thing["_place"]) != tuple(place):
            raise missing(kind, id_, param)
        return thing

    def all(self, place: Place | None, kind: str) -> list[dict]:
        """The things of a kind, the latest first."""
        found = (self.things[id_] for id_ in reversed(self.kinds[kind]))
        return [thing for thing in found if place is None or tuple(thing["_place"]) == tuple(place)]

    # Changing

    @contextmanager
    def whole(self):
        """All changes of the block are kept, or none: where it raises, all is as it was."""
        with self.lock:
            if self._before is not None:  # inside another one
                yield
                return
            self._before = {}
            try:
                yield
            except StripeError as refusal:
                if not refusal.keeps:
                    self._undo()
                raise
            except BaseException:
                self._undo()
                raise
            finally:
                changed, self._before = self._kept, None
                self._write([self.things[id_] for id_ in changed if id_ in self.things])

    @property
    def _kept(self) -> dict[str, dict | None]:
        """What was before, as far as it was changed inside `whole()`."""
        assert self._before is not None, "Things are changed inside whole()."
        return self._before

    def add(self, place: Place, kind: str, prefix: str, *, id_=None, **facts) -> dict:
        """A new thing."""
        id_ = id_ or f"{prefix}_{new_word(24)}"
        thing = {"id": id_, "object": kind, "created": self.clock.wall(), **facts}
        thing |= {"_place": list(place), "_born": self.clock.lived()}
        self._kept.setdefault(id_, None)
        self.things[id_] = thing
        self.kinds[kind].append(id_)
        return thing

    def change(self, thing: dict, **facts) -> dict:
        """Other facts about a thing."""
        self._kept.setdefault(thing["id"], copy.deepcopy(thing))
        thing |= facts
        return thing

    def forget(self, thing: dict) -> None:
        """A thing is gone, as keys are after a day."""
        self._kept.setdefault(thing["id"], copy.deepcopy(thing))
        thing["_gone"] = True
        self.kinds[thing["object"]].remove(thing["id"])

    def _undo(self):
        for id_, before in self._kept.items():
            now = self.things[id_]
            if before is None:
                del self.things[id_]
                if id_ in self.kinds[now["object"]]:
                    self.kinds[now["object"]].remove(id_)
            else:
                now.clear()
                now |= before
                if id_ not in self.kinds[now["object"]]:
                    self.kinds[now["object"]].append(id_)
        self._before = {}

    # The file

    def _write(self, changed):
        if not self.file or not changed:
            return
        line = (json.dumps(changed, ensure_ascii=False) + "\n").encode()
        with self.file.open("ab") as file:
            file.write(line)
            file.flush()
            os.fsync(file.fileno())

    def _read(self, book: Path):
        """Read what was written. Half a line at the end is a request that was never answered."""
        book.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            content = book.read_bytes()
        except FileNotFoundError:
            return
        whole = content.rpartition(b"\n")[0]
        for line in whole.splitlines():
            for thing in json.loads(line):
                if thing["id"] not in self.things:
                    self.kinds[thing["object"]].append(thing["id"])
                self.things[thing["id"]] = thing
        for kind, ids in self.kinds.items():
            self.kinds[kind] = [id_ for id_ in ids if not self.things[id_].get("_gone")]
        self._write_anew(book)

    def _write_anew(self, book: Path):
        """Each thing once, as it is now; the old file stands until the new one is whole."""
        fresh = book.with_suffix(".new")
        with fresh.open("w", encoding="utf-8") as file:
            file.writelines(json.dumps([thing], ensure_ascii=False) + "\n" for thing in self.things.values())
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(book)


def new_word(length: int) -> str:
    """Random letters and digits, as they stand in Stripe's ids."""
    return "".join(secrets.choice(LETTERS) for _ in range(length))


def shown(thing: dict) -> dict:
    """A thing as the world may see it: without what the stand-in keeps to itself."""
    return {name: copy.deepcopy(value) for name, value in thing.items() if not name.startswith("_")}
