"""Whom to call, what somebody agreed to, what they said, the recording; and how each of these goes.

Calls and agreements leave no line in the journal: a line has a clock, and would put the moment of a call beside a talk.
"""

import datetime as dt
import hashlib
import hmac
import uuid
from collections.abc import Sequence

from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

from gehoor.base import clock
from gehoor.base.errors import BadInput, NotAllowed, NotNow
from gehoor.interviews import faults, queries, rules, safe, scripts, sound, tapes, transcripts
from gehoor.interviews.calls import Person
from gehoor.interviews.models import Contact, DealtWith, Ended, Interview, Tally
from gehoor.interviews.queries import InHand
from gehoor.interviews.sound import NoSound
from gehoor.interviews.tapes import Writer
from gehoor.interviews.transcripts import NoTranscript, Turn
from gehoor.meetings.models import Life, Meeting, Source, SourceKind
from gehoor.offices import journal
from gehoor.offices.models import Member, Office

HELD = dt.timedelta(minutes=20)  # as long as a call of ten minutes may take; then the contact is free again


class OldPage(NotNow):
    """The words were changed since the page was made from which somebody changes them."""

    def __init__(self) -> None:
        super().__init__(_("The words were changed in another window, or by somebody else. Compare, and send again."))


def _refuse(by: Member | None) -> None:
    if why := rules.why_not_interview(by):
        raise NotAllowed(why)


# --- calling ------------------------------------------------------------------------------------------------------


def _mark(meeting: Meeting, number: str) -> bytes:
    """What is kept of a number, under the key of the list: it can't be tried out once that key is gone."""
    return hmac.digest(safe.key(queries.calls_key(meeting)), number.encode(), hashlib.sha256)


@transaction.atomic
def add_contacts(meeting: Meeting, people: Sequence[Person], *, by: Member | None = None) -> tuple[int, int]:
    """Put people on the call list. Returns how many came on it, and how many were on it or dealt with already.

    Rows go in by their random key: the order of the list is not kept. Raises NotAllowed or NotNow.
    """
    _refuse(by)
    if why := rules.why_not_add_contacts(meeting, clock.today()):
        raise NotNow(why)
    marked = {_mark(meeting, person.number): person for person in people}
    known = {
        bytes(mark)
        for kind in (Contact, DealtWith)
        for mark in kind.objects.filter(meeting=meeting).values_list("mark", flat=True)
    }
    name = queries.calls_key(meeting)
    rows = [
        Contact(meeting=meeting, mark=mark, box=safe.seal(person.packed(), name))
        for mark, person in marked.items()
        if mark not in known
    ]
    Contact.objects.bulk_create(sorted(rows, key=lambda row: row.guid), batch_size=500)
    journal.write(meeting.office, journal.Verb.CALLS_ADDED, f"{meeting.name}: {len(rows)}", by=by)
    return len(rows), len(people) - len(rows)


def drop_contacts(meeting: Meeting, *, by: Member | None = None) -> int:
    """Throw the call list away, with what was kept of numbers that were dealt with. Raises NotAllowed."""
    _refuse(by)
    with transaction.atomic():
        number = _forget_list(meeting)
        journal.write(meeting.office, journal.Verb.CALLS_DROPPED, meeting.name, by=by)
    safe.destroy(queries.calls_key(meeting))
    return number


def _forget_list(meeting: Meeting) -> int:
    DealtWith.objects.filter(meeting=meeting).delete()
    return Contact.objects.filter(meeting=meeting).delete()[0]


def take_next(meeting: Meeting, *, by: Member) -> InHand | None:
    """Whom to call: the one in hand, or else the next one, which nobody else gets for twenty minutes. None: nobody now.

    Raises NotAllowed, NotNow or safe.KeyLost.
    """
    _refuse(by)
    if why := rules.why_not_hold(meeting):
        raise NotNow(why)
    now = clock.now()
    mine = Contact.objects.filter(meeting=meeting, held_by=by, held_until__gt=now).first()
    if mine is not None:
        return queries.opened(mine)
    for contact in queries.to_call(meeting, now)[:20]:
        free = Contact.objects.filter(queries.can_be_called(now), pk=contact.pk)
        if free.update(held_by=by, held_until=now + HELD):  # one statement: two callers can't both change the row
            contact.held_by = by
            return queries.opened(contact)
    return None


