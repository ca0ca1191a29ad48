"""Made-up offices for the tests of the gate: people with an option and a group per dimension, and their tables."""

import random
from collections import Counter
from collections.abc import Mapping, Sequence

from hypothesis import strategies as st

from gehoor.disclosure.policy import Policy
from gehoor.disclosure.tables import _SEAL, ALL, ALMOST_NOBODY, PublicCell, PublicGroup, PublicTable, Table

OPTIONS = ("1", "2", "3", "4", "5", "dont_know", "rather_not", "skipped")

Person = tuple[dict[str, int], str]


def people(chance: random.Random, number: int, dimensions: Mapping[str, int], options: Sequence[str]) -> list[Person]:
    """Skewed on purpose: some options and groups are rare, and groups answer differently."""
    power = chance.choice([0.5, 1, 3, 6])
    liked = [chance.random() ** power + 1e-9 for _ in options]
    sizes = {
        name: [chance.random() ** chance.choice([0.5, 1, 3]) + 1e-6 for _ in range(n)] for name, n in dimensions.items()
    }
    taste = {
        (name, group): [chance.choice([0, 1, 1, 1, 3]) for _ in options]
        for name, n in dimensions.items()
        for group in range(n)
    }
    crowd = []
    for _ in range(number):
        groups = {name: chance.choices(range(len(weights)), weights)[0] for name, weights in sizes.items()}
        weights = list(liked)
        for place in groups.items():
            weights = [weight * factor + 1e-9 for weight, factor in zip(weights, taste[place], strict=True)]
        crowd.append((groups, chance.choices(options, weights)[0]))
    return crowd


def tables_of(
    crowd: Sequence[Person], dimensions: Mapping[str, int], options: tuple[str, ...], *, sensitive: bool = False
) -> list[Table]:
    total = Table("q", options, None, ALL, Counter(("all", option) for _, option in crowd), sensitive)
    return [total] + [
        Table(
            "q",
            options,
            name,
            tuple(f"g{group}" for group in range(n)),
            Counter((f"g{groups[name]}", option) for groups, option in crowd),
            sensitive,
        )
        for name, n in dimensions.items()
    ]


def total_of(*counts: int, sensitive: bool = False) -> Table:
    options = tuple("abcdefghi"[: len(counts)])
    return Table("q", options, None, ALL, {("all", o): c for o, c in zip(options, counts, strict=True)}, sensitive)


def by_group(*rows: Sequence[int], sensitive: bool = False) -> list[Table]:
    """The total and one dimension, from the counts of each group."""
    options = tuple("abcdefghi"[: len(rows[0])])
    groups = tuple(f"g{number}" for number in range(len(rows)))
    counts = {(g, o): c for g, row in zip(groups, rows, strict=True) for o, c in zip(options, row, strict=True)}
    total = total_of(*(sum(column) for column in zip(*rows, strict=True)), sensitive=sensitive)
    return [total, Table("q", options, "place", groups, counts, sensitive)]


def naive(tables: Sequence[Table], policy: Policy, *, wave: int = 1) -> list[PublicTable]:
    """The twin of `suppress`: hides every count and every group below the threshold, and thinks that is enough."""
    return [_naive_table(table, policy, wave) for table in tables]


def _naive_table(table: Table, policy: Policy, wave: int) -> PublicTable:
    k = policy.smallest_group

    def cell(group: str, option: str) -> PublicCell:
        count, size = table.count(group, option), table.size(group)
        if size < k or 0 < count < k:
            return PublicCell(reason="protected")
        step = policy.step_at(size)
        share = (200 * count + size * step) // (2 * size * step) * step
        return PublicCell(share=share) if 0 < share < 100 else PublicCell(word=ALMOST_NOBODY if share == 0 else "most")

    def head(group: str) -> PublicGroup:
        if table.size(group) < k:
            return PublicGroup(group, None, None, "protected")
        return PublicGroup(group, *policy.band_of(table.size(group)), None)

    rows = tuple(tuple(cell(group, option) for option in table.options) for group in table.groups)
    heads = tuple(head(group) for group in table.groups)
    return PublicTable(table.question, table.dimension, wave, table.sensitive, table.options, heads, rows, seal=_SEAL)


@st.composite
def offices(draw: st.DrawFn) -> list[Table]:
    """One to four dimensions over the same 0 to 400 people."""
    chance = random.Random(draw(st.integers(0, 10**9)))
    dimensions = {f"d{number}": draw(st.integers(2, 6)) for number in range(draw(st.integers(1, 4)))}
    options = OPTIONS[: draw(st.sampled_from([2, 3, 5, 8]))]
    crowd = people(chance, draw(st.sampled_from([0, 1, 9, 15, 30, 50, 80, 120, 200, 400])), dimensions, options)
    return tables_of(crowd, dimensions, options, sensitive=draw(st.booleans()))
