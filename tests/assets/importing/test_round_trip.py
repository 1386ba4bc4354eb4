"""What is exported imports again and changes nothing: both sample fleets, every status, every odd character."""

import unicodedata
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from assets.exporting import device_rows, people_rows
from assets.importing.applying import apply_all
from assets.importing.faults import Fault
from assets.importing.models import Import
from assets.lifecycle import ARCHIVED, Status
from assets.models import Category, Contract, Device, Partner, Space
from tests.assets.importing.making import a_file, many_rows
from tests.making import a_device, a_lessor, a_location, a_person, a_space, a_team, an_admin, an_external_distributor
from velory import clock
from velory.demo import world as fleets
from velory.people.models import Person, Role
from velory.tenancy.context import inside
from velory.ui.files import FORMATS, as_file

FLEETS = Path(fleets.__file__).parent / "fleets"


def brought_in(content, name="fleet.csv"):
    an_import = Import.begin(content, name, by=None, at=clock.now())
    an_import.read_here(at=clock.now())
    an_import.confirm(by=None, plan=an_import.plan_digest, at=clock.now())
    apply_all(an_import, at=clock.now())
    return Import.objects.get(pk=an_import.pk)


def taken_out(rows, kind="csv") -> bytes:
    return b"".join(as_file(kind, "file", rows).streaming_content)


def would_do(content, by=None):
    """What a file would create, change and refuse; and that it needs no matching of its columns."""
    an_import = Import.begin(content, "again.csv", by=by, at=clock.now())
    assert not an_import.needs_matching
    an_import.read_here(at=clock.now())
    rows = an_import.rows.exclude(verdict="unchanged")
    return [(row.verdict, row.what or row.email, row.plan, [str(fault) for fault in row.reasons]) for row in rows]


def everything_again():
    """What the company's own files would do to it: devices in the house, the archive, people."""
    devices = Device.objects.order_by("-pk")
    lists = [lambda: device_rows(devices), lambda: people_rows(Person.objects.order_by("pk"))] if devices else []
    by_kind = {kind: [said for rows in lists for said in would_do(taken_out(rows(), kind))] for kind in FORMATS}
    assert by_kind["csv"] == by_kind["xlsx"]
    return by_kind["xlsx"]


# The sample fleets


@pytest.mark.parametrize("fleet", ["nordvik", "saimaa"])
def test_a_sample_fleet_comes_back_as_it_went_out(request, fleet):
    with inside(request.getfixturevalue(fleet)):
        brought_in((FLEETS / f"{fleet}.csv").read_bytes())
        assert Device.objects.count() > 150
        assert everything_again() == []


def test_two_thousand_devices_come_back_as_they_went_out():
    brought_in(a_file(*many_rows(2000)))
    assert Device.objects.count() == 2000
    assert everything_again() == []


# Devices as they become


def test_a_device_in_any_status_comes_back():
    made = []
    for place, status in enumerate(Status):
        nobody = status in {*ARCHIVED, Status.IN_REPAIR}
        made.append(
            Device(
                ref=f"D-S{place}", name="Fairphone 5", category=Category.objects.get(code="phones"), status=status,
                serial=f"S{place}" if place % 2 else "", number=f"N{place}" if place % 3 else "", version=1,
                holder=None if nobody else a_person("Ebba", "Sjöberg", location=a_location()), currency="SEK",
                payor="" if status == Status.IN_REPAIR else "company", distributor=an_external_distributor(),
                renewal_on=date(2026, 11, 1), registered_at=clock.now(),
            )
        )  # fmt: skip
    Device.objects.bulk_create(made)
    Contract.objects.bulk_create(Contract(device=device, currency="SEK", months=24) for device in made[::2])
    assert everything_again() == []


def test_ordered_devices_that_have_no_number_yet_come_back():
    a_device(a_person(), serial="")
    a_device(a_person(), serial="", number="")
    assert everything_again() == []


