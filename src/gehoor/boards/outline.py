"""The board as an outline: frames, headings under them, notes under those. What a template or a script gets to show."""

import json
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from gehoor.base import clock
from gehoor.boards import commands, promises, rules, sight
from gehoor.boards.changes import Outcome
from gehoor.boards.queries import Known
from gehoor.boards.sight import Viewer
from gehoor.boards.state import Cluster, Note, Phase, State
from gehoor.disclosure.tables import ALMOST_EVERYBODY, ALMOST_NOBODY, MOST, PublicCell, PublicTable

ALL = 10**9
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
MOODS = {
    1: pgettext_lazy("client", "Very bad"),
    2: pgettext_lazy("client", "Bad"),
    3: pgettext_lazy("client", "In between"),
    4: pgettext_lazy("client", "Good"),
    5: pgettext_lazy("client", "Very good"),
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

LYING = pgettext_lazy("client", "Notes that lie face down: %")


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
    mood: int
    mood_text: str


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
    is_step: bool
    loose: ShownGroup
    feelings: ShownGroup
    groups: list[ShownGroup]
    may_remove: bool
    more: int  # notes that are left out for now: a large board comes in two parts

    @property
    def list(self) -> str:
        """The id of the list of its notes without a heading."""
        return f"l-{self.place}"

    @property
    def lying(self) -> str:
        """How many notes lie face down, in the words that the script uses too."""
        return LYING.replace("%", str(self.waiting))


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
    next_step: tuple[int, str] | None
    may_turn: bool
    is_ready: bool
    muted: set[int]
    is_muted: bool
    has_dots: bool
    is_journey: bool
    moods: list[tuple[int, str]]
    around: dict[str, Any]


def of(state: State, viewer: Viewer, *, most: int = ALL, whole: int = -1, dots_first: bool = False) -> Outline:
    """What this viewer sees: at most so many notes of each frame, but all of the frame `whole`."""
    has_dots = state.phase.kind in sight.COUNTED and any(state.tally.values())
    slots = _slots(state, viewer)
    lying, by_frame = sight.waiting(state), defaultdict(list)
    tally = state.tally if dots_first and has_dots else Counter[str]()
    for note in sorted(state.notes.values(), key=lambda note: (-tally[note.pk], note.place)):
        by_frame[note.frame].append(note)
    frames = []
    for place in range(len(state.frames)):
        notes = [(note, slots[note.pk]) for note in by_frame[place]]
        frames.append(_frame(state, viewer, place, notes, lying[place], most=ALL if place == whole else most))
    spent = {slot for own in slots.values() for slot in own}
    free = [slot for slot in range(1, state.phase.dots + 1) if slot not in spent]
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
        next_step=_next_step(state),
        may_turn=leads and state.phase.kind not in rules.BEFORE_TURNING | {"closed"},
        is_ready=bool(viewer.seed) and sight.ready_of(viewer.seed, state.asked) in state.ready,
        muted=state.muted if leads else set(),
        is_muted=muted,
        has_dots=has_dots,
        is_journey=any(frame.is_step for frame in frames),
        moods=[(mood, str(text)) for mood, text in MOODS.items()],
        around=sight.around(state),
    )


def _next_step(state: State) -> tuple[int, str] | None:
    following = state.step + 1
    return (following, str(PHASES[state.phases[following].kind])) if following < len(state.phases) else None


def _slots(state: State, viewer: Viewer) -> defaultdict[str, list[int]]:
    """The numbers of somebody's own dots of this phase, by the note on which they lie."""
    slots: defaultdict[str, list[int]] = defaultdict(list)
    if viewer.seed and state.dots:
        for slot in range(1, state.phase.dots + 1):
            ballot = sight.ballot_of(viewer.seed, state.step, slot)
            if ballot in state.dots:
                slots[state.dots[ballot][0]].append(slot)
    return slots


