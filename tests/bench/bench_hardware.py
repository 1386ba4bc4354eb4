"""The hardware table at 100,000 devices: queries, times and plans, in a company opened for it and dropped after.

Run it by hand: `.venv/bin/python -m tests.bench.bench_hardware [--devices 100000] [--rounds 30]`.
It prints a table and leaves the plans of the list's queries in `tests/bench/plans/`.
"""

import argparse
import os
import random
import statistics
import time
from datetime import date, timedelta
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "velory.settings")
os.environ.setdefault("VELORY_DEBUG", "1")  # plain static files; Django's own debug lists are switched off below

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.db import connection, reset_queries, transaction  # noqa: E402
from django.template import Context, Template  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext, setup_test_environment  # noqa: E402

from assets.lifecycle import ARCHIVED, PHASES, Status  # noqa: E402
from assets.models import Category, Device, Holding, Partner, Space  # noqa: E402
from velory import clock  # noqa: E402
from velory.journal.models import Entry  # noqa: E402
from velory.journal.steps import entry_for  # noqa: E402
from velory.people.models import Location, Person, Role, Team  # noqa: E402
from velory.references import references  # noqa: E402
from velory.tenancy.context import inside, outside  # noqa: E402
from velory.tenancy.models import Company  # noqa: E402
from velory.tenancy.opening import open_company  # noqa: E402

PLANS = Path(__file__).parent / "plans"
TODAY = date(2026, 11, 22)
HOST = "bench.localhost"
PRODUCTS = ["Apple iPhone 15 128 GB", "Samsung Galaxy S24", "Dell Latitude 7450", "Lenovo ThinkPad T14 Gen 5",
            "Apple MacBook Air 13 M3", "iPad Air 11", "Dell U2723QE", "Logitech MX Keys S", "Fairphone 5"]  # fmt: skip
FIRST = ["Karin", "Sanna", "Noor", "Eva", "Freja", "Oskar", "Maja", "Gustav", "Linnea", "Chidi", "Zoë", "Björn"]
LAST = ["Korhonen", "Persson", "Sharma", "Müller", "Olsen", "Gustafsson", "Karlsson", "Eriksson", "Nyström", "Nielsen"]
PAGES = {
    "list": "/hardware/",
    "filtered": "/hardware/?status=active&category=phones&location=Ort+7",
    "filtered by payor": "/hardware/?payor=missing&distributor=",
    "view: renewals": "/hardware/?view=renewals",
    "view: unassigned": "/hardware/?view=unassigned",
    "view: archive": "/hardware/?view=archive",
    "search by serial": "/hardware/?q=SN0054321",
    "search by product": "/hardware/?q=thinkpad",
    "search by holder": "/hardware/?q=karin+nystr",
    "sorted by holder": "/hardware/?sort=holder",
    "sorted by device": "/hardware/?sort=-device",
    "sorted by status": "/hardware/?sort=status",
    "page 40": "/hardware/?page=40",
    "last page": "/hardware/?page=999999",
    "device page": "/devices/<ref>/",
    "overview": "/",
    "event log": "/log/",
}


