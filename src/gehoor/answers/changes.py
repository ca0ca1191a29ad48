"""Handing in, opening, and taking back.

`hand_in` says "bewaard" only after the commit, and happens once. `open_batch` can be killed at any step and run again:
nothing is lost and nothing doubles.
"""

import datetime as dt
import hashlib
import logging
import random
import uuid
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any

from django.db import DatabaseError, IntegrityError, InterfaceError, OperationalError, connection, router, transaction
from django.db.backends.utils import CursorWrapper
from django.db.models import Exists, OuterRef
from nacl.public import PrivateKey

from gehoor.answers import graves, keyring, sealing, tickets
from gehoor.answers.models import Batch, Envelope, FormKey, HeardIn, OpenedBatch, OpenText, Submission
from gehoor.base import clock
from gehoor.base.errors import GehoorError
from gehoor.offices import journal
from gehoor.questionnaires import queries as questionnaires
from gehoor.questionnaires.answering import Given
from gehoor.questionnaires.models import Version
from gehoor.rounds import changes as rounds
from gehoor.rounds.models import Dispatch, Mode, Round, Status
from gehoor.rounds.queries import Door

log = logging.getLogger("gehoor.answers")
_shuffle = random.SystemRandom().shuffle

FEWEST_ENVELOPES = 5
# A form that came in before changes nothing.
NOTE_FORM = "INSERT INTO answers_formkey (hash, day) VALUES (%s, %s) ON CONFLICT DO NOTHING"
# The envelope, if its batch is open and its round too; both stay so until the transaction ends.
_KEEP = (
    "INSERT INTO answers_envelope (id, batch_id, box) SELECT %s, b.id, %s FROM answers_batch b"
    " JOIN rounds_dispatch d ON d.id = b.dispatch_id JOIN rounds_round r ON r.id = d.round_id WHERE b.id = %s AND NOT b.closed AND r.status = %s"
)
_ONCE = " ON CONFLICT DO NOTHING"
# SQLite has one writer, so that nothing can close the batch between the two halves. On PostgreSQL whoever closes it locks
# the row for update, which waits for this lock and makes it wait; the foreign key takes the same one a moment later.
KEEP = {"sqlite": _KEEP + _ONCE, "postgresql": f"{_KEEP} FOR KEY SHARE OF b{_ONCE}"}
RARE_LANGUAGE = "other"
HELPERS = ("none", "family", "professional", "officer", "interpreter")


class Outcome(Enum):
    """How handing in ended."""

    STORED = "stored"
    STORED_BEFORE = "stored before"  # the same form again: the same success page
    CODE_USED = "code used"
    CLOSED = "closed"


# A statement, its values, and what it means when it does not change one row.
Step = tuple[str, Sequence[Any], Outcome | None]


# --- handing in ---------------------------------------------------------------------------------------------------


def hand_in(door: Door, link_hash: bytes, form_key: bytes, given: Given, *, language: str, helper: str) -> Outcome:
    """Seal an answer, store it once and spend the code, in one transaction. Returns after the commit.

    `link_hash` is empty when the code is shared. Raises OSError or a database error when nothing was stored.
    """
    receipt = tickets.receipt_for(form_key)
    envelope = tickets.envelope_id(receipt)
    answer = _letter(door, given, language=language, helper=helper, receipt=receipt)
    try:
        return _seal_and_store(door, link_hash, form_key, envelope, answer)
    except (InterfaceError, OperationalError):
        # Is the line to the database cut, as after its restart? Then once more over a new one. That is safe, for should the
        # first try have been kept after all, the form is known; and it spares asking before each answer.
        connection.close_if_unusable_or_obsolete()
        if connection.connection is not None:
            raise
        return _seal_and_store(door, link_hash, form_key, envelope, answer)


def _seal_and_store(
    door: Door, link_hash: bytes, form_key: bytes, envelope: uuid.UUID, answer: dict[str, Any]
) -> Outcome:
    for _attempt in range(3):
        batch_pk, public_key = current_batch(door.dispatch_pk)
        box = sealing.seal(answer, public_key)
        outcome = _store(link_hash, form_key, batch_pk, envelope, box)
        if outcome is not None:
            return outcome
        _batches.pop(door.dispatch_pk, None)  # the batch was closed a moment ago: seal again, to the next one
    return Outcome.CLOSED


