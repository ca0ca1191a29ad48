"""Envelopes: padded, sealed to a key that lies elsewhere, opened in memory. Pure; design §4, standards.md §2.6.

A box is a libsodium sealed box (X25519, XSalsa20-Poly1305). The padded length is one of four sizes, so that a box tells
next to nothing about how much somebody wrote.
"""

import json
from typing import Any

from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, PublicKey, SealedBox
from nacl.secret import SecretBox

SIZES = (512, 2048, 8192, 32768)
_LENGTH_BYTES = 4


class Unreadable(Exception):
    """The box can't be opened with this key, or what is in it is no answer."""


def pad(data: bytes) -> bytes:
    """The data with its length before it and zeros after it, up to the next size. Raises ValueError above the largest."""
    framed = len(data).to_bytes(_LENGTH_BYTES, "big") + data
    size = next((size for size in SIZES if len(framed) <= size), None)
    if size is None:
        raise ValueError(f"an answer of {len(data)} bytes does not fit in {SIZES[-1]}")
    return framed.ljust(size, b"\0")


def unpad(padded: bytes) -> bytes:
    """The data that `pad` framed."""
    length = int.from_bytes(padded[:_LENGTH_BYTES], "big")
    return padded[_LENGTH_BYTES : _LENGTH_BYTES + length]


def seal(answer: dict[str, Any], public_key: bytes) -> bytes:
    """The answer in a closed envelope. Only the private key opens it."""
    data = json.dumps(answer, ensure_ascii=False, separators=(",", ":")).encode()
    return SealedBox(PublicKey(public_key)).encrypt(pad(data))


def unseal(box: bytes, private_key: PrivateKey) -> dict[str, Any]:
    """What is in an envelope. Raises Unreadable."""
    try:
        answer = json.loads(unpad(SealedBox(private_key).decrypt(box)))
    except (CryptoError, ValueError, TypeError) as error:
        raise Unreadable from error
    if not isinstance(answer, dict):
        raise Unreadable
    return answer


def lock_text(words: str, key: bytes) -> bytes:
    """Words that wait for a reader, sealed with the text key of the installation."""
    return bytes(SecretBox(key).encrypt(pad(words.encode())))


def unlock_text(box: bytes, key: bytes) -> str:
    """The words. Raises Unreadable when the key is another one."""
    try:
        return unpad(SecretBox(key).decrypt(box)).decode()
    except (CryptoError, ValueError) as error:
        raise Unreadable from error
