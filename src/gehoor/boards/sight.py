"""Who may see what of a board. Pure, and the only place that decides it: pages, streams and exports ask here.

Notes that others wrote in private are not faded or covered: their words never leave the server (decision 0007).
"""

import hmac
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from gehoor.boards.state import Note, State

WRITING = {"write"}
COUNTED = {"talk", "closed"}  # after the vote: the dots are shown


@dataclass(frozen=True)
class Viewer:
    """Somebody in front of the board. `seed` is only in the own browser: with it the own notes are found again."""

    person: int
    role: str
    is_facilitator: bool = False
    seed: bytes = b""
    may_quote: bool = False


EVERYBODY = Viewer(0, "")
FACILITATORS = Viewer(0, "", is_facilitator=True)


def owner_of(seed: bytes, note: str) -> str:
    """The mark on a note that only its writer can make again. Marks of two notes have nothing in common."""
    return hmac.digest(seed, f"note {note}".encode(), "sha256")[:16].hex()


def ballot_of(seed: bytes, step: int, slot: int) -> str:
    """The mark of one dot: two dots of one person have nothing in common, yet nobody has more than there are slots."""
    return hmac.digest(seed, f"dot {step} {slot}".encode(), "sha256")[:16].hex()


def ready_of(seed: bytes, asked: int) -> str:
    """The mark of somebody who is ready, for this time of asking."""
    return hmac.digest(seed, f"ready {asked}".encode(), "sha256")[:16].hex()


def is_own(note: Note, viewer: Viewer) -> bool:
    """Did this viewer write the note?"""
    return bool(viewer.seed) and hmac.compare_digest(note.owner, owner_of(viewer.seed, note.pk))


def may_see(note: Note, state: State, viewer: Viewer) -> bool:
    """May this viewer read the words of this note at this moment?"""
    if note.withdrawn:
        return is_own(note, viewer)
    if viewer.is_facilitator:
        return note.shown or state.phase.kind not in WRITING or is_own(note, viewer)
    return (note.shown and not note.hidden) or is_own(note, viewer)


def seen(note: Note, state: State, viewer: Viewer) -> dict[str, Any] | None:
    """What this viewer's browser gets of a note; None when that is nothing. No owner and no author's number, ever."""
    if not may_see(note, state, viewer):
        return None
    sight: dict[str, Any] = {
        "note": note.pk, "frame": note.frame, "cluster": note.cluster, "kind": note.kind, "role": note.role,
        "text": note.text, "version": note.version, "place": note.place, "shown": note.shown,
    }  # fmt: skip
    if note.mood:
        sight["mood"] = note.mood
    if note.hidden:
        sight["hidden"] = True
    if note.withdrawn:
        sight["withdrawn"] = True
    if state.phase.kind in COUNTED and note.shown:
        sight["dots"] = state.tally[note.pk]
    return sight


def waiting(state: State) -> Counter[int]:
    """How many notes lie face down in each frame: a number is all that others get of them."""
    return Counter(note.frame for note in state.notes.values() if not (note.shown or note.withdrawn or note.hidden))


def around(state: State) -> dict[str, Any]:
    """What everybody gets of the board beside the notes: the phase, the timer, headings and counts."""
    lying = waiting(state)
    return {
        "step": state.step,
        "phase": state.phase.kind,
        "ends": state.ends,
        "locked": state.locked,
        "summons": state.summons,
        "asked": state.asked,
        "asking": state.asking,
        "ready": len(state.ready),
        "waiting": [lying[place] for place in range(len(state.frames))],
        "frames": [[frame.title, frame.question, frame.revealed] for frame in state.frames],
        "clusters": [[each.pk, each.frame, each.title, each.place] for each in state.clusters.values()],
    }


def changed(state: State, touched: Collection[str], viewer: Viewer) -> dict[str, Any]:
    """What a viewer gets when these notes were touched: those that may be seen now, and the names of those that may not.

    A note that could not be seen before is named as gone only by a random key that says nothing.
    """
    sights = {pk: seen(state.notes[pk], state, viewer) for pk in touched}
    notes = [sight for sight in sights.values() if sight is not None]
    gone = [pk for pk, sight in sights.items() if sight is None and state.notes[pk].shown]
    return {"seq": state.seq, "notes": notes, "gone": gone, **around(state)}
