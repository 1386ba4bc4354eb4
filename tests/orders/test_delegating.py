"""While somebody is away, a deputy answers what comes to them: named, listed, ended."""

from datetime import date, timedelta

import pytest

from orders.models import Delegation
from tests.making import a_person, an_admin
from tests.orders.asking import a_sent_request
from velory import clock

PAGE = "/you/delegation/"


@pytest.fixture
def karin():
    an_admin()
    return a_person("Karin", "Ström", language="en")


@pytest.fixture
def zoe():
    return a_person("Zoë", "Nielsen", language="en")


def naming(deputy, first="2026-11-23", last="2026-11-27"):
    return {"deputy": deputy.email, "from_on": first, "until_on": last}


def errors(answer):
    return [error for found in answer.context["form"].errors.values() for error in found]


def test_a_deputy_is_named_and_listed(at_their_desk, karin, zoe):
    desk = at_their_desk(karin)
    assert desk.post(PAGE, naming(zoe)).status_code == 303
    made = Delegation.objects.get()
    assert (made.approver, made.deputy) == (karin, zoe)
    assert (made.from_on, made.until_on) == (date(2026, 11, 23), date(2026, 11, 27))
    assert "Zoë Nielsen" in desk.get(PAGE).content.decode()
    said = karin.journal.last().sentence
    assert said == "Karin Ström: Zoë Nielsen answers requests in their place, 23 November 2026 to 27 November 2026."


def test_the_deputy_reads_in_whose_place_they_answer(at_their_desk, karin, zoe):
    at_their_desk(karin).post(PAGE, naming(zoe))
    assert "You answer in the place of Karin Ström from" in at_their_desk(zoe).get(PAGE).content.decode()


@pytest.mark.parametrize(
    ("first", "last", "says"),
    [
        ("2026-11-21", "2026-11-25", "That day is over."),
        ("2026-11-25", "2026-11-24", "The last day is before the first."),
        ("2026-11-25", "2028-11-24", "A year at most. Name them again after it."),
        ("soon", "2026-11-24", "Enter a valid date."),
    ],
)
def test_days_that_make_no_sense_are_told(at_their_desk, karin, zoe, first, last, says):
    answer = at_their_desk(karin).post(PAGE, naming(zoe, first, last))
    assert answer.status_code == 422
    assert errors(answer) == [says]
    assert not Delegation.objects.exists()


def test_one_day_is_enough(at_their_desk, karin, zoe):
    assert at_their_desk(karin).post(PAGE, naming(zoe, "2026-11-22", "2026-11-22")).status_code == 303


def test_oneself_and_strangers_and_who_has_left_are_no_deputies(at_their_desk, karin, zoe):
    desk = at_their_desk(karin)
    assert errors(desk.post(PAGE, naming(karin))) == ["Name somebody else: you answer for yourself anyway."]
    assert errors(desk.post(PAGE, {**naming(zoe), "deputy": "nobody@nordvik.example"})) == [
        "Nobody here has this e-mail."
    ]
    zoe.end_access(by=an_admin(), at=clock.now())
    assert errors(desk.post(PAGE, naming(zoe))) == ["Zoë Nielsen no longer works here."]


def test_one_deputy_a_day(at_their_desk, karin, zoe):
    desk = at_their_desk(karin)
    desk.post(PAGE, naming(zoe))
    answer = desk.post(PAGE, naming(a_person("Ebba", "Sjöberg"), "2026-11-27", "2026-11-30"))
    assert errors(answer) == ["Zoë Nielsen answers in your place on some of these days. End that first."]
    assert desk.post(PAGE, naming(a_person("Ebba", "Sjöberg"), "2026-11-28", "2026-11-30")).status_code == 303


def test_it_can_be_ended_before_it_begins(at_their_desk, karin, zoe):
    desk = at_their_desk(karin)
    desk.post(PAGE, naming(zoe))
    assert desk.post(f"{PAGE}{Delegation.objects.get().pk}/end/").status_code == 303
    assert not Delegation.objects.exists()


def test_what_is_ended_on_the_way_keeps_the_days_that_were(at, at_their_desk, karin, zoe):
    desk = at_their_desk(karin)
    desk.post(PAGE, naming(zoe))
    at("2026-11-25T09:00")
    desk.post(f"{PAGE}{Delegation.objects.get().pk}/end/")
    assert Delegation.objects.get().until_on == date(2026, 11, 24)
    assert not Delegation.objects.on(clock.today()).exists()


def test_nobody_ends_anothers(at_their_desk, karin, zoe):
    at_their_desk(karin).post(PAGE, naming(zoe))
    pk = Delegation.objects.get().pk
    assert at_their_desk(zoe).post(f"{PAGE}{pk}/end/").status_code == 404
    assert Delegation.objects.exists()


def test_a_deputy_answers_from_their_page(at_their_desk, karin, zoe):
    today = clock.today()
    Delegation.objects.create(approver=karin, deputy=zoe, from_on=today, until_on=today)
    request = a_sent_request(a_person("Björn", "Persson", approver=karin))
    desk = at_their_desk(zoe)
    assert "1 request waits for your answer" in desk.get("/").content.decode()
    page = desk.get(f"/requests/{request.ref}/").content.decode()
    assert "You answer in the place of Karin Ström; the journal says so." in page
    assert desk.post(f"/requests/{request.ref}/reject/", {"version": request.version}).status_code == 303
    assert "Zoë Nielsen for Karin Ström rejected" in desk.get(f"/requests/{request.ref}/").content.decode()


def test_after_their_days_a_deputy_has_no_part_in_it(at, at_their_desk, karin, zoe):
    today = clock.today()
    Delegation.objects.create(approver=karin, deputy=zoe, from_on=today, until_on=today)
    request = a_sent_request(a_person("Björn", "Persson", approver=karin))
    at((clock.now() + timedelta(days=1)).isoformat())
    desk = at_their_desk(zoe)
    assert desk.get(f"/requests/{request.ref}/").status_code == 404
    assert desk.post(f"/requests/{request.ref}/approve/").status_code == 404
