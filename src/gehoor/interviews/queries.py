"""Reading talks, their words, and whom to call next."""

import datetime as dt
import hashlib
import json
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import F, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from gehoor.base import codes, secretbox
from gehoor.base.errors import NotFound
from gehoor.interviews import safe
from gehoor.interviews.calls import Person
from gehoor.interviews.models import Contact, DealtWith, Ended, Interview, Tally
from gehoor.interviews.transcripts import Turn
from gehoor.meetings.models import Kind, Meeting, Source
from gehoor.offices.models import Member, Office


def series_of(office: Office) -> QuerySet[Meeting]:
    """The series of interviews of an office."""
    return Meeting.objects.filter(office=office, kind=Kind.INTERVIEW)


def interviews_of(meeting: Meeting) -> QuerySet[Interview]:
    """The talks of a series, in an order that says nothing."""
    return Interview.objects.filter(meeting=meeting)


def interview_for(member: Member, guid: uuid.UUID) -> Interview:
    """A talk of the member's own office. Raises NotFound for any other."""
    found = Interview.objects.filter(guid=guid, meeting__office=member.office)
    interview = found.select_related("meeting", "meeting__office").first()
    if interview is None:
        raise NotFound(_("This interview does not exist."))
    return interview


def number_of(interview: Interview) -> str:
    """The 16 digits with which somebody can take the talk back later. They follow from the talk; nothing is stored."""
    mark = secretbox.keyed("interview number", interview.guid.bytes)
    return f"{int.from_bytes(mark, 'big') % 10**codes.RECEIPT_LENGTH:0{codes.RECEIPT_LENGTH}d}"


def by_number(meeting: Meeting, number: str) -> Interview | None:
    """The talk of a series that has this number."""
    digits = codes.digits(number)
    return next((each for each in interviews_of(meeting) if number_of(each) == digits), None)


# --- words --------------------------------------------------------------------------------------------------------


def turns_of(interview: Interview) -> list[Turn]:
    """The transcript as it stands now. Raises safe.KeyLost."""
    return _opened(interview.turns, f"turns-{interview.guid.hex}")


def original_of(interview: Interview) -> list[Turn]:
    """The transcript as it came in; empty when it was checked. Raises safe.KeyLost."""
    return _opened(interview.original, f"original-{interview.guid.hex}")


def version_of(interview: Interview) -> str:
    """What a form says of the words that it was made from; empty when there are none. Made of the sealed box, not of words."""
    return hashlib.sha256(interview.turns).hexdigest()[:32] if interview.turns else ""


def _opened(box: bytes | memoryview | None, name: str) -> list[Turn]:
    return [Turn(*parts) for parts in json.loads(safe.unseal(bytes(box), name))] if box else []


def packed(turns: Sequence[Turn]) -> str:
    """Turns as they go into their box."""
    return json.dumps([[turn.speaker, turn.words, turn.start, turn.end] for turn in turns], ensure_ascii=False)


def source_of(interview: Interview) -> Source | None:
    """The checked words, as they went on."""
    return Source.objects.filter(pk=interview.guid.hex).first()


# --- calling ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class InHand:
    """A contact that somebody is calling now."""

    contact: Contact
    person: Person

    @property
    def tries(self) -> list[str]:
        """What became of the calls before, in words."""
        return [str(Ended(ended).label) for ended in self.contact.outcomes]


def calls_key(meeting: Meeting) -> str:
    """The name of the key of a call list."""
    return f"calls-{meeting.pk}"


def opened(contact: Contact) -> InHand:
    """A contact with the box open. Raises safe.KeyLost."""
    return InHand(contact, Person.unpacked(safe.unseal(bytes(contact.box), calls_key(contact.meeting))))


def can_be_called(now: dt.datetime) -> Q:
    """In nobody's hand, and no hour to wait for: one that was agreed, or one after a try."""
    free = Q(held_until__isnull=True) | Q(held_until__lte=now)
    due = Q(call_back_at__isnull=True) | Q(call_back_at__lte=now)
    rested = Q(rests_until__isnull=True) | Q(rests_until__lte=now)
    return free & due & rested


def to_call(meeting: Meeting, now: dt.datetime) -> QuerySet[Contact]:
    """Who can be called now: an agreed moment first, then who was tried least."""
    return Contact.objects.filter(can_be_called(now), meeting=meeting).order_by(
        F("call_back_at").asc(nulls_last=True), "tries", "guid"
    )


def counts_of(meeting: Meeting, now: dt.datetime) -> dict[str, int]:
    """How many there are to call, and how many of these at an agreed hour, after a pause, or now."""
    waiting = Contact.objects.filter(meeting=meeting)
    return {
        "waiting": waiting.count(),
        "later": waiting.filter(call_back_at__gt=now).count(),
        "resting": waiting.filter(rests_until__gt=now).count(),
        "now": to_call(meeting, now).count(),
    }


def ends_of(meeting: Meeting) -> list[tuple[str, int]]:
    """How the calls of a series ended, in words."""
    found = dict(Tally.objects.filter(meeting=meeting).values_list("ended", "number"))
    return [(str(ended.label), found[ended]) for ended in Ended if found.get(ended)]


def next_moment(meeting: Meeting, now: dt.datetime) -> dt.datetime | None:
    """When the next call may be made, of those that have to wait: never before an hour that was agreed."""
    later = Contact.objects.filter(Q(call_back_at__gt=now) | Q(rests_until__gt=now), meeting=meeting)
    moments = later.annotate(moment=Coalesce("call_back_at", "rests_until")).order_by("moment")
    return moments.values_list("moment", flat=True).first()


def has_no_list(meeting: Meeting) -> bool:
    """Is there nobody to call because nobody was put on the list, or because it was thrown away?"""
    return not any(kind.objects.filter(meeting=meeting).exists() for kind in (Contact, DealtWith))
