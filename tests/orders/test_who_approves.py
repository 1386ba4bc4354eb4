"""Who answers a request: the chain, one row a rule; and who may never."""

from datetime import date, timedelta

import pytest

from orders.models import Delegation, StoreSettings
from orders.requests.approvers import approver_for, deciders_of, goes_through_at_once, part_of
from tests.making import a_location, a_person, a_space, a_team, an_admin
from tests.orders.wishing import a_request
from velory import clock
from velory.people.models import Role

TODAY = date(2026, 11, 22)


@pytest.fixture(autouse=True)
def today(monkeypatch):
    monkeypatch.setattr(clock, "today", lambda company=None: TODAY)


def may_decide(request, by):
    return part_of(request, by, today=TODAY) is not None


@pytest.fixture
def world():
    """Björn in Stockholm and in IT, and everybody who could be asked for him."""
    nils = an_admin()
    karin, zoe, astrid, ebba = (
        a_person(*name.split()) for name in ("Karin Ström", "Zoë Nielsen", "Astrid Sørensen", "Ebba Sjöberg")
    )
    stockholm, it = a_location(), a_team()
    stockholm.approver, it.approver = zoe, astrid
    stockholm.save()
    it.save()
    StoreSettings.objects.update_or_create(pk=1, defaults={"approver": ebba})
    bjorn = a_person("Björn", "Persson", approver=karin, location=stockholm, team=it)
    return {"nils": nils, "karin": karin, "zoe": zoe, "astrid": astrid, "ebba": ebba, "bjorn": bjorn}


CHAIN = [
    ("their own approver", (), "karin"),
    ("their location's", ("karin",), "zoe"),
    ("their team's", ("karin", "zoe"), "astrid"),
    ("the company's", ("karin", "zoe", "astrid"), "ebba"),
    ("any admin", ("karin", "zoe", "astrid", "ebba"), None),
]


@pytest.mark.parametrize(("asked", "gone", "who"), CHAIN, ids=[row[0] for row in CHAIN])
def test_the_first_of_the_chain_who_works_here_is_asked(world, asked, gone, who):
    for name in gone:
        world[name].end_access(by=world["nils"], at=clock.now())
    bjorn = type(world["bjorn"]).objects.get(pk=world["bjorn"].pk)
    assert approver_for(bjorn, bjorn, today=TODAY) == (world[who] if who else None)


def test_on_the_last_day_they_are_still_asked_and_the_day_after_no_more(world):
    world["karin"].change(by=world["nils"], at=clock.now(), last_day_on=TODAY)
    bjorn = type(world["bjorn"]).objects.get(pk=world["bjorn"].pk)
    assert approver_for(bjorn, bjorn, today=TODAY) == world["karin"]
    assert approver_for(bjorn, bjorn, today=TODAY + timedelta(days=1)) == world["zoe"]


def test_whoever_asks_is_passed_over(world):
    world["karin"].approver = world["karin"]
    world["karin"].location = world["bjorn"].location
    assert approver_for(world["karin"], world["karin"], today=TODAY) == world["zoe"]


def test_whom_it_is_for_is_passed_over_too(world):
    manager = a_person(role=Role.PURCHASE_MANAGER, location=world["bjorn"].location)
    zoe = world["zoe"]
    zoe.location = world["bjorn"].location
    assert approver_for(manager, zoe, today=TODAY) == world["ebba"]


# Where nobody is named


def test_where_nobody_is_named_admins_and_the_purchase_managers_of_the_place_answer():
    nils, ebba = an_admin(), an_admin(first_name="Ebba", last_name="Sjöberg")
    here = a_person(role=Role.PURCHASE_MANAGER, location=a_location())
    same_team = a_person(role=Role.PURCHASE_MANAGER, team=a_team())
    elsewhere = a_person(role=Role.PURCHASE_MANAGER, location=a_location("Malmö"))
    nowhere = a_person(role=Role.PURCHASE_MANAGER)
    request = a_request(person=a_person(location=a_location(), team=a_team()))
    assert deciders_of(request, today=TODAY) == [nils, ebba, here, same_team]
    assert not may_decide(request, elsewhere)
    assert not may_decide(request, nowhere)


def test_a_person_without_a_place_has_no_purchase_manager():
    nils, manager = an_admin(), a_person(role=Role.PURCHASE_MANAGER)
    assert deciders_of(a_request(person=a_person()), today=TODAY) == [nils]
    assert not may_decide(a_request(person=a_person()), manager)


def test_when_the_approver_has_left_it_falls_to_the_admins():
    nils, karin = an_admin(), a_person("Karin", "Ström")
    request = a_request(person=a_person(), approver=karin)
    assert deciders_of(request, today=TODAY) == [karin]
    karin.end_access(by=nils, at=clock.now())
    request = type(request).objects.get()
    assert deciders_of(request, today=TODAY) == [nils]
    assert not may_decide(request, karin)


