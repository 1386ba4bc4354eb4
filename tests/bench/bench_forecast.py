"""The forecast, its file and the company's calendar: queries and times at some sizes of the fleet.

Run it by hand: `.venv/bin/python -m tests.bench.bench_forecast [--devices 10000 100000] [--rounds 8]`. Each size has a
company of its own, opened and dropped again. Two in five devices are leased; one in fifty has been spoken for.
"""

import argparse
import random
import time
from datetime import timedelta
from decimal import Decimal

from tests.bench.bench_hardware import HOST, TODAY, drop, fill, measured  # sets Django up

# isort: split
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import setup_test_environment

from assets.lifecycle import Status
from assets.models import Category, Contract, Device, Partner
from renewals.models import CalendarFeed, Depreciation, Policy
from velory import clock
from velory.people.models import Person, Role
from velory.tenancy.context import inside
from velory.tenancy.opening import open_company

PAGES = {
    "forecast": "/renewals/forecast/",
    "forecast, one path": "/renewals/forecast/?path=leased",
    "list behind a number": "/renewals/all/?month=2027-06&path=leased&choice=nothing",
    "overview": "/",
}


def lease_and_choose(devices: int) -> None:
    """Contracts, prices, and devices whose holders have said that they want to buy them."""
    dice = random.Random(8)
    provider = Partner.objects.create(name="3 Step IT", leases=True, distributes=False)
    people, phones = list(Person.objects.order_by("pk")[:500]), Category.objects.get(code="phones")
    dustin = Partner.objects.get(name="Dustin")
    Device.objects.bulk_create(
        Device(
            ref=f"D-BUY{n}", name="Apple iPhone 15 128 GB", category=phones, serial=f"BUY{n:07}", version=1,
            status=dice.choice([Status.PRELIMINARY_BUYOUT, Status.PRELIMINARY_RETURN, Status.BOUGHT_BY_EMPLOYEE]),
            holder=dice.choice(people), distributor=dustin, currency="SEK", registered_at=clock.now(),
            renewal_on=TODAY + timedelta(days=dice.randrange(0, 90)),
        )
        for n in range(devices // 50)
    )  # fmt: skip
    leased = [*Device.objects.filter(serial__startswith="BUY"), *Device.objects.order_by("pk")[: devices * 2 // 5]]
    Contract.objects.bulk_create(
        (
            Contract(
                device=device, provider=provider, months=36, monthly_cost=Decimal("411.23"), currency="SEK",
                acquisition_price=Decimal("9490.00"), residual_percent=Decimal(12),
            )
            for device in leased
        ),
        batch_size=5000,
    )  # fmt: skip
    Policy.objects.update_or_create(pk=1, defaults={"residual_percent": Decimal(12)})
    for category in Category.objects.all():
        Depreciation.objects.get_or_create(category=category, defaults={"months": 36, "floor_percent": Decimal(10)})
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def bench(devices: int, rounds: int) -> None:
    """One size of the fleet."""
    company = open_company("Bench", slug="bench", domain=HOST, plan="pro", features=["leased_end_of_life"])
    try:
        with inside(company):
            fill(devices)
            lease_and_choose(devices)
            facts = {"role": Role.ADMIN, "language": "en"}
            admin = Person.objects.get_or_create(email="admin@bench.example", defaults=facts)[0]
            feed = CalendarFeed.make(admin, CalendarFeed.Scope.COMPANY, at=clock.now())
            browser = Client(HTTP_HOST=HOST)
            browser.force_login(admin, backend="velory.people.backends.PersonBackend")
        print(f"\n{devices} devices\n{'page':22}{'queries':>8}{'kB':>7}{'p50 ms':>9}{'p95 ms':>9}")
        for name, address in (PAGES | {"calendar": f"/calendar/{feed.secret}.ics"}).items():
            found = measured(browser, address, rounds)
            print(f"{name:22}{found['queries']:>8}{found['kB']:>7.0f}{found['p50']:>9.0f}{found['p95']:>9.0f}")
        start = time.perf_counter()
        size = sum(len(part) for part in browser.get("/renewals/forecast/file/").streaming_content)
        print(f"{'file':22}{'':>8}{size / 1024:>7.0f}{(time.perf_counter() - start) * 1000:>9.0f}")
    finally:
        drop(company)


def main() -> None:
    """Each size in turn."""
    asked = argparse.ArgumentParser()
    asked.add_argument("--devices", type=int, nargs="+", default=[10_000, 100_000])
    asked.add_argument("--rounds", type=int, default=8)
    options = asked.parse_args()
    setup_test_environment(debug=False)
    settings.DEBUG = False
    for devices in options.devices:
        bench(devices, options.rounds)


if __name__ == "__main__":
    main()
