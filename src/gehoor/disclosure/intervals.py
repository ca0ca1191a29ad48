"""How sure is a figure: the Wilson interval, and the signal in a run chart."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import ceil, comb, floor, log2, sqrt
from statistics import NormalDist, median

from gehoor.disclosure.policy import Policy
from gehoor.disclosure.tables import PublicCell, PublicGroup

CONFIDENCE = 0.95
Z = NormalDist().inv_cdf((1 + CONFIDENCE) / 2)
SMALLEST_CHART = 10  # points off the median; with fewer the two rules say nothing


def wilson(share: float, n: int) -> tuple[float, float]:
    """The 95 % interval around a share of `n` answers; shares from 0.0 to 1.0.

    Raises ValueError when n is 0. Source: E. B. Wilson (1927), score interval without continuity correction.
    """
    if n < 1:
        raise ValueError(f"an interval needs 1 answer or more, not {n}")
    middle = share + Z * Z / (2 * n)
    half = Z * sqrt(share * (1 - share) / n + Z * Z / (4 * n * n))
    scale = 1 + Z * Z / n
    return max(0.0, (middle - half) / scale), min(1.0, (middle + half) / scale)


def wilson_public(cell: PublicCell, group: PublicGroup, policy: Policy) -> tuple[int, int] | None:
    """The 95 % interval in whole per cents, from what the page shows and nothing else. None where no number is shown.

    Takes the lowest n of the band and both ends of the rounding, so it is somewhat wider than the exact interval.
    """
    if cell.share is None or group.low is None:
        return None
    half = policy.step_at(group.low) / 2
    low, _ = wilson((cell.share - half) / 100, group.low)
    _, high = wilson((cell.share + half) / 100, group.low)
    return floor(100 * low), ceil(100 * high)


@dataclass(frozen=True)
class RunSignal:
    """The two rules of a run chart. `useful` counts the points off the median; a run is a row of them on one side."""

    useful: int
    longest_run: int
    crossings: int
    run_limit: int
    crossing_limit: int

    @property
    def is_shift(self) -> bool:
        return self.longest_run > self.run_limit

    @property
    def has_few_crossings(self) -> bool:
        return self.crossings < self.crossing_limit

    @property
    def is_signal(self) -> bool:
        return self.is_shift or self.has_few_crossings


def run_signal(values: Sequence[float]) -> RunSignal | None:
    """Did something change in this series? None below 10 points off the median. There is no trend rule: it misleads.

    Source: J. Anhøj and A. V. Olesen, Run charts revisited (2014): longest run > round(log2(n) + 3), or crossings below
    the 5 % quantile of the binomial distribution with n - 1 trials and chance 1/2.
    """
    centre = median(values) if values else 0
    above = [value > centre for value in values if value != centre]
    if len(above) < SMALLEST_CHART:
        return None
    runs = [1]
    for before, after in pairwise(above):
        if before == after:
            runs[-1] += 1
        else:
            runs.append(1)
    return RunSignal(
        useful=len(above),
        longest_run=max(runs),
        crossings=len(runs) - 1,
        run_limit=round(log2(len(above)) + 3),
        crossing_limit=_five_percent_quantile(len(above) - 1),
    )


def _five_percent_quantile(trials: int) -> int:
    """Smallest q for which a fair coin gives at most q heads in `trials` throws with a chance of 5 % or more."""
    heads, ways = 0, 1
    while 20 * ways < 2**trials:
        heads += 1
        ways += comb(trials, heads)
    return heads
