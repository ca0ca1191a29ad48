"""What the privacy officer must put on paper."""

from django.utils.translation import gettext as _

MANY_WORDS = 8


def why_not_decide_smallest_group(smallest: int, *, public: int, decision: str) -> str | None:
    """A group below the public norm needs a decision that somebody can read back."""
    if smallest >= public or len(decision.split()) >= MANY_WORDS:
        return None
    return _(
        "Write down why the smallest group goes below %(public)s, and who agreed. One or two sentences will do."
    ) % {"public": public}
