"""The keyring: one file a batch key, in a folder outside the database and its backups, mode 600.

The door only needs the public key, which is in the batch row. Design §4; standards.md requirement 38.
"""

import secrets
import uuid
from contextlib import suppress
from pathlib import Path

from django.conf import settings
from nacl.public import PrivateKey

from gehoor.base import keyfile


class KeyLost(Exception):
    """The key of a batch is gone or can't be read. Its envelopes cannot be opened by anybody."""


def folder() -> Path:
    """Where the keys lie; made at first use."""
    path: Path = settings.GEHOOR_KEYS
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path


def add(batch: uuid.UUID, key: PrivateKey) -> None:
    """Write the private key of a batch to disk, durably, before the first envelope can be sealed to it."""
    keyfile.write(folder() / f"{batch}.key", key.encode().hex().encode())


def key_of(batch: uuid.UUID) -> PrivateKey:
    """The private key of a batch. Raises KeyLost."""
    try:
        return PrivateKey(bytes.fromhex((folder() / f"{batch}.key").read_text().strip()))
    except (OSError, ValueError, TypeError) as error:
        raise KeyLost(f"key of batch {batch}: {type(error).__name__}") from error


def has(batch: uuid.UUID) -> bool:
    """Is the key of a batch there?"""
    return (folder() / f"{batch}.key").exists()


def destroy(batch: uuid.UUID) -> None:
    """Overwrite and remove the key of a batch. Nothing happens when it is gone."""
    keyfile.destroy(folder() / f"{batch}.key")


def text_key(period: str) -> bytes:
    """The 32-byte key that seals the texts of a quarter until a reader has dealt with them; made at first use.

    Raises KeyLost.
    """
    path = folder() / f"texts-{period}.key"
    if not path.exists():
        with suppress(FileExistsError):
            keyfile.write(path, secrets.token_bytes(32).hex().encode())
    try:
        return bytes.fromhex(path.read_text().strip())
    except (OSError, ValueError) as error:
        raise KeyLost(f"text key of {period}: {type(error).__name__}") from error


def text_periods() -> list[str]:
    """The quarters that have a text key."""
    return sorted(path.stem.removeprefix("texts-") for path in folder().glob("texts-*.key"))


def destroy_text_key(period: str) -> None:
    """Destroy the text key of a quarter: words that are still sealed with it, in whatever copy, are gone."""
    keyfile.destroy(folder() / f"texts-{period}.key")
