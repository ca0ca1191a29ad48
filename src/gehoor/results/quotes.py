"""Approved words beside the figures, for those who may see them: redacted by a reader, ten or more, in no order."""

from collections.abc import Sequence
from dataclasses import dataclass

from gehoor.offices.models import Member
from gehoor.reading import queries as reading
from gehoor.results import rules
from gehoor.results.page import Page


@dataclass(frozen=True)
class Quotes:
    """The approved texts of one open question; none when there are fewer than ten."""

    question: str
    texts: Sequence[str]


def for_page(member: Member, shown: Page) -> list[Quotes] | None:
    """The words of each open question of this questionnaire and quarter; None for who may not see words (promise 4).

    They are of the whole office: a text knows no round, so that it can't be laid beside a score.
    """
    if not rules.may_see_words(member):
        return None
    a_round, period = shown.figures.round, shown.figures.release.period
    return [
        Quotes(
            question.text[shown.wording.lang],
            reading.approved_for(a_round.office, version_pk=a_round.version_id, question=question.key, period=period),
        )
        for question in shown.wording.content.open
    ]
