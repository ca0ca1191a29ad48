"""Reading talks, their words, and whom to call next."""

import datetime as dt
import json
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _

from gehoor.base import codes, secretbox
from gehoor.base.errors import NotFound
from gehoor.interviews import safe
from gehoor.interviews.calls import Person
from gehoor.interviews.models import Contact, Ended, Interview, Tally
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


def to_call(meeting: Meeting, now: dt.datetime) -> QuerySet[Contact]:
    """Who can be called now and is in nobody's hand: an agreed moment first, then who was tried least."""
    free = Q(held_until__isnull=True) | Q(held_until__lte=now)
    due = Q(call_back_at__isnull=True) | Q(call_back_at__lte=now)
    return Contact.objects.filter(free & due, meeting=meeting).order_by(
        F("call_back_at").asc(nulls_last=True), "tries", "guid"
    )


def counts_of(meeting: Meeting, now: dt.datetime) -> dict[str, int]:
    """How many there are to call, how many of these later, and how calls ended."""
    waiting = Contact.objects.filter(meeting=meeting)
    return {
        "waiting": waiting.count(),
        "later": waiting.filter(call_back_at__gt=now).count(),
        "now": to_call(meeting, now).count(),
    }


def ends_of(meeting: Meeting) -> list[tuple[str, int]]:
    """How the calls of a series ended, in words."""
    found = dict(Tally.objects.filter(meeting=meeting).values_list("ended", "number"))
    return [(str(ended.label), found[ended]) for ended in Ended if found.get(ended)]


def next_moment(meeting: Meeting, now: dt.datetime) -> dt.datetime | None:
    """When the next agreed call is."""
    later = Contact.objects.filter(meeting=meeting, call_back_at__gt=now)
    return later.order_by("call_back_at").values_list("call_back_at", flat=True).first()
