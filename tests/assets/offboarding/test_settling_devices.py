"""A person with a leased, an external, a one-off, an in-repair and an ordered device leaves: each settled or listed."""

from datetime import date
from decimal import Decimal

import pytest

from assets.lifecycle import Status
from assets.models import Device, OffboardingSettings, Plan
from assets.offboarding.models import Offboarding
from assets.offboarding.plans import hand_in, say
from assets.offboarding.roster import roster_of, rosters_of, ways_of
from assets.offboarding.views.leavers import set_day
from repairs.loans import lend
from repairs.models import Case
from repairs.outcomes import give_back
from tests.assets.making import an_ordered_device
from tests.assets.offboarding.making import LAST_DAY, a_leaver, the_offboarding_of
from tests.making import a_device, a_person, an_admin, an_external_device
from velory import clock
from velory.journal.reason import Refused
from velory.ui.todos import todos


def standing(person, device):
    return roster_of(the_offboarding_of(person), at=clock.now()).of(device.ref).standing


def fresh(device):
    return Device.objects.get(pk=device.pk)


def a_plan(person, device, way="", *, by, **offers):
    return say(the_offboarding_of(person), device, way, by=by, at=clock.now(), **offers)


@pytest.fixture
def admin():
    return an_admin()


def in_repair(person, admin):
    device = a_device(person)
    device.report_fault(by=person, fault="The screen is cracked.")
    device.start_repair(by=admin)
    return device


def test_of_five_kinds_each_is_listed_and_then_each_is_settled(admin):
    person = a_person()
    leased, external, own = a_device(person, leased=True), an_external_device(person), a_device(person)
    mended, ordered = in_repair(person, admin), an_ordered_device(person, "ordered")
    set_day(person, LAST_DAY, quietly=True, by=admin, at=clock.now())
    row = the_offboarding_of(person)
    roster = roster_of(row, at=clock.now())
    assert {item.device for item in roster.items} == {leased, external, own, mended, ordered}
    assert [item.device for item in roster.settled] == [mended]
    assert standing(person, mended).text == "In repair: it goes back to the company, to nobody's desk."
    assert standing(person, leased).text == "Nothing is decided yet."
    assert standing(person, ordered).text.startswith("Ordered, and not sent yet")

    hand_in(row, leased, by=admin, at=clock.now())
    a_plan(person, external, "stays", by=person)
    assert standing(person, external).text.startswith("It stays with the company.")
    hand_in(row, external, by=admin, at=clock.now())
    fresh(own).assign(by=admin, to=a_person())
    fresh(ordered).cancel(by=admin, why="They leave")
    assert [item.standing.text for item in roster_of(row, at=clock.now()).open] == []
    assert len(roster_of(row, at=clock.now()).settled) == 5
    assert list(Offboarding.objects.settled(clock.today())) == [row]


def test_what_they_get_after_the_letter_comes_to_the_list_too(admin):
    person = a_leaver(quietly=True)
    late = a_device(person)
    assert standing(person, late).settled is False


def test_what_they_had_no_more_before_it_began_is_not_on_the_list(admin, at):
    person = a_person()
    before = a_device(person)
    before.unassign(by=admin)
    at("2026-11-22T09:00")
    set_day(person, LAST_DAY, quietly=True, by=admin, at=clock.now())
    assert roster_of(the_offboarding_of(person), at=clock.now()).items == []


def test_a_borrowed_device_is_to_be_brought_back(admin):
    person = a_leaver(quietly=True)
    lent = a_device()
    loan = lend(lent, person, due_on=date(2026, 12, 24), by=admin, at=clock.now())
    told = standing(person, lent)
    assert (told.text, told.deeds[0].address) == (
        "Borrowed: it is to be brought back.",
        f"/repairs/loans/{loan.ref}/back/",
    )


def test_what_one_leaver_has_borrowed_is_settled_for_another_who_had_it_before(admin):
    before, now = a_leaver(quietly=True), a_leaver(quietly=True)
    device = a_device(before)
    device.unassign(by=admin)
    lend(fresh(device), now, due_on=date(2026, 12, 24), by=admin, at=clock.now())
    rows = [the_offboarding_of(person) for person in (before, now)]
    found = rosters_of(rows, at=clock.now())
    settled, lent = (found[row.pk].of(device.ref).standing for row in rows)
    assert (settled.settled, settled.text) == (True, f"{now} has it now.")
    assert (lent.settled, lent.text) == (False, "Borrowed: it is to be brought back.")


def test_a_repaired_device_goes_to_nobody_who_leaves(admin):
    person = a_person()
    device = in_repair(person, admin)
    set_day(person, LAST_DAY, quietly=True, by=admin, at=clock.now())
    with pytest.raises(Refused, match="it goes back to the company"):
        give_back(Case.objects.get(device=device), by=admin, at=clock.now())
    assert fresh(device).status == Status.IN_REPAIR


# What is possible, and what an admin offers


