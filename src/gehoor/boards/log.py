"""The log of a board in the database, for the one line in which all commands stand.

In plain SQL: whoever writes here keeps everybody else at the board waiting, and Django's models cost more than the
database itself. Reading old events, of which nobody waits, is for `queries`.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

from django.db import connection

from gehoor.boards.models import Board
from gehoor.meetings.models import Life

LOCK = """
SELECT board.seq, board.final IS NOT NULL, meeting.life
FROM boards_board board JOIN meetings_meeting meeting ON meeting.id = board.meeting_id WHERE board.id = %s
"""
ADD = "INSERT INTO boards_event (board_id, seq, key, actor, kind, said) VALUES (%s, %s, %s, %s, %s, %s)"
MOVE_ON = "UPDATE boards_board SET seq = %s WHERE id = %s"


class Locked(NamedTuple):
    """A board whose row is ours until the transaction ends."""

    pk: int
    seq: int
    is_final: bool
    is_closed: bool


class Entry(NamedTuple):
    """An event that is to be added."""

    seq: int
    key: bytes
    actor: int | None
    kind: str
    said: dict[str, Any]


def lock(board_pk: int) -> Locked:
    """Take the board's row, so that everybody's commands stand in one line. On SQLite the transaction itself does so."""
    with connection.cursor() as cursor:
        cursor.execute(LOCK + (" FOR UPDATE OF board" if connection.vendor == "postgresql" else ""), [board_pk])
        row = cursor.fetchone()
    if row is None:
        raise Board.DoesNotExist
    return Locked(board_pk, row[0], bool(row[1]), row[2] == Life.CLOSED)


def add(board: Locked, entries: Sequence[Entry]) -> None:
    """Add events, and move the board on to the last of them."""
    as_json = connection.ops.adapt_json_value
    rows = [[board.pk, *entry[:-1], as_json(entry.said, None)] for entry in entries]
    with connection.cursor() as cursor:
        cursor.executemany(ADD, rows)
        cursor.execute(MOVE_ON, [entries[-1].seq, board.pk])
