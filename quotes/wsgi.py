"""The WSGI entry point: `gunicorn quotes.wsgi`."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "quotes.settings")
application = get_wsgi_application()
