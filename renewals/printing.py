"""The ledger as commands print it, for checks from outside (spec 6)."""

from datetime import datetime

from django.core.management.base import CommandError

from renewals.models import Reminder
from velory.tenancy.models import Company


def companies_called(slug):
    """The company of that name, or every company."""
    companies = Company.objects.servable().order_by("slug")
    if slug and not companies.filter(slug=slug):
        raise CommandError(f"There is no company {slug}.")
    return companies.filter(slug=slug) if slug else companies


def moment_of(text: str, zone) -> datetime:
    """An ISO date-time; local where it names no zone."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as wrong:
        raise CommandError(f"{text}: not an ISO date or date-time.") from wrong
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)


def as_told(row: Reminder) -> dict:
    """One row of the ledger."""
    return {
        "device": row.device.ref,
        "number": row.device.number,
        "recipient": "admins" if row.is_for_admins else (row.person.email or row.person.ref) if row.person else "",
        "stage": row.stage,
        "renewal_date": row.renewal_on.isoformat(),
        "send_date": row.send_on.isoformat(),
        "state": row.state,
        "reason": row.reason,
        "why": row.why,
        "letter_key": row.letter_key,
    }


LINE = "{send_date}  {state:<10} {stage:<17} {device:<9} {number:<10} {recipient:<40} {why}"
