"""Admins see what holders have said so far; each figure leads to a list of exactly so many devices."""

import re

import pytest

from assets.models import Device
from renewals.choices.totals import for_good, so_far
from tests.making import a_person, an_admin
from tests.renewals.making import (
    a_leased_device_at_its_final_stage,
    a_leased_device_at_its_preliminary_stage,
    a_one_off_device_in_its_window,
    an_external_device_in_its_window,
)
from velory import clock


@pytest.fixture
def desk(at_their_desk):
    return at_their_desk(an_admin())


@pytest.fixture
def fleet():
    """Two would rather buy out, three would rather return, two have said nothing, one goes back; one is external."""
    for _n in range(5):
        device = a_leased_device_at_its_preliminary_stage()
        device.prefer_return(by=device.holder)
    for device in Device.objects.order_by("pk")[:2]:
        device.prefer_buyout(by=device.holder)
    a_leased_device_at_its_final_stage()
    a_one_off_device_in_its_window()
    going = a_leased_device_at_its_final_stage()
    going.choose_return(by=going.holder)
    an_external_device_in_its_window()


def test_what_was_said_is_counted(fleet):
    today = clock.today()

    assert [(str(figure.label), figure.count) for figure in so_far(today)] == [
        ("Nothing chosen yet", 2), ("Preliminary buy-out", 2), ("Preliminary return", 3),
    ]  # fmt: skip
    assert [figure.count for figure in for_good(today)] == [0, 1]


def test_every_figure_is_the_length_of_its_list(fleet, desk):
    for figure in (*so_far(clock.today()), *for_good(clock.today())):
        page = desk.get(figure.url)
        assert page.context["table"].count == figure.count, figure
        assert f'href="{figure.url.replace("&", "&amp;")}"' in desk.get("/renewals/").text


def test_the_list_is_narrowed_by_what_was_said(fleet, desk):
    page = desk.get("/renewals/?choice=preliminary_return")

    assert {row.device.status for row in page.context["rows"]} == {"preliminary_return"}
    assert re.search(r'name="choice"[^>]*value="preliminary_return"[^>]*checked', page.text)


@pytest.mark.parametrize("number", [1, 4])
def test_the_list_costs_the_same_whatever_was_said(number, desk, django_assert_num_queries):
    for _n in range(number):
        device = a_leased_device_at_its_preliminary_stage()
        device.prefer_return(by=device.holder)
        a_leased_device_at_its_final_stage()
    desk.get("/renewals/")

    with django_assert_num_queries(9):
        desk.get("/renewals/")


@pytest.mark.parametrize("number", [1, 3])
def test_home_asks_as_little_of_the_database_for_three_as_for_one(number, at_their_desk, django_assert_num_queries):
    ebba = a_person("Ebba", "Bäckman", language="en")
    for make in (a_leased_device_at_its_final_stage, a_leased_device_at_its_preliminary_stage) * number:
        make(ebba)
    desk = at_their_desk(ebba)
    desk.get("/")

    with django_assert_num_queries(26):  # what the store offers among them
        desk.get("/")
