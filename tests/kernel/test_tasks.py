"""A task belongs to the company it was asked for in; without one its body never runs (reliability R52)."""

import pytest
from celery.exceptions import Ignore
from django.db import connection

from velory.celery import CompanyTask, PlatformTask, app
from velory.tenancy.models import Company

places = []


@app.task(base=CompanyTask, name="tests.where")
def where():
    places.append(connection.schema_name)


@app.task(base=PlatformTask, name="tests.platform")
def platform():
    places.append(connection.schema_name)


@pytest.fixture(autouse=True)
def nowhere_yet():
    places.clear()


def run(task, headers):
    task.push_request(headers=headers)
    try:
        return task()
    finally:
        task.pop_request()


def test_a_task_runs_in_the_company_that_it_names(saimaa):
    run(where, {"company": saimaa.schema_name})

    assert places == [saimaa.schema_name]
    assert connection.schema_name == "public"


@pytest.mark.parametrize("headers", [None, {}, {"company": ""}, {"company": "public"}, {"company": "c_gone"}])
def test_a_task_without_a_company_is_refused_before_its_body(headers):
    with pytest.raises(Ignore):
        run(where, headers)

    assert places == []


@pytest.mark.parametrize("change", [{"state": "suspended"}, {"state": "erasing"}, {"migrated_to": "something older"}])
def test_a_task_for_a_company_that_is_not_served_is_refused(saimaa, change):
    Company.objects.filter(pk=saimaa.pk).update(**change)

    with pytest.raises(Ignore):
        run(where, {"company": saimaa.schema_name})

    assert places == []


def test_a_task_of_the_platform_runs_outside_every_company():
    run(platform, {})

    assert places == ["public"]
