"""The log tells everything that happened in the company, to admins, and never changes."""

import csv
import io

import pytest
from django.utils import translation

from assets.views.log import Log
from tests.assets.making import words
from tests.making import a_device, a_person, an_admin
from velory import clock
from velory.journal.deeds import write
from velory.journal.models import Entry
from velory.one_row import OneRow
from velory.tenancy.context import inside


def settings_of_a_company(kind=OneRow):
    """All settings that a company has once."""
    return [
        found
        for model in kind.__subclasses__()
        for found in ([] if model._meta.abstract else [model]) + settings_of_a_company(model)
    ]


@pytest.fixture
def lives(at):
    """Two devices with three events on two days."""
    nils = an_admin()
    first = a_device(a_person("Ebba", "Sjöberg"), by=nils, name="Fairphone 5")
    at("2026-11-25T08:00")
    second = a_device(by=an_admin(first_name="Zoë", last_name="Nielsen"), name="iPad Air 11")
    first.remove(by=nils, why="Lost")
    return first, second


@pytest.fixture
def desk(at_their_desk):
    return at_their_desk(an_admin())


def test_the_latest_stands_first(desk, lives):
    text = words(desk.get("/log/"))
    assert "3 events" in text
    assert text.index("removed device from Velory") < text.index("Zoë Nielsen registered it")
    assert text.index("Zoë Nielsen registered it") < text.index("Nils Wikström registered it. Ebba Sjöberg")


def test_every_step_of_the_filter_has_words_of_its_own(rf):
    offered = [label for _code, label in Log(rf.get("/log/")).steps]
    assert "Mark as released: Bought out by employee" in offered
    assert len(offered) == len(set(offered))


@pytest.mark.parametrize(
    ("asked", "count"),
    [
        ({"q": "fairphone"}, 2), ({"q": "Zoë"}, 1), ({"q": "nobody"}, 0), ({"step": "remove"}, 1),
        ({"step": ["remove", "register"]}, 3), ({"from": "2026-11-25"}, 2), ({"to": "2026-11-24"}, 1),
        ({"to": "2026-11-25"}, 3), ({"from": "2026-11-23", "to": "2026-11-24"}, 0),
        ({"from": "nonsense", "to": "2026-02-30"}, 3),
        ({"from": "0001-01-01", "to": "9999-12-31"}, 3), ({"step": "nonsense"}, 0),
    ],
)  # fmt: skip
def test_it_is_narrowed_by_name_step_and_day(desk, lives, asked, count):
    assert desk.get("/log/", asked).content.decode().count("<time ") == count


@pytest.mark.parametrize("settings", settings_of_a_company(), ids=lambda model: model.__name__)
def test_settings_are_called_what_they_are_in_the_reader_s_language(at_their_desk, settings):
    write(settings.to_change(), "change", by=an_admin(), at=clock.now())
    swedish, english = (at_their_desk(an_admin(language=language)) for language in ("sv", "en"))
    with translation.override("sv"):
        called = str(settings())
    assert called != str(settings())
    assert called in words(swedish.get("/log/"))
    assert str(settings()) in words(english.get("/log/"))
    assert str(settings())[0].isupper()


def test_a_reference_finds_a_device_s_events(desk, lives):
    assert desk.get("/log/", {"q": lives[0].ref.lower()}).content.decode().count("<time ") == 2


def test_the_file_has_the_same_events_in_the_reader_s_language(at_their_desk, lives):
    desk = at_their_desk(an_admin(language="sv"))
    response = desk.get("/log/export/?q=fairphone")
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text)))
    assert len(rows) == 3
    assert rows[1][0] == "2026-11-25 08:00:00"
    assert rows[1][5:9] == ["Fairphone 5", "remove", "active", "removed"]


def test_another_company_s_events_are_not_in_it(desk, lives, saimaa):
    with inside(saimaa):
        a_device(name="Surface Laptop 6")
    assert "Surface" not in words(desk.get("/log/"))


@pytest.mark.parametrize("number", [1, 3])
def test_it_costs_the_same_queries_however_long(desk, django_assert_num_queries, number):
    for _n in range(number):
        a_device()
    desk.get("/log/")
    with django_assert_num_queries(5):
        desk.get("/log/")


def test_markup_in_a_name_is_shown_as_written(desk):
    a_device(a_person("<b>Ebba</b>", "<script>"))
    page = desk.get("/log/").content.decode()
    assert "<b>Ebba</b>" not in page
    assert Entry.objects.count() == 1