def _letter(door: Door, given: Given, *, language: str, helper: str, receipt: str) -> dict[str, Any]:
    """What goes into the envelope. The context comes from the round and the dispatch, never from the form."""
    return {
        "version": door.version_pk,
        "mode": door.mode,
        "moment": door.moment,
        "product": door.product,
        "stage": door.stage,
        "language": language,
        "helper": helper if helper in HELPERS else "none",
        "closed": given.closed,
        "words": given.words,
        "receipt": receipt,
    }


def _store(link_hash: bytes, form_key: bytes, batch_pk: uuid.UUID, envelope: uuid.UUID, box: bytes) -> Outcome | None:
    """One transaction: note the form, spend the code, keep the envelope. None when the batch or the round was closed."""
    # Everybody who hands in waits for whoever is in the transaction (on SQLite): nothing is worked out inside.
    steps: list[Step] = [(NOTE_FORM, [hashlib.sha256(form_key).digest(), clock.today()], Outcome.STORED_BEFORE)]
    if link_hash:
        steps.append((rounds.SPEND, [link_hash], Outcome.CODE_USED))
    steps.append((KEEP[connection.vendor], [_uuid(envelope), box, _uuid(batch_pk), Status.OPEN.value], None))
    with transaction.atomic(), connection.cursor() as cursor:
        for (_sql, _values, otherwise), changed in zip(steps, _rows_changed(cursor, steps), strict=True):
            if changed != 1:
                transaction.set_rollback(True)
                return otherwise
    return Outcome.STORED


def _rows_changed(cursor: CursorWrapper, steps: Sequence[Step]) -> Iterator[int]:
    """How many rows each step changed. PostgreSQL takes all of them in one statement; SQLite one by one."""
    if connection.vendor == "postgresql":
        yield from _at_once([sql for sql, _, _ in steps], [value for _, values, _ in steps for value in values])
        return
    for sql, values, _ in steps:
        cursor.execute(sql, values)
        yield cursor.rowcount


def _at_once(steps: Sequence[str], values: Sequence[Any]) -> tuple[int, ...]:
    """Rows changed by each step. The values go apart from the statement, unlike Django's: even a careless log, which keeps
    what failed, then has no line with a code beside an envelope.
    """
    import psycopg  # noqa: PLC0415 -- only where PostgreSQL is

    named = ", ".join(f"step_{place} AS ({sql} RETURNING 1)" for place, sql in enumerate(steps))
    counts = ", ".join(f"(SELECT count(*) FROM step_{place})" for place in range(len(steps)))  # noqa: S608 -- own words
    with connection.wrap_database_errors:
        row: tuple[int, ...] | None = (
            psycopg.Cursor(connection.connection).execute(f"WITH {named} SELECT {counts}", values).fetchone()
        )
    return row or ()


def _uuid(value: uuid.UUID) -> uuid.UUID | str:
    return value if connection.features.has_native_uuid_field else value.hex


# --- batches ------------------------------------------------------------------------------------------------------

# The public key of the open batch, by dispatch: it changes only when a batch is closed, and `_keep` notices that.
_batches: dict[int, tuple[uuid.UUID, bytes]] = {}


def current_batch(dispatch_pk: int) -> tuple[uuid.UUID, bytes]:
    """The open batch of a dispatch and its public key; made when there is none."""
    known = _batches.get(dispatch_pk)
    if known is None:
        row = Batch.objects.filter(dispatch_id=dispatch_pk, closed=False).values_list("pk", "public_key").first()
        known = (row[0], bytes(row[1])) if row else _new_batch(dispatch_pk)
        _batches[dispatch_pk] = known
    return known


def _new_batch(dispatch_pk: int) -> tuple[uuid.UUID, bytes]:
    """A new batch: first its key on disk, then its row. When another process was first, that one's counts."""
    batch_pk, key = uuid.uuid4(), PrivateKey.generate()
    public_key = key.public_key.encode()
    keyring.add(batch_pk, key)
    try:
        with transaction.atomic():
            Batch.objects.create(pk=batch_pk, dispatch_id=dispatch_pk, public_key=public_key)
    except IntegrityError:
        keyring.destroy(batch_pk)
        row = Batch.objects.filter(dispatch_id=dispatch_pk, closed=False).values_list("pk", "public_key").get()
        return row[0], bytes(row[1])
    return batch_pk, public_key


