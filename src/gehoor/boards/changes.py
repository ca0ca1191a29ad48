"""Changing a board: commands become events, in one transaction, in one order, each exactly once."""

import hashlib
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.functional import Promise

from gehoor.base import clock
from gehoor.boards import commands, queries, rules, setups, sight, wake
from gehoor.boards import state as board_state
from gehoor.boards.commands import Command
from gehoor.boards.models import Board, Event
from gehoor.boards.queries import Known
from gehoor.boards.sight import Viewer
from gehoor.boards.state import State
from gehoor.meetings.models import Life, Meeting

_shuffle = random.SystemRandom().shuffle


@dataclass(frozen=True)
class Outcome:
    """What became of a command: the number of its event, or why not. `now` is the note as it stands, for who came too late."""

    seq: int = 0
    why_not: Promise | str = ""  # in the language of whoever reads it
    now: dict[str, Any] | None = None


def make_board(meeting: Meeting, setup: dict[str, Any]) -> Board:
    """A board for a meeting that has none yet."""
    board_state.begin(setup)  # a wrong setup fails here and not when people sit around it
    return Board.objects.create(meeting=meeting, setup=setup)


def lay_board(meeting: Meeting) -> Board:
    """The board of a meeting; laid when there is none yet, as its kind of meeting begins."""
    board = Board.objects.filter(meeting=meeting).first()
    return board or make_board(meeting, setups.setup_for(meeting.kind))


def perform(board_pk: int, asked: Sequence[tuple[Viewer, Command]]) -> list[Outcome]:
    """Do what was asked, in this order, in one transaction. Returns after the commit: what has a number is on disk.

    The board's row is locked first, so that everybody's commands stand in one line. A key that is in the log already
    gets its old number. Raises database errors when nothing was stored.
    """
    with queries.guard:
        try:
            with transaction.atomic():
                board = Board.objects.select_for_update(of=("self",)).select_related("meeting").get(pk=board_pk)
                known = queries.known(board)
                outcomes, events = _decide(board, known, asked)
                Event.objects.bulk_create(events)
                if events:
                    Board.objects.filter(pk=board_pk).update(seq=known.state.seq)
                    wake.within(board_pk, known.state.seq)
        except BaseException:
            queries.forget(board_pk)
            raise
    if events:
        wake.after(board_pk, known.state.seq)
    return outcomes


def _decide(board: Board, known: Known, asked: Sequence[tuple[Viewer, Command]]) -> tuple[list[Outcome], list[Event]]:
    marks = [hashlib.sha256(command.key.encode()).digest()[:16] for _viewer, command in asked]
    done = Event.objects.filter(board=board, key__in=marks).values_list("key", "seq")
    numbers = {bytes(key): seq for key, seq in done}
    outcomes, events = [], []
    for mark, (viewer, command) in zip(marks, asked, strict=True):
        state = known.state
        if mark in numbers:
            outcomes.append(Outcome(seq=numbers[mark]))
        elif board.meeting.life == Life.CLOSED:  # a process may still believe in a seat that is gone
            outcomes.append(Outcome(why_not=rules.CLOSED))
        elif why := rules.why_not(command, state, viewer):
            outcomes.append(Outcome(why_not=why, now=_as_it_stands(command, state, viewer)))
        else:
            said = _said(command, state, viewer)
            actor = None if state.phase.anonymous and not viewer.is_facilitator else viewer.person
            known.take(command.do, said)
            events.append(Event(board=board, seq=state.seq, key=mark, actor=actor, kind=command.do, said=said))
            numbers[mark] = state.seq
            outcomes.append(Outcome(seq=state.seq))
    return outcomes, events


def _as_it_stands(command: Command, state: State, viewer: Viewer) -> dict[str, Any] | None:
    """For who edited a note that somebody changed meanwhile: both texts belong on the screen."""
    note = state.notes.get(getattr(command, "note", ""))
    return sight.seen(note, state, viewer) if note else None


# --- what stands in the log ---------------------------------------------------------------------------------------


def _said(command: Command, state: State, viewer: Viewer) -> dict[str, Any]:
    says = _SAYS.get(type(command))
    said: dict[str, Any] = says(command, state, viewer) if says else command.model_dump(exclude={"key", "do"})
    return said


def _says_write(command: commands.Write, state: State, viewer: Viewer) -> dict[str, Any]:
    said: dict[str, Any] = {
        "note": command.note,
        "frame": command.frame,
        "kind": command.kind,
        "role": command.role or viewer.role,
        "text": command.text,
        "owner": sight.owner_of(viewer.seed, command.note),
        "shown": state.phase.kind not in sight.WRITING,
    }
    if not state.phase.anonymous:
        said["author"] = viewer.person
    return said


def _says_reveal(command: commands.Reveal, state: State, viewer: Viewer) -> dict[str, Any]:
    """The notes in a drawn order. What was hidden or taken back stays where it is."""
    order = [
        note.pk
        for note in state.notes.values()
        if note.frame == command.frame and not (note.shown or note.withdrawn or note.hidden)
    ]
    _shuffle(order)
    return {"frame": command.frame, "order": order}


def _says_dot(command: commands.Dot, state: State, viewer: Viewer) -> dict[str, Any]:
    ballot = sight.ballot_of(viewer.seed, state.step, command.slot)
    return {"note": command.note, "ballot": ballot, "role": viewer.role}


def _says_undot(command: commands.Undot, state: State, viewer: Viewer) -> dict[str, Any]:
    return {"ballot": sight.ballot_of(viewer.seed, state.step, command.slot)}


def _says_ready(command: commands.Ready, state: State, viewer: Viewer) -> dict[str, Any]:
    return {"mark": sight.ready_of(viewer.seed, state.asked)}


def _says_timer(command: commands.Timer, state: State, viewer: Viewer) -> dict[str, Any]:
    return {"ends": int(clock.now().timestamp()) + 60 * command.minutes if command.minutes else 0}


_SAYS: dict[type, Callable[..., dict[str, Any]]] = {
    commands.Write: _says_write,
    commands.Reveal: _says_reveal,
    commands.Dot: _says_dot,
    commands.Undot: _says_undot,
    commands.Ready: _says_ready,
    commands.Timer: _says_timer,
}