def _frame(
    state: State, viewer: Viewer, place: int, notes: list[tuple[Note, list[int]]], waiting: int, *, most: int
) -> ShownFrame:
    frame = state.frames[place]
    groups = {
        cluster.pk: ShownGroup(cluster)
        for cluster in sorted(state.clusters.values(), key=lambda cluster: cluster.place)
        if cluster.frame == place
    }
    loose, feelings = ShownGroup(None), ShownGroup(None)
    left, more = most, 0
    for note, slots in notes:
        if left <= 0:
            more += sight.may_see(note, state, viewer)
        elif shown := _note(note, state, viewer, slots):
            left -= 1
            groups.get(shown.cluster, feelings if shown.mood else loose).notes.append(shown)
    own = sum(
        note.own and not (note.shown or note.withdrawn or note.hidden) for note in (*loose.notes, *feelings.notes)
    )
    is_step = frame.layout == "step"
    return ShownFrame(
        place, frame.title, frame.question, frame.revealed, waiting - own, is_step, loose, feelings,
        list(groups.values()), rules.why_not_remove_frame(place, state) is None, more,
    )  # fmt: skip


def neighbours(board: Outline, pk: str) -> tuple[str, str | None]:
    """Where a note goes one place up, and one down: the note before which it comes. Empty: it is first; None: it is last."""
    for frame in board.frames:
        for group in (frame.loose, frame.feelings, *frame.groups):
            keys = [note.pk for note in group.notes]
            if pk in keys:
                place = keys.index(pk)
                later = keys[place + 2 : place + 3] or [""]
                return (keys[place - 1] if place else ""), (later[0] if place + 1 < len(keys) else None)
    return "", None


def note_of(state: State, viewer: Viewer, pk: str) -> ShownNote | None:
    """One note, when this viewer may see it."""
    note = state.notes.get(pk)
    return _note(note, state, viewer, _slots(state, viewer)[pk]) if note else None


def rights_on(note: ShownNote, state: State, viewer: Viewer) -> dict[str, bool]:
    """What this viewer may do with a note at this moment, by the name of the command: `rules` says so, and the page asks."""
    anew = {"key": "a" * 22, "note": note.pk}
    asked: list[dict[str, Any]] = [
        {"do": "edit", "kind": note.kind, "text": note.text or "-", "version": note.version},
        {"do": "withdraw", "on": not note.withdrawn},
        {"do": "move", "frame": note.frame},
        {"do": "hide", "on": not note.hidden},
    ]
    return {each["do"]: not rules.why_not(commands.read({**each, **anew}), state, viewer) for each in asked}


def _note(note: Note, state: State, viewer: Viewer, slots: list[int]) -> ShownNote | None:
    seen = sight.seen(note, state, viewer)
    if seen is None:
        return None
    return ShownNote(
        pk=note.pk,
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
        own_dots=slots,
        mood=note.mood,
        mood_text=str(MOODS.get(note.mood, "")),
    )


@dataclass(frozen=True)
class ShownVotes:
    """Who chose what, as far as it may be told: a head for each column, and a row for each note."""

    heads: list[str]
    rows: list[tuple[str, list[str]]]


def votes_of(state: State) -> ShownVotes | None:
    """The dots by voice of a meeting that has ended, from its public tables; None when nothing may be told."""
    tables = [PublicTable.from_json(table) for table in state.votes]
    columns = [(table, group) for table in tables for group in table.groups if group.reason is None]
    if not any(table.shows_something for table in tables):
        return None
    heads = [str(ROLES[group.name]) if table.dimension else _("everybody") for table, group in columns]
    rows = [
        (state.notes[pk].text, [_in_words(table.cell(group.name, pk)) for table, group in columns])
        for pk in tables[0].options
        if pk in state.notes
    ]
    return ShownVotes(heads, rows)


def _in_words(cell: PublicCell) -> str:
    if cell.share is not None:
        return f"{cell.share}%"
    words = {ALMOST_EVERYBODY: _("almost everybody"), ALMOST_NOBODY: _("almost nobody"), MOST: _("most")}
    return words.get(cell.word or "", "–")


RELOAD = {"reload": True}


def since(known: Known, viewer: Viewer, seq: int) -> dict[str, Any]:
    """What changed after event `seq`; RELOAD for who is too far behind, whose rights changed, or who leads then."""
    touched = known.touched_since(seq)
    concerned = known.concerned_since(seq)
    if touched is None or viewer.person in concerned or (viewer.is_facilitator and concerned):
        return RELOAD
    return sight.changed(known.state, touched, viewer)


