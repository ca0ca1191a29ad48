"""Completed submissions a second: Gehoor on SQLite and on PostgreSQL, beside a bare Django with the same server and database.

    python bench/submissions.py [--postgres URL] [--limesurvey URL] [--rounds 3] [--visitors 2000] [--concurrency 8,32]

A submission is a new visitor: the page with the questions, the form, the page with the receipt; validated, sealed and
committed before the answer. The servers take turns in each round; a ratio is that of one round, and the median of the
rounds is told with its range. The exchange of a code for a cookie stands apart. With the address of a survey in a LimeSurvey
on this machine, LimeSurvey takes its turn as well (docs/how-to/measure-beside-limesurvey.md).
"""

import argparse
import http.client
import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles
from typing import Any, Protocol
from urllib.parse import urlsplit

from installation import HERE, Installation, Server, busy_seconds, cpu_named, free_port, fresh_database, scratch
from limesurvey import place_of

# Measured once on a machine like the first one: tells the size, proves nothing. Used when there is no LimeSurvey here.
LIMESURVEY = {8: 13.3, 32: 14.4}
FORM = {
    "nu": "nl", "verstuur": "1", "hulp": "none", "q.informed": "yes", "q.heard": "4", "q.safe": "5", "q.fair": "3", "q.helped": "4",
    "q.background": "age_14_15",
    "q.good": "De mevrouw luisterde goed en legde rustig uit wat er ging gebeuren.",
    "q.better": "Het duurde lang voor ik wist wanneer het gesprek was. Ik kreeg drie brieven op één dag.",
}  # fmt: skip
QUIET = 15  # per cent of a core that others may use


class Listener(Protocol):
    """What answers on a port."""

    port: int

    def cpu_seconds(self) -> float:
        """Processor time that it used, without its database."""


@dataclass
class Named:
    """What somebody else started: its processes are known by their names only."""

    port: int
    names: tuple[str, ...]

    def cpu_seconds(self) -> float:
        """Processor time of all of them."""
        return sum(cpu_named(name) for name in self.names)


@dataclass
class Candidate:
    """One server under load. `cookies` gives so many fresh visitors; `databases` are the names of processes."""

    name: str
    kind: str
    server: Listener
    cookies: Callable[[int], list[str]]
    databases: tuple[str, ...]
    path: str = ""
    visitors: int = 0  # its own number, when it is slow

    def database_seconds(self) -> float:
        """Processor time that its database server used."""
        return sum(cpu_named(name) for name in self.databases)


@dataclass
class Run:
    """One run of one candidate."""

    rate: float
    cpu_ms: float
    database_ms: float
    client: float  # per cent of a core
    foreign: float
    times: list[list[float]]

    @property
    def processor_ms(self) -> float:
        """Of the server and the database together, for one submission."""
        return self.cpu_ms + self.database_ms


def measure(one: Candidate, concurrency: int, visitors: int, *, keep_alive: bool) -> Run:
    """So many visitors, so many at once."""
    job = {"kind": one.kind, "port": one.server.port, "path": one.path, "concurrency": concurrency,
           "visitors": one.cookies(visitors), "form": FORM, "keep_alive": keep_alive}  # fmt: skip
    before = one.server.cpu_seconds(), one.database_seconds(), busy_seconds()
    done = subprocess.run(
        [sys.executable, str(HERE / "load.py")], input=json.dumps(job), capture_output=True, check=False, text=True
    )
    if done.returncode:
        raise RuntimeError(f"{one.name}: {done.stderr[-2000:]}")
    said = json.loads(done.stdout)
    server, database, busy = (
        one.server.cpu_seconds() - before[0],
        one.database_seconds() - before[1],
        busy_seconds() - before[2],
    )
    return Run(
        rate=said["done"] / said["seconds"],
        cpu_ms=1000 * server / visitors,
        database_ms=1000 * database / visitors,
        client=100 * said["cpu"] / said["seconds"],
        # Starting the client's Python counts as foreign; some per cents at most.
        foreign=max(0.0, 100 * (busy - server - database - said["cpu"]) / said["seconds"]),
        times=said["times"],
    )


