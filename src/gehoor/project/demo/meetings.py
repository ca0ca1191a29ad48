"""The meetings of the fictional office: an inspiration session that has ended, and a focus group that one can join."""

import datetime as dt
import json
import random
import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from gehoor.base import clock
from gehoor.boards import changes as boards
from gehoor.boards import commands
from gehoor.boards.models import Board
from gehoor.boards.sight import Viewer
from gehoor.boards.state import Phase
from gehoor.meetings import changes as meetings
from gehoor.meetings import guests
from gehoor.meetings.changes import FreshEntrance
from gehoor.meetings.models import Guest, Kind, Life, Meeting
from gehoor.offices.models import Office

NOTES = json.loads((Path(__file__).parent / "notes.json").read_text(encoding="utf-8"))
SESSION = "Dromen over goed contact met Leerplicht"
FOCUS_GROUP = "Praten met jongeren over de brieven"
OUTCOME = (
    "Dit hoorden we het meest: bel of app eerst, en leg de brief uit. Wat we doen: vanaf maart belt de leerplichtambtenaar"
    " voordat er een brief gaat, en we herschrijven de eerste brief samen met zes jongeren en ouders.\n\nDit doen we niet:"
    " gesprekken in de avond bij alle scholen. Daarvoor zijn er te weinig mensen. In het najaar kijken we er weer naar."
)


@dataclass
class Room:
    """A board with people around it, each with what only their own browser holds."""

    board: Board
    lead: Viewer
    people: list[Viewer] = field(default_factory=list)

    def do(self, who: Viewer, do: str, **rest: Any) -> None:
        """One command of somebody."""
        asked = commands.read({"do": do, "key": secrets.token_urlsafe(16), **rest})
        boards.perform(self.board.pk, [(who, asked)])

    def go_to(self, kind: str) -> None:
        """On to a phase."""
        phases = [Phase(**phase).kind for phase in self.board.setup["phases"]]
        self.do(self.lead, "step", step=phases.index(kind))

    def voices(self, voice: str) -> Sequence[Viewer]:
        """Everybody of one voice."""
        return [person for person in self.people if person.role == voice]


def hold(office: Office) -> None:
    """Both meetings, once."""
    if Meeting.objects.filter(office=office).exists():
        return
    _inspiration(office)
    _focus_group(office)


def entrance(office: Office) -> FreshEntrance | None:
    """A code for the focus group that is open; a former one then no longer works. None when somebody has ended it."""
    meeting = Meeting.objects.filter(office=office, name=FOCUS_GROUP, life=Life.OPEN).first()
    return meetings.open_doors(meeting) if meeting else None


def _inspiration(office: Office) -> None:
    """Written, turned, put together, chosen, talked about, ended, and told back."""
    meeting = meetings.plan(
        office, kind=Kind.INSPIRATION, name=SESSION, purpose="Samen bedenken hoe het beter kan.",
        held_on=clock.today() - dt.timedelta(40), place="Bibliotheek, zaal 2", moderator="Fatima, Stichting Voorbeeld",
    )  # fmt: skip
    room = _gather(meeting, {"youth": 14, "parent": 12, "staff": 6, "partner": 4})
    notes = list(_write(room, NOTES["inspiration"]))
    room.go_to("reveal")
    for frame in range(len(room.board.setup["frames"])):
        room.do(room.lead, "reveal", frame=frame)
    room.go_to("group")
    for title, frame, places in NOTES["headings"]:
        cluster = secrets.token_urlsafe(16)
        room.do(room.people[0], "cluster", cluster=cluster, frame=frame, title=title, notes=[notes[n] for n in places])
    room.go_to("vote")
    chance = random.Random(20260921)  # noqa: S311 -- a demo must come out the same each time
    for person in room.people:
        for slot, note in enumerate(chance.sample(notes, 3), start=1):
            room.do(person, "dot", note=note, slot=slot)
    room.go_to("talk")
    boards.end(meeting)
    meetings.tell_outcome(meeting, OUTCOME)


def _focus_group(office: Office) -> None:
    """Some have written already; what they wrote lies face down."""
    meeting = meetings.plan(
        office, kind=Kind.FOCUS_GROUP, name=FOCUS_GROUP, purpose="Horen wat er beter kan aan onze brieven.",
        held_on=clock.today(), begins_at=dt.time(15, 30), place="Buurthuis De Brug", moderator="Fatima, Stichting Voorbeeld",
    )  # fmt: skip
    list(_write(_gather(meeting, {"youth": 5}), NOTES["focus_group"]))


def _gather(meeting: Meeting, voices: dict[str, int]) -> Room:
    meetings.open_doors(meeting)
    lead = Guest.objects.create(meeting=meeting, alias="Fatima", leads=True, token_hash=secrets.token_bytes(32))
    board = boards.lay_board(meeting)
    room = Room(board, Viewer(lead.pk, "", is_facilitator=True, seed=secrets.token_bytes(32)))
    for voice, number in voices.items():
        for place in range(number):
            guest, digits = meetings.join(meeting, alias=f"{NOTES['aliases'][place]}", voice=voice)
            held = guests.held(digits)
            assert held is not None  # noqa: S101 -- they were just made
            room.people.append(Viewer(guest.pk, voice, seed=held.seed))
    return room


def _write(room: Room, notes: Sequence[tuple[int, str, str, str]]) -> Iterator[str]:
    """Each note by the next person of its voice; their keys, in the order of the list."""
    turns: dict[str, int] = {}
    for frame, voice, kind, text in notes:
        people = room.voices(voice)
        turns[voice] = turns.get(voice, -1) + 1
        pk = secrets.token_urlsafe(16)
        room.do(people[turns[voice] % len(people)], "write", note=pk, frame=frame, kind=kind, text=text)
        yield pk