@transaction.atomic
def end_call(contact: Contact, ended: str, *, again: dt.datetime | None = None, by: Member | None = None) -> bool:
    """Note what became of a call. Returns whether the contact is gone, as after any end and after six tries.

    Only the code of the outcome is kept, with an hour: when somebody wants to be called back, or else until when we wait.
    Raises NotAllowed or BadInput.
    """
    _refuse(by)
    now = clock.now()
    if why := rules.why_not_end_call(contact, ended, by=by, now=now, again=again):
        raise BadInput([why])
    if rules.is_closed_by(contact, ended):
        _close(contact, Ended.GAVE_UP if ended in rules.TRY_AGAIN else ended)
        return True
    contact.outcomes = [*contact.outcomes, ended]
    contact.tries += 1
    contact.call_back_at = again if ended == Ended.CALL_BACK else None
    contact.rests_until = None if ended == Ended.CALL_BACK else rules.next_try(now)
    contact.held_by, contact.held_until = None, None
    contact.save()
    return False


def _close(contact: Contact, ended: str) -> None:
    """The row goes. Marks of numbers are written anew together, in order: the last one can't be told from the others."""
    meeting = contact.meeting
    contact.delete()
    dealt = DealtWith.objects.filter(meeting=meeting)
    marks = sorted([bytes(contact.mark), *(bytes(mark) for mark in dealt.values_list("mark", flat=True))])
    dealt.delete()
    DealtWith.objects.bulk_create(DealtWith(mark=mark, meeting=meeting) for mark in marks)
    Tally.objects.get_or_create(meeting=meeting, ended=ended)
    Tally.objects.filter(meeting=meeting, ended=ended).update(number=F("number") + 1)


# --- consent ------------------------------------------------------------------------------------------------------


@transaction.atomic
def agree(
    meeting: Meeting,
    *,
    key: uuid.UUID,
    how: str,
    voice: str,
    age: str,
    agreed_by: str,
    takes_part: bool,
    language: str,
    with_parent: bool = False,
    may_quote: bool = False,
    may_record: bool = False,
    by: Member | None = None,
) -> Interview:
    """Somebody agreed: the talk exists from here on, under the key that the page made. Pressing twice is one talk.

    Raises NotAllowed, NotNow, or BadInput when who agreed may not.
    """
    _refuse(by)
    if why := rules.why_not_hold(meeting):
        raise NotNow(why)
    if why := rules.why_not_agree(
        age=age, voice=voice, agreed_by=agreed_by, with_parent=with_parent, takes_part=takes_part
    ):
        raise BadInput([why])
    facts = {
        "how": how, "voice": voice, "period": clock.quarter(clock.today()), "age": age, "agreed_by": agreed_by,
        "with_parent": with_parent, "takes_part": takes_part, "may_quote": may_quote, "may_record": may_record,
        "language": language, "words": scripts.consent_for(meeting, age, voice, language).text,
    }  # fmt: skip
    interview, _is_new = Interview.objects.get_or_create(guid=key, meeting=meeting, defaults=facts)
    return interview


def withdraw(interview: Interview, *, by: Member | None = None) -> None:
    """Somebody no longer agrees: the recording, the transcript, what went on of it, and the agreement itself go.

    Raises NotAllowed.
    """
    _refuse(by)
    guid = interview.guid
    with transaction.atomic():
        Source.objects.filter(pk=guid.hex).delete()
        Interview.objects.filter(pk=guid).delete()
        journal.write(interview.meeting.office, journal.Verb.INTERVIEW_WITHDRAWN, interview.meeting.name, by=by)
    _destroy_words(guid)
    tapes.delete(guid)


def _destroy_words(guid: uuid.UUID) -> None:
    for kind in ("original", "turns"):
        safe.destroy(f"{kind}-{guid.hex}")


# --- words --------------------------------------------------------------------------------------------------------


# `version` is that of the words on the page from which somebody changes them (queries.version_of). None, for whoever has
# no page: the words as `interview` holds them.


