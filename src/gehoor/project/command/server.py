"""`gehoor serve`, `migrate` and `manage`."""

import argparse
import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.management import call_command, execute_from_command_line
from django.db import connections

from gehoor.base.errors import NotNow
from gehoor.project import environment
from gehoor.project.command import Databases, Result, command
from gehoor.questionnaires import changes as questionnaires

PR_SET_PDEATHSIG = 1
RESTORING = "restoring"  # a folder in the data folder, while a backup is put back
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 60.0  # seconds before a worker that died is started again


def add(commands: Any) -> None:
    """The commands of this room."""
    made = command(
        commands,
        "serve",
        serve,
        "Serve the pages and do the night's work. Prepares the databases first.",
        json_too=False,
        databases="",
    )
    made.add_argument("--port", type=int, default=0, help="default: the port of GEHOOR_BASE_URL, or 8000")
    made.add_argument("--host", default="127.0.0.1", help="address to listen on (default: this machine only)")
    made.add_argument("--live-port", type=int, default=0, help="of the live side of boards (default: the next port)")
    made.add_argument("--no-live", action="store_true", help="boards do not tell by themselves; pages ask now and then")
    made.add_argument("--no-worker", action="store_true", help="only serve pages: `gehoor worker` runs elsewhere")
    command(commands, "migrate", prepare, "Prepare or update the databases and the ready questionnaires.", databases="")
    made = command(
        commands,
        "manage",
        manage,
        "Django's own commands, for developers. Example: `gehoor manage makemigrations`.",
        json_too=False,
        databases="",
    )
    made.add_argument("words", nargs=argparse.REMAINDER)


def why_not_whole() -> str | None:
    """A restore that was broken off left half of an installation: nothing may build on it."""
    if (settings.GEHOOR_DATA / RESTORING).exists():
        return "A restore was broken off: what is here is not whole. Run the same `gehoor restore` again."
    return None


def prepare(arguments: argparse.Namespace | None = None) -> Result:
    """Both databases up to date, ready questionnaires loaded. Raises NotNow after a restore that was broken off."""
    if why := why_not_whole():
        raise NotNow(why)
    for database in settings.DATABASES:
        call_command("migrate", database=database, interactive=False, verbosity=0)
    versions = questionnaires.load_ready()
    connections.close_all()
    return {"databases": " ".join(settings.DATABASES), "questionnaires": len(versions)}


def make_ready(wanted: Databases) -> None:
    """Databases that were never prepared: SQLite is made on the spot, PostgreSQL has rights to give first.

    Raises NotNow when the operator must do it, or when a command has nothing to do on an empty installation.
    """
    if why := why_not_whole():
        raise NotNow(why)
    new = [name for name in settings.DATABASES if not connections[name].introspection.table_names()]
    if not new:
        return
    if wanted == "there" or any(connections[name].vendor != "sqlite" for name in new):
        raise NotNow("The databases are not prepared yet. Run `gehoor migrate` first.")
    prepare()


def serve(arguments: argparse.Namespace) -> Result:
    """Run granian and a worker until granian ends or somebody stops us."""
    if (
        settings.GEHOOR_PROCESS == "all"
    ):  # door and desk have no right to change tables: `gehoor migrate` runs before them
        prepare()
    port = arguments.port or urlsplit(settings.GEHOOR_BASE_URL).port or 8000
    helpers = []
    if not arguments.no_live and settings.GEHOOR_PROCESS != "desk":
        helpers.append(live_side(arguments.host, arguments.live_port or port + 1))
    if not arguments.no_worker and settings.GEHOOR_PROCESS == "all":
        helpers.append(Worker())
    return watch(start(granian(arguments.host, port)), *helpers)


def live_side(host: str, port: int) -> "Worker":
    """The streams of boards over ASGI, in one process: uvicorn fans out in a quarter of what granian needs (design §7)."""
    words = [
        sys.executable, "-m", "uvicorn", "gehoor.project.asgi:application", "--host", host, "--port", str(port),
        "--no-access-log", "--log-level", "warning", "--timeout-keep-alive", "75", "--timeout-graceful-shutdown", "3",
        "--loop", "uvloop", "--http", "httptools", "--no-server-header",
    ]  # fmt: skip
    return Worker(words, name="live side of boards")


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


class Worker:
    """The worker beside the server. Clients can answer without it, so when it dies only it is started again."""

    def __init__(
        self,
        words: Sequence[str] = (sys.executable, "-m", "gehoor", "worker"),
        *,
        name: str = "worker",
        after: "subprocess.Popen[bytes] | None" = None,
    ) -> None:
        """Starts at once, or when the child `after` has ended."""
        self.name = name
        self.words = list(words)
        self.pause = 0.0
        self.after = after
        self.child: subprocess.Popen[bytes] | None = None
        if after is None:
            self._start()

    def _start(self) -> None:
        self.child = start(self.words)
        self.begun = time.monotonic()
        self.due: float | None = None

    def look(self) -> None:
        """Start it again when it died: soon at first, then ever later, at most a minute."""
        now = time.monotonic()
        if self.child is None:
            if self.after is None or self.after.poll() is not None:
                self._start()
            return
        if self.child.poll() is None:
            return
        if self.due is None:
            long_ago = now - self.begun > LONGEST_PAUSE
            self.pause = FIRST_PAUSE if long_ago else min(max(self.pause * 2, FIRST_PAUSE), LONGEST_PAUSE)
            self.due = now + self.pause
            print(
                f"WARNING: the {self.name} stopped (exit code {self.child.returncode}). Clients can still answer. It is started again in {self.pause:.0f} s.",
                file=sys.stderr,
                flush=True,
            )
        elif now >= self.due:
            self._start()

    def stop(self) -> None:
        """End it and wait until it has gone."""
        if self.child is not None:
            self.child.terminate()
            self.child.wait()


def watch(server: "subprocess.Popen[bytes]", *helpers: Worker) -> int:
    """Wait until the server ends or somebody stops us; its helpers go with it. Returns the exit code."""
    stopped, told = False, 0.0

    def stop(number: int, frame: object) -> None:
        nonlocal stopped
        stopped = True

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    while server.poll() is None:
        if stopped and time.monotonic() - told > 1:  # a server that is still starting may miss the first word
            server.terminate()
            told = time.monotonic()
        elif not stopped:
            for helper in helpers:
                helper.look()
        time.sleep(0.2)
    for helper in helpers:
        helper.stop()
    return 0 if server.returncode in (0, -signal.SIGTERM) else 1


def manage(arguments: argparse.Namespace) -> Result:
    """Pass on to Django."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gehoor.project.settings")
    execute_from_command_line(["gehoor manage", *arguments.words])
    return None
