"""Hearing from other processes that a board has moved on: the other end of `wake`."""

import asyncio
import contextlib
import logging
import socket
from collections.abc import Callable
from typing import Any

from django.db import connection

from gehoor.boards import wake

log = logging.getLogger("gehoor.live")
Hear = Callable[[int, int], None]
PAUSE = 3.0  # seconds before a line that broke is made again; meanwhile the logs are looked at anyway


async def listen(hear: Hear) -> None:
    """Until it is cancelled."""
    await (_postgresql(hear) if connection.vendor == "postgresql" else _socket(hear))


async def _postgresql(hear: Hear) -> None:
    import psycopg  # noqa: PLC0415 -- only where PostgreSQL is

    facts = connection.get_connection_params()
    words = {name: facts[name] for name in ("dbname", "user", "password", "host", "port") if facts.get(name)}
    while True:
        try:
            async with await psycopg.AsyncConnection.connect(**words, autocommit=True) as line:
                await line.execute(f"LISTEN {wake.CHANNEL}")
                async for hint in line.notifies():
                    _pass_on(hint.payload, hear)
        except psycopg.Error as error:
            log.warning("Listening to the database broke off: %s", type(error).__name__)
        await asyncio.sleep(PAUSE)


async def _socket(hear: Hear) -> None:
    wake.sockets().mkdir(mode=0o700, exist_ok=True)
    place = wake.own_socket()

    class Ear(asyncio.DatagramProtocol):
        def datagram_received(self, data: bytes, sender: Any) -> None:
            _pass_on(data.decode("ascii", "replace"), hear)

    with contextlib.suppress(FileNotFoundError):
        place.unlink()
    line = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    line.setblocking(False)
    line.bind(str(place))
    transport, _ = await asyncio.get_running_loop().create_datagram_endpoint(Ear, sock=line)
    try:
        await asyncio.Event().wait()
    finally:
        transport.close()
        place.unlink(missing_ok=True)


def _pass_on(hint: str, hear: Hear) -> None:
    board_pk, _, seq = hint.partition(" ")
    if board_pk.isdigit() and seq.isdigit():
        hear(int(board_pk), int(seq))
