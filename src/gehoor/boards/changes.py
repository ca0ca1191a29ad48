"""Changing a board: commands become events, in one transaction, in one order, each exactly once."""

import datetime as dt
import hashlib
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.functional import Promise

from gehoor.base import clock
from gehoor.boards import commands, log, queries, rules, setups, sight, undoing, votes, wake
from gehoor.boards import state as board_state
from gehoor.boards.commands import Command
from gehoor.boards.log import Entry, Locked
from gehoor.boards.models import Board, Event
from gehoor.boards.queries import Known
from gehoor.boards.sight import Viewer
from gehoor.boards.state import Note, State
from gehoor.meetings import changes as meetings
from gehoor.meetings.models import Kind, Life, Meeting, Source, SourceKind
from gehoor.offices.models import Member, Office

_shuffle = random.SystemRandom().shuffle


@dataclass(frozen=True)
class Outcome:
    """What became of a command: the number of its event, or why not. `now` is the note as it stands, for who came too late."""

    seq: int = 0
    why_not: Promise | str = ""  # in the language of whoever reads it
    now: dict[str, Any] | None = None
    undo: dict[str, Any] | None = None  # the command that puts it back


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
                board = log.lock(board_pk)
                known = queries.up_to(board_pk, board.seq, is_final=board.is_final)
                outcomes, entries = _decide(board, known, asked)
                if entries:
                    log.add(board, entries)
                    wake.within(board_pk, known.state.seq)
        except BaseException:
            queries.forget(board_pk)
            raise
        seq = known.state.seq
    if entries:
        wake.after(board_pk, seq)
    return outcomes


@transaction.atomic
def end(meeting: Meeting, *, by: Member | None = None) -> int:
    """End a meeting and its board: what stays is the board as it stands, and a source for each note that everybody could see.

    The log goes, and with it every author, ballot and mark (decision 0006). Returns how many sources there are. Raises
    NotAllowed or NotNow.
    """
    board = Board.objects.select_for_update(of=("self",)).filter(meeting=meeting).first()
    meetings.end(meeting, by=by)
    return _let_go(board, meeting) if board else 0


def end_forgotten(office: Office, *, held_before: dt.date, interviews_before: dt.date) -> int:
    """End what nobody ended: a log holds who did what, and has no purpose once everybody went home. Returns how many.

    A series of interviews goes on for longer than a day.
    """
    is_series = Q(kind=Kind.INTERVIEW)
    late = (is_series & Q(held_on__lt=interviews_before)) | (~is_series & Q(held_on__lt=held_before))
    return len([end(meeting) for meeting in Meeting.objects.filter(late, office=office).exclude(life=Life.CLOSED)])


def _let_go(board: Board, meeting: Meeting) -> int:
    with queries.guard:
        state = queries.known(board).state
        board.final = board_state.final(state, [table.to_json() for table in votes.by_voice(state)])
        sources = [_source(note, state, meeting) for note in state.notes.values() if _goes_on(note)]
    board.save(update_fields=["final"])
    Event.objects.filter(board=board).delete()
    Source.objects.bulk_create(sorted(sources, key=lambda source: source.guid))  # an order that says nothing
    wake.within(board.pk, board.seq + 1)
    transaction.on_commit(lambda: wake.after(board.pk, board.seq + 1))
    return len(sources)


def _goes_on(note: Note) -> bool:
    return note.shown and not note.hidden and not note.withdrawn


def _source(note: Note, state: State, meeting: Meeting) -> Source:
    """A note as it goes on: under its own key, with the consent that covers it."""
    heading = state.clusters[note.cluster].title if note.cluster else ""
    return Source(
        guid=note.pk, meeting=meeting, kind=SourceKind.NOTE, frame=state.frames[note.frame].title, heading=heading,
        sort=note.kind, mood=note.mood, voice=note.role, text=note.text, may_quote=note.may_quote, owner=note.owner,
    )  # fmt: skip


def _decide(board: Locked, known: Known, asked: Sequence[tuple[Viewer, Command]]) -> tuple[list[Outcome], list[Entry]]:
    outcomes, entries = [], []
    for viewer, command in asked:
        key = hashlib.sha256(command.key.encode()).digest()[:16]
        state = known.state
        if key in known.numbers:
            outcomes.append(Outcome(seq=known.numbers[key]))
        elif board.is_closed:  # a process may still believe in a seat that is gone
            outcomes.append(Outcome(why_not=rules.CLOSED))
        elif why := rules.why_not(command, state, viewer):
            outcomes.append(Outcome(why_not=why, now=_as_it_stands(command, state, viewer)))
        else:
            said = _said(command, state, viewer)
            actor = None if state.phase.anonymous and not viewer.is_facilitator else viewer.person
            back = undoing.back(command, state)
            known.take(key, command.do, said)
            entries.append(Entry(state.seq, key, actor, command.do, said))
            outcomes.append(Outcome(seq=state.seq, undo=back))
    return outcomes, entries


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
    if command.mood:
        said["mood"] = command.mood
    if viewer.may_quote:
        said["may_quote"] = True
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