def prepare_batches() -> None:
    """Give each dispatch of an open round its batch, so that the door needs no keyring where it runs apart."""
    for dispatch_pk in Dispatch.objects.filter(round__status=Status.OPEN).values_list("pk", flat=True):
        current_batch(dispatch_pk)


# --- opening ------------------------------------------------------------------------------------------------------


@dataclass
class Opened:
    """What an opening did, in counts."""

    batches: int = 0
    submissions: int = 0
    texts: int = 0
    early: int = 0
    waiting: int = 0
    unreadable: int = 0
    keys_lost: int = 0
    failed: int = 0

    def add(self, other: "Opened") -> None:
        """Add the counts of another batch."""
        for name, number in vars(other).items():
            setattr(self, name, getattr(self, name) + number)


def note_waiting() -> None:
    """Note the day for each batch where envelopes are seen waiting for the first time. Run by the worker each hour."""
    for batch in Batch.objects.filter(waiting_since=None):
        if Envelope.objects.filter(batch=batch).exists():
            Batch.objects.filter(pk=batch.pk).update(waiting_since=clock.today())


def open_all(*, at_once: bool = False) -> Opened:
    """Open each batch that may be opened: five envelopes, or the safety limit; `at_once` when somebody decides so.

    A lost key is loud and counted; the other batches go on.
    """
    note_waiting()
    total = Opened()
    for batch in Batch.objects.select_related("dispatch__round__office"):
        if not batch.closed and not (at_once or _is_due(batch)):
            total.waiting += Envelope.objects.filter(batch=batch).count()
            continue
        try:
            total.add(open_batch(batch))
        except (DatabaseError, OSError, GehoorError) as error:
            log.error("Batch %s could not be opened now: %s. It is tried again.", batch.pk, type(error).__name__)
            total.failed += 1
    return total


def _is_due(batch: Batch) -> bool:
    """Five envelopes or more, or waiting since an earlier day while today is a working day (standards.md §1.3 item 9)."""
    if Envelope.objects.filter(batch=batch).count() >= FEWEST_ENVELOPES:
        return True
    since, today = batch.waiting_since, clock.today()
    return since is not None and since < today and clock.is_working_day(today)


def open_batch(batch: Batch) -> Opened:
    """Open one batch: close it, bring what was in it to the vault in one transaction, then destroy envelopes and key.

    Each step can be repeated: a ledger row in the vault says that the batch is in.
    """
    if batch.key_lost and not keyring.has(batch.pk):
        return Opened(keys_lost=1)
    if not Envelope.objects.filter(batch=batch).exists() and not batch.closed:
        return Opened()
    _close(batch)
    opened = Opened()
    if not OpenedBatch.objects.filter(pk=batch.pk).exists():
        try:
            key = keyring.key_of(batch.pk)
        except keyring.KeyLost as error:
            log.error("%s. Its envelopes cannot be opened; they are counted and kept until somebody decides.", error)
            Batch.objects.filter(pk=batch.pk).update(key_lost=True)
            return Opened(keys_lost=1)
        opened = _bring_to_vault(batch, key)
    _destroy(batch)
    rounds.count_answered(batch.dispatch.round)
    journal.write(batch.dispatch.round.office, journal.Verb.ENVELOPES_OPENED, batch.dispatch.round.name)
    return opened


def _close(batch: Batch) -> None:
    """No envelope comes in after this: waits for those under way, which hold the row."""
    with transaction.atomic():
        Batch.objects.select_for_update().get(pk=batch.pk)
        Batch.objects.filter(pk=batch.pk).update(closed=True)
    _batches.pop(batch.dispatch_id, None)


def _bring_to_vault(batch: Batch, key: PrivateKey) -> Opened:
    """Open, split, shuffle and write, in one transaction of the vault."""
    letters, unreadable = _unseal(batch, key)
    submissions, texts = _split(batch, letters)
    _blur_rare_languages(submissions)
    _shuffle(submissions)
    _shuffle(texts)
    early = len(letters) < FEWEST_ENVELOPES
    for period in {submission.period for submission in submissions}:
        HeardIn.objects.get_or_create(round=batch.dispatch.round, period=period)
    with transaction.atomic(using=router.db_for_write(Submission)):
        OpenedBatch.objects.create(pk=batch.pk, envelopes=len(letters), unreadable=unreadable, early=early)
        Submission.objects.bulk_create(submissions, batch_size=2000)
        OpenText.objects.bulk_create(texts, batch_size=2000)
    if unreadable:
        log.error("Batch %s: %s envelopes could not be read; %s were opened.", batch.pk, unreadable, len(letters))
    return Opened(batches=1, submissions=len(submissions), texts=len(texts), early=int(early), unreadable=unreadable)


