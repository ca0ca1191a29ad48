import json
from collections import defaultdict
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.disclosure.example import by_group, offices, total_of

from gehoor.disclosure.policy import load
from gehoor.disclosure.suppress import may_follow, suppress
from gehoor.disclosure.tables import Table


def shown(table):
    """Option by option: the share, the word, or None where it is closed. For a dimension by group."""
    columns = {
        group.name: [cell.word if cell.reason is None and cell.share is None else cell.share for cell in row]
        for group, row in zip(table.groups, table.rows, strict=True)
    }
    return columns["all"] if table.dimension is None else columns


def test_of_forty_answers_the_large_option_stays_visible(policy):
    total = suppress([total_of(3, 5, 8, 14, 8, 2, 0, 0)], policy)[0]

    assert shown(total) == [None, None, None, 35, None, None, None, None]


def test_two_large_options_of_forty_stay_visible(policy):
    assert shown(suppress([total_of(16, 12, 5, 4, 3)], policy)[0]) == [40, 30, None, None, None]


def test_below_ten_answers_not_even_their_number_is_shown(policy):
    total = suppress([total_of(9, 0)], policy)[0]

    assert total.to_json()["groups"] == [{"name": "all", "reason": "too_few"}]
    assert shown(total) == [None, None]


def test_nine_others_are_hidden_by_a_word_that_also_fits_none(policy):
    pages = {json.dumps(suppress([total_of(40 - others, others)], policy)[0].to_json()) for others in range(10)}

    assert len(pages) == 1
    assert shown(suppress([total_of(40, 0)], policy)[0]) == ["most", None]


def test_from_ninety_answers_the_word_is_almost_everybody(policy):
    assert shown(suppress([total_of(90, 0)], policy)[0]) == ["almost_everybody", "almost_nobody"]
    assert shown(suppress([total_of(89, 0)], policy)[0]) == ["most", None]


def test_ten_others_are_shown(policy):
    assert shown(suppress([total_of(30, 10)], policy)[0]) == [75, 25]


def test_one_small_option_closes_the_smallest_large_one_with_it(policy):
    assert shown(suppress([total_of(30, 12, 4)], policy)[0]) == [65, None, None]


def test_options_that_tie_are_closed_together(policy):
    assert shown(suppress([total_of(30, 12, 12, 4)], policy)[0]) == [50, None, None, None]


def test_small_options_that_hold_enough_together_close_no_other(policy):
    assert shown(suppress([total_of(30, 12, 5, 6, 3)], policy)[0]) == [55, 20, None, None, None]


def test_an_option_that_nobody_gave_is_a_word(policy):
    assert shown(suppress([total_of(30, 12, 0)], policy)[0]) == [70, 30, "almost_nobody"]


def test_on_a_sensitive_question_nobody_is_not_told(policy):
    assert shown(suppress([total_of(30, 12, 0, sensitive=True)], policy)[0]) == [None, None, None]
    assert shown(suppress([total_of(30, 15, 12, 0, sensitive=True)], policy)[0]) == [55, None, None, None]
    assert shown(suppress([total_of(30, 25, 15, 12, 0, sensitive=True)], policy)[0]) == [35, 30, None, None, None]


def test_on_a_sensitive_question_large_and_small_shares_are_words(policy):
    total = suppress([total_of(270, 30, sensitive=True)], policy)[0]

    assert shown(total) == ["almost_everybody", "almost_nobody"]
    assert shown(suppress([total_of(270, 30)], policy)[0]) == [90, 10]


def test_a_share_is_rounded_half_up_on_whole_numbers(policy):
    assert shown(suppress([total_of(15, 25)], policy)[0]) == [40, 65]
    assert shown(suppress([total_of(21, 179)], policy)[0]) == [11, 90]


def test_a_small_share_of_very_many_is_a_word(policy):
    assert shown(suppress([total_of(10, 3000)], policy)[0]) == ["almost_nobody", "almost_everybody"]


def test_a_dimension_without_small_cells_is_shown_whole(policy):
    place = suppress(by_group((30, 20), (25, 25)), policy)[1]

    assert shown(place) == {"g0": [60, 40], "g1": [50, 50]}


def test_small_groups_are_closed_together_and_with_enough_others(policy):
    place = suppress(by_group((40, 30, 30), (30, 30, 20), (15, 12, 14), (3, 2, 1)), policy)[1]

    assert shown(place) == {
        "g0": [40, 30, 30],
        "g1": [40, 40, 25],
    }
    assert [group.name for group in place.groups] == ["g0", "g1"]  # a name would tell that there is somebody in it


def test_one_of_two_groups_being_small_drops_the_dimension(policy):
    assert len(suppress(by_group((40, 40), (3, 4)), policy)) == 1


def test_an_option_that_is_small_in_one_group_is_closed_in_all_of_them(policy):
    place = suppress(by_group((30, 30, 20), (30, 4, 20), (30, 30, 16)), policy)[1]

    assert [place.cell(group, "b").share for group in ("g0", "g1", "g2")] == [None, None, None]
    assert place.cell("g0", "a").share == 40


def test_a_group_in_which_all_say_the_same_is_not_shown_so(policy):
    place = suppress(by_group((12, 0, 0), (30, 30, 30)), policy)[1:]

    assert place == []


