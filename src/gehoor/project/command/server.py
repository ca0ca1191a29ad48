"""`gehoor serve`, `migrate` and `manage`."""

import argparse
import ctypes
import os
import signal
import subprocess
import sys
import time
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.management import call_command, execute_from_command_line
from django.db import connections

from gehoor.project import environment
from gehoor.project.command import Result, command
from gehoor.questionnaires import changes as questionnaires

PR_SET_PDEATHSIG = 1


def add(commands: Any) -> None:
    """The commands of this room."""
    made = command(
        commands,
        "serve",
        serve,
        "Serve the pages and do the night's work. Prepares the databases first.",
        json_too=False,
    )
    made.add_argument("--port", type=int, default=0, help="default: the port of GEHOOR_BASE_URL, or 8000")
    made.add_argument("--host", default="127.0.0.1", help="address to listen on (default: this machine only)")
    made.add_argument("--no-worker", action="store_true", help="only serve pages: `gehoor worker` runs elsewhere")
    command(commands, "migrate", prepare, "Prepare or update the databases and the ready questionnaires.")
    made = command(
        commands,
        "manage",
        manage,
        "Django's own commands, for developers. Example: `gehoor manage makemigrations`.",
        json_too=False,
    )
    made.add_argument("words", nargs=argparse.REMAINDER)


def prepare(arguments: argparse.Namespace | None = None) -> Result:
    """Both databases up to date, ready questionnaires loaded."""
    for database in settings.DATABASES:
        call_command("migrate", database=database, interactive=False, verbosity=0)
    versions = questionnaires.load_ready()
    connections.close_all()
    return {"databases": " ".join(settings.DATABASES), "questionnaires": len(versions)}


def serve(arguments: argparse.Namespace) -> Result:
    """Run granian and a worker until one of them ends or somebody stops us."""
    if (
        settings.GEHOOR_PROCESS == "all"
    ):  # door and desk have no right to change tables: `gehoor migrate` runs before them
        prepare()
    port = arguments.port or urlsplit(settings.GEHOOR_BASE_URL).port or 8000
    children = [start(granian(arguments.host, port))]
    if not arguments.no_worker and settings.GEHOOR_PROCESS == "all":
        children.append(start([sys.executable, "-m", "gehoor", "worker"]))
    return watch(children)


def granian(host: str, port: int) -> list[str]:
    """Forms over WSGI, one thread a process: more only queue for SQLite's one writer (decision 0003)."""
    return [
        sys.executable, "-m", "granian", "--interface", "wsgi", "--host", host, "--port", str(port),
        "--workers", str(environment.whole_of("GEHOOR_WORKERS")), "--blocking-threads", "1", "--no-ws", "--no-access-log",
        "--log-level", "warning", "--respawn-failed-workers", "gehoor.project.wsgi:application",
    ]  # fmt: skip


def start(words: list[str]) -> "subprocess.Popen[bytes]":
    """A child that ends with us, whatever happens to us."""
    return subprocess.Popen(words, preexec_fn=_die_with_parent if sys.platform == "linux" else None)  # noqa: PLW1509


def _die_with_parent() -> None:
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def watch(children: "list[subprocess.Popen[bytes]]") -> int:
    """Wait; pass a stop on to all children; when one ends by itself, stop the others. Returns the exit code."""

    def stop(number: int, frame: object) -> None:
        for child in children:
            child.terminate()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    while all(child.poll() is None for child in children):
        time.sleep(0.2)
    stop(signal.SIGTERM, None)
    codes = [child.wait() for child in children]
    return max(0 if code in (0, -signal.SIGTERM) else 1 for code in codes)


def manage(arguments: argparse.Namespace) -> Result:
    """Pass on to Django."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gehoor.project.settings")
    execute_from_command_line(["gehoor manage", *arguments.words])
    return None
