"""The health page: what people depend on in words, what is parked, and how it is tried again."""

import pytest

from velory import clock
from velory.agenda.models import Due, Heartbeat
from velory.operators import installation
from velory.operators.models import OperatorDeed
from velory.tenancy.context import outside
from velory.tenancy.models import Company


@pytest.fixture
def parked(nordvik):
    """A letter that the agenda gave up."""
    with outside():
        return Due.objects.create(
            company=nordvik, kind="post.send", ref="77", due_at=clock.now(), attempts=5, fault="OSError",
            parked_at=clock.wall(),
        )  # fmt: skip


def test_what_people_depend_on_is_said_with_what_to_do(console):
    page = console.get("/installation/").text
    assert "It was never heard of. Nothing is sent and nothing happens by itself. Start a worker." in page
    with outside():
        for name in ("worker", "beat"):
            Heartbeat.objects.create(name=name, at=clock.wall())
    assert "It was never heard of" not in console.get("/installation/").text


def test_what_is_parked_is_tried_again_and_put_down(console, parked):
    assert "post.send 77" in console.get("/installation/").text
    console.post("/installation/try_again/", {"due": parked.pk})
    with outside():
        due = Due.objects.get(pk=parked.pk)
        assert (due.parked_at, due.attempts, due.fault) == (None, 0, "")
        assert OperatorDeed.objects.get().reason == "post.send 77"
        assert not OperatorDeed.objects.get().concerns_company
    assert "Nothing is parked." in console.get("/installation/").text
    assert (
        "It was not parked any more." in console.post("/installation/try_again/", {"due": parked.pk}, follow=True).text
    )


@pytest.mark.parametrize("due", ["", "x", "-1", "9" * 30, "²"])
def test_what_is_no_number_is_nothing(console, due):
    assert console.post("/installation/try_again/", {"due": due}).status_code == 404


def test_a_company_that_is_being_opened_is_shown_and_left_alone(console, saimaa):
    with outside():
        Company.objects.filter(pk=saimaa.pk).update(state=Company.State.OPENING, migrated_to="")
    assert console.get("/companies/saimaa/").status_code == 200
    confirmed = {"confirmed": ["repair_flow", "store", "leased_end_of_life"]}
    for path, sent in (
        ("plan", {"plan": "starter"} | confirmed),
        ("suspend", {"reason": "Not paid."}),
        ("resume", {}),
    ):
        assert console.post(f"/companies/saimaa/{path}/", sent).status_code == 409
    assert console.post("/companies/saimaa/count/").status_code == 303


def test_a_company_that_is_behind_is_named(console, saimaa):
    with outside():
        Company.objects.filter(pk=saimaa.pk).update(migrated_to="old")
    page = console.get("/installation/").text
    assert "Behind on migrations" in page
    assert "Saimaa Konepaja Oy" in page
    for path in ("", "facts/", "plan/", "suspend/", "addresses/"):
        assert console.get(f"/companies/saimaa/{path}").status_code == 200
    assert console.post("/companies/saimaa/plan/", {"plan": "starter"}).status_code == 200
    assert console.post("/companies/saimaa/suspend/", {"reason": "Not paid."}).status_code == 303
    assert "Saimaa" in console.get("/companies/?health=trouble").text


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0, "0 seconds"), (1, "1 second"), (300, "5 minutes"), (9000, "2 hours"), (200_000, "2 days")],
)
def test_spans_in_words(seconds, words):
    assert installation.in_time(seconds) == words


@pytest.mark.parametrize(("number", "words"), [(1, "1 MB"), (12_000_000, "12 MB"), (3_400_000_000, "3.4 GB")])
def test_sizes_in_words(number, words):
    assert installation.in_bytes(number) == words
