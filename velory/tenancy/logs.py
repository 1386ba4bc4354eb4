"""What a line in the log says: which company it is about, and never the secret of a link (reliability R91).

Whoever reads a link from a log could open what it opens. Any part of an address that is as long as a secret is cut, so
that a new kind of link needs no line here; of a query the names stay, for its values may be codes or somebody's name.
"""

import logging
import re
from urllib.parse import urlsplit

from django.db import connection

SECRET = re.compile(r"[A-Za-z0-9_.~:=%-]{24,}")  # the shortest of ours has 32 characters
KNOWN = "/static/"  # names of our own files are long, and no secret
CUT = "…"


def without_secrets(address: str) -> str:
    """An address as it may stand in a log: `/l/tok…/`, `/hardware/?q=…`; of a link 3 characters, to tell two apart."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return CUT
    path = parts.path if parts.path.startswith(KNOWN) else SECRET.sub(lambda found: found[0][:3] + CUT, parts.path)
    names = [pair.partition("=")[0] for pair in parts.query.split("&") if pair]
    query = "&".join(SECRET.sub(CUT, name) + f"={CUT}" for name in names[:20])
    host = f"{parts.scheme}://{parts.netloc}" if parts.netloc else ""
    return f"{host}{path}?{query}" if query else f"{host}{path}"


class CompanyFilter(logging.Filter):
    """Adds `company` to a log record, and cuts the secrets out of the addresses that it names."""

    def filter(self, record):
        record.company = getattr(connection, "schema_name", "public") or "public"
        if record.name.startswith("django.") and isinstance(record.args, tuple):
            record.args = tuple(_cut(word) for word in record.args)
        return True


def _cut(word):
    return without_secrets(word) if isinstance(word, str) and word.startswith("/") else word
