import json
import random
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.disclosure.example import OPTIONS, by_group, people, tables_of, total_of

from gehoor.disclosure.auditor import audit
from gehoor.disclosure.policy import load
from gehoor.disclosure.suppress import Basis, renew


def releases(policy, *tables):
    """The public tables after each step, and the last basis."""
    old, basis, steps = [], Basis("q"), []
    for step in tables:
        old, basis = renew(old, basis, step, policy)
        steps.append(old)
    return steps, basis


def test_nine_more_answers_change_nothing(policy):
    steps, _ = releases(policy, by_group((30, 20), (25, 25)), by_group((35, 20), (29, 25)))

    assert steps[0] == steps[1]


def test_a_total_is_renewed_when_each_option_gained_ten_or_none(policy):
    steps, _ = releases(policy, [total_of(30, 20, 15)], [total_of(40, 30, 15)])

    assert [table.wave for table in steps[1]] == [2]
    assert [cell.share for cell in steps[1][0].rows[0]] == [45, 35, 20]


def test_options_that_gained_too_little_are_closed_in_the_new_total(policy):
    steps, _ = releases(policy, [total_of(30, 20, 15, 12)], [total_of(50, 40, 22, 18)])

    assert [cell.share for cell in steps[1][0].rows[0]] == [38, 31, None, None]


def test_what_was_closed_stays_closed(policy):
    steps, _ = releases(policy, [total_of(30, 20, 8, 6, 3)], [total_of(60, 50, 40, 40, 3)])

    assert [cell.share for cell in steps[1][0].rows[0]] == [31, 26, None, None, None]


def test_a_total_that_showed_only_its_n_starts_afresh(policy):
    steps, _ = releases(policy, [total_of(6, 7)], [total_of(36, 37)])

    assert [cell.share for cell in steps[1][0].rows[0]] == [50, 50]


def test_a_total_of_too_few_starts_afresh(policy):
    steps, basis = releases(policy, [total_of(3, 4)], [total_of(20, 20)])

    assert [table.wave for table in steps[1]] == [2]
    assert len(basis.snapshots) == 1


def test_when_all_new_answers_are_the_same_the_old_total_stays(policy):
    steps, _ = releases(policy, [total_of(30, 20)], [total_of(45, 20)])

    assert steps[0] == steps[1]


def test_a_dimension_is_renewed_only_when_its_cells_gained_enough(policy):
    first, second = by_group((40, 30), (40, 30)), by_group((65, 50), (43, 32))

    steps, _ = releases(policy, first, second)

    assert [(table.dimension, table.wave) for table in steps[1]] == [(None, 2), ("place", 1)]
    assert steps[1][1] == steps[0][1]


def test_a_dimension_that_gained_enough_in_every_cell_is_renewed_with_the_total(policy):
    steps, _ = releases(policy, by_group((40, 30), (40, 30)), by_group((65, 50), (50, 40)))

    assert [(table.dimension, table.wave) for table in steps[1]] == [(None, 2), ("place", 2)]


def test_a_dimension_may_come_later_than_the_total(policy):
    steps, _ = releases(policy, by_group((20, 8), (14, 8)), by_group((40, 30), (40, 30)))

    assert [(table.dimension, table.wave) for table in steps[1]] == [(None, 2), ("place", 2)]


def test_a_dimension_that_would_show_nothing_keeps_its_old_table(policy):
    steps, _ = releases(policy, by_group((40, 30), (40, 30)), by_group((80, 31), (60, 49)))

    assert [(table.dimension, table.wave) for table in steps[1]] == [(None, 2), ("place", 1)]


def test_a_one_sided_total_is_only_renewed_as_one_sided_with_the_same_option(policy):
    same, _ = releases(policy, [total_of(40, 2)], [total_of(60, 5)])
    balanced, _ = releases(policy, [total_of(40, 2)], [total_of(60, 30)])
    turned, _ = releases(policy, [total_of(12, 1)], [total_of(12, 120)])

    assert [table.wave for table in same[1]] == [2]
    assert balanced[1] == balanced[0]
    assert turned[1] == turned[0]


def test_another_total_never_becomes_one_sided(policy):
    steps, _ = releases(policy, [total_of(11, 8)], [total_of(80, 8)])

    assert steps[1] == steps[0]


def test_withdrawn_answers_do_not_show(policy):
    steps, _ = releases(policy, [total_of(30, 30, 30)], [total_of(29, 50, 50)])

    assert steps[1] == steps[0]


def test_a_total_that_fell_below_ten_keeps_its_old_tables(policy):
    steps, _ = releases(policy, [total_of(20, 20)], [total_of(4, 4)])

    assert steps[1] == steps[0]


def test_a_new_group_counts_as_one_that_was_empty(policy):
    steps, _ = releases(policy, by_group((40, 30), (40, 30)), by_group((60, 50), (60, 50), (30, 30)))

    assert [(table.dimension, table.wave) for table in steps[1]] == [(None, 2), ("place", 2)]


def test_without_the_basis_of_the_former_release_the_old_tables_stay(policy):
    steps, _ = releases(policy, by_group((40, 30), (40, 30)))

    assert renew(steps[0], Basis("q"), by_group((90, 80), (90, 80)), policy) == (steps[0], Basis("q"))


def test_a_basis_of_a_release_that_was_never_stored_only_makes_the_gate_stricter(policy):
    _, basis = releases(policy, [total_of(40, 30)])

    tables, basis = renew([], basis, [total_of(60, 50)], policy)

    assert [table.wave for table in tables] == [2]
    assert [snapshot.wave for snapshot in basis.snapshots] == [1, 2]


def test_other_options_than_before_are_refused(policy):
    with pytest.raises(ValueError, match="former release"):
        releases(policy, [total_of(20, 20)], [total_of(20, 20, 20)])


def test_the_basis_comes_back_the_same_from_its_json(policy):
    _, basis = releases(
        policy, by_group((40, 30), (40, 30), (2, 1), (9, 14)), by_group((65, 50), (50, 40), (3, 1), (9, 14))
    )

    assert Basis.from_json(json.loads(json.dumps(basis.to_json()))) == basis
    assert basis.sizes()["q", "place", 1, "g1"] == 70


@given(st.integers(0, 10**9), st.sampled_from([5, 10]), st.booleans())
def test_old_and_new_together_tell_nothing_even_to_who_knows_every_shown_figure_exactly(seed, smallest, sensitive):
    chance = random.Random(seed)
    # A step of 1 % below a hundred answers makes every shown count exact: rounding protects nothing here.
    policy = replace(load(), percent_step=1).with_smallest(smallest)
    policy = replace(policy, renew_after=smallest)
    dimensions = {f"d{number}": chance.choice([2, 3, 5]) for number in range(chance.randint(0, 3))}
    options = OPTIONS[: chance.choice([2, 3, 4, 5])]
    crowd = people(chance, chance.choice([15, 25, 40]), dimensions, options)
    old, basis, everything = [], Basis("q"), []
    for _ in range(3):
        old, basis = renew(old, basis, tables_of(crowd, dimensions, options, sensitive=sensitive), policy)
        everything += old
        crowd = crowd + people(chance, chance.choice([5, 12, 25, 40]), dimensions, options)

    result = audit(everything, policy, sizes=basis.sizes())

    assert result.findings == ()
