"""The demo's world: the operators' company and the two sample companies, opened from their files.

The files go through the importer that a customer uses. Their dates are moved so that the fleets look as
they do on 2026-11-22, unless VELORY_DEMO_SHIFT=0. Everything here may be killed and run again.
"""

import csv
import io
import json
import os
import tempfile
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.core.management import call_command
from django.db import transaction

from assets.first_steps import close as close_first_steps
from assets.models import Category, Partner
from renewals.models import Depreciation
from velory import clock
from velory.demo.integrated import connect, has_a_machine
from velory.demo.leavers import part_from_one
from velory.demo.repairs import break_some
from velory.demo.sellers import open_accounts, stands_in
from velory.demo.signing_in import follow_provider, has_a_provider, set_up_provider
from velory.demo.store import give_by_role, open_store
from velory.demo.wishes import BY_MAIL, WITH_THE_MACHINE, Desk, say_who_approves
from velory.people.models import Location, Person
from velory.tenancy.context import inside
from velory.tenancy.models import Company
from velory.tenancy.opening import open_company

PASSWORD = "velory-demo"
SAMPLES_STAND_ON = date(2026, 11, 22)
FLEETS = Path(__file__).parent / "fleets"
DATES = ["first_employment_date", "last_employment_date", "contract_start", "purchase_date", "renewal_date"]
FEATURES = ["repair_flow", "leased_end_of_life", "store"]

COMPANIES: list[dict[str, Any]] = [
    {"slug": "ops", "name": "Velory", "country": "SE", "language": "en", "currency": "SEK", "plan": "pro"},
    {
        "slug": "nordvik", "name": "Nordvik Energi AB", "country": "SE", "language": "sv", "currency": "SEK",
        "plan": "pro", "features": FEATURES,
    },
    {
        "slug": "saimaa", "name": "Saimaa Konepaja Oy", "country": "FI", "language": "sv", "currency": "EUR",
        "plan": "pro", "features": FEATURES,
    },
]  # fmt: skip

# Whom the companies deal with. Partners that a file names and this list does not are created by the import.
PARTNERS: list[dict[str, Any]] = [
    {"name": "Dustin", "integrated": True, "email": "order@dustin.example", "language": "sv"},
    {"name": "Atea", "email": "service@atea.example", "language": "sv"},
    {"name": "Elisa", "email": "laitteet@elisa.example"},
    {"name": "3 Step IT", "distributes": False, "leases": True, "email": "returns@3stepit.example"},
    {"name": "DLL", "distributes": False, "leases": True, "email": "returns@dll.example"},
    {"name": "Nordea Finance", "distributes": False, "leases": True, "email": "returns@nordeafinance.example"},
]

# How the worth of what a company owns falls: months to the floor, and the floor in percent of the price.
DEPRECIATION = {
    "computers": (36, 10), "phones": (24, 10), "tablets": (36, 10), "screens": (60, 5), "accessories": (24, 5),
}  # fmt: skip


# Where leased devices are picked up. The samples name their places and no more.
STREETS = {
    "Stockholm": "Vasagatan 11\n111 20 Stockholm", "Göteborg": "Lilla Bommen 4\n411 04 Göteborg",
    "Luleå": "Storgatan 35\n972 32 Luleå", "Helsinki": "Mannerheimintie 12\n00100 Helsinki",
    "Lappeenranta": "Valtakatu 41\n53100 Lappeenranta",
}  # fmt: skip


def open_world(say) -> None:
    """Open what is not open yet; `say` is told what is being done and the counts of each import."""
    for facts in COMPANIES:
        company = Company.objects.filter(slug=facts["slug"], state=Company.State.READY).first()
        if company is None:
            say(f"Opening {facts['name']}")
            company = open_company(domain=f"{facts['slug']}.{settings.BASE_DOMAIN}", **facts)
        if not _is_furnished(company):
            _furnish(company, say)
        if stands_in() and company.slug != "ops" and f"{company.slug}/payees" not in _done():
            say(f"Opening accounts at the stand-in for Stripe, for {company.name} and its leasing providers")
            open_accounts(company)
            _mark(f"{company.slug}/payees")
        if company.slug != "ops" and f"{company.slug}/first_steps" not in _done():
            with inside(company):
                close_first_steps(by=None, at=clock.now())
            _mark(f"{company.slug}/first_steps")
        if company.slug != "ops" and f"{company.slug}/depreciation" not in _done():
            _set_depreciation(company)
            _mark(f"{company.slug}/depreciation")
        if company.slug != "ops":
            _let_people_wish(company, say)
        if company.slug != "ops" and f"{company.slug}/repairs" not in _done():
            say(f"Reporting faults and lending devices at {company.name}")
            break_some(company)
            _mark(f"{company.slug}/repairs")
        if company.slug != "ops" and f"{company.slug}/leavers" not in _done():
            part_from_one(company)
            _mark(f"{company.slug}/leavers")
        _let_people_in_by_provider(company)


