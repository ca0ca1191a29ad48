"""Reading a call list: a name, a number, a language, a voice and a note about when to call. Nothing about a case.

Pure. No message of this file holds a value from the list; it names lines and columns. A list with any other column is
refused as a whole, and so is a note that looks as if a case number stands in it.
"""

import csv
import io
import json
import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from gehoor.base import codes
from gehoor.base.errors import BadInput
from gehoor.base.languages import FALLBACK, LANGUAGES
from gehoor.meetings.models import Voice

COLUMNS = {
    "name": "name", "naam": "name",
    "number": "number", "nummer": "number", "telefoon": "number", "telefoonnummer": "number", "phone": "number", "tel": "number",
    "language": "language", "taal": "language",
    "voice": "voice", "stem": "voice", "wie": "voice",
    "note": "note", "notitie": "note", "terugbellen": "note",
}  # fmt: skip
IN_ORDER = ("name", "number", "language", "voice", "note")
VOICES = {
    "youth": Voice.YOUTH, "jongere": Voice.YOUTH, "parent": Voice.PARENT, "ouder": Voice.PARENT,
    "staff": Voice.STAFF, "medewerker": Voice.STAFF, "partner": Voice.PARTNER,
}  # fmt: skip
LONGEST_NAME, LONGEST_NOTE, MOST_CONTACTS, MOST_PROBLEMS = 80, 80, 500, 20
FEWEST_DIGITS, MOST_DIGITS = 9, 15
_NUMBER = re.compile(r"\+?[\d\s().\-/]+")
_LIKE_A_CASE = re.compile(r"\d{5}|(?:19|20)\d\d[-/.]\d{2,}")


@dataclass(frozen=True)
class Person:
    """Whom to call, in which language, and when it suits."""

    name: str
    number: str
    language: str = FALLBACK
    voice: str = Voice.YOUTH
    note: str = ""

    def packed(self) -> str:
        """As it goes into its box: always about as long, so that the box says nothing of who is in it."""
        return json.dumps(asdict(self), ensure_ascii=False).ljust(600)

    @classmethod
    def unpacked(cls, text: str) -> "Person":
        """What `packed` made."""
        return cls(**json.loads(text))

    @property
    def language_name(self) -> str:
        """The language in its own name."""
        return LANGUAGES[self.language].name


def read(text: str) -> list[Person]:
    """The people in a list with commas, semicolons or tabs. A number that comes twice counts once.

    Without a line of headings the columns stand in the order name, number, language, voice, note. Raises BadInput with
    every fault and its line.
    """
    try:
        rows = list(_rows(text))
    except csv.Error:
        raise BadInput([_("This is not a list with commas. Save it as CSV and try again.")]) from None
    if not rows:
        raise BadInput([_("The list is empty.")])
    columns, first = _columns(rows[0][1])
    if len(rows) - first > MOST_CONTACTS:
        raise BadInput([_("At most %(most)s people fit in one list.") % {"most": MOST_CONTACTS}])
    headings = rows[0][1] if first else []
    who = next((cell for cell in headings if COLUMNS[cell.casefold()] == "voice"), _("who"))
    problems: list[str] = []
    found: dict[str, Person] = {}
    for line, row in rows[first:]:
        cells = dict(zip(columns, row, strict=False))
        if why := _fault(row, columns, cells, who):
            problems.append(_("Line %(line)s: %(why)s") % {"line": line, "why": why})
        else:
            person = _person(cells)
            found.setdefault(person.number, person)
    if problems:
        more = len(problems) - MOST_PROBLEMS
        rest = [_("And %(count)s more lines.") % {"count": more}] if more > 0 else []
        raise BadInput([*problems[:MOST_PROBLEMS], *rest])
    return list(found.values())


def one_way(number: str) -> str:
    """A number in the one way that we compare it: digits only, with a 0 for the Netherlands."""
    plain = number.strip()
    digits = codes.digits(plain)
    if plain.startswith("+"):
        digits = f"00{digits}"
    return f"0{digits[4:].removeprefix('0')}" if digits.startswith("0031") else digits


def _rows(text: str) -> Iterator[tuple[int, list[str]]]:
    lines = text.replace("\0", "").removeprefix("\ufeff").splitlines()
    heading = next((line for line in lines if line.strip()), "")
    separator = max(",;\t", key=heading.count)
    for number, row in enumerate(csv.reader(io.StringIO("\n".join(lines)), delimiter=separator), start=1):
        cells = [" ".join(cell.split()) for cell in row]
        while cells and not cells[-1]:
            cells.pop()
        if cells:
            yield number, cells


def _columns(heading: list[str]) -> tuple[list[str], int]:
    """Which column stands where, and how many lines of heading there are."""
    if any(_is_number(cell) for cell in heading):
        return list(IN_ORDER), 0
    unknown = [cell[:40] for cell in heading if cell.casefold() not in COLUMNS]
    if unknown:
        why = ngettext(
            "The column “%(columns)s” may not be in the list. Only name, number, language, voice and note may: take the rest out. Nothing was kept.",
            "The columns “%(columns)s” may not be in the list. Only name, number, language, voice and note may: take the rest out. Nothing was kept.",
            len(unknown),
        )
        raise BadInput([why % {"columns": "”, “".join(unknown)}])
    names = [COLUMNS[cell.casefold()] for cell in heading]
    if not {"name", "number"} <= set(names) or len(set(names)) != len(names):
        raise BadInput([_("The first line must be: name,number,language,voice,note")])
    return names, 1


def _is_number(cell: str) -> bool:
    return bool(_NUMBER.fullmatch(cell)) and FEWEST_DIGITS <= len(codes.digits(cell)) <= MOST_DIGITS


def _fault(row: list[str], columns: list[str], cells: dict[str, str], who: str) -> str:
    """What is wrong with a line. `who` is how the list calls the column of voices."""
    if len(row) > len(columns):
        return _("there is more on this line than there are columns.")
    if not cells.get("name") or len(cells["name"]) > LONGEST_NAME:
        return _("a name is missing, or is longer than %(most)s signs.") % {"most": LONGEST_NAME}
    if not _is_number(cells.get("number", "")):
        return _("this is not a telephone number.")
    if cells.get("language", "").lower() not in {"", *LANGUAGES}:
        return _("this language is not known. Choose from: %(languages)s.") % {"languages": ", ".join(LANGUAGES)}
    if cells.get("voice", "").lower() not in {"", *VOICES}:
        return _("in the column “%(column)s” stands something else than: %(voices)s.") % {
            "column": who, "voices": ", ".join(VOICES),
        }  # fmt: skip
    if len(cells.get("note", "")) > LONGEST_NOTE:
        return _("the note is longer than %(most)s signs. Only write when it suits.") % {"most": LONGEST_NOTE}
    if _LIKE_A_CASE.search(cells.get("note", "") + " " + cells["name"]):
        return _("this looks like a case number. Nothing about a case may be in the list.")
    return ""


def _person(cells: dict[str, str]) -> Person:
    return Person(
        cells["name"],
        one_way(cells["number"]),
        cells.get("language", "").lower() or FALLBACK,
        VOICES.get(cells.get("voice", "").lower(), Voice.YOUTH),
        cells.get("note", ""),
    )
