"""A house to attack: real storage (SQLite files, or PostgreSQL databases), real transactions, people whose answers we know.

The ordinary tests share one database and roll back; an attacker looks at what commits leave behind. So each attack gets
its own copy of an empty house. What the attacker may use is what lies in the two databases and their files, and the
list of who was sent which code, stolen at sending time; what only the test knows (`Person.parts`) checks his guesses.
"""

import contextlib
import copy
import os
import secrets
import shutil
import tempfile
import threading
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import psycopg
from django.core.management import call_command
from django.db import connections
from django.test import override_settings
from tests.cast import Cast, hand_in

from gehoor.answers import tickets
from gehoor.answers.changes import Outcome
from gehoor.base import codes
from gehoor.rounds.changes import FreshCode
from gehoor.rounds.models import Dispatch, Round

POSTGRES = os.environ.get("GEHOOR_TEST_POSTGRES", "")
DATABASES = ("default", "vault")
MEMORY = Path("/dev/shm")  # noqa: S108 -- files are as real there, and faster
FILES = {"default": "gehoor.sqlite3", "vault": "vault.sqlite3"}


@dataclass
class Person:
    """Somebody with a code. The attacker knows `name` and `code` when he stole the list; never the rest."""

    name: str
    code: FreshCode
    dispatch: Dispatch
    form_key: bytes = field(default_factory=lambda: secrets.token_bytes(16))

    @property
    def link_hash(self) -> bytes:
        """What the database keeps of the code while it is unused."""
        return codes.link_hash(self.code.link)

    @cached_property
    def receipt(self) -> str:
        """The receipt that the page "bewaard" shows."""
        return tickets.receipt_for(self.form_key)

    @cached_property
    def parts(self) -> list[uuid.UUID]:
        """The truth: which rows of the vault are this person's."""
        return tickets.part_ids(self.receipt)


