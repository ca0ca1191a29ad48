"""Releasing what was asked, on real storage: killed at any step, and by several workers at the same moment."""

from collections.abc import Callable
from typing import Any

import pytest
from tests.attacks.house import House, at_once
from tests.attacks.test_figures import PERIOD, SMALL_GROUPS, hear, town
from tests.attacks.test_opening import Killed, after, before
from tests.results.figures import hear as in_the_vault

from gehoor.answers import queries as answers
from gehoor.base.errors import NotNow
from gehoor.results import changes, queries
from gehoor.results.models import AskedRelease, Basis, Release, ReleasedTable, State
from gehoor.rounds.models import Round

MORE = town((20, "age_12_13", "5"), (15, "age_14_15", "3"))
STEPS = [
    (answers, "tallies"), (changes, "_through_the_gate"), (changes, "_hold"), (changes, "_keep_basis"), (changes, "_keep"),
    (Release.objects, "create"), (ReleasedTable.objects, "bulk_create"), (changes.journal, "write"), (changes, "_settle"),
    (Basis.objects, "update_or_create"),
]  # fmt: skip


def shown(a_round: Round) -> list[list[dict[str, Any]]]:
    """Every release of a round, as it was stored."""
    return [
        [stored.table for stored in release.tables.all()]
        for release in Release.objects.filter(round=a_round).order_by("number")
    ]


def ask(house: House, a_round: Round) -> None:
    """The adviser presses the button."""
    changes.ask_release(a_round, PERIOD, by=house.cast.quinten)


@pytest.mark.parametrize("when", [before, after])
def test_a_worker_killed_at_any_step_releases_the_same_as_one_that_was_not(
    house: House, monkeypatch: pytest.MonkeyPatch, when: Callable[..., Any]
) -> None:
    """RT-11: every step, in a first release and in a second one, which rests on the counts of the first."""
    calm, *hit = (house.cast.round(name=name) for name in ("calm", *(name for _room, name in STEPS)))
    for given in (SMALL_GROUPS, MORE):
        for a_round in (calm, *hit):
            in_the_vault(a_round, given)
        assert changes.release_round(calm, PERIOD).release
        for a_round, (room, name) in zip(hit, STEPS, strict=True):
            ask(house, a_round)
            with monkeypatch.context() as killer:
                killer.setattr(room, name, when(getattr(room, name)))
                with pytest.raises(Killed):
                    changes.release_asked()
            changes.let_go()  # a new worker starts
            changes.release_asked()
            changes.release_asked()

    assert [shown(a_round) for a_round in hit] == [shown(calm)] * len(hit)
    assert len(shown(calm)) == 2
    assert set(AskedRelease.objects.values_list("state", flat=True)) == {State.RELEASED}


def test_a_basis_that_is_kept_without_its_release_hides_everything_in_a_naive_gate(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """RT-11, the twin: one basis for each round and quarter, whatever became of its release."""
    a_round = house.cast.round()
    hear(house, a_round, SMALL_GROUPS)
    ask(house, a_round)
    with monkeypatch.context() as killer:
        killer.setattr(Release.objects, "create", before(Release.objects.create))
        with pytest.raises(Killed):
            changes.release_asked()

    Basis.objects.update(number=0)  # as when it did not know its release
    changes.let_go()
    changes.release_asked()

    assert AskedRelease.objects.get().state == State.NOTHING_NEW


def test_four_workers_at_the_same_moment_release_once(house: House) -> None:
    """RT-21: with locks that do not see each other, on two machines say."""
    a_round = house.cast.round()
    hear(house, a_round, SMALL_GROUPS)
    ask(house, a_round)

    at_once([changes.release_asked] * 4)

    asked = AskedRelease.objects.get()
    assert (asked.state, asked.attempts) == (State.RELEASED, 1)
    assert Release.objects.count() == 1


def test_workers_that_both_began_still_release_once(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """RT-21: the first was taken for dead and was not; and somebody releases from the command line besides."""
    a_round = house.cast.round()
    hear(house, a_round, SMALL_GROUPS)
    ask(house, a_round)
    [asked] = queries.waiting_askings(house.cast.office)

    def releasing(what: AskedRelease | None) -> Callable[[], str]:
        def run() -> str:
            try:
                return "released" if changes.release_round(a_round, PERIOD, asked=what).release else "nothing new"
            except NotNow:
                return "not now"

        return run

    outcomes = at_once([releasing(asked), releasing(asked), releasing(None), releasing(None)])
    changes.release_asked()

    assert outcomes.count("released") == 1
    assert Release.objects.count() == 1
    assert AskedRelease.objects.get().state in {State.RELEASED, State.NOTHING_NEW}
    [basis] = Basis.objects.all()
    assert basis.number == 1


def test_pressing_at_the_same_moment_asks_once(house: House) -> None:
    """RT-04: a double press, two windows, two advisers."""
    a_round = house.cast.round()
    hear(house, a_round, SMALL_GROUPS)

    at_once([lambda: ask(house, a_round)] * 8)

    assert AskedRelease.objects.count() == 1
