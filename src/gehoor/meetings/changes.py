"""Planning a meeting, opening its doors, letting people in, ending it."""

import datetime as dt
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction

from gehoor.base import codes
from gehoor.base.errors import BadInput, NotAllowed, NotNow
from gehoor.meetings import guests, queries, rules
from gehoor.meetings.models import Entrance, Guest, Life, Meeting
from gehoor.offices import journal
from gehoor.offices.models import Member, Office


@dataclass(frozen=True)
class FreshEntrance:
    """The code of a meeting at the only moment that it is known."""

    typed: str
    link: str

    @property
    def url(self) -> str:
        """The address that lets somebody in."""
        return f"{settings.GEHOOR_BASE_URL}/m/{self.link}"

    @property
    def shown(self) -> str:
        """The code as it is read out loud."""
        return codes.grouped(self.typed)


@transaction.atomic
def plan(office: Office, *, kind: str, name: str, purpose: str, held_on: dt.date, by: Member | None = None) -> Meeting:
    """A meeting that nobody was invited to yet. Raises NotAllowed."""
    if why := rules.why_not_manage(by):
        raise NotAllowed(why)
    meeting = Meeting.objects.create(office=office, kind=kind, name=name, purpose=purpose, held_on=held_on)
    journal.write(office, journal.Verb.MEETING_PLANNED, name, by=by)
    return meeting


def open_doors(meeting: Meeting, *, by: Member | None = None) -> FreshEntrance:
    """Let people in with a new code; the former one no longer works. Raises NotAllowed or NotNow."""
    if why := rules.why_not_manage(by):
        raise NotAllowed(why)
    if why := rules.why_not_open(meeting):
        raise NotNow(why)
    fresh = FreshEntrance(codes.new_short_code(), codes.new_link_code())
    typed = queries.typed_hash(fresh.typed)
    with transaction.atomic():
        Entrance.objects.filter(meeting=meeting, leads=False).delete()
        Entrance.objects.create(link_hash=codes.link_hash(fresh.link), typed_hash=typed, meeting=meeting)
        meeting.life = Life.OPEN
        meeting.save(update_fields=["life"])
        journal.write(meeting.office, journal.Verb.MEETING_OPENED, meeting.name, by=by)
    return fresh


def join(meeting: Meeting, *, alias: str, voice: str) -> tuple[Guest, str]:
    """A new guest, and the 16 digits with which they can come back. Raises BadInput with the sentence why not."""
    alias = " ".join(alias.split())
    present = queries.guests_of(meeting).count()
    if why := rules.why_not_join(meeting, alias=alias, voice=voice, guests=present):
        raise BadInput([why])
    return _seat(meeting, alias=alias, voice=voice, leads=False)


def lead(meeting: Meeting, member: Member) -> tuple[Guest, str]:
    """A seat for who leads; a second one takes over when a laptop dies. Raises NotAllowed or NotNow."""
    if why := rules.why_not_manage(member):
        raise NotAllowed(why)
    if meeting.life != Life.OPEN:
        raise NotNow(rules.why_not_open(meeting) or rules.why_not_lead())
    return _seat(meeting, alias=str(member.account)[: rules.LONGEST_ALIAS], voice="", leads=True)


def _seat(meeting: Meeting, *, alias: str, voice: str, leads: bool) -> tuple[Guest, str]:
    digits = codes.new_receipt()
    held = guests.held(digits)
    assert held is not None  # noqa: S101 -- they were just made
    guest = Guest.objects.create(meeting=meeting, alias=alias, voice=voice, leads=leads, token_hash=held.token_hash)
    return guest, digits


@transaction.atomic
def end(meeting: Meeting, *, by: Member | None = None) -> Meeting:
    """Close the doors for good and forget who was there. Raises NotAllowed or NotNow."""
    if why := rules.why_not_manage(by):
        raise NotAllowed(why)
    if why := rules.why_not_end(meeting):
        raise NotNow(why)
    Entrance.objects.filter(meeting=meeting).delete()
    Guest.objects.filter(meeting=meeting).delete()
    meeting.life = Life.CLOSED
    meeting.save(update_fields=["life"])
    journal.write(meeting.office, journal.Verb.MEETING_ENDED, meeting.name, by=by)
    return meeting
