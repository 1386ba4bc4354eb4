"""What the people at the distributor's desk do with an order, and what they tell the customer about it."""

import json
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from velory import clock
from velory.demo.distributor.books import Books, new_imei, new_serial

CARRIER = "https://tracking.postnord.com/en/?id="
HOUR, DAY = 3600, 86_400
BY_ITSELF = (("prepare", HOUR), ("ship", DAY), ("deliver", 3 * DAY))  # how long after the order came
OPEN = ("", "not_started", "on_hold", "preparing", "backordered")


class Desk:
    """One desk. `lived` is the time on which things age."""

    def __init__(self, books: Books, lived):
        self.books, self.lived = books, lived

    def take(self, key: str, said: dict[str, Any]) -> dict[str, Any]:
        """Write an order down, once for each key."""
        known = self.books.known_as(key)
        if known is None:
            known = {
                "key": key, "number": self.books.next_number(), "ref": said["order"], "customer": said["company"]["id"],
                "customer_name": said["company"]["name"], "report_to": said["report_to"], "page": said.get("page", ""),
                "taken": self.lived(), "done_by_itself": 0, "said": 0,
                "lines": [_as_written_down(line) for line in said["lines"]],
            }  # fmt: skip
            self.books.orders.append(known)
        return known

    def what_is_due(self) -> None:
        """Orders go their way by themselves, for as long as nobody has cancelled them."""
        if not self.books.knobs["by_itself"]:
            return
        for order in self.books.orders:
            for place, (verb, after) in enumerate(BY_ITSELF, start=1):
                if order["done_by_itself"] < place and order["taken"] + after <= self.lived():
                    order["done_by_itself"] = place
                    getattr(self, verb)(order)

    # What happens to an order

    def prepare(self, order) -> None:
        """Somebody packs it."""
        self._report(order, [line for line in order["lines"] if line["status"] in OPEN[:3]], "preparing")

    def backorder(self, order) -> None:
        """None left; a week from now there are."""
        expected = (clock.now() + timedelta(days=7)).date().isoformat()
        self._report(order, self._open(order), "backordered", expected_on=expected)

    def hold(self, order) -> None:
        """Something is not clear yet."""
        self._report(order, self._open(order), "on_hold")

    def ship(self, order) -> None:
        """All that is left goes to the carrier, with its serial numbers."""
        self._ship(order, self._open(order))

    def ship_first(self, order) -> None:
        """The first of what is left goes, the others wait."""
        self._ship(order, self._open(order)[:1])

    def deliver(self, order) -> None:
        """The carrier has handed over what was shipped."""
        self._report(order, [line for line in order["lines"] if line["status"] == "shipped"], "delivered")

    def cancel(self, order) -> None:
        """Nothing of what is left comes."""
        self._report(order, self._open(order), "cancelled", reason="The manufacturer does not deliver it any more")

    def say_something_odd(self, order) -> None:
        """A word that nobody has agreed on."""
        self._tell(order, [{"line": line["line"], "status": "waiting_for_customs"} for line in order["lines"][:1]])

    def add_something(self, order) -> None:
        """The person at the desk puts something into the parcel that nobody ordered here."""
        extra = {"name": "Logitech MX Master 3S", "article_number": "5011300352", "serial": new_serial()}
        self._tell(order, [], extra_devices=[extra])

    # What is said of it

    def _open(self, order):
        return [line for line in order["lines"] if line["status"] in OPEN]

    def _ship(self, order, lines):
        for line in lines:
            line["serial"] = line["serial"] or new_serial()
            line["imei"] = line["imei"] or (new_imei() if line["category"] == "phones" else "")
        parcel = f"SE{order['number'].removeprefix('DU-')}{order['said'] + 1:03}"
        self._report(order, lines, "shipped", tracking_number=parcel, tracking_url=CARRIER + parcel)

    def _report(self, order, lines, status, **facts):
        for line in lines:
            line["status"] = status
        known = ("serial", "imei") if status == "shipped" else ()
        said = [
            {"line": line["line"], "status": status, **facts, **{name: line[name] for name in known if line[name]}}
            for line in lines
        ]
        if said:
            self._tell(order, said)

    def _tell(self, order, lines, **more):
        order["said"] += 1
        id_ = f"{order['number']}-{order['said']}"
        body = {
            "company": urlsplit(order["report_to"]).hostname, "message_id": id_, "sequence": order["said"],
            "order": order["ref"], "order_number": order["number"], "lines": lines, **more,
        }  # fmt: skip
        self.books.messages.append({
            "id": id_, "about": order["number"], "body": json.dumps(body, ensure_ascii=False), "signed": "",
            "state": "waits", "tries": 0, "next": self.lived(), "answer": "",
        })  # fmt: skip

    def replay(self, order) -> None:
        """Send the last message once more, byte by byte as it was."""
        gone = [message for message in self.books.messages_about(order) if message["signed"]]
        for message in gone[-1:]:
            message |= {"state": "waits", "tries": 0, "next": self.lived(), "again": True}


VERBS = {
    "prepare": "Prepare", "hold": "Put on hold", "backorder": "Backorder", "ship": "Ship",
    "ship_first": "Ship the first line", "deliver": "Deliver", "cancel": "Cancel",
    "say_something_odd": "Report an odd status", "add_something": "Add a device", "replay": "Replay the last message",
}  # fmt: skip


def _as_written_down(line):
    return {
        "line": line["line"], "name": line["name"], "article_number": line["article_number"],
        "category": line["category"], "for": line["for"]["name"], "status": "", "serial": "", "imei": "",
    }  # fmt: skip
