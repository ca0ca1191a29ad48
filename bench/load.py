"""Visitors on raw sockets: one process, one thread, epoll. Light, because it shares the machine with what it measures.

Most of what is left is the kernel's: a connection, three requests and their answers.

Reads a job as JSON from its standard input and prints what it saw as JSON; submissions.py starts it. Each visitor opens
a connection, gets the page, posts the form and gets the page that thanks.
"""

import gc
import json
import select
import socket
import sys
import time
import zlib
from collections.abc import Generator
from typing import Any
from urllib.parse import urlencode

from limesurvey import THANKS, filled

Ask = Generator[bytes, "Answer", None]
HOST = "127.0.0.1"
GZIP = 31
KEY = b'name="sleutel" value="'


class Answer:
    """One HTTP answer."""

    __slots__ = ("body", "head", "small", "status")

    def __init__(self, head: bytes, body: bytes) -> None:
        self.head, self.small, self.body, self.status = head, head.lower(), body, int(head[9:12])

    def header(self, name: bytes) -> bytes:
        """A header's first value; "" when absent. Names are compared in small letters."""
        start = self.small.find(b"\r\n" + name + b": ")
        return b"" if start < 0 else self.head[start + len(name) + 4 :].partition(b"\r\n")[0]

    def cookies(self) -> bytes:
        """What a visitor who had none now has, as it is sent back."""
        lines = self.head.split(b"\r\n")
        given = (line.partition(b":")[2].strip() for line in lines if line.lower().startswith(b"set-cookie:"))
        return b"; ".join(one.partition(b";")[0] for one in given)

    def plain(self) -> bytes:
        """The body, unpacked."""
        return zlib.decompress(self.body, GZIP) if self.header(b"content-encoding") else self.body


class Unpacker:
    """Reads the end of a gzipped page, where it begins to differ from others. What is the same is unpacked once."""

    def __init__(self) -> None:
        self.first = self.same = self.before = b""
        self.state: Any = None

    def end(self, body: bytes) -> bytes:
        """The page from 200 characters before the difference on, or the whole page."""
        if self.state is not None and body.startswith(self.same):
            return bytes(self.before + self.state.copy().decompress(body[len(self.same) :]))
        self._learn(body)
        return zlib.decompress(body, GZIP)

    def _learn(self, body: bytes) -> None:
        shared = next(
            (place for place, (one, other) in enumerate(zip(body, self.first, strict=False)) if one != other), 0
        )
        self.first = body
        if shared > len(body) // 2:
            self.same, self.state = body[: shared - 8], zlib.decompressobj(GZIP)
            self.before = self.state.decompress(self.same)[-200:]


class Visitors:
    """What a visitor does, for each kind of server."""

    def __init__(self, job: dict[str, Any]) -> None:
        self.questions, self.receipts = Unpacker(), Unpacker()
        self.form, self.path = urlencode(job["form"]).encode(), job["path"].encode()
        self.texts = [job["form"]["q.good"], job["form"]["q.better"]]
        self.steps = {"gehoor": self.gehoor, "bare": self.bare, "limesurvey": self.limesurvey}[job["kind"]]

    def gehoor(self, cookie: str) -> Ask:
        """The questions, the answers, the receipt."""
        page = yield _get(b"/vragen/", cookie.encode())
        _must(page.status == 200 and page.header(b"content-encoding") == b"gzip", page)
        end = self.questions.end(page.body)
        start = end.rindex(KEY) + len(KEY)
        key = end[start : end.index(b'"', start)]
        sent = yield _post(b"/vragen/", cookie.encode(), self.form + b"&sleutel=" + key)
        _must(sent.status == 303, sent)
        both = cookie.encode() + b"; " + sent.header(b"set-cookie").partition(b";")[0]
        thanks = yield _get(sent.header(b"location"), both)
        body = self.receipts.end(thanks.body) if thanks.header(b"content-encoding") else thanks.body
        _must(thanks.status == 200 and b'class="bewijs"' in body, thanks)

    def bare(self, cookie: str) -> Ask:
        """The same three requests without what Gehoor does in them."""
        page = yield _get(b"/page/", cookie.encode())
        _must(page.status == 200, page)
        sent = yield _post(b"/page/", cookie.encode(), self.form + b"&sleutel=" + b"x" * 43)
        _must(sent.status == 303, sent)
        thanks = yield _get(sent.header(b"location"), cookie.encode())
        _must(thanks.status == 200, thanks)

    def limesurvey(self, cookie: str) -> Ask:
        """The questions, the answers; its thanks come with the answer to the form."""
        page = yield _get(self.path, cookie.encode())
        _must(page.status == 200, page)
        where, form = filled(page.plain().decode(), self.texts)
        thanks = yield _post(where, page.cookies(), form)
        _must(thanks.status == 200 and THANKS in thanks.plain(), thanks)


