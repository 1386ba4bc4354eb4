"""The stand-in as a whole: calls of the API, pages for people, knobs; and what time brings by itself."""

from pathlib import Path

from velory.demo.stripe import api, pages
from velory.demo.stripe.api import Answer, Request
from velory.demo.stripe.clock import Clock
from velory.demo.stripe.control import Control
from velory.demo.stripe.knobs import Knobs
from velory.demo.stripe.refunds import settle
from velory.demo.stripe.sessions import expire_the_old
from velory.demo.stripe.showing import go
from velory.demo.stripe.state import State


class Standin:
    """One Stripe. `origin` is the address of its pages, as a browser knows it."""

    def __init__(self, folder: Path | None = None, clock: Clock | None = None, origin: str = ""):
        self.state = State(folder, clock)
        self.knobs = Knobs()
        self.origin = origin
        self.control = Control(self)

    def reset(self):
        """As on the first day."""
        self.state.reset()
        self.knobs.heal()

    def answer(self, request: Request) -> Answer:
        """Answer whatever came."""
        self.tick()
        if request.path.startswith("/v1/"):
            return api.answer(self.state, self.knobs, request, self.origin)
        if request.path.startswith("/_standin/"):
            return self.control.answer(request)
        return go("/_standin/") if request.path == "/" else pages.answer(self, request)

    def tick(self) -> None:
        """What was due by now happens: pages close, banks have thought about refunds."""
        with self.state.whole():
            expire_the_old(self.state)
            settle(self.state)
