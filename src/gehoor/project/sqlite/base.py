"""Django's SQLite with a queue for writers.

SQLite lets one connection write at a time. One that finds another writing sleeps a millisecond, then two, five, ten…; with
commits of half a millisecond, most of that is lost. Here whoever begins a transaction looks five times a millisecond whether
a lock file is free, which costs next to nothing and leaves SQLite's own waiting for the rest (decision 0003).
"""

import fcntl
import os
import time
from typing import Any

from django.db.backends.sqlite3 import base

PAUSE = 0.0002
PATIENCE = 5.0  # seconds; after that SQLite's own waiting decides


class DatabaseWrapper(base.DatabaseWrapper):
    """One connection. Its transactions begin in a queue and leave it when they end, however they end."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._queue: int | None = None

    def _start_transaction_under_autocommit(self) -> None:
        self._enter_queue()
        try:
            super()._start_transaction_under_autocommit()  # type: ignore[misc]  # the stubs do not know it
        except BaseException:
            self._leave_queue()
            raise

    def commit(self) -> None:
        """End the transaction and let the next one in."""
        try:
            super().commit()
        finally:
            self._leave_queue()

    def rollback(self) -> None:
        """Undo the transaction and let the next one in."""
        try:
            super().rollback()
        finally:
            self._leave_queue()

    def close(self) -> None:
        """Hang up, which undoes a transaction, and let the next one in."""
        try:
            super().close()
        finally:
            self._leave_queue()

    def _enter_queue(self) -> None:
        name = str(self.settings_dict["NAME"])
        if self.is_in_memory_db() or self._queue is not None:
            return
        try:
            self._queue = os.open(f"{name}-queue", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError:  # a full disk, a folder that is gone: SQLite says it better
            return
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            try:
                fcntl.flock(self._queue, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                time.sleep(PAUSE)
            else:
                return

    def _leave_queue(self) -> None:
        if self._queue is not None:
            os.close(self._queue)
            self._queue = None
