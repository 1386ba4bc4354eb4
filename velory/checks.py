"""What has to be right before Velory serves anybody.

`refuse_unless_ready()` stands at the doors (web, worker, beat): commands such as `check` run without a database,
a server does not. `manage.py check --deploy` says besides what is wrong with a production installation.
"""

import sys

from django.conf import settings
from django.core import checks
from django.core.checks import Error, Tags, register

NEEDED = {
    "DATABASE_URL": ("database_url", "PostgreSQL's address: postgresql://user:password@host:port/name"),
    "REDIS_URL": ("redis_url", "the broker's address: redis://host:port/0"),
    "VELORY_SECRET_KEY": ("velory_secret_key", "50 random characters or more, which sign sessions and links"),
}
LONG_ENOUGH = 50
WORKER_BOOT_ERROR = 3  # the exit code at which gunicorn stops instead of trying again


def what_is_missing():
    """A sentence for each variable without which nobody can be served."""
    missing = [
        f"{name} is not set: {meaning}. Set it and start again."
        for name, (field, meaning) in NEEDED.items()
        if not getattr(settings.ENV, field)
    ]
    if 0 < len(settings.ENV.velory_secret_key) < LONG_ENOUGH:
        missing.append(f"VELORY_SECRET_KEY is wrong: {LONG_ENOUGH} characters or more are needed. Set a longer one.")
    return missing


def refuse_unless_ready():
    """End this process, with a sentence, where it could not serve."""
    if missing := what_is_missing():
        print("\n".join(missing), file=sys.stderr, flush=True)
        sys.exit(WORKER_BOOT_ERROR)


@register(Tags.security, deploy=True)
def production_is_set_up(app_configs=None, **kwargs):
    """Said by `manage.py check --deploy`."""
    env = settings.ENV
    found: list[checks.CheckMessage] = [Error(sentence, id="velory.E001") for sentence in what_is_missing()]
    if env.velory_demo:
        found.append(Error("VELORY_DEMO is on: anybody can push the clock.", id="velory.E002"))
    if not env.velory_https:
        found.append(checks.Warning("VELORY_HTTPS is off: cookies travel unprotected.", id="velory.W001"))
    if env.velory_base_domain == "localhost":
        found.append(checks.Warning("VELORY_BASE_DOMAIN is localhost: no link in a letter works.", id="velory.W002"))
    if env.velory_mail_backend.endswith("smtp.EmailBackend") and env.velory_mail_security == "none":
        found.append(checks.Warning("VELORY_MAIL_SECURITY is none: letters travel unprotected.", id="velory.W003"))
    return found
