"""10,000 devices exported and imported again: seconds for each, and that nothing would change.

Run it by hand: `.venv/bin/python -m tests.bench.bench_round_trip [--rows 10000]`, in a company opened for it and
dropped after. Ends with status 1 where a row would be created, changed or refused.
"""

import argparse
import os
import sys
import time

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "velory.settings")

import django

django.setup()

from assets.exporting import device_rows, people_rows  # noqa: E402
from assets.importing.models import Import  # noqa: E402
from assets.models import Device  # noqa: E402
from tests.assets.importing.making import a_file, many_rows  # noqa: E402
from tests.bench.bench_import import drop, timed  # noqa: E402
from velory import clock  # noqa: E402
from velory.people.models import Person  # noqa: E402
from velory.tenancy.context import inside  # noqa: E402
from velory.tenancy.models import Company  # noqa: E402
from velory.tenancy.opening import open_company  # noqa: E402
from velory.ui.files import FORMATS, as_file  # noqa: E402


def taken_out(kind: str, name: str, rows) -> bytes:
    """A file, and how long it took."""
    start, work = time.perf_counter(), time.process_time()
    content = b"".join(as_file(kind, name, rows).streaming_content)
    spent, worked = time.perf_counter() - start, time.process_time() - work
    print(f"{name} as {kind:5} {spent:5.1f} s ({worked:4.1f} s of a core), {len(content) / 1e6:.1f} MB")
    return content


def brought_back(name: str, content: bytes) -> int:
    """How many rows it would touch."""
    start, work = time.perf_counter(), time.process_time()
    an_import = Import.begin(content, name, by=None, at=clock.now())
    an_import.read_here(at=clock.now())
    touched = an_import.rows.exclude(verdict="unchanged").count()
    worked = time.process_time() - work
    took = f"{time.perf_counter() - start:5.1f} s ({worked:4.1f} s of a core)"
    print(f"{name} previewed {took}, {an_import.rows_read} rows, {touched} not unchanged")
    return touched


def main() -> int:
    """Open the company, fill it by an import, take everything out and bring it back, drop it."""
    asked = argparse.ArgumentParser()
    asked.add_argument("--rows", type=int, default=10_000)
    options = asked.parse_args()
    left = Company.objects.filter(slug="bench-trip").first()
    if left:
        drop(left)
    company = open_company("Bench", slug="bench-trip", domain="bench-trip.localhost", plan="pro")
    with inside(company):
        timed(a_file(*many_rows(options.rows)), "new")
        devices, people = Device.objects.order_by("pk"), Person.objects.with_address().order_by("pk")
        touched = 0
        for kind in FORMATS:
            touched += brought_back(f"hardware.{kind}", taken_out(kind, "hardware", device_rows(devices)))
            touched += brought_back(f"people.{kind}", taken_out(kind, "people", people_rows(people)))
    drop(company)
    return int(touched > 0)


if __name__ == "__main__":
    sys.exit(main())
