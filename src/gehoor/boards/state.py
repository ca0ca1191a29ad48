"""A board as its log tells it: `State` is what all events together came to. Pure; no clock, no database.

The log is the only truth (decision 0006). An event is a kind and a small dict; `apply` changes the state by one event and
says which notes it touched. What an event may be is decided before, in `rules`: what stands in the log is never refused.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

KINDS = ("idea", "experience", "worry", "wish", "question", "quote")
ROLES = ("youth", "parent", "staff", "partner")
LONGEST_NOTE = 1000  # characters; a note is no letter
LONGEST_TITLE = 120


@dataclass(frozen=True)
class Phase:
    """A step of the meeting. `anonymous`: what is written in it has no author, from the first byte on and for good."""

    kind: str  # write, check, reveal, group, vote, talk, closed
    minutes: int = 0
    anonymous: bool = True
    dots: int = 3  # each person has so many, in a phase for voting


@dataclass
class Note:
    """One note. `owner` is a mark that only the writer's browser can make again; `author` is kept in phases with names."""

    pk: str
    frame: int
    kind: str
    role: str
    text: str
    owner: str
    place: int
    author: int | None = None
    may_quote: bool = False  # the writer said so when coming in; it goes with the words, and on to what they become
    mood: int = 0  # a feeling in a step of a journey: 1 is bad, 5 is good
    earlier: tuple[str, str] = ("", "")  # kind and text before the last change, to put back
    cluster: str = ""
    version: int = 1
    shown: bool = False
    hidden: bool = False
    withdrawn: bool = False


@dataclass
class Frame:
    """A column with its question."""

    title: str
    question: str
    layout: str = "notes"  # notes, or step: a step of a journey, with a row of feelings
    revealed: bool = False


@dataclass
class Cluster:
    """A heading under which notes of a frame stand together."""

    pk: str
    frame: int
    title: str
    place: int


@dataclass
class State:
    """A board after `seq` events."""

    phases: Sequence[Phase]
    frames: list[Frame]
    seq: int = 0
    step: int = 0  # which phase
    locked: bool = False
    ends: int = 0  # when the timer ends, in seconds since 1970; 0 without a timer
    summons: int = -1  # the frame that everybody is called to
    asked: int = 0  # how often the facilitator asked who is ready
    asking: bool = False  # and whether that question stands
    ready: set[str] = field(default_factory=set)  # marks, one a person: a number would stand beside the notes around it
    muted: set[int] = field(default_factory=set)
    notes: dict[str, Note] = field(default_factory=dict)
    clusters: dict[str, Cluster] = field(default_factory=dict)
    dots: dict[str, tuple[str, str]] = field(default_factory=dict)  # ballot -> note, role
    tally: Counter[str] = field(default_factory=Counter)  # dots by note
    votes: Sequence[Mapping[str, Any]] = ()  # public tables of the dots by voice, once the meeting has ended
    places: int = 0  # the highest place that was given out

    @property
    def phase(self) -> Phase:
        """The phase of this moment."""
        return self.phases[self.step]


def begin(setup: Mapping[str, Any]) -> State:
    """A board without events, from how it was planned."""
    return State(
        phases=[Phase(**phase) for phase in setup["phases"]], frames=[Frame(**frame) for frame in setup["frames"]]
    )


def apply(state: State, kind: str, said: Mapping[str, Any]) -> set[str]:
    """Change the state by one event. Returns the notes that look different now."""
    state.seq += 1
    return _STEPS[kind](state, said)


