"""The entrance for the live side of boards. Forms and pages go through `wsgi`."""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gehoor.project.settings")
django.setup()

from gehoor.boards.live import Live  # noqa: E402 -- only once Django is ready

application = Live()
