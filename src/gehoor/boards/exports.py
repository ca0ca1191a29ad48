"""A board as a file: CSV for a spreadsheet, JSON for a programme, ODT for a word processor, PDF/UA for reading and keeping.

Every file holds what `sight` shows to who leads the meeting, and no more: no author, no mark of a writer, no key of a note
(it would join the words to an address in somebody's log), no clock, nothing that was taken back.
"""

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils.formats import date_format
from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _

from gehoor.base.signs import harmless
from gehoor.boards import odt, outline, printing, queries, sight
from gehoor.boards.models import Board
from gehoor.boards.outline import ShownFrame, ShownGroup, ShownNote, ShownVotes
from gehoor.boards.state import State
from gehoor.meetings.models import Meeting

COLUMNS = (
    "frame", "question", "heading", "kind", "kind_text", "voice", "voice_text", "text", "feeling", "dots", "may_be_quoted",
    "state",
)  # fmt: skip


@dataclass(frozen=True)
class NoteOut:
    """One note as it leaves. `state` is "shown", "hidden" or "face down"; `dots` is None while they are not shown."""

    kind: str
    kind_text: str
    voice: str
    voice_text: str
    text: str
    feeling: int
    feeling_text: str
    dots: int | None  # in total; who gave them is `BoardOut.votes`
    may_quote: bool
    state: str


@dataclass(frozen=True)
class GroupOut:
    """Notes under a heading; the heading is empty for those without one."""

    heading: str
    notes: list[NoteOut]


@dataclass(frozen=True)
class FrameOut:
    """A part of the board with its question."""

    title: str
    question: str
    groups: list[GroupOut]

    @property
    def notes(self) -> Iterator[NoteOut]:
        """All of them, whatever their heading."""
        return (note for group in self.groups for note in group.notes)


@dataclass(frozen=True)
class BoardOut:
    """A board as it leaves."""

    meeting: Meeting
    phase: str
    frames: list[FrameOut]
    votes: ShownVotes | None  # which voice chose what, as far as the gate lets through

    @property
    def size(self) -> int:
        """How many notes there are."""
        return sum(1 for frame in self.frames for _note in frame.notes)


def of(board: Board, *, with_hidden: bool = False) -> BoardOut:
    """What of a board may leave at this moment. Texts of kinds and voices are in the reader's language."""
    with queries.guard:
        state = queries.known(board).state
        shown = outline.of(state, sight.FACILITATORS)
        frames = [
            FrameOut(
                frame.title,
                frame.question,
                [_group(group, state, with_hidden=with_hidden) for group in _groups(frame)],
            )
            for frame in shown.frames
        ]
        votes = outline.votes_of(state)
    return BoardOut(board.meeting, shown.phase.kind, frames, votes)


def _groups(frame: ShownFrame) -> list[ShownGroup]:
    """Feelings of a step of a journey are notes among the others."""
    return [ShownGroup(None, [*frame.loose.notes, *frame.feelings.notes]), *frame.groups]


def _group(group: ShownGroup, state: State, *, with_hidden: bool) -> GroupOut:
    """Notes that were never turned stand in the order of their words: that of writing would point at their writers."""
    notes = [note for note in group.notes if with_hidden or not note.hidden]
    notes.sort(key=lambda note: (0, note.place, "") if note.shown else (1, 0, note.text))
    return GroupOut(group.cluster.title if group.cluster else "", [_note(note, state) for note in notes])


def _note(note: ShownNote, state: State) -> NoteOut:
    kept = state.notes[note.pk]
    return NoteOut(
        kind=note.kind,
        kind_text=note.kind_text,
        voice=kept.role,
        voice_text=note.role_text,
        text=note.text,
        feeling=note.mood,
        feeling_text=note.mood_text,
        dots=note.dots,
        may_quote=kept.may_quote,
        state="hidden" if note.hidden else "shown" if note.shown else "face down",
    )


def fictional() -> str:
    """The mark of the demo, or nothing."""
    return pgettext("client", "Fictional example: nothing here is real.") if settings.GEHOOR_FICTIONAL else ""


def _language() -> str:
    return "en" if (get_language() or "").startswith("en") else "nl"


# --- for a spreadsheet --------------------------------------------------------------------------------------------


def as_csv(board: BoardOut) -> bytes:
    """One row a note, after RFC 4180, in UTF-8 with the mark by which a spreadsheet knows that.

    `feeling` runs from 1 to 5 and is empty without one; `dots` is empty while they are not shown; `may_be_quoted` is yes or no.
    """
    file = io.StringIO(newline="")
    mark = {"fictional": fictional()} if fictional() else {}
    writer = csv.DictWriter(file, [*mark, *COLUMNS])
    writer.writeheader()
    for frame in board.frames:
        for group in frame.groups:
            for note in group.notes:
                row = {**mark, **_row(frame, group, note)}
                writer.writerow({name: harmless(value) for name, value in row.items()})
    return file.getvalue().encode("utf-8-sig")