@dataclass
class House:
    """One empty installation with two offices and their people."""

    cast: Cast
    folder: Path  # SQLite's files
    names: Mapping[str, str]  # the database or file of each alias
    vendor: str
    since: str  # the WAL file of PostgreSQL in which its life began

    def people(self, a_round: Round, size: int, **more: Any) -> list[Person]:
        """So many people with a fresh code."""
        dispatch, fresh = self.cast.codes(a_round, size, **more)
        return [Person(f"persoon {number}", code, dispatch) for number, code in enumerate(fresh)]

    def hand_in(self, person: Person, answers: Mapping[str, str] | None = None, *, language: str = "nl") -> Outcome:
        """Answer through the room's own function, as the page does."""
        given = answers or {"heard": "4"}
        return hand_in(person.dispatch, person.code, given, key=person.form_key, language=language)

    def all_answer(self, people: Sequence[Person], answers: Mapping[str, str] | None = None) -> None:
        """Everybody answers, one after the other."""
        for person in people:
            assert self.hand_in(person, answers) is Outcome.STORED

    def rows(self, database: str, sql: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """What the database owner sees."""
        with connections[database].cursor() as cursor:
            cursor.execute(sql, list(values))
            return list(cursor.fetchall()) if cursor.description else []

    def run(self, database: str, sql: str) -> None:
        """What the database owner does."""
        with connections[database].cursor() as cursor:
            cursor.execute(sql)

    def tables(self, database: str) -> list[str]:
        """The tables of a database."""
        return sorted(connections[database].introspection.table_names())

    def every_value(self) -> str:
        """Everything that both databases hold now, as one text: bytes as hex."""
        shown = [
            value.hex() if isinstance(value, bytes | memoryview) else str(value)
            for database in DATABASES
            for table in self.tables(database)
            for row in self.rows(database, f'SELECT * FROM "{table}"')
            for value in row
        ]
        return "\n".join(shown)

    def files(self) -> Iterator[tuple[str, bytes]]:
        """Every file that the storage consists of: SQLite's with their -wal, or PostgreSQL's heap, WAL and log."""
        paths = self._postgres_files() if self.vendor == "postgresql" else sorted(self.folder.rglob("*"))
        for path in paths:
            if path.is_file():
                with contextlib.suppress(FileNotFoundError):
                    yield path.name, path.read_bytes()

    def _postgres_files(self) -> list[Path]:
        """What was written for this house: its own databases, temporary files, and the WAL since it was made."""
        self.run("default", "CHECKPOINT")
        data = Path(self.rows("default", "SHOW data_directory")[0][0])
        numbers = self.rows(
            "default", "SELECT oid FROM pg_database WHERE datname = ANY (%s)", [list(self.names.values())]
        )
        last = self.rows("default", "SELECT pg_walfile_name(pg_current_wal_lsn())")[0][0]
        wal = [path for path in sorted((data / "pg_wal").iterdir()) if self.since <= path.name <= last]
        assert wal[0].name == self.since, "PostgreSQL has thrown away a part of its log: raise wal_keep_size"
        heaps = [path for (number,) in numbers for path in (data / "base" / str(number)).iterdir()]
        return [*wal, *heaps, *(data / "base").glob("pgsql_tmp/*"), data.parent / "server.log"]


def wal_file() -> str:
    """The file that PostgreSQL's WAL is in now; "" on SQLite."""
    return str(_admin("SELECT pg_walfile_name(pg_current_wal_lsn())")[0][0]) if POSTGRES else ""


# --- making houses ------------------------------------------------------------------------------------------------


class Builder:
    """Makes the empty house once, and a copy of it for each test."""

    def __init__(self) -> None:
        self.vendor = "postgresql" if POSTGRES else "sqlite"
        self.mark = secrets.token_hex(4)
        self.template = {alias: self._name(alias, "template") for alias in DATABASES}
        self.folder = Path(tempfile.mkdtemp(prefix="gehoor-houses-", dir=MEMORY if MEMORY.is_dir() else None))
        for name in self.template.values():
            if POSTGRES:
                _admin(f'CREATE DATABASE "{name}"')
        with (
            pointed(self._places(self.folder / "template", self.template)),
            override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"]),
        ):
            for alias in DATABASES:
                call_command("migrate", database=alias, interactive=False, verbosity=0)
            self.cast = Cast.assemble()

    @contextlib.contextmanager
    def house(self, number: int) -> Iterator[House]:
        """A fresh copy; gone afterwards."""
        names = {alias: self._name(alias, str(number)) for alias in DATABASES}
        folder = self.folder / str(number)
        places = self._places(folder, names)
        if POSTGRES:
            for alias in DATABASES:
                _admin(f'CREATE DATABASE "{names[alias]}" TEMPLATE "{self.template[alias]}"')
        else:
            for path in (self.folder / "template").iterdir():
                shutil.copy(path, folder / path.name)
        try:
            with pointed(places):
                yield House(copy.deepcopy(self.cast), folder, places, self.vendor, wal_file())
        finally:
            for name in names.values() if POSTGRES else ():
                _admin(f'DROP DATABASE "{name}" WITH (FORCE)')
            shutil.rmtree(folder)

    def close(self) -> None:
        """Nothing stays."""
        for name in self.template.values() if POSTGRES else ():
            _admin(f'DROP DATABASE "{name}" WITH (FORCE)')
        shutil.rmtree(self.folder)

    def _name(self, alias: str, what: str) -> str:
        return f"attack_{self.mark}_{what}_{alias}"

    def _places(self, folder: Path, names: Mapping[str, str]) -> dict[str, str]:
        folder.mkdir()
        return dict(names) if POSTGRES else {alias: str(folder / FILES[alias]) for alias in DATABASES}


def _admin(sql: str) -> list[tuple[Any, ...]]:
    with psycopg.connect(f"{POSTGRES}/postgres", autocommit=True) as connection:
        done = connection.execute(sql.encode())
        return done.fetchall() if done.description else []


@contextlib.contextmanager
def pointed(places: Mapping[str, str]) -> Iterator[None]:
    """In this block Django's connections, also those of new threads, lead to other databases."""
    kept = {alias: (connections[alias], connections.settings[alias]["NAME"]) for alias in places}
    for alias, place in places.items():
        connections.settings[alias]["NAME"] = place
        del connections[alias]
    try:
        yield
    finally:
        for alias, (connection, name) in kept.items():
            connections[alias].close()
            connections.settings[alias]["NAME"] = name
            connections[alias] = connection


def at_once(jobs: Sequence[Callable[[], Any]]) -> list[Any]:
    """Run all jobs at the same moment, each in a thread with connections of its own. Results in order; errors are raised."""
    results: list[Any] = [None] * len(jobs)
    gate = threading.Barrier(len(jobs))

    def work(place: int) -> None:
        try:
            gate.wait()
            results[place] = jobs[place]()
        except Exception as error:  # noqa: BLE001 -- raised in the test's own thread
            results[place] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work, args=(place,)) for place in range(len(jobs))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for result in results:
        if isinstance(result, Exception):
            raise result
    return results


# --- what an attacker reckons with --------------------------------------------------------------------------------


def correlation(first: Sequence[Any], second: Sequence[Any]) -> float:
    """Spearman's rank correlation of two orders of the same things: 1.0 the same order, about 0 by chance."""
    assert set(first) == set(second)
    size = len(first)
    place = {thing: rank for rank, thing in enumerate(second)}
    squares = sum((rank - place[thing]) ** 2 for rank, thing in enumerate(first))
    return 1 - 6 * squares / (size * (size**2 - 1))


def chance(size: int) -> float:
    """A rank correlation that pure chance passes less than once in a million times."""
    return 5 / (size - 1) ** 0.5


def order_in(text: bytes, things: Mapping[Any, bytes]) -> list[Any]:
    """The things in the order in which their marks first stand in the bytes; those that do not are left out."""
    places = {thing: text.find(mark) for thing, mark in things.items()}
    return sorted((thing for thing, place in places.items() if place >= 0), key=lambda thing: places[thing])
