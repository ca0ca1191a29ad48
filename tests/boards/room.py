"""A board with people around it."""

import datetime as dt
import secrets
from dataclasses import dataclass
from typing import Any

from gehoor.boards import changes, commands, queries, sight
from gehoor.boards.changes import Outcome
from gehoor.boards.models import Board
from gehoor.boards.sight import Viewer
from gehoor.boards.state import State
from gehoor.meetings.models import Meeting
from gehoor.offices.models import Office

PHASES = ("write", "check", "reveal", "group", "vote", "talk", "closed")
SETUP = {
    "frames": [
        {"title": "Wat hielp", "question": "Wat hielp jou?"},
        {"title": "Wat kan beter", "question": "Wat had anders gemoeten?"},
    ],
    "phases": [{"kind": kind} for kind in PHASES],
}


def new_key() -> str:
    """As a browser makes one."""
    return secrets.token_urlsafe(16)


@dataclass
class Table:
    """A board, its facilitator and three others, each with a seed that only their browser has."""

    board: Board
    fatima: Viewer
    amira: Viewer
    youssef: Viewer
    karin: Viewer

    @classmethod
    def lay(cls, office: Office, setup: dict[str, Any] | None = None) -> "Table":
        """A meeting with a board in its first phase."""
        meeting = Meeting.objects.create(
            office=office, kind="focus_group", name="Met jongeren", purpose="Leren.", held_on=dt.date(2026, 11, 22)
        )
        board = changes.make_board(meeting, setup or SETUP)
        return cls(
            board,
            Viewer(1, "", is_facilitator=True, seed=secrets.token_bytes(32)),
            Viewer(2, "youth", seed=secrets.token_bytes(32)),
            Viewer(3, "youth", seed=secrets.token_bytes(32)),
            Viewer(4, "parent", seed=secrets.token_bytes(32)),
        )

    def do(self, who: Viewer, do: str, *, key: str = "", **rest: Any) -> Outcome:
        """One command of somebody."""
        asked = commands.read({"do": do, "key": key or new_key(), **rest})
        [outcome] = changes.perform(self.board.pk, [(who, asked)])
        return outcome

    def write(self, who: Viewer, text: str, frame: int = 0, **rest: Any) -> str:
        """A note that is taken; its key."""
        note = new_key()
        outcome = self.do(who, "write", note=note, frame=frame, text=text, **rest)
        assert outcome.seq, outcome
        return note

    def phase(self, kind: str) -> None:
        """On to a phase."""
        assert self.do(self.fatima, "step", step=PHASES.index(kind)).seq

    def state(self) -> State:
        """The board as it stands."""
        self.board.refresh_from_db()
        return queries.known(self.board).state

    def sees(self, who: Viewer) -> set[str]:
        """The texts that somebody gets."""
        state = self.state()
        sights = [sight.seen(note, state, who) for note in state.notes.values()]
        return {each["text"] for each in sights if each}
