"""The numbers of the gate, read from policy.yaml and checked once."""

import hashlib
import json
from dataclasses import asdict, dataclass, fields, replace
from functools import cache
from pathlib import Path

import yaml

FILE = Path(__file__).with_name("policy.yaml")


@dataclass(frozen=True)
class Policy:
    """The numbers that `suppress` and `audit` go by; what each means stands beside it in policy.yaml.

    Counts are answers, shares are whole per cents. Raises ValueError when a number could not protect.
    """

    smallest_group: int
    internal_floor: int
    public_smallest_group: int
    closed_margin: int
    closed_at_least: int
    step_below: int
    percent_step: int
    percent_step_large: int
    n_band: int
    almost_everybody_from: int
    almost_nobody_to: int
    one_sided_one_in: int
    renew_after: int

    def __post_init__(self) -> None:
        for name, value in asdict(self).items():
            if type(value) is not int or value < 0:
                raise ValueError(f"{name} must be a whole number of 0 or more, not {value!r}")
        for holds, sentence in self._demands():
            if not holds:
                raise ValueError(sentence)

    def _demands(self) -> list[tuple[bool, str]]:
        return [
            (self.internal_floor > 1, "internal_floor must be 2 or more: below that nothing is hidden"),
            (
                self.smallest_group >= self.internal_floor,
                f"smallest_group must be {self.internal_floor} or more, not {self.smallest_group}",
            ),
            (
                self.public_smallest_group >= self.internal_floor,
                f"public_smallest_group must be {self.internal_floor} or more, not {self.public_smallest_group}",
            ),
            (self.closed_margin >= 1, "closed_margin must be 1 or more"),
            (self.closed_at_least > 1, "closed_at_least must be 2 or more: one alone is found by subtracting"),
            (
                self.renew_after >= self.smallest_group,
                f"renew_after must be smallest_group ({self.smallest_group}) or more, not {self.renew_after}",
            ),
            (self.n_band >= 1 and self.step_below % self.n_band == 0, "step_below must be a multiple of n_band"),
            (_divides_hundred(self.percent_step), "percent_step must divide 100"),
            (_divides_hundred(self.percent_step_large), "percent_step_large must divide 100"),
            (
                self.almost_nobody_to < 50 < self.almost_everybody_from < 100,  # noqa: PLR2004 -- half of hundred
                "almost_nobody_to must lie below 50 and almost_everybody_from above it",
            ),
            (self.one_sided_one_in >= 3, "one_sided_one_in must be 3 or more: 'most' is two in three"),  # noqa: PLR2004 -- idem
        ]

    @property
    def sha256(self) -> str:
        """Fingerprint of the numbers in force, not of the file: another smallest group gives another fingerprint."""
        return hashlib.sha256(json.dumps(asdict(self), sort_keys=True).encode()).hexdigest()

    def with_smallest(self, n: int) -> "Policy":
        """The same policy with another smallest group.

        Raises ValueError below `internal_floor`. That a lower number needs a recorded decision is the caller's to check.
        """
        return replace(self, smallest_group=n, renew_after=max(self.renew_after, n))

    def for_public(self) -> "Policy":
        """The policy for what leaves the office: never below `public_smallest_group`."""
        return self.with_smallest(max(self.smallest_group, self.public_smallest_group))

    def step_at(self, n: int) -> int:
        """Step of a share of `n` answers, in per cent."""
        return self.percent_step if n < self.step_below else self.percent_step_large

    def band_of(self, n: int) -> tuple[int, int]:
        """How `n` is shown: lowest and highest, the same number from `step_below` on."""
        if n >= self.step_below:
            return n, n
        low = n - n % self.n_band
        return low, low + self.n_band - 1

    def one_sided_at_most(self, n: int) -> int:
        """How many other answers a total of `n` may have to be one-sided. Depends on `n` only, so the word tells no more."""
        return min(self.smallest_group - 1, n // self.one_sided_one_in)


def _divides_hundred(step: int) -> bool:
    return step >= 1 and 100 % step == 0


@cache
def load() -> Policy:
    """The policy of this installation. Raises ValueError when the file lacks a number, has a stranger or can't protect."""
    given = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    known = {field.name for field in fields(Policy)}
    if set(given) != known:
        raise ValueError(f"policy.yaml must hold exactly {sorted(known)}; differs in {sorted(known ^ set(given))}")
    return Policy(**given)
