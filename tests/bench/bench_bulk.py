"""5,000 devices in one bulk change: seconds to preview, to apply and to undo, and statements a device.

Run it by hand: `.venv/bin/python -m tests.bench.bench_bulk [--rows 5000]`, in a company opened for it and dropped
after. Ends with status 1 where a preview takes 5 seconds.
"""

import argparse
import os
import sys
import time

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "velory.settings")

import django

django.setup()

from django.db import connection, reset_queries  # noqa: E402

from assets.bulk.applying import apply_all  # noqa: E402
from assets.bulk.models import BulkChange  # noqa: E402
from assets.models import Space  # noqa: E402
from tests.assets.bulk.making import a_bulk_change, a_fleet_of, an_undo  # noqa: E402
from tests.bench.bench_import import drop  # noqa: E402
from velory import clock  # noqa: E402
from velory.agenda import book  # noqa: E402
from velory.journal.checking import verified  # noqa: E402
from velory.people.models import Person, Role  # noqa: E402
from velory.tenancy.context import inside  # noqa: E402
from velory.tenancy.models import Company  # noqa: E402
from velory.tenancy.opening import open_company  # noqa: E402

PREVIEW = 5  # seconds


class Counting:
    """How many statements ran."""

    def __init__(self):
        self.statements = 0

    def __call__(self, execute, sql, params, many, context):
        self.statements += 1
        return execute(sql, params, many, context)


def timed(name, plan) -> tuple[BulkChange, float]:
    """Plan and apply; the change, and the seconds of its preview."""
    start, work = time.perf_counter(), time.process_time()
    change = plan()
    shown, work_shown = time.perf_counter(), time.process_time()
    change.confirm(by=change.by, plan=change.plan_digest, at=clock.now())
    counting = Counting()
    with connection.execute_wrapper(counting):
        apply_all(change, at=clock.now())
    done, work_done = time.perf_counter(), time.process_time()
    book.drop("bulk.apply", change.ref)
    change = BulkChange.objects.get(pk=change.pk)
    print(
        f"{name:20} preview {shown - start:5.1f} s ({work_shown - work:4.1f} s of a core)   "
        f"apply {done - shown:6.1f} s ({work_done - work_shown:4.1f} s of a core)   "
        f"{counting.statements / max(change.total, 1):5.2f} statements a device   {change.outcome}",
        flush=True,
    )
    return change, shown - start


def main() -> int:
    """Open the company, change all its devices in several ways, take each back, drop it."""
    asked = argparse.ArgumentParser()
    asked.add_argument("--rows", type=int, default=5_000)
    options, _others = asked.parse_known_args()
    left = Company.objects.filter(slug="bench-bulk").first()
    if left:
        drop(left)
    company = open_company("Bench", slug="bench-bulk", domain="bench-bulk.localhost", plan="pro")
    reset_queries()
    with inside(company):
        admin = Person.objects.create(
            first_name="Nils",
            last_name="Wikström",
            email="nils.wikstrom@nordvik.example",
            role=Role.ADMIN,
            language="en",
        )
        a_fleet_of(options.rows, by=admin)
        room = Space.objects.create(name="Konferensrum Vinga")
        times = []
        for code, said in [
            ("move_renewal", {"months": "12"}),
            ("payor", {"payor": "employee"}),
            ("assign_space", {"to": str(room.pk)}),
            ("step.remove", {"why": "Sold"}),
        ]:
            change, shown = timed(code, lambda code=code, said=said: a_bulk_change(code, by=admin, **said))
            _undo, shown_again = timed(f"{code} undone", lambda change=change: an_undo(change, by=admin))
            times += [shown, shown_again]
        wrong = list(verified())
        print("journal:", wrong[:3] or "holds")
    drop(company)
    return int(max(times) >= PREVIEW or bool(wrong))


if __name__ == "__main__":
    sys.exit(main())
