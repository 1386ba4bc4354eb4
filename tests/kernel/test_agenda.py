"""What is due is done once, for the right company, in order; what fails keeps nobody else waiting."""

import threading
from datetime import timedelta

import pytest
from django.db import connection, transaction

from velory import clock
from velory.agenda import book
from velory.agenda.models import Due
from velory.tenancy.context import current_company, inside

HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def nothing_else_stands_there(at_nordvik):
    """What every company is furnished with is somebody else's chapter, and stands there again afterwards: a race is
    not rolled back."""
    standing = list(Due.objects.all())
    Due.objects.all().delete()
    yield
    Due.objects.bulk_create(standing, ignore_conflicts=True)


@pytest.fixture
def done(monkeypatch):
    """A kind of work that only notes where and for what it was done."""
    places = []

    def note(ref, at):
        places.append((current_company().slug, ref))

    monkeypatch.setitem(book._kinds, "test.note", book.Kind("test.note", note, False, False))
    return places


def a_kind(monkeypatch, function, name="test.other", apart=False):
    monkeypatch.setitem(book._kinds, name, book.Kind(name, function, apart, False))
    return name


def test_what_is_due_is_done_inside_its_own_company(done, nordvik, saimaa):
    book.put("test.note", "a", clock.now())
    with inside(saimaa):
        book.put("test.note", "b", clock.now())

    assert book.dispatch() == 2

    assert sorted(done) == [("nordvik", "a"), ("saimaa", "b")]
    assert Due.objects.count() == 0


def test_nothing_is_done_before_its_time(done):
    book.put("test.note", "later", clock.now() + HOUR)

    assert book.dispatch() == 0
    assert book.dispatch(at=clock.now() + HOUR) == 1
    assert done == [("nordvik", "later")]


def test_the_same_thing_stands_there_once_and_moves(done):
    book.put("test.note", "a", clock.now())
    book.put("test.note", "a", clock.now() + HOUR)

    assert book.dispatch() == 0
    assert Due.objects.get().due_at == clock.now() + HOUR


def test_the_earlier_moment_wins_where_that_is_asked_for(done):
    book.put("test.note", "a", clock.now() + HOUR)
    book.put("test.note", "a", clock.now() + 2 * HOUR, earlier_wins=True)

    assert Due.objects.get().due_at == clock.now() + HOUR


def test_what_is_rolled_back_was_never_on_the_agenda(done):
    with transaction.atomic():
        book.put("test.note", "a", clock.now())
        transaction.set_rollback(True)

    assert not Due.objects.exists()


def test_what_puts_itself_on_again_stays(monkeypatch):
    kind = a_kind(monkeypatch, lambda ref, at: book.put("test.other", ref, at + HOUR))
    book.put(kind, "daily", clock.now())

    book.dispatch()

    due = Due.objects.get()
    assert (due.due_at, due.attempts, due.lease_until) == (clock.now() + HOUR, 0, None)


def test_a_poisoned_thing_delays_nobody_and_is_parked_after_five_attempts(monkeypatch, done, at):
    def fails(ref, moment):
        raise ValueError("poison")

    kind = a_kind(monkeypatch, fails, "test.poison")
    book.put(kind, "bad", clock.now())
    for number in range(99):
        book.put("test.note", f"good {number}", clock.now())

    book.dispatch()
    assert len(done) == 99

    for _attempt in range(10):
        at(clock.now() + HOUR)
        book.dispatch()
    due = Due.objects.get()
    assert (due.attempts, due.fault) == (5, "ValueError")
    assert due.parked_at is not None


def test_what_a_killed_worker_had_claimed_is_done_when_its_lease_ends(monkeypatch, done):
    book.put("test.note", "a", clock.now())
    claimed = book._claim(clock.now(), 10, None)  # and here the worker dies
    assert len(claimed) == 1
    assert book.dispatch() == 0

    later = clock.wall() + book.LEASE + timedelta(seconds=1)
    monkeypatch.setattr(clock, "wall", lambda: later)

    assert book.dispatch() == 1
    assert done == [("nordvik", "a")]


def test_one_who_was_overtaken_does_not_do_it_again(monkeypatch, done):
    book.put("test.note", "a", clock.now())
    slow = book._claim(clock.now(), 10, None)
    later = clock.wall() + book.LEASE + timedelta(seconds=1)
    monkeypatch.setattr(clock, "wall", lambda: later)
    book.dispatch()

    book.carry_out(slow[0], current_company(), at=clock.now())

    assert done == [("nordvik", "a")]


def test_a_company_that_is_suspended_or_behind_waits(done, saimaa):
    with inside(saimaa):
        book.put("test.note", "a", clock.now())
    type(saimaa).objects.filter(pk=saimaa.pk).update(state="suspended")
    assert book.dispatch() == 0

    type(saimaa).objects.filter(pk=saimaa.pk).update(state="ready", migrated_to="something older")
    assert book.dispatch() == 0, "a worker that goes on until nothing is due would never end"

    assert done == []
    due = Due.objects.get()
    assert (due.lease_until, due.attempts) == (None, 0)
    assert book.next_due_at() is None


def test_the_bell_rings_once_a_transaction(done, django_capture_on_commit_callbacks, monkeypatch):
    rung = []
    monkeypatch.setattr("velory.agenda.tasks.ring.publish", lambda: rung.append(1))

    with django_capture_on_commit_callbacks(execute=True):
        book.put("test.note", "a", clock.now())
        book.put("test.note", "b", clock.now())
        book.put_many("test.note", ["c", "d"], clock.now())

    assert rung == [1]


@pytest.mark.races
def test_many_dispatchers_at_once_do_each_thing_once(race_company, monkeypatch):
    seen, lock = [], threading.Lock()

    def note(ref, at):
        with lock:
            seen.append(ref)

    kind = a_kind(monkeypatch, note, "test.race")
    book.put_many(kind, [str(number) for number in range(60)], clock.now())

    def dispatcher():
        connection.set_schema_to_public()
        while book.dispatch(most=7):
            pass
        connection.close()

    threads = [threading.Thread(target=dispatcher) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(seen, key=int) == [str(number) for number in range(60)]
    assert not Due.objects.exists()
