"""Locations and teams are added, changed and removed by admins; the event log knows each time."""

import pytest

from tests.making import a_person, an_admin
from velory.journal.models import Entry
from velory.people.models import Location, Team


@pytest.fixture
def nils():
    return an_admin()


@pytest.mark.parametrize(("kind", "model", "word"), [("locations", Location, "location"), ("teams", Team, "team")])
def test_each_deed_stands_in_the_event_log(at_their_desk, nils, kind, model, word):
    desk = at_their_desk(nils)

    desk.post(f"/{kind}/", {"name": "Umeå"})
    place = model.objects.get(name="Umeå")
    desk.post(f"/{kind}/{place.ref}/", {"name": "Luleå"})
    answer = desk.post(f"/{kind}/{place.ref}/remove/")

    assert (answer.status_code, answer.url) == (303, f"/{kind}/")
    assert not model.objects.filter(pk=place.pk).exists()
    entries = Entry.objects.filter(about_type=f"people.{word}", about_id=place.pk).order_by("version")
    assert [entry.step for entry in entries] == ["add", "change", "remove"]
    assert str(entries.last().sentence) == f"Nils Wikström removed the {word} Luleå."


def test_what_people_belong_to_stays_and_nothing_is_written(at_their_desk, nils):
    place = Location.objects.create(name="Umeå")
    a_person(location=place)

    answer = at_their_desk(nils).post(f"/locations/{place.ref}/remove/")

    assert answer.status_code == 409
    assert "People or things still belong to it" in answer.content.decode()
    assert Location.objects.filter(pk=place.pk).exists()
    assert not Entry.objects.filter(about_type="people.location", step="remove").exists()
