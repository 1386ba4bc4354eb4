"""Exactly the plan that was shown is applied; a crash loses none of it and repeats none (R69, R72)."""

from datetime import date
from decimal import Decimal

import pytest

from assets.importing import applying
from assets.importing.applying import apply_all
from assets.importing.models import Import
from assets.importing.verdicts import VERDICTS
from assets.models import Contract, Device, Holding, Note, Partner, Space
from tests.assets.importing.making import a_device_row, a_file, a_person_row, many_rows
from tests.making import a_device, a_person, an_admin
from velory.agenda import book
from velory.agenda.models import Due
from velory.journal.models import Entry
from velory.journal.reason import Refused
from velory.people.models import Location, Person, Role, Team
from velory.post.models import Letter


@pytest.fixture
def preview(at):
    def read(*rows, by=None):
        an_import = Import.begin(a_file(*rows), "fleet.csv", by=by or an_admin(), at=at.moment)
        an_import.read_on(at=at.moment)
        return an_import

    return read


@pytest.fixture
def applied(at, preview):
    """An import that was uploaded, read and applied."""

    def apply(*rows, by=None, invite=False):
        an_import = preview(*rows, by=by)
        an_import.confirm(by=an_import.by, plan=an_import.plan_digest, invite=invite, at=at.moment)
        apply_all(an_import, at=at.moment)
        return Import.objects.get(pk=an_import.pk)

    return apply


def outcome(an_import):
    return {kind: tuple(an_import.outcome[kind][verdict] for verdict in VERDICTS) for kind in ("people", "devices")}


# What comes about


def test_a_person_and_their_leased_phone(applied, at):
    an_import = applied(
        a_person_row(
            user_role="purchase_manager", phone="+46 70 766 16 19", language="en", location="Stockholm", team="IT",
            employee_number="1000", cost_centre="4100", first_employment_date="2017-12-25",
            last_employment_date="2027-01-31",
        )
        | a_device_row(
            imei="358219935181903", distributor="Atea", contract_type="leased", leasing_provider="3 Step IT",
            contract_number="L-8173808", contract_start="2025-05-19", contract_months="24", monthly_cost="411.23",
            acquisition_price="9490", residual_percent="12", currency="SEK", purchase_date="2025-05-19",
            renewal_date="2027-05-19", payor="company", notes="Laddare saknas",
        )
    )  # fmt: skip

    nils = Person.objects.at_address("nils.wikstrom@nordvik.example").get()
    assert (str(nils), nils.role, nils.language, nils.phone) == (
        "Nils Wikström", Role.PURCHASE_MANAGER, "en", "+46 70 766 16 19",
    )  # fmt: skip
    assert (nils.location.name, nils.team.name, nils.first_day_on, nils.last_day_on) == (
        "Stockholm", "IT", date(2017, 12, 25), date(2027, 1, 31),
    )  # fmt: skip
    assert not nils.has_usable_password()
    phone = Device.objects.get()
    assert (phone.status, phone.version, phone.holder, phone.payor, phone.category.code) == (
        "active", 1, nils, "company", "phones",
    )  # fmt: skip
    assert (phone.number, phone.serial, phone.imei) == ("D-00001", "Y0QKFMKQQA7M", "358219935181903")
    assert (phone.purchased_on, phone.renewal_on) == (date(2025, 5, 19), date(2027, 5, 19))
    assert (phone.distributor.name, phone.distributor.integrated) == ("Atea", False)
    contract = phone.contract
    assert (contract.provider.name, contract.number, contract.starts_on, contract.months, contract.currency) == (
        "3 Step IT", "L-8173808", date(2025, 5, 19), 24, "SEK",
    )  # fmt: skip
    assert (contract.monthly_cost, contract.acquisition_price, contract.residual_percent) == (
        Decimal("411.23"), 9490, 12,
    )  # fmt: skip
    assert (contract.provider.leases, contract.provider.distributes) == (True, False)
    assert [note.text for note in phone.notes.all()] == ["Laddare saknas"]
    assert [(h.person, h.until_at, h.from_at) for h in phone.holdings.all()] == [(nils, None, at.moment)]
    (entry,) = phone.journal
    assert (entry.step, entry.version, entry.role, entry.went_to) == ("import", 1, "admin", "active")
    assert entry.details == {"import": an_import.ref, "row": 2, "to": "Nils Wikström"}
    assert [e.sentence for e in nils.journal] == [
        "Nils Wikström added Nils Wikström.",
        "Nils Wikström leaves on 31 January 2027: the offboarding began.",
    ]
    assert outcome(an_import) == {"people": (1, 0, 0, 0), "devices": (1, 0, 0, 0)}