def upload(
    interview: Interview,
    name: str,
    data: bytes,
    *,
    replace: bool = False,
    version: str | None = None,
    by: Member | None = None,
) -> Interview:
    """A transcript from a file; in place of words that were there only with `replace`.

    Raises NotAllowed, NotNow, OldPage, or BadInput with what to do.
    """
    _refuse_to_write(interview, by=by)
    try:
        turns = transcripts.read(name, data)
    except NoTranscript as error:
        raise BadInput([faults.of_transcript(error)]) from None
    if turns == queries.turns_of(interview):
        return interview
    if why := rules.why_not_replace(interview, replace=replace):
        raise BadInput([why])
    _refuse_old(interview, version)
    return _keep(interview, turns, is_new=True)


def write(interview: Interview, text: str, *, version: str | None = None, by: Member | None = None) -> Interview:
    """What somebody typed: the first time it is the original too, later it is a correction. Raises as `upload` does."""
    _refuse_to_write(interview, by=by)
    try:
        turns = transcripts.typed(text)
    except NoTranscript as error:
        raise BadInput([faults.of_transcript(error)]) from None
    return _correct(interview, transcripts.with_ends(turns, queries.turns_of(interview)), version=version)


def name_speakers(
    interview: Interview, names: dict[str, str], *, version: str | None = None, by: Member | None = None
) -> Interview:
    """Give speakers another label. Raises NotAllowed, NotNow or OldPage."""
    _refuse_to_write(interview, by=by)
    return _correct(interview, transcripts.renamed(queries.turns_of(interview), names), version=version)


def hide(
    interview: Interview, word: str, placeholder: str, *, version: str | None = None, by: Member | None = None
) -> int:
    """Replace a name wherever it stands. Returns how often it stood there. Raises NotAllowed, NotNow, OldPage or BadInput."""
    _refuse_to_write(interview, by=by)
    if why := rules.why_not_hide(word, placeholder):
        raise BadInput([why])
    turns, times = transcripts.hidden(queries.turns_of(interview), word, placeholder.strip())
    _correct(interview, turns, version=version)
    return times


def _refuse_to_write(interview: Interview, *, by: Member | None) -> None:
    _refuse(by)
    if why := rules.why_not_write(interview):
        raise NotNow(why)


def _refuse_old(interview: Interview, version: str | None) -> None:
    if version is not None and version != queries.version_of(interview):
        raise OldPage


def _correct(interview: Interview, turns: Sequence[Turn], *, version: str | None) -> Interview:
    """Pressing twice changes nothing the second time, and is no quarrel."""
    if list(turns) == queries.turns_of(interview):
        return interview
    _refuse_old(interview, version)
    return _keep(interview, turns, is_new=not interview.turns)


def _keep(interview: Interview, turns: Sequence[Turn], *, is_new: bool) -> Interview:
    words = queries.packed(turns)
    boxes = {"turns": safe.seal(words, f"turns-{interview.guid.hex}")}
    if is_new:
        boxes["original"] = safe.seal(words, f"original-{interview.guid.hex}")
    before = bytes(interview.turns) if interview.turns else None
    still = Interview.objects.filter(pk=interview.pk, checked=False)
    # One statement: whoever withdrew meanwhile is heard, and whoever changed a word is not undone.
    if not still.filter(turns=before).update(**boxes):
        if still.exists():
            raise OldPage
        raise NotNow(_("This interview was withdrawn or checked meanwhile. Nothing was kept."))
    interview.refresh_from_db()
    return interview


