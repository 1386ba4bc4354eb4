"""What an archive says of itself: the manifest for machines, a page of words for people."""

from importlib.metadata import PackageNotFoundError, version

from django.db import models

from velory.archive.contents import MASKED_COLUMNS, columns, left_out
from velory.tenancy.context import current_company

FORMAT, FORMAT_VERSION = "velory-archive", 1
TYPES = (
    (models.BooleanField, "yes or no"),
    (models.DateTimeField, "moment, UTC"),
    (models.DateField, "date, the company's local"),
    (models.TimeField, "time of day"),
    (models.DecimalField, "decimal number, as text"),
    ((models.IntegerField, models.AutoField), "whole number"),
    (models.UUIDField, "UUID"),
    (models.JSONField, "JSON"),
    (models.BinaryField, "bytes, base64"),
    (models.FileField, "path below files/"),
    (models.ForeignKey, "key"),
)
README = """\
All data and files of {name}
Export {ref}, made by Velory

WHAT IS IN HERE
tables/       One file for each table, in JSON Lines: each line is one row, in the order of the table's key.
files/        Every file: return labels, photos, pictures, logos, attachments. Columns that name a file hold its path
              below this folder.
files.jsonl   One line for each file: its path, its size and its SHA-256.
manifest.json What each table and column is, how many rows there are, the SHA-256 of each table, what was left out
              and why, who asked for this and when.

HOW TO READ IT
All text is UTF-8. Moments are UTC (2026-11-22T07:00:00+00:00), dates are the company's own local dates. Amounts are
written as text ("1667.25"), so that nothing is lost by reading them as floating-point numbers; the currency stands in
a column beside them. A column that ends in _id holds the key of a row of the table that the manifest names.
tables/people.person.jsonl are the people, tables/assets.device.jsonl the devices, tables/journal.entry.jsonl is
everything that happened, step by step.

WHAT IS NOT
Nothing with which somebody could sign in, open a page or charge a card: passwords, codes, tokens, secret addresses,
and the names of saved cards at Stripe. Payments and refunds keep Stripe's names for them, so that they can be found
again in the account's own books. The manifest lists each column that was left out, with the reason. Links in letters
that were sent stand without their secret part.

IS IT WHOLE?
Whoever has Velory at hand runs: manage.py check_archive FILE
Anybody else counts the lines of a table and compares its SHA-256 with the manifest's.

This file holds personal data. Keep it as carefully as you keep the system that it comes from.
"""


def described(model) -> dict:
    """A table in the manifest: what it is called, and what each column holds."""
    return {
        "table": model._meta.label_lower,
        "name": str(model._meta.verbose_name),
        "order": model._meta.pk.column,
        "columns": [_column(model, field) for field in columns(model)],
    }


def manifest(archive, tables: list[dict], files: dict, *, snapshot_at: str) -> dict:
    """Everything that a machine needs to know of an archive."""
    return {
        "format": FORMAT,
        "format_version": FORMAT_VERSION,
        "product": "Velory",
        "product_version": product_version(),
        "company": _company(),
        "archive": archive.ref,
        "asked_by": archive.by_name,
        "asked_by_an_operator": archive.by_operator,
        "asked_at": archive.asked_at.isoformat(),
        "snapshot_at": snapshot_at,
        "rows": sum(table["rows"] for table in tables),
        "tables": tables,
        "files": files,
        "left_out": left_out(),
        "masked": [{"table": t, "column": c, "why": why} for (t, c), why in sorted(MASKED_COLUMNS.items())],
    }


def product_version() -> str:
    """The version of Velory that made it."""
    try:
        return version("velory")
    except PackageNotFoundError:
        return "0.1.0"


def _company():
    company = current_company()
    return {
        "name": company.name, "short_name": company.slug, "uuid": str(company.uuid), "host": company.host,
        "hosts": sorted(domain.domain for domain in company.domains.all()), "country": company.country,
        "language": company.language, "currency": company.currency, "time_zone": company.time_zone,
        "plan": company.plan, "features": company.features, "opened_at": company.opened_at.isoformat(),
    }  # fmt: skip


def _column(model, field) -> dict:
    says = {"name": field.column, "holds": _holds(field), "may_be_empty": field.null or field.blank}
    if field.remote_field:
        says["refers_to"] = field.related_model._meta.label_lower
    return says


def _holds(field) -> str:
    return next((words for kinds, words in TYPES if isinstance(field, kinds)), "text")