# --- the servers ---------------------------------------------------------------------------------------------------


@contextmanager
def gehoor(folder: Path, postgres: str) -> Iterator[Candidate]:
    """`gehoor serve` with a round that has a code for each visitor."""
    with Installation(folder, postgres=postgres, name="submissions") as house:
        house.run("office", "add", "Leerplicht Voorbeeldstad", "--slug", "office")
        made = house.run("round", "start", "--office", "office", "--questionnaire", "jongere", "--codes", "1")
        house.server.start()

        def cookies(visitors: int) -> list[str]:
            codes = house.run("round", "codes", "--round", str(made["round"]), "--codes", str(visitors))["codes"]
            return _exchanged(house.port, [urlsplit(code["url"]).path for code in codes])

        kind = "PostgreSQL" if postgres else "SQLite"
        yield Candidate(f"Gehoor, {kind}", "gehoor", house.server, cookies, ("postgres",) if postgres else ())


def _exchanged(port: int, paths: Sequence[str]) -> list[str]:
    """A cookie for each code, on one connection, one after the other."""
    connection, cookies = http.client.HTTPConnection("127.0.0.1", port), []
    started = time.perf_counter()
    for path in paths:
        connection.request("GET", path)
        answer = connection.getresponse()
        answer.read()
        cookies.append((answer.getheader("Set-Cookie") or "").partition(";")[0])
    connection.close()
    print(
        f"    {len(paths)} codes exchanged, {1000 * (time.perf_counter() - started) / len(paths):.2f} ms each, one after the other"
    )
    return cookies


@contextmanager
def bare(folder: Path, postgres: str) -> Iterator[Candidate]:
    """bare.py on granian, with the words that `gehoor serve` uses."""
    folder.mkdir()
    house = Installation(folder)
    port = free_port()
    address = fresh_database(postgres, "bare_submissions") if postgres else str(folder / "bare.sqlite3")
    environment = {**house.environment, "BARE_DATABASE": address, "PYTHONPATH": str(HERE)}
    subprocess.run([sys.executable, str(HERE / "bare.py")], env=environment, check=True)
    words = [
        sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port), "--workers", "2",
        "--blocking-threads", "1", "--no-ws", "--no-access-log", "--log-level", "warning", "bare:application",
    ]  # fmt: skip
    server = Server(words, port, environment, folder / "server.log")
    server.start()
    try:
        yield Candidate(
            f"bare Django, {'PostgreSQL' if postgres else 'SQLite'}",
            "bare",
            server,
            lambda n: ["none=1"] * n,
            ("postgres",) if postgres else (),
        )
    finally:
        server.stop()


def limesurvey(address: str, visitors: int) -> Candidate:
    """A survey that is there already. A visitor comes without a cookie and gets two, a session's and the form's."""
    place = place_of(address)
    server = Named(place.port, place.web)
    return Candidate("LimeSurvey", "limesurvey", server, lambda n: [""] * n, place.databases, place.path, visitors)


# --- the report ----------------------------------------------------------------------------------------------------


Runs = dict[tuple[str, int], list[Run]]


def tell(candidates: Sequence[Candidate], runs: Runs, levels: Sequence[int]) -> None:
    """A table for people."""
    ours, bares, others = ([one for one in candidates if one.kind == kind] for kind in ("gehoor", "bare", "limesurvey"))
    for level in levels:
        print(f"\n{level} clients at once (median, range)")
        for one in candidates:
            _tell_one(one, runs[one.name, level])
        for own, other in zip(ours, bares, strict=True):
            _tell_ratio(own, other, runs, level)
        for own in ours:
            for other in others:
                _tell_ratio(own, other, runs, level)
            if not others and level in LIMESURVEY:
                print(
                    f"  {own.name}: {median(run.rate for run in runs[own.name, level]) / LIMESURVEY[level]:.0f} times LimeSurvey's {LIMESURVEY[level]}/s"
                )
    worst = max(run.foreign for mine in runs.values() for run in mine)
    if worst > QUIET:
        print(
            f"\nOthers used up to {worst:.0f} % of a core during a run: not quiet, so take only the ratios, and those with care."
        )


