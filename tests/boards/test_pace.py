"""Whoever is faster than hands can is slowed down, and nobody else."""

from dataclasses import dataclass

from gehoor.boards import pace


@dataclass
class Clock:
    """Stands still until it is moved."""

    now: float = 0.0

    def __call__(self) -> float:
        return self.now


def test_of_a_thousand_in_a_second_few_are_done() -> None:
    clock = Clock()
    ours = pace.Pace(clock)
    done = 0

    for _command in range(1000):
        done += ours.may_go_on(1)
        clock.now += 0.001

    assert done <= pace.AT_ONCE + pace.QUICKEST


def test_who_floods_holds_up_nobody_else_and_may_go_on_after_a_while() -> None:
    clock = Clock()
    ours = pace.Pace(clock)
    while ours.may_go_on(1):
        pass

    assert ours.may_go_on(2)
    clock.now += 1
    assert ours.may_go_on(1)


def test_who_has_been_quiet_is_forgotten() -> None:
    clock = Clock()
    ours = pace.Pace(clock)
    for person in range(pace.MOST_KEPT):
        ours.may_go_on(person)
    clock.now += 60

    ours.may_go_on(pace.MOST_KEPT)

    assert list(ours._spent) == [pace.MOST_KEPT]
