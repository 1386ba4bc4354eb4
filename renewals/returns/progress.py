"""Where a return stands, in the words of the device's page: what its holder is to do, and what others do."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from assets.gate import may_order
from renewals.models import Return
from renewals.returns.promise import promised_by
from velory import clock
from velory.ui.dates import day_long


@dataclass(frozen=True)
class Progress:
    """`kind`: waiting (for the new device), time (to return it) or received. `stages` are a timeline's."""

    returning: Return
    kind: str
    promised_by: datetime
    gate: object
    stages: tuple[dict, ...]

    @property
    def device(self):
        """What goes back."""
        return self.returning.device

    @property
    def provider(self):
        """To whom it goes; None where the company itself takes it back, or nobody is known."""
        return self.returning.provider

    @property
    def label_is_late(self) -> bool:
        """Whether the label was promised for a moment that has passed."""
        return not self.returning.label and self.promised_by <= clock.now()


def progress_of(device, *, today) -> Progress | None:
    """The open return of a device, or None."""
    returning = Return.objects.open().of(device).with_what_a_page_shows().first()
    if returning is None:
        return None
    kind = "received" if returning.received_at else "time" if returning.time_to_return_at else "waiting"
    gate = None
    if kind == "waiting" and device.holder_id:
        gate = may_order(device.holder, device.category, today=today)
    return Progress(returning, kind, promised_by(returning.chosen_at), gate, tuple(_stages(returning, kind)))


def _stages(returning, kind):
    provider = str(returning.provider or _("The leasing provider"))
    if returning.is_leased:
        yield _label(returning, kind, provider)
    yield _new_device(returning, kind)
    yield _sending(returning, kind, provider)
    yield _receipt(returning, kind, provider)


def _label(returning, kind, provider):
    if returning.label:
        return _stage("past", _("The return label has come"), returning.label_at)
    note = _("It comes by mail within 24 hours on weekdays, and stands on the device's page.")
    state = "now" if kind == "waiting" else "future"
    return _stage(state, _("%s makes the return label") % provider, note=note)


def _new_device(returning, kind):
    if returning.time_to_return_at:
        title = _("%s has come") % returning.replacement if returning.replacement else _("IT asked for it back")
        return _stage("past", title, returning.time_to_return_at)
    if kind == "received":
        return _stage("past", _("It was returned before a new device came"))
    first = returning.is_leased and not returning.label
    note = _("Order it in the store, wait for it, set it up and move your data.")
    return _stage("future" if first else "now", _("The new device comes"), note=note)


def _sending(returning, kind, provider):
    state = {"waiting": "future", "time": "now", "received": "past"}[kind]
    if returning.is_leased:
        return _stage(state, _("It is sent back"), note=_("To %s, with the return label on the parcel.") % provider)
    return _stage(state, _("It is handed in"), note=_("To your IT department, as they ask for it."))


def _receipt(returning, kind, provider):
    if returning.is_leased:
        title = _("%s confirms that it has come") % provider
        note = _("It is de-registered, the lease is closed, and it leaves Your hardware.")
    else:
        title = _("IT confirms that it has come")
        note = _("It is taken out of all company systems and leaves Your hardware.")
    return _stage("past" if kind == "received" else "future", title, returning.received_at, note)


def _stage(state, title, at=None, note=""):
    return {"state": state, "title": title, "when": day_long(clock.local_date(at)) if at else "", "note": note}
