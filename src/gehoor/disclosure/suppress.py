"""The gate: exact tables in, public tables out.

The rules, to be built a second time from this text alone. k is `smallest_group`, m is `closed_margin`. "Closed" is
shown without any figure; "open" is the rest. All tables of one question go in together: the total and its tables by
one dimension, over the same submissions (n of a group = the sum of its options; each table adds up to the total).

MERGED TABLE. Given closed options R and closed groups C of a table: add up the options of R to one row and the groups
of C to one column; each open option is a row and each open group a column of its own. Everything that can be worked
out of a public table by adding and subtracting is a sum of figures of its merged table. So the merged table must be
one that could be printed whole:

1.  A single figure (open option, any column) is BAD when it is not 0 and either it or the rest of its column (n of the
    column minus the figure) is below k. A 0 is bad too where it may not be: on a sensitive question, and in a dimension
    when the total of the option is above 0. In a column with n = 0 only a figure other than 0 is bad.
2.  The merged figure of R (any column; only when R is not empty) is BAD when it is not 0 and below k + m, and when it
    is 0, n of the column is not, and an option in R may not be 0 there.
3.  CLOSING the options, given the columns and the options that are closed from the start: close all options with a bad
    single figure, and as soon as any option is closed also all options whose total is 0; repeat until nothing is
    added. Then, if a merged figure is bad or from 1 to `closed_at_least` - 1 of the closed options have a total above
    0, close the open option with the smallest total above 0 (all of them when several tie) and begin again. When no
    open option with a total above 0 is left, all options are closed.

THE TOTAL (one column, n = N).
4.  N < k: nothing is shown, not even N; no dimension is shown.
5.  One-sided: let y = N minus the largest count. If y <= min(k - 1, N // `one_sided_one_in`) =: u, the largest option
    is said in one word: "almost_everybody" when 100 (N - u) >= `almost_everybody_from` N, and then every other option
    is "almost_nobody"; else "most", and the others are closed. The word depends on N alone. No dimension is shown.
6.  Else close options by rule 3, from none. Here, and only here, the merged figure of R is also BAD when no option of R
    holds k or more and it is above (k - 1) times (the number of options in R, less one). (Someone who runs this very
    programme could else conclude that each option of R has an answer and none has k.) N is shown. If all are closed, no
    dimension is shown.

A DIMENSION. Order its groups by n, largest first (ties: the order of the questionnaire).
7.  For b = 1, 2, ... up to the number of groups with n > 0: the first b groups are open, all others form C. Skip b when
    the number of groups in C with n > 0 is 1 up to `closed_at_least` - 1, or b = 1 with nobody in C. Close options by
    rule 3 over the columns of the merged table, from the options that are closed in the total. The score of b is the
    number of answers in cells of open options in open groups.
8.  Take the b with the highest score (ties: the largest b). Score 0: the dimension is not shown at all.

WHAT A FIGURE LOOKS LIKE.
9.  n < `step_below`: n as the band of `n_band` that holds it (20-24); share s = the multiple of `percent_step` nearest
    to 100 c / n, halves up: s = ((200 c + n p) // (2 n p)) p with p the step. n >= `step_below`: n exact, p =
    `percent_step_large`.
10. s = 0 is the word "almost_nobody" and s = 100 "almost_everybody", without a number. On a sensitive question also
    100 c <= `almost_nobody_to` n and 100 c >= `almost_everybody_from` n.
11. A closed cell has the reason "protected", whether it is small itself or protects a small one; under rule 4
    everything has the reason "too_few". A closed group is left out of the table, name and all: a name would tell that
    there is somebody in it, and many small names could each be shown to be small.

RENEWING (the same question, round and period; submissions were only added). G is `renew_after`. A former release of a
table is known by its exact counts and its closed options and groups (`Basis`).
12. The total is renewed only when N grew by G or more since the last release that showed N; else all old tables stay.
13. A one-sided total is renewed only as one-sided with the same option; another total that showed N never becomes
    one-sided. Between one-sided totals rule 12 is all.
14. What was closed in a table stays closed in it. The exception: a total in which all options were closed is as if it
    had not been, except in rules 12 and 13.
15. Rules 3, 6, 7 and 8 also look at the gains since the last release of that table: the same merged columns, new minus
    old, with G for k in rules 1 and 2. A gain below 0 is bad; a gain of 0 only on a sensitive question.
16. If nothing would be open in the total, all old tables stay. If nothing would be open in a dimension, or if it isn't
    shown in the new release for any other reason, its old table stays.
17. When the basis of a released table is gone, all old tables stay for good.

Why this holds: any split of a merged figure over its parts is possible, so a closed figure, or any sum of closed
figures, can always be k or more (or is 0 for certain). Tables by different dimensions meet only in the total, which no
such split changes. Because closed stays closed, the old release and the gains are two such tables of different people.
All of this lets the attacker know every shown figure and size exactly; the rounding comes on top.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

from gehoor.disclosure.policy import Policy
from gehoor.disclosure.tables import (
    _SEAL,
    ALL,
    ALMOST_EVERYBODY,
    ALMOST_NOBODY,
    MOST,
    PROTECTED,
    TOO_FEW,
    PublicCell,
    PublicGroup,
    PublicTable,
    Table,
)

NOBODY: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Snapshot:
    """What one release of one table rested on. `counts` in the order of groups and options; `word` = the one-sided option."""

    dimension: str | None
    wave: int
    options: tuple[str, ...]
    groups: tuple[str, ...]
    counts: tuple[tuple[int, ...], ...]
    closed_options: frozenset[str]
    closed_groups: frozenset[str]
    word: str | None = None

    def count(self, group: str, option: str) -> int:
        if group not in self.groups or option not in self.options:
            return 0
        return self.counts[self.groups.index(group)][self.options.index(option)]

    def size(self, group: str) -> int:
        return sum(self.counts[self.groups.index(group)])


@dataclass(frozen=True)
class Basis:
    """The exact counts behind all releases of one question of one round and period. Secret: it belongs in the vault."""

    question: str
    snapshots: tuple[Snapshot, ...] = ()

    def of(self, dimension: str | None) -> list[Snapshot]:
        return [snapshot for snapshot in self.snapshots if snapshot.dimension == dimension]

    def sizes(self) -> dict[tuple[str, str | None, int, str], int]:
        """Exact sizes of all released groups, for the auditor."""
        return {
            (self.question, snapshot.dimension, snapshot.wave, group): snapshot.size(group)
            for snapshot in self.snapshots
            for group in snapshot.groups
        }

    def to_json(self) -> dict[str, Any]:
        return {"question": self.question, "snapshots": [_snapshot_json(snapshot) for snapshot in self.snapshots]}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        return cls(str(data["question"]), tuple(_snapshot_from(item) for item in data["snapshots"]))


def suppress(tables: Sequence[Table], policy: Policy) -> list[PublicTable]:
    """The public tables of one question that was not released before: the total first, then each dimension that shows anything.

    `tables` holds the total and its dimension tables. Raises ValueError when they don't belong together.
    """
    return renew((), Basis(tables[0].question), tables, policy)[0]


def renew(
    old: Sequence[PublicTable], basis: Basis, new: Sequence[Table], policy: Policy
) -> tuple[list[PublicTable], Basis]:
    """The public tables to release now, and the basis to keep for the next time.

    `old` holds the tables of the last release (none at first) and `basis` what that release gave. A table that may not
    be renewed comes back as it was. Raises ValueError when the tables don't belong together.
    """
    total, dimensions = _sorted_out(new, basis)
    if not _is_known(old, basis):
        return list(old), basis
    waves = [table.wave for table in old] + [snapshot.wave for snapshot in basis.snapshots]
    wave = 1 + max(waves, default=0)
    former = basis.of(None)
    size = total.size("all")
    if size < policy.smallest_group or (former and size - former[-1].size("all") < policy.renew_after):
        return (list(old) or [_nothing(total, wave)]), basis
    shape = _shape_of_total(total, former, policy)
    if former and shape.shows_nothing:
        return list(old), basis
    public, snapshots = [shape.public(total, wave, policy)], [shape.snapshot(total, wave)]
    for table in dimensions:
        kept = next((one for one in old if one.dimension == table.dimension), None)
        chosen = None if shape.word else _shape_of_dimension(table, total, shape, basis, policy)
        if chosen is not None:
            public.append(chosen.public(table, wave, policy))
            snapshots.append(chosen.snapshot(table, wave))
        elif kept is not None:
            public.append(kept)
    return public, Basis(basis.question, (*basis.snapshots, *snapshots))


def _is_known(old: Sequence[PublicTable], basis: Basis) -> bool:
    """Rule 17: without the exact counts behind a released table nobody can tell what a new one would give away."""
    known = {(snapshot.dimension, snapshot.wave) for snapshot in basis.snapshots}
    return all((table.dimension, table.wave) in known for table in old if table.groups[0].reason != TOO_FEW)


def may_follow(parent: PublicTable, values: Iterable[str]) -> bool:
    """May a question that was only shown to those who answered `values` be released, given the total of that question?

    Its n is the number who gave these answers, so it may be known only where that number isn't closed. Such a question
    is released in total only. An option that is closed, or said in a word, gives no.
    """
    return parent.dimension is None and all(parent.cell("all", value).share is not None for value in values)


# --- one table -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Shape:
    """What is open and closed in a table."""

    closed_options: frozenset[str]
    closed_groups: frozenset[str]
    shows_nothing: bool
    word: str | None = None

    def snapshot(self, table: Table, wave: int) -> Snapshot:
        counts = tuple(tuple(table.count(group, option) for option in table.options) for group in table.groups)
        return Snapshot(
            table.dimension,
            wave,
            table.options,
            table.groups,
            counts,
            self.closed_options,
            self.closed_groups,
            self.word,
        )

    def public(self, table: Table, wave: int, policy: Policy) -> PublicTable:
        def head(group: str) -> PublicGroup:
            return PublicGroup(group, *policy.band_of(table.size(group)), None)

        def cell(group: str, option: str) -> PublicCell:
            if self.word is not None:
                return _one_sided_cell(table.size(group), is_the_word=option == self.word, policy=policy)
            if option in self.closed_options:
                return PublicCell(reason=PROTECTED)
            return _figure(table.count(group, option), table.size(group), sensitive=table.sensitive, policy=policy)

        return _made(table, wave, head, cell, without=self.closed_groups)


def _shape_of_total(total: Table, former: Sequence[Snapshot], policy: Policy) -> _Shape:
    """Rules 5, 6 and 13 to 16."""
    counts = {option: total.count("all", option) for option in total.options}
    size = sum(counts.values())
    largest = max(total.options, key=lambda option: counts[option])
    if size - counts[largest] <= policy.one_sided_at_most(size) and all(one.word == largest for one in former):
        return _Shape(NOBODY, NOBODY, shows_nothing=False, word=largest)
    if any(one.word for one in former):
        return _Shape(frozenset(total.options), NOBODY, shows_nothing=True)
    last = [one for one in former if not one.closed_options.issuperset(total.options)][-1:]
    start = NOBODY.union(*(one.closed_options for one in last))
    columns = _columns(total, last, ALL, NOBODY, policy)

    def telltale(closed: frozenset[str]) -> bool:
        figures = [counts[option] for option in closed]
        at_most = policy.smallest_group - 1
        return bool(figures) and max(figures) <= at_most and sum(figures) > at_most * (len(figures) - 1)

    closed = _closing(columns, start=start, totals=counts, policy=policy, telltale=telltale)
    return _Shape(closed, NOBODY, shows_nothing=closed.issuperset(total.options))


def _shape_of_dimension(table: Table, total: Table, whole: _Shape, basis: Basis, policy: Policy) -> _Shape | None:
    """Rules 7, 8 and 14 to 16. None when nothing would be open."""
    last = basis.of(table.dimension)[-1:]
    start = whole.closed_options.union(*(one.closed_options for one in last))
    were_closed = NOBODY.union(*(one.closed_groups for one in last))
    totals = {option: total.count("all", option) for option in table.options}
    by_size = sorted(table.groups, key=lambda group: -table.size(group))
    can_be_open = [group for group in by_size if table.size(group) > 0 and group not in were_closed]
    best: tuple[int, _Shape] | None = None
    for b in range(1, len(can_be_open) + 1):
        groups = can_be_open[:b]
        rest = frozenset(table.groups).difference(groups)
        filled = sum(1 for group in rest if table.size(group) > 0)
        if 0 < filled < policy.closed_at_least or (b == 1 and filled == 0):
            continue
        columns = _columns(table, last, groups, rest, policy)
        closed = _closing(columns, start=start, totals=totals, policy=policy)
        score = sum(table.count(group, option) for group in groups for option in table.options if option not in closed)
        if score > 0 and (best is None or score >= best[0]):
            best = score, _Shape(closed, rest, shows_nothing=False)
    return best[1] if best else None


# --- the merged table ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Column:
    """One column of a merged table: counts by option, or gains, and how many answers a figure needs."""

    counts: Mapping[str, int]
    need: int
    may_be_none: frozenset[str]  # the options that may have a 0 here

    def bad_singles(self, closed: frozenset[str]) -> frozenset[str]:
        """Rule 1."""
        size = sum(self.counts.values())
        return frozenset(
            option
            for option, count in self.counts.items()
            if option not in closed and self._is_bad(option, count, size)
        )

    def _is_bad(self, option: str, count: int, size: int) -> bool:
        if size == 0 or count == 0:
            return count != 0 or (size != 0 and option not in self.may_be_none)
        return count < self.need or size - count < self.need

    def has_bad_merge(self, closed: frozenset[str], policy: Policy) -> bool:
        """Rule 2."""
        figure = sum(self.counts[option] for option in closed)
        if figure == 0:
            return sum(self.counts.values()) != 0 and not closed <= self.may_be_none
        return figure < self.need + policy.closed_margin


def _columns(
    table: Table, last: Sequence[Snapshot], groups: Sequence[str], rest: frozenset[str], policy: Policy
) -> list[_Column]:
    """The columns of the merged table, and those of its gains since the last release."""
    new = _merged(table, groups, rest, table.options)
    in_total = {option: sum(column[option] for column in new) for option in table.options}
    nobody_said = frozenset(option for option, count in in_total.items() if count == 0)
    anything = NOBODY if table.sensitive else frozenset(table.options)
    may_be_none = anything if table.dimension is None else anything & nobody_said
    columns = [_Column(counts, policy.smallest_group, may_be_none) for counts in new]
    for one in last:
        for counts, was in zip(new, _merged(one, groups, rest, table.options), strict=True):
            gain = {option: count - was[option] for option, count in counts.items()}
            columns.append(_Column(gain, policy.renew_after, anything))
    return columns


def _closing(
    columns: Sequence[_Column],
    *,
    start: frozenset[str],
    totals: Mapping[str, int],
    policy: Policy,
    telltale: Callable[[frozenset[str]], bool] = lambda _closed: False,
) -> frozenset[str]:
    """Rule 3: the closed options. `totals` by option; `telltale` = what else makes a merged figure bad."""
    nobody_said = frozenset(option for option, total in totals.items() if total == 0)
    closed = start
    while True:
        singles = NOBODY.union(*(column.bad_singles(closed) for column in columns))
        added = singles | (nobody_said if closed | singles else NOBODY)
        if added - closed:
            closed |= added
            continue
        filled = len(closed - nobody_said)
        if not (
            0 < filled < policy.closed_at_least
            or any(column.has_bad_merge(closed, policy) for column in columns)
            or telltale(closed)
        ):
            return closed
        still_open = {option: total for option, total in totals.items() if total > 0 and option not in closed}
        if not still_open:
            return frozenset(totals)
        closed |= {option for option, total in still_open.items() if total == min(still_open.values())}


def _merged(
    table: Table | Snapshot, groups: Sequence[str], rest: frozenset[str], options: Sequence[str]
) -> list[dict[str, int]]:
    """Counts by option for each open group, and for the closed ones together when there are any."""
    columns = [{option: table.count(group, option) for option in options} for group in groups]
    if rest:
        columns.append({option: sum(table.count(group, option) for group in rest) for option in options})
    return columns


# --- what a figure looks like --------------------------------------------------------------------------------------


def _figure(count: int, size: int, *, sensitive: bool, policy: Policy) -> PublicCell:
    """Rules 9 and 10."""
    step = policy.step_at(size)
    share = (200 * count + size * step) // (2 * size * step) * step
    if share == 0 or (sensitive and 100 * count <= policy.almost_nobody_to * size):
        return PublicCell(word=ALMOST_NOBODY)
    if share == 100 or (sensitive and 100 * count >= policy.almost_everybody_from * size):  # noqa: PLR2004 -- per cent
        return PublicCell(word=ALMOST_EVERYBODY)
    return PublicCell(share=share)


def _one_sided_cell(size: int, *, is_the_word: bool, policy: Policy) -> PublicCell:
    """Rule 5."""
    at_least = size - policy.one_sided_at_most(size)
    nearly_all = 100 * at_least >= policy.almost_everybody_from * size
    if is_the_word:
        return PublicCell(word=ALMOST_EVERYBODY if nearly_all else MOST)
    return PublicCell(word=ALMOST_NOBODY) if nearly_all else PublicCell(reason=PROTECTED)


def _nothing(total: Table, wave: int) -> PublicTable:
    """Rule 4."""
    return _made(
        total,
        wave,
        lambda group: PublicGroup(group, None, None, TOO_FEW),
        lambda _group, _option: PublicCell(reason=TOO_FEW),
    )


def _made(
    table: Table,
    wave: int,
    head: Callable[[str], PublicGroup],
    cell: Callable[[str, str], PublicCell],
    *,
    without: frozenset[str] = NOBODY,
) -> PublicTable:
    groups = [group for group in table.groups if group not in without]
    return PublicTable(
        question=table.question,
        dimension=table.dimension,
        wave=wave,
        sensitive=table.sensitive,
        options=table.options,
        groups=tuple(head(group) for group in groups),
        rows=tuple(tuple(cell(group, option) for option in table.options) for group in groups),
        seal=_SEAL,
    )


# --- what belongs together -----------------------------------------------------------------------------------------


def _sorted_out(tables: Sequence[Table], basis: Basis) -> tuple[Table, list[Table]]:
    """The total and the dimension tables. Raises ValueError when they don't count the same submissions."""
    totals = [table for table in tables if table.dimension is None]
    dimensions = [table for table in tables if table.dimension is not None]
    if len(totals) != 1 or len({table.dimension for table in dimensions}) != len(dimensions):
        raise ValueError("a question has one total and one table per dimension")
    total = totals[0]
    if any(snapshot.options != total.options for snapshot in basis.snapshots):
        raise ValueError("the options differ from those of a former release")
    for table in tables:
        same = (table.question, table.options, table.sensitive) == (total.question, total.options, total.sensitive)
        if not same or table.question != basis.question:
            raise ValueError(f"the table by {table.dimension} is not of the same question as the total")
        for option in total.options:
            if sum(table.count(group, option) for group in table.groups) != total.count("all", option):
                raise ValueError(f"the table by {table.dimension} does not add up to the total in {option!r}")
    return total, dimensions


def _snapshot_json(one: Snapshot) -> dict[str, Any]:
    return {
        "dimension": one.dimension,
        "wave": one.wave,
        "options": list(one.options),
        "groups": list(one.groups),
        "counts": [list(row) for row in one.counts],
        "closed_options": sorted(one.closed_options),
        "closed_groups": sorted(one.closed_groups),
        "word": one.word,
    }


def _snapshot_from(data: Mapping[str, Any]) -> Snapshot:
    return Snapshot(
        dimension=data["dimension"],
        wave=int(data["wave"]),
        options=tuple(data["options"]),
        groups=tuple(data["groups"]),
        counts=tuple(tuple(int(count) for count in row) for row in data["counts"]),
        closed_options=frozenset(data["closed_options"]),
        closed_groups=frozenset(data["closed_groups"]),
        word=data["word"],
    )
