import json
import random
import time
from dataclasses import replace

import pytest
from hypothesis import given
from tests.disclosure.example import by_group, naive, offices, people, tables_of, total_of

from gehoor.disclosure import auditor
from gehoor.disclosure.auditor import audit
from gehoor.disclosure.policy import load
from gehoor.disclosure.suppress import Basis, renew, suppress
from gehoor.disclosure.tables import PublicTable, sizes_of


def attack(released, exact, policy):
    return audit(released, policy, sizes=sizes_of(exact, 1))


@given(offices())
def test_nothing_can_be_worked_out_of_what_the_gate_makes(tables):
    policy = load()

    assert attack(suppress(tables, policy), tables, policy).findings == ()


@given(offices())
def test_nor_with_five_as_the_smallest_group(tables):
    policy = load().with_smallest(5)

    assert attack(suppress(tables, policy), tables, policy).findings == ()


def test_the_twin_without_complementary_hiding_is_caught(policy):
    caught = tried = 0
    for seed in range(12):
        dimensions = {"d0": 2, "d1": 4}
        tables = tables_of(people(random.Random(seed), 120, dimensions, "abcd"), dimensions, tuple("abcd"))
        exact = [table.count(group, option) for table in tables for group in table.groups for option in table.options]
        if any(0 < count < 10 for count in exact):
            tried += 1
            caught += not attack(naive(tables, policy), tables, policy).passed

    assert tried > 8
    assert caught == tried


def test_a_single_hidden_cell_is_found(policy):
    tables = [total_of(30, 25, 4)]

    result = attack(naive(tables, policy), tables, policy)

    assert ("cell", "total / wave 1 / all / c") in {(one.kind, one.place) for one in result.findings}
    assert not result.passed


def test_a_single_small_group_is_found(policy):
    tables = by_group((60, 50), (70, 50), (3, 2))

    result = attack(naive(tables, policy), tables, policy)

    assert {one.place for one in result.findings} >= {"place / wave 1 / the rest", "place / wave 1 / the rest / a"}


def test_a_cell_that_only_the_total_gives_away_is_found(policy):
    tables = by_group((30, 4, 12, 30), (30, 20, 3, 30), (30, 20, 20, 30))

    result = attack(naive(tables, policy), tables, policy)

    assert "place / wave 1 / g0 / b" in {one.place for one in result.findings}


def test_a_chain_of_subtractions_over_two_groups_is_found(policy):
    """Two hidden cells or more on every line, and yet b of g2 is what the rows a, b and the columns g0, g1 leave."""
    five = replace(policy, percent_step=1).with_smallest(5)
    tables = by_group((3, 4, 5, 5), (4, 3, 5, 5), (5, 4, 3, 4), (5, 5, 4, 3))

    result = attack(naive(tables, five), tables, five)

    assert [one.place for one in result.findings if one.kind == "cell"] == ["place / wave 1 / g2 / b"]


def test_two_releases_that_differ_by_a_few_answers_are_found(policy):
    first, second = [total_of(60, 50)], [total_of(62, 53)]
    released = [*naive(first, policy), *naive(second, policy, wave=2)]

    result = audit(released, policy, sizes=sizes_of(first, 1) | sizes_of(second, 2))

    kinds = {one.kind for one in result.findings}
    assert {"gain", "gain of a column"} <= kinds


def test_a_group_that_moved_into_the_rest_is_found_by_the_former_release(policy):
    first, second = by_group((60, 50), (12, 14), (15, 13)), by_group((80, 70), (12, 14), (18, 13))
    released = [*naive(first, policy), *naive(second, policy, wave=2)]

    result = audit(released, policy, sizes=sizes_of(first, 1) | sizes_of(second, 2))

    assert any(one.kind == "gain" and "g2" in one.place for one in result.findings)


def test_a_figure_below_the_smallest_group_is_found_as_it_stands(policy):
    page = suppress([total_of(20, 20)], policy)[0].to_json()
    page["cells"] = [[{"share": 10}, {"share": 90}]]

    result = audit([PublicTable.from_json(page)], policy)

    assert "shown" in {one.kind for one in result.findings}


def test_tables_that_contradict_each_other_are_a_finding(policy):
    page = suppress([total_of(60, 60)], policy)[0].to_json()
    page["cells"] = [[{"share": 40}, {"share": 40}]]

    assert [one.kind for one in audit([PublicTable.from_json(page)], policy).findings] == ["contradiction"]


def test_the_words_of_every_kind_are_understood(policy):
    for tables in (
        [total_of(40, 3)],
        [total_of(300, 3)],
        [total_of(270, 30, sensitive=True)],
        [total_of(10, 3000)],
        by_group((270, 30), (270, 30), sensitive=True),
        by_group((10, 3000), (10, 3000)),
        [total_of(3, 4)],
    ):
        assert attack(suppress(tables, policy), tables, policy).passed


def test_without_exact_sizes_the_bands_are_used(policy):
    tables = by_group((40, 30), (40, 30))

    assert audit(suppress(tables, policy), policy).passed
    assert not audit(naive([total_of(60, 50, 4)], policy), policy).passed


def test_the_report_tells_where_and_not_what(policy):
    tables = [total_of(30, 25, 4)]

    report = attack(naive(tables, policy), tables, policy).to_json()

    assert set(report) == {"passed", "targets", "policy_sha256", "findings"}
    assert {frozenset(finding) for finding in report["findings"]} == {frozenset({"question", "kind", "place"})}
    assert json.loads(json.dumps(report)) == report


def test_a_table_that_stayed_counts_once(policy):
    tables = by_group((30, 20), (25, 25))
    released = suppress(tables, policy)

    assert attack([*released, *released], tables, policy) == attack(released, tables, policy)


def test_a_problem_that_loses_its_solution_is_an_error(policy, monkeypatch):
    tables = [total_of(30, 12, 5, 6, 3)]
    released = suppress(tables, policy)
    solutions = iter([auditor._Solver.extreme])

    def once(self, form):
        step = next(solutions, None)
        return step(self, form) if step else None

    monkeypatch.setattr(auditor._Attack, "_decide", lambda *_: None)
    monkeypatch.setattr(auditor._Solver, "extreme", once)
    with pytest.raises(ArithmeticError, match="has none"):
        attack(released, tables, policy)


def test_nine_options_in_twelve_groups_and_five_dimensions_take_seconds(policy):
    chance, dimensions, options = random.Random(3), {f"d{number}": 12 for number in range(5)}, tuple("abcdefghi")
    crowd, old, basis, everything = people(chance, 2000, dimensions, options), [], Basis("q"), []
    for _ in range(2):
        old, basis = renew(old, basis, tables_of(crowd, dimensions, options), policy)
        everything += old
        crowd = crowd + people(chance, 1000, dimensions, options)

    began = time.process_time()
    result = audit(everything, policy, sizes=basis.sizes())

    assert result.passed
    assert result.targets > 300
    assert time.process_time() - began < 5
