"""The web's door for the bench, `gunicorn tests.bench.serving`: plain static files, none of Django's debug lists."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "velory.settings")
os.environ["VELORY_DEBUG"] = "1"

import django

django.setup()

from django.conf import settings  # noqa: E402

settings.DEBUG = False

from django.core.wsgi import get_wsgi_application  # noqa: E402

application = get_wsgi_application()
