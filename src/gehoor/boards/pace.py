"""How fast one person may go on: faster than hands can is slowed down, and nobody else.

By person and never by network address (decision 0008), in memory only, and for a few seconds: a bucket that has filled up
again says nothing and is thrown away. Each process counts for itself.
"""

import threading
import time
from collections.abc import Callable

QUICKEST = 20.0  # commands a second, over some seconds
AT_ONCE = 60.0
MOST_KEPT = 1_000  # people; above that the full buckets go


class Pace:
    """A bucket for each person who did something in the last seconds."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._spent: dict[int, tuple[float, float]] = {}
        self._guard = threading.Lock()

    def may_go_on(self, person: int, number: int = 1) -> bool:
        """May this person do so many things now? When they may, they count as done."""
        now = self._clock()
        with self._guard:
            left = self._left(person, now)
            may = left >= number
            self._spent[person] = (left - number if may else left, now)
            if len(self._spent) > MOST_KEPT:
                self._spent = {one: kept for one, kept in self._spent.items() if self._left(one, now) < AT_ONCE}
        return may

    def _left(self, person: int, now: float) -> float:
        left, since = self._spent.get(person, (AT_ONCE, now))
        return min(AT_ONCE, left + (now - since) * QUICKEST)


people = Pace()  # of this process
