"""For all tests: a data folder of their own, both databases, fast password hashing, no network but this machine."""

import shutil
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import override_settings
from django.utils import translation

from tests.cast import Cast
from tests.early import FOLDER

QUICK = ["django.contrib.auth.hashers.MD5PasswordHasher"]
LOCAL = {"127.0.0.1", "::1", "localhost"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Every test that touches a database may touch both."""
    for item in items:
        mark = item.get_closest_marker("django_db")
        if mark is not None and "databases" not in mark.kwargs:
            mark.kwargs["databases"] = ["default", "vault"]


def pytest_sessionfinish() -> None:
    """Leave nothing behind."""
    shutil.rmtree(FOLDER, ignore_errors=True)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings: None) -> None:
    """SQLite in memory: pytest-django knows that of Django's own engine only."""
    for database in settings.DATABASES.values():
        if database["ENGINE"] == "gehoor.project.sqlite":
            database.setdefault("TEST", {})["NAME"] = ":memory:"


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """An office and its people are in the database from the start: a test undoes only what it changed itself."""
    with django_db_blocker.unblock(), override_settings(PASSWORD_HASHERS=QUICK), translation.override("en"):
        Cast.assemble()


@pytest.fixture(autouse=True)
def _only_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> Any:
        if isinstance(address, tuple) and address[0] not in LOCAL:
            raise OSError(f"a test tried to reach {address[0]}")
        return connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)


@pytest.fixture(autouse=True)
def _fresh(settings: Any, tmp_path: Path) -> Iterator[None]:
    """Keys in a folder of the test's own; nothing remembered from another test."""
    from gehoor.answers import changes, pages
    from gehoor.base import throttle
    from gehoor.boards import pace
    from gehoor.boards import queries as boards
    from gehoor.questionnaires import queries as questionnaires
    from gehoor.rounds import queries as rounds

    settings.GEHOOR_KEYS = tmp_path / "keys"
    settings.GEHOOR_DATA = tmp_path
    settings.PASSWORD_HASHERS = QUICK
    settings.EMAIL_FILE_PATH = str(tmp_path / "mail")
    settings.WHITENOISE_AUTOREFRESH = (
        True  # look for a file when it is asked for, not for all of them in each new browser
    )
    changes._batches.clear()
    boards._known.clear()
    pace.people._spent.clear()
    pages._questions.cache_clear()
    pages._saved.cache_clear()
    questionnaires.content_of.cache_clear()
    rounds._door.cache_clear()
    throttle._tries.clear()
    cache.clear()
    with translation.override("en"):
        yield


@pytest.fixture
def cast(db: None) -> Cast:
    """An office with its people and another office with one stranger."""
    return Cast.found() or Cast.assemble()  # a test with transactions of its own leaves nothing behind, not even them
