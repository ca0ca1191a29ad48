"""Notes from elsewhere: pasted lines, or a table as Miro and spreadsheets write it. First read, then looked at, then taken in.

Miro puts the text of a note in a column of its own, with frames as parts between blank rows and tags in the columns beside
it; what it writes has changed over the years, so that nothing here counts on one shape, and who imports sees what was read.
"""

import base64
import csv
import io
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from django.utils import translation
from django.utils.translation import gettext as _

from gehoor.base import secretbox, signs
from gehoor.base.errors import BadInput
from gehoor.boards import changes, commands, outline, queries
from gehoor.boards.commands import Command
from gehoor.boards.models import Board
from gehoor.boards.sight import Viewer
from gehoor.boards.state import LONGEST_NOTE, Frame
from gehoor.offices import journal
from gehoor.offices.models import Member

MOST_NOTES = 2_000
MOST_BYTES = 2_000_000
MOST_GROUPS = 60
MOST_FAULTS = 20  # sentences at a time
MOST_LEFT_OUT = 20  # cells named as staying behind
LONGEST_PREAMBLE = 10  # rows above the heads of columns, such as the name of the board and a day
DIVIDERS = (";", "\t", ",")
BULLETS = "•·*-–—"
# Heads of columns, in the words of Miro, of spreadsheets and of our own file.
TEXT_HEADS = {"text", "tekst", "note", "notes", "notitie", "briefje", "content", "inhoud", "sticky note", "sticky"}
FRAME_HEADS = {"frame", "vak", "section", "onderdeel", "column", "kolom", "group", "groep", "parent"}
KIND_HEADS = {"kind", "soort"}
VOICE_HEADS = {"voice", "stem", "role", "rol"}
OTHER_HEADS = {
    "id", "type", "author", "auteur", "created by", "tag", "tags", "color", "colour", "kleur", "date", "datum", "link", "url",
}  # fmt: skip
HEADS_BESIDE = FRAME_HEADS | KIND_HEADS | VOICE_HEADS | OTHER_HEADS


@dataclass(frozen=True)
class Found:
    """One note as it was found. Kind and voice are empty when the file does not say them."""

    text: str
    kind: str = ""
    voice: str = ""


@dataclass
class Group:
    """Notes that stood together. `name` is what the file calls them; or their first note may be that name."""

    name: str = ""
    notes: list[Found] = field(default_factory=list)
    first_is_name: bool = False
    may_be_name: bool = False


@dataclass
class Read:
    """All that was found, and the cells that were not taken along, with how often each stood there."""

    groups: list[Group]
    left_out: Counter[str] = field(default_factory=Counter)

    @property
    def size(self) -> int:
        """How many notes there are at most."""
        return sum(len(group.notes) for group in self.groups)

    @property
    def often_left_out(self) -> list[tuple[str, int]]:
        """The cells that stay behind, the most frequent first, as far as a page shows them. A template cannot ask a Counter."""
        return self.left_out.most_common(MOST_LEFT_OUT)


@dataclass(frozen=True)
class Choice:
    """Where the notes of a group go."""

    frame: int
    first_is_name: bool = False


@dataclass(frozen=True)
class Taken:
    """What became of an import."""

    added: int
    present: int  # an earlier press brought them in
    refused: int
    why: str = ""


# --- reading ------------------------------------------------------------------------------------------------------


def text_of(data: bytes) -> str:
    """The text of a file: UTF-8 or UTF-16 with its mark, else as Windows writes it. Raises BadInput."""
    if len(data) > MOST_BYTES:
        raise BadInput([_("This file is too large: at most 2 MB.")])
    is_wide = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    encodings = ["utf-16"] if is_wide else ["utf-8-sig", "cp1252"]
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise BadInput([_("This is not a file with text. Save it as “CSV UTF-8” and try again.")])


