"""The board as an outline: frames, headings under them, notes under those. What a template or a script gets to show."""

import json
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import pgettext, pgettext_lazy

from gehoor.base import clock
from gehoor.boards import promises, rules, sight
from gehoor.boards.changes import Outcome
from gehoor.boards.queries import Known
from gehoor.boards.sight import Viewer
from gehoor.boards.state import Cluster, Phase, State

KINDS = {
    "idea": pgettext_lazy("client", "Idea"),
    "experience": pgettext_lazy("client", "Experience"),
    "worry": pgettext_lazy("client", "Worry"),
    "wish": pgettext_lazy("client", "Wish"),
    "question": pgettext_lazy("client", "Question"),
    "quote": pgettext_lazy("client", "Something that was said"),
}
ROLES = {
    "youth": pgettext_lazy("client", "youth"),
    "parent": pgettext_lazy("client", "parent"),
    "staff": pgettext_lazy("client", "staff"),
    "partner": pgettext_lazy("client", "partner"),
}
PHASES = {
    "write": pgettext_lazy("client", "Write for yourself"),
    "check": pgettext_lazy("client", "The facilitator reads along"),
    "reveal": pgettext_lazy("client", "Turn the notes"),
    "group": pgettext_lazy("client", "Put together what belongs together"),
    "vote": pgettext_lazy("client", "Choose"),
    "talk": pgettext_lazy("client", "Talk about it"),
    "closed": pgettext_lazy("client", "Closed"),
}


@dataclass(frozen=True)
class ShownNote:
    """A note as its list shows it."""

    pk: str
    frame: int
    cluster: str
    kind: str
    kind_text: str
    role_text: str
    text: str
    version: int
    place: int
    shown: bool
    own: bool
    hidden: bool
    withdrawn: bool
    dots: int | None
    own_dots: list[int]


@dataclass
class ShownGroup:
    """Notes under one heading, or without one."""

    cluster: Cluster | None
    notes: list[ShownNote] = field(default_factory=list)

    @property
    def list(self) -> str:
        """The id of its list on the page."""
        return f"l-{self.cluster.pk}" if self.cluster else ""


@dataclass
class ShownFrame:
    """A frame with what lies in it. `waiting` notes lie face down: of those one only knows how many."""

    place: int
    title: str
    question: str
    revealed: bool
    waiting: int
    loose: ShownGroup
    groups: list[ShownGroup]

    @property
    def list(self) -> str:
        """The id of the list of its notes without a heading."""
        return f"l-{self.place}"


@dataclass
class Outline:
    """The whole board for one viewer."""

    seq: int
    phase: Phase
    phase_text: str
    step: int
    steps: list[tuple[int, str]]
    locked: bool
    minutes_left: int
    ends: int
    summons: int
    frames: list[ShownFrame]
    promise: list[str]
    may_write: bool
    may_group: bool
    may_vote: bool
    dots_left: int
    free_slot: int
    kinds: list[tuple[str, str]]
    roles: list[tuple[str, str]]
    around: dict[str, Any]


