"""Reading in the reading room."""

import random
import uuid
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from gehoor.answers import queries as answers
from gehoor.answers.queries import Waiting
from gehoor.base.errors import NotAllowed, NotFound
from gehoor.offices import journal
from gehoor.offices.models import Member, Office
from gehoor.reading import redaction, rules
from gehoor.reading.models import Concern, ReadText, Verdict
from gehoor.reading.redaction import Span

FEWEST_TEXTS = 10
_shuffle = random.SystemRandom().shuffle


@dataclass(frozen=True)
class Opened:
    """A raw text on a reader's desk, with what the machine would hide."""

    text: Waiting
    words: str
    proposed: list[Span]


def queue(office: Office) -> list[Waiting]:
    """The texts that nobody has dealt with, in no order of arrival."""
    done = set(ReadText.objects.filter(office_id=office.pk).values_list("pk", flat=True))
    return [
        Waiting(text.pk, text.version_id, text.question, text.voice, text.language, text.period)
        for text in answers.texts_of(office.pk)
        if text.pk not in done
    ]


def at_triage(office: Office) -> QuerySet[ReadText]:
    """The texts that a reader passed on because of danger."""
    return ReadText.objects.filter(office_id=office.pk, verdict=Verdict.DANGER).order_by("pk")


def concerns_of(office: Office) -> QuerySet[Concern]:
    """What triage did."""
    return Concern.objects.filter(office=office)


def open_text(member: Member, pk: uuid.UUID, *, why: str = "") -> Opened:
    """Open a raw text. Each opening is a line in the journal, with the quarter and the question, never the text.

    Raises NotAllowed or NotFound.
    """
    if refusal := rules.why_not_open(member, ReadText.objects.filter(pk=pk, office_id=member.office_id).first(), why=why):
        raise NotAllowed(refusal)
    text = answers.waiting_text(member.office_id, pk)
    words = answers.raw_words(pk)
    subject = f"{text.period} {text.question}" + (f": {why}" if why else "")
    journal.write(member.office, journal.Verb.TEXT_OPENED, subject, by=member)
    return Opened(text, words, redaction.propose(words, language=text.language))


def approved_for(office: Office, *, version_pk: int, question: str, period: str) -> list[str]:
    """Approved texts of one question in one quarter, in random order; none below ten (design §5)."""
    found = list(
        ReadText.objects.filter(
            office_id=office.pk, version_id=version_pk, question=question, period=period, verdict=Verdict.APPROVED
        ).values_list("words", flat=True)
    )
    if len(found) < FEWEST_TEXTS:
        return []
    _shuffle(found)
    return found


def read_text(office: Office, pk: uuid.UUID) -> ReadText:
    """A text that was dealt with. Raises NotFound."""
    found = ReadText.objects.filter(office_id=office.pk, pk=pk).first()
    if found is None:
        raise NotFound(_("This text does not exist."))
    return found