def test_defaults_of_what_the_file_does_not_say(applied):
    applied(a_person_row(), a_device_row(space="Reception", purchase_price="6990"))

    nils, device = Person.objects.at_address("nils.wikstrom@nordvik.example").get(), Device.objects.get()
    assert (nils.role, nils.language) == (Role.EMPLOYEE, "sv")
    assert (device.space.name, device.holder, device.currency, device.payor) == ("Reception", None, "SEK", "")
    assert not Contract.objects.exists()


def test_an_integrated_distributor_stays_integrated(applied):
    Partner.objects.create(name="Dustin", integrated=True)

    applied(a_device_row(distributor="dustin"))

    assert [(p.name, p.integrated) for p in Partner.objects.all()] == [("Dustin", True)]


def test_a_partner_may_be_both(applied):
    applied(a_device_row(distributor="Atea", contract_type="leased", leasing_provider="Atea"))

    assert [(p.distributes, p.leases) for p in Partner.objects.all()] == [(True, True)]


def test_a_space_may_be_told_where_it_is(applied):
    applied(a_device_row(space="Reception", location="Luleå"))

    assert Space.objects.get().location.name == "Luleå"
    assert Person.objects.count() == 1  # the admin


def test_an_approver_from_further_down_is_named(applied, monkeypatch):
    monkeypatch.setattr(applying, "CHUNK", 1)

    applied(
        a_person_row(approver_email="eva.muller@nordvik.example"),
        a_person_row(email="eva.muller@nordvik.example", first_name="Eva", last_name="Müller"),
    )

    nils = Person.objects.at_address("nils.wikstrom@nordvik.example").get()
    assert nils.approver.email == "eva.muller@nordvik.example"


def test_the_same_file_again_changes_nothing(applied):
    rows = [*many_rows(30), a_device_row(space="Reception", notes="Repa på locket")]
    admin = an_admin()
    applied(*rows, by=admin)
    before = (Person.objects.count(), Device.objects.count(), Entry.objects.count(), Note.objects.count())

    again = applied(*rows, by=admin)

    assert outcome(again) == {"people": (0, 0, 30, 0), "devices": (0, 0, 31, 0)}
    assert (Person.objects.count(), Device.objects.count(), Entry.objects.count(), Note.objects.count()) == before


def test_a_change_is_written_with_what_was_before(applied):
    device = a_device(number="D-1", serial="S1", name="Fairphone 5", renewal_on=date(2027, 1, 11))
    person = a_person("Eva", "Müller", cost_centre="4100")

    applied({"device_id": "D-1", "renewal_date": "2026-12-11"}, {"email": person.email, "cost_centre": "4200"})

    now = Device.objects.get(pk=device.pk)
    assert (now.renewal_on, now.version, now.status) == (date(2026, 12, 11), device.version + 1, "active")
    entry = now.journal.last()
    assert (entry.step, entry.version) == ("import_change", now.version)
    assert entry.details["changes"] == {"renewal_date": ["2027-01-11", "2026-12-11"]}
    assert Person.objects.get(pk=person.pk).cost_centre == "4200"
    (changed,) = person.journal
    assert (changed.step, changed.details["fields"]) == ("changed", ["cost_centre"])


def test_a_hand_over_keeps_its_history(applied, at):
    nils, eva = a_person("Nils", "Wikström"), a_person("Eva", "Müller")
    device = a_device(nils, number="D-1", payor="employee")

    applied({"email": eva.email, "device_id": "D-1"})

    now = Device.objects.get(pk=device.pk)
    assert (now.holder, now.last_holder, now.payor) == (eva, nils, "")
    history = Holding.objects.filter(device=device).order_by("pk")
    assert [(h.person, h.until_at) for h in history] == [(nils, at.moment), (eva, None)]
    assert now.journal.last().sentence == "Nils Wikström assigned it to Eva Müller by an import."


def test_a_lease_is_added_and_corrected(applied):
    a_device(number="D-1", serial="S1")

    applied({"device_id": "D-1", "contract_type": "leased", "leasing_provider": "DLL", "residual_percent": "8"})
    applied({"device_id": "D-1", "residual_percent": "10"})

    contract = Contract.objects.get()
    assert (contract.provider.name, contract.residual_percent, contract.currency) == ("DLL", 10, "SEK")


