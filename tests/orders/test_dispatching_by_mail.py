"""An order goes to its distributor by mail, with everything that stands in it and the link to its page."""

import re
import smtplib
from datetime import timedelta

import pytest
from django.core import mail
from django.core.management import call_command
from django.db import transaction

from orders.models import Channel, Order
from orders.ordering.dispatch import dispatch
from orders.ordering.invariants import forgotten_orders
from orders.ordering.placing import place
from tests.conftest import Browser
from tests.kernel.posting import RefusingServer
from tests.making import a_location, a_person, a_space, an_admin, an_integrated_distributor
from tests.orders.making import a_product
from tests.orders.sending import letters_to, seen, what_is_due_is_done
from tests.orders.wishing import LEASED, a_request, an_order
from velory import clock
from velory.agenda.models import Due
from velory.journal.reason import Refused
from velory.post.models import Letter, MailEvent
from velory.post.webhooks import follow

DUSTIN = "order@dustin.example"


@pytest.fixture
def nils():
    return an_admin()


def cancelled(order, by, *numbers):
    for line in order.lines.all():
        if not numbers or line.number in numbers:
            line.device.cancel(by=by, at=clock.now())


def came_back(letter, at):
    """What the mail provider says an hour later."""
    event = MailEvent.objects.create(
        event_key=f"bounce-{letter.pk}", letter=letter, kind="bounced", at=at.moment, received_at=at.moment
    )
    with transaction.atomic():
        follow(event.letter)


# What stands in it


def test_equal_devices_stand_together_with_the_numbers_of_their_lines(at, nils):
    phone, screen = a_product().variants.get(), a_product("Dell U2723QE", category="screens").variants.get()
    karin = a_person("Karin", "Ström")
    order = an_order({"variant": phone}, {"variant": screen}, {"variant": phone}, person=karin)
    what_is_due_is_done(at)
    [message] = [message for message in mail.outbox if DUSTIN in message.to[0]]
    text = message.body
    assert f"2 × {phone}\nLines 1, 3\n" in text
    assert f"2. {screen}\n" in text
    assert text.count("Karin Ström") == 3  # each of both blocks, and the parcel
    assert f"2 × {phone}" in message.alternatives[0].content

    page = Browser(HTTP_HOST="nordvik.localhost").get(re.search(r"/partner/[\w-]+/", text)[0]).text
    assert f"2 × {phone}" in page
    assert "(lines 1, 3)" in page
    assert page.count("serial") >= 3  # each is reported on by itself

    cancelled(order, nils, 3)
    assert "2 ×" not in Browser(HTTP_HOST="nordvik.localhost").get(re.search(r"/partner/[\w-]+/", text)[0]).text


def test_the_letter_says_everything_that_is_ordered(at, nils):
    goteborg = a_location("Göteborg")
    phone, screen = a_product().variants.get(), a_product("Dell U2723QE", category="screens").variants.get()
    karin = a_person("Karin", "Ström")
    order = an_order(
        LEASED | {"variant": phone}, {"variant": screen},
        person=karin, location=goteborg, address="Lilla Bommen 4\n411 04 Göteborg",
    )  # fmt: skip

    what_is_due_is_done(at)

    [message] = mail.outbox
    assert message.to == [f"Dustin <{DUSTIN}>"]
    assert message.subject == f"Nordvik Energi AB: order {order.ref}, 2 devices"
    text = message.body
    assert "1. Apple iPhone 16 128 GB, Black, 128 GB" in text
    assert f"Article number: {phone.article_number}" in text
    assert "For Karin Ström, leased, 3 Step IT, 24 months, 9,490.00" in text
    assert "2. Dell U2723QE" in text
    assert "For Karin Ström, bought, 9,490.00" in text
    assert "Lilla Bommen 4\n411 04 Göteborg" in text
    assert "3 Step IT (line 1)\nNordvik Energi AB (line 2)" in text
    assert "Nils Wikström, " in text
    assert "/partner/" in text
    html = message.alternatives[0].content
    assert html.count('class="btn"') == 1


def test_it_is_written_in_the_distributors_language(at):
    an_integrated_distributor(language="sv")
    an_order()

    what_is_due_is_done(at)

    [letter] = letters_to(DUSTIN)
    assert letter.language == "sv"


