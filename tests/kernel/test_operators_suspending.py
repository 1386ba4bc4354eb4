"""A company is closed with a reason and opened again: people read so, admins are written to, what is due waits."""

import pytest

from tests.making import a_person, an_admin
from velory import clock
from velory.agenda import book
from velory.agenda.models import Due
from velory.journal.reason import Refused
from velory.operators import changing
from velory.operators.letters import still_so
from velory.operators.models import OperatorDeed
from velory.people import invitations
from velory.post.letters import SENDING
from velory.post.models import Letter
from velory.post.wording import render
from velory.tenancy.context import inside, outside
from velory.tenancy.models import Company

WHY = "The invoice of September is not paid."


@pytest.fixture
def contact(settings):
    """Whom people may write to."""
    settings.ENV = settings.ENV.model_copy(update={"velory_contact": "support@velory.example"})


@pytest.mark.usefixtures("contact")
def test_people_who_click_read_that_it_is_closed_and_whom_to_ask(console, nordvik, at_their_desk, client):
    admin = an_admin()
    office = at_their_desk(admin)
    assert office.get("/").status_code == 200
    console.post("/companies/nordvik/suspend/", {"reason": WHY})
    for answer in (office.get("/"), office.post("/people/new/", {"first_name": "X"}), client.get("/account/login/")):
        assert answer.status_code == 503
        assert "Nordvik Energi AB is closed for now" in answer.text
        assert "support@velory.example" in answer.text
        assert WHY not in answer.text
    console.post("/companies/nordvik/resume/")
    assert office.get("/").status_code == 200


@pytest.mark.usefixtures("contact")
def test_its_admins_are_written_to_from_the_operators_outbox(console, ops, nordvik, operator):
    an_admin(email="nils@nordvik.example", language="sv")
    a_person(email="ebba@nordvik.example")
    console.post("/companies/nordvik/suspend/", {"reason": WHY})
    assert Letter.objects.filter(template__startswith="operators/").count() == 0
    with inside(ops):
        letter = Letter.objects.get(template="operators/suspended")
        assert (letter.to, letter.language) == ("nils@nordvik.example", "sv")
        assert letter.context["reason"] == WHY
    console.post("/companies/nordvik/resume/")
    with inside(ops):
        assert Letter.objects.get(template="operators/resumed").to == "nils@nordvik.example"
    with outside():
        deeds = [(deed.deed, deed.reason, deed.by_name) for deed in OperatorDeed.objects.order_by("pk")]
    assert deeds == [("suspend", WHY, "Velory Operator"), ("resume", WHY, "Velory Operator")]


def test_the_letters_read_well_and_are_not_sent_when_they_are_no_longer_true(console, ops, nordvik):
    an_admin(email="nils@nordvik.example", language="en")
    console.post("/companies/nordvik/suspend/", {"reason": WHY})
    console.post("/companies/nordvik/resume/")
    with inside(ops):
        closed, opened = (Letter.objects.get(template=f"operators/{what}") for what in ("suspended", "resumed"))
        assert render(closed, at=clock.now()).subject == "Nordvik Energi AB is closed in Velory for now"
        assert WHY in render(closed, at=clock.now()).text
        assert "http://nordvik.localhost" in render(opened, at=clock.now()).text
        assert still_so(closed, clock.now()) is not None
        assert still_so(opened, clock.now()) is None


def test_what_is_due_waits_and_is_done_once_it_is_open_again(console, nordvik, monkeypatch):
    done = []
    monkeypatch.setitem(
        book._kinds, "test.kind", book.Kind("test.kind", lambda ref, at: done.append(ref), False, False)
    )
    book.put("test.kind", "1", clock.now())
    console.post("/companies/nordvik/suspend/", {"reason": WHY})
    book.dispatch(company=nordvik)
    assert done == []
    console.post("/companies/nordvik/resume/")
    book.dispatch(company=nordvik)
    assert done == ["1"]


def test_a_letter_of_the_company_itself_waits_too(console, nordvik, at):
    invitations.invite(a_person(), by=an_admin())
    console.post("/companies/nordvik/suspend/", {"reason": WHY})
    book.dispatch(company=nordvik)
    assert Letter.objects.get(template="people/invitation").state == Letter.State.QUEUED
    assert Due.objects.filter(company=nordvik, kind=SENDING, parked_at=None).count() == 1


def test_a_reason_has_to_be_given(console, nordvik):
    assert console.post("/companies/nordvik/suspend/", {"reason": " "}).status_code == 422
    with outside():
        assert Company.objects.get(pk=nordvik.pk).state == Company.State.READY


def test_twice_is_told_kindly(console, nordvik):
    console.post("/companies/nordvik/suspend/", {"reason": WHY})
    again = console.post("/companies/nordvik/suspend/", {"reason": WHY})
    assert again.status_code == 409
    assert "Nordvik Energi AB is now: Suspended" in again.text


def test_operators_cannot_close_themselves(console, ops, operator):
    refused = console.post("/companies/ops/suspend/", {"reason": WHY})
    assert refused.status_code == 409
    assert console.get("/companies/").status_code == 200
    with pytest.raises(Refused):
        changing.suspend_company(ops, reason=WHY, by=None, at=clock.now())


def test_the_command_puts_it_down_too(saimaa, ops, run):
    run("suspend_company", "saimaa", because=WHY)
    run("resume_company", "saimaa")
    with outside():
        assert [(deed.deed, deed.by_name) for deed in OperatorDeed.objects.order_by("pk")] == [
            ("suspend", ""),
            ("resume", ""),
        ]
