"""Reading a list of addresses: an e-mail address and a language, and nothing else about anybody.

Pure. No message of this file holds a value from the list, so that none can end in a log; it names lines and columns.
"""

import csv
import io
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from gehoor.base.errors import BadInput
from gehoor.base.languages import FALLBACK

ADDRESS_NAMES = {"address", "adres", "e-mail", "email", "e-mailadres", "mail"}
LANGUAGE_NAMES = {"language", "taal"}
LONGEST_NAME = 40
MOST_PROBLEMS = 20

_check = EmailValidator()


@dataclass(frozen=True)
class Address:
    """Where to write to, and in which language."""

    address: str
    language: str


def read(text: str, *, languages: Collection[str]) -> list[Address]:
    """The addresses in a CSV text with the columns address,language; the second one may be absent (Dutch then).

    Commas, semicolons and tabs all separate. An address that comes twice counts once.
    Raises BadInput with every fault and its line; with any other column nothing is read at all.
    """
    try:
        rows = list(_rows(text))
    except csv.Error:
        raise BadInput([_("This is not a list with commas. Save it as CSV and try again.")]) from None
    if not rows:
        raise BadInput([_("The list is empty.")])
    columns, first = _columns(rows[0][1])
    problems: list[str] = []
    found: dict[str, Address] = {}
    for line, row in rows[first:]:
        if why := _fault(row, columns, languages):
            problems.append(_("Line %(line)s: %(why)s") % {"line": line, "why": why})
        else:
            address = row[columns["address"]].lower()
            found.setdefault(address, Address(address, _language(row, columns)))
    if problems:
        raise BadInput(_shortened(problems))
    return list(found.values())


def _rows(text: str) -> Iterator[tuple[int, list[str]]]:
    """The lines that hold something, each with its number."""
    lines = text.replace("\0", "").splitlines()
    heading = next((line for line in lines if line.strip()), "")
    separator = max(",;\t", key=heading.count)
    for number, row in enumerate(csv.reader(io.StringIO("\n".join(lines)), delimiter=separator), start=1):
        cells = [cell.strip() for cell in row]
        while cells and not cells[-1]:
            cells.pop()
        if cells:
            yield number, cells


def _columns(heading: list[str]) -> tuple[dict[str, int], int]:
    """Where the address and the language stand, and how many lines of heading there are."""
    if any("@" in cell for cell in heading):
        return {"address": 0, "language": 1}, 0
    names = [cell.casefold() for cell in heading]
    if unknown := [
        cell[:LONGEST_NAME]
        for cell, name in zip(heading, names, strict=True)
        if name not in ADDRESS_NAMES | LANGUAGE_NAMES
    ]:
        raise BadInput([_too_much(unknown)])
    places = {"language" if name in LANGUAGE_NAMES else "address": place for place, name in enumerate(names)}
    if "address" not in places or len(places) != len(names):
        raise BadInput([_("The first line must be: address,language")])
    return {"language": len(names), **places}, 1


def _too_much(unknown: list[str]) -> str:
    return ngettext(
        "The column “%(columns)s” may not be in the list. Only address and language may: take the rest out. Nothing was kept.",
        "The columns “%(columns)s” may not be in the list. Only address and language may: take the rest out. Nothing was kept.",
        len(unknown),
    ) % {"columns": "”, “".join(unknown)}


def _fault(row: list[str], columns: dict[str, int], languages: Collection[str]) -> str:
    if len(row) > 2 or (len(row) > 1 and columns["language"] >= len(row)):  # noqa: PLR2004 -- address and language
        return _("there is more on this line than an address and a language.")
    try:
        _check(row[columns["address"]] if columns["address"] < len(row) else "")
    except ValidationError:
        return _("this is not an e-mail address.")
    if _language(row, columns) not in languages:
        return _("this language is not in the questionnaire. Choose from: %(languages)s.") % {
            "languages": ", ".join(languages)
        }
    return ""


def _language(row: list[str], columns: dict[str, int]) -> str:
    place = columns["language"]
    return (row[place].lower() if place < len(row) else "") or FALLBACK


def _shortened(problems: list[str]) -> list[str]:
    more = len(problems) - MOST_PROBLEMS
    return problems if more <= 0 else [*problems[:MOST_PROBLEMS], _("And %(count)s more lines.") % {"count": more}]
