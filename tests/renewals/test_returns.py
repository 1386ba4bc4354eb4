"""A return, from the final choice to the closed lease: the provider is told, the label comes, the new device comes."""

from datetime import date, timedelta

import pytest

from assets.models import Contract, Device, Partner
from renewals.models import Return
from tests.making import a_device, a_lessor, a_person, a_space, an_admin
from tests.renewals.making import a_leased_device_at_its_final_stage, an_external_device_in_its_window
from tests.renewals.returning import (
    Provider,
    a_holder,
    a_return,
    a_return_of_its_own,
    labelled,
    now,
    the_new_device,
)
from velory.journal.invariants import findings
from velory.journal.reason import Refused
from velory.post.models import Letter
from velory.post.wording import render


@pytest.fixture(autouse=True)
def media(tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path


def told(template):
    return [(letter.to, letter.state) for letter in Letter.objects.filter(template=f"renewals/{template}")]


def all_is_well():
    return [found for found in findings() if found[0][:1] in "VN"] == []


# It begins


def test_the_leasing_provider_is_told_in_the_same_moment(at):
    returning = a_return()

    assert returning.device.status == "to_return"
    assert (returning.provider, returning.told_at, returning.closed_at) == (a_lessor(), at.moment, None)
    assert told("return_chosen") == [("lease@3stepit.example", "queued")]
    assert all_is_well()


def test_a_device_of_the_company_s_own_has_no_provider():
    returning = a_return_of_its_own()

    assert returning.device.status == "return_pending"
    assert (returning.provider, returning.told_at) == (None, None)
    assert told("return_chosen") == []
    assert all_is_well()


def test_a_device_whose_lease_is_over_is_the_company_s_own(at):
    device = a_leased_device_at_its_final_stage(a_holder())
    Contract.objects.update(closed_on=date(2026, 6, 30))
    device = Device.objects.get(pk=device.pk)

    device.choose_return(by=device.holder)

    returning = Return.objects.get()
    assert (returning.is_leased, returning.provider, returning.device.status) == (False, None, "return_pending")
    assert not Return.objects.leased().exists()


def test_an_external_device_has_no_return_here():
    device = an_external_device_in_its_window()
    device.start_renewal(by=device.holder)
    assert not Return.objects.exists()


def test_a_provider_without_an_address_is_told_when_it_gets_one(at, at_their_desk):
    a_lessor(email="")
    returning = a_return()
    assert (returning.told_at, told("return_chosen")) == (None, [])

    partner, nils = a_lessor(), an_admin()
    page = at_their_desk(nils).get(f"/partners/{partner.ref}/")
    form = page.context["form"]
    sent = {name: form.initial.get(name) or "" for name in form.fields} | {"email": "returns@3stepit.example"}
    assert at_their_desk(nils).post(f"/partners/{partner.ref}/", sent).status_code in {302, 303}

    assert now(returning).told_at == at.moment
    assert told("return_chosen") == [("returns@3stepit.example", "queued")]


def test_a_contract_that_names_nobody_is_told_to_whom_it_is_given(at):
    holder, nils = a_holder(), an_admin()
    returning = a_return(holder)
    Contract.objects.update(provider=None)
    dll = Partner.objects.create(name="DLL", email="returns@dll.example", distributes=False, leases=True)

    Device.objects.get(pk=returning.device_id).edit(by=nils, contract={"provider": dll})

    assert now(returning).provider == dll
    assert told("return_chosen") == [("lease@3stepit.example", "voided"), ("returns@dll.example", "queued")]


def test_a_provider_that_was_told_hears_that_it_is_another_s(at):
    returning, nils = a_return(), an_admin()
    Letter.objects.update(state="sent", sent_at=at.moment)
    dll = Partner.objects.create(name="DLL", email="returns@dll.example", distributes=False, leases=True)

    Device.objects.get(pk=returning.device_id).edit(by=nils, contract={"provider": dll})

    assert told("return_called_off") == [("lease@3stepit.example", "queued")]
    assert ("returns@dll.example", "queued") in told("return_chosen")


def test_importing_the_same_facts_again_tells_nobody_twice(at):
    from velory.journal.steps import follow

    returning = a_return()
    follow(Device, "import", [returning.device], at=at.moment)
    assert len(told("return_chosen")) == 1


def test_what_nobody_has_waits_for_nothing_new(at):
    nils = an_admin()
    device = a_device(leased=True, renewal_on=date(2026, 12, 14), by=nils)

    device.choose_return(by=nils)

    returning = Return.objects.get()
    assert (returning.time_to_return_at, returning.replacement) == (at.moment, None)
    assert told("time_to_return") == [(nils.email, "queued")]
    said = " ".join(render(Letter.objects.get(template="renewals/return_chosen")).text.split())
    assert "Nordvik Energi AB returns the device below to you." in said
    assert "this one is sent as soon as the label is there" in said
    assert "holder" not in said.lower()
    assert "It is to be returned now." in render(Letter.objects.get(template="renewals/time_to_return")).text
    assert all_is_well()


def test_what_a_space_has_goes_back_when_the_space_has_the_new_one():
    nils, reception = an_admin(), a_space("Reception")
    device = a_device(reception, leased=True, renewal_on=date(2026, 12, 14), by=nils)
    device.choose_return(by=nils)
    assert Return.objects.get().time_to_return_at is None

    a_device(a_space("Styrelserummet"), by=nils)
    assert Return.objects.get().time_to_return_at is None
    new = a_device(reception, by=nils)

    assert Return.objects.get().replacement == new
    assert told("time_to_return") == [(nils.email, "queued")]


def test_whoever_leaves_early_is_not_said_to_end_a_lease_or_to_have_a_new_one(at):
    holder = a_holder(last_day_on=date(2026, 12, 1))
    returning = a_return(holder)
    said = " ".join(render(Letter.objects.get(template="renewals/return_chosen")).text.split())
    assert "at the end of its lease" not in said
    assert "The holder was promised it within 24 hours" in said
    page = Provider(returning).open
    assert "No new device is waited for" in page().text


# It ends


def test_received_then_released_the_lease_is_closed_with_its_date(at):
    returning, nils = a_return(), an_admin()
    device = Device.objects.get()
    at("2026-12-03T10:00")
    device.confirm_return(by=nils, at=at.moment)
    assert (now(returning).received_at, now(returning).closed_at) == (at.moment, None)
    assert Contract.objects.get().closed_on is None

    at("2026-12-04T10:00")
    device.release(by=nils, at=at.moment)

    assert now(returning).closed_at == at.moment
    assert Contract.objects.get().closed_on == date(2026, 12, 4)
    assert "was closed on 4 December 2026" in device.journal.last().sentence
    assert all_is_well()


def test_a_release_that_fails_closes_nothing(at, monkeypatch):
    returning, nils = a_return(), an_admin()
    device = Device.objects.get()
    device.confirm_return(by=nils)
    monkeypatch.setattr("renewals.returns.closing.void_links", lambda *args, **kwargs: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        device.release(by=nils)

    assert (Device.objects.get().status, Contract.objects.get().closed_on) == ("returned", None)
    assert now(returning).closed_at is None


def test_a_bought_device_s_lease_is_closed_too(at):
    from renewals.returns.closing import close_contracts

    device = a_device(a_person(), leased=True)
    close_contracts([device], at=at.moment)
    assert Contract.objects.get().closed_on == date(2026, 11, 22)


def test_a_removed_device_s_return_is_called_off(at):
    returning, nils = a_return(), an_admin()
    Letter.objects.update(state="sent", sent_at=at.moment)

    Device.objects.get().remove(by=nils, why="Lost on the train")

    assert now(returning).closed_at == at.moment
    assert told("return_called_off") == [("lease@3stepit.example", "queued")]
    assert Contract.objects.get().closed_on is None
    assert all_is_well()


def test_called_off_before_the_provider_s_letter_went_neither_goes(at):
    a_return()
    Device.objects.get().remove(by=an_admin(), why="Lost on the train")

    assert told("return_chosen") == [("lease@3stepit.example", "voided")]
    assert told("return_called_off") == []


def test_what_had_come_back_is_not_called_off(at):
    returning, nils = a_return(), an_admin()
    device = Device.objects.get()
    device.confirm_return(by=nils)
    device.remove(by=nils, why="The provider has it")

    assert told("return_called_off") == []
    assert (now(returning).closed_at, Contract.objects.get().closed_on) == (at.moment, date(2026, 11, 22))
    assert all_is_well()


# The new device


def test_the_new_device_makes_it_time_to_return(at):
    holder = a_holder()
    returning = labelled(a_return(holder), at)
    at("2026-12-01T10:00")

    new = the_new_device(holder, at=at.moment)

    assert (now(returning).replacement, now(returning).time_to_return_at) == (new, at.moment)
    assert told("time_to_return") == [(holder.email, "queued")]
    assert now(returning).device.status == "to_return"


def test_a_device_of_the_company_s_own_is_then_to_be_returned(at):
    holder = a_holder()
    returning = a_return_of_its_own(holder)

    the_new_device(holder, at=at.moment)

    assert now(returning).device.status == "to_return"
    assert told("time_to_return") == [(holder.email, "queued")]
    assert [(e.step, e.role) for e in now(returning).device.journal][-1] == ("begin_return", "system")
    assert all_is_well()


@pytest.mark.parametrize(
    "facts", [{"category": "computers"}, {"to": "somebody else"}, {"purchased_on": date(2024, 3, 1)}]
)
def test_another_category_somebody_else_s_and_one_long_owned_are_no_replacement(facts, at):
    holder = a_holder()
    returning = a_return(holder)
    to = a_person() if facts.pop("to", None) else holder

    a_device(to, at=at.moment, **facts)

    assert (now(returning).time_to_return_at, told("time_to_return")) == (None, [])


def test_what_they_had_before_they_chose_is_no_replacement(at):
    holder, nils = a_holder(), an_admin()
    other = a_device(holder, at=at.moment - timedelta(days=1))
    returning = a_return(holder)
    other.unassign(by=nils)
    other.assign(by=nils, to=holder)

    assert now(returning).time_to_return_at is None


def test_one_from_the_shelf_that_is_assigned_to_them_is(at):
    holder, nils = a_holder(), an_admin()
    spare = a_device(None, at=at.moment - timedelta(days=300), purchased_on=date(2025, 1, 1))
    returning = a_return(holder)

    spare.assign(by=nils, to=holder)

    assert now(returning).replacement == spare


def test_an_ordered_one_counts_when_it_is_received(at):
    holder = a_holder()
    returning = a_return(holder)
    new = ordered(holder, at)
    assert now(returning).time_to_return_at is None

    new.receive(by=holder, imei="356877800639438")

    assert now(returning).replacement == new


def test_a_cancelled_one_changes_nothing(at):
    holder, nils = a_holder(), an_admin()
    returning = a_return(holder)
    ordered(holder, at, status="ordered").cancel(by=nils)
    assert now(returning).time_to_return_at is None

    second = the_new_device(holder, at=at.moment)
    assert now(returning).replacement == second


def test_two_new_devices_let_two_returns_begin_the_oldest_first(at):
    holder = a_holder()
    old = [a_leased_device_at_its_final_stage(holder) for _two in range(2)]
    first, second = [chosen_at(at, day, device, holder) for day, device in zip(("22", "23"), old, strict=True)]
    at("2026-11-30T09:00")

    one = the_new_device(holder, at=at.moment)
    assert (now(first).replacement, now(second).replacement) == (one, None)
    other = the_new_device(holder, at=at.moment)
    assert (now(first).replacement, now(second).replacement) == (one, other)
    assert len(told("time_to_return")) == 2


def test_a_second_new_device_tells_the_holder_nothing_twice(at):
    holder = a_holder()
    returning = a_return(holder)
    one = the_new_device(holder, at=at.moment)
    the_new_device(holder, at=at.moment)

    assert now(returning).replacement == one
    assert len(told("time_to_return")) == 1


def test_it_does_not_begin_by_itself(at):
    returning = a_return_of_its_own()
    with pytest.raises(Refused, match="has not come yet"):
        returning.device.begin_return(by=None)
    assert now(returning).device.status == "return_pending"


def chosen_at(at, day, device, holder):
    at(f"2026-11-{day}T09:00")
    device.choose_return(by=holder)
    return Return.objects.get(device=device)


def ordered(holder, at, status="delivered"):
    """An order as its distributor reports it."""
    from assets.models import Category, Holding

    new = Device.objects.create(
        name="Apple iPhone 17 256 GB", category=Category.objects.get(code="phones"), serial="NEW4711", holder=holder,
        status=status, registered_at=at.moment, version=0,
    )  # fmt: skip
    Holding.objects.create(device=new, person=holder, from_at=at.moment)
    return Device.objects.get(pk=new.pk)
