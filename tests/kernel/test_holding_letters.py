"""A planned letter is held back, let go, or sent ahead of its day; whoever is first, it goes once."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.core import mail

from tests.kernel.posting import TEMPLATE, a_kind, post_is_sent
from tests.making import a_person, an_admin
from tests.racing import at_once
from velory.journal.models import Entry
from velory.journal.reason import Refused
from velory.post import holding, planned
from velory.post.letters import draft, write_letters
from velory.post.models import Hold, Letter
from velory.post.planned import PAUSE, SEND_NOW, Planned, plans

KEY = "tests/2026-11-23/ebba"


@pytest.fixture
def ebba():
    return a_person("Ebba", "Nyström", language="en")


@pytest.fixture
def nils():
    return an_admin()


@pytest.fixture(autouse=True)
def one_plan(at, monkeypatch, ebba):
    """A letter that is written tomorrow."""
    monkeypatch.setattr(planned, "_sources", {"held": planned._sources["held"]})
    a_kind(monkeypatch)

    def to_come(ref):
        return draft(TEMPLATE, key=KEY, person=ebba, at=at.moment + timedelta(days=1))

    @plans("tests", letter=to_come, label="Tests", may=(PAUSE, SEND_NOW))
    def rows(until, words):
        when = at.moment + timedelta(days=1)
        return [Planned(at=when, name="Ebba", address=ebba.email, what="A test", ref="1", key=KEY)]

    return rows


def its_day_comes(at, ebba):
    """What its writer does tomorrow."""
    tomorrow = at.moment + timedelta(days=1)
    return write_letters([draft(TEMPLATE, key=KEY, person=ebba, at=tomorrow)], at=tomorrow)


def post_goes(at, moment):
    """The worker's turn at a moment."""
    at(moment)
    post_is_sent(at)


def test_held_back_it_is_written_and_waits(at, nils, ebba, at_their_desk):
    holding.pause("tests", "1", by=nils, at=at.moment)
    assert its_day_comes(at, ebba)
    post_goes(at, "2026-11-24T09:00")
    assert not mail.outbox
    letter = Letter.objects.get()
    assert letter.state == Letter.State.HELD
    page = at_their_desk(nils).get("/mail/planned/").text
    assert f"by {nils}" in page
    assert f"/mail/planned/held/{letter.ref}/resume/" in page


def test_let_go_after_its_day_it_goes_at_once(at, nils, ebba):
    holding.pause("tests", "1", by=nils, at=at.moment)
    its_day_comes(at, ebba)
    post_goes(at, "2026-11-24T09:00")
    holding.resume("tests", "1", by=nils, at=at("2026-11-24T10:00"))
    post_goes(at, "2026-11-24T10:00")
    assert len(mail.outbox) == 1
    assert not Hold.objects.exists()
    assert list(Entry.objects.filter(about_type="post.hold").values_list("step", flat=True)) == ["pause", "resume"]


def test_one_whose_words_name_its_day_is_called_off_then(at, nils, ebba, monkeypatch):
    source = planned._sources["tests"]
    monkeypatch.setitem(planned._sources, "tests", replace(source, may=(PAUSE,), why_not="It names its day."))
    holding.pause("tests", "1", by=nils, at=at.moment)
    its_day_comes(at, ebba)
    post_goes(at, "2026-11-24T09:00")
    assert "called off" in holding.resume("tests", "1", by=nils, at=at("2026-11-24T10:00"))
    assert Letter.objects.get().state == Letter.State.VOIDED
    with pytest.raises(Refused, match="It names its day"):
        holding.send_now("tests", "1", by=nils, at=at.moment)


def test_let_go_before_its_day_it_goes_on_it(at, nils, ebba):
    holding.pause("tests", "1", by=nils, at=at.moment)
    holding.resume("tests", "1", by=nils, at=at.moment)
    assert not Letter.objects.exists()
    its_day_comes(at, ebba)
    post_goes(at, "2026-11-24T09:00")
    assert len(mail.outbox) == 1


def test_sent_ahead_it_does_not_go_again_on_its_day(at, nils, ebba):
    noon = at("2026-11-22T12:00")
    holding.send_now("tests", "1", by=nils, at=noon)
    post_is_sent(at)
    assert len(mail.outbox) == 1
    assert its_day_comes(at, ebba) == []
    with pytest.raises(Refused, match="Somebody was first"):
        holding.send_now("tests", "1", by=nils, at=at.moment)
    with pytest.raises(Refused, match="Somebody was first"):
        holding.pause("tests", "1", by=nils, at=at.moment)


def test_held_back_it_can_be_sent_ahead(at, nils):
    at("2026-11-22T12:00")
    holding.pause("tests", "1", by=nils, at=at.moment)
    holding.send_now("tests", "1", by=nils, at=at.moment)
    post_is_sent(at)
    assert len(mail.outbox) == 1


def test_at_night_it_waits_until_eight(at, nils):
    at("2026-11-22T23:00")
    assert "night" in holding.send_now("tests", "1", by=nils, at=at.moment)
    post_is_sent(at)
    assert not mail.outbox
    at("2026-11-23T08:00")
    post_is_sent(at)
    assert len(mail.outbox) == 1


def test_twice_is_refused_in_words(at, nils):
    holding.pause("tests", "1", by=nils, at=at.moment)
    with pytest.raises(Refused, match="Somebody was first"):
        holding.pause("tests", "1", by=nils, at=at.moment)
    holding.resume("tests", "1", by=nils, at=at.moment)
    with pytest.raises(Refused, match="Somebody was first"):
        holding.resume("tests", "1", by=nils, at=at.moment)


def test_the_page_filters_by_kind_and_has_the_buttons(at, nils, at_their_desk):
    desk = at_their_desk(nils)
    assert "/mail/planned/tests/1/pause/" in desk.get("/mail/planned/?kind=tests").text
    assert "Nothing planned matches" in desk.get("/mail/planned/?kind=held").text
    page = desk.post("/mail/planned/tests/1/pause/", follow=True)
    assert "The letter is held back." in page.text
    assert desk.post("/mail/planned/nobody/1/pause/").status_code == 404
    assert desk.post("/mail/planned/tests/1/burn/").status_code == 404


@pytest.mark.races
def test_sixteen_send_it_ahead_while_its_writer_writes_it(at, race_company, nils, ebba):
    def send(number):
        return its_day_comes(at, ebba) if number % 4 == 0 else holding.send_now("tests", "1", by=nils, at=at.moment)

    said = at_once(race_company, 16, send)
    assert Letter.objects.filter(key=KEY).count() == 1
    won = [answer for answer in said if isinstance(answer, str) or (isinstance(answer, list) and answer)]
    assert len(won) == 1
    assert all(isinstance(answer, Refused | list | str) for answer in said)
