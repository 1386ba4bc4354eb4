"""Operators see numbers of companies and no data, and change plans, addresses and facts; each deed is put down."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.making import a_device, a_person, an_admin
from tests.racing import at_once
from velory import clock
from velory.agenda.models import Due
from velory.in_order import InOrder
from velory.journal.reason import Refused
from velory.operators import changing, domains, figures, panels
from velory.operators.models import CompanyFigures, OperatorDeed
from velory.tenancy.context import inside, outside
from velory.tenancy.models import Company
from velory.tenancy.routing import company_at


def of_the_row(company):
    """The company as it stands in the database."""
    with outside():
        return Company.objects.get(pk=company.pk)


# The list


def test_the_list_shows_every_company_and_nothing_of_what_is_in_it(console, nordvik):
    a_person(first_name="Ebba", last_name="Nyström")
    figures.count(nordvik, at=clock.now())
    page = console.get("/companies/").text
    for words in ("Nordvik Energi AB", "nordvik.localhost", "Saimaa Konepaja Oy", "Pro"):
        assert words in page
    assert "Ebba" not in page


def test_the_list_costs_the_same_for_three_and_for_fifty(console, operators_facts):
    console.get("/companies/")
    with CaptureQueriesContext(connection) as few:
        console.get("/companies/")
    with outside():
        companies = Company.objects.bulk_create(
            Company(**operators_facts | {"slug": f"many-{n}", "schema_name": f"c_many_{n}", "uuid": uuid4()})
            for n in range(50)
        )
        CompanyFigures.objects.bulk_create(
            CompanyFigures(company=company, counted_at=clock.now(), people=n) for n, company in enumerate(companies)
        )
    with CaptureQueriesContext(connection) as many:
        page = console.get("/companies/?sort=-people").text
    assert len(many) == len(few)
    assert "53 companies" in page


def test_the_list_finds_by_name_address_plan_state_and_health(console, nordvik, saimaa):
    assert "Saimaa" not in console.get("/companies/?q=nordvik.local").text
    assert "No company matches" in console.get("/companies/?q=nobody").text
    assert "Nordvik" not in console.get("/companies/?plan=starter").text
    assert "Nordvik" not in console.get("/companies/?state=suspended").text
    with outside():
        Due.objects.create(
            company=nordvik, kind="post.send", ref="1", due_at=clock.now(), parked_at=clock.wall(), fault="OSError"
        )
    page = console.get("/companies/?health=trouble").text
    assert "1 parked" in page
    assert "Saimaa" not in page
    assert "Nordvik" not in console.get("/companies/?health=well").text


# Figures


def test_figures_are_counted_inside_and_kept_as_numbers(nordvik, saimaa, at):
    admin = an_admin()
    before = figures.count(nordvik, at=clock.now())
    a_person()
    a_device(by=admin)
    with inside(saimaa):
        a_person()
    after = figures.count(nordvik, at=clock.now())
    assert (after.people, after.devices) == (before.people + 1, before.devices + 1)
    kept = {field.name for field in CompanyFigures._meta.concrete_fields}
    assert kept == {
        "company", "counted_at", "people", "devices", "letters_failing", "payments_waiting", "last_active_at",
    }  # fmt: skip


def test_a_company_is_counted_every_night_and_each_hour_while_it_is_new(nordvik, at):
    figures.count_tonight("nightly", clock.now())
    due = Due.objects.get(company=nordvik, kind=figures.COUNTING)
    if clock.now() < nordvik.opened_at + figures.NEW:
        assert due.due_at == clock.now() + timedelta(hours=1)
    nordvik.opened_at = clock.now() - timedelta(days=30)
    night = figures.next_count_at(nordvik, clock.now())
    assert night.astimezone(clock.zone()).strftime("%Y-%m-%d %H:%M") == "2026-11-23 02:40"


# Plan and features


def test_a_plan_changes_at_once_and_is_put_down(console, operator, nordvik):
    company_at("nordvik.localhost")
    answer = console.post(
        "/companies/nordvik/plan/",
        {"plan": "standard", "features": nordvik.features, "version": nordvik.version}, follow=True,
    )  # fmt: skip
    assert "have changed" in answer.text
    assert company_at("nordvik.localhost").plan == "standard"
    deed = OperatorDeed.objects.get(company=nordvik)
    assert (deed.deed, deed.changes, deed.by_name) == ("change_plan", {"plan": ["pro", "standard"]}, "Velory Operator")
    assert deed.sentence == "Velory Operator changed plan and features: Plan: Pro → Standard."


def test_what_would_be_switched_off_is_shown_first(console, nordvik):
    a_device(status="needs_repair")
    wanted = {"plan": "pro", "features": ["store", "leased_end_of_life"], "version": nordvik.version}
    asked = console.post("/companies/nordvik/plan/", wanted)
    assert "Switch this off for Nordvik Energi AB?" in asked.text
    assert "1 device needs repair or is in repair." in asked.text
    assert of_the_row(nordvik).has("repair_flow")

    console.post("/companies/nordvik/plan/", wanted | {"confirmed": ["repair_flow"]})
    assert not of_the_row(nordvik).has("repair_flow")


def test_a_starter_has_no_end_of_leasing_and_has_it_again_with_a_larger_plan(console, nordvik):
    flags = nordvik.features
    lost = {"plan": "starter", "features": flags, "confirmed": ["leased_end_of_life"]}
    console.post("/companies/nordvik/plan/", lost)
    assert not of_the_row(nordvik).has("leased_end_of_life")
    assert of_the_row(nordvik).features == sorted(flags)
    console.post("/companies/nordvik/plan/", {"plan": "standard", "features": flags})
    assert of_the_row(nordvik).has("leased_end_of_life")


def test_without_the_store_its_pages_are_gone_at_once(console, nordvik, at_their_desk):
    office = at_their_desk(an_admin())
    assert office.get("/store/").status_code == 200
    kept = [code for code in nordvik.features if code != "store"]
    console.post("/companies/nordvik/plan/", {"plan": "pro", "features": kept, "confirmed": ["store"]})
    assert office.get("/store/").status_code == 404


def test_who_comes_second_is_told_so(console, nordvik):
    first = {"plan": "standard", "features": nordvik.features, "version": nordvik.version}
    console.post("/companies/nordvik/plan/", first)
    second = console.post(
        "/companies/nordvik/facts/", _facts(nordvik) | {"name": "Nordvik AB", "version": nordvik.version}
    )
    assert second.status_code == 409
    assert "Somebody was first" in second.text
    assert of_the_row(nordvik).name == "Nordvik Energi AB"
    assert OperatorDeed.objects.count() == 1


@pytest.mark.races
def test_of_two_operators_at_the_same_moment_one_wins(race_company):
    plans = ["starter", "standard"]

    def change(n):
        return changing.change_plan(
            race_company, plan=plans[n], features=race_company.features, by=None, at=clock.wall(), version=1
        )

    said = at_once(race_company, 2, change)
    assert sorted(type(answer).__name__ for answer in said) == ["Refused", "bool"]
    row = of_the_row(race_company)
    assert row.version == 2
    with outside():
        deed = OperatorDeed.objects.get(company=race_company)
        assert deed.changes == {"plan": ["pro", row.plan]}
        OperatorDeed.objects.all().delete()


def test_nothing_changed_is_nothing_put_down(console, nordvik):
    console.post("/companies/nordvik/plan/", {"plan": nordvik.plan, "features": nordvik.features})
    assert OperatorDeed.objects.count() == 0
    assert of_the_row(nordvik).version == nordvik.version


# Facts


def _facts(company):
    return {name: getattr(company, name) for name in ("name", "country", "language", "currency", "time_zone")}


def test_a_company_is_called_otherwise_from_now_on(console, nordvik, client):
    console.post(
        "/companies/nordvik/facts/", _facts(nordvik) | {"name": "Nordvik Kraft AB", "time_zone": "Europe/Oslo"}
    )
    assert "Nordvik Kraft AB" in client.get("/account/login/").text
    assert OperatorDeed.objects.get().changes == {
        "name": ["Nordvik Energi AB", "Nordvik Kraft AB"],
        "time_zone": ["Europe/Stockholm", "Europe/Oslo"],
    }


@pytest.mark.parametrize(
    ("field", "value"), [("name", " "), ("name", "a\x07b"), ("country", "xx"), ("time_zone", "UTC+1")]
)
def test_a_fact_that_cannot_be_is_said_at_its_field(console, nordvik, field, value):
    answer = console.post("/companies/nordvik/facts/", _facts(nordvik) | {field: value})
    assert answer.status_code == 422
    assert f'id="id_{field}_error"' in answer.text
    assert OperatorDeed.objects.count() == 0


# Addresses


@pytest.fixture
def elsewhere(monkeypatch):
    """Name servers that know one host of ours and one of somebody else's."""
    known = {"localhost": {"203.0.113.7"}, "devices.nordvik.example": {"203.0.113.7"}, "far.example": {"198.51.100.1"}}
    monkeypatch.setattr(domains, "addresses_of", lambda host: known.get(host, set()))


