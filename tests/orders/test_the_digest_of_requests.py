"""At 16:00 everybody who is asked reads what still waits for their answer; nothing waits, nothing is written."""

import pytest

from orders.models import Delegation, StoreSettings
from orders.requests.digest import DIGEST, next_digest_at, still_something_waits, waiting_for_each
from orders.requests.planned import letter_to_come, the_next_digest
from tests.making import a_person, an_admin
from tests.orders.asking import a_sent_request
from velory import clock
from velory.agenda import book
from velory.agenda.models import Due
from velory.post.models import Letter
from velory.post.wording import render

TEMPLATE = "orders/requests_digest"


@pytest.fixture
def nils():
    return an_admin()


@pytest.fixture
def karin(nils):
    return a_person("Karin", "Ström", language="en")


@pytest.fixture(autouse=True)
def nothing_else_is_due(at_nordvik):
    Due.objects.all().delete()


def run(at, moment):
    """The agenda at a moment, and the digests that it wrote."""
    book.dispatch(at=at(moment))
    return list(Letter.objects.of_template(TEMPLATE).order_by("pk"))


def local(moment):
    return f"{moment.astimezone(clock.zone()):%Y-%m-%d %H:%M}"


@pytest.mark.parametrize(
    ("moment", "then"),
    [
        ("2026-11-22T07:00", "2026-11-22 16:00"),
        ("2026-11-22T15:59", "2026-11-22 16:00"),
        ("2026-11-22T16:00", "2026-11-23 16:00"),
        ("2026-10-24T17:00", "2026-10-25 16:00"),  # the clocks go back in between
        ("2027-03-27T17:00", "2027-03-28 16:00"),  # and forward
        ("2026-12-31T23:59", "2027-01-01 16:00"),
    ],
)
def test_it_is_four_o_clock_on_the_company_s_walls(at, moment, then):
    assert local(next_digest_at(at(moment))) == then


def test_without_requests_nothing_is_on_the_agenda(nils):
    assert not Due.objects.filter(kind=DIGEST).exists()


def test_whoever_is_asked_reads_what_waits_every_day_until_it_is_answered(at, karin):
    bjorn = a_person("Björn", "Persson", approver=karin)
    request = a_sent_request(bjorn)
    assert run(at, "2026-11-22T15:59") == []
    [first] = run(at, "2026-11-22T16:00")
    assert first.person == karin
    shown = render(first)
    assert shown.subject == "1 request waits for your answer"
    assert f"/requests/{request.ref}/" in shown.text
    assert "Björn Persson" in shown.text
    assert local(Due.objects.get(kind=DIGEST).due_at) == "2026-11-23 16:00"
    assert len(run(at, "2026-11-23T16:00")) == 2
    request.approve(by=karin)
    assert len(run(at, "2026-11-24T16:00")) == 2
    assert not Due.objects.filter(kind=DIGEST).exists()


def test_one_letter_a_person_names_everything_that_waits_for_them(at, karin):
    for name in ("Björn Persson", "Ebba Sjöberg", "Zoë Nielsen"):
        a_sent_request(a_person(*name.split(), approver=karin))
    [digest] = run(at, "2026-11-22T16:00")
    text = render(digest).text
    assert all(name in text for name in ("Björn Persson", "Ebba Sjöberg", "Zoë Nielsen"))


def test_where_nobody_is_named_every_admin_reads_it(at, nils):
    ebba = an_admin(first_name="Ebba", last_name="Sjöberg")
    a_sent_request(a_person())
    assert {letter.person for letter in run(at, "2026-11-22T16:00")} == {nils, ebba}


def test_the_deputy_of_the_day_reads_it(at, karin):
    zoe = a_person("Zoë", "Nielsen")
    a_sent_request(a_person(approver=karin))
    at("2026-11-23T07:00")
    Delegation.objects.create(approver=karin, deputy=zoe, from_on=clock.today(), until_on=clock.today())
    at("2026-11-22T07:00")
    assert [letter.person for letter in run(at, "2026-11-22T16:00")] == [karin]
    assert [letter.person for letter in run(at, "2026-11-23T16:00")] == [karin, zoe]
    assert [letter.person for letter in run(at, "2026-11-24T16:00")] == [karin, zoe, karin]


def test_a_day_that_was_slept_through_is_not_told(at, karin):
    a_sent_request(a_person(approver=karin))
    assert run(at, "2026-11-23T09:00") == []
    [digest] = run(at, "2026-11-23T16:05")
    assert digest.key == f"{TEMPLATE}/2026-11-23/{karin.ref}"


def test_run_twice_it_is_written_once(at, karin):
    a_sent_request(a_person(approver=karin))
    run(at, "2026-11-22T16:00")
    book.put(DIGEST, "daily", clock.now())
    assert len(run(at, "2026-11-22T16:01")) == 1


def test_what_was_answered_before_it_went_is_not_told(at, karin):
    request = a_sent_request(a_person(approver=karin))
    [digest] = run(at, "2026-11-22T16:00")
    request.reject(by=karin)
    assert still_something_waits(digest, clock.now()).code == "nothing_left"


def test_it_stands_among_planned_mail_with_its_preview(at, karin):
    a_sent_request(a_person(approver=karin))
    at("2026-11-22T08:00")
    [planned] = the_next_digest(clock.today(), "")[0:25]
    assert (planned.name, local(planned.at)) == ("Karin Ström", "2026-11-22 16:00")
    assert render(letter_to_come(planned.ref)).subject == "1 request waits for your answer"
    assert letter_to_come(a_person().ref) is None


def test_a_company_that_has_turned_it_off_writes_and_plans_none(at, karin):
    a_sent_request(a_person(approver=karin))
    [before] = run(at, "2026-11-22T16:00")
    StoreSettings.objects.update_or_create(pk=1, defaults={"requests_digest": False})
    assert still_something_waits(before, at.moment).code == "turned_off"
    assert len(run(at, "2026-11-23T16:00")) == 1
    assert list(the_next_digest(clock.today(), "")) == []
    StoreSettings.objects.update_or_create(pk=1, defaults={"requests_digest": True})
    assert len(run(at, "2026-11-24T16:00")) == 2


def test_where_it_is_off_no_page_promises_it(at_their_desk, karin):
    request = a_sent_request(bjorn := a_person("Björn", "Persson", approver=karin, language="en"))
    address = request.get_absolute_url()
    assert "one more at 16:00" in at_their_desk(bjorn).get(address).text
    StoreSettings.objects.update_or_create(pk=1, defaults={"requests_digest": False})
    assert "16:00" not in at_their_desk(bjorn).get(address).text
    request.approve(by=karin)
    assert "You get a mail when somebody asks for something." in at_their_desk(karin).get("/requests/").text


def test_it_asks_no_more_the_more_wait(at, karin, django_assert_num_queries):
    for _number in range(3):
        a_sent_request(a_person(approver=karin))
    with django_assert_num_queries(8):
        waiting_for_each(clock.today())
    for _number in range(6):
        a_sent_request(a_person(approver=karin))
    with django_assert_num_queries(8):
        waiting_for_each(clock.today())