def _get(path: bytes, cookie: bytes) -> bytes:
    return b"GET %b HTTP/1.1\r\n%b\r\n" % (path, _said(cookie))


def _post(path: bytes, cookie: bytes, body: bytes) -> bytes:
    return b"POST %b HTTP/1.1\r\n%bContent-Type: application/x-www-form-urlencoded\r\nContent-Length: %d\r\n\r\n%b" % (
        path,
        _said(cookie),
        len(body),
        body,
    )


def _said(cookie: bytes) -> bytes:
    """What a browser says with every request; a new visitor has no cookie yet."""
    always = b"Host: 127.0.0.1\r\nAccept-Language: nl\r\nAccept-Encoding: gzip\r\n"
    return b"%bCookie: %b\r\n" % (always, cookie) if cookie else always


def _must(holds: bool, answer: Answer) -> None:  # noqa: FBT001 -- reads as a sentence
    if not holds:
        raise RuntimeError(f"{answer.head!r} {answer.body[:300]!r}")


class Slot:
    """One of the clients that are busy at once."""

    def __init__(self, job: dict[str, Any]) -> None:
        self.job = job
        self.socket: socket.socket | None = None
        self.steps: Ask | None = None
        self.buffer = b""
        self.step = 0
        self.asked = 0.0

    def begin(self, steps: Ask, poll: select.epoll, slots: dict[int, "Slot"]) -> None:
        """A new visitor: a new connection, unless connections are kept."""
        if self.socket is None or not self.job["keep_alive"]:
            self.end(slots)
            self.socket = socket.socket()  # create_connection would look the address up for each visitor
            self.socket.connect((HOST, self.job["port"]))
            self.socket.setblocking(False)
            poll.register(self.socket, select.EPOLLIN)
            slots[self.socket.fileno()] = self
        self.steps, self.step = steps, 0
        self.send(next(steps))

    def end(self, slots: dict[int, "Slot"]) -> None:
        """Close the connection; epoll forgets it by itself."""
        if self.socket is not None:
            del slots[self.socket.fileno()]
            self.socket.close()
            self.socket = None

    def send(self, data: bytes) -> None:
        """Ask. A request is far smaller than a socket's buffer, so that it goes at once."""
        assert self.socket is not None
        self.asked = time.perf_counter()
        if self.socket.send(data) != len(data):
            raise RuntimeError("the socket's buffer is full")

    def read(self) -> Answer | None:
        """An answer when it is whole."""
        assert self.socket is not None
        data = self.socket.recv(65536)
        if not data:
            raise RuntimeError("the server closed the connection")
        self.buffer = self.buffer + data if self.buffer else data
        return self._whole()

    def _whole(self) -> Answer | None:
        head, blank, body = self.buffer.partition(b"\r\n\r\n")
        if not blank:
            return None
        answer = Answer(head, body)
        length = answer.header(b"content-length")
        if length:
            if len(body) < int(length):
                return None
        elif b"chunked" in answer.header(b"transfer-encoding"):
            if not body.endswith(b"0\r\n\r\n"):
                return None
            answer.body = _unchunked(body)
        self.buffer = b""
        return answer


def _unchunked(body: bytes) -> bytes:
    parts, at = [], 0
    while True:
        end = body.index(b"\r\n", at)
        size = int(body[at:end], 16)
        if not size:
            return b"".join(parts)
        parts.append(body[end + 2 : end + 2 + size])
        at = end + 2 + size + 2


def run(job: dict[str, Any]) -> dict[str, Any]:
    """All visitors through `concurrency` slots. Returns seconds, own processor time and the times of each step."""
    visitors, waiting = Visitors(job), list(reversed(job["visitors"]))
    poll, slots = select.epoll(), {}
    times: list[list[float]] = [[], [], []]
    done, total = 0, len(waiting)
    started, own = time.perf_counter(), time.process_time()
    for _ in range(min(job["concurrency"], total)):
        Slot(job).begin(visitors.steps(waiting.pop()), poll, slots)
    while done < total:
        for number, _ in poll.poll(30):
            slot = slots[number]
            answer = slot.read()
            if answer is None:
                continue
            times[slot.step].append(time.perf_counter() - slot.asked)
            slot.step += 1
            try:
                assert slot.steps is not None
                slot.send(slot.steps.send(answer))
            except StopIteration:
                done += 1
                if waiting:
                    slot.begin(visitors.steps(waiting.pop()), poll, slots)
                else:
                    slot.end(slots)
    return {"seconds": time.perf_counter() - started, "cpu": time.process_time() - own, "done": done, "times": times}


if __name__ == "__main__":
    gc.disable()  # it lives for some seconds only
    json.dump(run(json.load(sys.stdin)), sys.stdout)
