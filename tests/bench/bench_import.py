"""10,000 people with a device each: seconds to preview and to apply, and the most memory that it took.

Run it by hand: `.venv/bin/python -m tests.bench.bench_import [--rows 10000]`. It imports a new fleet, the same
file again, and a file in which every device and person has changed, in a company opened for it and dropped after.
Ends with status 1 where a preview takes 20 seconds, applying takes 60, or memory passes 400 MB.
"""

import argparse
import os
import resource
import sys
import time

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "velory.settings")

import django

django.setup()

from django.db import connection  # noqa: E402

from assets.importing.applying import apply_all  # noqa: E402
from assets.importing.models import Import  # noqa: E402
from tests.assets.importing.making import a_file, many_rows  # noqa: E402
from velory import clock  # noqa: E402
from velory.agenda import book  # noqa: E402
from velory.tenancy.context import inside, outside  # noqa: E402
from velory.tenancy.models import Company  # noqa: E402
from velory.tenancy.opening import open_company  # noqa: E402

PREVIEW, APPLY, MEMORY = 20, 60, 400  # seconds, seconds, MB


def timed(content: bytes, name: str) -> tuple[float, float]:
    """Import a file; seconds from the bytes to the preview, and from the confirmation to the end."""
    at = clock.now()
    start, work = time.perf_counter(), time.process_time()
    an_import = Import.begin(content, name, by=None, at=at)
    an_import.read_here(at=at)
    shown, work_shown = time.perf_counter(), time.process_time()
    an_import.confirm(by=None, plan=an_import.plan_digest, at=at)
    apply_all(an_import, at=at)
    done, work_done = time.perf_counter(), time.process_time()
    book.drop("import.apply", an_import.ref)
    an_import = Import.objects.defer("content").get(pk=an_import.pk)
    people, devices = an_import.outcome["people"], an_import.outcome["devices"]
    told = ", ".join(f"{people[v]} people and {devices[v]} devices {v}" for v in people if people[v] or devices[v])
    print(
        f"{name:10} preview {shown - start:5.1f} s ({work_shown - work:4.1f} s of a core)   "
        f"apply {done - shown:5.1f} s ({work_done - work_shown:4.1f} s of a core)   {told}"
    )
    return shown - start, done - shown


def drop(company) -> None:
    """Nothing of the company is left, on the platform neither."""
    with outside(), connection.cursor() as cursor:
        cursor.execute(f'DROP SCHEMA "{company.schema_name}" CASCADE')
        cursor.execute("DELETE FROM agenda_due WHERE company_id = %s", [company.pk])
        cursor.execute("DELETE FROM tenancy_domain WHERE tenant_id = %s", [company.pk])
        cursor.execute("DELETE FROM tenancy_company WHERE id = %s", [company.pk])


def main() -> int:
    """Open the company, import three times, drop it."""
    asked = argparse.ArgumentParser()
    asked.add_argument("--rows", type=int, default=10_000)
    options, _others = asked.parse_known_args()
    left = Company.objects.filter(slug="bench-import").first()
    if left:
        drop(left)
    company = open_company("Bench", slug="bench-import", domain="bench-import.localhost", plan="pro")
    rows = list(many_rows(options.rows))
    changed = [
        row | {"cost_centre": "5100", "renewal_date": "2029-01-31", "email": rows[place - 1]["email"],
               "last_name": rows[place - 1]["last_name"], "phone": "", "employee_number": "", "location": "",
               "team": "", "approver_email": ""}
        for place, row in enumerate(rows)
    ]  # fmt: skip
    files = {"new": a_file(*rows), "again": a_file(*rows), "changed": a_file(*changed)}
    del rows, changed
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    with inside(company):
        times = [timed(content, name) for name, content in files.items()]
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"Memory at most {memory} MB ({before} MB before the first import)")
    drop(company)
    return int(max(p for p, _ in times) >= PREVIEW or max(a for _, a in times) >= APPLY or memory >= MEMORY)


if __name__ == "__main__":
    sys.exit(main())
