"""A device is lent for the time being: due on a day, reminded, taken back, never lost."""

from datetime import date, timedelta

import pytest

from assets.gate import may_order
from assets.lifecycle import Status
from assets.models import Device
from renewals.audit import audit
from renewals.models import Reminder
from renewals.sweep import sweep
from repairs.invariants import a_borrower_has_what_is_lent
from repairs.loans import lend, prolong, take_back, usual_due
from repairs.models import Loan, TradeIn
from repairs.notices import remind_of_loan
from repairs.planned import reminders_to_come
from tests.assets.making import words
from tests.making import a_device, a_person, an_admin
from tests.renewals.making import (
    a_leased_device_at_its_final_stage,
    a_one_off_device_in_its_window,
    an_external_device_in_its_window,
)
from tests.repairs.making import a_device_in_repair, the_case_of
from velory import clock
from velory.agenda.models import Due
from velory.journal.reason import Refused
from velory.post.models import Letter
from velory.post.wording import render


@pytest.fixture
def nils(at_their_desk):
    return at_their_desk(an_admin())


def a_loan(to=None, *, days=14, case=None):
    due_on = clock.today() + timedelta(days=days)
    return lend(a_device(), to or a_person(), due_on=due_on, by=an_admin(), at=clock.now(), case=case)


def test_lending_assigns_it_and_the_company_pays():
    borrower = a_person()
    loan = a_loan(borrower)
    device = Device.objects.get(pk=loan.device_id)
    assert (device.holder, device.payor) == (borrower, "company")


def test_only_an_active_device_that_nobody_has_is_lent():
    for device in (a_device(a_person("Karin", "Ström")), a_device_in_repair()):
        with pytest.raises(Refused):
            lend(device, a_person(), due_on=clock.today(), by=an_admin(), at=clock.now())


def test_taken_back_it_is_unassigned():
    loan = a_loan()
    take_back(loan, by=an_admin(), at=clock.now())
    assert Device.objects.get(pk=loan.device_id).whose is None
    assert not Loan.objects.out().exists()
    with pytest.raises(Refused):
        take_back(loan, by=an_admin(), at=clock.now())


def test_given_to_somebody_else_it_is_lent_no_more():
    loan = a_loan()
    Device.objects.get(pk=loan.device_id).assign(by=an_admin(), to=a_person("Karin", "Ström"))
    assert not Loan.objects.out().exists()


def test_the_borrower_is_reminded_the_morning_before_and_once_when_it_is_late():
    loan = a_loan(days=3)
    before = clock.local_date(Due.objects.get(kind="repairs.loan").due_at)
    assert before == loan.due_on - timedelta(days=1)
    remind_of_loan(loan.ref, Due.objects.get(kind="repairs.loan").due_at)
    after = Due.objects.get(kind="repairs.loan").due_at
    assert clock.local_date(after) == loan.due_on + timedelta(days=1)
    remind_of_loan(loan.ref, after)
    remind_of_loan(loan.ref, after)
    assert Letter.objects.filter(template="repairs/loan_due").count() == 2


@pytest.mark.parametrize(("words", "many"), [("Sjöberg", 1), ("sjoberg ebba", 1), ("Nielsen", 0)])
def test_a_reminder_to_come_is_found_by_the_borrowers_name_however_it_is_typed(words, many):
    a_loan(a_person("Ebba", "Sjöberg"))
    assert len(reminders_to_come(date(2027, 1, 31), words)) == many


def test_reminders_stand_by_the_day_on_which_they_go_and_not_by_the_day_that_is_due(at):
    at("2026-11-22T12:00")
    a_loan(a_person("Ebba", "Sjöberg"), days=1)  # the morning before is past: the next one goes the day after
    a_loan(a_person("Zoë", "Nielsen"), days=2)
    found = reminders_to_come(date(2027, 1, 31), "")
    assert len(found) == 2
    assert [planned.name for planned in found[0:25]] == ["Zoë Nielsen", "Ebba Sjöberg"]
    assert [planned.name for planned in found[0:1]] == ["Zoë Nielsen"]


@pytest.mark.parametrize(("day", "says"), [("2026-11-24", "due back tomorrow"), ("2026-11-25", "due back today")])
def test_a_reminder_that_was_slept_through_names_the_right_day(day, says, at):
    loan = a_loan(a_person(language="en"), days=3)
    remind_of_loan(loan.ref, at(f"{day}T08:00"))
    words = render(Letter.objects.get(template="repairs/loan_due"))
    assert words.subject.endswith(says)
    assert f"A loan is {says}" in words.html


def test_a_loan_that_is_back_reminds_nobody():
    loan = a_loan()
    take_back(loan, by=an_admin(), at=clock.now())
    remind_of_loan(loan.ref, clock.now())
    assert not Letter.objects.filter(template="repairs/loan_due").exists()


def test_prolonged_it_is_due_later():
    loan = a_loan()
    prolong(loan, loan.due_on + timedelta(days=30), by=an_admin(), at=clock.now())
    assert Loan.objects.get().due_on == loan.due_on + timedelta(days=30)


def test_the_usual_loan_is_two_weeks():
    assert usual_due(date(2026, 11, 22)) == date(2026, 12, 6)


def test_closing_the_repair_lists_what_is_still_lent(nils):
    device = a_device_in_repair()
    loan = a_loan(case=the_case_of(device))
    text = words(nils.get(device.get_absolute_url()))
    assert "Lent for the time of this repair" in text
    assert nils.post(f"/repairs/loans/{loan.ref}/back/").status_code == 303
    assert "Lent for the time of this repair" not in words(nils.get(device.get_absolute_url()))


