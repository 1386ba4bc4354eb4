"""Mail that nobody has to get can be stopped from the mail program, without signing in (reliability R34)."""

import re
from urllib.parse import urlsplit

import pytest
from django.core import mail

from tests.assets.making import words
from tests.conftest import Browser
from tests.kernel.posting import TEMPLATE, a_kind, a_letter, post_is_sent, the_letter
from tests.making import a_person
from velory.journal.models import Entry
from velory.post import reasons, stopping
from velory.post.letters import kinds
from velory.post.models import Letter
from velory.tenancy.context import inside

OPTIONAL = {
    "orders/attention", "orders/receipt_reminder", "orders/requests_digest", "renewals/weekly_digest",
    "repairs/fault_reported", "repairs/trade_in_answered",
}  # fmt: skip


@pytest.fixture
def ebba(monkeypatch):
    a_kind(monkeypatch, required=False, label="Something nice to know")
    return a_person("Ebba", "Sjöberg", language="en")


@pytest.fixture
def address(ebba, at):
    """What the header of a letter to Ebba says, without the host."""
    a_letter(ebba, at)
    post_is_sent(at)
    said = str(mail.outbox[-1].message()["List-Unsubscribe"])
    return urlsplit(said.strip("<>")).path


def nobody(**facts):
    return Browser(HTTP_HOST="nordvik.localhost", enforce_csrf_checks=True, **facts)


def by_the_mail_program(address):
    return nobody().post(address, "List-Unsubscribe=One-Click", content_type="application/x-www-form-urlencoded")


def what_goes(ebba, at, key):
    """Whether another letter of the kind reaches her, and why not."""
    before = len(mail.outbox)
    a_letter(ebba, at, key=key)
    post_is_sent(at)
    return len(mail.outbox) > before, Letter.objects.get(key=key).reason


def test_what_has_to_be_got_is_most_of_it():
    assert {kind.template for kind in kinds() if not kind.required} == OPTIONAL


def test_a_letter_that_nobody_has_to_get_carries_the_address(ebba, at, nordvik):
    a_letter(ebba, at)
    post_is_sent(at)
    wire = mail.outbox[0].message()
    assert re.fullmatch(rf"<{re.escape(nordvik.address('/l/stop/'))}[^/<>]+/>", str(wire["List-Unsubscribe"]))
    assert wire["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_a_required_letter_and_one_to_somebody_outside_carry_none(monkeypatch, at):
    a_kind(monkeypatch, required=True)
    a_letter(a_person(), at)
    post_is_sent(at)
    a_kind(monkeypatch, required=False)
    a_letter(None, at, key="test/2", to="order@dustin.example")
    post_is_sent(at)
    assert [message.message()["List-Unsubscribe"] for message in mail.outbox] == [None, None]


def test_looking_stops_nothing_and_shows_a_button(ebba, address, at):
    page = nobody().get(address)
    assert page.status_code == 200
    assert "“Something nice to know” is mail that you do not have to get." in words(page)
    assert "Stop this mail" in words(page)
    assert page.headers["Cache-Control"] == "no-store"
    assert what_goes(ebba, at, "test/2") == (True, "")


def test_the_mail_program_stops_it_without_cookie_and_token_and_twice_is_once(ebba, address, at):
    assert [by_the_mail_program(address).status_code for _again in range(2)] == [200, 200]
    assert what_goes(ebba, at, "test/2") == (False, reasons.STOPPED)
    told = Entry.objects.about(ebba).of_steps(["stopped_mail"])
    assert [entry.sentence for entry in told] == ["Ebba Sjöberg gets no mail “Something nice to know” any more."]


def test_nothing_else_stops(ebba, address, at, monkeypatch):
    by_the_mail_program(address)
    zoe = a_person("Zoë", "Nielsen")
    assert what_goes(zoe, at, "test/2") == (True, "")
    a_kind(monkeypatch, required=True)
    assert what_goes(ebba, at, "test/3") == (True, "")


def test_whoever_thinks_better_of_it_gets_it_again(ebba, address, at):
    by_the_mail_program(address)
    browser = Browser(HTTP_HOST="nordvik.localhost")
    assert "Get it again" in words(browser.get(address))
    assert "“Something nice to know” comes again" in words(browser.post(f"{address}again/"))
    assert what_goes(ebba, at, "test/2") == (True, "")
    assert Entry.objects.about(ebba).of_steps(["resumed_mail"]).count() == 1


def test_an_address_of_another_company_or_a_changed_one_opens_nothing(ebba, address, saimaa):
    assert Browser(HTTP_HOST="saimaa.localhost").post(address).status_code == 404
    assert nobody().post(address[:-3] + "xx/").status_code == 404
    with inside(saimaa):
        assert stopping.behind(address.split("/")[3]) is None


def test_an_address_for_what_has_to_be_got_opens_nothing(ebba, address, monkeypatch):
    a_kind(monkeypatch, required=True)
    assert nobody().post(address).status_code == 404
    assert nobody().get(address).status_code == 404


def test_it_signs_nobody_in(address):
    browser = Browser(HTTP_HOST="nordvik.localhost")
    browser.get(address)
    assert browser.get("/you/").status_code == 302


def test_the_address_is_not_kept_with_the_letter(address):
    letter = the_letter()
    assert letter.template == TEMPLATE
    assert address.split("/")[3] not in letter.text + letter.html + str(letter.context)
