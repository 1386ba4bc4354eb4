"""Support, in the account menu: the company's admins, and the partners behind what one has, leases or waits for."""

import pytest

from assets.models import Device, Partner
from tests.assets.making import words
from tests.making import a_device, a_lessor, a_person, a_space, an_admin, an_external_distributor
from tests.orders.wishing import an_order


@pytest.fixture
def ebba():
    return a_person("Ebba", "Sjöberg", language="en")


def support(desk):
    return words(desk.get("/you/support/"))


def test_it_stands_in_the_account_menu_and_below_every_page(at_their_desk, ebba):
    page = at_their_desk(ebba).get("/").content.decode()
    assert page.count('href="/you/support/"') == 2
    assert page.index('href="/you/"') < page.index('href="/you/support/"')
    assert 'href="/you/support/"' in at_their_desk(an_admin()).get("/").content.decode()


def test_the_admins_stand_there_with_how_to_reach_them(at_their_desk, ebba):
    nils = an_admin(phone="+46 31 700 00 10")
    gone = an_admin(first_name="Karin", last_name="Öberg", is_active=False)
    page = at_their_desk(ebba).get("/you/support/")
    assert f"Nils Wikström {nils.email} +46 31 700 00 10" in words(page)
    assert f'href="mailto:{nils.email}"' in page.content.decode()
    assert str(gone) not in words(page)


def test_the_distributor_of_an_order_stands_there_first(at_their_desk, ebba):
    a_device(ebba, name="Fairphone 5", distributor=an_external_distributor())
    an_order(person=ebba)
    Partner.objects.filter(name="Dustin").update(support_email="kundservice@dustin.example", support_phone="0771-1")
    text = support(at_their_desk(ebba))
    dustin = "Dustin kundservice@dustin.example 0771-1 On its way from there: Apple iPhone 16 128 GB, Black, 128 GB"
    assert dustin in text
    assert text.index("Dustin kundservice") < text.index("Atea No support contact is known. Ask your company.")
    assert "Came from there: Fairphone 5" in text


def test_what_was_ordered_for_a_space_counts_while_it_is_on_its_way(at_their_desk):
    mia, ebba = a_person("Mia", "Berg", language="en"), a_person("Ebba", "Sjöberg")
    order = an_order(person=ebba, requester=mia)
    assert "On its way from there" in support(at_their_desk(mia))
    device = Device.objects.get(order_line__order=order)
    device.cancel(by=order.distributor)
    assert "Nothing of yours has come from a distributor" in support(at_their_desk(mia))
    an_order(space=a_space(), requester=mia)
    assert "On its way from there" in support(at_their_desk(mia))


def test_the_leasing_provider_stands_there_with_what_is_leased(at_their_desk, ebba):
    a_device(ebba, leased=True, name="MacBook Air 13")
    a_lessor().__class__.objects.filter(name="3 Step IT").update(support_phone="010-2")
    text = support(at_their_desk(ebba))
    assert "Leasing providers They own what you lease, and take it back at the end. 3 Step IT 010-2 Leased from" in text


def test_whoever_has_nothing_is_told_what_will_stand_there(at_their_desk, ebba):
    text = support(at_their_desk(ebba))
    assert "When you order something, its distributor stands here." in text
    assert "You lease nothing at the moment." in text
    assert "Nobody is an admin at the moment." in text


def test_another_s_distributor_is_nobody_s_business(at_their_desk, ebba):
    an_order(person=a_person())
    a_device(a_person(), leased=True)
    text = support(at_their_desk(ebba))
    assert "Dustin" not in text
    assert "3 Step IT" not in text


def test_without_a_store_it_stands_there_all_the_same(at_their_desk, ebba, nordvik):
    before, nordvik.features = nordvik.features, []
    nordvik.save()
    try:
        a_device(ebba)
        assert "Came from there" in support(at_their_desk(ebba))
    finally:
        nordvik.features = before
        nordvik.save()


@pytest.mark.parametrize("number", [1, 4])
def test_it_costs_the_same_queries_for_one_device_and_for_four(at_their_desk, ebba, django_assert_num_queries, number):
    for _n in range(number):
        a_device(ebba, leased=True)
        an_order(person=a_person(), requester=ebba)
    desk = at_their_desk(ebba)
    with django_assert_num_queries(13):
        desk.get("/you/support/")
