"""Trade-in: sent with its condition, valued by the buyer on a page of their own, decided, paid; or withdrawn."""

import re
from decimal import Decimal

import pytest

from assets.lifecycle import Status
from assets.models import Device, Partner
from repairs.models import TradeIn
from repairs.tradein.notices import link_of
from tests.assets.making import words
from tests.conftest import Browser
from tests.making import a_device, a_lessor, a_person, an_admin, an_integrated_distributor
from velory.journal.reason import Refused
from velory.post.models import Letter


@pytest.fixture
def nils(at_their_desk):
    return at_their_desk(an_admin())


@pytest.fixture
def buyer():
    dustin = an_integrated_distributor()
    Partner.objects.filter(pk=dustin.pk).update(email="orders@dustin.example")
    return Partner.objects.get(pk=dustin.pk)


def send(page, device, buyer, **said):
    sent = {"buyer": buyer.ref, "currency": "SEK", "q_screen": "yes", "q_battery": "no", "version": device.version}
    return page.post(f"/devices/{device.ref}/send_to_trade_in/", sent | said)


def again(device):
    return Device.objects.get(pk=device.pk)


@pytest.fixture
def sent(nils, buyer):
    device = a_device(a_person())
    assert send(nils, device, buyer, preliminary_value="1000").status_code == 303
    return TradeIn.objects.select_related("device", "buyer").get()


@pytest.fixture
def at_the_buyers(sent):
    """The buyer's own browser, with the page opened from the mail."""
    client = Browser(HTTP_HOST="nordvik.localhost")
    client.address = re.search(r"/partner/[\w-]+/", link_of(sent)).group()
    client.page = client.get(client.address)
    return client


def test_sent_with_its_condition_the_buyer_is_told(sent):
    device = again(sent.device)
    assert (device.status, device.status_before) == (Status.TRADE_IN, Status.ACTIVE)
    assert (sent.condition, sent.preliminary_value) == ({"screen": "yes", "battery": "no"}, Decimal(1000))
    assert Letter.objects.get(template="repairs/trade_in_offered").to == "orders@dustin.example"


def test_a_buyer_without_an_address_is_refused_in_words(nils):
    device, nobody = a_device(), an_integrated_distributor()
    Partner.objects.filter(pk=nobody.pk).update(email="")
    page = send(nils, device, nobody)
    assert page.status_code == 422
    assert "has no e-mail for notices" in words(page)
    assert again(device).status == Status.ACTIVE


def test_what_is_leased_can_not_be_traded_in(nils, buyer):
    a_lessor()
    page = send(nils, a_device(a_person(), leased=True), buyer)
    assert page.status_code == 409
    assert "It is leased" in words(page)


def test_an_employee_can_not_send_one(at_their_desk, buyer):
    orjan = a_person()
    assert send(at_their_desk(orjan), a_device(orjan), buyer).status_code == 403


def test_the_buyer_sees_the_device_and_says_what_they_pay(at_the_buyers, sent):
    assert at_the_buyers.page.status_code == 200
    text = words(at_the_buyers.page)
    assert "The screen is free of cracks and deep scratches Yes" in text
    assert "1,000.00 SEK" in text
    page = at_the_buyers.post(f"{at_the_buyers.address}answer/", {"final_value": "850", "answer": "A scratch"})
    assert page.status_code == 303
    sent = TradeIn.objects.get()
    assert (sent.final_value, sent.answer, sent.answered_at is not None) == (Decimal(850), "A scratch", True)
    assert Letter.objects.filter(template="repairs/trade_in_answered").exists()


@pytest.mark.parametrize("answer", [{}, {"final_value": "-1"}, {"final_value": "much"}])
def test_an_answer_that_says_nothing_is_asked_again(at_the_buyers, answer):
    assert at_the_buyers.post(f"{at_the_buyers.address}answer/", answer).status_code == 422
    assert TradeIn.objects.get().answered_at is None


def test_the_buyer_may_not_want_it(at_the_buyers):
    at_the_buyers.post(f"{at_the_buyers.address}answer/", {"declined": "on", "answer": "Too old"})
    assert (TradeIn.objects.get().declined, TradeIn.objects.get().final_value) == (True, None)


def test_without_a_final_value_it_is_not_traded_in(sent):
    with pytest.raises(Refused) as refused:
        again(sent.device).complete_trade_in(by=an_admin())
    assert refused.value.reason.code == "no_value"


def test_traded_in_it_is_archived_and_its_value_kept(nils, sent, at_the_buyers):
    at_the_buyers.post(f"{at_the_buyers.address}answer/", {"final_value": "850"})
    assert "Trade-ins to decide" in words(nils.get("/"))
    device = again(sent.device)
    page = nils.post(f"/devices/{device.ref}/complete_trade_in/", {"version": device.version})
    assert page.status_code == 303
    assert (again(device).status, again(device).holder) == (Status.TRADED_IN, None)
    assert TradeIn.objects.get().completed
    assert at_the_buyers.get(at_the_buyers.address).status_code == 410
    assert Letter.objects.filter(template="repairs/trade_in_over").count() == 1


def test_the_money_is_a_to_do_until_it_has_come(nils, sent, at_the_buyers):
    at_the_buyers.post(f"{at_the_buyers.address}answer/", {"final_value": "850"})
    again(sent.device).complete_trade_in(by=an_admin())
    assert "Money for trade-ins" in words(nils.get("/"))
    page = nils.post(f"/trade-ins/{sent.ref}/money/", {"money": "850", "money_on": "2020-01-02"})
    assert page.status_code == 303
    assert "Money for trade-ins" not in words(nils.get("/"))
    assert "Nils Wikström recorded the money: 850.00 SEK" in words(nils.get(f"/trade-ins/{sent.ref}/"))


def test_withdrawn_it_is_where_it_was(nils, sent):
    device = again(sent.device)
    page = nils.post(f"/devices/{device.ref}/withdraw_trade_in/", {"why": "Needed", "version": device.version})
    assert page.status_code == 303
    assert (again(device).status, again(device).holder) == (Status.ACTIVE, sent.device.holder)
    assert not TradeIn.objects.open().exists()


def test_an_admin_may_record_what_the_buyer_said(nils, sent):
    page = nils.post(f"/trade-ins/{sent.ref}/answer/", {"final_value": "700"})
    assert page.status_code == 303
    assert TradeIn.objects.get().final_value == Decimal(700)
    assert "Waits for your answer" in words(nils.get("/trade-ins/"))


def test_money_for_what_was_not_traded_in_is_refused(nils, sent):
    sent_money = {"money": "1", "money_on": "2020-01-02"}
    assert nils.post(f"/trade-ins/{sent.ref}/money/", sent_money).status_code == 409


def test_nobody_else_reads_trade_ins(at_their_desk, sent):
    page = at_their_desk(a_person("Karin", "Ström"))
    assert {page.get(path).status_code for path in ("/trade-ins/", f"/trade-ins/{sent.ref}/")} == {403}


def test_a_buyer_who_answers_again_and_again_writes_to_the_admins_twenty_times(at_the_buyers, monkeypatch):
    knocks = iter([True] * 20)
    monkeypatch.setattr("repairs.views.trade_ins.may_knock", lambda *door: next(knocks, False))
    pages = [at_the_buyers.post(f"{at_the_buyers.address}answer/", {"final_value": str(n)}) for n in range(22)]
    assert [page.status_code for page in pages] == [303] * 20 + [429] * 2
    assert "Nothing was saved" in words(pages[-1])
    assert TradeIn.objects.get().final_value == 19
    assert TradeIn.objects.get().journal.filter(step="value").count() == 20