def test_an_option_closed_in_the_total_is_closed_in_every_dimension(policy):
    total, place = suppress(by_group((40, 30, 20, 1), (40, 30, 20, 2)), policy)

    assert shown(total) == [44, 33, None, None]
    assert shown(place) == {"g0": [45, 35, None, None], "g1": [45, 35, None, None]}


def test_tables_that_differ_only_inside_what_is_closed_give_the_same_bytes(policy):
    one = suppress(by_group((40, 30, 8, 7), (40, 30, 3, 9), (40, 30, 6, 6)), policy)
    other = suppress(by_group((40, 30, 9, 6), (40, 30, 4, 8), (40, 30, 4, 8)), policy)

    assert len(one) == 2
    assert [table.to_json() for table in one] == [table.to_json() for table in other]


@pytest.mark.parametrize(("n", "options"), [(12, 3), (17, 3), (20, 3), (26, 3), (16, 4), (20, 4)])
@pytest.mark.parametrize("sensitive", [False, True])
def test_running_this_programme_on_every_total_there_can_be_tells_no_small_count(policy, n, options, sensitive):
    five = policy.with_smallest(5)
    by_page = defaultdict(list)
    for counts in compositions(n, options):
        page = suppress([total_of(*counts, sensitive=sensitive)], five)[0]
        by_page[json.dumps(page.to_json())].append(counts)

    told = [
        page
        for page, possible in by_page.items()
        for column in zip(*possible, strict=True)
        if min(column) >= 1 and max(column) < 5
    ]

    assert told == []


def compositions(n, parts):
    if parts == 1:
        yield (n,)
        return
    for first in range(n + 1):
        for others in compositions(n - first, parts - 1):
            yield first, *others


@given(offices())
def test_every_figure_stands_for_ten_answers_or_none_and_leaves_ten(tables):
    policy = load()
    exact = {(table.dimension, group): table for table in tables for group in table.groups}
    for table in suppress(tables, policy):
        for group in table.groups:
            raw = exact[table.dimension, group.name]
            for option in table.options:
                if table.cell(group.name, option).share is not None:
                    count = raw.count(group.name, option)
                    assert count >= 10
                    assert raw.size(group.name) - count >= 10


@given(offices())
def test_the_merged_table_could_be_printed_whole(tables):
    exact = {table.dimension: table for table in tables}
    for table in suppress(tables, load())[1:]:
        raw = exact[table.dimension]
        closed_groups = [group.name for group in table.groups if group.reason]
        columns = [[group.name] for group in table.groups if not group.reason] + [closed_groups]
        heads = [columns[0][0]]
        closed = [option for option in table.options if table.cell(heads[0], option).reason]
        rows = [[option] for option in table.options if option not in closed] + [closed]
        figures = [sum(raw.count(g, o) for g in column for o in row) for column in columns for row in rows]
        assert [figure for figure in figures if 0 < figure < 10] == []


@given(st.lists(st.integers(0, 40), min_size=2, max_size=8), st.booleans())
def test_a_stricter_policy_never_shows_more_of_a_total(counts, sensitive):
    table = total_of(*counts, sensitive=sensitive)
    shares = []
    for smallest in (5, 8, 10, 15):
        page = suppress([table], load().with_smallest(smallest))[0]
        shares.append({option for option in page.options if page.cell("all", option).share is not None})

    assert all(stricter <= looser for looser, stricter in pairwise(shares))


@given(st.lists(st.integers(0, 40), min_size=2, max_size=8))
def test_calling_a_question_sensitive_never_shows_more(counts):
    policy = load()
    plain, sensitive = (suppress([total_of(*counts, sensitive=flag)], policy)[0] for flag in (False, True))

    for option in plain.options:
        assert plain.cell("all", option).reason is None or sensitive.cell("all", option).reason is not None


@pytest.mark.parametrize(
    "change",
    [
        {"question": "another"},
        {"options": ("b", "a")},
        {"sensitive": True},
        {"counts": {("g0", "a"): 1}},
        {"dimension": None, "groups": ("all",), "counts": {}},
    ],
)
def test_tables_that_do_not_belong_together_are_refused(policy, change):
    total, place = by_group((30, 20), (25, 25))

    with pytest.raises(ValueError, match=r"not of the same|add up|one total"):
        suppress([total, replace(place, **change)], policy)


def test_an_empty_question_shows_nothing(policy):
    assert not suppress([Table("q", ("a", "b"), None, ("all",), {})], policy)[0].shows_something


def test_a_following_question_may_be_released_only_when_its_n_is_no_secret(policy):
    total, place = suppress(by_group((40, 30, 20, 1), (40, 30, 20, 2)), policy)

    assert may_follow(total, ["a", "b"])
    assert not may_follow(total, ["a", "d"])
    assert not may_follow(place, ["a"])
    assert not may_follow(suppress([total_of(40, 0)], policy)[0], ["a"])


def test_the_worked_example_of_the_documentation(policy):
    total, subject = suppress(by_group((30, 14, 4, 2), (24, 12, 5, 4), (11, 3, 2, 1), (4, 2, 1, 1)), policy)

    assert shown(total) == [58, 26, None, None]
    assert shown(subject) == {"g0": [60, None, None, None]}
