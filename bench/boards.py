"""A note on the other screens: how long from its sending to each of them, beside y-websocket and Hocuspocus. Prints JSON.

    python bench/boards.py [--postgres URL] [--rounds 3] [--only "100 at once"] [--alone] [--profile]

All servers take turns within a round, on the same ways of writing, held by the same client (peers/people.mjs). The ratio
is the median of the ratios of the rounds. Gehoor commits before it tells; the two others keep nothing. At the end of each
turn everybody must have the same board, and Gehoor's log each acknowledged command once. Needs node and npm.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles
from threading import Event, Thread
from time import monotonic, perf_counter
from typing import Any, Self

from installation import HERE, REPOSITORY, Installation, Server, busy_seconds, cpu_named, free_port, scratch

# Long enough for some hundreds of notes: the twentieth of sixty would be three of them.
WAYS: dict[str, dict[str, Any]] = {
    "30 every 5 s": {"people": 30, "pause": 5000, "together": False, "seconds": 40},
    "100 every 5 s": {"people": 100, "pause": 5000, "together": False, "seconds": 20},
    "100 twice a second": {"people": 100, "pause": 500, "together": False, "seconds": 10},
    "100 at once": {"people": 100, "pause": 500, "together": True, "seconds": 10},
}
WARM = 3  # times that everybody writes before the clock runs
FILES = ("package.json", "package-lock.json", "people.mjs", "hocuspocus.mjs")
PEERS = {
    "y-websocket": ("node", "node_modules/y-websocket/bin/server.js"),
    "hocuspocus": ("node", "hocuspocus.mjs"),
}


@dataclass
class Side:
    """A server that is measured."""

    name: str
    server: Server

    def __enter__(self) -> Self:
        self.server.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.server.stop()

    def seats(self, people: int) -> dict[str, Any]:
        """What so many people need to sit down."""
        return {}

    def stored(self, _seats: dict[str, Any]) -> dict[str, int] | None:
        """What it kept."""
        return None


@dataclass
class Gehoor(Side):
    """The live side of an installation of its own."""

    house: Installation

    def seats(self, people: int) -> dict[str, Any]:
        """A board of its own for each turn."""
        return dict(self.house.inside("board", {"people": people}))

    def stored(self, seats: dict[str, Any]) -> dict[str, int] | None:
        """The commands in its log."""
        return dict(self.house.inside("events", {"meeting": seats["meeting"]}))


def install(folder: Path) -> Path:
    """The peers, in the versions that package-lock.json names, and the people beside them."""
    place = folder / "peers"
    place.mkdir()
    for name in FILES:
        shutil.copy(HERE / "peers" / name, place / name)
    words = ["npm", "ci", "--omit=optional", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"]
    subprocess.run(words, cwd=place, check=True)
    return place


def peer(name: str, place: Path) -> Side:
    """One of the others; it listens on 127.0.0.1 and keeps nothing."""
    port = free_port()
    environment = {**os.environ, "HOST": "127.0.0.1", "PORT": str(port)}
    program, file = PEERS[name]
    return Side(name, Server([program, str(place / file)], port, environment, place / f"{name}.log"))


def gehoor(house: Installation, *, traced: bool = False) -> Gehoor:
    """The live side as `gehoor serve` starts it; `traced` with a clock around its parts."""
    port = free_port()
    what = "traced:application" if traced else "gehoor.project.asgi:application"
    words = [sys.executable, "-m", "uvicorn", what, "--port", str(port), "--no-access-log", "--log-level", "warning"]
    words += ["--timeout-keep-alive", "75", "--timeout-graceful-shutdown", "2"]
    environment = {**house.environment, "PYTHONPATH": f"{REPOSITORY / 'src'}{os.pathsep}{HERE}"}
    return Gehoor("gehoor", Server(words, port, environment, house.folder / "live.log"), house)


def turn(side: Side, way: str, place: Path) -> dict[str, Any]:
    """Everybody writes this way for so long; what the people measured, and what the server used meanwhile."""
    seats, disk = side.seats(WAYS[way]["people"]), Disk(place)
    plan = {**WAYS[way], **seats, "server": side.name, "port": side.server.port, "warm": WARM}
    with subprocess.Popen(
        ["node", "people.mjs", json.dumps(plan)], cwd=place, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as people:
        assert people.stdin
        assert people.stdout
        _expect(people.stdout.readline(), "ready")
        before = (monotonic(), side.server.cpu_seconds(), cpu_named("postgres"), busy_seconds())
        with disk:
            print("go", file=people.stdin, flush=True)
            _expect(people.stdout.readline(), "done")
        after = (monotonic(), side.server.cpu_seconds(), cpu_named("postgres"), busy_seconds())
        found: dict[str, Any] = json.loads(people.stdout.readline())
    took, server, database, busy = (one - other for one, other in zip(after, before, strict=True))
    others = busy - server - database - found["client_cores"] * took
    found |= {
        "server_cores": round(server / took, 2),
        "database_cores": round(database / took, 2),
        "others_cores": round(max(0, others) / took, 2),
        "rss_mb": side.server.memory_mb(),
        "flush_ms": disk.flush_ms(),
        "stored": side.stored(seats),
    }
    _check(found)
    return found


class Disk:
    """How long this disk takes to keep 4 KiB for good, four times a second while people write: no commit is faster."""

    def __init__(self, folder: Path) -> None:
        self.place, self.took, self.is_over = folder / "flush", list[float](), Event()
        self.work = Thread(target=self._flush)

    def __enter__(self) -> Self:
        self.work.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.is_over.set()
        self.work.join()

    def _flush(self) -> None:
        with self.place.open("wb", buffering=0) as file:
            while not self.is_over.wait(0.25):
                file.write(bytes(4096))
                begun = perf_counter()
                os.fdatasync(file.fileno())
                self.took.append(1000 * (perf_counter() - begun))

    def flush_ms(self) -> dict[str, float]:
        """The half and the twentieth."""
        cuts = quantiles(self.took, n=20)
        return {"p50": round(cuts[9], 2), "p95": round(cuts[18], 2)}


def _expect(line: str, word: str) -> None:
    if line.strip() != word:
        raise RuntimeError(f"the people did not say {word!r} but {line!r}")


def _check(found: dict[str, Any]) -> None:
    """Nothing lost, nothing doubled, one board. Only what was kept can be checked in a log."""
    wrong = found["lost"] or found["boards_that_differ"]  # less than none lost: something was told twice
    stored = found["stored"]
    if stored:
        wrong = wrong or stored["gaps"] or stored["commands"] != found["written"]
    found["right"] = not wrong


def rounds(sides: Sequence[Side], way: str, number: int, place: Path) -> dict[str, Any]:
    """The turns of all servers, another one first in each round, and what came of it."""
    turns: list[dict[str, dict[str, Any]]] = []
    for start in range(number):
        order = [sides[(start + step) % len(sides)] for step in range(len(sides))]
        found = {side.name: turn(side, way, place) for side in order}
        print(json.dumps({"way": way, **found}), file=sys.stderr, flush=True)
        turns.append(found)
    return {
        "way": way,
        "median": {side.name: _middle([each[side.name] for each in turns]) for side in sides},
        "gehoor_to": {side.name: _ratios(turns, side.name) for side in sides if side.name != "gehoor"},
        "all_right": all(each["gehoor"]["right"] for each in turns),
        "rounds": turns,
    }


def _middle(turns: Sequence[dict[str, Any]]) -> dict[str, float]:
    middle = {name: median(each["wait_ms"][name] for each in turns) for name in ("p50", "p95", "p99")}
    for name in ("server_cores", "database_cores", "others_cores", "rss_mb", "deliveries_a_second"):
        middle[name] = median(each[name] for each in turns)
    middle |= {f"flush_{name}": median(each["flush_ms"][name] for each in turns) for name in ("p50", "p95")}
    return middle


def _ratios(turns: Sequence[dict[str, Any]], other: str) -> dict[str, list[float]]:
    """Gehoor's figure to another's, by round: the median, the least and the most."""
    said = {}
    for name in ("p50", "p95", "p99"):
        ratios = [each["gehoor"]["wait_ms"][name] / each[other]["wait_ms"][name] for each in turns]
        said[name] = [round(one, 2) for one in (median(ratios), min(ratios), max(ratios))]
    return said


def main() -> None:
    """Measure each way of writing; fail when something was lost, doubled or seen otherwise."""
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("--postgres", default="", metavar="URL")
    words.add_argument("--rounds", type=int, default=3)
    words.add_argument("--only", default=",".join(WAYS), metavar="WAYS", help=f"of: {', '.join(WAYS)}")
    words.add_argument("--alone", action="store_true", help="Gehoor without the others")
    words.add_argument("--profile", action="store_true", help="Gehoor alone, with where its time goes")
    wanted = words.parse_args()
    with ExitStack() as stack:
        folder = stack.enter_context(scratch("boards"))
        place = install(folder)
        house = stack.enter_context(Installation(folder / "house", postgres=wanted.postgres, name="boards"))
        house.run("office", "add", "Leerplicht Voorbeeldstad", "--slug", "office")
        sides: list[Side] = [gehoor(house, traced=wanted.profile)]
        if not (wanted.alone or wanted.profile):
            sides += [peer(name, place) for name in PEERS]
        for side in sides:
            stack.enter_context(side)
        found = [rounds(sides, way, wanted.rounds, place) for way in wanted.only.split(",")]
        if wanted.profile:
            sides[0].server.stop()
            print(sides[0].server.log.read_text(), file=sys.stderr)
    print(json.dumps(found, indent=1))
    sys.exit(0 if all(one["all_right"] for one in found) else 1)


if __name__ == "__main__":
    main()