def _tell_one(one: Candidate, mine: Sequence[Run]) -> None:
    digits = 1 if one.visitors else 0
    print(f"  {one.name:24}{_spread([run.rate for run in mine], digits)}/s  server {_spread([run.cpu_ms for run in mine], 2)} ms"
          f"{f' + database {median(run.database_ms for run in mine):.2f} ms' if one.databases else ''} a submission;"
          f" client {median(run.client for run in mine):.0f} %, others {max(run.foreign for run in mine):.0f} % of a core")  # fmt: skip
    for what, times in zip(("GET page", "POST", "GET receipt"), _joined(mine), strict=True):
        if times:
            print(
                f"    {what:12} p50 {_quantile(times, 50):.1f}  p95 {_quantile(times, 95):.1f}  p99 {_quantile(times, 99):.1f} ms"
            )


def _tell_ratio(own: Candidate, other: Candidate, runs: Runs, level: int) -> None:
    """Of each round by itself: what disturbs the machine disturbs both."""
    rounds = list(zip(runs[own.name, level], runs[other.name, level], strict=True))
    rates = _spread([mine.rate / his.rate for mine, his in rounds], 2 if other.kind == "bare" else 1)
    costs = _spread([his.processor_ms / mine.processor_ms for mine, his in rounds], 1)
    print(
        f"  {own.name} : {other.name} = {rates} times the submissions a second, each for 1/{costs} of the processor time"
    )


def _spread(values: Sequence[float], digits: int) -> str:
    return f"{median(values):.{digits}f} ({min(values):.{digits}f}-{max(values):.{digits}f})"


def _joined(runs: Sequence[Run]) -> list[list[float]]:
    return [[one for run in runs for one in run.times[step]] for step in range(3)]


def _quantile(times: Sequence[float], part: int) -> float:
    return 1000 * quantiles(times, n=100)[part - 1]


def main() -> None:
    """Alternate, then tell."""
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument(
        "--postgres",
        default="",
        metavar="URL",
        help="such as postgresql://user@127.0.0.1:5432; databases are made there",
    )
    words.add_argument(
        "--limesurvey", default="", metavar="URL", help="a survey of an installed LimeSurvey at 127.0.0.1"
    )
    words.add_argument(
        "--limesurvey-visitors", type=int, default=130, help="in each of its runs (default: 130, some 10 s)"
    )
    words.add_argument("--rounds", type=int, default=3)
    words.add_argument("--visitors", type=int, default=2000, help="in each run (default: 2000)")
    words.add_argument("--concurrency", default="8,32")
    words.add_argument(
        "--keep-alive", action="store_true", help="visitors follow each other on one connection, as behind a proxy"
    )
    words.add_argument("--json", default="", metavar="FILE", help="write every run here")
    wanted = words.parse_args()
    levels = [int(level) for level in wanted.concurrency.split(",")]
    runs: Runs = {}
    with scratch("submissions") as folder, ExitStack() as stack:
        candidates: list[Candidate] = []
        for place, postgres in enumerate(["", wanted.postgres] if wanted.postgres else [""]):
            candidates.append(stack.enter_context(gehoor(folder / f"gehoor-{place}", postgres)))
            candidates.append(stack.enter_context(bare(folder / f"bare-{place}", postgres)))
        if wanted.limesurvey:
            candidates.append(limesurvey(wanted.limesurvey, wanted.limesurvey_visitors))
        for one in candidates:
            measure(one, 8, 100, keep_alive=wanted.keep_alive)  # warm
        for number in range(wanted.rounds):
            for level in levels:
                for one in candidates:
                    run = measure(one, level, one.visitors or wanted.visitors, keep_alive=wanted.keep_alive)
                    runs.setdefault((one.name, level), []).append(run)
                    print(f"  round {number + 1}, {level:2} at once, {one.name:24}{run.rate:7.1f}/s")
        tell(candidates, runs, levels)
    if wanted.json:
        told: dict[str, Any] = {
            f"{name}, {level}": [vars(run) | {"times": None} for run in mine] for (name, level), mine in runs.items()
        }
        Path(wanted.json).write_text(json.dumps(told, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
