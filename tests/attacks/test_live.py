"""The live side of a board, on real storage and over real lines: who hears what, and that nothing is lost or doubled."""

import contextlib
import datetime as dt
import http.client
import json
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from tests.attacks.house import House
from tests.attacks.server import environment

from gehoor.boards import changes, commands
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

    def hear(self, seq: int) -> None:
        """Read on until an event of at least this number came."""
        while self.seq < seq:
            line = self.stream.readline()
            assert line, "the stream ended"
            self.heard += line
            if line.startswith(b"data: "):
                told = json.loads(line[6:])
                self.seq = max(self.seq, told["seq"])
                self.texts |= {note["note"]: note["text"] for note in told["notes"]}


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


def test_a_killed_server_loses_and_doubles_nothing(sitting: Sitting, server: Server) -> None:
    sitting.lead.do({"do": "step", "key": new_key(), "step": 5})
    sitting.karin.listen()
    kept: dict[str, int] = {}
    for round_number in range(3):
        for number in range(4):
            key = new_key()
            kept[key] = sitting.amira.write(f"Notitie {round_number} {number}", key)
        sitting.karin.hear(max(kept.values()))
        server.end(signal.SIGKILL)
        server.start()
        sitting.karin.listen()
        last = list(kept)[-1]
        assert sitting.amira.write("nog eens", last) == kept[last]

    assert 0 not in kept.values()
    assert Event.objects.filter(kind="write").count() == 12
    assert len(sitting.karin.texts) == 12
    assert [event.seq for event in Event.objects.order_by("seq")] == list(range(1, 14))


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


def test_no_output_of_the_server_holds_a_word_or_a_code(sitting: Sitting, server: Server) -> None:
    sitting.amira.write("Kanarie op het bord")
    sitting.amira.do({"do": "fly", "text": "Kanarie op het bord"})
    server.end()

    said = server.output.read_text()
    assert "Kanarie" not in said
    assert sitting.amira.digits not in said