def _row(frame: FrameOut, group: GroupOut, note: NoteOut) -> dict[str, str]:
    return {
        "frame": frame.title,
        "question": frame.question,
        "heading": group.heading,
        "kind": note.kind,
        "kind_text": note.kind_text,
        "voice": note.voice,
        "voice_text": note.voice_text,
        "text": note.text,
        "feeling": str(note.feeling or ""),
        "dots": "" if note.dots is None else str(note.dots),
        "may_be_quoted": "yes" if note.may_quote else "no",
        "state": note.state,
    }


# --- for a programme ----------------------------------------------------------------------------------------------


def as_json(board: BoardOut) -> bytes:
    """The board as JSON. `version` goes up when something in it changes its meaning.

    {"format": "gehoor-board", "version": 1, "office", "meeting", "kind", "held_on", "phase",
     "frames": [{"title", "question", "groups": [{"heading": "" or a text, "notes": [NOTE]}]}]}
    and after the end "votes": null, or [{"note": its text, "shares": {"everybody" or a voice: a share in words}}].
    NOTE: {"kind", "voice": "" when unknown, "text", "may_be_quoted", "state": shown | hidden | face down,
           "feeling": 1 to 5 or null, "dots": a number or null while they are not shown}
    """
    meeting = board.meeting
    facts = {
        **({"fictional": fictional()} if fictional() else {}),
        "format": "gehoor-board", "version": 1, "office": meeting.office.name, "meeting": meeting.name, "kind": meeting.kind,
        "held_on": str(meeting.held_on), "phase": board.phase,
        "frames": [
            {
                "title": frame.title, "question": frame.question,
                "groups": [
                    {"heading": group.heading, "notes": [_plain(note) for note in group.notes]} for group in frame.groups
                ],
            }
            for frame in board.frames
        ],
        "votes": board.votes
        and [{"note": text, "shares": dict(zip(board.votes.heads, cells, strict=True))} for text, cells in board.votes.rows],
    }  # fmt: skip
    return (json.dumps(facts, ensure_ascii=False, indent=1) + "\n").encode()


def _plain(note: NoteOut) -> dict[str, Any]:
    return {
        "kind": note.kind, "voice": note.voice, "text": note.text, "may_be_quoted": note.may_quote, "state": note.state,
        "feeling": note.feeling or None, "dots": note.dots,
    }  # fmt: skip


# --- for people ---------------------------------------------------------------------------------------------------


def about(note: NoteOut) -> str:
    """What stands beside the words: kind, voice, feeling, dots, and what to mind."""
    said = [note.kind_text, note.voice_text]
    if note.feeling:
        said.append(_("feeling: %(feeling)s") % {"feeling": note.feeling_text})
    if note.dots:
        said.append(ngettext("%(dots)s dot", "%(dots)s dots", note.dots) % {"dots": note.dots})
    said.append(_("may be quoted") if note.may_quote else _("may not be quoted"))
    said.append({"hidden": _("hidden by the facilitator"), "face down": _("not turned yet")}.get(note.state, ""))
    return " · ".join(part for part in said if part)


def _document(board: BoardOut) -> dict[str, Any]:
    """What the ODT and the PDF both hold. A frame without notes says so."""
    meeting = board.meeting
    size = ngettext("%(notes)s note", "%(notes)s notes", board.size) % {"notes": board.size}
    return {
        "lang": _language(),
        "fictional": fictional(),
        "office": meeting.office.name,
        "title": meeting.name,
        "subtitle": f"{meeting.get_kind_display()} · {date_format(meeting.held_on)} · {size}",
        "purpose": meeting.purpose,
        "empty": _("There are no notes in this part."),
        "no_words": _("without words"),
        "frames": [
            {
                "title": frame.title,
                "question": frame.question,
                "groups": [
                    {
                        "heading": group.heading,
                        "notes": [
                            {"text": note.text, "rtl": printing.is_rtl(note.text), "about": about(note)}
                            for note in group.notes
                        ],
                    }
                    for group in frame.groups
                    if group.notes
                ],
            }
            for frame in board.frames
        ]
        + _votes(board.votes),
    }


def _votes(votes: ShownVotes | None) -> list[dict[str, Any]]:
    """A part at the end of a document: what each voice chose."""
    if votes is None:
        return []
    notes = [
        {
            "text": text,
            "rtl": printing.is_rtl(text),
            "about": " · ".join(f"{head}: {cell}" for head, cell in zip(votes.heads, cells, strict=True)),
        }
        for text, cells in votes.rows
    ]
    why = _("Shares of the dots that a voice gave. A voice or a note that too few people chose is left out.")
    return [{"title": _("Who chose what"), "question": why, "groups": [{"heading": "", "notes": notes}]}]


def as_odt(board: BoardOut) -> bytes:
    """The board as an OpenDocument text with real headings and lists."""
    return odt.document(_document(board))


def as_pdf(board: BoardOut) -> bytes:
    """The board as PDF/UA-1: tagged, with headings, lists and a language."""
    return printing.pdf("board.typ", {**_document(board), "page_of": _("Page")}, on=board.meeting.held_on)
