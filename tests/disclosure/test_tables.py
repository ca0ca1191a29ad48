import json
from dataclasses import replace

import pytest
from hypothesis import given
from tests.disclosure.example import by_group, offices, total_of

from gehoor.disclosure.policy import load
from gehoor.disclosure.suppress import suppress
from gehoor.disclosure.tables import PublicCell, PublicTable, Table, sizes_of


def test_nobody_outside_the_gate_makes_a_public_table():
    with pytest.raises(TypeError, match="suppress only"):
        PublicTable("q", None, 1, False, ("a",), (), ())
    with pytest.raises(TypeError, match="suppress only"):
        PublicTable("q", None, 1, False, ("a",), (), (), seal=object())


def test_a_public_table_can_not_be_changed_into_another(policy):
    table = suppress([total_of(20, 20)], policy)[0]

    with pytest.raises((TypeError, ValueError)):
        replace(table, rows=((PublicCell(share=1), PublicCell(share=99)),))


@given(offices())
def test_a_released_table_comes_back_the_same_from_its_json(tables):
    for table in suppress(tables, load()):
        assert PublicTable.from_json(json.loads(json.dumps(table.to_json()))) == table


@pytest.mark.parametrize(
    "cell",
    [
        {"share": 40, "count": 4},
        {"share": 0},
        {"share": 100},
        {"share": 12.5},
        {"word": "four"},
        {"reason": "because"},
        {"word": "most", "share": 70},
        {},
    ],
)
def test_a_cell_that_no_release_makes_is_not_read_back(policy, cell):
    data = suppress([total_of(20, 20)], policy)[0].to_json()
    data["cells"][0][0] = cell

    with pytest.raises(ValueError, match="not a released cell"):
        PublicTable.from_json(data)


@pytest.mark.parametrize(
    "group", [{"name": "all"}, {"name": "all", "n": [40, 44], "exact": 41}, {"name": "all", "reason": "x"}]
)
def test_a_group_that_no_release_makes_is_not_read_back(policy, group):
    data = suppress([total_of(20, 20)], policy)[0].to_json()
    data["groups"][0] = group

    with pytest.raises(ValueError, match="not a released group"):
        PublicTable.from_json(data)


def test_the_json_of_a_total_says_this_and_nothing_more(policy):
    table = suppress([total_of(3, 5, 8, 14, 8, 2, 0)], policy)[0]

    assert table.to_json() == {
        "question": "q",
        "dimension": None,
        "wave": 1,
        "sensitive": False,
        "options": list("abcdefg"),
        "groups": [{"name": "all", "n": [40, 44]}],
        "cells": [[{"reason": "protected"}] * 3 + [{"share": 35}] + [{"reason": "protected"}] * 3],
    }


def test_a_cell_and_a_group_are_found_by_name(policy):
    total, place = suppress(by_group((30, 20), (25, 25)), policy)

    assert total.group("all").low == 100
    assert place.cell("g1", "a") == PublicCell(share=50)
    assert place.shows_something


@pytest.mark.parametrize(
    "wrong",
    [
        {"counts": {("all", "a"): -1}},
        {"counts": {("all", "z"): 1}},
        {"counts": {("north", "a"): 1}},
        {"options": ("a", "a")},
        {"groups": ("north", "south")},
        {"groups": ("north", "north"), "dimension": "place"},
    ],
)
def test_a_table_that_can_not_be_is_refused(wrong):
    right = {"question": "q", "options": ("a",), "dimension": None, "groups": ("all",), "counts": {}}

    with pytest.raises(ValueError, match=r"can't|unknown|double|total"):
        Table(**(right | wrong))


def test_sizes_count_those_who_skipped_too():
    table = Table("q", ("a", "skipped"), None, ("all",), {("all", "a"): 3, ("all", "skipped"): 4})

    assert sizes_of([table], 2) == {("q", None, 2, "all"): 7}
