"""The laws of a step: all of it or nothing, by whoever may, while the moment is right, and written down for ever."""

import threading
from datetime import UTC, datetime

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError
from django_fsm import ConcurrentTransition

from assets.lifecycle import Status
from assets.models import Device, Note
from tests.making import a_device, a_person, a_space, an_admin
from velory import clock
from velory.journal.edges import edges
from velory.journal.models import Entry
from velory.journal.reason import NotYours, Refused
from velory.journal.steps import follows
from velory.tenancy.context import inside

# What a step does


def test_a_step_moves_raises_the_version_and_is_written_down():
    nils = an_admin()
    device = a_device(a_person())

    entry = device.remove(by=nils, why="Lost in the lake")

    kept = Device.objects.get()
    assert (kept.status, kept.version, kept.holder) == ("removed", 2, None)
    assert (entry.step, entry.came_from, entry.went_to, entry.version) == ("remove", "active", "removed", 2)
    assert (entry.by_ref, entry.by_name, entry.role) == (nils.ref, "Nils Wikström", "admin")
    assert entry.details == {"why": "Lost in the lake"}
    assert entry.at == clock.now()
    assert entry.sentence == "Nils Wikström removed device from Velory."


def test_what_velory_does_itself_has_no_person():
    device = a_device(a_space())
    entry = device.unassign(by=None)
    assert (entry.by_ref, entry.by_name, entry.role) == ("", "", "system")


def test_acting_for_a_holder_names_both(monkeypatch):
    from assets import guards

    monkeypatch.setitem(guards._answers, "renewal_can_start", lambda device, **asked: None)
    device = a_device(a_person("Ebba", "Sjöberg"))
    entry = device.start_renewal(by=an_admin())
    assert (entry.by_name, entry.acting_for) == ("Nils Wikström", "Ebba Sjöberg")
    assert entry.sentence == "Nils Wikström for Ebba Sjöberg started the renewal process."


def test_a_deed_is_written_down_and_moves_nothing():
    device = a_device()
    entry = device.set_payor(by=an_admin(), payor="company", cost_centre="4200")
    assert (entry.came_from, entry.went_to, entry.version) == ("active", "active", 2)
    assert Device.objects.get().payor_cost_centre == "4200"


def test_a_step_sees_the_row_as_it_is_now_and_not_as_it_was_read():
    nils = an_admin()
    early, late = a_device(), Device.objects.get()
    early.set_payor(by=nils, payor="employee")
    late.set_payor(by=nils, payor="company")
    assert [entry.version for entry in late.journal] == [1, 2, 3]


# What is refused leaves no trace


def snapshot():
    return list(Device.objects.order_by("pk").values()), list(Entry.objects.order_by("pk").values())


def test_a_wrong_role_is_not_admitted():
    device = a_device(a_person())
    before = snapshot()
    with pytest.raises(NotYours):
        device.remove(by=a_person(), why="Mine now")
    assert snapshot() == before


def test_a_wrong_status_is_refused_with_the_present_one():
    device = a_device()
    before = snapshot()
    with pytest.raises(Refused) as refused:
        device.restore(by=an_admin())
    assert refused.value.reason.code == "status"
    assert "Active" in str(refused.value)
    assert snapshot() == before


def test_a_guard_refuses_with_its_reason():
    ebba = a_person("Ebba", "Sjöberg")
    device = a_device(ebba)
    before = snapshot()
    with pytest.raises(Refused, match="Ebba Sjöberg already has it"):
        device.assign(by=an_admin(), to=ebba)
    assert snapshot() == before


def test_a_stale_version_is_refused_even_where_the_step_would_do():
    nils, device = an_admin(), a_device()
    device.set_payor(by=nils, payor="employee")
    before = snapshot()
    with pytest.raises(Refused) as refused:
        device.remove(by=nils, why="Lost", version=1)
    assert refused.value.reason.code == "stale"
    assert snapshot() == before


def test_who_comes_before_whether():
    """A stranger learns nothing of the state: the role is asked before status and guards."""
    device = a_device()
    device.remove(by=an_admin(), why="Lost")
    with pytest.raises(NotYours):
        device.remove(by=a_person(), why="Lost")


def test_a_failure_in_what_follows_undoes_the_step():
    device = a_device(a_person())
    before = snapshot()

    @follows(Device, "remove")
    def it_breaks(devices, *, name, at):
        raise RuntimeError("the roof fell in")

    try:
        with pytest.raises(RuntimeError):
            device.remove(by=an_admin(), why="Lost")
    finally:
        from velory.journal.steps import _followers

        _followers["assets.device", "remove"].remove(it_breaks)
    assert snapshot() == before
    assert not Device.objects.get().holdings.exclude(until_at=None).exists()


