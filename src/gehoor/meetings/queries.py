"""Reading meetings, their entrances and who is there."""

import datetime as dt
from collections.abc import Collection

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from gehoor.base import codes, secretbox
from gehoor.base.errors import NotFound
from gehoor.meetings import guests
from gehoor.meetings.guests import Held, Seat
from gehoor.meetings.models import Consent, Entrance, Guest, Kind, Life, Meeting, Source
from gehoor.offices.models import Member, Office

MEMORY_KIB = 4096
BAND = 10  # consents are counted in steps of ten: smaller groups stay hidden


def meetings_of(office: Office) -> QuerySet[Meeting]:
    """Every meeting of an office, the newest first."""
    return Meeting.objects.filter(office=office)


def running(office: Office, *, until: dt.date) -> QuerySet[Meeting]:
    """What has not ended and is held by that day; the first of them first."""
    return meetings_of(office).exclude(life=Life.CLOSED).filter(held_on__lte=until).order_by("held_on", "pk")


def untold(office: Office, *, since: dt.date) -> QuerySet[Meeting]:
    """What ended, and of which nobody has heard what happens with it. A talk alone is told back by whoever had it."""
    ended = meetings_of(office).filter(life=Life.CLOSED, outcome="", held_on__gte=since)
    return ended.exclude(kind=Kind.INTERVIEW).order_by("held_on", "pk")


def meeting_for(member: Member, pk: int) -> Meeting:
    """A meeting of the member's own office. Raises NotFound for any other."""
    found = meetings_of(member.office).filter(pk=pk).select_related("office").first()
    if found is None:
        raise NotFound(_("This meeting does not exist."))
    return found


def is_invited(meeting: Meeting) -> bool:
    """Does a code of an invitation work?"""
    return Entrance.objects.filter(meeting=meeting, invites=True).exists()


def consents_of(meeting: Meeting) -> dict[str, int]:
    """How many agreed to what, and how many notes may be quoted, each down to a whole number of tens; 0 is "fewer than ten".

    Steps of ten, so that one less another says nothing of a single person.
    """
    found = Consent.objects.filter(meeting=meeting)
    counted = {
        "all": found.count(),
        "may_quote": Source.objects.filter(meeting=meeting, may_quote=True).count(),
        "by_parent": found.filter(by_parent=True).count(),
    }
    return {name: number // BAND * BAND for name, number in counted.items()}


def entrance_of(code: str) -> Entrance | None:
    """The entrance that a code opens: that of a link, or one that was typed. None for one that is unknown or shut."""
    typed = codes.typed_as_meant(code)
    found = Entrance.objects.select_related("meeting", "meeting__office").exclude(meeting__life=Life.CLOSED)
    if len(code) == codes.LINK_LENGTH:
        return found.filter(pk=codes.link_hash(code)).first()
    if codes.is_short_code(typed):
        return found.filter(typed_hash=typed_hash(typed)).first()
    return None


def typed_hash(code: str) -> bytes:
    """What is kept of a meeting's short code."""
    return secretbox.stretched("meeting code", code, memory_kib=MEMORY_KIB)


def guest_of(held: Held | None, meeting_pk: int) -> Guest | None:
    """Who this browser is in a meeting; None for a stranger."""
    if held is None:
        return None
    return Guest.objects.filter(token_hash=held.token_hash, meeting_id=meeting_pk).first()


def seat_of(cookie: str, meeting_pk: int) -> tuple[Guest, Seat] | None:
    """Who this browser is in a meeting, and with which seat; None for a stranger."""
    for seat in guests.seats_in(cookie):
        if guest := guest_of(guests.held(seat.digits), meeting_pk):
            return guest, seat
    return None


def still_there(people: Collection[int]) -> set[int]:
    """Who of these guests are at a meeting that has not ended."""
    there = Guest.objects.filter(pk__in=people).exclude(meeting__life=Life.CLOSED)
    return set(there.values_list("pk", flat=True))


def meeting_of(held: Held | None) -> int | None:
    """The number of the meeting that somebody was at, also when it has ended; None for digits that nobody was given."""
    if held is None:
        return None
    return Guest.objects.filter(token_hash=held.token_hash).values_list("meeting_id", flat=True).first()


def has_ended(pk: int) -> bool:
    """Is there a meeting with this number that has ended?"""
    return Meeting.objects.filter(pk=pk, life=Life.CLOSED).exists()


def guests_of(meeting: Meeting) -> QuerySet[Guest]:
    """Who is there, in the order of their names: that of arrival is nobody's business."""
    return Guest.objects.filter(meeting=meeting).order_by("alias", "pk")
