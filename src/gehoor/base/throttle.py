"""Counting tries without keeping who tried: keyed hashes in memory, under a key that lives an hour and is never written.

Each process counts for itself. Only failed tries count, for a whole school may sit behind one address
(standards.md requirement 48; §5.1).
"""

import hmac
import secrets
import time
from collections import Counter

HOUR = 3600
WINDOW = 60

_state: dict[str, object] = {}
_tries: Counter[tuple[str, bytes]] = Counter()


def caller(address: str) -> bytes:
    """A mark for an address that means nothing an hour later."""
    hour = int(time.monotonic() // HOUR)
    if _state.get("hour") != hour:
        _state.update(hour=hour, key=secrets.token_bytes(32))
    key = _state["key"]
    assert isinstance(key, bytes)  # noqa: S101 -- narrows the type
    return hmac.digest(key, address.encode(), "sha256")[:16]


def is_over(what: str, who: bytes, most: int) -> bool:
    """Were there too many failed tries in this minute?"""
    minute = int(time.monotonic() // WINDOW)
    if _state.get("minute") != minute:
        _state["minute"] = minute
        _tries.clear()
    return _tries[what, who] >= most


def count(what: str, who: bytes) -> None:
    """One more failed try."""
    _tries[what, who] += 1
