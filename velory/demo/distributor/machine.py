"""The distributor's machine as a whole: where orders come in, the page of its desk, and what time brings by itself."""

import json
from functools import lru_cache
from pathlib import Path
from urllib.parse import parse_qsl

from django.template import Context, Engine

from velory import clock
from velory.demo.distributor.books import Books
from velory.demo.distributor.desk import VERBS, Desk
from velory.demo.distributor.signing import HEADER, is_signed
from velory.demo.stripe.api import Answer, Request
from velory.demo.stripe.showing import go, style

SHOWN = 20  # orders on the page
KNOBS = {
    "by_itself": "1: orders go their way by themselves: prepared after an hour, shipped after a day, there after three",
    "refuse": "so many of the next orders are refused",
    "trouble": "so many of the next orders are answered with 503",
}


class Machine:
    """One distributor. `origin` is the address of its page, as a browser knows it."""

    def __init__(self, folder: Path | None = None, *, origin: str = "", follows_the_demo: bool = False):
        self.books, self.origin, self.follows_the_demo = Books(folder), origin, follows_the_demo
        self.desk = Desk(self.books, self.lived)

    def lived(self) -> float:
        """The time on which orders age, in seconds: in the demo it can be pushed."""
        return (clock.now() if self.follows_the_demo else clock.wall()).timestamp()

    def answer(self, request: Request) -> Answer:
        """Answer whatever came."""
        if request.path == "/style.css":
            return style()
        if request.path == "/orders/" and request.method == "POST":
            return self.take_order(request)
        if request.path == "/" and request.method in {"GET", "HEAD"}:
            return self.page()
        if request.method == "POST" and self._is_ours(request):
            return self.act(request)
        return _json(404, {"error": "There is nothing here."})

    # Orders

    def take_order(self, request: Request) -> Answer:
        """A signed order of a customer; the same key again is answered as the first time."""
        with self.books.lock:
            said = _read(request.body)
            customer = said.get("company", {}).get("id")
            secret = self.books.customers.get(customer)
            if not secret or not is_signed(request.body, request.headers.get(HEADER.lower(), ""), secret, clock.wall()):
                return _json(401, {"error": "The signature does not fit."})
            for knob, status in (("refuse", 422), ("trouble", 503)):
                if self.books.knobs[knob]:
                    self.books.knobs[knob] -= 1
                    self.books.keep()
                    return _json(status, {"error": "Not this time."})
            order = self.desk.take(f"{customer}/{request.headers.get('idempotency-key', '')}", said)
            self.books.keep()
        return _json(200, {"order_number": order["number"]})

    # The desk

    def act(self, request: Request) -> Answer:
        """What somebody at the desk does, or turns."""
        verb, form = request.path.strip("/"), dict(parse_qsl(request.body.decode(), keep_blank_values=True))
        for_people = "text/html" in request.headers.get("accept", "")
        try:
            with self.books.lock:
                self._do(verb, form)
                self.books.keep()
        except (LookupError, ValueError) as refusal:
            return self.page(said=str(refusal)) if for_people else _json(400, {"error": str(refusal)})
        return go("/") if for_people else _json(200, {"done": verb})

    def _do(self, verb, form):
        if verb == "customer":
            self.books.customers[form["company"]] = form["secret"]
        elif verb == "knobs":
            self.books.knobs |= {name: int(form[name] or 0) for name in KNOBS if name in form}
        elif verb in VERBS:
            getattr(self.desk, verb)(self._order(form))
        else:
            raise LookupError(f"Nobody here can {verb}.")

    def _order(self, form):
        """By its own number, or by the customer's reference."""
        for order in self.books.orders:
            if form.get("ref") == order["ref"] and form.get("company", order["customer"]) == order["customer"]:
                return order
        return self.books.order(form.get("number", ""))

    def page(self, said: str = "") -> Answer:
        """The orders, newest first, each with what can be done with it; what was told; the knobs."""
        with self.books.lock:
            orders = [
                order | {"messages": self.books.messages_about(order)} for order in reversed(self.books.orders[-SHOWN:])
            ]
            knobs = [{"name": name, "label": label, "value": self.books.knobs[name]} for name, label in KNOBS.items()]
        facts = {"orders": orders, "verbs": VERBS, "knobs": knobs, "said": said}
        content = _engine().get_template("page.html").render(Context(facts, use_l10n=False, use_tz=False))
        policy = "default-src 'none'; style-src 'self'; img-src data:; base-uri 'none'; form-action 'self'"
        headers = {"Content-Type": "text/html; charset=utf-8", "Cache-Control": "no-store"}
        return Answer(200, content.encode(), headers | {"Content-Security-Policy": policy})

    def _is_ours(self, request):
        """Not a page of another site."""
        origin = request.headers.get("origin")
        return not origin or origin == self.origin or origin.startswith("http://127.0.0.1:")


@lru_cache
def _engine() -> Engine:
    return Engine(dirs=[str(Path(__file__).with_name("look"))])


def _read(body):
    try:
        said = json.loads(body)
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}


def _json(status, facts):
    return Answer(status, json.dumps(facts, ensure_ascii=False).encode(), {"Content-Type": "application/json"})
