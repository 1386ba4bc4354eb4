"""Events on their way to the product: signed, in time or late, once or twice, until they are taken."""

import hashlib
import hmac
import http.client
import json
import random
import threading
import traceback
from urllib.parse import urlsplit

from velory.demo.stripe.knobs import Knobs
from velory.demo.stripe.state import State, new_word, shown

PAUSES = (1, 5, 30, 120, 600, 3600, 6 * 3600, 12 * 3600)  # seconds before each next try; after the last none
PATIENCE = 10  # seconds until an endpoint has to answer


def sign(body: bytes, secret: str, at: int) -> str:
    """The header `Stripe-Signature`."""
    signed = hmac.new(secret.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={at},v1={signed}"


def letter(state: State, knobs: Knobs, event: dict, secret: str, *, at: int | None = None) -> tuple[bytes, dict]:
    """Body and headers of an event, as the knobs have it."""
    said = shown(event)
    if knobs.flip_livemode:
        said["livemode"] = not said["livemode"]
    body = json.dumps(said, ensure_ascii=False, indent=2).encode()
    secret = f"whsec_{new_word(32)}" if knobs.wrong_secret else secret
    signature = sign(body, secret, state.clock.wall() if at is None else at)
    return body, {"Content-Type": "application/json; charset=utf-8", "Stripe-Signature": signature}


def due(state: State, knobs: Knobs) -> list[dict]:
    """The events that are to be sent now, in the order in which they go. Some are lost on the way."""
    waiting = [one for one in reversed(state.all(None, "event")) if one.get("_waits")]
    found = []
    for event in waiting:
        held = knobs.delay if not event["_tries"] else 0
        if event["_next"] + held > state.clock.lived():
            continue
        if knobs.drop and not event["_tries"]:
            knobs.drop -= 1 if knobs.drop > 0 else 0
            state.change(event, _waits=False, _lost=True)
            continue
        found.extend([event] * max(1, knobs.copies))
    if knobs.shuffle:
        random.shuffle(found)
    return found


def taken(state: State, event: dict) -> None:
    """The endpoint has answered 2xx."""
    state.change(event, _waits=False, pending_webhooks=0)


def not_taken(state: State, event: dict) -> None:
    """It has not: again later, or never."""
    tries = event["_tries"]
    if tries >= len(PAUSES):
        state.change(event, _waits=False, _lost=True)
    else:
        state.change(event, _tries=tries + 1, _next=state.clock.lived() + PAUSES[tries])


class Sender(threading.Thread):
    """Sends what is due to one endpoint, for as long as the stand-in runs."""

    def __init__(self, standin, url: str, secret: str, *, every=0.3):
        super().__init__(daemon=True, name="webhooks")
        self.standin, self.url, self.secret, self.every = standin, url, secret, every
        self.over = threading.Event()

    def run(self):
        """Look again and again."""
        while not self.over.wait(self.every):
            try:
                self.send_what_is_due()
            except Exception:  # noqa: BLE001 - a fault is told; the next look may do better
                traceback.print_exc()

    def send_what_is_due(self) -> int:
        """Send all that is due; returns how many letters went out."""
        standin = self.standin
        standin.tick()
        state = standin.state
        with state.whole():
            events = due(state, standin.knobs)
        done: dict[str, bool] = {}
        for event in events:
            body, headers = letter(state, standin.knobs, event, self.secret)
            done[event["id"]] = self._post(body, headers) or done.get(event["id"], False)
        with state.whole():
            for id_, well in done.items():
                if id_ in state.things:
                    (taken if well else not_taken)(state, state.things[id_])
        return len(events)

    def _post(self, body, headers):
        url = urlsplit(self.url)
        line = http.client.HTTPConnection("127.0.0.1", url.port or 80, timeout=PATIENCE)
        try:
            line.request("POST", url.path, body, headers | {"Host": url.netloc, "User-Agent": "Stripe/1.0 (stand-in)"})
            return 200 <= line.getresponse().status < 300
        except (OSError, http.client.HTTPException):
            return False
        finally:
            line.close()
