"""What stands on a device's decision page: what is asked now, what will be asked and when, or what happens now."""

from dataclasses import dataclass
from datetime import date

from assets.gate import may_order
from assets.lifecycle import PHASES, PRELIMINARY, Status
from renewals.asks import Ask, ask_about
from renewals.choices.options import Options, options_for
from renewals.guards import only_lent
from renewals.models import Policy, Renewal
from renewals.paths import Path, closed, path_of
from renewals.stages import STAGES, Stage, opens_on, stage_now
from velory import clock
from velory.tenancy.context import current_company


@dataclass(frozen=True)
class Decision:
    """`kind`: start, later, started, preliminary, final, paying, waiting, lent, going or nothing.

    `asks`: every stage, with its opening. `options` where something is to be chosen, `decided` where that is done.
    """

    kind: str
    path: Path | None
    stage: Stage | None
    ask: Ask | None
    asks: tuple[Ask, ...]
    opens_on: date | None
    options: Options | None = None
    started_on: date | None = None
    decided: Renewal | None = None

    @property
    def asks_later(self) -> tuple[Ask, ...]:
        """What the stages to come ask."""
        return self.asks[self.asks.index(self.ask) + 1 :] if self.ask else self.asks

    @property
    def by_mail(self) -> bool:
        """Whether its first question comes by mail too."""
        return self.path != Path.ONE_OFF or Policy.here().one_off_reminder

    @property
    def decided_on(self) -> date | None:
        """The local date of the final choice."""
        return clock.local_date(self.decided.final_at) if self.decided and self.decided.final_at else None


def gate_after(device, *, today):
    """Why its holder still can't order in its category, once the process is started; None where they can."""
    return may_order(device.holder, device.category, today=today) if device.holder_id else None


def decision_about(device, *, by, at) -> Decision:
    """What somebody has to decide about a device at a moment: its holder, or an admin in their stead."""
    today, path = clock.local_date(at), path_of(device)
    stage = stage_now(path, device.renewal_on, today)
    asks = tuple(ask_about(device, device.renewal_on, each, today) for each in (STAGES[path] if path else ()))
    ask = next((each for each in asks if each.stage == stage), None)
    opens = opens_on(device.renewal_on, STAGES[path][0]) if path else None
    kind = _kind(device, path, stage)
    if kind in ASKED and only_lent(device, by):
        kind = "lent"
    return Decision(
        kind, path, stage, ask, asks, opens,
        options=options_for(device, by=by, at=at) if kind in {"preliminary", "final"} else None,
        started_on=_started_on(device) if kind == "started" else None,
        decided=Renewal.objects.of(device).decided().first() if kind == "going" else None,
    )  # fmt: skip


def _kind(device, path, stage):
    if device.status in {*PHASES["leaving"], *PHASES["archived"]}:
        return "started" if path == Path.EXTERNAL and device.status == Status.RETURN_PENDING else "going"
    if closed(path, current_company()):
        return "nothing"
    if device.status == Status.PENDING_BUYOUT:
        return "paying"
    if device.status not in {Status.ACTIVE, *PRELIMINARY}:
        return "waiting"
    if stage is None:
        return "later"
    return "start" if path == Path.EXTERNAL else KINDS[stage]


ASKED = {"start", "preliminary", "final"}
KINDS = {Stage.LEASED_3_MONTHS: "preliminary", Stage.LEASED_1_MONTH: "final", Stage.ONE_OFF_30_DAYS: "final"}


def _started_on(device):
    last = device.journal.filter(step="start_renewal").last()
    return clock.local_date(last.at) if last else None
