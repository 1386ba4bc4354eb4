"""Whatever number stands on the overview, the list behind it has as many; and nothing that waits is forgotten."""

from collections import Counter
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from assets.models import Device, Partner
from repairs.loans import lend
from repairs.models import TradeIn
from tests.assets.making import a_returned_device
from tests.assets.offboarding.making import a_leaver
from tests.making import a_device, a_lessor, a_person, an_admin, an_external_distributor, an_integrated_distributor
from tests.orders.reporting import a_sent_order, hears, said
from tests.orders.sending import what_is_due_is_done
from tests.orders.wishing import LEASED, a_request, an_order
from tests.overview import count_behind, figures_of, numbers_of_tables
from tests.payments.desk import a_failed_refund, a_finding, a_mismatch, a_paid_payment
from tests.payments.making import a_payee
from tests.renewals.making import (
    a_leased_device_at_its_final_stage,
    a_one_off_device_in_its_window,
    an_external_device_in_its_window,
)
from tests.renewals.returning import a_holder, a_return
from tests.repairs.making import a_device_in_repair, a_reported_device
from velory import clock
from velory.payments.apply import apply
from velory.post.models import OwnWords, RefusedAddress
from velory.ui.todos import _todos, todos

CODES = {
    "requests", "payment_mismatch", "refund_failed", "payment_disputed", "payment_finding", "payee", "orders_failed",
    "label_missing", "provider_address", "report_attention", "proposed_devices", "orders_unanswered", "orders_overdue",
    "confirm_return", "release", "overdue", "returns_waiting", "replacement_cancelled", "distributor_address",
    "needs_repair", "mdm_release", "loan_overdue", "leavers", "trade_in_answered", "trade_in_money", "refused_mail",
    "texts_failed", "unassigned", "payor_missing", "renewal_date_missing",
}  # fmt: skip


@pytest.fixture
def nils():
    return an_admin()


def everything_waits(at, stripe, at_their_desk, monkeypatch):
    """A company in which an admin has everything to do, most of it more than once."""
    at("2026-11-16T09:00")
    a_request(), a_request()
    money_has_gone_wrong(stripe)
    orders_have_gone_wrong(at)
    returns_wait(at, monkeypatch)
    things_are_broken(at_their_desk)
    leaver = a_leaver(date(2026, 11, 20), at=clock.now())
    a_device(leaver), a_device(leaver)
    RefusedAddress.objects.create(address="orjan.jensen@nordvik.example", kind="bounced", since=clock.now())
    OwnWords.objects.bulk_create(words_that_failed())
    a_device(), a_device()
    a_device(a_person(), payor=""), a_device(a_person(), renewal_on=None)
    at("2026-11-24T12:00")


def money_has_gone_wrong(stripe):
    a_mismatch(stripe), a_mismatch(stripe)
    a_failed_refund(stripe, a_paid_payment(stripe))
    stripe.knobs.refunds = ""
    paid = a_paid_payment(stripe)
    stripe.dispute()
    apply(paid, at=clock.now())
    a_finding(stripe)
    a_payee(stripe, key="partner:P-GONE", account="acct_Gone", name="DLL", charges_enabled=False)


def orders_have_gone_wrong(at):
    an_order({"distributor": an_integrated_distributor("Advania", email="")})
    what_is_due_is_done(at)
    order = a_sent_order(2)
    hears(order, said(order, 1, [{"line": 1, "status": "Skickad"}, {"line": 2, "expected_on": "2026-11-20"}]))
    dock = {"name": "Jabra Evolve2 65", "article_number": "5011999", "serial": "JB000123"}
    hears(order, said(order, 2, extra_devices=[dock]))
    a_sent_order()
    for _each in range(2):
        ebba = a_holder()
        old = a_leased_device_at_its_final_stage(ebba)
        old.choose_return(by=ebba)
        asked = a_request(LEASED | {"replaces": old}, person=ebba)
        asked.approve(by=None, at=clock.now())
        new = Device.objects.get(order_line__order__request=asked)
        new.cancel(by=an_integrated_distributor(), why="No longer made")


def returns_wait(at, monkeypatch):
    a_return()
    lessor = a_lessor("DLL", email="")
    untold = a_leased_device_at_its_final_stage(a_holder())
    untold.contract.provider = lessor
    untold.contract.save()
    Device.objects.get(pk=untold.pk).choose_return(by=untold.holder)
    atea = an_external_distributor()
    for distributor in (an_external_distributor("Elisa", email=""), atea, atea):
        device = an_external_device_in_its_window(distributor=distributor)
        device.start_renewal(by=device.holder)
    a_returned_device(a_person(), monkeypatch)
    a_one_off_device_in_its_window(renewal_on=date(2026, 11, 20))


def things_are_broken(at_their_desk):
    a_reported_device(), a_reported_device()
    a_device_in_repair()
    lend(a_device(), a_person(), due_on=clock.today(), by=an_admin(), at=clock.now())
    an_integrated_distributor()
    Partner.objects.filter(name="Dustin").update(email="orders@dustin.example")
    desk, buyer = at_their_desk(an_admin()), Partner.objects.get(name="Dustin")
    for final in (None, 850, 900):
        device = a_device(a_person())
        form = {"buyer": buyer.ref, "currency": "SEK", "q_screen": "yes", "q_battery": "no", "version": device.version}
        assert desk.post(f"/devices/{device.ref}/send_to_trade_in/", form).status_code == 303
        one = TradeIn.objects.get(device=device)
        if final:
            desk.post(f"/trade-ins/{one.ref}/answer/", {"final_value": str(final), "answer": "", "declined": ""})
    sold = TradeIn.objects.answered().first().device
    Device.objects.get(pk=sold.pk).complete_trade_in(by=an_admin())


def words_that_failed():
    return [
        OwnWords(template="renewals/external_30_days", language=language, subject="Hej", failed_at=clock.now())
        for language in ("en", "sv")
    ]


def test_everything_that_can_wait_is_registered(nils, at, stripe, at_their_desk, monkeypatch):
    everything_waits(at, stripe, at_their_desk, monkeypatch)
    assert {todo.code for todo in todos(today=clock.today())} == CODES


def test_every_number_of_a_company_where_everything_waits_is_the_number_of_its_list(
    nils, at, stripe, at_their_desk, monkeypatch
):
    everything_waits(at, stripe, at_their_desk, monkeypatch)
    desk = at_their_desk(nils)
    home = desk.get("/")
    figures = figures_of(home) + numbers_of_tables(home)
    assert Counter(address for address, *_rest in figures)["/hardware/"] == 1
    assert len(figures) > len(CODES) + 20
    wrong = [
        (address, number, there)
        for address, number, words in figures
        if str(number) in words and (there := count_behind(desk, address)) != number
    ]
    assert wrong == []
    assert [todo.code for todo in todos(today=clock.today()) if todo.count < 1] == []


def test_the_overview_costs_the_same_queries_whatever_waits(nils, at_their_desk, django_assert_num_queries):
    desk = at_their_desk(nils)
    a_device(a_person(), payor="")
    desk.get("/")
    with CaptureQueriesContext(connection) as few:
        desk.get("/")
    for _each in range(5):
        a_device(a_person(), payor="")
        a_device()
    with django_assert_num_queries(len(few)):
        desk.get("/")


def test_each_to_do_is_counted_by_one_who_registered_it():
    assert len(set(_todos)) == len(list(_todos))