def test_lent_to_whoever_waits_for_theirs_it_is_for_the_time_of_that_repair(nils):
    device, spare, tablet = a_device_in_repair(), a_device(), a_device(category="tablets")
    case, due_on = the_case_of(device), clock.today().isoformat()
    assert "Nothing is lent to" in words(nils.get(device.get_absolute_url()))
    for lent in (tablet, spare):
        page = nils.post(f"/devices/{lent.ref}/lend/", {"to": str(case.holder), "due_on": due_on})
        assert page.status_code == 303
    assert [Loan.objects.get(device=lent).case for lent in (tablet, spare)] == [None, case]
    assert "Lent for the time of this repair" in words(nils.get(device.get_absolute_url()))


def test_what_is_lent_fills_no_place_in_the_store():
    device = a_device_in_repair()
    borrower, phones = the_case_of(device).holder, device.category
    lend(a_device(), borrower, due_on=clock.today(), by=an_admin(), at=clock.now())
    assert may_order(borrower, phones, today=clock.today()).code == "in_repair"
    device.recycle(by=an_admin(), why="Water damage")
    assert may_order(borrower, phones, today=clock.today()) is None


MAKERS = [an_external_device_in_its_window, a_leased_device_at_its_final_stage, a_one_off_device_in_its_window]


@pytest.mark.parametrize("make", MAKERS)
def test_a_borrower_is_asked_nothing_about_its_renewal(make, nils, at, at_their_desk):
    borrower, admin = a_person(language="en"), an_admin()
    lent = make(None, by=admin)
    Device.objects.get(pk=lent.pk).unassign(by=admin)
    loan = lend(lent, borrower, due_on=date(2026, 12, 4), by=admin, at=clock.now())
    sweep(at("2026-11-22T08:00"))
    assert "planned" not in {row.state for row in Reminder.objects.to_person(borrower)}
    assert Reminder.objects.to_person(borrower).get(state="skipped").reason == "lent"
    assert not Letter.objects.to_person(borrower).exists()
    assert may_order(borrower, lent.category, today=clock.today()) is None
    desk = at_their_desk(borrower)
    assert "Choose what happens" not in words(desk.get("/"))
    assert "It is only lent to you" in words(desk.get(f"{lent.get_absolute_url()}?tab=lifecycle"))
    for step in ("start_renewal", "choose_return", "start_buyout", "keep"):
        with pytest.raises(Refused):
            getattr(Device.objects.get(pk=lent.pk), step)(by=borrower)

    audit(at("2026-11-23T03:00"))
    take_back(loan, by=admin, at=clock.now())
    sweep(at("2026-11-23T08:00"))
    assert [(row.recipient_key, row.state) for row in Reminder.objects.of(lent).sent()] == [("admins", "sent")]


def bought_out(device, admin):
    device.release_bought(by=admin)


def sent_back(device, admin):
    device.release(by=admin)


def no_fault_and_to_another(device, admin):
    device.report_fault(by=admin)
    device.dismiss_fault(by=admin, to=a_person("Karin", "Ström"))


def sold(device, admin):
    facts = {"buyer": device.distributor, "currency": "SEK", "final_value": 900, "sent_at": clock.now()}
    TradeIn.objects.create(device=device, **facts)
    device.complete_trade_in(by=admin)


WAYS_OUT = [
    (bought_out, Status.BOUGHT_BY_EMPLOYEE), (sent_back, Status.RETURNED), (no_fault_and_to_another, Status.ACTIVE),
    (sold, Status.TRADE_IN),
]  # fmt: skip


@pytest.mark.parametrize(("way", "status"), WAYS_OUT)
def test_whatever_takes_it_from_the_borrower_ends_the_loan(way, status):
    borrower = a_person()
    device = a_device(borrower, status=status)
    Loan.objects.create(device=device, person=borrower, due_on=clock.today(), lent_at=clock.now())
    way(device, an_admin())
    assert not Loan.objects.out().exists()
    assert list(a_borrower_has_what_is_lent()) == []


def test_an_admin_lends_from_the_support_tab(nils):
    device, borrower = a_device(), a_person()
    assert "Nobody has it. It can be lent" in words(nils.get(f"{device.get_absolute_url()}?tab=support"))
    due = clock.today() + timedelta(days=5)
    page = nils.post(f"/devices/{device.ref}/lend/", {"to": str(borrower), "due_on": due.isoformat()})
    assert page.status_code == 303
    assert (Loan.objects.get().person, Loan.objects.get().due_on) == (borrower, due)


@pytest.mark.parametrize(("days", "says"), [(-1, "That day is past."), (400, "Longer than a year is no loan")])
def test_a_day_that_can_not_be_is_refused_in_words(nils, days, says):
    due = clock.today() + timedelta(days=days)
    page = nils.post(f"/devices/{a_device().ref}/lend/", {"to": str(a_person()), "due_on": due.isoformat()})
    assert says in words(page)
    assert not Loan.objects.exists()


def test_a_space_borrows_nothing(nils):
    from tests.making import a_space

    a_space("Förrådet")
    page = nils.post(f"/devices/{a_device().ref}/lend/", {"to": "Förrådet", "due_on": clock.today().isoformat()})
    assert "A device is lent to a person." in words(page)


def test_overdue_loans_are_a_to_do(nils):
    loan = a_loan()
    Loan.objects.filter(pk=loan.pk).update(due_on=clock.today() - timedelta(days=2))
    assert "Loans overdue" in words(nils.get("/"))
    assert "Overdue" in words(nils.get("/repairs/loans/?due=late"))


def test_a_case_that_nothing_is_called_is_none(at_their_desk):
    assert at_their_desk(an_admin()).get(f"/devices/{a_device().ref}/lend/?case=%00").status_code == 200
