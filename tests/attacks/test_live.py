"""The live side of a board, on real storage and over real lines: who hears what, and that nothing is lost or doubled."""

import asyncio
import contextlib
import datetime as dt
import hashlib
import http.client
import json
import secrets
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from django.db import connections
from tests.attacks.house import House
from tests.attacks.server import environment

from gehoor.boards import changes, commands, live
from gehoor.boards import seats as board_seats
from gehoor.boards.models import Board, Event
from gehoor.meetings import changes as meetings
from gehoor.meetings.models import Meeting

ORIGIN = "http://127.0.0.1:8000"


def new_key() -> str:
    return secrets.token_urlsafe(16)


@dataclass
class Server:
    """The live side as `gehoor serve` starts it."""

    house: House
    output: Path
    port: int = 0
    process: "subprocess.Popen[bytes] | None" = None

    def start(self) -> None:
        if not self.port:
            with socket.socket() as probe:
                probe.bind(("127.0.0.1", 0))
                self.port = int(probe.getsockname()[1])
        words = [sys.executable, "-m", "uvicorn", "gehoor.project.asgi:application", "--port", str(self.port)]
        words += ["--no-access-log", "--log-level", "warning", "--timeout-graceful-shutdown", "2"]
        with self.output.open("ab") as file:
            self.process = subprocess.Popen(words, env=environment(self.house), stdout=file, stderr=file)
        until = time.monotonic() + 60
        while True:
            with contextlib.suppress(OSError):
                socket.create_connection(("127.0.0.1", self.port), 1).close()
                return
            assert self.process.poll() is None, self.output.read_text()
            assert time.monotonic() < until, self.output.read_text()
            time.sleep(0.05)

    def end(self, how: signal.Signals = signal.SIGTERM) -> None:
        assert self.process is not None
        self.process.send_signal(how)
        self.process.wait(20)


@dataclass
class Sitter:
    """Somebody at the board, with a line of their own."""

    server: Server
    meeting: Meeting
    digits: str
    heard: bytes = b""
    seq: int = 0
    stream: Any = None
    line: Any = None
    texts: dict[str, str] = field(default_factory=dict)
    told: list[tuple[str, int]] = field(default_factory=list)  # each note that came, with its version

    def _headers(self, **more: str) -> dict[str, str]:
        return {"Cookie": f"gehoor-bord={self.digits}", "Origin": ORIGIN, **more}

    def do(self, *asked: dict[str, Any], **more: str) -> tuple[int, Any]:
        """Commands; the status and what came back."""
        line = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=20)
        with contextlib.closing(line):
            line.request("POST", f"/bord/{self.meeting.pk}/doe/", json.dumps(asked), self._headers(**more))
            answer = line.getresponse()
            return answer.status, json.loads(answer.read())

    def write(self, text: str, key: str = "") -> int:
        """A note; its number, or 0."""
        _status, told = self.do({"do": "write", "key": key or new_key(), "note": new_key(), "frame": 0, "text": text})
        return int(told["outcomes"][0]["seq"])

    def listen(self) -> None:
        """Open the stream where it broke off."""
        self.hang_up()
        line = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=20)
        line.request("GET", f"/bord/{self.meeting.pk}/stroom/?na={self.seq}", headers=self._headers())
        self.stream, self.line = line.getresponse(), line
        assert self.stream.status == 200

    def hang_up(self) -> None:
        """Close the stream."""
        if self.stream:
            self.stream.close()
            self.line.close()

    def next(self) -> dict[str, Any]:
        """The next message."""
        while line := self.stream.readline():
            self.heard += line
            if line.startswith(b"data: "):
                return dict(json.loads(line[6:]))
        raise AssertionError("the stream ended")

    def hear(self, seq: int) -> None:
        """Read on until an event of at least this number came."""
        while self.seq < seq:
            told = self.next()
            self.seq = max(self.seq, told["seq"])
            self.texts |= {note["note"]: note["text"] for note in told["notes"]}
            self.told += [(note["note"], note["version"]) for note in told["notes"]]


@pytest.fixture
def server(house: House, tmp_path: Path) -> Iterator[Server]:
    made = Server(house, tmp_path / "live.txt")
    made.start()
    yield made
    if made.process and made.process.poll() is None:
        made.end()


