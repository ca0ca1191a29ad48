"""What can go wrong, in words that a person can act on. Views turn these into pages, the command line into exit codes."""

from collections.abc import Sequence


class GehoorError(Exception):
    """The parent of all our errors. `str(error)` is a sentence for the person who did it."""

    exit_code = 1


class NotFound(GehoorError):
    """Absent, or not yours: the two look alike on purpose."""


class NotAllowed(GehoorError):
    """The person may not do this. The text says why."""


class NotNow(GehoorError):
    """Allowed, but the thing is not in the right state for it. The text says what to do first."""


class BadSetting(GehoorError):
    """A setting is missing or wrong. The text says which one and what to put there."""

    exit_code = 2


class BadInput(GehoorError):
    """Something that was handed in is wrong. `problems` holds every fault, each with its place."""

    def __init__(self, problems: Sequence[str]) -> None:
        self.problems = list(problems)
        super().__init__("\n".join(self.problems))
