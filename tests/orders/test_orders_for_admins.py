"""Admins see every order, what was said of it and what can be done; everybody else their own."""

import csv
import io
import re

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext

from orders.models import Channel, Order
from orders.ordering.channels import renew_secret
from tests.conftest import Browser
from tests.making import a_person, a_space, an_admin, an_integrated_distributor
from tests.orders.making import a_product
from tests.orders.sending import seen, what_is_due_is_done
from tests.orders.wishing import LEASED, an_order
from velory import clock
from velory.journal.models import Entry
from velory.ui.todos import todos


@pytest.fixture
def nils():
    return an_admin()


@pytest.fixture
def desk(nils, at_their_desk):
    return at_their_desk(nils)


def words(response):
    return " ".join(response.content.decode().split())


def failed(at, **facts):
    order = an_order({"distributor": an_integrated_distributor("Advania", email="")}, **facts)
    what_is_due_is_done(at)
    return order


# The list


def test_the_list_says_how_much_of_each_order_has_come(at, desk, nils):
    order = an_order({}, {}, {})
    what_is_due_is_done(at)
    first, second, _third = [line.device for line in order.lines_in_order]
    first.deliver(by=nils)
    first.receive(by=nils, serial="R5CX309KTWA", imei="356877800639438")
    second.cancel(by=nils)

    page = words(desk.get("/orders/"))

    assert order.ref in page
    assert "1 of 2" in page
    assert "1 order<" in page


@pytest.mark.parametrize("q", ["{ref}", "{number}", "Ström", "r5cx309", "Dell"])
def test_an_order_is_found_by_whatever_one_has_at_hand(at, desk, nils, q):
    karin = a_person("Karin", "Ström")
    screen = a_product("Dell U2723QE", category="screens").variants.get()
    order = an_order({"variant": screen}, person=karin)
    other = an_order({"variant": a_product("Fairphone 5").variants.get()})
    what_is_due_is_done(at)
    seen(order).confirm(by=order.distributor, number="SO-5518207")
    device = order.lines.get().device
    device.edit(by=nils, facts={"serial": "R5CX309KTWA"})

    found = desk.get("/orders/", {"q": q.format(ref=order.ref, number="5518")}).context["table"].rows

    assert (found, other in found) == ([order], False)


def test_filters_narrow_the_list(at, desk):
    lost, fine = failed(at), an_order({"distributor": an_integrated_distributor()})

    assert desk.get("/orders/", {"status": "failed"}).context["table"].rows == [lost]
    assert desk.get("/orders/", {"distributor": fine.distributor.ref}).context["table"].rows == [fine]
    assert desk.get("/orders/", {"status": "nonsense"}).context["table"].count == 2


@pytest.mark.parametrize("sort", ["ordered", "-ordered", "status", "distributor", "expected", "-expected", "nonsense"])
def test_every_order_of_the_list_works(at, desk, sort):
    an_order()
    an_order()

    assert desk.get("/orders/", {"sort": sort}).context["table"].count == 2


def test_the_list_asks_as_often_for_thirty_orders_as_for_two(at, desk):
    def asked(more):
        for _ in range(more):
            an_order({}, LEASED)
        desk.get("/orders/")
        with CaptureQueriesContext(connection) as queries:
            assert desk.get("/orders/", {"q": "a"}).status_code == 200
        return len(queries)

    few = asked(2)
    assert asked(28) == few


def test_the_file_has_a_row_for_each_device(at, desk):
    order = an_order({}, {}, person=a_person("Karin", "Ström"))
    failed(at)

    body = b"".join(desk.get("/orders/export/", {"status": "queued,sent"}).streaming_content).decode("utf-8-sig")
    rows = [row for row in csv.DictReader(io.StringIO(body)) if row["Order"] == order.ref]

    assert [(row["Line"], row["Holder or space"], row["Device status"]) for row in rows] == [
        ("1", "Karin Ström", "Ordered"), ("2", "Karin Ström", "Ordered"),
    ]  # fmt: skip


def test_an_empty_list_says_what_will_stand_there(desk):
    assert "No orders yet" in words(desk.get("/orders/"))
    assert "No order matches" in words(desk.get("/orders/", {"q": "nothing like it"}))


# One order


def test_an_order_shows_its_devices_and_what_has_happened(at, desk, nils):
    order = an_order({}, LEASED, space=a_space("Reception"))
    what_is_due_is_done(at)
    device = order.lines_in_order[0].device
    device.ship(by=order.distributor, tracking_number="00573132204184615722")

    page = words(desk.get(f"/orders/{order.ref}/"))

    assert "The order was sent to order@dustin.example." in page
    assert "Dustin shipped it. 00573132204184615722" in page
    assert "leased, 3 Step IT" in page
    assert "Reception, asked for by" in page
    assert f"/devices/{device.ref}/receive/" in page
    assert f"/hardware/new/?distributor={order.distributor.ref}" in page
    assert f"/orders/{order.ref}/report/" in page


