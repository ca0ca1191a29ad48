"""The live side of boards with a clock around its parts: where the time of a command goes. Started by boards.py --profile.

The parts are wrapped from outside, so that the product itself holds no clock. Only numbers leave it, and no words: at the
end of the process it prints, for each part, how often it was done and how long it took.
"""

import json
import sys
import time
from collections import defaultdict
from collections.abc import Callable
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper

from gehoor.project.asgi import application  # first: it makes Django ready

from gehoor.boards import changes, live, log, wake  # isort: skip

took: dict[str, list[float]] = defaultdict(list)


def timed(place: Any, name: str, part: str) -> None:
    """Replace a function by one that notes how long it took."""
    inner: Callable[..., Any] = getattr(place, name)

    def outer(*words: Any, **named: Any) -> Any:
        begun = time.perf_counter()
        try:
            return inner(*words, **named)
        finally:
            took[part].append(time.perf_counter() - begun)

    setattr(place, name, outer)


def waited(asked: Any) -> None:
    """How long the commands of a batch stood in line, and how many they were."""
    now = time.perf_counter()
    took["waiting for the line"] += [now - one.since for one in asked]
    took["commands in a batch"].append(sum(len(one.commands) for one in asked))


class Asked(live.Asked):
    """Knows since when it waits."""

    def __init__(self, *words: Any) -> None:
        super().__init__(*words)
        self.since = time.perf_counter()


class Live(live.Live):
    """Notes how long commands wait, and how many are stored together."""

    async def _live(self, receive: Any, send: Any) -> None:
        await super()._live(receive, send)
        report()

    def _store(self, board_pk: int, asked: Any) -> None:
        waited(asked)
        super()._store(board_pk, asked)


def report() -> None:
    """Sums and percentiles, in milliseconds."""
    said = {}
    for part, each in sorted(took.items()):
        each.sort()
        scale = 1 if part == "commands in a batch" else 1000
        cut = {f"p{share}": round(each[len(each) * share // 100] * scale, 2) for share in (50, 95)}
        said[part] = {"times": len(each), "sum": round(sum(each) * scale, 1), **cut}
    print(json.dumps({"profile_ms": said}), file=sys.stderr, flush=True)


live.Asked = Asked  # type: ignore[misc]
timed(changes, "perform", "deciding and storing")
timed(changes, "_decide", "deciding")
timed(log, "lock", "taking the line: BEGIN and SELECT")
timed(log, "add", "writing: INSERT and UPDATE")
timed(BaseDatabaseWrapper, "_commit", "committing: the disk")
timed(wake, "after", "hinting to other processes")
timed(live, "_news", "rendering")
timed(live.Live, "_store", "a batch: storing, rendering, handing on")
timed(Live, "_tell", "handing on to the lines")
application.__class__ = Live  # the same application, watched
