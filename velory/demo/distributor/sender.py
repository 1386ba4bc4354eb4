"""Reports on their way to the customers: signed, in their order, again and again until they are taken."""

import http.client
import json
import threading
import traceback
from urllib.parse import urlsplit

from velory import clock
from velory.demo.distributor.signing import HEADER, sign

PAUSES = (1, 5, 30, 120, 600)  # seconds before each next try; after the last none
PATIENCE = 10  # seconds


class Sender(threading.Thread):
    """Sends what waits, for as long as the machine runs."""

    def __init__(self, machine, *, every=0.3):
        super().__init__(daemon=True, name="reports")
        self.machine, self.every, self.over = machine, every, threading.Event()

    def run(self):
        """Look again and again."""
        while not self.over.wait(self.every):
            try:
                self.send_what_is_due()
            except Exception:  # noqa: BLE001 - a fault is told; the next look may do better
                traceback.print_exc()

    def send_what_is_due(self) -> None:
        """Let what is due happen, and tell it."""
        books = self.machine.books
        with books.lock:
            said = len(books.messages)
            self.machine.desk.what_is_due()
            if len(books.messages) > said:
                books.keep()
            waiting = [message for message in books.messages if message["state"] == "waits"]
        for message in waiting:
            if message["next"] <= self.machine.desk.lived():
                self._send(message)

    def _send(self, message):
        order = self.machine.books.order(message["about"])
        body = message["body"].encode()
        if not message.pop("again", False):
            message["signed"] = sign(body, self.machine.books.customers[order["customer"]], clock.wall())
        status, said = self._post(order["report_to"], body, message["signed"])
        with self.machine.books.lock:
            message["answer"] = f"{status} {_in_short(said)}".strip() if status else "no answer"
            if 200 <= status < 300:
                message["state"] = "taken"
            elif 400 <= status < 500 and status != 429:
                message["state"] = "refused"
            elif message["tries"] >= len(PAUSES):
                message["state"] = "lost"
            else:
                message["next"] = self.machine.desk.lived() + PAUSES[message["tries"]]
                message["tries"] += 1
            self.machine.books.keep()

    def _post(self, address, body, signed):
        """The demo's hosts are this machine, whatever the resolver thinks of their names."""
        url = urlsplit(address)
        line = http.client.HTTPConnection("127.0.0.1", url.port or 80, timeout=PATIENCE)
        headers = {"Content-Type": "application/json", "Host": url.netloc, HEADER: signed, "User-Agent": "Dustin/1.0"}
        try:
            line.request("POST", url.path, body, headers)
            answer = line.getresponse()
            return answer.status, answer.read().decode(errors="replace")
        except (OSError, http.client.HTTPException):
            return 0, ""
        finally:
            line.close()


def _in_short(said):
    """What became of it, or why nothing did."""
    try:
        answer = json.loads(said)
        return str(answer.get("outcome") or answer.get("reason") or "")[:40]
    except (ValueError, AttributeError):
        return ""
