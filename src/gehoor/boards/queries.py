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
    """A board as far as this process has read it, and which notes each of the last events touched."""

    state: State
    touched: dict[int, set[str]] = field(default_factory=dict)

    def take(self, kind: str, said: dict[str, object]) -> set[str]:
        """One more event."""
        touched = board_state.apply(self.state, kind, said)
        self.touched[self.state.seq] = touched
        self.touched.pop(self.state.seq - MOST_BEHIND, None)
        return touched

    def touched_since(self, seq: int) -> set[str] | None:
        """The notes that events after this number touched; None when that is too long ago."""
        if not 0 <= self.state.seq - seq <= len(self.touched):
            return None
        return set().union(*(self.touched[number] for number in range(seq + 1, self.state.seq + 1)))


_known: dict[int, Known] = {}
guard = threading.RLock()  # who reads or changes what is known holds it


def known(board: Board) -> Known:
    """The board up to `board.seq`. Hold `guard`; nobody else may hold on to what comes back."""
    kept = _known.get(board.pk)
    if kept is None or kept.state.seq > board.seq:
        kept = _known[board.pk] = Known(board_state.begin(board.setup))
        while len(_known) > MOST_KEPT:
            _known.pop(next(iter(_known)))
    if kept.state.seq < board.seq:
        events = Event.objects.filter(board=board, seq__gt=kept.state.seq, seq__lte=board.seq)
        for kind, said in events.order_by("seq").values_list("kind", "said"):
            kept.take(kind, said)
    return kept


def kept(board_pk: int) -> Known:
    """What is known of a board that was read or changed a moment ago. Hold `guard` since then."""
    return _known[board_pk]


def forget(board_pk: int) -> None:
    """What is known may be wrong, for a transaction failed: read it again."""
    _known.pop(board_pk, None)
