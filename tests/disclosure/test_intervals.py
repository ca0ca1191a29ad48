import pytest

from gehoor.disclosure.intervals import run_signal, wilson, wilson_public
from gehoor.disclosure.tables import PublicCell, PublicGroup


@pytest.mark.parametrize(
    ("said", "n", "low", "high"), [(8, 10, 49, 94), (19, 20, 76, 99), (27, 30, 74, 97), (0, 10, 0, 28)]
)
def test_wilson_gives_the_intervals_of_the_domain_report(said, n, low, high):
    bounds = wilson(said / n, n)

    assert [round(100 * bound) for bound in bounds] == [low, high]


def test_an_interval_needs_an_answer():
    with pytest.raises(ValueError, match="1 answer"):
        wilson(0.5, 0)


def test_the_public_interval_comes_from_the_lowest_n_of_the_band_and_both_ends_of_the_rounding(policy):
    assert wilson_public(PublicCell(share=35), PublicGroup("all", 40, 44, None), policy) == (20, 53)
    assert wilson_public(PublicCell(share=35), PublicGroup("all", 400, 400, None), policy) == (30, 41)


@pytest.mark.parametrize(
    ("cell", "group"),
    [
        (PublicCell(word="most"), PublicGroup("all", 40, 44, None)),
        (PublicCell(reason="protected"), PublicGroup("all", 40, 44, None)),
        (PublicCell(share=35), PublicGroup("all", None, None, "protected")),
    ],
)
def test_where_no_number_is_shown_there_is_no_interval(policy, cell, group):
    assert wilson_public(cell, group, policy) is None


@pytest.mark.parametrize(("n", "run", "crossings"), [(12, 7, 3), (24, 8, 8), (10, 6, 2)])
def test_the_limits_of_a_run_chart(n, run, crossings):
    signal = run_signal([number % 2 for number in range(n)])

    assert (signal.useful, signal.run_limit, signal.crossing_limit) == (n, run, crossings)
    assert not signal.is_signal


def test_a_long_run_is_a_shift():
    signal = run_signal([1, 2, 1, 2, 1, 2, 1, 2, *[1] * 4, *[2] * 8, *[1] * 4])

    assert (signal.longest_run, signal.is_shift) == (8, False)
    assert run_signal([*[1] * 9, *[2] * 9]).is_shift


def test_few_crossings_are_a_signal():
    signal = run_signal([*[1] * 6, *[2] * 6])

    assert (signal.crossings, signal.has_few_crossings, signal.is_signal) == (1, True, True)


def test_points_on_the_median_do_not_count():
    signal = run_signal([1, 2, 3] * 5)

    assert signal.useful == 10


@pytest.mark.parametrize("values", [[], [1, 2] * 4, [3] * 40])
def test_below_ten_useful_points_there_is_no_signal(values):
    assert run_signal(values) is None