def test_a_note_on_a_step_is_there_with_it_or_not_at_all(monkeypatch):
    from assets import guards

    monkeypatch.setitem(guards._answers, "renewal_can_start", lambda device, **asked: None)
    device, nils = a_device(a_person()), an_admin()
    with pytest.raises(Refused):
        device.confirm_return(by=nils, note="In the box")
    assert Note.objects.count() == 0
    device.start_renewal(by=nils)
    device.confirm_return(by=nils, outcome="bought", note="In the box")
    assert [(note.text, note.by_name) for note in Note.objects.all()] == [("In the box", "Nils Wikström")]


# Nothing but steps


def test_a_status_is_never_assigned():
    device = a_device()
    with pytest.raises(AttributeError):
        device.status = Status.REMOVED
    assert device.status == "active"


def test_a_save_of_what_was_read_before_a_step_changes_nothing():
    device = a_device()
    late = Device.objects.get()
    device.remove(by=an_admin(), why="Lost")
    late.name = "Another"
    with pytest.raises(ConcurrentTransition), transaction.atomic():
        late.save()
    assert (Device.objects.get().name, Device.objects.get().status) == (device.name, "removed")


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE journal_entry SET by_name = 'Somebody else'",
        "DELETE FROM journal_entry",
        "TRUNCATE journal_entry",
    ],
)
def test_the_journal_is_append_only(sql):
    a_device()
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)
    assert Entry.objects.get().by_name == "Nils Wikström"


def test_the_database_accepts_the_declared_moves_and_no_other():
    """R38: raw SQL tries every pair of statuses."""
    category, accepted = a_device().category, set()
    for source in Status.values:
        device = Device.objects.create(status=source, name=source, category=category, registered_at=clock.now())
        accepted |= {(source, target) for target in Status.values if source != target and moved(device, target)}
    assert accepted == {(source, target) for source, target in edges(Device) if source != target}


def test_the_database_refuses_a_version_that_skips_or_stays():
    device = a_device()
    for version in (1, 3):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("UPDATE assets_device SET status = 'removed', version = %s", [version])
    assert Device.objects.get(pk=device.pk).status == "active"


def moved(device, target):
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                "UPDATE assets_device SET status = %s, version = version + 1 WHERE id = %s", [target, device.pk]
            )
            raise _Back
    except _Back:
        return True
    except DatabaseError:
        return False


class _Back(Exception):
    """Undo the move that was just allowed."""


# Two at once


def at_once(company, *deeds):
    """Run each deed in a thread with a connection of its own, all from the same moment; their outcomes."""
    start, outcomes = threading.Barrier(len(deeds)), []

    def run(deed):
        try:
            with inside(company):
                start.wait(timeout=20)
                outcomes.append(deed().step)
        except Refused as refused:
            outcomes.append(refused.reason.code)
        except NotYours:
            outcomes.append("not yours")
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[deed]) for deed in deeds]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return sorted(outcomes)


@pytest.mark.races
def test_of_sixteen_at_once_one_wins_and_the_others_are_told(race_company):
    nils, device = an_admin(), a_device(a_person())

    def remove():
        return Device.objects.get(pk=device.pk).remove(by=nils, why="Lost", version=1)

    outcomes = at_once(race_company, *[remove] * 16)

    assert outcomes == ["remove", *["stale"] * 15]
    assert Entry.objects.filter(step="remove").count() == 1
    assert (Device.objects.get().status, Device.objects.get().version) == ("removed", 2)


@pytest.mark.races
def test_of_two_different_steps_from_one_status_one_wins(race_company):
    nils, ebba = an_admin(), a_person("Ebba", "Sjöberg")
    for _round in range(5):
        device = a_device(ebba)

        def mine(key=device.pk):
            return Device.objects.get(pk=key)

        outcomes = at_once(
            race_company,
            lambda: mine().remove(by=nils, why="Lost"),
            lambda: mine().report_fault(by=ebba, fault="It is wet"),
        )

        moves = [entry.step for entry in mine().journal][1:]
        assert outcomes in (["remove", "report_fault"], ["not yours", "remove"])
        assert moves in (["remove"], ["report_fault", "remove"])
        assert mine().version == 1 + len(moves)


@pytest.mark.races
def test_a_device_is_never_given_to_two(race_company):
    nils, takers = an_admin(), [a_person("Ebba", "Sjöberg"), a_person("Chidi", "Nyström")]
    device = a_device()

    outcomes = at_once(
        race_company,
        *[lambda to=to: Device.objects.get(pk=device.pk).assign(by=nils, to=to, version=1) for to in takers],
    )

    assert outcomes == ["assign", "stale"]
    assert device.holdings.filter(until_at=None).count() == 1


def test_a_step_is_taken_at_the_moment_that_it_is_told():
    moment = datetime(2026, 12, 1, 8, tzinfo=UTC)
    assert a_device().set_payor(by=an_admin(), payor="company", at=moment).at == moment
