"""Whom a person can ask: their company's admins, and the partners behind what they have, lease or wait for."""

from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from assets.models import Device
from assets.panels import devices_concerning
from velory.people.models import Person
from velory.people.panels import own_place

MOST = 10  # admins that are named


@own_place(order=90)
def support(person):
    """Who to contact, in the account menu and beside one's own page."""
    return _("Support"), reverse("assets:support")


@dataclass
class Contact:
    """A partner that answers questions, and the devices that the questions may be about."""

    partner: Any
    devices: list = field(default_factory=list)

    @property
    def on_their_way(self) -> list:
        """What is ordered there and has not come."""
        return [device for device in self.devices if device.phase == "delivery"]

    @property
    def others(self) -> list:
        """What came from there, or is leased from there."""
        return [device for device in self.devices if device.phase != "delivery"]


@dataclass
class Contacts:
    """Everybody whom one person can ask, on one day."""

    admins: list
    distributors: list[Contact]
    lessors: list[Contact]


def contacts_of(person, *, today) -> Contacts:
    """The admins who work here, then partners: those on whom something waits first."""
    held = Device.objects.held_by(person).in_the_house().with_what_a_list_shows().order_by("name", "pk")
    devices = [*held, *devices_concerning(person)]
    return Contacts(
        admins_on(today),
        _gathered((device.distributor, device) for device in devices),
        _gathered((device.contract.provider, device) for device in devices if device.is_leased),
    )


def admins_on(today) -> list:
    """The admins who work here on a day."""
    return list(Person.objects.admins().working(today)[:MOST])


def _gathered(pairs) -> list[Contact]:
    found: dict[int, Contact] = {}
    for partner, device in pairs:
        if partner is not None:
            found.setdefault(partner.pk, Contact(partner)).devices.append(device)
    return sorted(found.values(), key=lambda contact: (not contact.on_their_way, contact.partner.name))
