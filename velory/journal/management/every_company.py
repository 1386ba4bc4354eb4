"""A question asked in every company, its findings printed."""

import sys

from django.core.management.base import CommandError

from velory.tenancy.context import inside, outside
from velory.tenancy.models import Company


def in_every_company(command, find, *, only=None) -> None:
    """Print `company name: sentence` for each finding of each ready company; leave with 1 where there is one."""
    with outside():
        companies = list(Company.objects.servable().order_by("slug"))
    if only:
        companies = [company for company in companies if company.slug == only]
        if not companies:
            raise CommandError(f"There is no ready company called {only}.")
    count = 0
    for company in companies:
        with inside(company):
            for name, sentence in find():
                count += 1
                command.stdout.write(f"{company.slug} {name}: {sentence}")
    command.stderr.write(f"{len(companies)} companies, {count} findings.")
    if count:
        sys.exit(1)