def final(state: State, votes: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """What is left of a board when its meeting has ended: no author, no ballot, no mark of who was ready.

    `votes` are the public tables of its dots (`votes.by_voice`).

    Notes that were taken back or never turned go: their writers were told that nobody would see them.
    """
    notes = [note for note in state.notes.values() if note.shown and not note.withdrawn]
    return {
        "frames": [asdict(frame) for frame in state.frames],
        "clusters": [asdict(cluster) for cluster in state.clusters.values()],
        "notes": [{**asdict(note), "author": None, "earlier": ("", "")} for note in notes],
        "dots": {note.pk: state.tally[note.pk] for note in notes if state.tally[note.pk]},
        "votes": votes,
    }


def ended(left: Mapping[str, Any], seq: int) -> State:
    """A board whose meeting has ended, from what is left of it."""
    notes = [Note(**{**note, "earlier": tuple(note["earlier"])}) for note in left["notes"]]
    return State(
        phases=[Phase("closed")],
        frames=[Frame(**frame) for frame in left["frames"]],
        seq=seq,
        notes={note.pk: note for note in notes},
        clusters={each["pk"]: Cluster(**each) for each in left["clusters"]},
        tally=Counter(left["dots"]),
        votes=left["votes"],
    )


def _write(state: State, said: Mapping[str, Any]) -> set[str]:
    state.places += 1
    state.notes[said["note"]] = Note(
        pk=said["note"],
        frame=said["frame"],
        kind=said["kind"],
        role=said["role"],
        text=said["text"],
        owner=said["owner"],
        author=said.get("author"),
        may_quote=said.get("may_quote", False),
        mood=said.get("mood", 0),
        shown=said["shown"],
        place=state.places,
    )
    return {said["note"]}


def _edit(state: State, said: Mapping[str, Any]) -> set[str]:
    note = state.notes[said["note"]]
    note.earlier = (note.kind, note.text)
    note.text, note.kind, note.version = said["text"], said["kind"], note.version + 1
    return {note.pk}


def _revert(state: State, said: Mapping[str, Any]) -> set[str]:
    """The words from before the last change; once more brings the change back."""
    note = state.notes[said["note"]]
    note.earlier, (note.kind, note.text) = (note.kind, note.text), note.earlier
    note.version += 1
    return {note.pk}


def _move(state: State, said: Mapping[str, Any]) -> set[str]:
    """To a frame and a cluster, before another note or at the end. The notes after it make room."""
    note = state.notes[said["note"]]
    note.frame, note.cluster = said["frame"], said["cluster"]
    if before := state.notes.get(said.get("before", "")):
        place = before.place
        later = [other for other in state.notes.values() if other.place >= place]
        for other in later:
            other.place += 1
        state.places += 1
        note.place = place
        return {note.pk, *(other.pk for other in later if other.frame == note.frame)}
    state.places += 1
    note.place = state.places
    return {note.pk}


def _withdraw(state: State, said: Mapping[str, Any]) -> set[str]:
    state.notes[said["note"]].withdrawn = said["on"]
    return {said["note"]}


def _hide(state: State, said: Mapping[str, Any]) -> set[str]:
    """Hidden, or shown again: in a frame that was turned meanwhile it is turned too."""
    note = state.notes[said["note"]]
    note.hidden = said["on"]
    if not note.hidden and not note.shown and state.frames[note.frame].revealed:
        state.places += 1
        note.place, note.shown = state.places, True
    return {said["note"]}


def _reveal(state: State, said: Mapping[str, Any]) -> set[str]:
    """Show a frame's notes, in the drawn order: the order in which they were written would point at their writers."""
    state.frames[said["frame"]].revealed = True
    for pk in said["order"]:
        state.places += 1
        state.notes[pk].place = state.places
        state.notes[pk].shown = True
    return set(said["order"])


def _cluster(state: State, said: Mapping[str, Any]) -> set[str]:
    state.places += 1
    state.clusters[said["cluster"]] = Cluster(said["cluster"], said["frame"], said["title"], state.places)
    for pk in said["notes"]:
        state.notes[pk].cluster, state.notes[pk].frame = said["cluster"], said["frame"]
    return set(said["notes"])


def _rename(state: State, said: Mapping[str, Any]) -> set[str]:
    state.clusters[said["cluster"]].title = said["title"]
    return set()


def _scatter(state: State, said: Mapping[str, Any]) -> set[str]:
    """The heading goes, the notes stay."""
    del state.clusters[said["cluster"]]
    loose = [note for note in state.notes.values() if note.cluster == said["cluster"]]
    for note in loose:
        note.cluster = ""
    return {note.pk for note in loose}


def _dot(state: State, said: Mapping[str, Any]) -> set[str]:
    state.dots[said["ballot"]] = (said["note"], said["role"])
    state.tally[said["note"]] += 1
    return {said["note"]}


def _undot(state: State, said: Mapping[str, Any]) -> set[str]:
    note = state.dots.pop(said["ballot"])[0]
    state.tally[note] -= 1
    return {note}


def _step(state: State, said: Mapping[str, Any]) -> set[str]:
    """Another phase: whoever may see what may have changed for each note."""
    state.step, state.ends, state.summons, state.asking = said["step"], 0, -1, False
    state.ready.clear()
    return set(state.notes)


def _timer(state: State, said: Mapping[str, Any]) -> set[str]:
    state.ends = said["ends"]
    return set()


def _summon(state: State, said: Mapping[str, Any]) -> set[str]:
    state.summons = said["frame"]
    return set()


def _lock(state: State, said: Mapping[str, Any]) -> set[str]:
    state.locked = said["on"]
    return set()


def _ask_ready(state: State, said: Mapping[str, Any]) -> set[str]:
    state.asked += 1
    state.asking = True
    state.ready.clear()
    return set()


def _ready(state: State, said: Mapping[str, Any]) -> set[str]:
    state.ready.add(said["mark"])
    return set()


def _mute(state: State, said: Mapping[str, Any]) -> set[str]:
    (state.muted.add if said["on"] else state.muted.discard)(said["person"])
    return set()


def _frame(state: State, said: Mapping[str, Any]) -> set[str]:
    """A new column, or another title and question for one that is there."""
    if said["frame"] == len(state.frames):
        state.frames.append(Frame(said["title"], said["question"], said.get("layout", "notes")))
    else:
        state.frames[said["frame"]].title = said["title"]
        state.frames[said["frame"]].question = said["question"]
    return set()


def _unframe(state: State, said: Mapping[str, Any]) -> set[str]:
    state.frames.pop()
    state.summons = -1 if state.summons == said["frame"] else state.summons
    return set()


_STEPS = {
    "write": _write,
    "edit": _edit,
    "revert": _revert,
    "move": _move,
    "withdraw": _withdraw,
    "hide": _hide,
    "reveal": _reveal,
    "cluster": _cluster,
    "rename": _rename,
    "scatter": _scatter,
    "dot": _dot,
    "undot": _undot,
    "step": _step,
    "timer": _timer,
    "summon": _summon,
    "lock": _lock,
    "ask_ready": _ask_ready,
    "ready": _ready,
    "mute": _mute,
    "frame": _frame,
    "unframe": _unframe,
}
