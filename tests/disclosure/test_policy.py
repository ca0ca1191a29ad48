from dataclasses import fields, replace
from pathlib import Path

import pytest

from gehoor.disclosure import policy as room
from gehoor.disclosure.policy import Policy, load


def test_the_file_holds_the_numbers_of_the_design(policy):
    assert (policy.smallest_group, policy.internal_floor, policy.public_smallest_group) == (10, 5, 10)
    assert (policy.step_below, policy.percent_step, policy.n_band, policy.renew_after) == (100, 5, 5, 10)
    assert policy.closed_at_least == 2


def test_every_number_is_used_by_code():
    room_folder = Path(room.__file__).parent
    code = "".join(file.read_text() for file in room_folder.glob("*.py"))

    unused = [field.name for field in fields(Policy) if f".{field.name}" not in code]

    assert unused == []


def test_an_office_may_go_down_to_five(policy):
    assert policy.with_smallest(5).smallest_group == 5


@pytest.mark.parametrize("n", [4, 1, 0, -3])
def test_no_office_may_go_below_five(policy, n):
    with pytest.raises(ValueError, match=r"smallest_group|whole number"):
        policy.with_smallest(n)


def test_what_leaves_the_office_keeps_ten_whatever_the_office_decided(policy):
    assert policy.with_smallest(5).for_public().smallest_group == 10
    assert policy.with_smallest(12).for_public().smallest_group == 12


def test_a_larger_smallest_group_also_asks_for_a_larger_gain(policy):
    assert policy.with_smallest(15).renew_after == 15


def test_another_smallest_group_is_another_fingerprint(policy):
    assert policy.sha256 == load().sha256
    assert policy.with_smallest(6).sha256 != policy.sha256


@pytest.mark.parametrize(
    "change",
    [
        {"internal_floor": 1},
        {"public_smallest_group": 4},
        {"closed_margin": 0},
        {"closed_at_least": 1},
        {"renew_after": 9},
        {"n_band": 0},
        {"n_band": 7},
        {"percent_step": 0},
        {"percent_step_large": 3},
        {"almost_everybody_from": 40},
        {"almost_nobody_to": 60},
        {"one_sided_one_in": 2},
        {"smallest_group": 10.0},
        {"smallest_group": True},
    ],
)
def test_a_number_that_could_not_protect_is_refused(policy, change):
    with pytest.raises(ValueError, match="must"):
        replace(policy, **change)


@pytest.mark.parametrize("text", ["smallest_group: 10\n", None])
def test_a_file_that_lacks_a_number_or_has_a_stranger_is_refused(monkeypatch, tmp_path, text):
    file = tmp_path / "policy.yaml"
    file.write_text(text or room.FILE.read_text() + "biggest_group: 3\n")
    monkeypatch.setattr(room, "FILE", file)

    with pytest.raises(ValueError, match="exactly"):
        load.__wrapped__()


def test_n_is_a_band_of_five_below_a_hundred_and_exact_from_there(policy):
    assert [policy.band_of(n) for n in (20, 24, 99, 100, 137)] == [(20, 24), (20, 24), (95, 99), (100, 100), (137, 137)]