def _is_furnished(company) -> bool:
    return company.slug in _done()


def _done() -> list[str]:
    try:
        return json.loads((settings.DEMO_STATE / "world.json").read_text())
    except FileNotFoundError:
        return []


def _furnish(company, say):
    with inside(company):
        if company.slug == "ops":
            _operator()
        else:
            with transaction.atomic():
                for facts in PARTNERS:
                    Partner.objects.get_or_create(name=facts["name"], defaults=facts)
            open_store(company, say)
            _import(company, say)
            _say_where_places_are()
            give_by_role(company)
        password = make_password(PASSWORD)
        Person.objects.exclude(password=password).update(password=password)
    _mark(company.slug)


def _say_where_places_are():
    for place in Location.objects.filter(name__in=STREETS, address=""):
        place.address = STREETS[place.name]
        place.save(update_fields=["address"])


def _mark(what):
    path = settings.DEMO_STATE / "world.json"
    fresh = path.with_suffix(".new")
    fresh.write_text(json.dumps([*_done(), what]))
    fresh.replace(path)


def _set_depreciation(company):
    """What devices bought outright are worth later: without it nobody can buy one out."""
    with inside(company):
        for category in Category.objects.filter(code__in=DEPRECIATION):
            months, floor = DEPRECIATION[category.code]
            Depreciation.objects.get_or_create(category=category, defaults={"months": months, "floor_percent": floor})


def _let_people_wish(company, say):
    """Each story of velory/demo/wishes.py, once; orders go to the machine from the second part on."""
    done = set(_done())
    with inside(company):
        if f"{company.slug}/approvers" not in done:
            say(f"Asking, approving and ordering at {company.name}")
            say_who_approves(company)
            _mark(f"{company.slug}/approvers")
        for story in BY_MAIL:
            if f"{company.slug}/{story.__name__}" not in done:
                with transaction.atomic():
                    story(Desk(clock.now()))
                _mark(f"{company.slug}/{story.__name__}")
    connect(company)
    for story in WITH_THE_MACHINE if company.slug == "saimaa" and has_a_machine() else ():
        if f"{company.slug}/{story.__name__}" not in done:
            with inside(company):
                story(Desk(clock.now()))
            _mark(f"{company.slug}/{story.__name__}")


def _let_people_in_by_provider(company):
    """Set up once; what somebody has made of it since then stays so."""
    if not has_a_provider(company):
        return
    if f"{company.slug}/provider" not in _done():
        set_up_provider(company)
        _mark(f"{company.slug}/provider")
    follow_provider(company)


def _operator():
    Person.objects.get_or_create(
        email="operator@velory.example",
        defaults={"first_name": "Velory", "last_name": "Operator", "role": "admin", "language": "en"},
    )


def _import(company, say):
    source = FLEETS / f"{company.slug}.csv"
    say(f"Importing {source.name} into {company.name}")
    said = io.StringIO()
    with tempfile.TemporaryDirectory() as folder:
        shifted = Path(folder) / source.name
        shifted.write_bytes(_shifted(source, _shift()))
        call_command("import_fleet", str(shifted), company=company.slug, json=True, stdout=said)
    counts = json.loads(said.getvalue())
    for what in ("people", "devices"):
        say(f"  {what}: " + ", ".join(f"{number} {how}" for how, number in counts[what].items()))


def _shift() -> timedelta:
    """How many days the samples' dates are moved."""
    if os.environ.get("VELORY_DEMO_SHIFT") == "0":
        return timedelta()
    return clock.now().date() - SAMPLES_STAND_ON


def _shifted(source: Path, by: timedelta) -> bytes:
    """The file with its dates moved, in its own encoding and form."""
    raw = source.read_bytes()
    if not by:
        return raw
    encoding = "utf-8-sig" if source.name == "nordvik.csv" else "cp1252"
    text = raw.decode(encoding)
    form = csv.Sniffer().sniff(text.splitlines()[0], delimiters=",;")
    rows = list(csv.DictReader(io.StringIO(text), delimiter=form.delimiter))
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, rows[0].keys(), delimiter=form.delimiter, lineterminator="\r\n")
    writer.writeheader()
    for row in rows:
        for column in DATES:
            if row[column]:
                row[column] = (date.fromisoformat(row[column]) + by).isoformat()
        writer.writerow(row)
    return out.getvalue().encode(encoding)
