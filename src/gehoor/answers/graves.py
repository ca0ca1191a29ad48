"""Which parts were taken back, so that a restored backup does not bring them back to life (domain.md R101).

One sorted file beside the keys, outside every backup. The ids are random and name nothing that still exists; sorted, they
keep no order and no pairs.
"""

import fcntl
import os
import uuid
from collections.abc import Iterable
from pathlib import Path

from gehoor.answers import keyring


def _file() -> Path:
    return keyring.folder() / "taken-back.txt"


def dig(parts: Iterable[uuid.UUID]) -> None:
    """Note parts as taken back, before they are deleted."""
    with (keyring.folder() / "taken-back.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        everything = sorted({*all_dug(), *parts})
        draft = _file().with_suffix(".new")
        with draft.open("w") as file:
            file.writelines(f"{part}\n" for part in everything)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(_file())


def all_dug() -> list[uuid.UUID]:
    """Every part that was ever taken back."""
    if not _file().exists():
        return []
    return [uuid.UUID(line) for line in _file().read_text().split()]