def test_the_page_asks_as_often_for_twenty_devices_as_for_two(at, desk):
    def asked(count):
        order = an_order(*[LEASED] * count)
        desk.get(f"/orders/{order.ref}/")
        with CaptureQueriesContext(connection) as queries:
            assert desk.get(f"/orders/{order.ref}/").status_code == 200
        return len(queries)

    assert asked(20) == asked(2)


def test_somebody_else_gets_to_their_own_orders_only(at, at_their_desk):
    karin = a_person("Karin", "Ström")
    hers, other = an_order(person=karin), an_order()

    desk = at_their_desk(karin)

    assert hers.ref in words(desk.get("/orders/"))
    assert other.ref not in words(desk.get("/orders/"))
    assert desk.get(f"/orders/{hers.ref}/").status_code == 200
    assert desk.get(f"/orders/{other.ref}/").status_code == 404
    assert desk.get("/orders/export/").status_code == 403


def test_without_a_store_there_are_no_orders(desk, nordvik, monkeypatch):
    order = an_order()
    monkeypatch.setattr(nordvik, "features", [])
    monkeypatch.setattr("velory.tenancy.models.Company.has", lambda self, feature: False)

    for address in ("/orders/", "/orders/export/", f"/orders/{order.ref}/"):
        assert desk.get(address).status_code == 404


# Send again, send the link again


def test_send_again_once_the_address_is_there(at, desk):
    order = failed(at)
    assert "Advania has not got this order." in words(desk.get(f"/orders/{order.ref}/"))
    Channel.objects.create(partner=order.distributor, orders_email="order@advania.example")

    answer = desk.post(f"/orders/{order.ref}/retry/", {"version": seen(order).version})
    what_is_due_is_done(at)

    assert answer.status_code == 303
    assert seen(order).status == "sent"


def test_of_two_admins_one_sends_it_again(at, desk):
    order = failed(at)
    version = seen(order).version

    assert desk.post(f"/orders/{order.ref}/retry/", {"version": version}).status_code == 303
    second = desk.post(f"/orders/{order.ref}/retry/", {"version": version})

    assert second.status_code == 409
    assert order.journal.filter(step="retry").count() == 1


def test_the_link_is_sent_again_by_a_button(at, desk):
    order = an_order()
    what_is_due_is_done(at)

    answer = desk.post(f"/orders/{order.ref}/send_link/", {"version": seen(order).version}, follow=True)
    what_is_due_is_done(at)

    assert "The link is on its way to order@dustin.example." in words(answer)
    assert len([message for message in mail.outbox if "dustin" in message.to[0]]) == 2


def link_in(message):
    return re.search(r"/partner/[\w-]+/", message.body)[0]


def test_a_link_in_the_wrong_hands_is_renewed_and_the_old_one_says_so(at, desk):
    order = an_order()
    what_is_due_is_done(at)
    old = link_in(mail.outbox[-1])
    assert Browser(HTTP_HOST="nordvik.localhost").get(old).status_code == 200

    answer = desk.post(f"/orders/{order.ref}/renew_link/", {"version": seen(order).version}, follow=True)
    what_is_due_is_done(at)

    assert "A new one is on its way to order@dustin.example." in words(answer)
    new = link_in(mail.outbox[-1])
    assert new != old
    gone = Browser(HTTP_HOST="nordvik.localhost").get(old)
    assert gone.status_code == 410
    assert "If it sent you another mail about the order since, the link in that one opens it." in words(gone)
    assert Browser(HTTP_HOST="nordvik.localhost").get(new).status_code == 200
    assert "renewed the link to the order" in order.journal.of_steps(["renew_link"]).get().sentence
    assert "order@dustin.example" in order.journal.of_steps(["renew_link"]).get().sentence


def test_a_link_is_ended_and_sent_again_it_is_another(at, desk):
    order = an_order()
    what_is_due_is_done(at)
    old = link_in(mail.outbox[-1])

    assert f'action="/orders/{order.ref}/end_link/"' in desk.get(f"/orders/{order.ref}/").content.decode()
    assert desk.post(f"/orders/{order.ref}/end_link/", {"version": seen(order).version}).status_code == 303
    assert Browser(HTTP_HOST="nordvik.localhost").get(old).status_code == 410
    page = words(desk.get(f"/orders/{order.ref}/"))
    assert "No link opens this order now." in page
    assert "End the link" not in page
    assert desk.post(f"/orders/{order.ref}/end_link/", {"version": seen(order).version}).status_code == 409

    desk.post(f"/orders/{order.ref}/send_link/", {"version": seen(order).version})
    what_is_due_is_done(at)
    assert link_in(mail.outbox[-1]) != old
    assert Browser(HTTP_HOST="nordvik.localhost").get(link_in(mail.outbox[-1])).status_code == 200


@pytest.mark.parametrize(("deed", "mails"), [("end_link", 1), ("renew_link", 2)])
def test_a_letter_that_still_waits_brings_no_link_past_the_end(at, desk, deed, mails):
    order = an_order()
    what_is_due_is_done(at)
    for step in ("send_link", deed):
        assert desk.post(f"/orders/{order.ref}/{step}/", {"version": seen(order).version}).status_code == 303
    what_is_due_is_done(at)
    assert len([message for message in mail.outbox if "dustin" in message.to[0]]) == mails
    opens = Browser(HTTP_HOST="nordvik.localhost").get(link_in(mail.outbox[-1])).status_code
    assert opens == (200 if deed == "renew_link" else 410)
    assert seen(order).status == "sent"