def test_a_lease_with_years_to_go_is_neither_bought_nor_returned_unless_an_admin_offers_it(admin):
    person = a_leaver(quietly=True)
    leased = a_device(person, leased=True)
    item = roster_of(the_offboarding_of(person), at=clock.now()).of(leased.ref)
    ways = {way.way: way for way in ways_of(item, by=person, at=clock.now())}
    assert "31 December 2027" in str(ways["buy_out"].shut)
    assert "31 December 2027" in str(ways["return"].shut)
    assert ways["stays"].shut is None
    a_plan(person, leased, by=admin, early_return=True)
    item = roster_of(the_offboarding_of(person), at=clock.now()).of(leased.ref)
    ways = {way.way: way for way in ways_of(item, by=person, at=clock.now())}
    assert ways["return"].shut is None
    assert ways["buy_out"].shut is not None


def test_a_return_that_is_offered_early_goes_the_ordinary_way_and_waits_for_no_replacement(admin):
    person = a_leaver(quietly=True)
    leased = a_device(person, leased=True)
    a_plan(person, leased, "return", by=admin, early_return=True)
    fresh(leased).choose_return(by=person)
    assert fresh(leased).status == Status.TO_RETURN
    assert fresh(leased).returns.get().time_to_return_at is not None
    assert standing(person, leased).text == "It goes back to 3 Step IT. The label has not come yet."
    fresh(leased).confirm_return(by=admin)
    assert standing(person, leased).settled


def test_a_buyout_before_its_time_needs_a_price_that_an_admin_sets(admin):
    person = a_leaver(quietly=True)
    own = a_device(person, purchase_price=Decimal(9490), purchased_on=date(2025, 1, 31))
    a_plan(person, own, "buy_out", by=admin, price=Decimal("1500.00"))
    item = roster_of(the_offboarding_of(person), at=clock.now()).of(own.ref)
    way = next(way for way in ways_of(item, by=person, at=clock.now()) if way.way == "buy_out")
    assert way.price == "1,875.00\xa0SEK"
    assert way.shut.code == "payments_off"  # nothing else stands against it


def test_the_leaver_may_say_what_is_open_and_no_more(admin):
    person = a_leaver(quietly=True)
    leased = a_device(person, leased=True)
    with pytest.raises(Refused, match="31 December 2027"):
        a_plan(person, leased, "return", by=person)
    assert a_plan(person, leased, "stays", by=person).by_admin is False


def test_what_an_admin_has_decided_the_leaver_does_not_change(admin):
    person = a_leaver(quietly=True)
    device = a_device(person)
    a_plan(person, device, "stays", by=admin)
    with pytest.raises(Refused, match="has decided this for the company"):
        a_plan(person, device, "", by=person)


def test_where_the_company_decides_nobody_else_does(admin):
    OffboardingSettings.objects.update_or_create(pk=1, defaults={"leaver_chooses": False})
    person = a_leaver(quietly=True)
    device = a_device(person)
    with pytest.raises(Refused, match="an admin decides"):
        a_plan(person, device, "stays", by=person)


def test_a_colleague_decides_nothing(admin):
    person = a_leaver(quietly=True)
    device = a_device(person)
    with pytest.raises(Refused):
        a_plan(person, device, "stays", by=a_person())


def test_of_two_admins_the_second_hands_in_nothing_twice(admin):
    person = a_leaver(quietly=True)
    device = a_device(person)
    row = the_offboarding_of(person)
    hand_in(row, device, by=admin, at=clock.now())
    with pytest.raises(Refused, match="does not have it any more"):
        hand_in(row, device, by=an_admin(), at=clock.now())
    assert device.journal.filter(step="unassign").count() == 1


def test_what_is_settled_is_not_planned_any_more(admin):
    person = a_leaver(quietly=True)
    device = a_device(person)
    hand_in(the_offboarding_of(person), device, by=admin, at=clock.now())
    with pytest.raises(Refused, match="it is settled, or under way"):
        a_plan(person, device, "stays", by=admin)
    assert Plan.objects.count() == 0


# The list


def test_the_to_do_counts_leavers_with_something_open_and_says_who_is_late(admin):
    a_device(a_leaver(quietly=True))
    a_device(a_leaver(date(2026, 11, 1), quietly=True))
    a_leaver(quietly=True)  # nothing to settle
    a_device(a_leaver(date(2027, 6, 30), quietly=True))  # not soon
    found = next(todo for todo in todos(today=clock.today()) if todo.code == "leavers")
    assert (found.count, found.late, found.oldest_on) == (2, 1, date(2026, 11, 1))


@pytest.mark.parametrize("many", [1, 4])
def test_the_devices_of_many_leavers_cost_the_same_queries(many, admin, django_assert_num_queries):
    people = [a_leaver(quietly=True) for _each in range(many)]
    for person in people:
        a_device(person)
        a_device(person, leased=True)
    rows = [the_offboarding_of(person) for person in people]
    with django_assert_num_queries(4):
        rosters_of(rows, at=clock.now())