@dataclass
class Sitting:
    """A meeting with two guests and somebody who leads."""

    meeting: Meeting
    board: Board
    amira: Sitter
    karin: Sitter
    lead: Sitter


@pytest.fixture
def sitting(house: House, server: Server) -> Iterator[Sitting]:
    office = house.cast.office
    meeting = meetings.plan(
        office, kind="focus_group", name="Jongeren", purpose="Leren.", held_on=dt.date(2026, 11, 22)
    )
    meetings.open_doors(meeting)
    board = changes.lay_board(meeting)
    digits = [meetings.join(meeting, alias=name, voice="youth")[1] for name in ("Amira", "Karin")]
    digits.append(meetings.lead(meeting, house.cast.quinten)[1])
    sitters = [Sitter(server, meeting, each) for each in digits]
    yield Sitting(meeting, board, *sitters)
    for sitter in sitters:
        sitter.hang_up()


def test_what_is_written_in_private_reaches_no_other_line_until_it_is_turned(sitting: Sitting) -> None:
    """Every byte of every stream is scanned, of a guest and of who leads, in each phase up to the turning."""
    for sitter in (sitting.karin, sitting.lead):
        sitter.listen()
    written = sitting.amira.write("Geheim van Amira")
    sitting.karin.hear(written)
    sitting.lead.hear(written)
    private = sitting.karin.heard + sitting.lead.heard
    sitting.lead.do({"do": "step", "key": new_key(), "step": 2})
    _status, turned = sitting.lead.do({"do": "reveal", "key": new_key(), "frame": 0})
    sitting.karin.hear(turned["outcomes"][0]["seq"])

    assert b"Geheim" not in private
    assert b'"waiting":[1,0,0]' in private
    assert "Geheim van Amira" in sitting.karin.texts.values()
    assert b"owner" not in sitting.karin.heard + sitting.lead.heard


def test_only_who_is_put_on_hold_and_who_lead_hear_of_it_also_when_somebody_writes_then(sitting: Sitting) -> None:
    """Told at once, it is one message to each: they load the page again, and other guests get no byte of it."""
    karin = board_seats.seat(sitting.meeting.pk, sitting.karin.digits)
    assert karin is not None
    for sitter in (sitting.amira, sitting.karin, sitting.lead):
        sitter.listen()
        sitter.next()  # what was before
    hold = {"do": "mute", "key": new_key(), "person": karin[1].person, "on": True}
    write = {"do": "write", "key": new_key(), "note": new_key(), "frame": 0, "text": "Tegelijk"}

    sitting.lead.do(hold, write)
    hers, leads, others = sitting.karin.next(), sitting.lead.next(), sitting.amira.next()

    assert hers == leads == {"reload": True}
    assert others["seq"] == 2
    assert not {"reload", "muted", "person"} & set(others)


def test_a_form_in_another_process_is_told_on_the_stream(sitting: Sitting, settings: Any, house: House) -> None:
    """The page without scripts writes through this process; the hint goes over a socket, or through PostgreSQL."""
    settings.GEHOOR_DATA = house.folder
    sitting.karin.listen()
    sitting.karin.hear(0)
    seat = board_seats.seat(sitting.meeting.pk, sitting.amira.digits)
    assert seat is not None
    asked = commands.read({"do": "write", "key": new_key(), "note": new_key(), "frame": 1, "text": "Per formulier"})
    begun = time.monotonic()

    [outcome] = changes.perform(seat[0].pk, [(seat[1], asked)])
    sitting.karin.hear(outcome.seq)

    assert time.monotonic() - begun < 4  # the live side looks for itself after five seconds: the hint was faster
    assert b'"waiting":[0,1,0]' in sitting.karin.heard


# --- a crowd, and servers that are killed ----------------------------------------------------------------------------


