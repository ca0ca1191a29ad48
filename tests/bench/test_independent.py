"""The bench's own attack must see what there is to see, or its silence proves nothing."""

import pandas as pd
from bench.independent import Knowledge, Puzzle


def attacked(*, hidden: list[str], sizes: dict[str, int]) -> list[str]:
    """A question with two answers by four units, of which some are left out. The numbers of the shown ones are exact."""
    table = pd.DataFrame({"north": [40, 30], "east": [25, 20], "south": [4, 3], "west": [30, 2]}, index=["yes", "no"])
    known = Knowledge(["yes", "no"], {"": ["all"], "unit": list(table.columns)}, {}, {("", "all"): (154, 154)})
    known.counts |= {("", "all", option): (int(n), int(n)) for option, n in table.sum(axis=1).items()}
    known.counts |= {
        ("unit", unit, option): (int(n), int(n))
        for unit in table.columns
        if unit not in hidden
        for option, n in table[unit].items()
    }
    known.sizes |= {("unit", unit): (n, n) for unit, n in sizes.items()}
    return Puzzle(known, 154).found()


def test_one_hidden_group_is_found_by_subtracting() -> None:
    found = attacked(hidden=["south"], sizes={})

    assert "unit / south" in found
    assert "unit / south / yes" in found


def test_two_hidden_groups_that_are_large_enough_together_are_not_found_apart() -> None:
    found = attacked(hidden=["south", "west"], sizes={})

    assert "unit / south" not in found
    assert "unit / west" not in found


def test_a_small_rest_of_an_answer_is_found_also_between_two_hidden_groups() -> None:
    found = attacked(hidden=["south", "west"], sizes={})

    assert "unit / no / what is closed" in found
