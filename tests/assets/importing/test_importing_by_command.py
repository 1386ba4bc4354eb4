"""`manage.py import_fleet`: the same import from a file on the machine, with counts that tools can read."""

import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from assets.importing.models import Import
from assets.models import Device
from tests.assets.importing.making import a_device_row, a_file, a_person_row
from tests.making import an_integrated_distributor
from velory.people.models import Person

FLEETS = Path(__file__).parents[3] / "velory" / "demo" / "fleets"


def counted(told):
    return {kind: tuple(told[kind].values()) for kind in ("people", "devices")}


def test_nordviks_fleet_comes_in_and_again_changes_nothing(run):
    an_integrated_distributor("Dustin")

    first = json.loads(run("import_fleet", FLEETS / "nordvik.csv", company="nordvik", json=True))
    again = json.loads(run("import_fleet", FLEETS / "nordvik.csv", company="nordvik", json=True))

    assert counted(first) == {"people": (180, 0, 0, 0), "devices": (455, 0, 0, 0)}
    assert counted(again) == {"people": (0, 0, 180, 0), "devices": (0, 0, 455, 0)}
    assert (Person.objects.count(), Device.objects.count()) == (180, 455)
    assert Device.objects.filter(holder=None, space=None).count() + Device.objects.exclude(space=None).count() == 9
    assert {device.distributor.integrated for device in Device.objects.filter(distributor__name="Dustin")} == {True}


def test_saimaas_fleet_comes_in_with_its_letters(run, saimaa):
    from django.db import connection

    told = json.loads(run("import_fleet", FLEETS / "saimaa.csv", company="saimaa", json=True))

    assert counted(told) == {"people": (60, 0, 0, 0), "devices": (173, 0, 0, 0)}
    assert not Person.objects.exists()
    connection.set_tenant(saimaa)
    assert Person.objects.filter(last_name="Öberg").exists()
    assert Person.objects.filter(last_name="Petrovi?").exists()


def test_a_preview_writes_nothing(run, tmp_path):
    file = tmp_path / "fleet.csv"
    file.write_bytes(a_file(a_person_row() | a_device_row(), a_person_row() | a_device_row(device_id="D-2")))

    words = run("import_fleet", file, company="nordvik", preview=True)
    keep = "Two devices can't share one. Keep the row that is right."

    assert words.splitlines() == [
        "1 people would be created, 0 changed, 0 unchanged, 0 refused.",
        "1 devices would be created, 0 changed, 0 unchanged, 1 refused.",
        f"Row 3, serial_number “Y0QKFMKQQA7M”: Row 2 has the same value. {keep}",
    ]
    assert not Person.objects.exists()
    assert not Device.objects.exists()
    assert not Import.objects.exists()


def test_refusals_name_row_column_and_reason(run, tmp_path):
    file = tmp_path / "fleet.csv"
    file.write_bytes(a_file(a_person_row(email="nils", Shoe="44")))

    told = json.loads(run("import_fleet", file, company="nordvik", json=True))

    assert told["refused"] == [
        {
            "row": 2, "column": "email", "cell": "nils", "reason": "This is not an e-mail address.",
            "help": "Write it as name@company.com.",
        }
    ]  # fmt: skip
    assert told["left_out"] == ["Shoe"]


@pytest.mark.parametrize(
    ("content", "company", "words"),
    [
        (b"email\na@nordvik.example\n", "nobody", "There is no company “nobody”"),
        (b"", "nordvik", "The file is empty"),
        (b"colour\nblack\n", "nordvik", "No heading of the file is known"),
        (None, "nordvik", "cannot be read: No such file"),
    ],
)
def test_what_cannot_be_done_is_one_sentence(tmp_path, content, company, words):
    file = tmp_path / "fleet.csv"
    if content is not None:
        file.write_bytes(content)

    with pytest.raises(CommandError, match=words):
        call_command("import_fleet", file, company=company)

    assert not Import.objects.exists()
