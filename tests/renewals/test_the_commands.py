"""The ledger and one run of the sweep, as checks from outside read them (spec 6)."""

import json

from renewals.models import Reminder
from tests.renewals.making import a_leased_device_at_its_final_stage, an_external_device_in_its_window
from velory.post.models import Letter


def test_the_ledger_is_printed_row_by_row(run):
    device = a_leased_device_at_its_final_stage()

    rows = json.loads(run("reminders", company="nordvik", json=True))

    assert {(row["device"], row["stage"], row["state"], row["reason"]) for row in rows} == {
        (device.ref, "leased_1_month", "planned", ""),
        (device.ref, "leased_3_months", "superseded", "superseded"),
    }
    assert set(rows[0]) == {
        "company", "device", "number", "recipient", "stage", "renewal_date", "send_date", "state", "reason", "why",
        "letter_key",
    }  # fmt: skip
    assert [row["stage"] for row in json.loads(run("reminders", company="nordvik", state="planned", json=True))] == [
        "leased_1_month"
    ]


def test_a_dry_run_says_what_would_go_and_changes_nothing(run):
    device = an_external_device_in_its_window()
    before = list(Reminder.objects.values())

    told = json.loads(run("sweep", company="nordvik", at="2026-11-22T08:00", dry_run=True, json=True))

    assert [(row["device"], row["recipient"], row["state"]) for row in told["sent"]] == [
        (device.ref, device.holder.email, "sent")
    ]
    assert list(Reminder.objects.values()) == before
    assert not Letter.objects.exists()


def test_a_run_at_night_sends_nothing_and_one_at_eight_does(run):
    an_external_device_in_its_window()

    assert json.loads(run("sweep", company="nordvik", at="2026-11-22T07:59", json=True))["sent"] == []
    [row] = json.loads(run("sweep", company="nordvik", at="2026-11-22T08:00", json=True))["sent"]
    assert row["letter_key"] == Letter.objects.get().key
    assert json.loads(run("sweep", company="nordvik", at="2026-11-22T08:00", json=True))["sent"] == []
