"""The counter: what other rooms may ask about answers. Counts and single texts, never rows with a person's whole answer."""

import json
import uuid
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import connections, router
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from gehoor.answers import keyring, sealing
from gehoor.answers.models import Batch, Envelope, HeardIn, OpenText, Submission
from gehoor.base.errors import NotFound
from gehoor.questionnaires import queries as questionnaires
from gehoor.questionnaires.format import NO_ANSWERS, SKIPPED, Question
from gehoor.rounds.models import Round

# Context that can split a table, beside the background questions (domain.md R27).
CONTEXT = ("product", "mode", "language")
CHUNK = 5000


CHOSEN, NOT_CHOSEN = "chosen", "not_chosen"
ALL = "all"


@dataclass(frozen=True)
class Tally:
    """Exact counts of one closed question, or of one option of a question with several answers.

    `tables[None]` is the total and `tables[dimension]` splits it: counters of (group, option). `name` is the key of the
    question, or "key/option". Never leaves the house: only `disclosure` makes something public of it.
    """

    name: str
    question: Question
    options: tuple[str, ...]
    tables: dict[str | None, Counter[tuple[str, str]]]
    orders: dict[str, tuple[str, ...]]  # the groups of a background question, in the order of the questionnaire


def periods_of(a_round: Round) -> list[str]:
    """The quarters in which answers of a round were opened. Known without a right to see submissions."""
    return sorted(HeardIn.objects.filter(round=a_round).values_list("period", flat=True))


def tallies(a_round: Round, period: str) -> list[Tally]:
    """Count every closed question of a round in one quarter, in one pass over the rows.

    Answers that an officer helped with are left out: they flatter (domain.md R52).
    """
    content = questionnaires.content_of(a_round.version_id)
    backgrounds = {
        question.key: (*question.values, *NO_ANSWERS, SKIPPED) for question in content.closed if question.background
    }
    made = [tally for question in content.closed for tally in _empty_tallies(question, backgrounds)]
    for groups, answers in _rows(a_round, period):
        groups.update((key, _one(answers.get(key))) for key in backgrounds)
        for tally in made:
            option = _option(tally, answers.get(tally.question.key))
            for dimension, counter in tally.tables.items():
                counter[ALL if dimension is None else groups[dimension], option] += 1
    return made


def _empty_tallies(question: Question, backgrounds: Mapping[str, tuple[str, ...]]) -> list[Tally]:
    orders = {key: values for key, values in backgrounds.items() if key != question.key}
    dimensions = [None, *CONTEXT, *orders]
    if question.kind != "choices":
        return [
            Tally(
                question.key,
                question,
                (*question.values, *NO_ANSWERS, SKIPPED),
                {name: Counter() for name in dimensions},
                orders,
            )
        ]
    # Tables of one question stand beside each other: were "skipped" counted in each, one could be subtracted from another.
    return [
        Tally(
            f"{question.key}/{value}", question, (CHOSEN, NOT_CHOSEN), {name: Counter() for name in dimensions}, orders
        )
        for value in question.values
    ]


def _option(tally: Tally, answer: Any) -> str:
    if tally.question.kind == "choices":
        return CHOSEN if isinstance(answer, list) and tally.name.partition("/")[2] in answer else NOT_CHOSEN
    return _one(answer)


def _rows(a_round: Round, period: str) -> Iterator[tuple[dict[str, str], dict[str, Any]]]:
    """Context and answers of each row, streamed: memory does not grow with the answers."""
    connection = connections[router.db_for_read(Submission)]
    sql = "SELECT product, mode, language, answers FROM answers_submission WHERE round_id = %s AND period = %s AND helper <> 'officer'"
    parse = json.loads
    with connection.chunked_cursor() as cursor:
        cursor.execute(sql, [a_round.pk, period])
        while rows := cursor.fetchmany(CHUNK):
            for product, mode, language, answers in rows:
                yield (
                    {"product": product, "mode": mode, "language": language},
                    answers if isinstance(answers, dict) else parse(answers),
                )


def _one(answer: Any) -> str:
    return SKIPPED if answer is None else str(answer)


@dataclass(frozen=True)
class Waiting:
    """A text that waits for a reader: what may be known before it is opened."""

    pk: uuid.UUID
    version_pk: int
    question: str
    voice: str
    language: str
    period: str


def _waiting(text: OpenText) -> Waiting:
    return Waiting(text.pk, text.version_id, text.question, text.voice, text.language, text.period)


def texts_of(office_pk: int) -> QuerySet[OpenText]:
    """The texts of an office that still have their raw words, in the order of their random ids."""
    return OpenText.objects.filter(office_id=office_pk).exclude(box=b"").defer("box").order_by("pk")


def waiting_text(office_pk: int, pk: uuid.UUID) -> Waiting:
    """One text of an office. Raises NotFound, also for another office's."""
    text = OpenText.objects.filter(office_id=office_pk, pk=pk).first()
    if text is None:
        raise NotFound(_("This text does not exist."))
    return _waiting(text)


def raw_words(pk: uuid.UUID) -> str:
    """The words as the client wrote them. Whoever calls this writes it in the journal.

    Raises NotFound when the words are gone, or when the text key is not the one that sealed them.
    """
    text = OpenText.objects.filter(pk=pk).only("box", "period").first()
    if text is None or not text.box:
        raise NotFound(_("These words were deleted."))
    try:
        return sealing.unlock_text(bytes(text.box), keyring.text_key(text.period))
    except (sealing.Unreadable, keyring.KeyLost):
        raise NotFound(
            _("These words cannot be read: the text key is not the one that sealed them. Ask the operator.")
        ) from None


def lost_keys(office_pk: int) -> int:
    """Batches of an office whose key is gone."""
    return (
        Batch.objects.filter(dispatch__round__office_id=office_pk, key_lost=True)
        .filter(Exists(Envelope.objects.filter(batch=OuterRef("pk"))))
        .count()
    )