def check(interview: Interview, *, version: str | None = None, by: Member | None = None) -> Source:
    """The transcript is right and names nobody: its words go on once, as a source under the key of the talk.

    The original is destroyed. What stands beside the recording goes with the recording, within 14 days. Raises NotAllowed,
    NotNow, or OldPage when somebody read other words than these.
    """
    _refuse(by)
    if not interview.checked:
        _refuse_old(interview, version)
    turns = queries.turns_of(interview)
    if why := rules.why_not_check(interview, transcripts.speakers(turns)):
        raise NotNow(why)
    with transaction.atomic():
        row = Interview.objects.select_for_update().filter(pk=interview.pk, checked=False).first()
        if row is None:
            raise NotNow(_("This interview was withdrawn or checked meanwhile. Nothing was kept."))
        _refuse_old(row, queries.version_of(interview))
        row.checked, row.original = True, None
        if row.sound_until is None:
            row.turns = None
        else:
            row.sound_until = min(row.sound_until, clock.today() + rules.SOUND_KEPT_CHECKED)
        row.save()
        source = Source.objects.create(
            guid=row.guid.hex, meeting=row.meeting, kind=SourceKind.INTERVIEW, voice=row.voice, may_quote=row.may_quote,
            text="\n".join(f"{turn.speaker}: {turn.words}" if turn.speaker else turn.words for turn in turns),
        )  # fmt: skip
        journal.write(row.meeting.office, journal.Verb.INTERVIEW_CHECKED, row.meeting.name, by=by)
    safe.destroy(f"original-{row.guid.hex}")
    if row.turns is None:
        safe.destroy(f"turns-{row.guid.hex}")
    return source


# --- sound --------------------------------------------------------------------------------------------------------


def keep_sound(interview: Interview, writer: Writer, *, by: Member | None = None) -> Interview:
    """A recording that came in: wiped of what it tells about its making, then kept. Raises NotAllowed, NotNow or BadInput."""
    _refuse(by)
    if why := rules.why_not_record(interview):
        raise NotNow(why)
    writer.finish()
    if not writer.size:
        raise BadInput([faults.no_file()])
    try:
        with writer.tape() as tape:
            kind = sound.clean(tape)
    except NoSound as error:
        raise BadInput([faults.of_sound(error)]) from None
    facts = {"sound_kind": kind, "sound_size": writer.size, "sound_until": clock.today() + rules.SOUND_KEPT}
    with transaction.atomic():
        free = Interview.objects.select_for_update().filter(
            pk=interview.pk, may_record=True, checked=False, sound_size=None
        )
        if not free.update(**facts):
            raise NotNow(_("This interview was withdrawn or checked meanwhile. Nothing was kept."))
        writer.keep()
    interview.refresh_from_db()
    return interview


def delete_sound(interview: Interview, *, by: Member | None = None) -> None:
    """Delete the recording before its day. Raises NotAllowed."""
    _refuse(by)
    _delete_sound(interview)


def _delete_sound(interview: Interview) -> None:
    """File and key first: if something stops us here, the night does the rest."""
    tapes.delete(interview.guid)
    gone = {"sound_kind": "", "sound_size": None, "sound_until": None}
    Interview.objects.filter(pk=interview.pk).update(**gone)
    if interview.checked:
        Interview.objects.filter(pk=interview.pk).update(turns=None)
        safe.destroy(f"turns-{interview.guid.hex}")


# --- what is due --------------------------------------------------------------------------------------------------


def forget_contacts(office: Office, *, held_before: dt.date) -> int:
    """Delete the call lists of series that were held before a day or have ended, with their keys. Returns how many people."""
    number = 0
    due = queries.series_of(office).filter(Q(held_on__lt=held_before) | Q(life=Life.CLOSED))
    for meeting in due:
        number += _forget_list(meeting)
        safe.destroy(queries.calls_key(meeting))
    return number


def forget_sounds(office: Office, today: dt.date) -> int:
    """Delete recordings on their day, with their keys. Returns how many."""
    due = list(Interview.objects.filter(meeting__office=office, sound_until__lte=today))
    for interview in due:
        _delete_sound(interview)
    return len(due)


def forget_stray_sounds() -> int:
    """Delete files of recordings that belong to no talk. Returns how many."""
    return tapes.delete_strays(set(Interview.objects.filter(sound_size__isnull=False).values_list("guid", flat=True)))


def forget_interviews(office: Office, *, last_period: str) -> int:
    """Delete talks of a quarter or before that were never checked, and agreements whose words are gone. Returns how many.

    An agreement is kept as long as the words that it covers.
    """
    number = 0
    for interview in Interview.objects.filter(meeting__office=office):
        over = interview.period <= last_period and not interview.checked
        if over or (interview.checked and queries.source_of(interview) is None):
            _destroy_words(interview.guid)
            tapes.delete(interview.guid)
            interview.delete()
            number += 1
    return number
