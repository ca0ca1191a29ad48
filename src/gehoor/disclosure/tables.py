"""What goes into the gate (`Table`, exact) and what comes out of it (`PublicTable`)."""

from collections.abc import Mapping, Sequence
from dataclasses import InitVar, dataclass, field
from types import MappingProxyType
from typing import Any, Self

ALL = ("all",)

# Words instead of a number; the screen translates them.
ALMOST_EVERYBODY = "almost_everybody"
ALMOST_NOBODY = "almost_nobody"
MOST = "most"
WORDS = (ALMOST_EVERYBODY, ALMOST_NOBODY, MOST)

# Why something is closed. One code for "is small" and "protects a small one": a code of its own for the small
# figure would tell that it lies between 1 and the smallest group.
PROTECTED = "protected"
TOO_FEW = "too_few"
REASONS = (PROTECTED, TOO_FEW)

_SEAL = object()  # only suppress.py takes this


@dataclass(frozen=True)
class Table:
    """Exact counts of one closed question, in total or by one dimension. Never leaves the counter.

    Every submission is counted in exactly one group and one option, so "skipped" is an option and "did not say" a
    group. A question with several answers is one table per option, with the options chosen and not_chosen.
    `options` and `groups` keep the order of the questionnaire; `dimension` is None and `groups` is ("all",) for the
    total. A count that is absent is 0. Raises ValueError on an unknown name, a double name or a count below 0.
    """

    question: str
    options: tuple[str, ...]
    dimension: str | None
    groups: tuple[str, ...]
    counts: Mapping[tuple[str, str], int]
    sensitive: bool = False

    def __post_init__(self) -> None:
        if len(set(self.options)) != len(self.options) or len(set(self.groups)) != len(self.groups):
            raise ValueError(f"double name among {self.options} or {self.groups}")
        if self.dimension is None and self.groups != ALL:
            raise ValueError(f"the total has the groups {ALL}, not {self.groups}")
        for (group, option), count in self.counts.items():
            if group not in self.groups or option not in self.options:
                raise ValueError(f"unknown cell {group!r}, {option!r}")
            if count < 0:
                raise ValueError(f"a count can't be {count}")

    def count(self, group: str, option: str) -> int:
        return self.counts.get((group, option), 0)

    def size(self, group: str) -> int:
        """All submissions in the group, those that skipped the question too."""
        return sum(self.count(group, option) for option in self.options)


@dataclass(frozen=True)
class PublicGroup:
    """A column head: n between `low` and `high`, or both None with a reason."""

    name: str
    low: int | None
    high: int | None
    reason: str | None


@dataclass(frozen=True)
class PublicCell:
    """One figure: a share in whole per cents, or a word, or neither with a reason. Exactly one of the three."""

    share: int | None = None
    word: str | None = None
    reason: str | None = None


@dataclass(frozen=True)
class PublicTable:
    """What a page or an export may show. Made only by `suppress()` and `renew()`, or read back from where one was kept.

    `wave` counts the releases of one question of one round and period; tables of one wave count the same submissions.
    `rows` holds a tuple of cells per group, in the order of `groups` and `options`.
    """

    question: str
    dimension: str | None
    wave: int
    sensitive: bool
    options: tuple[str, ...]
    groups: tuple[PublicGroup, ...]
    rows: tuple[tuple[PublicCell, ...], ...]
    seal: InitVar[object] = None
    _places: Mapping[tuple[str, str], PublicCell] = field(init=False, repr=False, compare=False)

    def __post_init__(self, seal: object) -> None:
        if seal is not _SEAL:
            raise TypeError("a PublicTable is made by disclosure.suppress only")
        places = {
            (group.name, option): cell
            for group, row in zip(self.groups, self.rows, strict=True)
            for option, cell in zip(self.options, row, strict=True)
        }
        object.__setattr__(self, "_places", MappingProxyType(places))

    def cell(self, group: str, option: str) -> PublicCell:
        return self._places[group, option]

    def group(self, name: str) -> PublicGroup:
        return next(group for group in self.groups if group.name == name)

    @property
    def shows_something(self) -> bool:
        return any(cell.reason is None for row in self.rows for cell in row)

    def to_json(self) -> dict[str, Any]:
        """Plain data for storing and exporting. Holds no closed value in any form."""
        return {
            "question": self.question,
            "dimension": self.dimension,
            "wave": self.wave,
            "sensitive": self.sensitive,
            "options": list(self.options),
            "groups": [_group_json(group) for group in self.groups],
            "cells": [[_cell_json(cell) for cell in row] for row in self.rows],
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """Read a released table back. Raises ValueError when it isn't one."""
        return cls(
            question=str(data["question"]),
            dimension=None if data["dimension"] is None else str(data["dimension"]),
            wave=int(data["wave"]),
            sensitive=bool(data["sensitive"]),
            options=tuple(str(option) for option in data["options"]),
            groups=tuple(_group_from(group) for group in data["groups"]),
            rows=tuple(tuple(_cell_from(cell) for cell in row) for row in data["cells"]),
            seal=_SEAL,
        )


def _group_json(group: PublicGroup) -> dict[str, Any]:
    if group.reason is not None:
        return {"name": group.name, "reason": group.reason}
    return {"name": group.name, "n": [group.low, group.high]}


def _cell_json(cell: PublicCell) -> dict[str, Any]:
    if cell.reason is not None:
        return {"reason": cell.reason}
    return {"share": cell.share} if cell.word is None else {"word": cell.word}


def _group_from(data: Mapping[str, Any]) -> PublicGroup:
    if set(data) == {"name", "reason"} and data["reason"] in REASONS:
        return PublicGroup(str(data["name"]), None, None, data["reason"])
    if set(data) == {"name", "n"}:
        low, high = data["n"]
        return PublicGroup(str(data["name"]), int(low), int(high), None)
    raise ValueError(f"not a released group: {data!r}")


def _cell_from(data: Mapping[str, Any]) -> PublicCell:
    match dict(data):
        case {"share": int(share), **others} if not others and 0 < share < 100:  # noqa: PLR2004 -- per cents
            return PublicCell(share=share)
        case {"word": str(word), **others} if not others and word in WORDS:
            return PublicCell(word=word)
        case {"reason": str(reason), **others} if not others and reason in REASONS:
            return PublicCell(reason=reason)
    raise ValueError(f"not a released cell: {data!r}")


def sizes_of(tables: Sequence[Table], wave: int) -> dict[tuple[str, str | None, int, str], int]:
    """Exact sizes by (question, dimension, wave, group): what the auditor's attacker may know besides the public tables."""
    return {
        (table.question, table.dimension, wave, group): table.size(group) for table in tables for group in table.groups
    }
