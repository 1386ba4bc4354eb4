"""A company of 5,000 devices in the demo, by the import that large companies use: run in a running demo's environment.

`python -m tests.journeys.a_large_company make 5000` opens it and prints a device's reference; `… dates` prints what all
renewal dates come to, so that before and after can be told apart.
"""

import hashlib
import os
import sys

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "velory.settings")

import django

django.setup()

from django.conf import settings  # noqa: E402

from assets.models import Device  # noqa: E402
from tests.assets.bulk.making import a_fleet_of  # noqa: E402
from tests.making import an_admin  # noqa: E402
from velory.demo.world import PASSWORD  # noqa: E402
from velory.tenancy.context import inside  # noqa: E402
from velory.tenancy.models import Company  # noqa: E402
from velory.tenancy.opening import open_company  # noqa: E402

SLUG = "stora"
ADMIN, OTHER = "nils@stora.example", "per@stora.example"


def make(number):
    """Open it, fill it, and let two admins in."""
    company = open_company("Nordvik Stora AB", slug=SLUG, domain=f"{SLUG}.{settings.BASE_DOMAIN}", plan="pro")
    with inside(company):
        admins = [an_admin(email=ADMIN), an_admin(first_name="Per", last_name="Chen", email=OTHER)]
        for admin in admins:
            admin.set_password(PASSWORD)
            admin.save()
        a_fleet_of(number, by=admins[0])
        print(Device.objects.order_by("pk")[number // 2].ref)


def dates():
    """Every device's date, as one word."""
    with inside(Company.objects.get(slug=SLUG)):
        rows = Device.objects.order_by("ref").values_list("ref", "renewal_on")
        print(hashlib.sha256(repr(list(rows)).encode()).hexdigest())


if __name__ == "__main__":
    make(int(sys.argv[2])) if sys.argv[1] == "make" else dates()