def test_an_admin_may_always_answer_and_is_not_asked():
    nils, karin = an_admin(), a_person("Karin", "Ström")
    request = a_request(person=a_person(), approver=karin)
    assert may_decide(request, nils)
    assert nils not in deciders_of(request, today=TODAY)


# Their own


def test_nobody_answers_for_themselves():
    nils, other = an_admin(), an_admin()
    request = a_request(person=nils)
    assert not may_decide(request, nils)
    assert deciders_of(request, today=TODAY) == [other]


def test_whom_it_is_for_does_not_answer_either():
    zoe = an_admin(first_name="Zoë", last_name="Nielsen")
    nils = an_admin()
    manager = a_person(role=Role.PURCHASE_MANAGER, location=a_location())
    request = a_request(person=zoe, requester=manager)
    assert not may_decide(request, zoe)
    assert deciders_of(request, today=TODAY) == [nils]


def test_the_only_one_who_could_answer_answers_for_themselves():
    nils = an_admin()
    request = a_request(person=nils)
    assert may_decide(request, nils)
    assert goes_through_at_once(nils, nils, today=TODAY)
    an_admin()
    assert not may_decide(request, nils)
    assert not goes_through_at_once(nils, nils, today=TODAY)


def test_an_employee_who_is_their_own_approver_asks_the_admins():
    nils, bjorn = an_admin(), a_person("Björn", "Persson")
    bjorn.approver = bjorn
    bjorn.save()
    assert approver_for(bjorn, bjorn, today=TODAY) is None
    assert not goes_through_at_once(bjorn, bjorn, today=TODAY)
    assert deciders_of(a_request(person=bjorn), today=TODAY) == [nils]


# At once


def test_what_an_admin_orders_for_others_asks_nobody():
    nils = an_admin()
    an_admin()
    assert goes_through_at_once(nils, a_person(approver=a_person()), today=TODAY)
    assert goes_through_at_once(nils, None, today=TODAY)
    assert may_decide(a_request(requester=nils, space=a_space()), nils)
    assert may_decide(a_request(requester=nils, for_company=True), nils)


def test_a_purchase_manager_orders_at_once_only_where_they_would_be_asked_first():
    an_admin()
    manager = a_person(role=Role.PURCHASE_MANAGER, location=a_location())
    theirs, another = a_person(approver=manager), a_person(location=a_location())
    assert goes_through_at_once(manager, theirs, today=TODAY)
    assert not goes_through_at_once(manager, another, today=TODAY)
    assert not goes_through_at_once(manager, manager, today=TODAY)


# In another's place


def away(approver, deputy, first, last):
    return Delegation.objects.create(approver=approver, deputy=deputy, from_on=first, until_on=last)


@pytest.mark.parametrize(("days_from_now", "asked"), [(-1, "karin"), (0, "zoe"), (2, "zoe"), (3, "karin")])
def test_a_deputy_is_asked_on_their_days_both_ends_included(world, days_from_now, asked):
    away(world["karin"], world["zoe"], TODAY, TODAY + timedelta(days=2))
    request = a_request(person=world["bjorn"], approver=world["karin"])
    assert deciders_of(request, today=TODAY + timedelta(days=days_from_now)) == [world[asked]]


def test_a_deputy_may_answer_and_so_may_whoever_they_stand_in_for(world):
    away(world["karin"], world["zoe"], TODAY, TODAY)
    request = a_request(person=world["bjorn"], approver=world["karin"])
    assert may_decide(request, world["zoe"])
    assert may_decide(request, world["karin"])
    assert not may_decide(request, world["astrid"])


def test_a_deputy_does_not_answer_what_is_their_own(world):
    away(world["karin"], world["bjorn"], TODAY, TODAY)
    request = a_request(person=world["bjorn"], approver=world["karin"])
    assert deciders_of(request, today=TODAY) == [world["karin"]]
    assert not may_decide(request, world["bjorn"])


def test_a_deputy_who_has_left_stands_in_for_nobody(world):
    away(world["karin"], world["zoe"], TODAY, TODAY)
    world["zoe"].end_access(by=world["nils"], at=clock.now())
    request = a_request(person=world["bjorn"], approver=world["karin"])
    assert deciders_of(request, today=TODAY) == [world["karin"]]


def test_a_deputy_has_no_deputy(world):
    away(world["karin"], world["zoe"], TODAY, TODAY)
    away(world["zoe"], world["astrid"], TODAY, TODAY)
    request = a_request(person=world["bjorn"], approver=world["karin"])
    assert deciders_of(request, today=TODAY) == [world["zoe"]]


def test_a_purchase_managers_deputy_stands_in_where_nobody_is_named():
    nils, manager = an_admin(), a_person(role=Role.PURCHASE_MANAGER, location=a_location())
    ebba = a_person("Ebba", "Sjöberg")
    away(manager, ebba, TODAY, TODAY)
    request = a_request(person=a_person(location=a_location()))
    assert deciders_of(request, today=TODAY) == [nils, ebba]
