"""Which migrations this code expects: a company that is behind is not served (reliability R49)."""

import hashlib
from functools import cache

from django.conf import settings
from django.db.migrations.loader import MigrationLoader


@cache
def expected() -> str:
    """A digest of the names of every migration that a company's schema must have. Reads files, not the database."""
    loader = MigrationLoader(None, ignore_no_migrations=True)
    ours = {app.rsplit(".", 1)[-1] for app in settings.TENANT_APPS}
    names = sorted(f"{app}.{name}" for app, name in loader.disk_migrations if app in ours)
    return hashlib.sha256("\n".join(names).encode()).hexdigest()
