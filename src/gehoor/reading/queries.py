"""Reading in the reading room."""

import datetime as dt
import random
import uuid
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from django.db.models import QuerySet
from django.utils import timezone

from gehoor.answers import queries as answers
from gehoor.answers.queries import Waiting
from gehoor.base import clock
from gehoor.base.errors import NotAllowed, NotFound, NotNow
from gehoor.offices import journal
from gehoor.offices import queries as offices
from gehoor.offices.journal import Verb
from gehoor.offices.models import Member, Office
from gehoor.reading import redaction, rules
from gehoor.reading.models import Concern, ReadText, Verdict
from gehoor.reading.redaction import Span

FEWEST_TEXTS = 10
DECIDED = (Verb.TEXT_APPROVED, Verb.TEXT_SET_ASIDE, Verb.TEXT_FLAGGED)
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


@dataclass(frozen=True)
class Group:
    """Waiting texts of one question, language and quarter; `one` stands for all in what may be known of them unopened.

    `urgent` of them hold a word from the lists about danger.
    """

    key: str
    one: Waiting
    size: int
    urgent: int


def key_of(text: Waiting) -> str:
    """The group of a text, as it stands in an address."""
    return f"{text.version_pk}.{text.question}.{text.language}.{text.period}"


def groups(waiting: Sequence[Waiting]) -> list[Group]:
    """Waiting texts by question, language and quarter: groups with danger first, then the oldest quarter, then the largest."""
    kinds: dict[str, list[Waiting]] = defaultdict(list)
    for text in waiting:
        kinds[key_of(text)].append(text)
    made = [Group(key, texts[0], len(texts), sum(map(is_urgent, texts))) for key, texts in kinds.items()]
    return sorted(made, key=lambda group: (-group.urgent, group.one.period, -group.size, group.key))


def is_urgent(text: Waiting) -> bool:
    """Does a word list say that this text may be about danger? Words that cannot be unsealed are not urgent.

    This is no reading and leaves no line in the journal: nobody sees a word, and all that comes out is which texts a
    person reads first. It only moves a text up: nothing is hidden, flagged or deleted by it (standards.md §1.3 item 8).
    """
    try:
        return _sounds_dangerous(text.pk, text.language)
    except NotFound:
        return False


@lru_cache(maxsize=20_000)
def _sounds_dangerous(pk: uuid.UUID, language: str) -> bool:
    """Kept in memory as yes or no, so that a long queue is unsealed once."""
    return redaction.looks_dangerous(answers.raw_words(pk), language=language)


def next_text(office: Office, *, like: str = "", but_not: uuid.UUID | None = None) -> Waiting | None:
    """The text to read now: one that may be about danger if there is any, then one of the wanted group, then any other.

    Drawn at random among equals: two readers then seldom get the same one, and the order says nothing. Who leaves a text
    for now (`but_not`) goes on in its group, so that nobody is held up by a text in a language that they cannot read, and
    meets each of its texts once before any comes back: from there on by their keys, which are random themselves.
    """
    waiting = [text for text in queue(office) if text.pk != but_not]
    alike = [text for text in waiting if key_of(text) == like]
    if but_not and waiting:
        wanted = alike or waiting
        return min([text for text in wanted if text.pk > but_not] or wanted, key=lambda text: text.pk)
    wanted = [text for text in waiting if is_urgent(text)] or alike or waiting
    return random.SystemRandom().choice(wanted) if wanted else None


def is_overdue(office: Office, *, today: dt.date) -> bool:
    """Has a text certainly waited for more than one working day (standards.md requirement 27)?

    Texts carry no date, so this goes by the journal of staff: texts wait, and since envelopes were opened more than a
    working day ago nobody has dealt with a text, or nothing was opened since, so that all of them are old.
    """
    return bool(queue(office)) and _is_late(office, _working_day_before(today))


def _is_late(office: Office, fresh_from: dt.date) -> bool:
    lines = offices.journal_of(office)
    openings = lines.filter(verb=Verb.ENVELOPES_OPENED)
    newest, read = openings.first(), lines.filter(verb__in=DECIDED).first()
    if newest is None:
        return False
    if _day(newest.at) < fresh_from:
        return True
    unread_since = openings.filter(at__gt=read.at) if read else openings
    oldest = unread_since.last()
    return oldest is not None and _day(oldest.at) < fresh_from


def _day(moment: dt.datetime) -> dt.date:
    return timezone.localtime(moment).date()


def _working_day_before(day: dt.date) -> dt.date:
    day -= dt.timedelta(days=1)
    while not clock.is_working_day(day):
        day -= dt.timedelta(days=1)
    return day


def at_triage(office: Office) -> QuerySet[ReadText]:
    """The texts that a reader passed on because of danger."""
    return ReadText.objects.filter(office_id=office.pk, verdict=Verdict.DANGER).order_by("pk")


def waiting_at_triage(office: Office) -> list[Waiting]:
    """The same texts, with what may be known of them unopened."""
    return [
        Waiting(read.pk, read.version_id, read.question, read.voice, read.language, read.period)
        for read in at_triage(office)
    ]


def concerns_of(office: Office) -> QuerySet[Concern]:
    """What triage did."""
    return Concern.objects.filter(office=office)


def open_text(member: Member, pk: uuid.UUID, *, why: str = "") -> Opened:
    """Open a raw text. Each opening is a line in the journal, with the quarter and the question, never the text.

    Raises NotAllowed, NotFound, or NotNow when somebody dealt with it.
    """
    read = verdict_on(member.office, pk)
    if refusal := rules.why_not_open(member, read, why=why):
        raise NotAllowed(refusal)
    if closed := rules.why_closed(read):
        raise NotNow(closed)
    text = answers.waiting_text(member.office_id, pk)
    words = answers.raw_words(pk)
    subject = f"{text.period} {text.question}" + (f": {why}" if why else "")
    journal.write(member.office, journal.Verb.TEXT_OPENED, subject, by=member)
    return Opened(text, words, redaction.propose(words, language=text.language))


def approved_for(office: Office, *, version_pk: int, question: str, period: str) -> list[str]:
    """Approved texts of one question in one quarter, in random order; none below ten (design §5).

    Without the language in which somebody answered: a Dutch text would tell by it that its writer chose Arabic.
    """
    rows = ReadText.objects.filter(
        office_id=office.pk, version_id=version_pk, question=question, period=period, verdict=Verdict.APPROVED
    )
    found = list(rows.values_list("words", flat=True))
    if len(found) < FEWEST_TEXTS:
        return []
    _shuffle(found)
    return found


def verdict_on(office: Office, pk: uuid.UUID) -> ReadText | None:
    """What was decided about a text; None when nobody has, or when it is another office's."""
    return ReadText.objects.filter(office_id=office.pk, pk=pk).first()


def text_of(member: Member, pk: uuid.UUID) -> Waiting:
    """What may be known of a text without opening it. Raises NotAllowed, NotFound or NotNow, as opening would."""
    read = verdict_on(member.office, pk)
    if refusal := rules.why_not_decide(member, read):
        raise NotAllowed(refusal)
    if closed := rules.why_closed(read):
        raise NotNow(closed)
    return answers.waiting_text(member.office_id, pk)
