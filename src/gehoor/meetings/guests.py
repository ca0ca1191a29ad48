"""What somebody at a meeting holds, and what is kept of it.

A guest gets 16 digits, as on a receipt; the browser keeps them in a cookie, and with them one can come back later. From
them follow the token, of which the server keeps a hash while the meeting lasts, and the seed, of which it keeps nothing:
boards mark notes with it, so that only who has the digits finds the own notes again.
"""

import hashlib
import hmac
from dataclasses import dataclass
from functools import lru_cache

from gehoor.base import codes, secretbox

COOKIE = "gehoor-bord"
MEMORY_KIB = 1024


MOST_SEATS = 4  # in one browser: who leads two meetings, or comes to a second one, keeps the first


QUOTES = "c"  # behind the digits: this person's words may be quoted


@dataclass(frozen=True)
class Seat:
    """What a browser holds of one meeting.

    Whether somebody may be quoted stands here and in no table about people: a note carries it, and beside a column of guests
    it would join the notes of the only one who agreed to that guest.
    """

    digits: str
    may_quote: bool = False

    @property
    def as_text(self) -> str:
        """As it stands in the cookie."""
        return self.digits + (QUOTES if self.may_quote else "")


def seats_in(cookie: str) -> list[Seat]:
    """Each seat in a browser, the newest first."""
    return [Seat(one.removesuffix(QUOTES), one.endswith(QUOTES)) for one in cookie.split(".")[:MOST_SEATS] if one]


def with_seat(cookie: str, seat: Seat) -> str:
    """A browser's cookie with one more seat."""
    others = [other for other in seats_in(cookie) if other.digits != seat.digits]
    return ".".join(one.as_text for one in [seat, *others][:MOST_SEATS])


@dataclass(frozen=True)
class Held:
    """What follows from a guest's digits."""

    token_hash: bytes
    seed: bytes


def held(digits: str) -> Held | None:
    """What follows from the digits in a cookie; None when they are none."""
    return _held(digits) if len(digits) == codes.RECEIPT_LENGTH and digits.isascii() and digits.isdigit() else None


@lru_cache(maxsize=4096)
def _held(digits: str) -> Held:
    """Slow on purpose, and so once a guest."""
    secret = secretbox.stretched("guest", digits, memory_kib=MEMORY_KIB)
    token = hmac.digest(secret, b"token", "sha256")
    return Held(hashlib.sha256(token).digest(), hmac.digest(secret, b"seed", "sha256"))
