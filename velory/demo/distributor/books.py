"""What the distributor has written down: its customers, their orders, what it has told. One file, written whole."""

import json
import secrets
import threading
from pathlib import Path
from typing import Any

FIRST_NUMBER = 204_417
LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"


class Books:
    """Everything, behind one lock. Without a folder it is forgotten at the end."""

    def __init__(self, folder: Path | None = None):
        self.lock = threading.RLock()
        self.file = folder / "books.json" if folder else None
        self.customers: dict[str, str] = {}  # the secret of each, by the company's short name
        self.orders: list[dict[str, Any]] = []
        self.messages: list[dict[str, Any]] = []
        self.knobs: dict[str, int] = {"by_itself": 1, "refuse": 0, "trouble": 0}
        self._read()

    def order(self, number: str) -> dict[str, Any]:
        """One by its number. Raises LookupError."""
        for order in self.orders:
            if order["number"] == number:
                return order
        raise LookupError(f"There is no order {number}.")

    def known_as(self, key: str) -> dict[str, Any] | None:
        """The order that came under a key, if it did."""
        return next((order for order in self.orders if order["key"] == key), None)

    def next_number(self) -> str:
        """The number of the next order."""
        return f"DU-{FIRST_NUMBER + len(self.orders)}"

    def messages_about(self, order) -> list[dict[str, Any]]:
        """What was said of an order, in its order."""
        return [message for message in self.messages if message["about"] == order["number"]]

    def keep(self) -> None:
        """Write all of it down."""
        if self.file is None:
            return
        fresh = self.file.with_suffix(".new")
        fresh.touch(mode=0o600)
        fresh.write_text(json.dumps(self._all(), ensure_ascii=False), encoding="utf-8")
        fresh.replace(self.file)

    def _all(self):
        return {name: getattr(self, name) for name in ("customers", "orders", "messages", "knobs")}

    def _read(self):
        if self.file is None:
            return
        self.file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if self.file.exists():
            for name, value in json.loads(self.file.read_text(encoding="utf-8")).items():
                setattr(self, name, value)


def new_serial() -> str:
    """A serial number that nobody has."""
    return "DU" + "".join(secrets.choice(LETTERS) for _ in range(10))


def new_imei() -> str:
    """An IMEI with its right check digit."""
    digits = [int(digit) for digit in "35" + "".join(secrets.choice("0123456789") for _ in range(12))]
    total = sum(sum(divmod(digit * 2, 10)) if place % 2 else digit for place, digit in enumerate(digits))
    return "".join(map(str, digits)) + str(-total % 10)
