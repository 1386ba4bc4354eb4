"""The web's door: `gunicorn velory.wsgi`."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "velory.settings")
application = get_wsgi_application()

from velory.checks import refuse_unless_ready  # noqa: E402 - settings come first

refuse_unless_ready()
