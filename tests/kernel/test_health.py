"""The health page of the base domain."""

from datetime import timedelta

import pytest
from django.db import connection

from velory import clock
from velory.agenda.models import Due, Heartbeat
from velory.post.letters import SENDING
from velory.tenancy.models import Company


@pytest.fixture
def ask(client):
    def answer():
        got = client.get("/health/", HTTP_HOST="localhost")
        return got.status_code, got.json()

    return answer


@pytest.fixture
def _all_alive():
    connection.set_schema_to_public()
    for name in ("worker", "beat"):
        Heartbeat.objects.update_or_create(name=name, defaults={"at": clock.wall()})


@pytest.mark.usefixtures("_all_alive")
def test_all_is_well_while_worker_and_beat_show_that_they_live(ask):
    status, said = ask()
    assert status == 200, said
    assert said["well"]


def test_a_worker_that_never_came_is_not_well(ask):
    status, said = ask()
    assert status == 503
    assert said["worker"] == {"well": False, "silent_seconds": None}
    assert said["database"]["well"]


@pytest.mark.usefixtures("_all_alive")
def test_a_beat_that_went_silent_is_not_well(ask):
    Heartbeat.objects.filter(name="beat").update(at=clock.wall() - timedelta(minutes=5))
    status, said = ask()
    assert status == 503
    assert [part for part in said if part != "well" and not said[part]["well"]] == ["beat"]


@pytest.mark.usefixtures("_all_alive")
def test_a_letter_that_nobody_sends_is_not_well_and_one_for_tomorrow_is(ask, nordvik):
    due = Due.objects.create(company=nordvik, kind=SENDING, ref="1", due_at=clock.now() + timedelta(days=1))
    assert ask()[0] == 200
    due.due_at = clock.now() - timedelta(hours=1)
    due.save()
    status, said = ask()
    assert status == 503
    assert said["letters"] == {"well": False, "oldest_unsent_seconds": 3600.0}


@pytest.mark.usefixtures("_all_alive")
@pytest.mark.parametrize("closed", [{"state": "suspended"}, {"migrated_to": "something older"}])
def test_what_a_closed_company_owes_closes_nobody_else(ask, nordvik, closed):
    Due.objects.create(company=nordvik, kind=SENDING, ref="1", due_at=clock.now() - timedelta(days=1))
    Company.objects.filter(pk=nordvik.pk).update(**closed)
    status, said = ask()
    assert status == 200, said
