"""A file that holds a key: whole on disk or not there, for the installation alone, and overwritten before it goes.

Which keys there are, where they lie and what is lost with them is up to the room that keeps them.
"""

import os
import secrets
from contextlib import suppress
from pathlib import Path


def write(path: Path, data: bytes, *, with_clock: bool = True) -> None:
    """Whole or not at all: a draft is written, flushed, and linked to its name. Raises FileExistsError.

    Once this returns, the key is there after a power cut too. Without a clock the file says 1970 for when it was written.
    """
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        if not with_clock:
            os.utime(draft, (0, 0))
        os.link(draft, path)
    finally:
        draft.unlink()
    _flush_names(path.parent)


def destroy(path: Path) -> None:
    """Overwrite all of it on disk, then remove it. Nothing happens when it is gone."""
    with suppress(FileNotFoundError), path.open("r+b") as file:
        file.write(secrets.token_bytes(os.fstat(file.fileno()).st_size))
        file.flush()
        os.fsync(file.fileno())
        path.unlink()


def _flush_names(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
