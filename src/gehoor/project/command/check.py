"""`gehoor check`: is this installation safe to use? Each line says what is wrong and what to do."""

import argparse
import contextlib
import os
import shutil
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.db import DatabaseError, connections
from django.db.backends.base.base import BaseDatabaseWrapper

from gehoor.answers import keyring
from gehoor.answers import queries as answers
from gehoor.base import clock
from gehoor.base.errors import BadSetting
from gehoor.offices.models import Office
from gehoor.project import environment
from gehoor.project.command import Failed, Result, command, server
from gehoor.results import queries as results
from gehoor.ui import helplines

FULL = 2
OTHERS = 0o077
FEW_BYTES = 200 * 1024 * 1024

# What PostgreSQL must be set to, so that no answer is lost and none stands in a log (standards.md §6.3).
POSTGRESQL = {
    "synchronous_commit": ("on", "an answer could be lost that was called saved"),
    "fsync": ("on", "an answer could be lost that was called saved"),
    "track_commit_timestamp": ("off", "the moment of each answer would be kept"),
    "log_statement": ("none", "answers would stand in the log"),
    "log_min_error_statement": ("panic", "answers would stand in the log when something fails"),
    "log_parameter_max_length": ("0", "answers would stand in the log"),
    "log_parameter_max_length_on_error": ("0", "answers would stand in the log when something fails"),
    "log_error_verbosity": ("terse", "answers would stand in the log when something fails"),
    "log_min_duration_statement": ("-1", "slow answers would stand in the log"),
}


def add(commands: Any) -> None:
    """The command."""
    command(
        commands,
        "check",
        check,
        "Check that this installation is safe to use. Exit code 1 when something must be mended.",
        databases="",
    )


def check(arguments: argparse.Namespace) -> Result:
    """Every check, with what to do."""
    found = list(_everything())
    rows: list[dict[str, Any]] = [{"state": "mend", "what": what} for what in found] or [
        {"state": "ok", "what": "nothing to mend"}
    ]
    rows += [{"state": "look", "what": what} for what in _unknown_settings()]
    return Failed(rows) if found else rows


def _unknown_settings() -> Iterator[str]:
    """A slip of the pen is no fault for the programme, but the operator believes that it was set."""
    known = {setting.name for setting in environment.SETTINGS}
    for name in sorted(os.environ):
        if name.startswith("GEHOOR_") and not name.startswith("GEHOOR_TEST_") and name not in known:
            yield f"setting {name}: unknown, so it does nothing. The settings are in docs/reference/settings.md."


def _settings() -> Iterator[str]:
    for setting in environment.SETTINGS:
        try:
            environment.value_of(setting.name)
        except BadSetting as error:
            yield f"setting {error}"


def _everything() -> Iterator[str]:
    if why := server.why_not_whole():
        yield why
    yield from _settings()
    for name in settings.DATABASES:
        try:
            yield from _database(name)
        except DatabaseError as error:
            yield f"database {name}: cannot be reached ({type(error).__name__}). Is it running, and is its address right?"
    with contextlib.suppress(DatabaseError):  # a database that is away or not up to date was named above
        yield from _keys()
        yield from _askings()
    yield from _disk()
    yield from _address()
    yield from _help()


def _database(name: str) -> Iterator[str]:
    connection = connections[name]
    connection.ensure_connection()
    try:
        call_command("migrate", database=name, check_unapplied=True, verbosity=0)
    except SystemExit:
        yield f"database {name}: not up to date. Run `gehoor migrate`."
        return
    yield from _postgresql(connection, name) if connection.vendor == "postgresql" else _sqlite(connection, name)


def _sqlite(connection: BaseDatabaseWrapper, name: str) -> Iterator[str]:
    with connection.cursor() as cursor:
        if cursor.execute("PRAGMA synchronous").fetchone()[0] < FULL:
            yield f"database {name}: synchronous is not FULL, so that a power cut may lose an answer that was called saved"
        if cursor.execute("PRAGMA quick_check").fetchone()[0] != "ok":
            yield f"database {name}: the file is damaged. Restore a backup: `gehoor restore`."
    files = [Path(f"{connection.settings_dict['NAME']}{end}") for end in ("", "-wal", "-shm")]
    if open_ones := [file for file in files if file.exists() and stat.S_IMODE(file.stat().st_mode) & OTHERS]:
        yield f"database {name}: others on this machine can read it. Run: chmod 600 {' '.join(map(str, open_ones))}"


def _postgresql(connection: BaseDatabaseWrapper, name: str) -> Iterator[str]:
    with connection.cursor() as cursor:
        for setting, (wanted, danger) in POSTGRESQL.items():
            cursor.execute(f"SHOW {setting}")
            found = cursor.fetchone()[0]
            if found != wanted:
                yield f"database {name}: set {setting} = {wanted} (it is {found}): {danger}"


def _keys() -> Iterator[str]:
    folder = keyring.folder()
    if stat.S_IMODE(folder.stat().st_mode) & OTHERS:
        yield f"keys: {folder} can be read by others. Run: chmod 700 {folder}"
    for office in Office.objects.all():
        if lost := answers.lost_keys(office.pk):
            yield f"keys: {lost} batches of {office.slug} have lost their key. Look for {folder} in an older copy of the machine."
    for period in keyring.text_periods():
        try:
            keyring.text_key(period)
        except keyring.KeyLost:
            yield f"keys: the text key of {period} in {folder} cannot be read: its texts stay closed until it is back"


def _askings() -> Iterator[str]:
    for office in Office.objects.all():
        stuck = [one for one in results.waiting_askings(office) if results.is_stuck(one, at=clock.now())]
        if stuck:
            yield f"worker: figures that {office.slug} asked for wait to be made ({len(stuck)}). Does `gehoor worker` run?"


def _disk() -> Iterator[str]:
    free = shutil.disk_usage(settings.GEHOOR_DATA).free
    if free < FEW_BYTES:
        yield f"disk: only {free // 1024**2} MB left in {settings.GEHOOR_DATA}"


def _help() -> Iterator[str]:
    try:
        helplines.read(settings.GEHOOR_HELP)
    except BadSetting as error:
        yield f"help numbers: {error}"


def _address() -> Iterator[str]:
    if not settings.SECURE and not any(host in settings.GEHOOR_BASE_URL for host in ("127.0.0.1", "localhost")):
        yield f"address: {settings.GEHOOR_BASE_URL} is not https; codes and answers could be read on the way"