def test_a_closed_lease_an_archived_one_and_one_without_terms_come_back():
    for closed_on in (date(2026, 11, 1), None):
        device = a_device(a_person(), leased=True)
        device.contract.closed_on = closed_on
        device.contract.save()
    gone = a_device(leased=True)
    gone.remove(by=an_admin(), why="Lost")
    bare = a_device(a_person())
    Contract.objects.create(device=bare, currency="SEK", provider=a_lessor())
    assert everything_again() == []


def test_devices_of_spaces_of_nobody_and_of_who_has_left_come_back():
    a_device(a_space("Konferensrum Vinga"))
    a_device()
    leaver = a_person("Zoë", "Nielsen", first_day_on=date(2019, 1, 1), last_day_on=date(2026, 10, 31))
    a_device(leaver)
    locked_out = a_person("Björn", "Eriksson", approver=leaver)
    a_device(locked_out)
    locked_out.end_access(by=None, at=clock.now())
    without_address = a_person(email=None)
    a_device(without_address)
    said = everything_again()
    [(verdict, _what, _plan, [why])] = said  # the list of people holds somebody whom no file can name
    assert (verdict, why) == ("refused", str(Fault("no_email")))


def test_dates_and_prices_that_no_form_takes_are_not_asked_about_again():
    a_device(a_person(), purchased_on=date(2026, 11, 1), renewal_on=date(2026, 10, 1), purchase_price=Decimal("0.05"),
             buyout_price=Decimal("1234.5"))  # fmt: skip
    a_device(a_person(), purchase_price=Decimal(1000), currency="JPY")
    assert everything_again() == []


# Odd characters

ODD = [
    '=HYPERLINK("x")', "@SUM(A1)", "+46 70", "-5", "\uff1dcmd", "'quoted", "'=quoted", "''=twice", 'He said "no"',
    "a;b,c\td", "two\nlines", "  blanks  inside ", "Straße ẞ ŉ ı İ", unicodedata.normalize("NFD", "Åsa Öberg"),
    "0012", "12E05", "1.5E+10", "'12E05", "\u202eturned", "zero\u200bwidth", "søren ’ – ×", "NULL", "#REF!", "😀",
]  # fmt: skip


@pytest.mark.parametrize("odd", ODD)
def test_odd_characters_come_back(odd):
    partner = Partner.objects.create(name=odd, leases=True)
    location, room = a_location(f"{odd} ort"), Space.objects.create(name=f"{odd} rum")
    holder = a_person(odd, odd, location=location, team=a_team(odd), cost_centre=odd, employee_number=odd, phone=odd)
    device = a_device(holder, name=odd, serial=odd, number=f"{odd} 1", distributor=partner, leased=True)
    device.contract.provider, device.contract.number = partner, odd
    device.contract.save()
    a_device(room, name=f"{odd} 2", category="tablets")
    assert everything_again() == []


def test_numbers_and_names_that_differ_by_a_ligature_are_two():
    a_device(a_person(location=a_location("Strasse")), serial="STRASSE", number="fuss-1")
    a_device(a_person(location=a_location("Straße")), serial="STRAßE", number="fuß-1")
    assert everything_again() == []


def test_a_category_of_the_company_s_own_goes_before_another_word_for_one_of_ours():
    own = Category.objects.create(code="desk-phones", name="Telefon")
    device = a_device(a_person())
    Device.objects.filter(pk=device.pk).update(category=own)
    assert everything_again() == []


# Who imports


def test_an_admin_s_own_file_of_people_changes_nothing_about_themselves():
    nils = an_admin()
    a_person("Sanna", "Persson", role=Role.ADMIN, last_day_on=date(2026, 1, 1))
    assert would_do(taken_out(people_rows(Person.objects.order_by("pk"))), by=nils) == []


def test_what_has_changed_since_is_what_the_file_would_take_back():
    device = a_device(a_person(), name="Fairphone 5")
    content = taken_out(device_rows(Device.objects.all()))
    device.edit(by=an_admin(), facts={"name": "Fairphone 6"})
    [(verdict, _what, plan, _why)] = would_do(content)
    assert verdict == "changed"
    assert plan["device"]["facts"] == {"product_name": "Fairphone 5"}