def test_a_received_device_that_gets_a_holder_is_in_use(applied):
    from assets.models import Category

    device = Device.objects.create(
        number="D-1", name="Fairphone 5", category=Category.objects.get(code="phones"), status="received",
        registered_at="2026-01-01T00:00Z",
    )  # fmt: skip
    eva = a_person("Eva", "Müller")

    applied({"email": eva.email, "device_id": "D-1"})

    assert Device.objects.get(pk=device.pk).status == "active"
    assert [entry.step for entry in device.journal] == ["import_assign", "put_in_use"]


def test_nobody_is_invited_unless_it_is_asked_for(applied):
    applied(a_person_row())
    assert not Letter.objects.exists()

    applied(a_person_row(email="eva.muller@nordvik.example"), a_person_row(), invite=True)

    assert [(letter.template, letter.to) for letter in Letter.objects.all()] == [
        ("people/invitation", "eva.muller@nordvik.example")
    ]


# Bound to what was shown (R69)


def test_another_file_between_preview_and_confirmation_is_not_applied(preview, at):
    shown = preview(a_person_row())
    plan_on_the_page = shown.plan_digest
    swapped = Import.objects.get(pk=shown.pk)
    swapped.match(["email", "first_name", ""], day_first=None)
    swapped.read_on(at=at.moment)

    with pytest.raises(Refused):
        shown.confirm(by=shown.by, plan=plan_on_the_page, at=at.moment)

    assert Import.objects.get().state == "previewed"
    assert not Person.objects.at_address("nils.wikstrom@nordvik.example").exists()
    assert not Due.objects.filter(kind="import.apply").exists()


def test_an_import_is_confirmed_once(preview, at):
    an_import = preview(a_person_row())
    an_import.confirm(by=an_import.by, plan=an_import.plan_digest, at=at.moment)

    with pytest.raises(Refused):
        an_import.confirm(by=an_import.by, plan=an_import.plan_digest, at=at.moment)
    with pytest.raises(Refused):
        an_import.discard()


# The world moves


def test_a_row_whose_world_has_moved_is_refused_and_the_others_go_on(preview, at):
    admin = an_admin()
    device = a_device(number="D-1", serial="S1", name="Fairphone 4")
    eva = a_person("Eva", "Müller", cost_centre="4100")
    an_import = preview(
        a_person_row(),
        a_device_row(device_id="D-1", serial_number="S1", category=""),
        {"email": eva.email, "cost_centre": "4200"},
        a_device_row(device_id="D-2", serial_number="S2"),
        a_person_row(email="karin.strom@nordvik.example") | a_device_row(device_id="D-3", serial_number="S3"),
        by=admin,
    )
    a_person(email="nils.wikstrom@nordvik.example")
    device.edit(by=admin, at=at.moment, facts={"name": "Fairphone 3"})
    Person.objects.filter(pk=eva.pk).update(cost_centre="5100")
    a_device(number="d-2", serial="S9")

    an_import.confirm(by=admin, plan=an_import.plan_digest, at=at.moment)
    apply_all(an_import, at=at.moment)

    rows = an_import.rows.order_by("number")
    assert [(row.verdict, [fault["code"] for fault in row.faults]) for row in rows] == [
        ("refused", ["meanwhile_added"]),
        ("refused", ["meanwhile_changed"]),
        ("refused", ["meanwhile_changed"]),
        ("refused", ["meanwhile_added"]),
        ("created", []),
    ]
    assert Device.objects.get(pk=device.pk).name == "Fairphone 3"
    assert Person.objects.get(pk=eva.pk).cost_centre == "5100"
    assert outcome(Import.objects.get()) == {"people": (1, 0, 0, 2), "devices": (1, 0, 0, 2)}


def test_what_only_the_database_sees_refuses_that_row_alone(preview, at):
    an_import = preview(
        a_device_row(device_id="D-1", serial_number="S1", imei="358219935181903"),
        a_device_row(device_id="D-2", serial_number="S2"),
    )
    a_device(imei="358219935181903")

    an_import.confirm(by=an_import.by, plan=an_import.plan_digest, at=at.moment)
    apply_all(an_import, at=at.moment)

    assert [row.verdict for row in an_import.rows.order_by("number")] == ["refused", "created"]
    assert Device.objects.filter(number__in=["D-1", "D-2"]).get().number == "D-2"


