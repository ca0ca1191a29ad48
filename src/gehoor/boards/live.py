"""The live side of boards: streams that tell what happened, and commands that all go through one line.

An ASGI application of its own, beside the forms: Django's handler for ASGI costs five times as much, and needs none of its
parts here. One event loop holds the lines to browsers and stores what they ask; threads beside it read what takes longer. What
comes in while it writes and tells waits, and goes in with the next transaction: under load commands are stored, and told, many
at a time. What is told is made once for who leads and once for all others, whatever their number. Each line knows the last
event that it heard of, so that its first message and what follows meet without a gap and without an overlap.

    GET  /bord/<meeting>/stroom/?na=<seq>   Server-Sent Events, `id:` is the number of the last event
    POST /bord/<meeting>/doe/               commands as a JSON list; answered after the commit
"""

import asyncio
import gc
import json
import logging
import os
import re
import sys
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import islice
from typing import Any
from urllib.parse import parse_qs

from django.conf import settings
from django.db import DatabaseError, Error, close_old_connections
from django.utils import translation

from gehoor.base.errors import BadInput
from gehoor.base.languages import LANGUAGES, best_of
from gehoor.boards import changes, commands, outline, pace, queries, seats, sight
from gehoor.boards.changes import Outcome
from gehoor.boards.commands import Command
from gehoor.boards.models import Board
from gehoor.boards.sight import Viewer
from gehoor.meetings import guests
from gehoor.meetings import queries as meetings
from gehoor.meetings.models import Life

log = logging.getLogger("gehoor.live")

