"""Note cards on paper: eight on a sheet, each with a number of its own, by which a card that is typed twice is known."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import pgettext

from gehoor.base.errors import NotNow
from gehoor.base.languages import LANGUAGES
from gehoor.boards import changes, commands, exports, outline, printing, queries, sight
from gehoor.boards.importing import key_from
from gehoor.boards.models import Board
from gehoor.boards.sight import Viewer
from gehoor.boards.state import State
from gehoor.ui import typeset

CARDS_A_PAGE = 8
MOST_PAGES = 60  # in one file
HIGHEST_NUMBER = 400  # of a card, in each frame
CARD = re.compile(r"\s*(\d{1,2})\s*[-–—.\s]\s*(\d{1,3})\s*", re.ASCII)


@dataclass(frozen=True)
class Card:
    """The number on a card: "2-7" is the seventh card of the second frame."""

    frame: int  # from 0, as on the board
    number: int

    def __str__(self) -> str:
        return f"{self.frame + 1}-{self.number}"

    @classmethod
    def of(cls, typed: str) -> "Card | None":
        """The card that somebody typed; None when it is no number of a card."""
        match = CARD.fullmatch(typed)
        if not match or not 1 <= int(match[2]) <= HIGHEST_NUMBER or int(match[1]) < 1:
            return None
        return cls(int(match[1]) - 1, int(match[2]))


@dataclass(frozen=True)
class Typed:
    """What became of a card: on the board, or why not, and the words of the card that was there already."""

    why_not: str = ""
    is_there: bool = False
    words: str = ""
    note: str = ""


def note_of(board: Board, card: Card) -> str:
    """The key of the note that a card becomes: always the same one, so that it is on the board once."""
    return key_from("card", f"{board.pk} {card}")


# --- printing -----------------------------------------------------------------------------------------------------


def cards(board: Board, *, frames: Sequence[int], pages: int, first: int, language: str) -> bytes:
    """The PDF: `pages` sheets for each frame, numbered from `first`. Raises NotNow when the letters of a language are missing."""
    if why := typeset.why_not_print_in(language):
        raise NotNow(why)
    with queries.guard:
        state = queries.known(board).state
        shown = [(place, state.frames[place].title, state.frames[place].question) for place in frames]
    meeting = board.meeting
    with translation.override(language):
        sheet: dict[str, Any] = {
            "lang": language,
            "rtl": LANGUAGES[language].direction == "rtl",
            "office": meeting.office.name,
            "title": meeting.name,
            "fictional": exports.fictional(),
            "kinds": [str(text) for text in outline.KINDS.values()],
            "voices": [str(text) for text in outline.ROLES.values()],
            "who": pgettext("client", "I am:"),
            "what": pgettext("client", "This is:"),
            "rule": pgettext("client", "One thing on each card. Do not write names."),
            "cards": [
                {
                    "title": title,
                    "question": question,
                    "rtl": printing.is_rtl(title),
                    **_square(meeting.pk, Card(place, number)),
                }
                for place, title, question in shown
                for number in range(first, first + pages * CARDS_A_PAGE)
            ],
        }
        return printing.pdf("cards.typ", sheet, on=meeting.held_on)


def _square(meeting_pk: int, card: Card) -> dict[str, str]:
    """The number, and the square that opens the form for it on the facilitator's phone."""
    address = settings.GEHOOR_BASE_URL + reverse("boards:card", args=[meeting_pk, str(card)])
    alt = pgettext("client", "Square code for who leads the meeting, for card %(number)s") % {"number": card}
    return {"number": str(card), "svg": typeset.qr_code(address), "alt": alt}


# --- typing in ----------------------------------------------------------------------------------------------------


def type_in(
    board: Board, viewer: Viewer, *, card: Card | None, key: str, frame: int, kind: str, voice: str, text: str
) -> Typed:
    """Put one card on the board. `key` is that of the page: pressed twice it happens once. Without a card it has no number."""
    note = note_of(board, card) if card else key_from("card without a number", key)
    given = {"do": "write", "key": key, "note": note, "frame": frame, "kind": kind, "role": voice or None, "text": text}
    [outcome] = changes.perform(board.pk, [(viewer, commands.read(given))])
    if outcome.seq:
        return Typed(note=note)
    board.refresh_from_db()
    with queries.guard:
        state = queries.known(board).state
        there = state.notes.get(note)
        words = there.text if there and sight.may_see(there, state, viewer) else ""
    return Typed(why_not=str(outcome.why_not), is_there=there is not None, words=words, note=note)


def numbers_on(board: Board, state: State) -> list[list[int]]:
    """For each frame that has a number on its cards: which of them are on the board."""
    return [
        [number for number in range(1, HIGHEST_NUMBER + 1) if _is_on(state, note_of(board, Card(place, number)))]
        for place in range(len(state.frames))
    ]


def _is_on(state: State, note: str) -> bool:
    return note in state.notes and not state.notes[note].withdrawn


def in_rows(numbers: Sequence[int]) -> str:
    """Numbers as people say them: 1, 2, 3, 7 is "1–3, 7"."""
    return ", ".join(f"{start}–{end}" if end > start else str(start) for start, end in _runs(numbers))


def _runs(numbers: Sequence[int]) -> Iterator[tuple[int, int]]:
    start = end = 0
    for number in numbers:
        if start and number == end + 1:
            end = number
            continue
        if start:
            yield start, end
        start = end = number
    if start:
        yield start, end


def after(card: Card, numbers: Sequence[int]) -> Card:
    """The next card of the pile that is not on the board yet."""
    number = card.number + 1
    while number in numbers:
        number += 1
    return Card(card.frame, min(number, HIGHEST_NUMBER))
