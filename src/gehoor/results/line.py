"""The quarters of one round beside each other. Compare only with yourself (domain.md §6.5 rules 7 and 10)."""

from collections.abc import Sequence
from dataclasses import dataclass

from gehoor.base import clock
from gehoor.disclosure.intervals import run_signal
from gehoor.disclosure.policy import Policy
from gehoor.results import sentences, words
from gehoor.results.queries import Figures
from gehoor.results.words import Words

FEWEST_QUARTERS = 2


@dataclass(frozen=True)
class Series:
    """One question through the quarters, oldest first. `has_signal` is None where there are too few points to say so."""

    question: str
    answer: str
    texts: Sequence[str]
    has_signal: bool | None


def series(totals: Sequence[Figures], wording: Words, policy: Policy) -> list[Series]:
    """The favourable share of each question by quarter; nothing below two released quarters.

    `totals` is newest first. A round has one version of its questionnaire, so that the line has no break (R99).
    """
    if len(totals) < FEWEST_QUARTERS:
        return []
    made = []
    for question in wording.content.closed:
        answers = sentences.favourable(question)
        if not answers or question.background:
            continue
        values = [_value(figures, question.key, answers, policy) for figures in reversed(totals)]
        known = [float(value) for value in values if value is not None]
        signal = run_signal(known)
        made.append(
            Series(
                question=question.text[wording.lang],
                answer=sentences.joined([wording.option(question.key, answer) for answer in answers]),
                texts=[words.NOT_SHOWN if value is None else f"{value}\N{NO-BREAK SPACE}%" for value in values],
                has_signal=signal.is_signal if signal else None,
            )
        )
    return made


def quarters(totals: Sequence[Figures]) -> list[str]:
    """The quarters in the order of the series."""
    return [clock.quarter_in_words(figures.release.period) for figures in reversed(totals)]


def _value(figures: Figures, question: str, answers: Sequence[str], policy: Policy) -> int | None:
    table = figures.of(question)
    share = sentences.share_of(table, answers, policy) if table else None
    return share.share if share else None
