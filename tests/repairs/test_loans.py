"""A device is lent for the time being: due on a day, reminded, taken back, never lost."""

from datetime import date, timedelta

import pytest

from assets.models import Device
from repairs.loans import lend, prolong, take_back, usual_due
from repairs.models import Loan
from repairs.notices import remind_of_loan
from tests.assets.making import words
from tests.making import a_device, a_person, an_admin
from tests.repairs.making import a_device_in_repair, the_case_of
from velory import clock
from velory.agenda.models import Due
from velory.journal.reason import Refused
from velory.post.models import Letter


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
