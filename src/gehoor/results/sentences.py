"""Figures in plain sentences, and how sure they are. Everything is worked out from public cells."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from gehoor.answers.queries import CHOSEN, NOT_CHOSEN
from gehoor.disclosure.intervals import wilson
from gehoor.disclosure.policy import Policy
from gehoor.disclosure.tables import ALMOST_EVERYBODY, MOST, PublicGroup, PublicTable
from gehoor.questionnaires.format import NO_ANSWERS, SKIPPED, Question
from gehoor.results import words
from gehoor.results.context import Context
from gehoor.results.queries import Figures
from gehoor.results.words import Words

MOST_MESSAGES = 5
POSITIVE_FACES = ("4", "5")
HALF_TENTH, TENTH, FULL = 5, 10, 100


@dataclass(frozen=True)
class Message:
    """One finding: the question, the sentence, and what it rests on (n, way of asking, quarter)."""

    key: str
    question: str
    sentence: str
    basis: str


@dataclass(frozen=True)
class Share:
    """The share that gave one of some answers, in whole per cents, with its 95 % interval."""

    share: int
    low: int
    high: int


def messages(figures: Figures, wording: Words, context: Context, policy: Policy) -> list[Message]:
    """At most five, in the order of the questionnaire: never by score (domain.md R28, R62)."""
    made = []
    for question in wording.content.closed:
        found = None if question.background else _finding(question, figures, wording, context.people, policy)
        if found:
            sentence, group = found
            basis = " · ".join((words.answers(group.low, group.high), context.modes, context.period))
            made.append(Message(question.key, question.text[wording.lang], sentence, basis))
    return made[:MOST_MESSAGES]


def favourable(question: Question) -> tuple[str, ...]:
    """The answers that are one side of a question: the two highest faces, or yes. None for other kinds."""
    return {"faces": POSITIVE_FACES, "yesno": ("yes",)}.get(question.kind, ())


def share_of(table: PublicTable, answers: Sequence[str], policy: Policy) -> Share | None:
    """Some answers together, when each of them is shown as a number.

    Takes the lowest n of the band and the widest rounding of each cell, so that it is wider than the exact interval.
    """
    group = table.groups[0]
    shares = [table.cell(group.name, answer).share for answer in answers]
    shown = [share for share in shares if share is not None]
    if not shown or len(shown) < len(shares) or group.low is None:
        return None
    together = min(sum(shown), FULL)
    half = len(shown) * policy.step_at(group.low) / 2
    low, _high = wilson(max(together - half, 0) / FULL, group.low)
    _low, high = wilson(min(together + half, FULL) / FULL, group.low)
    return Share(together, floor(FULL * low), ceil(FULL * high))


def _finding(
    question: Question, figures: Figures, wording: Words, people: str, policy: Policy
) -> tuple[str, PublicGroup] | None:
    """The sentence of one question and the group that it is about; None when nothing is shown."""
    table = _telling_table(question, figures)
    if table is None:
        return None
    if said := _said_in_a_word(table, wording, people):
        return said, table.groups[0]
    if not _shows_enough(table):
        return None
    answers = favourable(question)
    share = share_of(table, answers, policy) if answers else None
    if share is None:
        answers = _most_given(table)
        share = share_of(table, answers, policy) if answers else None
    if share is None:
        return None
    return _sentence(share, table.groups[0], people, _answer(table, answers, wording), policy), table.groups[0]


def _telling_table(question: Question, figures: Figures) -> PublicTable | None:
    """The total of a question; of one with several answers, the total of the answer that was chosen most."""
    if question.kind == "number":
        return None
    if question.kind != "choices":
        return figures.of(question.key)
    found = [table for value in question.values if (table := figures.of(f"{question.key}/{value}"))]
    return max(found, key=lambda table: table.cell("all", CHOSEN).share or 0, default=None)


def _shows_enough(table: PublicTable) -> bool:
    """Whether nothing is hidden, or the answers shown hold half of the people.

    Else the largest number shown need not be what most people said, and the sentence would mislead.
    """
    cells = [table.cell("all", option) for option in table.options if option not in (*NO_ANSWERS, SKIPPED)]
    hidden = any(cell.share is None and not cell.word for cell in cells)
    return not hidden or sum(cell.share or 0 for cell in cells) >= FULL // 2


def _said_in_a_word(table: PublicTable, wording: Words, people: str) -> str | None:
    for option in _answers_of(table):
        word = table.cell("all", option).word
        facts = {"answer": _answer(table, (option,), wording), "people": people}
        if word == ALMOST_EVERYBODY:
            return _("Almost all %(people)s say: “%(answer)s”.") % facts
        if word == MOST:
            return _("Most %(people)s say: “%(answer)s”.") % facts
    return None


def _most_given(table: PublicTable) -> tuple[str, ...]:
    """The answer with the largest number shown."""
    shown = {option: table.cell("all", option).share for option in _answers_of(table)}
    known = {option: share for option, share in shown.items() if share is not None}
    if CHOSEN in table.options:
        return (CHOSEN,) if CHOSEN in known else ()
    return (max(known, key=lambda option: known[option]),) if known else ()


def _answers_of(table: PublicTable) -> list[str]:
    return [option for option in table.options if option not in (*NO_ANSWERS, SKIPPED, NOT_CHOSEN)]


def _answer(table: PublicTable, answers: Sequence[str], wording: Words) -> str:
    """What they say, in the words of the questionnaire."""
    if CHOSEN in answers and (part := wording.part(table.question)):
        return part
    return joined([wording.option(table.question, answer) for answer in answers])


def joined(texts: Sequence[str]) -> str:
    if len(texts) == 1:
        return texts[0]
    return _("%(one)s” or “%(other)s") % {"one": texts[0], "other": texts[1]}


def _sentence(share: Share, group: PublicGroup, people: str, answer: str, policy: Policy) -> str:
    if group.low is not None and group.low >= policy.step_below:
        return _("About %(share)s %% of %(people)s say: “%(answer)s” (between %(low)s and %(high)s %%).") % {
            "share": share.share, "people": people, "answer": answer, "low": share.low, "high": share.high,
        }  # fmt: skip
    facts = {
        "tenth": share.share // TENTH, "next": share.share // TENTH + 1, "people": people, "answer": answer,
        "low": _tenth(share.low), "high": _tenth(share.high),
    }  # fmt: skip
    if share.share < TENTH:
        return _("Fewer than 1 in 10 %(people)s say: “%(answer)s” (at most %(high)s).") % facts
    if share.share > FULL - TENTH:
        return _("More than 9 in 10 %(people)s say: “%(answer)s” (at least %(low)s).") % facts
    if share.share % TENTH >= HALF_TENTH:
        return (
            _("About %(tenth)s to %(next)s in 10 %(people)s say: “%(answer)s” (between %(low)s and %(high)s).") % facts
        )
    return (
        ngettext(
            "About %(tenth)s in 10 %(people)s says: “%(answer)s” (between %(low)s and %(high)s).",
            "About %(tenth)s in 10 %(people)s say: “%(answer)s” (between %(low)s and %(high)s).",
            share.share // TENTH,
        )
        % facts
    )


def _tenth(per_cent: int) -> int:
    """Tenths, halves up."""
    return (per_cent + HALF_TENTH) // TENTH
