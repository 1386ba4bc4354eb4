"""Each line in the log names its company; nobody writes it by hand."""

import logging

from django.db import connection


class CompanyFilter(logging.Filter):
    """Adds `company` to a log record."""

    def filter(self, record):
        record.company = getattr(connection, "schema_name", "public") or "public"
        return True