def fill(devices: int) -> None:
    """People, spaces and devices in bulk, as an import of a large company would leave them."""
    dice = random.Random(7)
    categories = list(Category.objects.order_by("pk"))
    locations = Location.objects.bulk_create(Location(name=f"Ort {n}") for n in range(40))
    teams = Team.objects.bulk_create(Team(name=f"Lag {n}") for n in range(60))
    spaces = Space.objects.bulk_create(Space(name=f"Rum {n}", location=dice.choice(locations)) for n in range(300))
    partners = Partner.objects.bulk_create(
        Partner(name=name, integrated=name == "Dustin") for name in ("Dustin", "Atea", "Elisa", "Advania")
    )
    called = references(Person, "P", devices // 4)
    people = Person.objects.bulk_create(
        [
            Person(
                ref=called[n], email=f"p{n}@bench.example", first_name=dice.choice(FIRST), last_name=dice.choice(LAST),
                location=dice.choice(locations), team=dice.choice(teams), password="!",
            )
            for n in range(devices // 4)
        ],
        batch_size=2000,
    )  # fmt: skip
    at = clock.now()
    statuses = [*[Status.ACTIVE] * 84, *PHASES["delivery"], *[Status.REMOVED] * 8]
    refs = references(Device, "D", devices)
    rows = []
    for n in range(devices):
        status = dice.choice(statuses)
        nobody = status in ARCHIVED or dice.random() < 0.04
        in_space = not nobody and dice.random() < 0.05
        rows.append(
            Device(
                ref=refs[n], name=dice.choice(PRODUCTS), category=dice.choice(categories), serial=f"SN{n:07}",
                status=status, version=1, holder=None if nobody or in_space else dice.choice(people),
                space=dice.choice(spaces) if in_space else None, distributor=dice.choice(partners),
                payor="" if nobody or dice.random() < 0.03 else "company", currency="SEK", registered_at=at,
                purchased_on=TODAY - timedelta(days=dice.randrange(1500)),
                renewal_on=None if dice.random() < 0.02 else TODAY + timedelta(days=dice.randrange(-60, 1100)),
            )
        )  # fmt: skip
    with transaction.atomic():
        Device.objects.bulk_create(rows, batch_size=2000)
        Holding.objects.bulk_create(
            (Holding(device=d, person=d.holder, space=d.space, from_at=at) for d in rows if d.whose), batch_size=5000
        )
        entries = (entry_for(d, "register", by=None, role="system", at=at) for d in rows)
        Entry.objects.bulk_create(entries, batch_size=5000)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def measured(browser, address: str, rounds: int) -> dict:
    """Queries, bytes, and the times of some rounds after a warm one."""
    browser.get(address)
    reset_queries()
    with CaptureQueriesContext(connection) as queries:
        answer = browser.get(address)
    sql = [query["sql"] for query in queries]
    assert answer.status_code == 200, (address, answer.status_code)
    times = []
    for _round in range(rounds):
        start = time.perf_counter()
        browser.get(address)
        times.append((time.perf_counter() - start) * 1000)
    times.sort()
    return {
        "queries": len(sql), "kB": len(answer.content) / 1024, "p50": statistics.median(times),
        "p95": times[max(0, round(0.95 * len(times)) - 1)], "sql": sql,
    }  # fmt: skip


def yardstick(rounds: int) -> float:
    """The median of a trivial page: fifty rows by primary key, drawn with a plain template. What a page costs on
    this machine at this moment; the pages are given in multiples of it, so that a busy machine says the same."""
    page = Template("{% for d in rows %}<tr><td>{{ d.name }}</td><td>{{ d.serial }}</td></tr>{% endfor %}")
    times = []
    for _round in range(rounds * 3):
        start = time.perf_counter()
        page.render(Context({"rows": Device.objects.order_by("pk")[:50]}))
        times.append((time.perf_counter() - start) * 1000)
    return statistics.median(times)


def plans(name: str, statements: list[str]) -> None:
    """What PostgreSQL does for each query of a page that reads devices."""
    PLANS.mkdir(exist_ok=True)
    parts = []
    for sql in statements:
        if "assets_device" in sql and sql.lstrip("( ").upper().startswith("SELECT"):
            with connection.cursor() as cursor:
                cursor.execute("EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF, BUFFERS OFF) " + sql.replace("%", "%%"), [])
                parts.append(sql[:600] + "\n\n" + "\n".join(row[0] for row in cursor.fetchall()))
    (PLANS / f"{name}.txt").write_text("\n\n----\n\n".join(parts) + "\n")


def drop(company) -> None:
    """Nothing of the company is left, on the platform neither."""
    with outside(), connection.cursor() as cursor:
        cursor.execute(f'DROP SCHEMA "{company.schema_name}" CASCADE')
        cursor.execute("DELETE FROM agenda_due WHERE company_id = %s", [company.pk])
        cursor.execute("DELETE FROM tenancy_domain WHERE tenant_id = %s", [company.pk])
        cursor.execute("DELETE FROM tenancy_company WHERE id = %s", [company.pk])


def main() -> None:
    """Open the company, fill it, measure, drop it."""
    asked = argparse.ArgumentParser()
    asked.add_argument("--devices", type=int, default=100_000)
    asked.add_argument("--rounds", type=int, default=30)
    asked.add_argument("--keep", action="store_true", help="Leave the company for the next run")
    options = asked.parse_args()
    setup_test_environment(debug=False)
    settings.DEBUG = False
    start = time.perf_counter()
    company = Company.objects.filter(slug="bench").first()
    if company is None:
        company = open_company("Bench", slug="bench", domain=HOST, plan="pro", features=["repair_flow"])
        with inside(company):
            fill(options.devices)
    with inside(company):
        facts = {"role": Role.ADMIN, "language": "en"}
        admin = Person.objects.get_or_create(email="admin@bench.example", defaults=facts)[0]
        ref = Device.objects.held_by(Person.objects.exclude(devices=None).first()).first().ref
        print(f"{Device.objects.count()} devices, filled in {time.perf_counter() - start:.0f} s")
        browser = Client(HTTP_HOST=HOST)
        browser.force_login(admin, backend="velory.people.backends.PersonBackend")
    print(f"{'page':20}{'queries':>8}{'kB':>6}{'p50 ms':>9}{'p95 ms':>9}{'yardsticks':>12}")
    for name, address in PAGES.items():
        with inside(company):
            stick = yardstick(options.rounds)
        figures = measured(browser, address.replace("<ref>", ref), options.rounds)
        print(
            f"{name:20}{figures['queries']:>8}{figures['kB']:>6.0f}{figures['p50']:>9.0f}{figures['p95']:>9.0f}"
            f"{figures['p50'] / stick:>12.1f}"
        )
        with inside(company):
            plans(name.replace(" ", "_").replace(":", ""), figures["sql"])
    if not options.keep:
        drop(company)


if __name__ == "__main__":
    main()
