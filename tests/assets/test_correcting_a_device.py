"""Facts of a device are entered by hand with the same care as by a file."""

from datetime import date
from decimal import Decimal

import pytest

from assets.models import Contract, Device, Partner
from tests.assets.making import flashes, words
from tests.making import a_device, a_lessor, a_person, a_space, an_admin, an_external_distributor
from velory.journal.models import Entry

PHONE = {"name": "Fairphone 5", "category": "phones"}


def said_of(device, **changes):
    """The edit form as it stands, with some fields changed."""
    facts = {
        "name": device.name, "category": device.category.code, "serial": device.serial, "imei": device.imei,
        "number": device.number, "distributor": device.distributor.ref, "purchased_on": device.purchased_on or "",
        "renewal_on": device.renewal_on or "", "purchase_price": device.purchase_price or "",
        "currency": device.currency, "version": device.version,
    }  # fmt: skip
    return facts | changes


def test_a_corrected_date_is_written_down_with_what_it_was(at_their_desk):
    nils, device = an_admin(), a_device(a_person())
    answer = at_their_desk(nils).post(f"/devices/{device.ref}/edit/", said_of(device, renewal_on="2028-02-29"))
    assert answer.status_code == 303
    assert flashes(answer) == ["Nils Wikström changed renewal date: 31 January 2028 → 29 February 2028."]
    assert Device.objects.get().renewal_on == date(2028, 2, 29)
    assert Entry.objects.get(step="edit").details["changes"] == {"renewal_on": ["2028-01-31", "2028-02-29"]}


def test_a_buyout_price_of_its_own_is_written_down_and_taken_away_again(at_their_desk):
    nils, device = an_admin(), a_device(a_person(), currency="")
    desk, address = at_their_desk(nils), f"/devices/{device.ref}/edit/"

    answer = desk.post(address, said_of(device, buyout_price="800"))
    kept = Device.objects.get()
    assert flashes(answer) == ["Nils Wikström changed buy-out price: – → 800; currency: – → SEK."]
    assert (kept.buyout_price, kept.currency) == (Decimal("800.00"), "SEK")

    desk.post(address, said_of(kept, buyout_price=""))
    assert Device.objects.get().buyout_price is None
    assert desk.post(address, said_of(Device.objects.get(), buyout_price="-1")).status_code == 422


def test_another_distributor_and_a_leasing_contract_are_kept(at_their_desk):
    nils, device, atea, lessor = an_admin(), a_device(), an_external_distributor(), a_lessor()
    said = said_of(device, distributor=atea.ref, provider=lessor.ref, contract_number="L-1", months="36",
                   acquisition_price="9490", residual_percent="12.5")  # fmt: skip
    assert at_their_desk(nils).post(f"/devices/{device.ref}/edit/", said).status_code == 303
    kept = Device.objects.get()
    assert kept.distributor == atea
    assert (kept.contract.provider, kept.contract.months, kept.contract.residual_percent) == (
        lessor,
        36,
        Decimal("12.5"),
    )


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("name", "", "This field is required."),
        ("category", "spaceships", "Select a valid choice"),
        ("distributor", "B-222222", "Select a valid choice"),
        ("renewal_on", "2027-02-29", "Enter a valid date."),
        ("renewal_on", "14/12/2026", "Enter a valid date."),
        ("renewal_on", "0001-01-01", "0001-01-01 is too far away to be right."),
        ("purchased_on", "1989-12-31", "1989-12-31 is too far away to be right."),
        ("renewal_on", "9999-12-31", "9999-12-31 is too far away to be right."),
        ("renewal_on", "10000-01-01", "Enter a valid date."),
        ("renewal_on", "2020-01-01", "That is before the purchase date, 1 May 2025."),
        ("imei", "354402685995285", "This IMEI has a wrong check digit."),
        ("imei", "000000000000000", "This IMEI has a wrong check digit."),
        ("imei", "3544026859952841", "An IMEI has 15 digits; this one has 16."),
        ("imei", "35440268599528A", "An IMEI is made of digits only."),
        ("name", "Dell\u202eU2723QE", "There are characters in it that cannot be seen."),
        ("purchase_price", "-1", "greater than or equal to 0"),
        ("currency", "kronor", "Three capital letters"),
        ("residual_percent", "101", "less than or equal to 100"),
        ("months", "1e9", "Enter a whole number."),
        ("name", "x" * 121, "at most 120"),
    ],
)
def test_a_wrong_fact_is_refused_at_its_field(at_their_desk, field, value, sentence):
    nils, device = an_admin(), a_device(purchased_on=date(2025, 5, 1))
    page = at_their_desk(nils).post(f"/devices/{device.ref}/edit/", said_of(device, **{field: value}))
    assert page.status_code == 422
    assert sentence in words(page)
    assert Device.objects.get().version == 1