def _unseal(batch: Batch, key: PrivateKey) -> tuple[list[dict[str, Any]], int]:
    """The letters of a batch, and how many boxes could not be read or hold something of another shape."""
    letters, unreadable = [], 0
    versions = set(Version.objects.values_list("pk", flat=True))
    for box in Envelope.objects.filter(batch=batch).values_list("box", flat=True).iterator(chunk_size=500):
        try:
            letter = sealing.unseal(bytes(box), key)
        except sealing.Unreadable:
            unreadable += 1
            continue
        if _has_shape(letter) and letter["version"] in versions:
            letters.append(letter)
        else:
            unreadable += 1
    return letters, unreadable


def _has_shape(letter: Mapping[str, Any]) -> bool:
    """Is this a letter as `_letter` writes it?"""
    texts = ("mode", "moment", "product", "stage", "language", "helper", "receipt")
    return (
        all(isinstance(letter.get(name), str) for name in texts)
        and isinstance(letter.get("version"), int)
        and isinstance(letter.get("closed"), dict)
        and isinstance(letter.get("words"), dict)
    )


def _split(batch: Batch, letters: Sequence[Mapping[str, Any]]) -> tuple[list[Submission], list[OpenText]]:
    """Closed answers in one row; each text in a row of its own, with nothing but question, voice, language and quarter."""
    opened_in = clock.quarter(clock.today())
    ids = tickets.many_part_ids([letter["receipt"] for letter in letters])
    a_round = batch.dispatch.round
    submissions: list[Submission] = []
    texts: list[OpenText] = []
    for letter, parts in zip(letters, ids, strict=True):
        content = questionnaires.content_of(letter["version"])
        period = letter.get("period") or opened_in  # older research brings its own quarter; the door never does
        text_key = keyring.text_key(period)
        submissions.append(
            Submission(
                id=parts[0], round_id=a_round.pk, version_id=letter["version"], period=period, voice=content.voice,
                mode=letter["mode"], moment=letter["moment"], language=letter["language"], helper=letter["helper"],
                product=letter["product"], stage=letter["stage"], answers=letter["closed"],
            )
        )  # fmt: skip
        places = {question.key: place for place, question in enumerate(content.open, start=1)}
        texts += [
            OpenText(
                id=parts[places[question]], office_id=a_round.office_id, version_id=letter["version"], question=question,
                voice=content.voice, language=letter["language"], period=period, box=sealing.lock_text(str(words), text_key),
            )
            for question, words in letter["words"].items()
            if question in places
        ]  # fmt: skip
    return submissions, texts


def _blur_rare_languages(submissions: Sequence[Submission]) -> None:
    """A text shows its language by itself: whoever is alone in a batch with hers could be found among the counted answers."""
    common = Counter(submission.language for submission in submissions)
    for submission in submissions:
        if common[submission.language] < FEWEST_ENVELOPES:
            submission.language = RARE_LANGUAGE


def _destroy(batch: Batch) -> None:
    """Only after the vault has committed: the envelopes go, then the key, then the row."""
    Envelope.objects.filter(batch=batch).delete()
    keyring.destroy(batch.pk)
    Batch.objects.filter(pk=batch.pk).delete()


# --- taking back --------------------------------------------------------------------------------------------------


def take_back(receipt: str) -> int:
    """Remove every part of an answer, opened or not. Returns the number of parts; 0 when there is none.

    Released figures change at the next release only, and only as the gate allows. Nothing but ids is read: the door may
    do no more.
    """
    envelope, parts = tickets.envelope_id(receipt), tickets.part_ids(receipt)
    removed, _ = Envelope.objects.filter(pk=envelope).only("pk").delete()
    closed, texts = (
        Submission.objects.filter(pk=parts[0]).only("pk"),
        OpenText.objects.filter(pk__in=parts[1:]).only("pk"),
    )
    if closed.exists() or texts.exists():
        graves.dig(parts)
        with transaction.atomic(using=router.db_for_write(Submission)):
            removed += closed.delete()[0] + texts.delete()[0]
    return removed


