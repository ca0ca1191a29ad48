"""A throw-away PostgreSQL for tests: made in a temporary folder from Debian's binaries, gone when the work is done.

    python tools/postgres.py -- pytest tests/attacks     runs a command with GEHOOR_TEST_POSTGRES set; its exit code
    python tools/postgres.py                             starts one, prints its address, stops at Ctrl-C

From Python: `with postgres.running() as server: ...`. Its settings are those of standards.md §6.3, so that the tests look
at the log and the files of a server as it must run.
"""

import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Any

DEBIAN = Path("/usr/lib/postgresql")
NEEDED = ("initdb", "postgres", "pg_isready", "psql")
OWNER = "gehoor"
DATABASES = ("gehoor", "vault")
SECONDS = 30
ROOM = 4 * 1024**3
SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "120",
    "max_wal_size": "512MB",
    "wal_keep_size": "512MB",  # a checkpoint may not throw away the log that a test is still to look at
    "fsync": "on",
    "full_page_writes": "on",
    "synchronous_commit": "on",
    "track_commit_timestamp": "off",
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
    "log_min_duration_statement": "-1",
    "log_statement": "none",
}


class NoPostgres(Exception):
    """PostgreSQL is not installed, or did not start. The text says what to do."""


@dataclass(frozen=True)
class Server:
    """A running server. `address` lacks the name of a database: add "/gehoor" or "/vault"."""

    address: str
    folder: Path
    pid: int

    @property
    def log(self) -> Path:
        """What the server writes."""
        return self.folder / "server.log"


@contextmanager
def running() -> Iterator[Server]:
    """A server with two empty databases. It is stopped by its pid and its folder removed, whatever happens."""
    programmes = _programmes()
    folder = Path(tempfile.mkdtemp(prefix="gehoor-postgres-", dir=_roomy()))
    before = _raise_on_sigterm()
    process: subprocess.Popen[bytes] | None = None
    try:
        password, port = secrets.token_hex(16), _free_port()
        _make_cluster(programmes, folder, password)
        process = _start(programmes, folder, port)
        _wait(programmes, folder, process, port)
        _make_databases(programmes, port, password)
        yield Server(f"postgresql://{OWNER}:{password}@127.0.0.1:{port}", folder, process.pid)
    finally:
        if process is not None:
            _stop(process)
        shutil.rmtree(folder, ignore_errors=True)
        if before is not None:
            signal.signal(signal.SIGTERM, before)


def _programmes() -> Path:
    """The folder of the newest version that has all we need. Raises NoPostgres."""
    versions = sorted(
        (path for path in DEBIAN.glob("*/bin") if path.parent.name.isdigit()), key=lambda path: int(path.parent.name)
    )
    for path in reversed(versions):
        if all((path / name).exists() for name in NEEDED):
            return path
    raise NoPostgres(
        f"PostgreSQL's programmes are not in {DEBIAN}/*/bin. Install them with: apt-get install postgresql-15 (or your Debian's postgresql)."
    )


def _roomy() -> Path | None:
    """Memory when there is plenty of it: tests make and drop many databases. Else the usual place for temporary files."""
    memory = Path("/dev/shm")  # noqa: S108 -- the folder itself is made by mkdtemp
    return memory if memory.is_dir() and shutil.disk_usage(memory).free > ROOM else None


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _identity() -> dict[str, Any]:
    """PostgreSQL refuses to run as root: there it runs as `postgres`, which Debian's package makes."""
    if os.geteuid() != 0:
        return {}
    try:
        person = pwd.getpwnam("postgres")
    except KeyError:
        raise NoPostgres(
            "There is no user `postgres` on this machine. Install postgresql-common, or do not run this as root."
        ) from None
    return {"user": person.pw_uid, "group": person.pw_gid, "extra_groups": []}


def _make_cluster(programmes: Path, folder: Path, password: str) -> None:
    secret = folder / "password"
    secret.write_text(password)
    identity = _identity()
    if identity:
        for path in (folder, secret):
            os.chown(path, identity["user"], identity["group"])
    words = [
        programmes / "initdb", "--pgdata", folder / "data", "--username", OWNER, "--pwfile", secret, "--auth", "scram-sha-256",
        "--encoding", "UTF8", "--locale", "C.UTF-8", "--data-checksums",
    ]  # fmt: skip
    _run(words, cwd=folder, **identity)
    secret.unlink()
    lines = [f"{name} = '{value}'" for name, value in SETTINGS.items()]
    with (folder / "data" / "postgresql.conf").open("a") as file:
        file.write("\n".join(["", *lines, ""]))


def _start(programmes: Path, folder: Path, port: int) -> subprocess.Popen[bytes]:
    with (folder / "server.log").open("wb") as log:
        # A session of its own: Ctrl-C in the terminal reaches us, and we stop the server in good order.
        return subprocess.Popen(
            [programmes / "postgres", "-D", folder / "data", "-p", str(port)],
            cwd=folder, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True, **_identity(),
        )  # fmt: skip


def _wait(programmes: Path, folder: Path, process: subprocess.Popen[bytes], port: int) -> None:
    until = time.monotonic() + SECONDS
    words = [programmes / "pg_isready", "--quiet", "--host", "127.0.0.1", "--port", str(port)]
    while subprocess.run(words, check=False).returncode:
        if process.poll() is not None or time.monotonic() > until:
            raise NoPostgres("PostgreSQL did not start:\n" + (folder / "server.log").read_text()[-2000:])
        time.sleep(0.05)


def _make_databases(programmes: Path, port: int, password: str) -> None:
    words = [
        programmes / "psql",
        "--host",
        "127.0.0.1",
        "--port",
        str(port),
        "--username",
        OWNER,
        "--dbname",
        "postgres",
        "--quiet",
    ]
    for name in DATABASES:
        _run([*words, "--command", f"CREATE DATABASE {name}"], env={**os.environ, "PGPASSWORD": password})


def _run(words: Sequence[object], **more: Any) -> None:
    done = subprocess.run([str(word) for word in words], check=False, capture_output=True, text=True, **more)
    if done.returncode:
        raise NoPostgres(f"{words[0]} failed:\n{done.stderr[-2000:]}")


def _stop(process: subprocess.Popen[bytes]) -> None:
    """Fast shutdown; at once when that takes too long."""
    for wish, seconds in ((signal.SIGINT, 20), (signal.SIGQUIT, 10), (signal.SIGKILL, 10)):
        if process.poll() is not None:
            return
        process.send_signal(wish)
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            continue


def _raise_on_sigterm() -> Any:
    """A SIGTERM ends us like an error does, so that the server is stopped. Returns what was there before."""
    if threading.current_thread() is not threading.main_thread():
        return None

    def leave(number: int, frame: FrameType | None) -> None:
        raise SystemExit(128 + number)

    return signal.signal(signal.SIGTERM, leave)


def main(words: Sequence[str]) -> int:
    """Run a command beside a server, or hold a server until Ctrl-C."""
    words = words[1:] if words[:1] == ["--"] else words
    try:
        with running() as server:
            if not words:
                print(server.address, flush=True)
                signal.pause()
            return _beside(server, words)
    except NoPostgres as error:
        print(error, file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130


def _beside(server: Server, words: Sequence[str]) -> int:
    environment = {**os.environ, "GEHOOR_TEST_POSTGRES": server.address, "GEHOOR_TEST_POSTGRES_LOG": str(server.log)}
    with subprocess.Popen(words, env=environment) as process:
        try:
            return process.wait()
        except BaseException:
            process.terminate()
            process.wait(SECONDS)
            raise


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
