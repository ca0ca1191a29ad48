"""Telling the other processes that a board has moved on. Only a hint: the log is the truth, and is looked at anyway.

PostgreSQL carries it itself (NOTIFY, which goes out with the commit). On SQLite each listener has a socket in the data
folder, and gets a datagram.
"""

import contextlib
import os
import socket
from collections.abc import Sequence
from pathlib import Path

from django.conf import settings
from django.db import connection

CHANNEL = "gehoor_board"
FOLDER = "live"


def sockets() -> Path:
    """Where listeners on this machine have their sockets."""
    return Path(settings.GEHOOR_DATA) / FOLDER


def within(board_pk: int, seq: int) -> None:
    """Inside the transaction: PostgreSQL tells when it commits."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, f"{board_pk} {seq}"])


def after(board_pk: int, seq: int) -> None:
    """After the commit: to every other listener of this data folder. One that was killed left its socket: away with it."""
    if connection.vendor == "postgresql":
        return
    with contextlib.suppress(OSError):
        own = own_socket().name
        others = [Path(each) for each in os.scandir(sockets()) if each.name.endswith(".sock") and each.name != own]
        if others:
            _tell(others, f"{board_pk} {seq}".encode())


def own_socket() -> Path:
    """Where this process listens, if it does."""
    return sockets() / f"{os.getpid()}.sock"


def _tell(listeners: Sequence[Path], hint: bytes) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as line:
        line.setblocking(False)
        for listener in listeners:
            try:
                line.sendto(hint, str(listener))
            except ConnectionRefusedError:
                listener.unlink(missing_ok=True)
            except OSError:
                continue  # gone, or it has enough hints to read