def read(text: str, frames: Sequence[Frame], *, is_table: bool) -> Read:
    """What stands in a text, for a board with these frames. Raises BadInput with a sentence for each fault."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").removeprefix("\ufeff")
    if len(text.encode("utf-8", "replace")) > MOST_BYTES:
        raise BadInput([_("This is too much text: at most 2 MB.")])
    found = _table(text, frames) if is_table else Read(_lines(text, frames))
    found.groups = [group for group in found.groups if group.notes]
    if faults := list(_faults(found)):
        raise BadInput(faults[:MOST_FAULTS])
    return found


def _faults(found: Read) -> Iterator[str]:
    """The words of a note that is too long are named by where they stand, not repeated."""
    if not found.size:
        yield _("There are no notes in it.")
    if found.size > MOST_NOTES:
        yield _("There are %(notes)s notes in it; at most %(most)s can be imported at a time.") % {
            "notes": found.size,
            "most": MOST_NOTES,
        }
    place = 0
    for group in found.groups:
        for note in group.notes:
            place += 1
            if len(note.text) > LONGEST_NOTE:
                yield _("Note %(place)s has %(signs)s characters; at most %(most)s fit. Make two of it.") % {
                    "place": place,
                    "signs": len(note.text),
                    "most": LONGEST_NOTE,
                }


def _titles(frames: Sequence[Frame]) -> dict[str, str]:
    return {_folded(frame.title): frame.title for frame in frames}


def _folded(text: str) -> str:
    return " ".join(text.split()).casefold().rstrip(":").strip()


class _Piles:
    """Groups by name, in the order in which the names came."""

    def __init__(self) -> None:
        self.groups: dict[str, Group] = {}

    def put(self, name: str, note: Found) -> None:
        """One more note. More names than a page can show go together."""
        key = _folded(name) if len(self.groups) < MOST_GROUPS or _folded(name) in self.groups else ""
        self.groups.setdefault(key, Group(name if key else "")).notes.append(note)


# --- pasted lines -------------------------------------------------------------------------------------------------


def _lines(text: str, frames: Sequence[Frame]) -> list[Group]:
    """A note a line. "Frame: text" and "frame, tab, text" say where it goes; a line that is a frame's name, what follows."""
    titles, piles, current = _titles(frames), _Piles(), ""
    for line in text.split("\n"):
        words = signs.clean(line).lstrip("#").strip()
        if not words:
            continue
        if _folded(words) in titles:
            current = titles[_folded(words)]
            continue
        name, tab, rest = words.partition("\t")
        before, colon, after = words.partition(":")
        if tab:
            piles.put(" ".join(name.split()), Found(rest.replace("\t", " ").strip()))
        elif colon and after.strip() and _folded(before) in titles:
            piles.put(titles[_folded(before)], Found(after.strip()))
        else:
            piles.put(current, Found(_without_bullet(words)))
    return list(piles.groups.values())


def _without_bullet(words: str) -> str:
    bullet, space, rest = words.partition(" ")
    return rest.strip() if space and len(bullet) == 1 and bullet in BULLETS and rest.strip() else words


# --- tables -------------------------------------------------------------------------------------------------------


def _table(text: str, frames: Sequence[Frame]) -> Read:
    rows = _rows(text)
    place = _head_place(rows)
    if place is not None:
        return _by_heads(rows[place + 1 :], [_folded(cell) for cell in rows[place]])
    return _by_parts(rows, _titles(frames))


def _head_place(rows: Sequence[Sequence[str]]) -> int | None:
    """Where the heads of columns stand: in the first row with words, or below a few rows about the board.

    There a second head has to stand beside that of the text, for a note may be the one word "Tekst".
    """
    filled = [place for place, row in enumerate(rows) if any(row)][: LONGEST_PREAMBLE + 1]
    for place in filled:
        heads = {_folded(cell) for cell in rows[place]}
        if TEXT_HEADS & heads and (place == filled[0] or HEADS_BESIDE & heads):
            return place
    return None


def _rows(text: str) -> list[list[str]]:
    """The rows of a table whose divider is not known. A comma with a space after it is a comma in a sentence."""
    csv.field_size_limit(MOST_BYTES)
    best, most = _parsed(text, "\x1f"), 0
    for divider in DIVIDERS:
        rows = _parsed(text, divider, skip=True)
        place = _head_place(rows)
        if place is not None and len(rows[place]) > 1:
            best = rows
            break
        rows = _parsed(text, divider)
        beside = [row[1:] for row in rows if len(row) > 1]
        if len(beside) > most and not any(cell.startswith(" ") for cells in beside for cell in cells):
            best, most = rows, len(beside)
    return [[_cell(cell) for cell in row] for row in best]


def _parsed(text: str, divider: str, *, skip: bool = False) -> list[list[str]]:
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=divider, skipinitialspace=skip))
    except csv.Error:
        raise BadInput([_("This table cannot be read. Save it as “CSV UTF-8” and try again.")]) from None


def _cell(cell: str) -> str:
    """The words of a cell. Our own file puts an apostrophe before what looks like a formula."""
    words = signs.clean(cell)
    return words[1:] if words.startswith("'") and words[1:].startswith(signs.FORMULA_STARTS) else words


def _by_heads(rows: Iterable[list[str]], heads: Sequence[str]) -> Read:
    """A table with a head row: columns are known by their names, the others stay behind."""
    found, piles = Read([]), _Piles()
    places = {
        name: next((place for place, head in enumerate(heads) if head in known), -1)
        for name, known in (
            ("text", TEXT_HEADS), ("frame", FRAME_HEADS), ("kind", KIND_HEADS), ("voice", VOICE_HEADS),
        )
    }  # fmt: skip
    kinds, voices = _known_words()
    for row in rows:
        cells = {name: row[place] if 0 <= place < len(row) else "" for name, place in places.items()}
        if cells["text"]:
            kind, voice = kinds.get(_folded(cells["kind"]), ""), voices.get(_folded(cells["voice"]), "")
            piles.put(cells["frame"], Found(cells["text"], kind, voice))
    found.groups = list(piles.groups.values())
    return found


