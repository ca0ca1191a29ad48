"""An installation for one measurement: a data folder, databases and a server of its own, all gone afterwards.

Used by the programmes beside it. Talks to Gehoor as an operator does: by the `gehoor` command and over HTTP.
"""

import http.client
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self

HERE = Path(__file__).resolve().parent
REPOSITORY = HERE.parent
TICKS = os.sysconf("SC_CLK_TCK")
SECONDS_TO_START = 60


class Server:
    """A process group that listens on a port. `kill` is SIGKILL to all of it at once, as when the power goes."""

    def __init__(self, words: Sequence[str], port: int, environment: Mapping[str, str], log: Path) -> None:
        self.words, self.port, self.environment, self.log = list(words), port, dict(environment), log
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start, and wait until it answers."""
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.words, env=self.environment, cwd=REPOSITORY, stdout=log, stderr=log, start_new_session=True
            )
        deadline = time.monotonic() + SECONDS_TO_START
        while not self._answers():
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"the server did not start: {self.log.read_text()[-2000:]}")
            time.sleep(0.05)

    def kill(self) -> None:
        """SIGKILL to every process of the group; returns when all are gone."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """Stop as an operator does."""
        self._end(signal.SIGTERM)

    def cpu_seconds(self) -> float:
        """Processor time that the living processes of the group have used."""
        return sum(_cpu_of(pid) for pid in self._members())

    def memory_mb(self) -> int:
        """Memory that the living processes of the group hold."""
        return round(sum(_resident(pid) for pid in self._members()) / 2**20)

    def _end(self, how: signal.Signals) -> None:
        if self.process is None:
            return
        os.killpg(self.process.pid, how)
        self.process.wait()
        while self._members():
            time.sleep(0.01)
        self.process = None

    def _members(self) -> list[int]:
        group = self.process.pid if self.process else -1
        return [pid for pid, fields in _processes() if int(fields[2]) == group and fields[0] != "Z"]

    def _answers(self) -> bool:
        try:
            connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
            connection.request("GET", "/")
            connection.getresponse().read()
            connection.close()
        except OSError:
            return False
        return True


class Installation:
    """Gehoor in a folder of its own. With `postgres`, such as postgresql://user@127.0.0.1:5432, on two fresh databases."""

    def __init__(self, folder: Path, *, postgres: str = "", name: str = "bench") -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder, self.port = folder, free_port()
        self.environment = {
            **{key: value for key, value in os.environ.items() if not key.startswith("GEHOOR_")},
            "PYTHONPATH": str(REPOSITORY / "src"),
            "GEHOOR_DATA": str(folder),
            "GEHOOR_BASE_URL": f"http://127.0.0.1:{self.port}",
        }
        if postgres:
            self.environment |= {
                "GEHOOR_DATABASE_URL": fresh_database(postgres, f"gehoor_{name}"),
                "GEHOOR_VAULT_URL": fresh_database(postgres, f"vault_{name}"),
            }
        words = [sys.executable, "-m", "gehoor", "serve", "--port", str(self.port), "--no-live"]
        self.server = Server(words, self.port, self.environment, folder / "server.log")

    def run(self, *words: str) -> Any:
        """One `gehoor` command; returns what it says as JSON."""
        return json.loads(self.said(*words, "--json"))

    def said(self, *words: str) -> str:
        """One `gehoor` command; returns what it prints. Raises RuntimeError when it is refused."""
        done = subprocess.run(
            [sys.executable, "-m", "gehoor", *words],
            env=self.environment,
            cwd=self.folder,
            capture_output=True,
            check=False,
            text=True,
        )
        if done.returncode:
            raise RuntimeError(f"gehoor {' '.join(words)} ended with {done.returncode}: {done.stderr[-2000:]}")
        return done.stdout

    def inside(self, what: str, given: Any = None) -> Any:
        """One function of inside.py, run in a process of its own with the project's Python."""
        done = subprocess.run(
            [sys.executable, str(HERE / "inside.py"), what],
            input=json.dumps(given), env=self.environment, cwd=self.folder, capture_output=True, check=False, text=True,
        )  # fmt: skip
        if done.returncode:
            raise RuntimeError(f"inside.py {what}: {done.stderr[-3000:]}")
        return json.loads(done.stdout)

    def __enter__(self) -> Self:
        self.run("migrate")
        return self

    def __exit__(self, *_: object) -> None:
        self.server.stop()


@contextmanager
def scratch(prefix: str, *, keep: bool = False) -> Iterator[Path]:
    """A folder outside the repository; removed unless `keep`."""
    folder = Path(tempfile.mkdtemp(prefix=f"gehoor-{prefix}-"))
    try:
        yield folder
    finally:
        if keep:
            print(f"kept: {folder}")
        else:
            shutil.rmtree(folder, ignore_errors=True)


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def fresh_database(postgres: str, name: str) -> str:
    """An empty database; one of that name from an earlier run is dropped. Returns its address."""
    import psycopg  # only where PostgreSQL is measured

    with psycopg.connect(f"{postgres}/postgres", autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        connection.execute(f"CREATE DATABASE \"{name}\" TEMPLATE template0 ENCODING 'UTF8'")
    return f"{postgres}/{name}"


def busy_seconds() -> float:
    """Processor time of everything on this machine since it started."""
    user, nice, system, _idle, _wait, irq, soft, *_ = map(
        int, Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:]
    )
    return (user + nice + system + irq + soft) / TICKS


def cpu_named(name: str) -> float:
    """Processor time of all living processes with a name, such as postgres."""
    return sum(_cpu_of(pid) for pid, _ in _processes() if _name_of(pid) == name)


def _processes() -> Iterator[tuple[int, list[str]]]:
    """Each process with the fields of its stat from `state` on."""
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and (fields := _stat(int(entry.name))):
            yield int(entry.name), fields


def _stat(pid: int) -> list[str]:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except (OSError, ProcessLookupError):
        return []


def _name_of(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/comm").read_text().strip()
    except (OSError, ProcessLookupError):
        return ""


def _cpu_of(pid: int) -> float:
    fields = _stat(pid)
    return (int(fields[11]) + int(fields[12])) / TICKS if fields else 0.0


def _resident(pid: int) -> int:
    fields = _stat(pid)
    return int(fields[21]) * os.sysconf("SC_PAGE_SIZE") if fields else 0
