"""From what came in to what is kept: one place that decides, for the door, for import and again at opening.

Pure: no clock, no database.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from gehoor.base import codes
from gehoor.base.signs import clean
from gehoor.questionnaires.format import NO_ANSWERS, Content, Question

Closed = str | int | list[str]


@dataclass(frozen=True)
class Fault:
    """What is wrong with one answer: `kind` names the sentence, `limits` fill it."""

    question: str
    kind: str
    limits: Mapping[str, int] = field(default_factory=dict)


@dataclass
class Given:
    """What somebody answered. `closed` and `words` are by question key; a skipped question is in neither."""

    closed: dict[str, Closed] = field(default_factory=dict)
    words: dict[str, str] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        """Was nothing answered at all?"""
        return not self.closed and not self.words


def read(content: Content, given: Mapping[str, Sequence[str]]) -> Given:
    """Check what came in, by question key. Unknown keys are dropped; so are answers to questions that do not apply."""
    result = Given()
    for question in content.questions:
        if not applies(question, result):
            continue
        values = [clean(value) for value in given.get(question.key, ())]
        values = [value for value in values if value]
        if values:
            _READERS[question.kind](question, values, result)
    return result


def applies(question: Question, given: Given) -> bool:
    """Is the question asked, given the answers before it?"""
    if question.when is None:
        return True
    answer = given.closed.get(question.when.question)
    answers = answer if isinstance(answer, list) else [str(answer)]
    return any(value in question.when.is_ for value in answers)


def _one(question: Question, values: list[str], result: Given) -> None:
    if len(values) > 1 or values[0] not in (*question.values, *NO_ANSWERS):
        result.faults.append(Fault(question.key, "choose_one"))
    else:
        result.closed[question.key] = values[0]


def _several(question: Question, values: list[str], result: Given) -> None:
    chosen = [value for value in question.values if value in values]
    unknown = set(values) - set(question.values) - set(NO_ANSWERS)
    if unknown:
        result.faults.append(Fault(question.key, "choose_one"))
    elif chosen:  # an answer says more than "don't know" beside it
        result.closed[question.key] = chosen
    else:
        result.closed[question.key] = values[0]


def _number(question: Question, values: list[str], result: Given) -> None:
    typed = [value for value in values if value not in NO_ANSWERS]
    if not typed:
        result.closed[question.key] = values[0]
        return
    plain = codes.digits(typed[0])
    sign = -1 if typed[0].startswith(("-", "−")) else 1
    rest = "".join(character for character in typed[0] if not character.isdecimal()).strip("-−+ ")
    if len(typed) > 1 or rest or not 0 < len(plain) < 10 or not question.min <= sign * int(plain) <= question.max:  # noqa: PLR2004
        result.faults.append(Fault(question.key, "whole_number", {"min": question.min, "max": question.max}))
    else:
        result.closed[question.key] = sign * int(plain)


def _text(question: Question, values: list[str], result: Given) -> None:
    words = "\n".join(values)
    if len(words) > question.max_length:
        result.faults.append(Fault(question.key, "too_long", {"max": question.max_length}))
    else:
        result.words[question.key] = words


_READERS = {"faces": _one, "choice": _one, "yesno": _one, "choices": _several, "number": _number, "text": _text}
