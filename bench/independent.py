"""The released tables, computed a second time from comments.csv, and an attack on them. Shares no code with Gehoor.

Built from the numbered rules in the text of src/gehoor/disclosure/suppress.py (1-11: a first release) and the numbers in
policy.yaml, with pandas and scipy. `python bench/independent.py --csv PATH --results FILE` compares and attacks.
"""

import argparse
import json
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import yaml
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

HERE = Path(__file__).resolve().parent
POLICY = yaml.safe_load((HERE.parent / "src" / "gehoor" / "disclosure" / "policy.yaml").read_text(encoding="utf-8"))
K, MARGIN, PAIR = POLICY["smallest_group"], POLICY["closed_margin"], POLICY["closed_at_least"]

SCORE = ["very_good", "good", "neither", "poor", "very_poor"]
CODES = dict(zip("12345", SCORE, strict=True)) | {"6": "dont_know", "7": "rather_not"}
SILENT = ["dont_know", "rather_not", "skipped"]
DIMENSIONS = {"score": ["product", "unit"], "unit": ["product"]}


# --- the file ------------------------------------------------------------------------------------------------------


def answers(csv: Path, every: int = 1) -> pd.DataFrame:
    """One row a respondent with `score`, `unit` and `product`; each `every`-th respondent."""
    rows = pd.read_csv(csv, dtype=str, keep_default_na=False)
    rows = rows.drop_duplicates("Respondent ID")
    rows = rows.iloc[::every]
    unit, department = rows["Service type 2"].str.strip(), rows["Service type 1"].replace("", "not recorded")
    return pd.DataFrame(
        {
            "score": rows["FFT categorical answer"].map(CODES),
            "unit": unit.map(lambda name: _key(name, "_", "unit_") if name else "skipped"),
            "product": department.map(lambda name: _key(name, "-", "department-")),
        }
    )


def _key(name: str, joint: str, front: str) -> str:
    words = re.findall(r"[a-z0-9]+", name.lower())
    key = joint.join(words)[:40].strip(joint)
    return key if key[:1].isalpha() else front + key


def options_of(people: pd.DataFrame, question: str) -> list[str]:
    """The answers of a question in the order of the questionnaire: nhs.json, and for the units that of the file."""
    if question == "score":
        return SCORE + SILENT
    return [unit for unit in people["unit"].unique() if unit != "skipped"] + SILENT


def crossed(people: pd.DataFrame, question: str, dimension: str) -> pd.DataFrame:
    """Counts: a row an option, a column a group, in the order of the questionnaire (a product: of its name)."""
    groups = options_of(people, "unit") if dimension == "unit" else sorted(people["product"].unique())
    table = pd.crosstab(people[question], people[dimension])
    return table.reindex(
        index=options_of(people, question), columns=[group for group in groups if group in table.columns], fill_value=0
    )


# --- the rules -----------------------------------------------------------------------------------------------------


def merge(table: pd.DataFrame, shut_groups: Iterable[str]) -> pd.DataFrame:
    """The columns of the merged table: each open group, and the closed ones together."""
    shut = list(shut_groups)
    columns = table.drop(columns=shut)
    return columns.assign(**{"\0": table[shut].sum(axis=1)}) if shut else columns


@dataclass
class Closing:
    """Rules 1 to 3 for one merged table of a question that is not sensitive. `whole`: it is the total."""

    columns: pd.DataFrame
    totals: pd.Series
    whole: bool

    def run(self, shut: set[str]) -> set[str]:
        """Rule 3: the closed options, given those that are closed from the start."""
        while True:
            while more := self._bad(shut) | self._idle(shut):
                shut = shut | more
            lonely = 0 < (self.totals[sorted(shut)] > 0).sum() < PAIR
            if not (lonely or (shut and self._merge_is_bad(sorted(shut)))):
                return shut
            rest = self.totals[(self.totals > 0) & ~self.totals.index.isin(shut)]
            if rest.empty:
                return set(self.totals.index)
            shut = shut | set(rest.index[rest == rest.min()])

    @property
    def _no_zero(self) -> pd.Series:
        """Options that may not be 0 in a column."""
        return pd.Series(not self.whole, self.totals.index) & (self.totals > 0)

    def _bad(self, shut: set[str]) -> set[str]:
        """Rule 1."""
        filled = self.columns.sum() > 0
        small = (self.columns > 0) & ((self.columns < K) | (self.columns.sum() - self.columns < K))
        empty = self.columns.loc[self._no_zero, filled] == 0
        return (set(small.index[small.any(axis=1)]) | set(empty.index[empty.any(axis=1)])) - shut

    def _idle(self, shut: set[str]) -> set[str]:
        """Rule 3: with any closed option goes every option that nobody chose."""
        return set(self.totals.index[self.totals == 0]) - shut if shut else set()

    def _merge_is_bad(self, shut: list[str]) -> bool:
        """Rule 2, and what rule 6 adds for the total."""
        together, sizes = self.columns.loc[shut].sum(), self.columns.sum()
        small = (together > 0) & (together < K + MARGIN)
        empty = (together == 0) & (sizes > 0) & self._no_zero[shut].any()
        told = self.whole and self.totals[shut].max() < K and together.iloc[0] > (K - 1) * (len(shut) - 1)
        return bool((small | empty).any() or told)