@pytest.mark.parametrize(
    ("field", "value"), [("serial", " sn-1 "), ("imei", "35 440268 599528 4"), ("number", "d-00001")]
)
def test_no_two_devices_have_the_same_number(at_their_desk, field, value):
    nils = an_admin()
    twin = a_device(name="The other", serial="SN-1", imei="354402685995284", number="D-00001")
    device = a_device()
    page = at_their_desk(nils).post(f"/devices/{device.ref}/edit/", said_of(device, **{field: value}))
    assert page.status_code == 422
    assert f"The other, {twin.ref}, has the same" in words(page)


def test_its_own_numbers_are_no_twins(at_their_desk):
    nils, device = an_admin(), a_device(imei="354402685995284", number="D-00001")
    assert at_their_desk(nils).post(f"/devices/{device.ref}/edit/", said_of(device, name="X")).status_code == 303


def test_an_employee_corrects_nothing(at_their_desk):
    ebba = a_person("Ebba", "Sjöberg")
    device = a_device(ebba)
    assert at_their_desk(ebba).get(f"/devices/{device.ref}/edit/").status_code == 403
    assert at_their_desk(ebba).post(f"/devices/{device.ref}/edit/", said_of(device, name="X")).status_code == 403
    assert Device.objects.get().name == device.name


# By hand


def test_a_device_is_registered_by_hand(at_their_desk):
    nils, ebba, lessor = an_admin(), a_person("Ebba", "Sjöberg"), a_lessor()
    answer = at_their_desk(nils).post(
        "/hardware/new/",
        PHONE | {"serial": "FP5-1", "to": "Ebba Sjöberg", "payor": "company", "provider": lessor.ref, "months": "24",
                 "renewal_on": "2028-01-31"},
    )  # fmt: skip
    device = Device.objects.get()
    assert answer.url == f"/devices/{device.ref}/"
    assert flashes(answer) == [f"Fairphone 5 is registered as {device.ref}."]
    assert (device.status, device.holder, device.payor, device.version) == ("active", ebba, "company", 1)
    assert Contract.objects.get().currency == "SEK"
    assert [entry.sentence for entry in device.journal] == ["Nils Wikström registered it. Ebba Sjöberg"]


def test_a_space_can_have_it_and_so_can_nobody(at_their_desk):
    nils, room = an_admin(), a_space("Konferensrum Vinga")
    desk = at_their_desk(nils)
    desk.post("/hardware/new/", PHONE | {"to": "vinga"})
    desk.post("/hardware/new/", PHONE | {"name": "Loose"})
    assert Device.objects.get(name="Fairphone 5").space == room
    assert Device.objects.get(name="Loose").whose is None


def test_an_ambiguous_name_is_asked_back(at_their_desk):
    nils = an_admin()
    a_person("Ebba", "Sjöberg")
    a_person("Ebba", "Nielsen")
    page = at_their_desk(nils).post("/hardware/new/", PHONE | {"to": "ebba"})
    assert page.status_code == 422
    assert "2 match. Write the whole name or the e-mail." in words(page)
    page = at_their_desk(nils).post("/hardware/new/", PHONE | {"to": "nobody at all"})
    assert "Nobody and no space is called that." in words(page)
    assert Device.objects.count() == 0


def test_a_twin_of_the_same_moment_is_no_error_page(at_their_desk, monkeypatch):
    a_device(serial="SN-1")
    monkeypatch.setattr("assets.forms.numbers.refuse_twin", lambda *given, **more: None)
    page = at_their_desk(an_admin()).post("/hardware/new/", PHONE | {"serial": "SN-1"})
    assert page.status_code == 422
    assert "Somebody was first" in words(page)
    assert Device.objects.count() == 1


def test_nor_is_a_correction_of_the_same_moment(at_their_desk, monkeypatch):
    a_device(serial="SN-1")
    device = a_device(name="Fairphone 5")
    monkeypatch.setattr("assets.forms.numbers.refuse_twin", lambda *given, **more: None)
    page = at_their_desk(an_admin()).post(f"/devices/{device.ref}/edit/", said_of(device, serial="sn-1"))
    assert page.status_code == 422
    assert "Somebody was first" in words(page)
    assert Device.objects.get(pk=device.pk).version == 1


def test_the_choices_are_the_company_s_own(at_their_desk, saimaa):
    from velory.tenancy.context import inside

    with inside(saimaa):
        Partner.objects.create(name="Elisa")
    page = at_their_desk(an_admin()).get("/hardware/new/")
    assert "Elisa" not in words(page)


def test_the_one_field_for_the_currency_speaks_for_the_lease_too():
    device = a_device(a_person(), leased=True)
    device.edit(by=an_admin(), facts={"currency": "EUR"})
    assert Contract.objects.get(device=device).currency == "EUR"
    device.edit(by=an_admin(), facts={"name": "Fairphone 5"}, contract={"months": 36})
    assert Contract.objects.get(device=device).currency == "EUR"
