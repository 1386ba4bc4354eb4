"""What the declared steps print: for people, for outside checks, and for whoever doubts the journal."""

import json
import os
import subprocess
import sys

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection

from assets.models import Device
from tests.assets.making import a_started_device
from tests.making import a_device, a_person, a_space, an_admin, an_external_device
from velory.environment import ROOT
from velory.journal.checking import verified
from velory.journal.invariants import findings


def test_the_page_of_lifelines_is_as_fresh_as_the_steps():
    call_command("lifelines", check=True)


def test_lifelines_print_without_any_database():
    bare = {key: value for key, value in os.environ.items() if key not in {"DATABASE_URL", "REDIS_URL"}}
    told = subprocess.run(
        [sys.executable, "manage.py", "lifelines", "--format", "json"],
        cwd=ROOT, env=bare | {"VELORY_DEMO_DIR": "/nonexistent"}, capture_output=True, text=True, check=True,
    )  # fmt: skip
    device = json.loads(told.stdout)["device"]
    assert set(device) == {"states", "steps", "deeds"}
    assert device["states"][0] == {
        "code": "ordered",
        "label_en": "Ordered",
        "label_sv": "Beställd",
        "phase": "delivery",
    }
    assert [step for step in device["steps"] if step["name"] == "release"] == [
        {
            "name": "release", "from": ["returned"], "to": ["removed"], "who": ["partner", "admin"],
            "label_en": "Mark as released", "label_sv": "Markera som avregistrerad",
        }
    ]  # fmt: skip


def test_an_older_page_is_told(tmp_path, monkeypatch):
    from velory.journal.management.commands import lifelines

    monkeypatch.setattr(lifelines, "ROOT", tmp_path)
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "lifelines.md").write_text("Old.")
    with pytest.raises(CommandError, match="older than the steps"):
        call_command("lifelines", check=True)
    assert (tmp_path / "docs" / "lifelines.md").read_text() == "Old."
    call_command("lifelines", stdout=open(os.devnull, "w"))  # noqa: SIM115
    assert "stateDiagram-v2" in (tmp_path / "docs" / "lifelines.md").read_text()


# One device


def test_a_device_is_told_in_full(run, monkeypatch):
    device = a_started_device(a_person("Ebba", "Sjöberg"), monkeypatch, number="D-00001")
    for called in (device.ref, "d-00001", device.serial):
        told = json.loads(run("device", called, company="nordvik", json=True))
        assert (told["ref"], told["status"], told["holder"]["name"]) == (device.ref, "return_pending", "Ebba Sjöberg")
    assert (told["payor"], told["renewal_on"], told["version"]) == ("company", "2028-01-31", 2)
    assert [entry["step"] for entry in told["journal"]] == ["register", "start_renewal"]
    assert {step["name"]: step["open"] for step in told["steps"]["admin"]}["confirm_return"] is True
    assert [step["name"] for step in told["steps"]["holder"]] == []


def test_a_greyed_step_is_told_with_its_reason(run):
    device = an_external_device(a_person())
    told = json.loads(run("device", device.ref, company="nordvik", json=True))
    start = next(step for step in told["steps"]["holder"] if step["name"] == "start_renewal")
    assert (start["open"], bool(start["reason"])) == (False, True)


def test_an_unknown_device_or_company_is_one_sentence(run):
    with pytest.raises(CommandError, match="no device D-222222"):
        run("device", "D-222222", company="nordvik")
    with pytest.raises(CommandError, match="no company called nowhere"):
        run("device", "D-222222", company="nowhere")


def test_a_device_is_told_to_people_too(run):
    device = a_device(a_person())
    assert "Nils Wikström registered it." in run("device", device.ref, company="nordvik")


# The journal against the rows


def broken(sql, *values):
    """Change what no code of ours can: past the trigger, in this transaction only."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(sql, values)
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")


def test_what_was_done_by_steps_verifies(run, monkeypatch):
    nils, device = an_admin(), a_started_device(a_person(), monkeypatch)
    device.confirm_return(by=nils, note="In the box")
    a_device(a_space()).assign(by=nils, to=a_person())
    assert list(verified()) == []
    assert findings() == []
    assert run("verify_journal", company="nordvik") == ""
    assert run("check_invariants", company="nordvik") == ""


@pytest.mark.parametrize(
    ("sql", "sentence"),
    [
        ("UPDATE assets_device SET status = 'removed', holder_id = NULL", "status removed, last entry went to active"),
        ("UPDATE assets_device SET version = 7", "version 7, 2 entries"),
        ("DELETE FROM journal_entry WHERE version = 1", "version 2, 1 entries"),
        ("UPDATE journal_entry SET came_from = 'recycled' WHERE version = 2", "entry 2 comes from recycled"),
        (
            "UPDATE journal_entry SET came_from = 'ordered' WHERE version = 2",
            "from ordered to active, which no step does",
        ),
    ],
)
def test_what_was_not_is_found(run, sql, sentence):
    device = a_device(a_person())
    device.set_payor(by=an_admin(), payor="employee")
    broken(sql)
    found = list(verified())
    assert any(sentence in line and device.ref in line for line in found), found
    with pytest.raises(SystemExit):
        run("verify_journal", company="nordvik")


@pytest.mark.parametrize(
    ("sql", "sentence"),
    [
        ("UPDATE assets_holding SET until_at = from_at", "a holder or a space that no open holding names"),
        ("UPDATE assets_device SET holder_id = NULL", "nobody's, yet a holding is open"),
        ("UPDATE assets_device SET currency = '', purchase_price = 1", "a price without a currency"),
    ],
)
def test_an_invariant_that_is_broken_is_named(run, sql, sentence):
    device = a_device(a_person())
    broken(sql)
    assert f"{device.ref} " in next(line for _name, line in findings() if sentence in line)
    with pytest.raises(SystemExit):
        run("check_invariants", company="nordvik")
    assert Device.objects.count() == 1


def test_a_company_that_is_not_there_is_told(run):
    with pytest.raises(CommandError, match="no ready company called nowhere"):
        run("verify_journal", company="nowhere")