def test_a_space_and_the_company_itself_are_named(at):
    an_order(space=a_space("Reception"))
    an_order(for_company=True)

    what_is_due_is_done(at)

    said = " ".join(message.body for message in mail.outbox)
    assert "For the space Reception" in said
    assert "For Nordvik Energi AB" in said


def test_an_address_for_orders_goes_before_the_one_for_notices(at):
    Channel.objects.create(partner=an_integrated_distributor(), orders_email="b2b@dustin.example")
    an_order()

    what_is_due_is_done(at)

    assert [message.to for message in mail.outbox] == [["Dustin <b2b@dustin.example>"]]


# How far it has come


def test_it_is_sent_when_the_mail_server_has_taken_it(at):
    order = an_order()
    dispatch(order.ref, at.moment)
    assert (seen(order).status, mail.outbox) == ("queued", [])

    what_is_due_is_done(at)

    assert (seen(order).status, seen(order).sent_at) == ("sent", at.moment)
    assert [entry.sentence for entry in order.journal][-1] == f"The order was sent to {DUSTIN}."


def test_running_it_again_and_again_sends_one_letter(at):
    order = an_order()

    for _ in range(3):
        dispatch(order.ref, at.moment)
        what_is_due_is_done(at)
        dispatch(order.ref, at.moment)

    assert (seen(order).status, len(mail.outbox)) == ("sent", 1)


def test_a_distributor_without_any_address_is_told_to_the_admins(at, nils):
    order = an_order({"distributor": an_integrated_distributor("Advania", email="")})

    what_is_due_is_done(at)

    assert (seen(order).status, seen(order).why_not_sent) == (
        "failed", "The distributor has no e-mail address for orders.",
    )  # fmt: skip
    [letter] = letters_to(nils.email)
    assert letter.subject == f"Order {order.ref} has not reached Advania"
    assert "The distributor has no e-mail address for orders." in letter.text


def test_an_address_that_is_refused_fails_the_order(at, nils, monkeypatch):
    order = an_order()
    RefusingServer(monkeypatch, smtplib.SMTPRecipientsRefused({DUSTIN: (550, b"no such user")}))

    what_is_due_is_done(at)

    assert seen(order).status == "failed"
    assert seen(order).why_not_sent == "The address does not exist or takes no mail."


def test_a_mail_server_that_is_away_is_waited_for(at, monkeypatch):
    order = an_order()
    RefusingServer(monkeypatch, ConnectionRefusedError())

    what_is_due_is_done(at)
    assert seen(order).status == "queued"
    at(at.moment + timedelta(minutes=2))
    what_is_due_is_done(at)

    assert (seen(order).status, len(mail.outbox)) == ("sent", 1)


def test_a_mail_that_comes_back_later_fails_the_order_after_all(at, nils):
    order = an_order()
    what_is_due_is_done(at)

    came_back(letters_to(DUSTIN)[0], at)
    what_is_due_is_done(at)

    assert (seen(order).status, seen(order).why_not_sent) == ("failed", "The mail came back.")
    assert [letter.template for letter in letters_to(nils.email)] == ["orders/order_failed"]


def test_what_the_distributor_has_confirmed_stays_so_when_a_mail_comes_back(at):
    order = an_order()
    what_is_due_is_done(at)
    seen(order).confirm(by=order.distributor, number="SO-5518207")

    came_back(letters_to(DUSTIN)[0], at)
    what_is_due_is_done(at)

    assert seen(order).status == "confirmed"


# Once more


def test_sent_again_it_goes_to_the_address_that_is_there_now(at, nils):
    order = an_order({"distributor": an_integrated_distributor("Advania", email="")})
    what_is_due_is_done(at)
    Channel.objects.create(partner=order.distributor, orders_email="order@advania.example")

    seen(order).retry(by=nils)
    what_is_due_is_done(at)

    assert (seen(order).status, seen(order).fault) == ("sent", "")
    assert len(letters_to("order@advania.example")) == 1


def test_a_letter_about_a_failed_order_is_not_sent_when_it_has_been_sent_again(at, nils, monkeypatch):
    order = an_order({"distributor": an_integrated_distributor("Advania", email="")})
    dispatch(order.ref, at.moment)
    Channel.objects.create(partner=order.distributor, orders_email="order@advania.example")
    seen(order).retry(by=nils)

    what_is_due_is_done(at)

    assert [letter.state for letter in letters_to(nils.email)] == ["voided"]


