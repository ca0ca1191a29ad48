"""The queue of writers on SQLite: nobody is lost in it, and nobody holds it who has gone."""

import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import OperationalError

from gehoor.project.sqlite import base
from gehoor.project.sqlite.base import DatabaseWrapper

pytestmark = [pytest.mark.process, pytest.mark.django_db]  # it makes connections of its own
WORK = """
import sys
sys.path[:0] = [{house!r}, {house!r} + "/src"]
from django.conf import settings
settings.configure()
from tests.project.test_sqlite import connected
one = connected({file!r})
{job}
"""
COUNT = """
for _ in range(150):
    one.set_autocommit(False, force_begin_transaction_with_broken_autocommit=True)
    [[number]] = one.cursor().execute("SELECT number FROM counted").fetchall()
    one.cursor().execute("UPDATE counted SET number = %s", [number + 1])
    one.commit()
    one.set_autocommit(True)
"""
HOLD = """
one.set_autocommit(False, force_begin_transaction_with_broken_autocommit=True)
print("held", flush=True)
sys.stdin.read()
"""


def connected(file: str, **changed: object) -> DatabaseWrapper:
    """A connection as the settings describe one."""
    return DatabaseWrapper(
        {
            "NAME": file, "OPTIONS": {"transaction_mode": "IMMEDIATE", "timeout": 20}, "TIME_ZONE": None, "CONN_MAX_AGE": None,
            "CONN_HEALTH_CHECKS": False, "AUTOCOMMIT": True, "ATOMIC_REQUESTS": False, **changed,
        }
    )  # fmt: skip


@pytest.fixture
def file(tmp_path: Path) -> str:
    path = str(tmp_path / "db.sqlite3")
    made = sqlite3.connect(path)
    made.executescript("PRAGMA journal_mode=WAL; CREATE TABLE counted (number int); INSERT INTO counted VALUES (0);")
    made.close()
    return path


@pytest.fixture
def other(file: str) -> Iterator["subprocess.Popen[str]"]:
    """Another process, in a transaction."""
    child = started(file, HOLD)
    assert child.stdout is not None
    assert child.stdout.readline() == "held\n"
    yield child
    child.kill()
    child.communicate()


def started(file: str, job: str) -> "subprocess.Popen[str]":
    house = Path(__file__).parents[2]
    words = [sys.executable, "-c", WORK.format(house=str(house), file=file, job=job)]
    return subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def begin(one: DatabaseWrapper) -> None:
    one.set_autocommit(False, force_begin_transaction_with_broken_autocommit=True)


def is_free(file: str) -> bool:
    """Can somebody else begin at once?"""
    probe = connected(file, OPTIONS={"transaction_mode": "IMMEDIATE", "timeout": 0})
    try:
        begin(probe)
    except OperationalError:
        return False
    finally:
        probe.close()
    return True


def test_processes_that_write_at_once_lose_nothing(file: str) -> None:
    children = [started(file, COUNT) for _ in range(3)]
    codes = [child.communicate()[0] is not None and child.returncode for child in children]

    assert codes == [0, 0, 0]
    assert sqlite3.connect(file).execute("SELECT number FROM counted").fetchall() == [(450,)]


@pytest.mark.parametrize("end", ["commit", "rollback", "close"])
def test_the_queue_is_left_however_a_transaction_ends(file: str, end: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(base, "PATIENCE", 0.05)
    one = connected(file)
    begin(one)
    held = is_free(file)

    getattr(one, end)()

    assert (held, is_free(file)) == (False, True)
    one.close()


def test_a_killed_process_leaves_the_queue(file: str, other: "subprocess.Popen[str]") -> None:
    one = connected(file)
    threading.Timer(0.2, os.kill, (other.pid, signal.SIGKILL)).start()
    began = time.monotonic()

    begin(one)

    assert time.monotonic() - began < base.PATIENCE
    one.close()


def test_who_waits_too_long_gets_sqlites_own_error(
    file: str, other: "subprocess.Popen[str]", monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(base, "PATIENCE", 0.05)
    one = connected(file, OPTIONS={"transaction_mode": "IMMEDIATE", "timeout": 0.05})

    with pytest.raises(OperationalError, match="locked"):
        begin(one)

    assert one._queue is None
    one.close()


def test_without_a_place_for_the_lock_file_it_works_as_before(file: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*words: object) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(base.os, "open", full)
    one = connected(file)
    begin(one)
    one.cursor().execute("UPDATE counted SET number = 7")
    one.commit()
    one.close()

    assert sqlite3.connect(file).execute("SELECT number FROM counted").fetchall() == [(7,)]