@dataclass
class Crowd:
    """People who write and read at the same time until they are told to stop. Who gets no answer asks again with the same key."""

    writers: list[Sitter]
    readers: list[Sitter]
    stay: int = sys.maxsize  # after so many messages a reader opens its stream anew
    is_over: threading.Event = field(default_factory=threading.Event)
    acknowledged: dict[str, int] = field(default_factory=dict)
    last: int = 0  # the number that every reader must have heard of in the end

    @contextlib.contextmanager
    def busy(self) -> Iterator[None]:
        """While this lasts they write; afterwards every reader reads on to the end."""
        threads = [threading.Thread(target=self._write, args=(each,)) for each in self.writers]
        threads += [threading.Thread(target=self._read, args=(each,)) for each in self.readers]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            self.is_over.set()
            for thread in threads[: len(self.writers)]:
                thread.join(60)
            key, self.last = new_key(), max(self.acknowledged.values()) + 1
            self.acknowledged[key] = self.writers[0].write("Het laatste", key)
            for thread in threads:
                thread.join(60)

    def _write(self, writer: Sitter) -> None:
        while not self.is_over.is_set():
            key = new_key()
            asked = {"do": "write", "key": key, "note": new_key(), "frame": 0, "text": f"Notitie {key}"}
            while key not in self.acknowledged:
                with contextlib.suppress(OSError, http.client.HTTPException):
                    _status, told = writer.do(asked)
                    self.acknowledged[key] = told["outcomes"][0]["seq"]
                time.sleep(0.05)

    def _read(self, reader: Sitter) -> None:
        until = time.monotonic() + 120
        while not (self.last and reader.seq >= self.last) and time.monotonic() < until:
            with contextlib.suppress(OSError, http.client.HTTPException, AssertionError):
                reader.listen()
                for _message in range(self.stay):
                    if self.last and reader.seq >= self.last:
                        break
                    reader.hear(reader.seq + 1)
            time.sleep(0.05)
        reader.hang_up()


