"""Who came when, laid beside what was written when: no order of guests says whose the notes between two arrivals are.

A table of guests and a log grow side by side. PostgreSQL gives each row the number of its transaction: a note that was written
when only one person was in is that person's. The names of guests are wiped at the end; this is about the time before.
"""

import contextlib
import datetime as dt
import secrets
import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connections
from tests.attacks.house import House

from gehoor.base.errors import BadInput
from gehoor.boards import changes as boards
from gehoor.boards import commands, sight
from gehoor.boards.models import Board
from gehoor.boards.sight import Viewer
from gehoor.meetings import changes, guests, rules
from gehoor.meetings.models import Guest, Life, Meeting

Join = Callable[[Meeting, str], Viewer]
NAMES = ("Zon", "Maan", "Ster", "Wolk", "Regen", "Zee", "Duin", "Berg")


def by_the_door(meeting: Meeting, alias: str) -> Viewer:
    guest, digits = changes.join(meeting, alias=alias, voice="youth")
    held = guests.held(digits)
    assert held
    return Viewer(guest.pk, "youth", seed=held.seed)


def naively(meeting: Meeting, alias: str) -> Viewer:
    """The twin: a row for each guest as they come, and a number that counts."""
    seed = secrets.token_bytes(32)
    number = Guest.objects.count() + 1
    guest = Guest.objects.create(pk=number, meeting=meeting, alias=alias, voice="youth", token_hash=seed)
    return Viewer(guest.pk, "youth", seed=seed)


def sit_down(house: House, join: Join) -> tuple[Board, dict[str, str]]:
    """Everybody comes in and writes at once, before the next one is there. Returns the board and whose each note is."""
    meeting = changes.plan(
        house.cast.office, kind="focus_group", name="Jongeren", purpose="Leren.", held_on=dt.date(2026, 11, 22)
    )
    changes.open_doors(meeting)
    board, written = boards.lay_board(meeting), {}
    for alias in NAMES:
        viewer, note = join(meeting, alias), secrets.token_urlsafe(16)
        asked = {"do": "write", "key": secrets.token_urlsafe(16), "note": note, "frame": 0, "text": f"Van {alias}."}
        assert boards.perform(board.pk, [(viewer, commands.read(asked))])[0].seq
        assert sight.owner_of(viewer.seed, note)
        written[note] = alias
    return board, written


def guessed(house: House) -> dict[str, str]:
    """The attack: of each note its writer is who came last before it was written."""
    if house.vendor == "sqlite":
        arrived = [row[0] for row in house.rows("default", "SELECT alias FROM meetings_guest ORDER BY rowid")]
        notes = [row[0] for row in house.rows("default", "SELECT said->>'note' FROM boards_event ORDER BY rowid")]
        return dict(zip(notes, arrived, strict=True))  # one note a person, in the order of coming
    arrivals = house.rows("default", "SELECT xmin::text::bigint, alias FROM meetings_guest ORDER BY 1, ctid")
    found = {}
    for number, note in house.rows("default", "SELECT xmin::text::bigint, said->>'note' FROM boards_event"):
        before = [alias for arrived, alias in arrivals if arrived < number]
        if before:
            found[note] = before[-1]
    return found


@pytest.mark.parametrize("join", [naively])
def test_in_a_naive_house_the_last_who_came_is_the_writer(house: House, join: Join) -> None:
    _board, written = sit_down(house, join)

    assert guessed(house) == written


def test_no_order_of_guests_says_who_wrote_between_two_arrivals(house: House) -> None:
    _board, written = sit_down(house, by_the_door)

    found = guessed(house)

    right = [note for note, alias in found.items() if written[note] == alias]
    assert len(right) <= len(NAMES) // 2  # by chance one of eight; all eight in the twin
    if house.vendor == "postgresql":
        assert house.rows("default", "SELECT count(DISTINCT xmin::text) FROM meetings_guest") == [(1,)]
    assert list(Guest.objects.order_by("pk").values_list("alias", flat=True)) != list(NAMES)


def test_nobody_who_sits_down_while_a_meeting_is_ended_leaves_a_name(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The end comes in the middle of somebody's coming in, in another process: one waits for the other."""
    meeting = changes.plan(
        house.cast.office, kind="focus_group", name="Jongeren", purpose="Leren.", held_on=dt.date(2026, 11, 22)
    )
    changes.open_doors(meeting)
    boards.lay_board(meeting)
    looked = rules.why_not_join
    ending = threading.Thread(target=_end, args=(meeting.pk,))

    def look(*words: Any, **named: Any) -> str | None:
        why = looked(*words, **named)
        ending.start()
        ending.join(0.5)  # it is over by now if nothing holds it
        return why

    monkeypatch.setattr(rules, "why_not_join", look)
    with contextlib.suppress(BadInput):
        changes.join(meeting, alias="Zon", voice="youth")
    ending.join(60)

    assert Meeting.objects.get().life == Life.CLOSED
    assert list(Guest.objects.exclude(alias="", voice="")) == []


def _end(meeting_pk: int) -> None:
    try:
        boards.end(Meeting.objects.get(pk=meeting_pk))
    finally:
        connections.close_all()
