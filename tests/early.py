"""Read before Django's settings are: the tests' own data folder, and PostgreSQL when an address is given.

Named in pyproject.toml as a plug-in, because pytest-django reads the settings before any conftest.
"""

import os
import tempfile
from pathlib import Path

FOLDER = Path(tempfile.mkdtemp(prefix="gehoor-test-"))

for name in [name for name in os.environ if name.startswith("GEHOOR_") and not name.startswith("GEHOOR_TEST_")]:
    del os.environ[name]
os.environ["GEHOOR_DATA"] = str(FOLDER)
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # Playwright's own loop runs beside Django in browser tests
if address := os.environ.get("GEHOOR_TEST_POSTGRES"):
    os.environ["GEHOOR_DATABASE_URL"] = f"{address}/gehoor"
    os.environ["GEHOOR_VAULT_URL"] = f"{address}/vault"