def bury_again() -> int:
    """After a restore: remove the parts that were taken back since the backup was made. Returns how many came back to life."""
    parts = graves.all_dug()
    with transaction.atomic(using=router.db_for_write(Submission)):
        return sum(model.objects.filter(pk__in=parts).delete()[0] for model in (Submission, OpenText))


def forget_form_keys(before: dt.date) -> int:
    """Delete the marks of forms that were handed in before a day."""
    return FormKey.objects.filter(day__lt=before).delete()[0]


def forget_raw_words(office_pk: int, *, last_period: str) -> int:
    """Delete the texts whose raw words are still there, up to and with a quarter: unread ones, and those at triage."""
    old = OpenText.objects.filter(office_id=office_pk, period__lte=last_period).exclude(box=b"")
    return old.delete()[1].get(OpenText._meta.label, 0)


def forget_texts(office_pk: int, *, last_period: str) -> int:
    """Delete the texts of an office up to and with a quarter, approved or not; what readers made of them goes along."""
    return (
        OpenText.objects.filter(office_id=office_pk, period__lte=last_period).delete()[1].get(OpenText._meta.label, 0)
    )


def forget_submissions(office_pk: int, *, last_period: str) -> int:
    """Delete the countable answers of an office up to and with a quarter."""
    rounds_of_office = list(Round.objects.filter(office_id=office_pk).values_list("pk", flat=True))
    return Submission.objects.filter(round_id__in=rounds_of_office, period__lte=last_period).delete()[0]


def forget_empty_batches(office_pk: int) -> int:
    """Delete the batches of closed rounds in which nothing waits, with their keys. Nothing can come into them any more."""
    empty = Batch.objects.filter(dispatch__round__office_id=office_pk, dispatch__round__status=Status.CLOSED)
    gone = 0
    for batch in empty.filter(~Exists(Envelope.objects.filter(batch=OuterRef("pk")))):
        _close(batch)
        if not Envelope.objects.filter(batch=batch).exists():  # one may have come in just before
            _destroy(batch)
            gone += 1
    return gone


# --- older research -----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Older:
    """One answer of older research: by question key, with the context that the file gives."""

    given: Given
    language: str
    product: str
    period: str


def take_in(a_round: Round, answers: Sequence[Older]) -> int:
    """Seal older answers like any other, in one transaction; `open_all` opens them. Nobody holds their receipts."""
    dispatch = rounds.note_import(a_round)
    batch_pk, public_key = current_batch(dispatch.pk)
    letters = [_older_letter(a_round, answer) for answer in answers if not answer.given.is_empty]
    envelopes = [
        Envelope(pk=tickets.envelope_id(letter["receipt"]), batch_id=batch_pk, box=sealing.seal(letter, public_key))
        for letter in letters
    ]
    with transaction.atomic():
        Envelope.objects.bulk_create(envelopes, batch_size=500)
    return len(envelopes)


def _older_letter(a_round: Round, answer: Older) -> dict[str, Any]:
    return {
        "version": a_round.version_id, "mode": Mode.IMPORT.value, "moment": a_round.moment, "stage": a_round.stage,
        "product": answer.product or a_round.product.code, "language": answer.language, "helper": "none",
        "closed": answer.given.closed, "words": answer.given.words, "period": answer.period,
        "receipt": tickets.receipt_for(uuid.uuid4().bytes),
    }  # fmt: skip


def forget_text_keys(today: dt.date) -> int:
    """Destroy the text keys of past quarters of which no raw words are left: then no backup can show them either."""
    waiting = set(OpenText.objects.exclude(box=b"").values_list("period", flat=True).distinct())
    done = [period for period in keyring.text_periods() if period < clock.quarter(today) and period not in waiting]
    for period in done:
        keyring.destroy_text_key(period)
    return len(done)


# --- the counter: the only ways in which another room gets at what was said ----------------------------------------


def erase_words(text_pk: uuid.UUID) -> None:
    """Destroy the raw words of a text, once a reader has dealt with it. The row stays: its receipt still finds it."""
    OpenText.objects.filter(pk=text_pk).update(box=b"")