def best_shape(table: pd.DataFrame, shut: set[str], totals: pd.Series) -> tuple[set[str], set[str]] | None:
    """Rules 7 and 8: closed options and closed groups of a dimension; None when it is not shown."""
    sizes = table.sum().sort_values(ascending=False, kind="stable")
    best, shape = 0, None
    for b in range(1, int((sizes > 0).sum()) + 1):
        closed_groups = set(sizes.index[b:])
        people_in = int((sizes[sizes.index[b:]] > 0).sum())
        if 0 < people_in < PAIR or (b == 1 and people_in == 0):
            continue
        closed = Closing(merge(table, sorted(closed_groups)), totals, whole=False).run(shut)
        score = int(table.drop(index=sorted(closed), columns=sorted(closed_groups)).to_numpy().sum())
        if score > 0 and score >= best:
            best, shape = score, (closed, closed_groups)
    return shape


Cell = dict[str, Any]
NOTHING: Cell = {"share": None, "word": "", "hidden": ""}


def figure(count: int, n: int) -> Cell:
    """Rules 9 and 10."""
    p = POLICY["percent_step"] if n < POLICY["step_below"] else POLICY["percent_step_large"]
    s = ((200 * count + n * p) // (2 * n * p)) * p
    if s in (0, 100):
        return {**NOTHING, "word": "almost_nobody" if s == 0 else "almost_everybody"}
    return {**NOTHING, "share": int(s)}


def band(n: int) -> tuple[int, int]:
    """Rule 9: how n is shown."""
    width = 1 if n >= POLICY["step_below"] else POLICY["n_band"]
    return n - n % width, n - n % width + width - 1


def one_sided(totals: pd.Series) -> list[Cell] | None:
    """Rule 5: the cells of a one-sided total, else None."""
    n = int(totals.sum())
    u = min(K - 1, n // POLICY["one_sided_one_in"])
    if n - totals.max() > u:
        return None
    nearly = 100 * (n - u) >= POLICY["almost_everybody_from"] * n
    first = totals.idxmax()
    other = {**NOTHING, "word": "almost_nobody"} if nearly else {**NOTHING, "hidden": "protected"}
    return [
        {**NOTHING, "word": "almost_everybody" if nearly else "most"} if option == first else other
        for option in totals.index
    ]


Released = dict[tuple[str, str, str, str], Cell]


def released(people: pd.DataFrame) -> Released:
    """Every cell that a first release shows, by question, dimension ("" is the total), group and option."""
    cells: Released = {}
    for question in DIMENSIONS:
        totals = people[question].value_counts().reindex(options_of(people, question), fill_value=0)
        cells |= _question(people, question, totals)
    return cells


def _question(people: pd.DataFrame, question: str, totals: pd.Series) -> Released:
    n, low_high = int(totals.sum()), {"n_from": None, "n_to": None}
    if n < K:
        return {(question, "", "all", option): {**low_high, **NOTHING, "hidden": "too_few"} for option in totals.index}
    low_high = dict(zip(("n_from", "n_to"), band(n), strict=True))
    if said := one_sided(totals):
        return {
            (question, "", "all", option): {**low_high, **cell} for option, cell in zip(totals.index, said, strict=True)
        }
    shut = Closing(totals.to_frame("all"), totals, whole=True).run(set())
    cells = _cells(question, "", totals.to_frame("all"), shut, set())
    if shut >= set(totals.index):
        return cells
    for dimension in DIMENSIONS[question]:
        table = crossed(people, question, dimension)
        shape = best_shape(table, shut, totals) if table.shape[1] > 1 else None
        if shape:
            cells |= _cells(question, dimension, table, *shape)
    return cells


def _cells(question: str, dimension: str, table: pd.DataFrame, shut: set[str], shut_groups: set[str]) -> Released:
    cells: Released = {}
    for group in table.columns.difference(list(shut_groups), sort=False):  # rule 11: left out, name and all
        n = int(table[group].sum())
        low, high = band(n)
        for option in table.index:
            cell = {**NOTHING, "hidden": "protected"} if option in shut else figure(int(table.at[option, group]), n)
            cells[question, dimension, group, option] = {"n_from": low, "n_to": high, **cell}
    return cells


def read_results(file: Path) -> Released:
    """What `gehoor results --format json` printed."""
    names = ("n_from", "n_to", "share", "word", "hidden")
    cells = json.loads(file.read_text(encoding="utf-8"))["cells"]
    return {
        (cell["question"], cell["dimension"], cell["group"], cell["option"]): {name: cell[name] for name in names}
        for cell in cells
    }


def differences(csv: Path, results: Path, every: int = 1) -> list[str]:
    """Each cell that is not the same in both. Prints how many were compared."""
    mine, theirs = released(answers(csv, every)), read_results(results)
    shown = sum(1 for cell in theirs.values() if not cell["hidden"])
    print(f"  {len(theirs)} released cells, {shown} of them with a figure; {len(mine)} computed apart")
    places = [*theirs, *(place for place in mine if place not in theirs)]
    return [
        f"{place}: released {theirs.get(place)}, computed {mine.get(place)}"
        for place in places
        if mine.get(place) != theirs.get(place)
    ]


# --- the attack ----------------------------------------------------------------------------------------------------

LEFT_OUT = "(left out)"
Place = tuple[str, str, str]  # dimension, group, option
Interval = tuple[int, int]


@dataclass
class Knowledge:
    """What an attacker knows of one question: the names of groups and options, and an interval for some counts and sizes."""

    options: list[str]
    groups: Mapping[str, list[str]]  # by dimension; the total is the dimension "" with the group "all"
    counts: dict[Place, Interval]
    sizes: dict[tuple[str, str], Interval]


class Puzzle:
    """All whole-number tables that fit what is known: options add up to their group, groups to the total."""

    def __init__(self, known: Knowledge, most: int) -> None:
        self.known = known
        self.places: list[Place] = [
            (dim, group, option) for dim, groups in known.groups.items() for group in groups for option in known.options
        ]
        self.index = {place: number for number, place in enumerate(self.places)}
        intervals = np.array([known.counts.get(place, (0, most)) for place in self.places], dtype=float)
        self.bounds = Bounds(intervals[:, 0], intervals[:, 1])
        self.rows: list[tuple[list[Place], list[Place], int, int]] = []
        for dim, groups in known.groups.items():
            for group in groups:
                low, high = known.sizes.get((dim, group), (0, most))
                self.rows.append(([(dim, group, option) for option in known.options], [], low, high))
            if dim:
                self.rows += [
                    ([(dim, group, option) for group in groups], [("", "all", option)], 0, 0)
                    for option in known.options
                ]
        matrix = csr_array(np.vstack([self._vector(plus) - self._vector(minus) for plus, minus, _, _ in self.rows]))
        self.rules = LinearConstraint(matrix, [row[2] for row in self.rows], [row[3] for row in self.rows])
        self.fitting: list[np.ndarray] = []  # tables that were met on the way and fit all that is known

    def _vector(self, places: Iterable[Place]) -> np.ndarray:
        vector = np.zeros(len(self.places))
        vector[[self.index[place] for place in places]] = 1
        return vector

    def clears(self, vector: np.ndarray, sign: int) -> bool:
        """Is there a table in which this sum is 0, or 10 or more? Looks for its smallest (1) or largest (-1)."""
        said = milp(sign * vector, constraints=self.rules, bounds=self.bounds, integrality=np.ones(len(vector)))
        if said.x is None:
            raise ValueError(f"no table fits what was published: {said.message}")
        self.fitting.append(np.round(said.x))
        return _is_clear(float(vector @ self.fitting[-1]))

    def targets(self) -> Iterator[tuple[str, list[Place]]]:
        """Every count, every group, and what is unknown in each line, where it is not known already."""
        unknown = [
            place
            for place in self.places
            if self.known.counts.get(place, (0, 1))[0] != self.known.counts.get(place, (0, 1))[1]
        ]
        yield from ((" / ".join(place), [place]) for place in unknown)
        for dim, groups in self.known.groups.items():
            for group in groups:
                yield f"{dim} / {group}", [(dim, group, option) for option in self.known.options]
                yield f"{dim} / {group} / what is closed", [place for place in unknown if place[:2] == (dim, group)]
            for option in self.known.options:
                yield (
                    f"{dim} / {option} / what is closed",
                    [place for place in unknown if (place[0], place[2]) == (dim, option)],
                )

    def found(self) -> list[str]:
        """The targets that must lie within 1 to 9."""
        names = []
        for name, target in self.targets():
            vector = self._vector(target)
            if target and not (self._cleared_before(vector) or self.clears(vector, -1) or self.clears(vector, 1)):
                names.append(name)
        return names

    def _cleared_before(self, vector: np.ndarray) -> bool:
        return any(_is_clear(value) for value in np.array(self.fitting) @ vector) if self.fitting else False


def _is_clear(value: float) -> bool:
    return not 0 < round(value) < K


def attack(csv: Path, results: Path, every: int = 1) -> list[str]:
    """Work out groups of 1-9 in three ways. Returns each that was found in the released figures, and a twin that held.

    The reader knows what is printed. The insider also knows the exact number behind each figure that is shown. Both
    know that a group with a name has somebody in it. The twin leaves out figures of 1-9 and nothing else.
    """
    people, cells = answers(csv, every), read_results(results)
    faults, opened, tried = [], 0, 0
    for question, dimensions in DIMENSIONS.items():
        tables = {
            "": people[question].value_counts().reindex(options_of(people, question), fill_value=0).to_frame("all")
        }
        tables |= {dimension: crossed(people, question, dimension) for dimension in dimensions}
        own = {place[1:]: cell for place, cell in cells.items() if place[0] == question}
        for who, known in (("reader", _printed(own)), ("insider", _behind(own, tables))):
            puzzle = Puzzle(known, len(people))
            tried += len(list(puzzle.targets()))
            faults += [f"{who}: {question}: {place}" for place in puzzle.found()]
        opened += len(Puzzle(_threshold_only(tables), len(people)).found())
    print(f"  {tried} targets attacked, {len(faults)} found; in the threshold-only twin {opened} found")
    return faults if opened else [*faults, "the attack finds nothing in the threshold-only twin either"]


def _named(cells: Mapping[Place, Cell]) -> Knowledge:
    """Names only; somebody is in each group that is named, and perhaps in groups that were left out of a table."""
    groups: dict[str, list[str]] = {}
    for dim, group, _ in cells:
        if group not in groups.setdefault(dim, []):
            groups[dim].append(group)
    options = list(dict.fromkeys(option for _, _, option in cells))
    sizes = {(dim, group): (1, 10**6) for dim, names in groups.items() for group in names}
    for dim in set(groups) - {""}:
        groups[dim].append(LEFT_OUT)
    return Knowledge(options, groups, {}, sizes)


def _printed(cells: Mapping[Place, Cell]) -> Knowledge:
    """What the printed shares and sizes say."""
    known = _named(cells)
    for (dim, group, option), cell in cells.items():
        if cell["n_from"] is None:
            continue
        low, high = cell["n_from"], cell["n_to"]
        known.sizes[dim, group] = (low, high)
        half = (POLICY["percent_step"] if low < POLICY["step_below"] else POLICY["percent_step_large"]) / 2
        if cell["share"] is not None or cell["word"] in ("almost_nobody", "almost_everybody"):
            share = cell["share"] if cell["share"] is not None else 0 if cell["word"] == "almost_nobody" else 100
            least, most = np.floor(low * (share - half) / 100), np.ceil(high * (share + half) / 100)
            known.counts[dim, group, option] = (max(0, int(least)), min(high, int(most)))
    return known


def _behind(cells: Mapping[Place, Cell], tables: Mapping[str, pd.DataFrame]) -> Knowledge:
    """The exact numbers behind the figures that are shown."""
    known = _named(cells)
    for (dim, group, option), cell in cells.items():
        if cell["n_from"] is not None:
            known.sizes[dim, group] = (int(tables[dim][group].sum()),) * 2
        if cell["share"] is not None or cell["word"] in ("almost_nobody", "almost_everybody"):
            known.counts[dim, group, option] = (int(tables[dim].at[option, group]),) * 2
    return known


def _threshold_only(tables: Mapping[str, pd.DataFrame]) -> Knowledge:
    """Every count and size that is not 1-9, as a careless office publishes them."""
    known = Knowledge(list(tables[""].index), {dim: list(table.columns) for dim, table in tables.items()}, {}, {})
    for dim, table in tables.items():
        known.sizes |= {(dim, group): (int(n), int(n)) for group, n in table.sum().items() if n >= K}
        known.counts |= {
            (dim, group, option): (int(count),) * 2
            for group in table.columns
            for option, count in table[group].items()
            if count == 0 or count >= K
        }
    return known


def main() -> int:
    """Compare and attack, apart from the replay."""
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("--csv", type=Path, required=True)
    words.add_argument("--results", type=Path, required=True, help="what `gehoor results --format json` printed")
    wanted = words.parse_args()
    faults = [*differences(wanted.csv, wanted.results), *attack(wanted.csv, wanted.results)]
    print("\n".join(faults) or "The same, and nothing can be worked out.")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
