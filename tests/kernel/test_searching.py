"""Search from anywhere: one field for devices, people, orders and pages, of what the reader may see."""

import pytest

from tests.making import a_device, a_person, a_space, an_admin
from tests.orders.wishing import a_request, an_order
from tests.repairs.making import a_reported_device


def titles(page):
    return [hit.title for group in page.context["groups"] for hit in group.hits]


@pytest.mark.parametrize("typed", ["zoe", "ZOË niel", "zoe.nielsen", "E-4711"])
def test_an_admin_finds_a_person_by_name_address_or_number(typed, at_their_desk):
    a_person(first_name="Zoë", last_name="Nielsen", email="zoe.nielsen@nordvik.example", employee_number="E-4711")

    assert "Zoë Nielsen" in titles(at_their_desk(an_admin()).get("/search/", {"q": typed}))


@pytest.mark.parametrize("typed", ["galaxy", "ser-77", "35440268599", "D-00069"])
def test_an_admin_finds_a_device_by_name_serial_imei_or_number(typed, at_their_desk):
    a_device(name="Samsung Galaxy A56", serial="SER-770", imei="354402685995286", number="D-00069")

    assert "Samsung Galaxy A56" in titles(at_their_desk(an_admin()).get("/search/", {"q": typed}))


def test_an_admin_finds_orders_requests_repairs_spaces_and_pages(at_their_desk):
    order, asked, broken, space = an_order(), a_request(), a_reported_device(), a_space(name="Konferensrum Vinga")
    desk = at_their_desk(an_admin(language="en"))

    for typed, found in [
        (order.ref.lower(), order.ref),
        (asked.ref, asked.ref),
        (asked.ref[:5], asked.ref),
        ("vinga", space.name),
        ("forec", "Renewals forecast"),
    ]:
        assert any(found in title for title in titles(desk.get("/search/", {"q": typed}))), typed
    repairs = [
        group for group in desk.get("/search/", {"q": broken.name}).context["groups"] if str(group.label) == "Repairs"
    ]
    assert repairs


def test_an_employee_finds_their_own_things_and_nobody_else_s(at_their_desk):
    someone, colleague = a_person(), a_person(first_name="Zoë", last_name="Nielsen")
    own, theirs = a_device(someone, name="Samsung Galaxy A56"), a_device(colleague, name="Samsung Galaxy S24")
    order = an_order()
    desk = at_their_desk(someone)

    assert titles(desk.get("/search/", {"q": "galaxy"})) == [own.name]
    for hidden in ("nielsen", theirs.serial, order.ref, "hardware"):
        assert titles(desk.get("/search/", {"q": hidden})) == [], hidden


@pytest.mark.parametrize("page", ["Planned mail", "People who leave", "Teams", "Loans", "Support access"])
def test_an_admin_finds_the_pages_that_stand_in_no_menu(page, at_their_desk):
    desk = at_their_desk(an_admin(language="en"))
    [hit] = [hit for g in desk.get("/search/", {"q": page}).context["groups"] for hit in g.hits if hit.title == page]

    assert desk.get(hit.address).status_code == 200


def test_an_employee_finds_the_pages_beside_their_own(at_their_desk):
    desk = at_their_desk(a_person(language="en"))

    assert "Support" in titles(desk.get("/search/", {"q": "support"}))
    assert titles(desk.get("/search/", {"q": "planned mail"})) == []


def test_a_kind_of_which_there_is_more_leads_to_its_list(at_their_desk):
    for _number in range(7):
        a_device(name="Fairphone 5")

    [devices] = at_their_desk(an_admin()).get("/search/", {"q": "fairphone"}).context["groups"]

    assert len(devices.hits) == 5
    assert devices.more == "/hardware/?q=fairphone"


@pytest.mark.parametrize(
    "typed", ["", " ", "a", "\0", "%", "_", "'", "\\", "zzzzzz", "x" * 5000, "🧑‍🚀", "a b c d e f g h"]
)
def test_whatever_is_typed_is_answered(typed, at_their_desk):
    a_device(name="iPhone 15")

    page = at_their_desk(an_admin()).get("/search/", {"q": typed})

    assert page.status_code == 200
    assert "iPhone 15" not in titles(page)


def test_the_palette_is_sent_the_list_alone(at_their_desk):
    a_device(name="iPhone 15")

    part = at_their_desk(an_admin()).get(
        "/search/", {"q": "iphone"}, headers={"HX-Request": "true", "HX-Target": "palette-found"}
    )

    assert b"<html" not in part.content
    assert b"iPhone 15" in part.content


def test_a_search_asks_a_constant_number_of_questions(at_their_desk, django_assert_max_num_queries):
    desk = at_their_desk(an_admin())
    for number in range(6):
        a_device(a_person(first_name="Zoë"), name=f"Zoë's phone {number}")
        a_request(requester=a_person(first_name="Zoë"))
    desk.get("/search/", {"q": "zoe"})

    with django_assert_max_num_queries(30):
        desk.get("/search/", {"q": "zoe"})