def told(outcome: Outcome) -> dict[str, Any]:
    """An outcome for the script, in the language of the page."""
    undo = undo_of(outcome.undo)
    return {"seq": outcome.seq, "why_not": str(outcome.why_not), "now": outcome.now, "undo": undo}


# What was done, by the command that undoes it.
SWITCHED = {
    ("withdraw", True): pgettext_lazy("client", "Your note is kept."),
    ("withdraw", False): pgettext_lazy("client", "Your note is taken back."),
    ("hide", False): pgettext_lazy("client", "The note is hidden."),
    ("hide", True): pgettext_lazy("client", "The note is shown again."),
    ("lock", False): gettext_lazy("The board is locked."),
    ("lock", True): gettext_lazy("The board is open again."),
    ("mute", False): gettext_lazy("The writing of this person is on hold."),
    ("mute", True): gettext_lazy("This person can write again."),
}
UNDONE = {
    "revert": pgettext_lazy("client", "The words are changed."),
    "move": pgettext_lazy("client", "The note is moved."),
    "scatter": pgettext_lazy("client", "The heading is there."),
    "rename": pgettext_lazy("client", "The heading is changed."),
    "cluster": pgettext_lazy("client", "The heading is gone. The notes are still there."),
    "undot": pgettext_lazy("client", "Your dot is given."),
    "step": gettext_lazy("The meeting has gone to another part."),
    "timer": gettext_lazy("The timer runs."),
    "summon": gettext_lazy("Everybody is asked to look somewhere else."),
    "frame": gettext_lazy("The parts of the board are changed."),
    "unframe": gettext_lazy("The board has one more part."),
}


def undo_of(command: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """A command that undoes something, with the sentence that says what was done; None when there is no way back."""
    if not command:
        return None
    do, on = str(command.get("do")), command.get("on")
    said = SWITCHED.get((do, on is True)) if on is not None else UNDONE.get(do)
    return {"said": str(said), "command": dict(command)} if said else None


def words_for_script() -> str:
    """The words that the script puts on the page, in the language of the page, as JSON. `%` is a number."""
    words = {
        "kinds": {kind: str(text) for kind, text in KINDS.items()},
        "roles": {role: str(text) for role, text in ROLES.items()},
        "own": pgettext("client", "yours"),
        "hidden": pgettext("client", "Hidden by the facilitator"),
        "withdrawn": pgettext("client", "Taken back"),
        "waiting": str(LYING),
        "fresh": pgettext("client", "New notes: %"),
        "changed": pgettext("client", "The board has changed."),
        "moods": {mood: str(text) for mood, text in MOODS.items()},
        "left": pgettext("client", "Minutes left: %"),
        "over": pgettext("client", "The time is over. Finish your sentence."),
        "look": pgettext("client", "The facilitator asks you to look at: %"),
        "more": pgettext("client", "There is something new. Show it."),
        "dots": pgettext("client", "Dots: %"),
        "away": pgettext("client", "There is no connection. Your text is still here. Try again in a moment."),
    }
    return json.dumps(words, ensure_ascii=False)


def own_notes(board: Outline) -> str:
    """The keys of the viewer's own notes on the page, as JSON."""
    groups = [group for frame in board.frames for group in (frame.loose, frame.feelings, *frame.groups)]
    return json.dumps([note.pk for group in groups for note in group.notes if note.own])


def around_for_script(state: State) -> str:
    """What the script compares each message with, as JSON."""
    return json.dumps({"seq": state.seq, **sight.around(state)}, ensure_ascii=False)


def whole(state: State, viewer: Viewer) -> dict[str, Any]:
    """Every note that this viewer may see, in the order of the lists: for the script, of a board that came in two parts."""
    notes = sorted(state.notes.values(), key=lambda note: note.place)
    sights = [sight.seen(note, state, viewer) for note in notes]
    own = [note.pk for note in notes if sight.is_own(note, viewer)]
    return {"notes": [one for one in sights if one is not None], "own": own}
