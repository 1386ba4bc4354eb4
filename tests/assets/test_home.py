"""Home says what needs me first; an admin sees first what waits for the company."""

from datetime import date

import pytest

from assets.gate import Shut, _gatekeepers, gatekeeper, may_order
from assets.models import Category, Device
from assets.panels import Alert, _alerts, alert
from tests.assets.making import an_ordered_device, words
from tests.making import a_device, a_person, a_space, an_admin
from tests.orders.making import a_product
from velory.clock import today
from velory.ui import todos as registry
from velory.ui.todos import Todo, todos


@pytest.fixture
def ebba():
    return a_person("Ebba", "Sjöberg", language="en")


@pytest.fixture
def asked(ebba):
    """An app above that asks two things of Ebba."""
    device = a_device(ebba, name="Fairphone 5")

    @alert
    def asks(person, *, today):
        if person != ebba:
            return []
        return [
            Alert("Choose a colour", "It can wait.", "Choose", "/later/", device),
            Alert("Buy out or return?", "The lease ends soon.", "Make your choice", "/choice/", device, urgent=True),
        ]

    yield device
    _alerts.remove(asks)


# An employee


def test_it_greets_by_the_time_of_day(at_their_desk, ebba, at):
    desk = at_their_desk(ebba)
    assert "Good morning, Ebba Sunday 22 November 2026" in words(desk.get("/"))
    at("2026-11-22T12:00")
    assert "Hello, Ebba" in words(desk.get("/"))
    at("2026-11-22T21:00")
    assert "Good evening, Ebba" in words(desk.get("/"))


def test_the_most_urgent_thing_is_the_one_that_asks(at_their_desk, ebba, asked):
    page = at_their_desk(ebba).get("/")
    assert page.content.decode().count('<section class="ask') == 1
    text = words(page)
    assert text.index("Buy out or return?") < text.index("Choose a colour") < text.index("Your hardware")
    assert 'href="/choice/"' in page.content.decode()


def test_nobody_is_asked_what_is_another_s(at_their_desk, asked):
    assert "Buy out or return?" not in words(at_their_desk(a_person(language="en")).get("/"))


def test_what_is_theirs_stands_there_and_what_is_archived_does_not(at_their_desk, ebba):
    a_device(ebba, name="Fairphone 5")
    a_device(a_person(), name="Dell Latitude 7450")
    gone = a_device(ebba, name="iPad Air 11")
    gone.remove(by=an_admin(), why="Lost")
    for address in ("/", "/devices/"):
        text = words(at_their_desk(ebba).get(address))
        assert "Fairphone 5 Owned by Nordvik Energi AB Active Renewal 31 Jan 2028" in text
        assert "1 device " in text
        assert "Dell Latitude" not in text
        assert "iPad" not in text


def test_what_is_on_its_way_stands_apart_with_its_button(at_their_desk, ebba):
    an_ordered_device(ebba, serial="DOCK1", status="delivered")
    an_ordered_device(ebba, serial="DOCK2", status="backordered", name="Logitech MX Keys S")
    page = at_their_desk(ebba).get("/")
    assert "Ongoing orders" in words(page)
    assert "You have no devices yet" in words(page)
    assert page.content.decode().count("Mark as received") == 2  # what waits for them, and the device's row
    assert "Has your Dell dock WD22TB4 come? It was delivered on 22 November 2026." in words(page)


def test_the_gate_answers_for_each_category_in_which_something_is_offered(at_their_desk, ebba):
    a_device(ebba, name="Fairphone 5")
    a_product()
    a_product("Dell Latitude 7450", category="computers")
    text = words(at_their_desk(ebba).get("/"))
    assert "Phones You have Fairphone 5. You can order the next one from" in text
    assert "Computers You can order a new one. Open" in text
    assert "Screens" not in text


def test_nobody_is_told_to_order_while_the_store_offers_nothing(at_their_desk, ebba):
    a_device(ebba, name="Fairphone 5")
    text = words(at_their_desk(ebba).get("/"))
    assert "What you can order" not in text
    assert "You can order" not in text


def test_what_is_to_be_done_before_an_order_stands_there_whatever_is_offered(at_their_desk, ebba):
    @gatekeeper
    def shuts_phones(person, category, *, today):
        return (
            Shut("undecided", "Choose first.", button="Choose", url="/choice/") if category.code == "phones" else None
        )

    try:
        text = words(at_their_desk(ebba).get("/"))
    finally:
        _gatekeepers.remove(shuts_phones)
    assert "What you can order Phones Choose first. Shut Choose" in text
    assert "Computers" not in text