def of(state: State, viewer: Viewer) -> Outline:
    """What this viewer sees."""
    frames = [_frame(state, viewer, place) for place in range(len(state.frames))]
    free = [slot for slot in range(1, state.phase.dots + 1) if not _dot(state, viewer, slot)]
    leads, open_now = viewer.is_facilitator, state.phase.kind != "closed" and not state.locked
    muted = viewer.person in state.muted
    return Outline(
        seq=state.seq,
        phase=state.phase,
        phase_text=str(PHASES[state.phase.kind]),
        step=state.step,
        steps=[(place, str(PHASES[phase.kind])) for place, phase in enumerate(state.phases)],
        locked=state.locked,
        minutes_left=max(0, -(-(state.ends - int(clock.now().timestamp())) // 60)) if state.ends else 0,
        ends=state.ends,
        summons=state.summons,
        frames=frames,
        promise=promises.promise(state.phase),
        may_write=(leads and state.phase.kind != "closed")
        or (open_now and not muted and state.phase.kind in rules.MAY_WRITE),
        may_group=(leads and state.phase.kind != "closed")
        or (open_now and not muted and state.phase.kind in rules.MAY_GROUP),
        may_vote=open_now and not muted and state.phase.kind == "vote" and bool(viewer.role),
        dots_left=len(free),
        free_slot=free[0] if free else 0,
        kinds=[(kind, str(text)) for kind, text in KINDS.items()],
        roles=[(role, str(text)) for role, text in ROLES.items()],
        around=sight.around(state),
    )


def _dot(state: State, viewer: Viewer, slot: int) -> str:
    """The note on which somebody's dot of this number lies; empty when it is free."""
    if not viewer.seed:
        return ""
    return state.dots.get(sight.ballot_of(viewer.seed, state.step, slot), ("", ""))[0]


def _frame(state: State, viewer: Viewer, place: int) -> ShownFrame:
    frame = state.frames[place]
    groups = {
        cluster.pk: ShownGroup(cluster)
        for cluster in sorted(state.clusters.values(), key=lambda cluster: cluster.place)
        if cluster.frame == place
    }
    loose = ShownGroup(None)
    for note in sorted(state.notes.values(), key=lambda note: note.place):
        if note.frame == place and (shown := _note(state, viewer, note.pk)):
            groups.get(shown.cluster, loose).notes.append(shown)
    own = sum(note.own and not note.shown and not note.withdrawn for note in loose.notes)
    waiting = sight.waiting(state)[place] - own
    return ShownFrame(place, frame.title, frame.question, frame.revealed, waiting, loose, list(groups.values()))


def note_of(state: State, viewer: Viewer, pk: str) -> ShownNote | None:
    """One note, when this viewer may see it."""
    return _note(state, viewer, pk) if pk in state.notes else None


def _note(state: State, viewer: Viewer, pk: str) -> ShownNote | None:
    note = state.notes[pk]
    seen = sight.seen(note, state, viewer)
    if seen is None:
        return None
    return ShownNote(
        pk=pk,
        frame=note.frame,
        cluster=note.cluster,
        kind=note.kind,
        kind_text=str(KINDS[note.kind]),
        role_text=str(ROLES.get(note.role, "")),
        text=note.text,
        version=note.version,
        place=note.place,
        shown=note.shown,
        own=sight.is_own(note, viewer),
        hidden=note.hidden,
        withdrawn=note.withdrawn,
        dots=seen.get("dots"),
        own_dots=[slot for slot in range(1, state.phase.dots + 1) if _dot(state, viewer, slot) == pk],
    )


def since(known: Known, viewer: Viewer, seq: int) -> dict[str, Any]:
    """What changed after event `seq`; `{"reload": true}` for who is too far behind."""
    touched = known.touched_since(seq)
    return {"reload": True} if touched is None else sight.changed(known.state, touched, viewer)


def told(outcome: Outcome) -> dict[str, Any]:
    """An outcome for the script, in the language of the page."""
    return {"seq": outcome.seq, "why_not": str(outcome.why_not), "now": outcome.now}


def words_for_script() -> str:
    """The words that the script puts on the page, in the language of the page, as JSON. `%` is a number."""
    words = {
        "kinds": {kind: str(text) for kind, text in KINDS.items()},
        "roles": {role: str(text) for role, text in ROLES.items()},
        "own": pgettext("client", "yours"),
        "hidden": pgettext("client", "Hidden by the facilitator"),
        "withdrawn": pgettext("client", "Taken back"),
        "waiting": pgettext("client", "Notes that lie face down: %"),
        "fresh": pgettext("client", "New notes: %"),
        "changed": pgettext("client", "The board has changed."),
    }
    return json.dumps(words, ensure_ascii=False)


def own_notes(board: Outline) -> str:
    """The keys of the viewer's own notes, as JSON."""
    groups = [group for frame in board.frames for group in (frame.loose, *frame.groups)]
    return json.dumps([note.pk for group in groups for note in group.notes if note.own])
