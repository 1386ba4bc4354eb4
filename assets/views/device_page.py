"""One device as one reader sees it: its tabs, what is next, what they may do, what the apps above show."""

from dataclasses import replace
from functools import cached_property

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assets.lifecycle import Status
from assets.models import Device
from assets.panels import alerts_for, milestones_of, panels_of
from velory.journal.steps import steps_of
from velory.people.models import Person

TABS = {  # code: label, who sees it
    "overview": (gettext_lazy("Overview"), "everyone"),
    "lifecycle": (gettext_lazy("Lifecycle"), "in hand"),
    "support": (gettext_lazy("Support"), "everyone"),
    "notes": (gettext_lazy("Notes"), "in hand"),
    "activity": (gettext_lazy("Activity"), "in hand"),
    "assignment": (gettext_lazy("Assignment & payor"), "admin"),
}
FOR_HOLDER = ("receive", "start_renewal")
FOR_ADMIN = ("receive", "confirm_return", "release", "release_bought", "start_repair", "complete_trade_in")
WORDS = {
    "receive": gettext_lazy("When it is here, mark it as received."),
    "start_renewal": gettext_lazy("The only step here; then the distributor writes to you."),
    "confirm_return": gettext_lazy("When it has left its holder: sent back, or bought from the distributor."),
    "release": gettext_lazy("Take it out of MDM and other company systems first."),
    "release_bought": gettext_lazy("Take it out of MDM and other company systems first."),
    "start_repair": gettext_lazy("A fault is reported."),
    "complete_trade_in": gettext_lazy("When the partner has taken it."),
}
ON_THE_LIFECYCLE_TAB = frozenset({"prefer_buyout", "prefer_return", "choose_return", "start_buyout", "keep"})
ASKED_FOR = {"serial_missing", "imei_missing"}


class DevicePage:
    """What stands on the page, worked out once and only as far as the tab needs it."""

    def __init__(self, device, person, *, tab: str, at, today):
        self.device, self.person, self.at, self.today = device, person, at, today
        self.holds = device.holder_id == person.pk
        self.in_hand = person.is_admin or self.holds
        self.tab = tab if tab in self.open_tabs else "overview"

    # Where one is

    @property
    def open_tabs(self) -> list[str]:
        """The tabs of this reader."""
        seen_by = {"everyone": True, "in hand": self.in_hand, "admin": self.person.is_admin}
        return [code for code, (_label, whose) in TABS.items() if seen_by[whose]]

    @property
    def links(self) -> list[dict]:
        """The tabs, each with its own address."""
        here = self.device.get_absolute_url()
        counts = {"notes": len(self.notes) or None}
        return [
            {
                "label": TABS[code][0], "count": counts.get(code), "current": code == self.tab,
                "address": here if code == "overview" else f"{here}?tab={code}",
            }
            for code in self.open_tabs
        ]  # fmt: skip

    # What can be done

    @cached_property
    def alert(self):
        """What waits for the reader about this device, or None."""
        return next(iter(alerts_for(self.person, today=self.today, device=self.device)), None) if self.holds else None

    @cached_property
    def offers(self) -> list:
        """The steps that lie open or greyed for the reader; what a step itself asks for doesn't grey it."""
        return offers_for(self.device, self.person, at=self.at) if self.in_hand else []

    @cached_property
    def next_offer(self):
        """The one next step, where there is one; what the reader has to decide elsewhere comes first."""
        if self.alert:
            return None
        theirs = (FOR_HOLDER if self.holds else ()) + (FOR_ADMIN if self.person.is_admin else ())
        return next((offer for offer in self.offers if offer.name in theirs and not offer.reason), None)

    @property
    def next_words(self):
        """Why that is next, or what comes before it."""
        if self.next_offer.name == "confirm_return" and not self.device.may_be_bought_from_distributor:
            return _("When it has come back.")
        return WORDS[self.next_offer.name]

    @property
    def other_offers(self) -> list:
        """Everything else that the reader may do, or might if a reason were not in the way."""
        asked_above = self.alert.step if self.alert else ""
        return [offer for offer in self.offers if offer != self.next_offer and offer.name != asked_above]

    @property
    def deeds(self) -> dict[str, bool]:
        """Which corrections the present status allows an admin: the buttons of the assignment tab."""
        return {name: self.device.status in steps_of(Device)[name].sources for name in ("assign", "set_payor", "edit")}

    # What is shown

    @cached_property
    def panels(self) -> list:
        """What the apps above show on this tab."""
        return panels_of(self.tab, self.device, self.person, today=self.today)

    @cached_property
    def notes(self) -> list:
        """The notes that this reader may read, the latest first."""
        return list(self.device.notes.readable_by(self.person).newest_first()) if self.in_hand else []

    @property
    def holdings(self) -> list:
        """Who has had it, the latest first."""
        return list(self.device.holdings.select_related("person", "space").order_by("-from_at", "-pk"))

    @property
    def milestones(self) -> list[dict]:
        """Its life as a timeline: what was, where it stands, what is to come."""
        return milestones_of(self.device, today=self.today)

    @property
    def admins(self) -> list:
        """Whom a holder can ask."""
        return list(Person.objects.admins().working(self.today)[:5])

    @property
    def warnings(self) -> list[tuple[str, str, str]]:
        """What an admin should not overlook: (sentence, step that mends it, its button)."""
        device = self.device
        if not self.person.is_admin or device.is_archived or device.status == Status.IN_REPAIR:
            return []
        found = []
        if device.whose is None and device.status in {Status.ACTIVE, Status.RECEIVED}:
            found.append((_("It is unassigned: it has neither a holder nor a space."), "assign", _("Assign it")))
        elif not device.payor and device.phase == "in use":
            found.append((_("The payor is missing."), "set_payor", _("Set the payor")))
        if device.renewal_on is None and device.phase == "in use":
            found.append((_("The renewal date is missing: nobody is reminded."), "edit", _("Set the date")))
        return found


def offers_for(device, person, *, at) -> list:
    """A person's steps, where a number that the step's own page asks for is no reason against it. What is chosen from
    among others is chosen where all of it stands."""
    return [
        replace(offer, reason=None) if offer.reason and offer.reason.code in ASKED_FOR else offer
        for offer in device.offers(person, at=at, but=ON_THE_LIFECYCLE_TAB)
    ]
