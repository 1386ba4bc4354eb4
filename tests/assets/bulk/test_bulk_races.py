"""Two bulk changes at once, one pressed many times, one that runs twice, and a device that somebody else holds."""

from collections import Counter
from threading import Event, Thread

import pytest
from django.db import connection, transaction

from assets.bulk.applying import apply_all, apply_chunk
from assets.bulk.models import BulkChange
from assets.models import Device
from tests.assets.bulk.making import a_bulk_change, reasons
from tests.making import a_device, a_person, an_admin
from tests.racing import at_once
from velory import clock
from velory.journal.checking import verified
from velory.journal.models import Entry
from velory.people.models import Person

pytestmark = pytest.mark.races


def confirmed(change, admin):
    change.confirm(by=admin, plan=change.plan_digest, at=clock.now())
    return change


def bulk_entries():
    return Counter(Entry.objects.filter(details__has_key="bulk").values_list("about_ref", flat=True))


def test_pressed_by_many_at_once_it_is_applied_once(race_company):
    admin = an_admin()
    devices = [a_device(payor="", by=admin) for _ in range(8)]
    change = a_bulk_change("payor", by=admin, payor="company")

    def press(_n):
        mine = BulkChange.objects.get(pk=change.pk)
        mine.confirm(by=Person.objects.get(pk=admin.pk), plan=change.plan_digest, at=clock.now())
        apply_all(mine, at=clock.now())

    assert [one for one in at_once(race_company, 6, press) if one] == []
    assert bulk_entries() == {device.ref: 1 for device in devices}
    assert BulkChange.objects.get().outcome == {"changed": 8, "unchanged": 0, "refused": 0}
    assert list(verified()) == []


def test_of_two_changes_at_once_each_device_takes_one(race_company, monkeypatch):
    monkeypatch.setattr("assets.bulk.applying.CHUNK", 3)
    admin, ebba = an_admin(), a_person("Ebba", "Sjöberg")
    devices = [a_device(payor="", by=admin) for _ in range(12)]
    plans = [
        confirmed(a_bulk_change("payor", by=admin, payor="company"), admin),
        confirmed(a_bulk_change("assign", by=admin, to=ebba.email), admin),
    ]

    def carry_out(n):
        apply_all(BulkChange.objects.get(pk=plans[n].pk), at=clock.now())

    assert [one for one in at_once(race_company, 2, carry_out) if one] == []
    assert bulk_entries() == {device.ref: 1 for device in devices}
    outcomes = [change.outcome for change in BulkChange.objects.all()]
    assert sum(outcome["changed"] for outcome in outcomes) == 12
    assert sum(outcome["refused"] for outcome in outcomes) == 12
    assert list(verified()) == []


def test_a_device_that_somebody_else_holds_is_not_waited_for(race_company):
    admin = an_admin()
    held, free = a_device(payor="", by=admin), a_device(payor="", by=admin)
    change = confirmed(a_bulk_change("payor", by=admin, payor="company"), admin)
    holding, done = Event(), Event()

    def hold():
        connection.set_tenant(race_company)
        with transaction.atomic():
            Device.objects.select_for_update().get(pk=held.pk)
            holding.set()
            done.wait(timeout=30)
        connection.close()

    somebody = Thread(target=hold)
    somebody.start()
    try:
        assert holding.wait(timeout=20)
        apply_all(change, at=clock.now())
        assert Device.objects.get(pk=free.pk).payor == "company"
        assert BulkChange.objects.get().state == "applying"
        while BulkChange.objects.get().state == "applying":
            apply_chunk(change.pk, at=clock.now())
    finally:
        done.set()
        somebody.join()
    assert reasons(change) == {held.ref: "Somebody else was working on it at that moment."}
    assert Device.objects.get(pk=held.pk).payor == ""
    assert BulkChange.objects.get().outcome == {"changed": 1, "unchanged": 0, "refused": 1}
