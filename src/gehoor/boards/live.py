"""The live side of boards: streams that tell what happened, and commands that all go through one line.

An ASGI application of its own, beside the forms: Django's handler for ASGI costs five times as much, and needs none of its
parts here. One event loop holds the lines to browsers; one thread has the database. What comes in while that thread writes
waits, and goes in with the next transaction: under load commands are stored, and told, many at a time.

    GET  /bord/<meeting>/stroom/?na=<seq>   Server-Sent Events, `id:` is the number of the last event
    POST /bord/<meeting>/doe/               commands as a JSON list; answered after the commit
"""

import asyncio
import json
import logging
import re
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs

from django.conf import settings
from django.db import DatabaseError, Error, close_old_connections
from django.utils import translation

from gehoor.base.errors import BadInput
from gehoor.base.languages import LANGUAGES, best_of
from gehoor.boards import changes, commands, outline, queries, seats, sight
from gehoor.boards.changes import Outcome
from gehoor.boards.commands import Command
from gehoor.boards.models import Board
from gehoor.boards.sight import Viewer
from gehoor.meetings import guests
from gehoor.meetings.models import Life

log = logging.getLogger("gehoor.live")

Scope = Mapping[str, Any]
Receive = Callable[[], Awaitable[Mapping[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]

PATH = re.compile(r"/bord/(\d{1,9})/(stroom|doe)/")
MOST_BYTES = 256 * 1024
HEARTBEAT = 15.0  # seconds; proxies close lines that are silent for longer
LOOK_AGAIN = 5.0  # seconds between two looks at the log itself, for hints that were lost
SEAT_KEPT = 10.0  # seconds that a seat is believed without asking again; its end is also looked for each LOOK_AGAIN
MOST_WAITING = 64  # messages that a slow reader may be behind before the stream is closed; it comes back by itself
QUICKEST = 20.0  # commands a second from one person, over some seconds
AT_ONCE = 60.0


@dataclass(eq=False)
class Line:
    """The stream of one browser."""

    leads: bool
    waiting: "asyncio.Queue[bytes]" = field(default_factory=lambda: asyncio.Queue(MOST_WAITING))
    broken: bool = False

    def put(self, message: bytes) -> None:
        """Hand on a message; whoever is too far behind starts again from the log."""
        try:
            self.waiting.put_nowait(message)
        except asyncio.QueueFull:
            self.broken = True


@dataclass
class Around:
    """A board as far as this process told about it, and the lines of who is in front of it."""

    told: int
    lines: set[Line] = field(default_factory=set)


@dataclass
class Asked:
    """A command that waits for its turn."""

    board_pk: int
    viewer: Viewer
    command: Command
    answer: "asyncio.Future[Outcome]"


Told = dict[bool, bytes]  # for who leads, and for the others


class Live:
    """The application."""

    def __init__(self) -> None:
        self.thread = ThreadPoolExecutor(1, thread_name_prefix="board")
        self.boards: dict[int, Around] = {}
        self.asked: list[Asked] = []
        self.some = asyncio.Event()
        self.seats: dict[tuple[int, str], tuple[float, tuple[int, Viewer]]] = {}
        self.spent: dict[int, tuple[float, float]] = {}
        self.work: list[asyncio.Task[None]] = []
        self.hints: set[asyncio.Task[None]] = set()  # a task that nobody holds may vanish half-way

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["type"] == "http":
            await self._answer(scope, receive, send)

    async def _live(self, receive: Receive, send: Send) -> None:
        """Start what runs beside the requests, and end it."""
        from gehoor.boards import listening  # noqa: PLC0415 -- only where there is a loop

        await receive()
        jobs = (self._write(), self._look(), listening.listen(self.hear))
        self.work = [asyncio.create_task(job) for job in jobs]
        await send({"type": "lifespan.startup.complete"})
        await receive()
        for task in self.work:
            task.cancel()
        await asyncio.gather(*self.work, return_exceptions=True)
        self.thread.shutdown(wait=True)
        await send({"type": "lifespan.shutdown.complete"})

    # --- requests -----------------------------------------------------------------------------------------------------

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        found = PATH.fullmatch(scope["path"])
        is_ours = headers.get("origin", settings.GEHOOR_BASE_URL) == settings.GEHOOR_BASE_URL
        if not found or not is_ours or (scope["method"], found[2]) not in {("GET", "stroom"), ("POST", "doe")}:
            return await _say(send, 404 if is_ours else 403, {"why": "not here"})
        digits = _cookies(headers.get("cookie", "")).get(guests.COOKIE, "")
        seat = await self._seat(int(found[1]), digits)
        if seat is None:
            return await _say(send, 403, {"why": "not in this meeting"})
        if found[2] == "doe":
            return await self._do(*seat, headers, receive, send)
        return await self._stream(*seat, scope, headers, receive, send)

    async def _seat(self, meeting_pk: int, digits: str) -> tuple[int, Viewer] | None:
        now, key = time.monotonic(), (meeting_pk, digits)
        kept = self.seats.get(key)
        if kept and now - kept[0] < SEAT_KEPT:
            return kept[1]
        found = await self._in_thread(seats.seat, meeting_pk, digits)
        if found is None:
            self.seats.pop(key, None)
            return None
        self.seats[key] = (now, (found[0].pk, found[1]))
        return found[0].pk, found[1]

    async def _do(
        self, board_pk: int, viewer: Viewer, headers: Mapping[str, str], receive: Receive, send: Send
    ) -> None:
        try:
            asked = commands.read_list(await _body(receive))
        except BadInput as error:
            return await _say(send, 400, {"why": str(error)})
        if not self._may_go_on(viewer.person, len(asked)):
            return await _say(send, 429, {"why": "too many at once"})
        loop = asyncio.get_running_loop()
        waiting = [Asked(board_pk, viewer, command, loop.create_future()) for command in asked]
        self.asked += waiting
        self.some.set()
        try:
            outcomes = await asyncio.gather(*(each.answer for each in waiting))
        except DatabaseError:
            return await _say(send, 503, {"why": "not stored"})
        language = _language(headers)
        with translation.override(language):
            told = [outline.told(outcome) for outcome in outcomes]
        return await _say(send, 200, {"outcomes": told})

    def _may_go_on(self, person: int, number: int) -> bool:
        """A bucket for each person: whoever writes faster than hands can is slowed down, and nobody else."""
        now = time.monotonic()
        left, since = self.spent.get(person, (AT_ONCE, now))
        left = min(AT_ONCE, left + (now - since) * QUICKEST)
        may = left >= number
        self.spent[person] = (left - number if may else left, now)
        return may

    async def _stream(
        self, board_pk: int, viewer: Viewer, scope: Scope, headers: Mapping[str, str], receive: Receive, send: Send
    ) -> None:
        given = headers.get("last-event-id") or parse_qs(scope["query_string"].decode("latin-1")).get("na", [""])[0]
        after = int(given) if given.isascii() and given.isdigit() else -1
        line = Line(viewer.is_facilitator)
        around = self.boards.setdefault(board_pk, Around(after))
        around.lines.add(line)  # from now on it hears everything; what lies before is read from the log
        try:
            seq, first = await self._in_thread(_since, board_pk, viewer, after)
            if len(around.lines) == 1:  # nobody else counts on what lies in between
                around.told = max(around.told, seq)
            await send({"type": "http.response.start", "status": 200, "headers": _headers("text/event-stream")})
            await send(_part(b"retry: 2000\n\n" + first))
            await self._feed(line, receive, send)
        finally:
            around.lines.discard(line)
            if not around.lines:
                self.boards.pop(board_pk, None)

    async def _feed(self, line: Line, receive: Receive, send: Send) -> None:
        gone = asyncio.ensure_future(_until_gone(receive))
        try:
            while not line.broken:
                following = asyncio.ensure_future(line.waiting.get())
                done, _ = await asyncio.wait({gone, following}, timeout=HEARTBEAT, return_when="FIRST_COMPLETED")
                if gone in done:
                    following.cancel()
                    return
                if following in done:
                    await send(_part(following.result()))
                else:
                    following.cancel()
                    await send(_part(b": \n\n"))
            await send({"type": "http.response.body", "body": b"", "more_body": False})
        finally:
            gone.cancel()

    # --- beside the requests ------------------------------------------------------------------------------------------

    async def _write(self) -> None:
        """Store what was asked, everything that waits in one go, and tell it."""
        while True:
            await self.some.wait()
            self.some.clear()
            asked, self.asked = self.asked, []
            by_board: dict[int, list[Asked]] = defaultdict(list)
            for one in asked:
                by_board[one.board_pk].append(one)
            for board_pk, ours in by_board.items():
                await self._store(board_pk, ours)

    async def _store(self, board_pk: int, asked: Sequence[Asked]) -> None:
        around = self.boards.get(board_pk)
        wanted = [(one.viewer, one.command) for one in asked]
        try:
            outcomes, seq, told = await self._in_thread(_perform, board_pk, wanted, around.told if around else None)
        except Exception as error:  # noqa: BLE001 -- whoever waits must hear it; its kind only, for it may hold words
            log.error("Commands could not be stored: %s", type(error).__name__)
            for one in asked:
                if not one.answer.done():
                    one.answer.set_exception(DatabaseError("not stored"))
            return
        for one, outcome in zip(asked, outcomes, strict=True):
            if not one.answer.done():
                one.answer.set_result(outcome)
        self._tell(board_pk, seq, told)

    def _tell(self, board_pk: int, seq: int, told: Told) -> None:
        around = self.boards.get(board_pk)
        if around is None or seq <= around.told:
            return
        around.told = seq
        for line in around.lines:
            line.put(told[line.leads])

    def hear(self, board_pk: int, seq: int) -> None:
        """A hint from another process."""
        around = self.boards.get(board_pk)
        if around and seq > around.told:
            task = asyncio.ensure_future(self._read_on_safely([board_pk]))
            self.hints.add(task)
            task.add_done_callback(self.hints.discard)

    async def _look(self) -> None:
        """Look at the logs themselves: a hint may be lost, and a meeting may have ended."""
        while True:
            await asyncio.sleep(LOOK_AGAIN)
            await self._read_on_safely(list(self.boards))
            now = time.monotonic()
            self.seats = {key: kept for key, kept in self.seats.items() if now - kept[0] < SEAT_KEPT}

    async def _read_on_safely(self, board_pks: Iterable[int]) -> None:
        """A database that is away is asked again at the next look; the looking itself must not end."""
        try:
            await self._read_on(board_pks)
        except Error as error:
            log.error("Boards could not be read: %s", type(error).__name__)

    async def _read_on(self, board_pks: Iterable[int]) -> None:
        told = {pk: around.told for pk in board_pks if (around := self.boards.get(pk))}
        for board_pk, (seq, messages, is_over) in (await self._in_thread(_read_on, told)).items():
            self._tell(board_pk, seq, messages)
            if is_over and (around := self.boards.get(board_pk)):
                for line in around.lines:
                    line.broken = True
                    line.put(b": \n\n")

    async def _in_thread(self, job: Callable[..., Any], *words: Any) -> Any:
        return await asyncio.get_running_loop().run_in_executor(self.thread, job, *words)


# --- in the database's thread ---------------------------------------------------------------------------------------


def _perform(
    board_pk: int, wanted: Sequence[tuple[Viewer, Command]], after: int | None
) -> tuple[list[Outcome], int, Told]:
    close_old_connections()
    with queries.guard:
        outcomes = changes.perform(board_pk, wanted)
        known = queries.kept(board_pk)
        return outcomes, known.state.seq, _messages(known, after) if after is not None else {}


def _since(board_pk: int, viewer: Viewer, after: int) -> tuple[int, bytes]:
    with queries.guard:
        known = queries.known(Board.objects.get(pk=board_pk))
        return known.state.seq, _event(known.state.seq, outline.since(known, viewer, after))


def _read_on(told: Mapping[int, int]) -> dict[int, tuple[int, Told, bool]]:
    close_old_connections()
    read = {}
    with queries.guard:
        for board in Board.objects.filter(pk__in=told).select_related("meeting"):
            known = queries.known(board)
            is_over = board.meeting.life == Life.CLOSED
            messages = _messages(known, told[board.pk]) if known.state.seq > told[board.pk] else {}
            read[board.pk] = (known.state.seq, messages, is_over)
    return read


def _messages(known: queries.Known, after: int) -> Told:
    """What is told of the events after this number: one message for all who lead, one for all others."""
    touched = known.touched_since(after)
    if touched is None:
        return dict.fromkeys((True, False), _event(known.state.seq, {"reload": True}))
    return {
        viewer.is_facilitator: _event(known.state.seq, sight.changed(known.state, touched, viewer))
        for viewer in (sight.FACILITATORS, sight.EVERYBODY)
    }


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


async def _until_gone(receive: Receive) -> None:
    """Wait until the browser leaves."""
    while (await receive())["type"] != "http.disconnect":
        pass


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
