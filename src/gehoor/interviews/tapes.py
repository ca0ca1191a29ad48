"""A recording on disk: sealed in pieces, each under the key of the talk, so that one can listen from anywhere.

A piece is 64 KB of sound as XChaCha20-Poly1305 with a nonce of its own; the number of the piece goes into the seal, so
that pieces cannot change places. The file bears the random key of the talk and lies outside both databases and backups.
Nothing of the sound ever stands unsealed on disk.
"""

import os
import secrets
import time
import uuid
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from django.utils.translation import gettext as _
from nacl import bindings
from nacl.exceptions import CryptoError

from gehoor.interviews import safe
from gehoor.interviews.safe import KeyLost

PIECE = 64 * 1024
NONCE = bindings.crypto_aead_xchacha20poly1305_ietf_NPUBBYTES
SEALED = PIECE + NONCE + bindings.crypto_aead_xchacha20poly1305_ietf_ABYTES


def place_of(guid: uuid.UUID) -> Path:
    """Where the recording of a talk lies."""
    return safe.folder("sound") / f"{guid.hex}.sealed"


def key_name(guid: uuid.UUID) -> str:
    """The name of its key."""
    return f"sound-{guid.hex}"


def look(guid: uuid.UUID) -> None:
    """Is there a recording that can be played? Raises KeyLost when not."""
    safe.kept_key(key_name(guid))
    if not place_of(guid).exists():
        raise KeyLost(_("This recording is not here any more."))


def delete(guid: uuid.UUID) -> None:
    """Destroy the key, then the file. Nothing happens when they are gone."""
    safe.destroy(key_name(guid))
    place_of(guid).unlink(missing_ok=True)


def delete_strays(known: set[uuid.UUID]) -> int:
    """Delete recordings, and halves of them, that belong to no talk: something stopped half-way, a day ago or more."""
    names = {place_of(guid).name for guid in known}
    strays = [
        path for path in safe.folder("sound").iterdir()
        if path.name not in names and safe.age_in_days(path, time.time()) >= 1
    ]  # fmt: skip
    for path in strays:
        with suppress(ValueError):
            if (guid := uuid.UUID(hex=path.name.partition(".")[0])) not in known:
                safe.destroy(key_name(guid))
        path.unlink(missing_ok=True)
    return len(strays)


class SealedTape:
    """A sealed recording as a row of bytes. Serves `sound.clean`, which overwrites, and the player, which reads."""

    def __init__(self, path: Path, key: bytes, size: int, *, writable: bool = False) -> None:
        self._file = path.open("r+b" if writable else "rb")
        self._key, self.size = key, size
        self._number, self._piece, self._changed = -1, b"", False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Write what waits, and let go of the file."""
        self._put_back()
        self._file.close()

    def read(self, at: int, length: int) -> bytes:
        """At most that many bytes from there. Raises KeyLost when the file is not what was stored."""
        parts, end = [], min(at + length, self.size)
        while at < end:
            self._turn_to(at // PIECE)
            part = self._piece[at % PIECE : at % PIECE + end - at]
            parts.append(part)
            at += len(part)
        return b"".join(parts)

    def write(self, at: int, data: bytes) -> None:
        """Overwrite; what would stand behind the end is left out."""
        data = data[: max(self.size - at, 0)]
        while data:
            self._turn_to(at // PIECE)
            here = at % PIECE
            part = data[: PIECE - here]
            self._piece = self._piece[:here] + part + self._piece[here + len(part) :]
            self._changed = True
            at, data = at + len(part), data[len(part) :]

    def _turn_to(self, number: int) -> None:
        if number == self._number:
            return
        self._put_back()
        self._file.seek(number * SEALED)
        piece = unsealed(self._file.read(SEALED), number, self._key)
        if len(piece) != min(PIECE, self.size - number * PIECE):
            raise KeyLost(_("This recording is damaged and cannot be played."))
        self._number, self._piece = number, piece

    def _put_back(self) -> None:
        if self._changed:
            self._file.seek(self._number * SEALED)
            self._file.write(sealed(self._piece, self._number, self._key))
            self._file.flush()
            self._changed = False


def sealed(piece: bytes, number: int, key: bytes) -> bytes:
    """One piece in its box."""
    nonce = secrets.token_bytes(NONCE)
    box = bindings.crypto_aead_xchacha20poly1305_ietf_encrypt(piece, number.to_bytes(8, "big"), nonce, key)
    return nonce + bytes(box)


def unsealed(box: bytes, number: int, key: bytes) -> bytes:
    """What is in it. Raises KeyLost."""
    try:
        return bytes(
            bindings.crypto_aead_xchacha20poly1305_ietf_decrypt(
                box[NONCE:], number.to_bytes(8, "big"), box[:NONCE], key
            )
        )
    except (CryptoError, ValueError) as error:
        raise KeyLost(_("This recording is damaged and cannot be played.")) from error


class Writer:
    """Takes sound as it comes in and seals it, a piece at a time. Nothing has the recording's name until `keep`."""

    def __init__(self, guid: uuid.UUID) -> None:
        self.guid, self.size = guid, 0
        self.path = safe.folder("sound") / f"{guid.hex}.{secrets.token_hex(8)}.half"
        self.key = secrets.token_bytes(bindings.crypto_aead_xchacha20poly1305_ietf_KEYBYTES)
        handle = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        self._file = os.fdopen(handle, "wb")
        self._rest, self._number = b"", 0

    def add(self, data: bytes) -> None:
        """More of it."""
        self.size += len(data)
        self._rest += data
        while len(self._rest) >= PIECE:
            self._seal(self._rest[:PIECE])
            self._rest = self._rest[PIECE:]

    def finish(self) -> None:
        """That was all."""
        if self._rest:
            self._seal(self._rest)
        self._rest = b""
        self._file.close()

    def _seal(self, piece: bytes) -> None:
        self._file.write(sealed(piece, self._number, self.key))
        self._number += 1

    def tape(self) -> SealedTape:
        """What came in, to look at and to clean. After `finish`."""
        return SealedTape(self.path, self.key, self.size, writable=True)

    def keep(self) -> None:
        """Give it its name and its key, durably. No clock stays beside it."""
        with self.path.open("rb") as file:
            os.fsync(file.fileno())
        os.utime(self.path, (0, 0))
        safe.put(key_name(self.guid), self.key)
        self.path.replace(place_of(self.guid))

    def discard(self) -> None:
        """Throw away what was not kept."""
        self._file.close()
        self.path.unlink(missing_ok=True)


def pieces(guid: uuid.UUID, size: int, first: int, last: int) -> Iterator[bytes]:
    """The sound from one byte to another, both included, a piece at a time."""
    with SealedTape(place_of(guid), safe.kept_key(key_name(guid)), size) as tape:
        while first <= last:
            part = tape.read(first, min(PIECE, last + 1 - first))
            yield part
            first += len(part)