Scope = Mapping[str, Any]
Receive = Callable[[], Awaitable[Mapping[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]

PATH = re.compile(r"/bord/(\d{1,9})/(stroom|doe)/")
MOST_BYTES = 256 * 1024
HEARTBEAT = 15.0  # seconds; proxies close lines that are silent for longer
LOOK_AGAIN = 5.0  # seconds between two looks at the log itself, for hints that were lost
SEAT_BELIEVED = 10.0  # seconds without asking again; all of them are asked for together, each LOOK_AGAIN
SEAT_KEPT = 600.0  # seconds after its last command or stream
MOST_TURNS = 20  # of the loop, in which commands are gathered before they are stored
MOST_WAITING = 64  # messages that a slow reader may be behind before the stream is closed; it comes back by itself
NOT_YET = sys.maxsize  # what a line has heard before its first message: nothing is news to it


@dataclass(eq=False)
class Line:
    """The stream of one browser. `heard` is the last event that it was told of."""

    person: int
    leads: bool
    heard: int = NOT_YET
    waiting: list[bytes] = field(default_factory=list)
    some: asyncio.Event = field(default_factory=asyncio.Event)
    is_over: bool = False

    def put(self, message: bytes) -> None:
        """Hand on a message; whoever is too far behind starts again from the log."""
        if len(self.waiting) < MOST_WAITING:
            self.waiting.append(message)
            self.some.set()
        else:
            self.end()

    def end(self) -> None:
        """Nothing follows any more."""
        self.is_over = True
        self.some.set()


@dataclass
class Seat:
    """Somebody in front of a board: who it was at `since`, and when they last did something."""

    board_pk: int
    viewer: Viewer
    since: float
    used: float


@dataclass
class Asked:
    """Commands of one person that wait for their turn."""

    board_pk: int
    viewer: Viewer
    commands: Sequence[Command]
    answer: "asyncio.Future[list[Outcome]]"


@dataclass(frozen=True)
class News:
    """What happened up to event `seq`, for each line that has not heard it yet."""

    seq: int
    messages: Mapping[Line, bytes]


class Live:
    """The application."""

    def __init__(self) -> None:
        os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "yes"  # Django cannot know that `_store` means to hold up this loop
        self.reader = ThreadPoolExecutor(1, thread_name_prefix="board")
        self.doorkeeper = ThreadPoolExecutor(1, thread_name_prefix="seats")  # digits are slow on purpose
        self.boards: dict[int, set[Line]] = {}
        self.asked: list[Asked] = []
        self.hinted: dict[int, int] = {}  # boards and how far another process says that they are
        self.some = asyncio.Event()
        self.seats: dict[tuple[int, str], Seat] = {}
        self.work: list[asyncio.Task[None]] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["type"] == "http":
            await self._answer(scope, receive, send)

    async def _live(self, receive: Receive, send: Send) -> None:
        """Start what runs beside the requests, and end it."""
        from gehoor.boards import listening  # noqa: PLC0415 -- only where there is a loop

        await receive()
        gc.freeze()  # what is there now stays: looking through it again and again would hold up everybody
        jobs = (self._go_on(), self._look(), self._beat(), listening.listen(self.hear))
        self.work = [asyncio.create_task(job) for job in jobs]
        await send({"type": "lifespan.startup.complete"})
        await receive()
        for task in self.work:
            task.cancel()
        await asyncio.gather(*self.work, return_exceptions=True)
        self.reader.shutdown()
        self.doorkeeper.shutdown()
        await send({"type": "lifespan.shutdown.complete"})

    # --- requests -----------------------------------------------------------------------------------------------------

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        found = PATH.fullmatch(scope["path"])
        is_ours = headers.get("origin", settings.GEHOOR_BASE_URL) == settings.GEHOOR_BASE_URL
        if not found or not is_ours or (scope["method"], found[2]) not in {("GET", "stroom"), ("POST", "doe")}:
            return await _say(send, 404 if is_ours else 403, {"why": "not here"})
        digits = _cookies(headers.get("cookie", "")).get(guests.COOKIE, "")
        try:
            seat = await self._seat(int(found[1]), digits)
        except Error:
            return await _say(send, 503, {"why": "not now"})
        if seat is None:
            return await _say(send, 403, {"why": "not in this meeting"})
        if found[2] == "doe":
            return await self._do(seat.board_pk, seat.viewer, headers, receive, send)
        return await self._stream(seat.board_pk, seat.viewer, scope, headers, receive, send)

    async def _seat(self, meeting_pk: int, digits: str) -> Seat | None:
        now = time.monotonic()
        kept = self.seats.get((meeting_pk, digits))
        if kept and now - kept.since < SEAT_BELIEVED:
            kept.used = now
            return kept
        found = await _in(self.doorkeeper, _open_seat, meeting_pk, digits)
        self.seats.pop((meeting_pk, digits), None)
        if found is None:
            return None
        seat = self.seats[meeting_pk, digits] = Seat(found[0].pk, found[1], now, now)
        return seat

    async def _do(
        self, board_pk: int, viewer: Viewer, headers: Mapping[str, str], receive: Receive, send: Send
    ) -> None:
        try:
            asked = commands.read_list(await _body(receive))
        except BadInput as error:
            return await _say(send, 400, {"why": str(error)})
        if not pace.people.may_go_on(viewer.person, len(asked)):
            return await _say(send, 429, {"why": "too many at once"})
        one = Asked(board_pk, viewer, asked, asyncio.get_running_loop().create_future())
        self.asked.append(one)
        self.some.set()
        try:
            outcomes = await one.answer
        except DatabaseError:
            return await _say(send, 503, {"why": "not stored"})
        with translation.override(_language(headers)):
            told = [outline.told(outcome) for outcome in outcomes]
        return await _say(send, 200, {"outcomes": told})

    async def _stream(
        self, board_pk: int, viewer: Viewer, scope: Scope, headers: Mapping[str, str], receive: Receive, send: Send
    ) -> None:
        given = headers.get("last-event-id") or parse_qs(scope["query_string"].decode("latin-1")).get("na", [""])[0]
        after = int(given) if given.isascii() and given.isdigit() else -1
        line = Line(viewer.person, viewer.is_facilitator)
        lines = self.boards.setdefault(board_pk, set())
        lines.add(line)
        try:
            first = await _in(self.reader, _since, board_pk, viewer, after, line)
            await send({"type": "http.response.start", "status": 200, "headers": _headers("text/event-stream")})
            await send(_part(b"retry: 2000\n\n" + first))
            await self._feed(line, receive, send)
        finally:
            lines.discard(line)
            if not lines and self.boards.get(board_pk) is lines:
                del self.boards[board_pk]

    async def _feed(self, line: Line, receive: Receive, send: Send) -> None:
        """Send what waits, all of it as one, until the line is over or the browser has left."""
        gone = asyncio.ensure_future(_until_gone(receive, line))
        try:
            while not line.is_over:
                await line.some.wait()
                line.some.clear()
                waiting, line.waiting = line.waiting, []
                if waiting:
                    await send(_part(b"".join(waiting)))
            await send({"type": "http.response.body", "body": b"", "more_body": False})
        finally:
            gone.cancel()

    # --- beside the requests ------------------------------------------------------------------------------------------

    async def _go_on(self) -> None:
        """One board after the other: store what was asked and tell it, or read on where another process stored something."""
        while True:
            await self.some.wait()
            await self._gather()
            self.some.clear()
            asked, self.asked = self.asked, []
            hinted, self.hinted = self.hinted, {}
            by_board: dict[int, list[Asked]] = defaultdict(list)
            for one in asked:
                by_board[one.board_pk].append(one)
            for board_pk, ours in by_board.items():
                self._store(board_pk, ours)
            behind = [pk for pk, seq in hinted.items() if any(line.heard < seq for line in self.boards.get(pk, ()))]
            if behind:
                await self._read_on(behind)

    async def _gather(self) -> None:
        """As long as the loop brings more, let it: what is stored together is told together."""
        for _turn in range(MOST_TURNS):
            before = len(self.asked)
            await asyncio.sleep(0)
            await asyncio.sleep(0)
            if len(self.asked) == before:
                return

    def _store(self, board_pk: int, asked: Sequence[Asked]) -> None:
        """In the loop itself: a thread that writes and a loop that sends take Python from each other, five milliseconds a
        time, and a commit takes one or two. While the database is away nobody has anything to be told anyway.
        """
        wanted = [(one.viewer, command) for one in asked for command in one.commands]
        try:
            outcomes, news = _perform(board_pk, wanted, self.boards.get(board_pk, ()))
        except Exception as error:  # noqa: BLE001 -- whoever waits must hear it; its kind only, for it may hold words
            log.error("Commands could not be stored: %s", type(error).__name__)
            for one in asked:
                if not one.answer.done():
                    one.answer.set_exception(DatabaseError("not stored"))
            return
        self._tell(news)
        answers = iter(outcomes)
        for one in asked:
            ours = list(islice(answers, len(one.commands)))
            if not one.answer.done():
                one.answer.set_result(ours)

    def _tell(self, news: News) -> None:
        for line, message in news.messages.items():
            line.heard = news.seq
            line.put(message)

    def hear(self, board_pk: int, seq: int) -> None:
        """A hint from another process, or an echo of our own: then it is no news once the turn of the board has come."""
        if board_pk in self.boards:
            self.hinted[board_pk] = max(seq, self.hinted.get(board_pk, 0))
            self.some.set()

    async def _look(self) -> None:
        """Look at the logs themselves, for a hint may be lost and a meeting may have ended; and who is still there."""
        while True:
            await asyncio.sleep(LOOK_AGAIN)
            for board_pk in self.boards:
                self.hear(board_pk, sys.maxsize)
            with suppress(Error):  # when the database is away, each seat is asked for as soon as it is too old
                await self._ask_for_seats()

    async def _ask_for_seats(self) -> None:
        """All together: asked for one by one, in a thread, they would take Python from this loop with every command."""
        now = time.monotonic()
        asked = {key: seat for key, seat in self.seats.items() if now - seat.used < SEAT_KEPT}
        left = await _in(self.doorkeeper, _still_there, [seat.viewer.person for seat in asked.values()])
        for key in list(self.seats):
            seat = self.seats[key]
            if asked.get(key) is seat and seat.viewer.person in left:
                seat.since = now
            elif seat.since < now:
                del self.seats[key]

    async def _beat(self) -> None:
        while True:
            await asyncio.sleep(HEARTBEAT)
            for lines in self.boards.values():
                for line in lines:
                    line.put(b": \n\n")

    async def _read_on(self, board_pks: Sequence[int]) -> None:
        """A database that is away is asked again at the next look; the work itself must not end."""
        try:
            found = await _in(self.reader, _read, {pk: list(self.boards.get(pk, ())) for pk in board_pks})
        except Exception as error:  # noqa: BLE001 -- every board hangs on this one task; its kind only, for it may hold words
            log.error("Boards could not be read: %s", type(error).__name__)
            return
        for board_pk, (news, is_over) in found.items():
            self._tell(news)
            if is_over:
                for line in self.boards.get(board_pk, ()):
                    line.end()


async def _in(thread: ThreadPoolExecutor, job: Callable[..., Any], *words: Any) -> Any:
    return await asyncio.get_running_loop().run_in_executor(thread, job, *words)


# --- with the database ----------------------------------------------------------------------------------------------


def _perform(
    board_pk: int, wanted: Sequence[tuple[Viewer, Command]], lines: Collection[Line]
) -> tuple[list[Outcome], News]:
    close_old_connections()
    with queries.guard:
        outcomes = changes.perform(board_pk, wanted)
        return outcomes, _news(queries.kept(board_pk), lines)


def _since(board_pk: int, viewer: Viewer, after: int, line: Line) -> bytes:
    """The first message of a line: what is made from now on, under the same guard, is news to it."""
    close_old_connections()
    with queries.guard:
        known = queries.known(Board.objects.get(pk=board_pk))
        line.heard = known.state.seq
        return _event(known.state.seq, outline.since(known, viewer, after))


def _read(boards: Mapping[int, Collection[Line]]) -> dict[int, tuple[News, bool]]:
    close_old_connections()
    with queries.guard:
        return {
            board.pk: (_news(queries.known(board), boards[board.pk]), board.meeting.life == Life.CLOSED)
            for board in Board.objects.filter(pk__in=boards).select_related("meeting")
        }


def _open_seat(meeting_pk: int, digits: str) -> tuple[Board, Viewer] | None:
    close_old_connections()
    return seats.open_seat(meeting_pk, digits)


def _still_there(people: Collection[int]) -> set[int]:
    close_old_connections()
    return meetings.still_there(people)


def _news(known: queries.Known, lines: Iterable[Line]) -> News:
    """What these lines have not heard yet: one message for all who lead, and one for all others.

    Whose own rights have changed loads the page again, as does who leads; no other guest hears of it.
    """
    seq = known.state.seq
    behind = [line for line in lines if line.heard < seq]
    concerned = {heard: known.concerned_since(heard) for heard in {line.heard for line in behind}}
    made = {
        (leads, heard): _event(seq, outline.since(known, sight.FACILITATORS if leads else sight.EVERYBODY, heard))
        for leads, heard in {(line.leads, line.heard) for line in behind}
    }
    reload = _event(seq, outline.RELOAD)
    return News(
        seq,
        {line: reload if line.person in concerned[line.heard] else made[line.leads, line.heard] for line in behind},
    )


def _event(seq: int, data: Mapping[str, Any]) -> bytes:
    return f"id: {seq}\ndata: {json.dumps(data, ensure_ascii=False, separators=(',', ':'))}\n\n".encode()


# --- plain HTTP -------------------------------------------------------------------------------------------------------


def _headers(kind: str) -> list[tuple[bytes, bytes]]:
    return [
        (b"content-type", kind.encode()),
        (b"cache-control", b"no-store"),
        (b"x-accel-buffering", b"no"),
        (b"x-content-type-options", b"nosniff"),
        (b"access-control-allow-origin", settings.GEHOOR_BASE_URL.encode()),
        (b"access-control-allow-credentials", b"true"),
        (b"vary", b"origin"),
    ]


def _part(data: bytes) -> dict[str, Any]:
    return {"type": "http.response.body", "body": data, "more_body": True}


async def _say(send: Send, status: int, what: Mapping[str, Any]) -> None:
    body = json.dumps(what, ensure_ascii=False, default=str).encode()
    size = (b"content-length", str(len(body)).encode())
    await send({"type": "http.response.start", "status": status, "headers": [*_headers("application/json"), size]})
    await send({"type": "http.response.body", "body": body})


async def _until_gone(receive: Receive, line: Line) -> None:
    """End the line when the browser leaves."""
    while (await receive())["type"] != "http.disconnect":
        pass
    line.end()


async def _body(receive: Receive) -> bytes:
    """The whole body. Raises BadInput when it is too large or when the browser went away."""
    data = b""
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise BadInput(["gone"])
        data += bytes(message.get("body", b""))
        if len(data) > MOST_BYTES:
            raise BadInput(["too large"])
        if not message.get("more_body"):
            return data


def _cookies(header: str) -> dict[str, str]:
    pairs = (part.strip().partition("=") for part in header.split(";"))
    return {name: value for name, _, value in pairs}


def _language(headers: Mapping[str, str]) -> str:
    chosen = _cookies(headers.get("cookie", "")).get(seats.LANGUAGE_COOKIE, "")
    return chosen if chosen in LANGUAGES else best_of(headers.get("accept-language", ""), list(LANGUAGES))
