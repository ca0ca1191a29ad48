"""Reading a board: its state, kept in memory as far as its log was read."""

import threading
from dataclasses import dataclass, field

from gehoor.boards import state as board_state
from gehoor.boards.models import Board, Event
from gehoor.boards.state import State

MOST_KEPT = 64  # boards in memory at a time
MOST_BEHIND = 2_000  # who is further behind reads the page again


@dataclass
class Known:
    """A board as far as this process has read it.

    `touched` says which notes each of the last events touched, `about` which of them were about one guest alone, `numbers`
    under which number each key is in the log.
    """

    state: State
    is_final: bool = False  # the meeting has ended: there is no log any more
    touched: dict[int, set[str]] = field(default_factory=dict)
    about: dict[int, int] = field(default_factory=dict)
    numbers: dict[bytes, int] = field(default_factory=dict)

    def take(self, key: bytes, kind: str, said: dict[str, object]) -> None:
        """One more event."""
        touched = board_state.apply(self.state, kind, said)
        self.touched[self.state.seq] = touched
        self.touched.pop(self.state.seq - MOST_BEHIND, None)
        if kind == "mute":
            self.about[self.state.seq] = int(str(said["person"]))
        self.numbers[key] = self.state.seq

    def touched_since(self, seq: int) -> set[str] | None:
        """The notes that events after this number touched; None when that is too long ago."""
        if not 0 <= self.state.seq - seq <= len(self.touched):
            return None
        return set().union(*(self.touched[number] for number in range(seq + 1, self.state.seq + 1)))

    def concerned_since(self, seq: int) -> set[int]:
        """The guests that events after this number were about: what they may do has changed, and no note has."""
        return {person for number, person in self.about.items() if number > seq}


_known: dict[int, Known] = {}
guard = threading.RLock()  # who reads or changes what is known holds it


def known(board: Board) -> Known:
    """The board up to `board.seq`. Hold `guard`; nobody else may hold on to what comes back."""
    return up_to(board.pk, board.seq, is_final=board.final is not None)


def up_to(board_pk: int, seq: int, *, is_final: bool) -> Known:
    """The same, of a board of which one knows only this much."""
    kept = _known.get(board_pk)
    if kept is None or kept.state.seq > seq or kept.is_final != is_final:
        kept = _known[board_pk] = _begun(Board.objects.get(pk=board_pk))
        while len(_known) > MOST_KEPT:
            _known.pop(next(iter(_known)))
    if kept.state.seq < seq:
        events = Event.objects.filter(board=board_pk, seq__gt=kept.state.seq, seq__lte=seq)
        for key, kind, said in events.order_by("seq").values_list("key", "kind", "said"):
            kept.take(bytes(key), kind, said)
    return kept


def _begun(board: Board) -> Known:
    if board.final is not None:
        return Known(board_state.ended(board.final, board.seq), is_final=True)
    return Known(board_state.begin(board.setup))


@dataclass(frozen=True)
class Leaving:
    """What the end of a meeting does with its notes: how many stay, and how many go because they were never turned."""

    stay: int
    hidden: int
    hidden_down: int
    face_down: int


def leaving(board: Board) -> Leaving:
    """What would stay and go if the meeting ended now. Hold `guard`."""
    notes = [note for note in known(board).state.notes.values() if not note.withdrawn]
    shown = [note for note in notes if note.shown]
    hidden = sum(note.hidden for note in shown)
    hidden_down = sum(note.hidden for note in notes) - hidden
    face_down = len(notes) - len(shown) - hidden_down
    return Leaving(stay=len(shown) - hidden, hidden=hidden, hidden_down=hidden_down, face_down=face_down)


def kept(board_pk: int) -> Known:
    """What is known of a board that was read or changed a moment ago. Hold `guard` since then."""
    return _known[board_pk]


def forget(board_pk: int) -> None:
    """What is known may be wrong, for a transaction failed: read it again."""
    _known.pop(board_pk, None)
