"""Where the words of a talk, its recording and a call list are sealed: a key each, in the keyring outside every backup.

Without the key a box is noise. Whoever destroys the key has deleted the words in each copy and each backup, also where
the file system keeps an old page. Names of keys: "original-…" and "turns-…" and "sound-…" of a talk, "calls-…" of a series.
"""

import secrets
import stat
from contextlib import suppress
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _
from nacl.exceptions import CryptoError
from nacl.secret import SecretBox

from gehoor.base import keyfile
from gehoor.base.errors import NotNow


class KeyLost(NotNow):
    """The key is gone, and so is what it sealed."""


def folder(name: str) -> Path:
    """A folder of the keyring or of the data that only the installation can enter; made at first use."""
    path: Path = (settings.GEHOOR_KEYS if name == "keys" else settings.GEHOOR_DATA) / f"interview-{name}"
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path


def key(name: str) -> bytes:
    """The 32-byte key of that name; made at first use, whole on disk before it seals anything."""
    if not _path(name).exists():
        with suppress(FileExistsError):
            _keep(name, secrets.token_bytes(SecretBox.KEY_SIZE))
    return kept_key(name)


def put(name: str, key: bytes) -> None:
    """Keep a key that was made elsewhere. A former one of that name is destroyed."""
    destroy(name)
    _keep(name, key)


def kept_key(name: str) -> bytes:
    """The key of that name. Raises KeyLost when it is not there (any more)."""
    with suppress(OSError):
        found = _path(name).read_bytes()
        if len(found) == SecretBox.KEY_SIZE:
            return found
    raise KeyLost(_("These words can no longer be read: they were deleted, or the keyring is not in its place."))


def destroy(name: str) -> None:
    """Overwrite a key and remove it. Nothing happens when it is gone."""
    keyfile.destroy(_path(name))


def key_names() -> list[str]:
    """Every key that is there."""
    return sorted(path.stem for path in folder("keys").glob("*.key"))


def seal(words: str, name: str) -> bytes:
    """Words, sealed under the key of that name."""
    return bytes(SecretBox(key(name)).encrypt(words.encode()))


def unseal(box: bytes, name: str) -> str:
    """The words. Raises KeyLost."""
    try:
        return SecretBox(kept_key(name)).decrypt(bytes(box)).decode()
    except (CryptoError, ValueError) as error:
        raise KeyLost(_("These words can no longer be read: they were sealed with another key.")) from error


def age_in_days(path: Path, now: float) -> float:
    """How long ago a file came or changed: the system's own note, which nobody can set."""
    return (now - path.stat()[stat.ST_CTIME]) / 86400


def _path(name: str) -> Path:
    return folder("keys") / f"{name}.key"


def _keep(name: str, key: bytes) -> None:
    """Durably, and without a clock beside a client's words. Raises FileExistsError."""
    keyfile.write(_path(name), key, with_clock=False)
