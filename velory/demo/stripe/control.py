"""`/_standin/`: everything that can be made to happen or to go wrong, for people as a page, for programs as JSON."""

import inspect
import json
from urllib.parse import parse_qsl

from velory.demo.stripe.api import Answer, Request
from velory.demo.stripe.control_page import control_page
from velory.demo.stripe.errors import StripeError
from velory.demo.stripe.hands import Declined, Hands
from velory.demo.stripe.showing import go
from velory.demo.stripe.state import shown

NOT_BY_HAND = {"all_of", "meanwhile", "session"}
DOES = {name for name, _ in inspect.getmembers(Hands, inspect.isfunction) if name[0] != "_"} - NOT_BY_HAND
YES, NO = {"1", "true", "on", "yes"}, {"0", "false", "off", "no"}


class Control:
    """Who turns the knobs of a stand-in."""

    def __init__(self, standin):
        self.standin, self.hands = standin, Hands(standin)

    def answer(self, request: Request) -> Answer:
        """Do what is asked, or show how things are."""
        part = request.path.removeprefix("/_standin/").strip("/")
        for_people = "text/html" in request.headers.get("accept", "")
        if request.method != "POST":
            return self._show(part, dict(parse_qsl(request.query)), for_people)
        if not self._is_ours(request):
            return _json(403, {"error": "Another site's page may not turn these knobs."})
        try:
            result = self._do(part, dict(parse_qsl(request.body.decode(errors="replace"), keep_blank_values=True)))
        except (StripeError, Declined, TypeError, ValueError, KeyError) as refusal:
            return control_page(self.standin, said=str(refusal)) if for_people else _json(400, {"error": str(refusal)})
        return go("/_standin/") if for_people else _json(200, result)

    def _is_ours(self, request):
        origin = request.headers.get("origin")
        return not origin or origin == self.standin.origin or origin.startswith("http://127.0.0.1:")

    def _show(self, part, asked, for_people):
        if part == "" and for_people:
            return control_page(self.standin)
        if part == "":
            return _json(200, {"knobs": self.standin.knobs.as_they_stand(), "does": sorted(DOES)})
        kind = part.removeprefix("things/")
        things = [shown(one) | _hidden(one) for one in self.hands.all_of(kind)]
        return _json(200, [one for one in things if all(str(one.get(k)) == v for k, v in asked.items())])

    def _do(self, part, form):
        if part == "knobs":
            for name, value in form.items():
                self.standin.knobs.turn(name, value)
            return self.standin.knobs.as_they_stand()
        if part == "fault":
            form = {k: v for k, v in form.items() if k != "seconds" or form.get("does") == "stalls"}
            part = form.pop("does")
        if part == "reset":
            return self.standin.reset()
        if part not in DOES:
            raise KeyError(f"Nobody can {part}. There are: {', '.join(sorted(DOES))}")
        given = {name: _read(name, value) for name, value in form.items() if value != ""}
        result = getattr(self.hands, part)(**given)
        return shown(result) if isinstance(result, dict) else result if isinstance(result, str) else {"done": part}


def _read(name, value):
    if name in {"amount", "times", "status"}:
        return int(value)
    return True if value in YES - {"1"} else False if value in NO - {"0"} else value


def _hidden(thing):
    """What the stand-in keeps to itself about an event: whether it has been taken."""
    return {name[1:]: thing[name] for name in ("_waits", "_lost", "_tries", "_disconnected") if name in thing}


def _json(status, facts):
    return Answer(
        status, json.dumps(facts, ensure_ascii=False, indent=1).encode(), {"Content-Type": "application/json"}
    )
