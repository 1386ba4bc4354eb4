"""What a row comes to: created, changed, unchanged or refused; and how many of each there are."""

from dataclasses import dataclass, field

from assets.importing.faults import Fault

CREATED, CHANGED, UNCHANGED, REFUSED = VERDICTS = ("created", "changed", "unchanged", "refused")


@dataclass
class Planned:
    """What a row would do. `person` and `device` are what is written, as plain JSON."""

    number: int
    email: str = ""
    who: str = ""
    what: str = ""
    key: str = ""
    verdict: str = UNCHANGED
    person_verdict: str = ""
    device_verdict: str = ""
    person: dict | None = None
    device: dict | None = None
    new: list[list[str]] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    def refuse(self, *faults: Fault) -> None:
        """All or nothing: neither its person nor its device is taken."""
        self.faults += faults
        self.verdict, self.person, self.device, self.new = REFUSED, None, None, []
        self.person_verdict = REFUSED if self.email else ""
        self.device_verdict = self.device_verdict and REFUSED

    def stored(self) -> dict:
        """What is kept of it to be applied."""
        return {"person": self.person, "device": self.device, "new": self.new}


def counts(rows) -> dict[str, dict[str, int]]:
    """How many people and devices a plan creates, changes, leaves and refuses; a person counts once."""
    people: dict[str, str] = {}
    found = {kind: dict.fromkeys(VERDICTS, 0) for kind in ("people", "devices", "rows")}
    for row in rows:
        found["rows"][row.verdict] += 1
        if row.device_verdict:
            found["devices"][row.device_verdict] += 1
        if row.email and row.person_verdict:
            best = min(VERDICTS.index(row.person_verdict), VERDICTS.index(people.get(row.email, REFUSED)))
            people[row.email] = VERDICTS[best]
    for verdict in people.values():
        found["people"][verdict] += 1
    return found