def test_nobody_else_sends_anything(at, at_their_desk):
    order = an_order(person=(karin := a_person("Karin", "Ström")))

    for deed in ("retry", "send_link", "renew_link", "end_link"):
        assert at_their_desk(karin).post(f"/orders/{order.ref}/{deed}/").status_code == 403


def test_what_did_not_get_there_is_among_the_to_dos(at, desk):
    failed(at)

    waiting = {todo.code: todo for todo in todos(today=clock.today())}

    assert waiting["orders_failed"].count == 1
    assert desk.get(waiting["orders_failed"].url).context["table"].count == 1


# On other pages


def test_a_device_in_use_says_by_which_order_it_came(at, desk, nils):
    order = an_order()
    device = order.lines.get().device
    device.deliver(by=nils)
    device.receive(by=nils, serial="R5CX309KTWA", imei="356877800639438")

    page = words(desk.get(f"/devices/{device.ref}/"))

    assert f"/orders/{order.ref}/" in page


def test_the_command_about_a_device_names_its_order(at, run):
    order = an_order()
    what_is_due_is_done(at)
    seen(order).confirm(by=order.distributor, number="SO-5518207")

    said = run("device", order.lines.get().device.ref, company="nordvik")

    assert order.ref in said
    assert "SO-5518207" in said


def test_a_device_that_was_added_outside_is_registered_with_the_orders_distributor(desk):
    order = an_order()

    form = desk.get("/hardware/new/", {"distributor": order.distributor.ref}).context["form"]

    assert form["distributor"].value() == order.distributor.ref


# How orders reach a distributor


def test_the_distributors_page_says_how_orders_reach_it(desk):
    dustin = an_integrated_distributor()

    assert "Orders go by mail to order@dustin.example." in words(desk.get(f"/partners/{dustin.ref}/"))

    Channel.objects.create(partner=dustin, by_machine=True, url="https://orders.dustin.example/")
    assert "There is no secret yet, so nothing can be sent." in words(desk.get(f"/partners/{dustin.ref}/"))


def test_a_channel_is_kept_and_noted(desk):
    dustin = an_integrated_distributor()
    address = f"/partners/{dustin.ref}/channel/"
    assert desk.get(address).status_code == 200

    told = {"by_machine": "on", "url": "https://orders.dustin.example/in", "orders_email": "b2b@dustin.example",
            "answers_within_days": "2", "version": "0"}  # fmt: skip
    assert desk.post(address, told).status_code == 303

    channel = Channel.objects.get()
    assert (channel.by_machine, channel.url, channel.answers_within_days) == (True, told["url"], 2)
    assert "changed how orders reach Dustin" in str(Entry.objects.get(about_type="orders.channel"))
    assert desk.post(address, told | {"orders_email": ""}).status_code == 409


@pytest.mark.parametrize("wrong", [
    {"url": "http://orders.dustin.example/"}, {"url": "https://a:b@orders.dustin.example/"}, {"url": "nonsense\0"},
    {"by_machine": "on", "url": ""}, {"orders_email": "nobody"}, {"answers_within_days": "0"},
    {"answers_within_days": "61"}, {"answers_within_days": ""},
])  # fmt: skip
def test_what_can_not_be_is_not_kept(desk, wrong):
    dustin = an_integrated_distributor()

    answer = desk.post(f"/partners/{dustin.ref}/channel/", {"answers_within_days": "3"} | wrong)

    assert answer.status_code == 422
    assert not Entry.objects.filter(about_type="orders.channel").exists()


def test_a_secret_is_shown_once(desk):
    dustin = an_integrated_distributor()
    address = f"/partners/{dustin.ref}/channel/"

    answer = desk.post(f"{address}secret/", {"version": "0"})
    secret = answer.context["fresh"]

    assert secret in words(answer)
    assert "no-store" in answer["Cache-Control"]
    assert secret not in words(desk.get(address))
    assert desk.post(f"{address}secret/", {"version": "0"}).status_code == 409


def test_the_secret_before_is_named_with_its_day(desk, nils):
    dustin = an_integrated_distributor()
    renew_secret(dustin, by=nils, at=clock.now())
    renew_secret(dustin, by=nils, at=clock.now())

    assert "the one before is valid until" in words(desk.get(f"/partners/{dustin.ref}/channel/"))


def test_a_leasing_provider_has_no_orders(desk):
    from tests.making import a_lessor

    assert desk.get(f"/partners/{a_lessor().ref}/channel/").status_code == 404


def test_no_order_is_lost_between_the_pages(at, desk):
    for _ in range(27):
        an_order()

    first, second = (desk.get("/orders/", {"page": page}).context["table"].rows for page in ("1", "2"))

    assert {order.pk for order in [*first, *second]} == set(Order.objects.values_list("pk", flat=True))