def crowd_of(sitting: Sitting, servers: Sequence[Server], readers: int = 12) -> Crowd:
    """Readers and half as many writers, spread over the servers; the meeting is in the phase of talking."""
    talk = [phase["kind"] for phase in sitting.board.setup["phases"]].index("talk")
    sitting.lead.do({"do": "step", "key": new_key(), "step": talk})
    digits = [meetings.join(sitting.meeting, alias=f"Gast {n}", voice="youth")[1] for n in range(readers)]
    seated = [Sitter(servers[n % len(servers)], sitting.meeting, each) for n, each in enumerate(digits)]
    writers = [Sitter(each.server, sitting.meeting, each.digits) for each in seated[: readers // 2]]
    return Crowd(writers, seated)


def assert_kept_once_and_seen_by_all(crowd: Crowd, board: Board) -> None:
    """Every acknowledged command is in the log under its number, nothing else is, and all readers have that board."""
    log = {bytes(event.key): event for event in Event.objects.filter(board=board, kind="write")}
    marks = {hashlib.sha256(key.encode()).digest()[:16]: seq for key, seq in crowd.acknowledged.items()}
    assert {mark: event.seq for mark, event in log.items()} == marks
    numbers = list(Event.objects.filter(board=board).order_by("seq").values_list("seq", flat=True))
    assert numbers == list(range(1, len(numbers) + 1))
    texts = {event.said["note"]: event.said["text"] for event in log.values()}
    assert [reader.texts == texts for reader in crowd.readers] == [True] * len(crowd.readers)


def test_five_kills_lose_and_double_nothing_and_all_end_with_the_same_board(sitting: Sitting, server: Server) -> None:
    crowd = crowd_of(sitting, [server])

    with crowd.busy():
        for _kill in range(5):
            before = len(crowd.acknowledged)
            wait_for(lambda: len(crowd.acknowledged) > before + 10)  # noqa: B023 -- waited for within the turn
            server.end(signal.SIGKILL)
            server.start()
        before = len(crowd.acknowledged)
        wait_for(lambda: len(crowd.acknowledged) > before + 10)

    assert_kept_once_and_seen_by_all(crowd, sitting.board)


@pytest.mark.postgres
def test_three_processes_share_a_board_through_the_database_while_they_are_killed(
    sitting: Sitting, server: Server, house: House, tmp_path: Path
) -> None:
    servers = [server, *(Server(house, tmp_path / f"live-{number}.txt") for number in (2, 3))]
    for other in servers[1:]:
        other.start()
    crowd = crowd_of(sitting, servers)

    with crowd.busy():
        for kill in range(5):
            before = len(crowd.acknowledged)
            wait_for(lambda: len(crowd.acknowledged) > before + 10)  # noqa: B023 -- waited for within the turn
            servers[kill % 3].end(signal.SIGKILL)
            servers[kill % 3].start()
    for other in servers[1:]:
        other.end()

    assert_kept_once_and_seen_by_all(crowd, sitting.board)


def test_who_comes_in_while_others_write_is_told_each_note_once(sitting: Sitting, server: Server) -> None:
    """The first message of a stream and what comes on its line meet without a gap and without an overlap."""
    crowd = crowd_of(sitting, [server])
    crowd.stay = 2

    with crowd.busy():
        wait_for(lambda: len(crowd.acknowledged) > 300)

    assert_kept_once_and_seen_by_all(crowd, sitting.board)
    assert [len(reader.told) - len(set(reader.told)) for reader in crowd.readers] == [0] * len(crowd.readers)


def test_a_killed_server_knows_the_keys_that_it_acknowledged(sitting: Sitting, server: Server) -> None:
    key = new_key()
    kept = sitting.amira.write("Een keer", key)
    server.end(signal.SIGKILL)
    server.start()

    assert sitting.amira.write("Een keer", key) == kept == 1
    assert Event.objects.count() == 1


def wait_for(what: Callable[[], bool], seconds: float = 60) -> None:
    until = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < until
        time.sleep(0.02)


def test_strangers_and_other_sites_hear_and_do_nothing(sitting: Sitting, server: Server) -> None:
    stranger = Sitter(server, sitting.meeting, "1234567890123456")
    asked = {"do": "write", "key": new_key(), "note": new_key(), "frame": 0, "text": "x"}

    assert stranger.do(asked)[0] == 403
    assert sitting.amira.do(asked, Origin="https://elders.example")[0] == 403
    assert sitting.amira.do({"do": "fly"})[0] == 400
    assert not Event.objects.exists()


def test_who_floods_is_slowed_down_and_nobody_else(sitting: Sitting) -> None:
    def notes(number: int) -> list[dict[str, Any]]:
        return [{"do": "write", "key": new_key(), "note": new_key(), "frame": 0, "text": "x"} for _ in range(number)]

    statuses = [sitting.amira.do(*notes(50))[0] for _try in range(4)]

    assert statuses[0] == 200
    assert 429 in statuses
    assert sitting.karin.write("Ik kan er nog bij.")


def test_the_end_of_a_meeting_ends_its_lines(sitting: Sitting) -> None:
    sitting.karin.listen()
    assert sitting.amira.do({"do": "withdraw", "key": new_key(), "note": new_key()})[0] == 200  # its seat is known now
    meetings.end(sitting.meeting)

    rest = sitting.karin.stream.read()

    assert b"id:" in rest
    sitting.amira.do({"do": "write", "key": new_key(), "note": new_key(), "frame": 0, "text": "Te laat."})
    assert not Event.objects.exists()


def test_a_seat_that_is_gone_is_not_believed_for_longer_than_until_the_next_look(
    sitting: Sitting, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(
        "DJANGO_ALLOW_ASYNC_UNSAFE", "yes"
    )  # the live side sets it for its process; here it goes away again
    side = live.Live()
    rest = meetings.plan(
        sitting.meeting.office, kind="focus_group", name="Ouders", purpose="Leren.", held_on=dt.date(2026, 11, 22)
    )
    meetings.open_doors(rest)
    changes.lay_board(rest)
    digits = meetings.join(rest, alias="Zon", voice="youth")[1]

    async def look_twice() -> tuple[list[int], list[int]]:
        for meeting, each in ((sitting.meeting, sitting.karin.digits), (rest, digits)):
            assert await side._seat(meeting.pk, each)
        await side._ask_for_seats()
        before = [meeting for meeting, _digits in side.seats]
        side.doorkeeper.submit(meetings.end, sitting.meeting).result()
        await side._ask_for_seats()
        return before, [meeting for meeting, _digits in side.seats]

    before, after = asyncio.run(look_twice())
    side.doorkeeper.submit(connections.close_all).result()
    side.doorkeeper.shutdown()

    assert (before, after) == ([sitting.meeting.pk, rest.pk], [rest.pk])


def test_no_output_of_the_server_holds_a_word_or_a_code(sitting: Sitting, server: Server) -> None:
    sitting.amira.write("Kanarie op het bord")
    sitting.amira.do({"do": "fly", "text": "Kanarie op het bord"})
    server.end()

    said = server.output.read_text()
    assert "Kanarie" not in said
    assert sitting.amira.digits not in said
