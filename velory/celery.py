"""Celery: the bell that wakes a worker. What is owed stands in the agenda, never only in a message.

A task belongs to the company it was asked for in. One that carries no company, or a company that is unknown,
closed or behind, is refused before its body runs (reliability R52); `PlatformTask` is for the platform's own.
"""

import logging
import os

from celery import Celery, Task
from celery.exceptions import Ignore
from celery.signals import beat_init, celeryd_init
from django.db import connection

from velory.checks import refuse_unless_ready

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "velory.settings")
log = logging.getLogger(__name__)


class PlatformTask(Task):
    """A task of the platform: runs in `public`, whoever asked for it."""

    abstract = True

    def __call__(self, *args, **kwargs):
        connection.set_schema_to_public()
        try:
            return self.run(*args, **kwargs)
        finally:
            connection.set_schema_to_public()

    def publish(self, *args):
        """Ask for the task now. A broker that is down is only logged: the agenda's next tick does the work."""
        _publish(self, args, {})


class CompanyTask(Task):
    """A task of one company: whoever asks for it names the company."""

    abstract = True

    def __call__(self, *args, **kwargs):
        from velory.tenancy.context import inside
        from velory.tenancy.models import Company

        wanted = (self.request.headers or {}).get("company") or getattr(self.request, "company", None)
        connection.set_schema_to_public()
        company = Company.objects.servable().filter(schema_name=wanted).first() if wanted else None
        if company is None:
            log.error("Task %s refused: no company %r to run it for.", self.name, wanted)
            raise Ignore
        with inside(company):
            return self.run(*args, **kwargs)

    def publish(self, *args):
        """Ask for the task now; the last argument names the company (its schema) that it is for."""
        *own, company = args
        _publish(self, own, {"company": company})


def _publish(task, args, headers):
    try:
        task.apply_async(args, headers=headers, retry=False)
    except (task.OperationalError, OSError) as down:
        log.warning("The broker did not take %s (%s); the agenda's next tick does.", task.name, down)


app = Celery("velory", task_cls=CompanyTask)
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@celeryd_init.connect
@beat_init.connect
def refuse_to_start_unready(**_):
    """A worker or beat without its database, broker or key ends at once, with a sentence."""
    refuse_unless_ready()
