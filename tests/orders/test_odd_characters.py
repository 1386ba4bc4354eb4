"""Characters that no name or number has: they are told at the form, or found nowhere, and bring nothing down."""

from urllib.parse import urlsplit

import pytest

from orders.reports.link import order_link
from tests.making import a_device, a_person, an_admin
from tests.orders.reporting import a_sent_order, devices, hears, said

NUL = "A\0B"
TAKEN = "STRAßE1"


@pytest.fixture
def order():
    return a_sent_order(2)


@pytest.fixture
def page(client, order):
    """The distributor's page, opened."""
    path = urlsplit(order_link(order)).path
    client.get(path)
    return lambda data: client.post(path, {"number": "SO-1"} | data)


@pytest.mark.parametrize("name", ["serial", "imei", "tracking", "expected_on", "status"])
def test_a_field_with_a_nul_is_told_at_the_field(page, order, name):
    assert page({f"line-1-{name}": NUL}).status_code == 422
    assert (devices(order)[1].serial, devices(order)[1].status) == ("", "ordered")


def test_the_address_of_the_page_may_name_any_message(client, order):
    assert client.get(urlsplit(order_link(order)).path + "?saved=%00").status_code == 200


@pytest.mark.parametrize("to", ["\0", "space:\0"])
def test_nobody_is_called_nul(at_their_desk, to):
    assert at_their_desk(an_admin()).post("/store/cart/for/", {"to": to}).status_code == 422


@pytest.mark.parametrize("data", [{"line-1-serial": TAKEN}, {"paste": f"1,{TAKEN}"}, {"paste": TAKEN.lower()}])
def test_a_serial_number_with_a_sharp_s_belongs_to_one_device_too(page, order, data):
    a_device(a_person(), serial=TAKEN)
    answer = page(data)
    assert answer.status_code == 422
    assert "has this number already" in answer.content.decode()
    assert devices(order)[1].serial == ""


def test_a_machine_hears_so_too(order):
    a_device(a_person(), serial=TAKEN)
    report = hears(order, said(order, 1, [{"line": 1, "status": "shipped", "serial": TAKEN}]))
    assert [note["code"] for note in report.said] == ["taken", "moved"]
    assert (devices(order)[1].serial, devices(order)[1].status) == ("", "shipped")
