"""A note on the other screens: how long from its sending to each of them, committed before it was told. Prints JSON.

    python bench/boards.py [--postgres URL] [--people 30,100] [--seconds 20]

Three ways of writing: everybody every five seconds, everybody twice a second, and everybody at the same moment twice a
second. Each person has a line for commands and a stream, as a browser has. All are held by this one process, with one clock;
what it costs to read is in the figures. At the end every person must have the same board, and the log each command once.
"""

import argparse
import asyncio
import json
import secrets
import sys
import time
from contextlib import suppress
from dataclasses import dataclass, field
from statistics import quantiles
from typing import Any

from installation import Installation, Server, free_port, scratch

WAYS = ("every 5 s", "twice a second", "all at once")


@dataclass
class Person:
    """Somebody at the board, with one note that they keep changing."""

    digits: str
    port: int
    meeting: int
    note: str = field(default_factory=lambda: secrets.token_urlsafe(16))
    version: int = 0
    acknowledged: int = 0
    refused: int = 0
    seen: dict[str, tuple[int, str]] = field(default_factory=dict)
    waits: list[float] = field(default_factory=list)
    answers: list[float] = field(default_factory=list)
    bytes_heard: int = 0

    async def listen(self) -> None:
        """Read the stream for ever; note how old each change is."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port, limit=2**20)
        writer.write(self._request("GET", "stroom/?na=0"))
        try:
            while line := await reader.readline():
                self.bytes_heard += len(line)
                if line.startswith(b"data: "):
                    self._take(json.loads(line[6:]))
        finally:
            writer.close()

    def _take(self, told: dict[str, Any]) -> None:
        now = time.perf_counter()
        for note in told.get("notes", ()):
            self.seen[note["note"]] = (note["version"], note["text"])
            if note["note"] != self.note and note["text"].startswith("t="):
                self.waits.append(now - float(note["text"].partition(" ")[0][2:]))

    def _request(self, method: str, path: str, body: bytes = b"") -> bytes:
        head = (
            f"{method} /bord/{self.meeting}/{path} HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: gehoor-bord={self.digits}\r\n"
            f"Content-Length: {len(body)}\r\n\r\n"
        )
        return head.encode() + body

    async def open(self) -> None:
        """The line for commands."""
        self.reader, self.writer = await asyncio.open_connection("127.0.0.1", self.port)

    async def write(self) -> None:
        """Put the time of sending in the own note; the first time, make it."""
        text = f"t={time.perf_counter()} Bel van tevoren even op, dan schrik ik minder. Ik wist niet wat ik moest doen."
        command: dict[str, Any] = {"key": secrets.token_urlsafe(16), "note": self.note, "kind": "wish", "text": text}
        command |= {"do": "edit", "version": self.version} if self.version else {"do": "write", "frame": 0}
        begun = time.perf_counter()
        self.writer.write(self._request("POST", "doe/", json.dumps([command]).encode()))
        status = int((await self.reader.readline()).split()[1])
        size = 0
        while (line := await self.reader.readline()) != b"\r\n":
            if line.lower().startswith(b"content-length:"):
                size = int(line.split(b":")[1])
        told = json.loads(await self.reader.readexactly(size))
        self.answers.append(time.perf_counter() - begun)
        if status == 200 and told["outcomes"][0]["seq"]:
            self.acknowledged += 1
            self.version += 1
        else:
            self.refused += 1


async def measure(people: list[Person], way: str, seconds: float) -> dict[str, Any]:
    """Everybody writes this way for so long; the waits of all, and whether all see the same."""
    listening = [asyncio.create_task(person.listen()) for person in people]
    await asyncio.gather(*(person.open() for person in people))
    await asyncio.sleep(1)
    begun = time.perf_counter()
    if way == "all at once":
        while time.perf_counter() - begun < seconds:
            following = time.perf_counter() + 0.5
            await asyncio.gather(*(person.write() for person in people))
            await asyncio.sleep(max(0, following - time.perf_counter()))
    else:
        pause = 5.0 if way == "every 5 s" else 0.5
        await asyncio.gather(
            *(_keep_on(person, pause, place / len(people), begun + seconds) for place, person in enumerate(people))
        )
    await asyncio.sleep(1.5)
    for task in listening:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
    waits = [wait * 1000 for person in people for wait in person.waits]
    answers = [answer * 1000 for person in people for answer in person.answers]
    boards = {json.dumps(sorted(person.seen.items())) for person in people}
    return {
        "way": way,
        "people": len(people),
        "deliveries_a_second": round(len(waits) / seconds),
        "wait_ms": _spread(waits),
        "answer_ms": _spread(answers),
        "acknowledged": sum(person.acknowledged for person in people),
        "refused": sum(person.refused for person in people),
        "boards_that_differ": len(boards) - 1,
    }


async def _keep_on(person: Person, pause: float, phase: float, until: float) -> None:
    await asyncio.sleep(phase * pause)
    while time.perf_counter() < until:
        following = time.perf_counter() + pause
        await person.write()
        await asyncio.sleep(max(0, following - time.perf_counter()))


def _spread(values: list[float]) -> dict[str, float]:
    cuts = quantiles(values, n=100)
    return {"p50": round(cuts[49], 2), "p95": round(cuts[94], 2), "p99": round(cuts[98], 2)}


def main() -> None:
    """Measure each way with each number of people, on boards of their own."""
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("--postgres", default="", metavar="URL")
    words.add_argument("--people", default="30,100")
    words.add_argument("--seconds", type=float, default=20)
    wanted = words.parse_args()
    found = []
    with scratch("boards") as folder, Installation(folder, postgres=wanted.postgres, name="boards") as house:
        port = free_port()
        live = [
            sys.executable,
            "-m",
            "uvicorn",
            "gehoor.project.asgi:application",
            "--port",
            str(port),
            "--no-access-log",
        ]
        live += ["--log-level", "warning", "--timeout-keep-alive", "75", "--timeout-graceful-shutdown", "2"]
        server = Server(live, port, house.environment, folder / "live.log")
        house.run("office", "add", "Leerplicht Voorbeeldstad", "--slug", "office")
        server.start()
        try:
            for number in map(int, wanted.people.split(",")):
                for way in WAYS:
                    found.append(_one(house, server, number, way, wanted.seconds))
                    print(json.dumps(found[-1]), file=sys.stderr, flush=True)
        finally:
            server.stop()
    print(json.dumps(found, indent=1))


def _one(house: Installation, server: Server, number: int, way: str, seconds: float) -> dict[str, Any]:
    """One way of writing, on a board of its own."""
    seats = house.inside("board", {"people": number})
    people = [Person(digits, server.port, seats["meeting"]) for digits in seats["digits"]]
    spent = server.cpu_seconds()
    one = asyncio.run(measure(people, way, seconds))
    one["server_cores"] = round((server.cpu_seconds() - spent) / seconds, 2)
    one["stored"] = house.inside("events", {"meeting": seats["meeting"]})
    return one


if __name__ == "__main__":
    main()
