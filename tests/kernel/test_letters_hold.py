"""What must hold of letters is found where it does not."""

from datetime import timedelta

import pytest

from tests.kernel.posting import a_kind, a_letter, post_is_sent
from tests.making import a_person
from velory import clock
from velory.agenda.models import Due
from velory.journal.invariants import findings
from velory.post.models import Letter


@pytest.fixture(autouse=True)
def letter(at, monkeypatch):
    a_kind(monkeypatch, secret=("link",))
    return a_letter(a_person(), at, context={"link": "https://example.test/"})


def broken():
    return [name for name, _ in findings() if name.startswith(("N3 a letter", "N4", "N9", "a "))]


def test_nothing_is_found_where_all_is_well(at):
    assert broken() == []
    post_is_sent(at)
    assert broken() == []


@pytest.mark.parametrize(("change", "name"), [
    ({"tries": 6}, "N4 a letter is tried five times at most"),
    ({"state": "sending", "lease_until": clock.wall() - timedelta(minutes=21)}, "N9 no letter stays half sent"),
    ({"state": "failed"}, "a secret is forgotten once its letter is closed"),
])  # fmt: skip
def test_what_is_wrong_is_found(change, name):
    Letter.objects.update(**change)
    assert broken() == [name]


def test_a_letter_that_went_before_its_cause_is_found(at):
    post_is_sent(at)
    Letter.objects.update(sent_at=at.moment - timedelta(seconds=1))
    assert broken() == ["N3 a letter goes after it was written"]


def test_a_letter_that_nothing_would_send_is_found():
    Due.objects.filter(kind="post.send").delete()
    assert broken() == ["a letter that waits is on the agenda"]
