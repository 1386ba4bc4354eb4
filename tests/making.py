"""Makers: plain functions that bring things about by taking their steps."""

from datetime import date
from decimal import Decimal

from assets.models import Category, Device, Partner, Space
from velory import clock
from velory.people.models import Location, Person, Role, Team

_counted = {"people": 0, "devices": 0}


def a_person(first_name="Örjan", last_name="Jensen", **facts):
    _counted["people"] += 1
    defaults = {"email": f"orjan.jensen{_counted['people']}@nordvik.example", "language": "sv"}
    return Person.objects.create(first_name=first_name, last_name=last_name, **defaults | facts)


def an_admin(**facts):
    return a_person(**{"first_name": "Nils", "last_name": "Wikström", "role": Role.ADMIN, "language": "en"} | facts)


def a_location(name="Stockholm"):
    return Location.objects.get_or_create(name=name)[0]


def a_team(name="IT"):
    return Team.objects.get_or_create(name=name)[0]


def a_space(name="Reception"):
    return Space.objects.get_or_create(name=name)[0]


def an_external_distributor(name="Atea", **facts):
    return Partner.objects.get_or_create(
        name=name, defaults={"email": "service@atea.example", "integrated": False} | facts
    )[0]


def an_integrated_distributor(name="Dustin", **facts):
    return Partner.objects.get_or_create(
        name=name, defaults={"email": "order@dustin.example", "integrated": True} | facts
    )[0]


def a_lessor(name="3 Step IT", **facts):
    return Partner.objects.get_or_create(
        name=name, defaults={"email": "lease@3stepit.example", "distributes": False, "leases": True} | facts
    )[0]


def a_device(to=None, *, by=None, category="phones", leased=False, at=None, **facts):
    """A device in `active`, registered by hand; leased ones have a contract with 3 Step IT."""
    _counted["devices"] += 1
    defaults = {
        "name": "Apple iPhone 15 128 GB",
        "category": Category.objects.get(code=category),
        "serial": f"SER{_counted['devices']:07}",
        "distributor": an_integrated_distributor(),
        "currency": "SEK",
        "renewal_on": date(2028, 1, 31),
        "payor": "company",
    }
    contract = None
    if leased:
        contract = {
            "provider": a_lessor(), "number": f"L-{_counted['devices']}", "months": 24, "currency": "SEK",
            "acquisition_price": Decimal("9490.00"), "residual_percent": Decimal(12),
        }  # fmt: skip
    return Device.register(by=by or an_admin(), at=at or clock.now(), to=to, contract=contract, facts=defaults | facts)


def an_external_device(to=None, **facts):
    """A device whose distributor is not integrated with the store."""
    return a_device(to, **{"distributor": an_external_distributor()} | facts)
