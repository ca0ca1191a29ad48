"""The attacker whom we invite: tries to work small counts out of everything that was released, old and new together.

He has the public tables and the rules (policy.yaml and suppress.py are public), and, to be on the safe side, the exact
size of every shown group. He does not have the truth. His unknowns are the true counts by table, group and option; the
groups of a table that are not shown are one unknown column, the rest. He knows that

- the options of a group add up to its size, and the groups of a dimension, with the rest, to the total of the same wave;
- a share stands for an interval of counts, a word too, and a figure that is shown is 0 or holds the smallest group;
- submissions are only added: a count of a later wave is not smaller.

For every closed count, every sum of closed counts that stands on one line, and every difference between two waves he
computes the lowest and the highest whole number that fits (integer programming with HiGHS). A finding is one that must
lie within 1 to smallest_group - 1: then he knows of a small number of people that they said something.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

from gehoor.disclosure.policy import Policy
from gehoor.disclosure.tables import ALMOST_EVERYBODY, MOST, PublicCell, PublicGroup, PublicTable

Sizes = Mapping[tuple[str, str | None, int, str], int]
Key = tuple[str | None, int, str, str]  # dimension, wave, group, option
Part = dict[int, int]  # unknown -> how often it counts

REST = "\0rest"  # no group can be called this: names come from forms
MANY = 10**7
SLACK = 1e-6


@dataclass(frozen=True)
class Finding:
    """A number that an attacker can place within 1 to smallest_group - 1. `lowest` and `highest` never leave the counter."""

    question: str
    kind: str
    place: str
    lowest: int
    highest: int


@dataclass(frozen=True)
class Audit:
    """What the attacker tried (`targets`) and found. Deterministic: no clock, no chance."""

    targets: int
    findings: tuple[Finding, ...]
    policy_sha256: str

    @property
    def passed(self) -> bool:
        return not self.findings

    def to_json(self) -> dict[str, Any]:
        """For the public audit report: where something is open, not what."""
        return {
            "passed": self.passed,
            "targets": self.targets,
            "policy_sha256": self.policy_sha256,
            "findings": [{"question": one.question, "kind": one.kind, "place": one.place} for one in self.findings],
        }


def audit(released: Iterable[PublicTable], policy: Policy, *, sizes: Sizes | None = None) -> Audit:
    """Attack all tables of one round and period: those to be released and every one released before.

    A table that occurs twice counts once. `sizes` holds the exact sizes that the attacker may know
    (`sizes_of(tables, wave)`, `Basis.sizes()`); a shown group that it lacks is taken by its band.
    """
    by_question: dict[str, dict[tuple[str | None, int], PublicTable]] = defaultdict(dict)
    for table in released:
        by_question[table.question][table.dimension, table.wave] = table
    tried, findings = 0, []
    for question in sorted(by_question):
        attack = _Attack(question, list(by_question[question].values()), policy, sizes or {})
        findings += attack.findings()
        tried += len(attack.targets)
    return Audit(tried, tuple(findings), policy.sha256)


@dataclass(frozen=True)
class _Target:
    kind: str
    place: str
    part: Part


class _Attack:
    """All that can be known about one question, as whole-number equations."""

    def __init__(self, question: str, tables: Sequence[PublicTable], policy: Policy, sizes: Sizes) -> None:
        self.question, self.policy, self.sizes = question, policy, sizes
        self.tables = sorted(tables, key=lambda table: (table.wave, table.dimension or ""))
        self.totals = {table.wave: table for table in self.tables if table.dimension is None}
        self.place: dict[Key, int] = {}
        self.low: list[int] = []
        self.high: list[int] = []
        self.rules: list[tuple[Part, int, int]] = []
        self.closed: set[int] = set()
        self.too_small: list[Finding] = []
        for table in self.tables:
            self._add_table(table)
        for table in self.tables:
            self._add_margins(table)
        for before, after in self._successions(pairwise):
            self._add_growth(before, after)
        self.targets = [target for target in self._all_targets() if target.part]

    # --- the unknowns and the equations

    def _add_table(self, table: PublicTable) -> None:
        for group, row in zip(table.groups, table.rows, strict=True):
            if group.reason is not None and table.dimension is not None:
                continue
            low, high = self._size(table, group)
            for option, cell in zip(table.options, row, strict=True):
                interval = _Reading(table, row, low, high, self.policy).interval(cell)
                self._add_unknown(table, group.name, option, interval)
                if cell.word not in (MOST, ALMOST_EVERYBODY) and interval[0] < self.policy.smallest_group:
                    self.closed.add(len(self.low) - 1)
            self.rules.append(({self.place[self._key(table, group.name, o)]: 1 for o in table.options}, low, high))
        if table.dimension is not None and self._may_have_rest(table):
            for option in table.options:
                self._add_unknown(table, REST, option, (0, self._most(table)))
                self.closed.add(len(self.low) - 1)

    def _add_unknown(self, table: PublicTable, group: str, option: str, interval: tuple[int, int]) -> None:
        low, high = interval
        if low > high:  # what is shown can't be a figure of smallest_group or more
            self.too_small.append(Finding(self.question, "shown", _name(table, group, option), low, high))
            low, high = 0, MANY
        self.place[self._key(table, group, option)] = len(self.low)
        self.low.append(low)
        self.high.append(high)

    def _add_margins(self, table: PublicTable) -> None:
        total = self.totals.get(table.wave)
        if table.dimension is None or total is None:
            return
        for option in table.options:
            part = {self.place[self._key(table, group, option)]: 1 for group in self._columns(table)}
            part[self.place[self._key(total, "all", option)]] = -1
            self.rules.append((part, 0, 0))

    def _add_growth(self, before: PublicTable, after: PublicTable) -> None:
        for part in self._gains(before, after).values():
            if part:
                self.rules.append((part, 0, MANY))

    def _size(self, table: PublicTable, group: PublicGroup) -> tuple[int, int]:
        if group.low is None or group.high is None:
            return 0, self.policy.smallest_group - 1
        exact = self.sizes.get((table.question, table.dimension, table.wave, group.name))
        return (group.low, group.high) if exact is None else (exact, exact)

    def _most(self, table: PublicTable) -> int:
        total = self.totals.get(table.wave)
        return MANY if total is None else self._size(total, total.groups[0])[1]

    def _may_have_rest(self, table: PublicTable) -> bool:
        """A shown total that equals its shown groups for certain leaves nobody for a rest."""
        total = self.totals.get(table.wave)
        if total is None or any(group.reason is not None for group in table.groups):
            return True
        low, high = self._size(total, total.groups[0])
        sizes = [self._size(table, group) for group in table.groups]
        return not (low == high == sum(size for size, _ in sizes) == sum(size for _, size in sizes))

    # --- what he wants to know

    def _all_targets(self) -> Iterator[_Target]:
        for table in self.tables:
            yield from self._cells(table)
            yield from self._lines(table)
        for before, after in self._successions(lambda waves: combinations(waves, 2)):
            for place, part in self._gains(before, after).items():
                yield _Target("gain", place, part)
            yield from self._gains_of_lines(before, after)

    def _cells(self, table: PublicTable) -> Iterator[_Target]:
        for group in self._columns(table):
            for option in table.options:
                unknown = self.place[self._key(table, group, option)]
                if unknown in self.closed:
                    yield _Target("cell", _name(table, group, option), {unknown: 1})

    def _lines(self, table: PublicTable) -> Iterator[_Target]:
        """The closed figures of one column together, and those of one row."""
        columns = self._columns(table)
        for group in columns:
            unknowns = {self.place[self._key(table, group, option)] for option in self._closed_options(table, group)}
            yield _Target("column", _name(table, group), dict.fromkeys(sorted(unknowns), 1))
        if REST in columns:
            everyone = {self.place[self._key(table, REST, option)]: 1 for option in table.options}
            yield _Target("group", _name(table, REST), everyone)
        for option in table.options if len(columns) > 1 else ():
            unknowns = {self.place[self._key(table, group, option)] for group in columns} & self.closed
            yield _Target("row", _name(table, "", option), dict.fromkeys(sorted(unknowns), 1))

    def _gains_of_lines(self, before: PublicTable, after: PublicTable) -> Iterator[_Target]:
        for group in set(self._columns(before)) & set(self._columns(after)) - {REST}:
            options = set(self._closed_options(before, group)) | set(self._closed_options(after, group))
            for chosen in (sorted(options), after.options):
                part = {self.place[self._key(after, group, option)]: 1 for option in chosen}
                part |= {self.place[self._key(before, group, option)]: -1 for option in chosen}
                yield _Target("gain of a column", _name(after, group), part)

    def _gains(self, before: PublicTable, after: PublicTable) -> dict[str, Part]:
        """New minus old: each group that is shown in both, and all others together."""
        shown = (set(self._columns(before)) & set(self._columns(after))) - {REST}
        gains: dict[str, Part] = {}
        for option in after.options:
            for group in sorted(shown):
                new, old = self.place[self._key(after, group, option)], self.place[self._key(before, group, option)]
                gains[_name(after, group, option)] = {new: 1, old: -1}
            others = {self.place[self._key(after, one, option)]: 1 for one in self._columns(after) if one not in shown}
            others |= {self.place[self._key(before, o, option)]: -1 for o in self._columns(before) if o not in shown}
            gains[_name(after, "", option)] = others
        return gains

    # --- finding his way

    def _successions(self, pairs: Any) -> list[tuple[PublicTable, PublicTable]]:
        by_dimension: dict[str | None, list[PublicTable]] = defaultdict(list)
        for table in self.tables:
            by_dimension[table.dimension].append(table)
        return [pair for waves in by_dimension.values() for pair in pairs(waves)]

    def _columns(self, table: PublicTable) -> list[str]:
        """The columns of which he has unknowns: the shown groups and the rest."""
        named = [group.name for group in table.groups if group.reason is None or table.dimension is None]
        return [*named, REST] if self._key(table, REST, table.options[0]) in self.place else named

    def _closed_options(self, table: PublicTable, group: str) -> list[str]:
        """The options that are closed in a column; in the rest those that are closed in every shown group."""
        if group != REST:
            return [option for option in table.options if self.place[self._key(table, group, option)] in self.closed]
        named = [one for one in self._columns(table) if one != REST]
        return [
            option
            for option in table.options
            if all(self.place[self._key(table, one, option)] in self.closed for one in named)
        ]

    @staticmethod
    def _key(table: PublicTable, group: str, option: str) -> Key:
        return table.dimension, table.wave, group, option

    # --- the computing

    def findings(self) -> list[Finding]:
        """One per target that must lie within 1 to k - 1, and one when the tables contradict each other."""
        solve = _Solver(self.low, self.high, self.rules)
        first = solve.extreme(np.zeros(len(self.low)))
        if first is None:
            return [*self.too_small, Finding(self.question, "contradiction", "", 0, 0)]
        matrix = _matrix([target.part for target in self.targets], len(self.low))
        undecided = np.ones(len(self.targets), dtype=bool)
        found = list(self.too_small)
        self._decide(undecided, matrix, first)
        while undecided.any():
            now = int(np.argmax(undecided))
            highest = self._try(solve, matrix, now, -1, undecided)
            lowest = self._try(solve, matrix, now, 1, undecided) if undecided[now] else 0
            if undecided[now]:
                target = self.targets[now]
                found.append(Finding(self.question, target.kind, target.place, lowest, highest))
            undecided[now] = False
        return found

    def _try(self, solve: "_Solver", matrix: csr_array, now: int, sign: int, undecided: NDArray[np.bool_]) -> int:
        """The extreme of one target; all other targets that the same solution clears are cleared on the way."""
        row = matrix[[now], :].toarray()[0]
        solution = solve.extreme(sign * row)
        if solution is None:
            raise ArithmeticError("a problem that had a solution has none")
        self._decide(undecided, matrix, solution)
        return round(float(row @ solution))

    def _decide(self, undecided: NDArray[np.bool_], matrix: csr_array, solution: NDArray[np.float64]) -> None:
        """A target is cleared by one possible truth in which it is 0, or smallest_group or more."""
        values = matrix @ solution
        undecided &= (values > SLACK) & (values < self.policy.smallest_group - SLACK)


class _Solver:
    """Whole numbers within bounds that obey all equations, with a linear form at its smallest."""

    def __init__(self, low: Sequence[int], high: Sequence[int], rules: Sequence[tuple[Part, int, int]]) -> None:
        self.bounds = Bounds(np.array(low, dtype=float), np.array(high, dtype=float))
        lower = np.array([rule[1] for rule in rules], dtype=float)
        upper = np.array([rule[2] for rule in rules], dtype=float)
        self.constraints = LinearConstraint(_matrix([rule[0] for rule in rules], len(low)), lower, upper)
        self.whole = np.ones(len(low), dtype=np.int64)

    def extreme(self, form: NDArray[np.float64]) -> NDArray[np.float64] | None:
        """A solution that makes `form` smallest; None when there is no solution at all."""
        result = milp(form, integrality=self.whole, bounds=self.bounds, constraints=self.constraints)
        if result.x is None:
            return None
        return np.asarray(result.x, dtype=np.float64).round()


def _matrix(parts: Sequence[Part], width: int) -> csr_array:
    rows = [row for row, part in enumerate(parts) for _ in part]
    columns = [unknown for part in parts for unknown in part]
    values = [float(value) for part in parts for value in part.values()]
    return csr_array((values, (rows, columns)), shape=(len(parts), width))


def _name(table: PublicTable, group: str, option: str = "") -> str:
    shown = "the rest" if group == REST else group
    return " / ".join(part for part in (table.dimension or "total", f"wave {table.wave}", shown, option) if part)


@dataclass(frozen=True)
class _Reading:
    """What the cells of one group of `low` to `high` answers say to someone who knows the rules."""

    table: PublicTable
    row: Sequence[PublicCell]
    low: int
    high: int
    policy: Policy

    def interval(self, cell: PublicCell) -> tuple[int, int]:
        """Lowest and highest count behind a cell; lowest above highest when no figure may look like this."""
        if cell.reason is not None:
            return 0, self.high
        if cell.share is not None:
            return self._rounded(cell.share)
        few = self.policy.one_sided_at_most(self.high)
        if cell.word == MOST:
            return self.low - few, self.high
        if cell.word == ALMOST_EVERYBODY:
            least, most = self._many()
            return (min(least, self.low - few), self.high) if self._may_be_one_sided else (least, most)
        return (0, max(few, self._few()[1])) if self._may_be_one_sided else self._few()

    @property
    def _may_be_one_sided(self) -> bool:
        """Only a total is said in one word."""
        return self.table.dimension is None and any(cell.word in (MOST, ALMOST_EVERYBODY) for cell in self.row)

    def _rounded(self, share: int) -> tuple[int, int]:
        step, k = self.policy.step_at(self.low), self.policy.smallest_group
        least = -(-self.low * (2 * share - step) // 200)
        most = -(-self.high * (2 * share + step) // 200) - 1
        return max(least, k), min(most, self.high - k)

    def _many(self) -> tuple[int, int]:
        least, most = self._rounded(100)
        return min(least, self._at_least(self.policy.almost_everybody_from)), most

    def _few(self) -> tuple[int, int]:
        """None at all, except on a sensitive question, or a small share of very many."""
        most = self._rounded(0)[1]
        if self.table.sensitive:
            return self.policy.smallest_group, max(most, self.policy.almost_nobody_to * self.high // 100)
        return 0, most if most >= self.policy.smallest_group else 0

    def _at_least(self, share: int) -> int:
        return -(-self.low * share // 100) if self.table.sensitive else self.high