def test_who_is_no_admin_any_more_applies_nothing_further(preview, at, monkeypatch):
    monkeypatch.setattr(applying, "CHUNK", 1)
    admin = an_admin()
    an_import = preview(a_person_row(), a_person_row(email="eva.muller@nordvik.example"), by=admin)
    an_import.confirm(by=admin, plan=an_import.plan_digest, at=at.moment)
    applying.apply_chunk(an_import.pk, at=at.moment)
    Person.objects.filter(pk=admin.pk).update(role=Role.EMPLOYEE)

    apply_all(an_import, at=at.moment)

    an_import = Import.objects.get()
    assert (an_import.state, an_import.done) == ("stopped", 1)
    assert an_import.outcome["rows"] == {"created": 1, "changed": 0, "unchanged": 0, "refused": 1}
    (left,) = an_import.rows.with_verdict("refused")
    assert [str(reason) for reason in left.reasons] == [
        "The import was stopped before this row. Import the file again."
    ]
    assert not Person.objects.at_address("eva.muller@nordvik.example").exists()


def test_who_has_become_the_last_admin_since_the_preview_stays_one(preview, at):
    nils, eva = an_admin(email="nils.wikstrom@nordvik.example"), an_admin(email="eva.muller@nordvik.example")
    an_import = preview(a_person_row(last_employment_date="2026-11-21"), by=nils)
    assert an_import.counts["rows"]["refused"] == 0
    eva.change(by=nils, at=at.moment, role=Role.EMPLOYEE)

    an_import.confirm(by=nils, plan=an_import.plan_digest, at=at.moment)
    apply_all(an_import, at=at.moment)

    assert Import.objects.get().outcome["rows"]["refused"] == 1
    assert Person.objects.admins().working(date(2026, 11, 22)).get() == nils


# Crashes (R72)


def a_mixed_file():
    """Nine rows to apply of each kind, in three chunks of three; one is refused, one says nothing new."""
    return [
        *(
            {**row, "approver_email": "karin.strom5@nordvik.example" if n < 3 else ""}
            for n, row in enumerate(many_rows(6))
        ),
        {"device_id": "K-1", "renewal_date": "2026-12-24"},
        {"email": "karin.strom1@nordvik.example", "device_id": "K-2"},
        a_device_row(space="Reception", notes="Repa på locket"),
        a_device_row(serial_number="S4"),
        {"email": "karin.strom@nordvik.example"},
    ]


def everything():
    """What stands in the database, without keys and references."""
    devices = Device.objects.order_by("serial", "number").values_list(
        "number", "serial", "holder__email", "space__name", "renewal_on", "version", "contract__number", "payor"
    )
    people = Person.objects.order_by("email").values_list("email", "team__name", "location__name", "approver__email")
    entries = Entry.objects.order_by("about_name", "step", "version").values_list("about_name", "step", "version")
    counted = [m.objects.count() for m in (Holding, Note, Contract, Partner, Space, Location, Team)]
    return [*devices], [*people], [*entries], counted


class Killed(BaseException):
    """As kill -9: nothing after it runs."""


@pytest.mark.parametrize("place", ["IMPORT.begin", "IMPORT.chunk", "IMPORT.inside"])
@pytest.mark.parametrize("visit", [1, 2, 3])
def test_killed_anywhere_it_goes_on_and_ends_like_one_that_was_not(preview, at, monkeypatch, place, visit):
    monkeypatch.setattr(applying, "CHUNK", 3)
    admin = an_admin(email="nils.wikstrom@nordvik.example")
    a_person(email="karin.strom@nordvik.example")
    for number in ("K-1", "K-2"):
        a_device(number=number, serial=number, by=admin)
    before = everything()
    an_import = preview(*a_mixed_file(), by=admin)
    assert everything() == before
    an_import.confirm(by=admin, plan=an_import.plan_digest, at=at.moment)
    visits = []

    def crash(label):
        visits.append(label)
        if label == place and visits.count(place) == visit:
            raise Killed

    monkeypatch.setattr(applying, "crash", crash)
    killed = 0
    for _attempt in range(3):
        try:
            book.dispatch(at=at.moment, apart_too=True, company=None)
        except Killed:
            killed += 1
            Due.objects.filter(kind="import.apply").update(lease_until=None)

    assert killed == (1 if place != "IMPORT.begin" or visit == 1 else 0)
    an_import = Import.objects.get(pk=an_import.pk)
    assert (an_import.state, an_import.done) == ("applied", 9)
    assert outcome(an_import) == {"people": (6, 0, 1, 0), "devices": (7, 2, 0, 1)}
    assert not Due.objects.filter(kind="import.apply").exists()
    assert list(Device.objects.exclude(number__startswith="K").values_list("version", flat=True)) == [1] * 7
    assert Entry.objects.filter(step="import").count() == 7
    assert Holding.objects.filter(until_at=None).count() == 8
    assert Person.objects.exclude(approver=None).count() == 3
    assert Note.objects.count() == 3