@pytest.mark.parametrize("number", [1, 3])
def test_home_costs_the_same_queries_for_one_device_and_for_three(
    at_their_desk, ebba, django_assert_num_queries, number
):
    for _n in range(number):
        a_device(ebba, leased=True)
    desk = at_their_desk(ebba)
    desk.get("/")
    with django_assert_num_queries(27):
        desk.get("/devices/")


# The gate


def phones():
    return Category.objects.get(code="phones")


def test_a_held_phone_fills_the_place_until_it_can_be_let_go(ebba):
    device = a_device(ebba)
    shut = may_order(ebba, phones(), today=today())
    assert (shut.code, shut.device) == ("quota", device)
    assert shut.until
    assert may_order(ebba, Category.objects.get(code="screens"), today=today()) is None
    assert may_order(a_person(), phones(), today=today()) is None


def test_a_device_on_its_way_counts_and_one_that_is_leaving_does_not(ebba, monkeypatch):
    from tests.assets.making import a_started_device

    a_started_device(ebba, monkeypatch)
    assert may_order(ebba, phones(), today=today()) is None
    an_ordered_device(ebba, category=phones(), serial="SN1")
    assert may_order(ebba, phones(), today=today()).code == "quota"


def test_a_place_for_two_is_filled_by_two(ebba):
    Category.objects.filter(code="phones").update(quota=2)
    a_device(ebba)
    assert may_order(ebba, phones(), today=today()) is None
    a_device(ebba)
    assert may_order(ebba, phones(), today=today()).code == "quota"


# An admin


def test_what_waits_for_the_company_is_counted(at_their_desk):
    nils = an_admin()
    a_device()
    a_device(a_person(), payor="")
    a_device(a_space(), renewal_on=None)
    page = at_their_desk(nils).get("/")
    text = words(page)
    assert "1 Unassigned Assign each to a person or a space" in text
    assert "1 Payor missing" in text
    assert "1 Renewal date missing" in text
    for todo in todos(today=today()):
        rows = at_their_desk(nils).get(todo.url).content.decode().count('<th scope="row"')
        assert rows == todo.count, todo.code


def test_nothing_waits_where_nothing_is_missing(at_their_desk):
    a_device(a_person())
    assert "Nothing waits for you" in words(at_their_desk(an_admin()).get("/"))


def test_apps_above_add_what_waits(at_their_desk):
    @registry.todo(order=1)
    def overdue(today):
        return [Todo("late", 3, "Renewal date passed", "The devices stay", "/x/", oldest_on=date(2026, 10, 20), late=3)]

    try:
        text = words(at_their_desk(an_admin()).get("/"))
        assert "3 Renewal date passed The devices stay Oldest 33 days ago" in text
    finally:
        registry._todos._known[:] = [entry for entry in registry._todos._known if entry[1] is not overdue]


def test_what_waits_for_a_day_to_come_is_not_called_old(at_their_desk):
    @registry.todo(order=1)
    def soon(today):
        return [Todo("soon", 1, "Awaiting release", "Take it out first", "/x/", oldest_on=date(2026, 11, 24))]

    try:
        assert "1 Awaiting release Take it out first Nearest in 2 days" in words(at_their_desk(an_admin()).get("/"))
    finally:
        registry._todos._known[:] = [entry for entry in registry._todos._known if entry[1] is not soon]


def test_the_fleet_is_counted_by_status_and_age(at_their_desk):
    nils = an_admin()
    for bought in (date(2026, 5, 1), date(2025, 11, 22), date(2020, 1, 1), None):
        a_device(a_person(), purchased_on=bought)
    Device.objects.first().remove(by=nils, why="Lost")
    text = words(at_their_desk(nils).get("/"))
    assert "3 devices · " in text
    assert "In use 3 In use Active 3" in text
    assert (
        "Under 1 year 0 1 to 2 years 1 1 to 2 years 2 to 3 years 0 3 to 4 years 0 Over 4 years 1 Over 4 years" in text
    )
    assert (
        "Fleet by ownership Devices by ownership Ownership Share Devices Leased 0 One-off 3 One-off External 0" in text
    )


def test_an_admin_s_own_devices_stand_below(at_their_desk):
    nils = an_admin()
    a_device(nils, name="Fairphone 5")
    text = words(at_their_desk(nils).get("/"))
    assert (
        text.index("Fleet by age")
        < text.index("Your own devices", text.index("Fleet by age"))
        < text.index("Fairphone 5")
    )