@pytest.mark.usefixtures("elsewhere")
def test_an_address_of_its_own_leads_to_the_company_and_letters_to_the_primary_one(console, nordvik, client):
    console.post("/companies/nordvik/addresses/", {"domain": "https://Devices.Nordvik.example/"})
    assert "Nordvik" in client.get("/account/login/", HTTP_HOST="devices.nordvik.example").text
    assert company_at("nordvik.localhost").host == "nordvik.localhost"
    console.post("/companies/nordvik/addresses/devices.nordvik.example/primary/")
    assert company_at("nordvik.localhost").host == "devices.nordvik.example"
    assert company_at("nordvik.localhost").address("/you/").endswith("devices.nordvik.example/you/")
    console.post("/companies/nordvik/addresses/nordvik.localhost/remove/")
    assert client.get("/account/login/").status_code == 404
    assert [deed.deed for deed in OperatorDeed.objects.order_by("pk")] == [
        "add_domain",
        "make_primary",
        "remove_domain",
    ]


@pytest.mark.usefixtures("elsewhere")
def test_letters_never_lead_to_an_address_that_leads_elsewhere(console, nordvik):
    console.post("/companies/nordvik/addresses/", {"domain": "far.example"})
    refused = console.post("/companies/nordvik/addresses/far.example/primary/")
    assert refused.status_code == 409
    assert "does not lead to this installation" in refused.text
    assert of_the_row(nordvik).host == "nordvik.localhost"


