"""The web's door: `gunicorn velory.wsgi`."""

import os

from django.core.wsgi import get_wsgi_application

from velory.checks import refuse_unless_ready

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "velory.settings")
refuse_unless_ready()
application = get_wsgi_application()
