"""`gehoor serve`, `worker`, `check` and `manage`."""

import argparse
import os
import sys
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.management import call_command, execute_from_command_line

from gehoor.project import environment
from gehoor.project.command import Result, command
from gehoor.questionnaires import changes as questionnaires


def add(commands: Any) -> None:
    """The commands of this room."""
    made = command(commands, "serve", serve, "Serve the pages. Prepares the databases first.", json_too=False)
    made.add_argument("--port", type=int, default=0, help="default: the port of GEHOOR_BASE_URL, or 8000")
    made.add_argument("--host", default="127.0.0.1", help="address to listen on (default: this machine only)")
    command(commands, "migrate", prepare, "Prepare or update the databases and the ready questionnaires.")
    made = command(commands, "manage", manage, "Django's own commands, for developers: `gehoor manage makemigrations`.", json_too=False)
    made.add_argument("words", nargs=argparse.REMAINDER)


def prepare(arguments: argparse.Namespace | None = None) -> Result:
    """Both databases up to date, ready questionnaires loaded."""
    for database in settings.DATABASES:
        call_command("migrate", database=database, interactive=False, verbosity=0)
    versions = questionnaires.load_ready()
    return {"databases": " ".join(settings.DATABASES), "questionnaires": len(versions)}


def serve(arguments: argparse.Namespace) -> Result:
    """Hand over to granian: forms over WSGI, one thread a process (SQLite has one writer; decision 0003)."""
    prepare()
    port = arguments.port or urlsplit(settings.GEHOOR_BASE_URL).port or 8000
    workers = str(environment.whole_of("GEHOOR_WORKERS"))
    words = [
        sys.executable, "-m", "granian", "--interface", "wsgi", "--host", arguments.host, "--port", str(port),
        "--workers", workers, "--blocking-threads", "1", "--no-ws", "--no-access-log", "--log-level", "warning",
        "--respawn-failed-workers", "gehoor.project.wsgi:application",
    ]  # fmt: skip
    sys.stdout.flush()
    os.execv(sys.executable, words)  # noqa: S606 -- no shell; signals reach granian itself


def manage(arguments: argparse.Namespace) -> Result:
    """Pass on to Django."""
    execute_from_command_line(["gehoor manage", *arguments.words])
    return None