def test_the_primary_address_stays(console, nordvik):
    refused = console.post("/companies/nordvik/addresses/nordvik.localhost/remove/")
    assert refused.status_code == 409
    assert of_the_row(nordvik).host == "nordvik.localhost"


@pytest.mark.parametrize("domain", ["saimaa.localhost", "localhost", "www.localhost", "not a host", "a..b", "x" * 300])
def test_an_address_that_cannot_be_had_is_said_at_its_field(console, domain):
    answer = console.post("/companies/nordvik/addresses/", {"domain": domain})
    assert answer.status_code == 422
    assert OperatorDeed.objects.count() == 0


# What the company reads


def test_a_company_reads_what_operators_changed_and_a_neighbour_does_not(console, nordvik, saimaa, at_their_desk):
    console.post("/companies/nordvik/plan/", {"plan": "standard", "features": nordvik.features})
    page = at_their_desk(an_admin()).get("/settings/").text
    assert "Velory Operator changed plan and features" in page
    with inside(saimaa):
        neighbour = an_admin()
        desk = at_their_desk(neighbour, host="saimaa.localhost")
    assert "Velory Operator" not in desk.get("/settings/").text


# Panels of others


def test_whoever_has_something_for_the_page_registers_it(console, nordvik, monkeypatch):
    monkeypatch.setattr(panels, "_panels", InOrder())

    @panels.company_panel()
    def nothing_here(request, company):
        return None

    @panels.company_panel(order=1)
    def plan(request, company):
        return "operators/_opening_state.html", {"opening": {"state": "ready", "get_state_display": company.slug}}

    assert (
        '<span class="badge badge-soft badge-success whitespace-nowrap">nordvik</span>'
        in console.get("/companies/nordvik/").text
    )


def test_a_verb_refuses_what_is_no_longer_so(nordvik):
    with pytest.raises(Refused, match="Nordvik Energi AB is now: Ready"):
        changing.resume_company(nordvik, by=None, at=clock.now())
