"""The four small tokens of a client: the pass (cookie), the form key, the receipt, and the ids that follow from it.

None of them is stored with an answer. The pass says which code let somebody in; the form key makes handing in happen
once; the receipt lets its holder find the parts again, and nobody else.
"""

import base64
import binascii
import hmac
import secrets
import uuid
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from gehoor.base import codes, secretbox

PASS_COOKIE = "gehoor-code"  # noqa: S105 -- the name of a cookie
RECEIPT_COOKIE = "gehoor-bewijs"
DONE_COOKIE = "gehoor-klaar"  # this browser handed its answer in: the questions would only confuse
KEY_BYTES = 16
MAC_BYTES = 16
# Receipts have 53 bits and a pepper outside the database; memory-hardness comes on top (design §4).
RECEIPT_MEMORY_KIB = 1024
# An envelope lives a day or two and its id is made while a client waits: a sixteenth of the memory.
ENVELOPE_MEMORY_KIB = 64
MOST_PARTS = 8


@dataclass(frozen=True)
class Pass:
    """Which codes somebody came in with: the dispatch, and the hash of a code that will be spent (empty when shared)."""

    dispatch_pk: int
    link_hash: bytes


def _b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _unb64(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def write_pass(dispatch_pk: int, link_hash: bytes) -> str:
    """The value of the cookie: signed, so that nobody can make up a dispatch or a code."""
    body = f"{dispatch_pk}.{_b64(link_hash)}"
    return f"{body}.{_b64(secretbox.keyed('pass', body.encode())[:MAC_BYTES])}"


def read_pass(value: str) -> Pass | None:
    """The pass in a cookie; None when it was tampered with or is no pass."""
    body, _, mac = value.rpartition(".")
    if not hmac.compare_digest(mac.encode(), _b64(secretbox.keyed("pass", body.encode())[:MAC_BYTES]).encode()):
        return None
    dispatch_pk, _, link_hash = body.partition(".")
    return Pass(int(dispatch_pk), _unb64(link_hash))


def new_form_key(cookie: str) -> str:
    """A fresh form key, bound to the cookie: a form made up elsewhere is refused (this is also the CSRF token)."""
    key = secrets.token_bytes(KEY_BYTES)
    return _b64(key + secretbox.keyed("form", key + cookie.encode())[:MAC_BYTES])


def read_form_key(value: str, cookie: str) -> bytes | None:
    """The 16 random bytes of a form key; None when it does not belong to the cookie."""
    try:
        data = _unb64(value)
    except (binascii.Error, ValueError):
        return None
    key, mac = data[:KEY_BYTES], data[KEY_BYTES:]
    expected = secretbox.keyed("form", key + cookie.encode())[:MAC_BYTES]
    return key if hmac.compare_digest(mac, expected) else None


def receipt_for(form_key: bytes) -> str:
    """The 16 digits that follow from a form key under the server's secret: pressing again shows the same."""
    number = int.from_bytes(secretbox.keyed("receipt", form_key)[:16], "big")
    return f"{number % 10**codes.RECEIPT_LENGTH:0{codes.RECEIPT_LENGTH}d}"


def read_receipt(text: str) -> str | None:
    """The receipt that somebody typed, in whatever digits, spaces and dashes; None when it isn't one."""
    digits = codes.digits(text)
    return digits if len(digits) == codes.RECEIPT_LENGTH else None


def write_receipt(receipt: str) -> str:
    """The cookie that carries a receipt to the page that shows it once."""
    return f"{receipt}.{_b64(secretbox.keyed('shown', receipt.encode())[:MAC_BYTES])}"


def read_shown_receipt(value: str) -> str | None:
    """The receipt in that cookie; None when it was tampered with."""
    receipt, _, mac = value.partition(".")
    right = _b64(secretbox.keyed("shown", receipt.encode())[:MAC_BYTES])
    return receipt if hmac.compare_digest(mac.encode(), right.encode()) else None


def _stretched(receipt: str, memory_kib: int = RECEIPT_MEMORY_KIB) -> bytes:
    return secretbox.stretched("part", receipt, memory_kib=memory_kib)


def _part_id(stretched: bytes, part: int) -> uuid.UUID:
    return uuid.UUID(bytes=hmac.digest(stretched, f"part {part}".encode(), "sha256")[:16], version=4)


def envelope_id(receipt: str) -> uuid.UUID:
    """The id of a sealed envelope: the holder of the receipt can take it back before it is opened.

    Stretched like the others: an envelope can be met beside a code that was just spent, and a plain hash of 53 bits could
    be tried out.
    """
    return _part_id(_stretched(receipt, ENVELOPE_MEMORY_KIB), -1)


def part_ids(receipt: str) -> list[uuid.UUID]:
    """The ids of all parts that an answer can have: 0 the closed answers, 1… the texts by their place.

    Argon2id, then an HMAC for each part: without the receipt no two ids can be seen to belong together.
    """
    stretched = _stretched(receipt)
    return [_part_id(stretched, part) for part in range(MOST_PARTS + 1)]


def many_part_ids(receipts: Sequence[str]) -> list[list[uuid.UUID]]:
    """`part_ids` for a whole batch, on all cores."""
    with ThreadPoolExecutor() as pool:
        return list(pool.map(part_ids, receipts))
