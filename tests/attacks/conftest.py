"""A house of its own for each attack."""

from collections.abc import Iterator
from itertools import count
from typing import Any

import pytest
from tests.attacks.house import POSTGRES, Builder, House

_numbers = count(1)


def pytest_configure(config: pytest.Config) -> None:
    """A mark of this folder only."""
    config.addinivalue_line("markers", "sqlite: looks inside SQLite's files")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Each database has its own places to look; an attack on those of the other one has nothing to attack."""
    for item in items:
        if item.get_closest_marker("postgres") and not POSTGRES:
            item.add_marker(
                pytest.mark.skip(
                    reason="looks inside PostgreSQL; GEHOOR_TEST_POSTGRES is not set (python tools/postgres.py -- pytest …)"
                )
            )
        if item.get_closest_marker("sqlite") and POSTGRES:
            item.add_marker(pytest.mark.skip(reason="looks inside SQLite's files; this run is on PostgreSQL"))


@pytest.fixture(scope="session")
def builder(django_db_blocker: Any) -> Iterator[Builder]:
    """Makes houses."""
    with django_db_blocker.unblock():
        made = Builder()
        yield made
        made.close()


@pytest.fixture
def house(builder: Builder, django_db_blocker: Any) -> Iterator[House]:
    """An empty house on real storage."""
    with django_db_blocker.unblock(), builder.house(next(_numbers)) as made:
        yield made
