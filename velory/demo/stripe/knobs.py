"""What can be made to go wrong: for tests, and for who wants to see in the demo what Velory does then."""

import fnmatch
from collections.abc import Callable
from dataclasses import dataclass, field, fields
from typing import Any


@dataclass
class Fault:
    """What happens to the next calls of one kind: `at` is a method and a path, such as `POST /v1/refunds*`."""

    at: str
    does: str = "error"  # error, stall, cut, call
    times: int = 1  # how many calls it happens to; 0 is all of them
    seconds: float = 0.0  # how long a stall takes
    done: bool = False  # whether the call is carried out all the same (an answer is then lost, not the work)
    status: int = 500
    stored: bool = True  # whether the error is remembered under the idempotency key, as Stripe remembers it
    call: Callable[[], Any] | None = None  # in a test's own process: what happens before the call, or after it


@dataclass
class Knobs:
    """All of them, as they stand when nothing is broken."""

    delay: float = 0.0  # seconds until an event is sent
    drop: int = 0  # how many of the next events are never sent; -1 is all of them
    copies: int = 1  # how often each event is sent
    shuffle: bool = False
    wrong_secret: bool = False
    flip_livemode: bool = False
    complete_before_expire: int = 0  # how many sessions are paid in the moment before they would be expired
    refunds: str = ""  # pending, fail_later, fail
    faults: list[Fault] = field(default_factory=list)

    def take_fault(self, method: str, path: str) -> Fault | None:
        """The fault that is next for a call."""
        for fault in self.faults:
            if fnmatch.fnmatch(f"{method} {path}", fault.at):
                if fault.times == 1:
                    self.faults.remove(fault)
                elif fault.times > 1:
                    fault.times -= 1
                return fault
        return None

    def turn(self, name: str, value: str) -> None:
        """Set one by its name, from words. Raises ValueError where there is no such knob or value."""
        kinds = {one.name: type(getattr(self, one.name)) for one in fields(self) if one.name != "faults"}
        if name not in kinds:
            raise ValueError(f"There is no knob {name}.")
        kind = kinds[name]
        setattr(self, name, value in {"1", "true", "on"} if kind is bool else kind(value) if value else kind())

    def heal(self) -> None:
        """Nothing is broken any more."""
        fresh = Knobs()
        for one in fields(self):
            setattr(self, one.name, getattr(fresh, one.name))

    def as_they_stand(self) -> dict:
        """Each knob and its value; faults by what they do."""
        shown = {one.name: getattr(self, one.name) for one in fields(self) if one.name != "faults"}
        return shown | {
            "faults": [f"{fault.does} at {fault.at}, {fault.times or 'each'} time" for fault in self.faults]
        }
