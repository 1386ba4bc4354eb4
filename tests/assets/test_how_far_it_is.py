"""What goes on in the background says how far it is, the same way wherever it is shown."""

import re

import pytest

from assets.bulk.models import BulkChange
from assets.importing.models import Import
from tests.assets.making import words
from tests.making import an_admin
from velory import clock
from velory.archive.models import Archive


def a_busy_import(admin, state, **facts):
    at = clock.now()
    return Import.objects.create(
        by=admin, file_name="people.csv", content=b"", digest="", uploaded_at=at, previewed_at=at, state=state,
        total=900, **facts,
    )  # fmt: skip


@pytest.mark.parametrize(("state", "bar", "says"), [
    ("reading", "", "900 rows are checked against what is here. Nothing is written yet."),
    ("applying", ' value="250" max="900"', "250 of 900 rows"),
])  # fmt: skip
def test_an_import_counts_its_rows_once_they_are_applied(state, bar, says, at_their_desk):
    admin = an_admin()
    page = at_their_desk(admin).get(a_busy_import(admin, state, done=250).get_absolute_url())
    assert drawn(page) == bar
    assert says in words(page)


def test_a_bulk_change_counts_its_devices(at_their_desk):
    admin = an_admin()
    change = BulkChange.objects.create(
        by=admin, action="unassign", state="applying", planned_at=clock.now(), total=8000, done=1250
    )
    page = at_their_desk(admin).get(change.get_absolute_url())
    assert drawn(page) == ' value="1250" max="8000"'
    assert "1250 of 8000 devices You can leave this page; it goes on without you." in words(page)


def test_an_export_that_has_not_begun_promises_no_number(at_their_desk):
    admin = an_admin()
    Archive.ask(by=admin, at=clock.now())
    page = at_their_desk(admin).get("/settings/export/")
    assert drawn(page) == ""
    assert "The export is being made It begins in a moment." in words(page)


def drawn(page):
    """What the bar is told: how much of how much."""
    (told,) = re.findall(r'<progress [^>]*aria-labelledby="progress-title"([^>]*)>', page.content.decode())
    return told