def _by_parts(rows: Sequence[list[str]], titles: dict[str, str]) -> Read:
    """A table without a head row: parts between blank rows. The first row of a part may be its name."""
    found = Read([Group()])
    parts = list(_parts(rows))
    several = sum(len(part) > 1 for part in parts) > 1
    name = ""
    for part in parts:
        first = next(cell for cell in part[0] if cell)
        if len(part) == 1 and _folded(first) in titles:
            name = titles[_folded(first)]  # a name with a blank row after it
            continue
        notes = [_note(row, found.left_out) for row in part]
        if len(part) > 1 and len(found.groups) < MOST_GROUPS:
            may_be_name = not name
            is_name = may_be_name and (several or _folded(first) in titles)
            found.groups.append(Group(name, notes, first_is_name=is_name, may_be_name=may_be_name))
        elif name:
            found.groups.append(Group(name, notes))
        else:
            found.groups[0].notes += notes
        name = ""
    return found


def _parts(rows: Sequence[list[str]]) -> Iterator[list[list[str]]]:
    edges = [-1, *(place for place, row in enumerate(rows) if not any(row)), len(rows)]
    return (list(rows[start + 1 : end]) for start, end in pairwise(edges) if end > start + 1)


def _note(row: Sequence[str], left_out: Counter[str]) -> Found:
    """The first words are the note; of the rest, tags, only a kind and a voice are understood."""
    words, *rest = [cell for cell in row if cell]
    kinds, voices = _known_words()
    kind = voice = ""
    for cell in rest:
        if not kind and (known := kinds.get(_folded(cell))):
            kind = known
        elif not voice and (known := voices.get(_folded(cell))):
            voice = known
        else:
            left_out[cell] += 1
    return Found(words, kind, voice)


def _known_words() -> tuple[dict[str, str], dict[str, str]]:
    """Kinds and voices by our own names and by the words for them in Dutch and English."""
    kinds, voices = {kind: kind for kind in outline.KINDS}, {role: role for role in outline.ROLES}
    for language in ("nl", "en"):
        with translation.override(language):
            kinds |= {_folded(str(text)): kind for kind, text in outline.KINDS.items()}
            voices |= {_folded(str(text)): role for role, text in outline.ROLES.items()}
    return kinds, voices


def frame_for(group: Group, frames: Sequence[Frame]) -> int | None:
    """The frame with the same name, or the only one there is. None: somebody has to choose."""
    if len(frames) == 1:
        return 0
    name = _folded(name_of(group))
    return next((place for place, frame in enumerate(frames) if _folded(frame.title) == name), None)


def name_of(group: Group) -> str:
    """What the file calls these notes; empty when it does not say."""
    return group.notes[0].text if group.first_is_name else group.name


# --- taking in ----------------------------------------------------------------------------------------------------


def take_in(
    board: Board,
    found: Read,
    choices: Sequence[Choice],
    *,
    kind: str,
    voice: str,
    viewer: Viewer,
    by: Member | None = None,
) -> Taken:
    """Put the notes on the board. Pressing again adds nothing: the same note at the same place has the same keys.

    `kind` and `voice` are for notes of which the file does not say them. Written in parts of 500, each whole or not at all.
    """
    asked = list(_asked(board, found, choices, kind=kind, voice=voice))
    with queries.guard:
        board.refresh_from_db()
        there = set(queries.known(board).state.notes)
    outcomes = []
    for start in range(0, len(asked), commands.MOST_AT_ONCE):
        part = asked[start : start + commands.MOST_AT_ONCE]
        outcomes += changes.perform(board.pk, [(viewer, command) for command in part])
    refused = [outcome for outcome in outcomes if not outcome.seq]
    present = sum(command.note in there for command in asked if isinstance(command, commands.Write))
    taken = Taken(
        added=len(outcomes) - len(refused) - present,
        present=present,
        refused=len(refused),
        why=str(refused[0].why_not) if refused else "",
    )
    if taken.added:
        meeting = board.meeting
        journal.write(meeting.office, journal.Verb.NOTES_IMPORTED, f"{meeting.name} ({taken.added})", by=by)
    return taken


def _asked(board: Board, found: Read, choices: Sequence[Choice], *, kind: str, voice: str) -> Iterator[Command]:
    """Commands whose keys follow from what they say: the second of two equal notes is another one than the first."""
    times: Counter[tuple[str, ...]] = Counter()
    for group, choice in zip(found.groups, choices, strict=True):
        first_is_name = choice.first_is_name and group.may_be_name
        for note in group.notes[1:] if first_is_name else group.notes:
            said = (str(board.pk), str(choice.frame), note.kind or kind, note.voice or voice, note.text)
            times[said] += 1
            mark = "\0".join((*said, str(times[said])))
            yield commands.read(
                {
                    "do": "write", "key": key_from("import", mark), "note": key_from("imported note", mark),
                    "frame": choice.frame, "kind": note.kind or kind, "role": note.voice or voice or None, "text": note.text,
                }
            )  # fmt: skip


def key_from(purpose: str, mark: str) -> str:
    """A key for a command or a note that follows from what it is about; nobody outside this installation can make it."""
    return base64.urlsafe_b64encode(secretbox.keyed(purpose, mark.encode())[:16]).rstrip(b"=").decode()