def test_the_link_is_sent_again_in_the_same_words(at, nils):
    order = an_order()
    what_is_due_is_done(at)

    seen(order).send_link(by=nils)
    what_is_due_is_done(at)

    first, second = mail.outbox
    assert first.body == second.body
    assert [entry.sentence for entry in order.journal][-1] == (
        f"Nils Wikström had the link to the order sent again to {DUSTIN}."
    )
    assert seen(order).status == "sent"


def test_no_link_is_sent_where_there_is_no_address(at, nils):
    order = an_order()
    what_is_due_is_done(at)
    order.distributor.email = ""
    order.distributor.save()

    with pytest.raises(Refused, match="no e-mail address"):
        seen(order).send_link(by=nils)

    assert len(mail.outbox) == 1


def test_a_copy_sent_from_the_mail_page_counts(at, nils, monkeypatch):
    from velory.post.letters import write_again

    order = an_order()
    RefusingServer(monkeypatch, smtplib.SMTPRecipientsRefused({DUSTIN: (550, b"no such user")}))
    what_is_due_is_done(at)
    assert seen(order).status == "failed"

    write_again(letters_to(DUSTIN)[0], at=at.moment)
    what_is_due_is_done(at)

    assert seen(order).status == "sent"


# Cancelled before it was sent


def test_an_order_of_which_nothing_is_left_is_called_off(at, nils):
    order = an_order({}, {})

    cancelled(order, nils)
    what_is_due_is_done(at)

    assert (seen(order).status, letters_to(DUSTIN)) == ("called_off", [])
    assert [entry.sentence for entry in order.journal][-1] == "Everything in it was cancelled before it was sent."


def test_what_is_left_is_ordered(at, nils):
    order = an_order({}, {})

    cancelled(order, nils, 1)
    what_is_due_is_done(at)

    [letter] = letters_to(DUSTIN)
    assert (seen(order).status, letter.subject) == ("sent", f"Nordvik Energi AB: order {order.ref}, 1 device")


def test_a_letter_that_has_not_gone_yet_does_not_go(at, nils):
    order = an_order()
    dispatch(order.ref, at.moment)

    cancelled(order, nils)
    what_is_due_is_done(at)

    assert ([letter.state for letter in letters_to(DUSTIN)], seen(order).status) == (["voided"], "called_off")
    assert not [message for message in mail.outbox if DUSTIN in message.to[0]]


def test_a_letter_that_is_going_is_waited_for(at, nils):
    order = an_order()
    dispatch(order.ref, at.moment)
    Letter.objects.filter(to=DUSTIN).update(state="sending", lease_until=clock.wall() + timedelta(minutes=1))

    cancelled(order, nils)
    dispatch(order.ref, at.moment)

    assert seen(order).status == "queued"


def test_an_order_that_failed_is_called_off_too(at, nils):
    order = an_order({"distributor": an_integrated_distributor("Advania", email="")})
    what_is_due_is_done(at)

    cancelled(order, nils)
    what_is_due_is_done(at)

    assert seen(order).status == "called_off"


def test_what_the_distributor_has_is_not_called_off(at, nils):
    order = an_order()
    what_is_due_is_done(at)

    cancelled(order, nils)
    what_is_due_is_done(at)

    assert seen(order).status == "sent"


# What holds


def test_the_journal_agrees_with_everything(at, nils):
    order = an_order()
    what_is_due_is_done(at)
    came_back(letters_to(DUSTIN)[0], at)
    what_is_due_is_done(at)
    seen(order).retry(by=nils)
    what_is_due_is_done(at)

    call_command("verify_journal", company="nordvik")
    call_command("check_invariants", company="nordvik")
    assert Order.objects.get().status == "sent"


def test_an_order_that_nothing_would_send_is_found(at):
    order = an_order()
    Due.objects.filter(kind="orders.dispatch").delete()

    assert list(forgotten_orders()) == [f"Order {order.ref} waits, and nothing will send it."]


def test_nothing_is_sent_where_placing_came_to_nothing(at):
    with transaction.atomic():
        place(a_request(), at=at.moment)
        transaction.set_rollback(True)

    what_is_due_is_done(at)

    assert mail.outbox == []
