"""Planning a meeting, inviting people, opening its doors, letting people in, ending it, telling what became of it."""

import datetime as dt
import uuid
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F

from gehoor.base import codes
from gehoor.base.errors import BadInput, NotAllowed, NotNow
from gehoor.base.languages import FALLBACK
from gehoor.meetings import consents, guests, plans, queries, rules
from gehoor.meetings.models import Age, Consent, Entrance, Guest, Life, Meeting, Voice
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
def plan(
    office: Office, *, kind: str, name: str, purpose: str, held_on: dt.date, by: Member | None = None, **more: Any
) -> Meeting:
    """A meeting that nobody was invited to yet; `more` are other facts of the plan. Raises NotAllowed or BadInput.

    What is left out is filled in from the plan of its kind: audience, guide, whether consent is the ground.
    """
    if why := rules.why_not_manage(by):
        raise NotAllowed(why)
    usual = plans.plan_for(kind)
    facts = {"guide": plans.guide_for(kind), "asks_consent": usual.asks_consent, **more}
    facts["audience"] = facts.get("audience") or [str(voice) for voice in usual.audience]
    meeting = Meeting(office=office, kind=kind, name=name, purpose=purpose, held_on=held_on, **facts)
    _refuse_plan(meeting)
    meeting.save()
    journal.write(office, journal.Verb.MEETING_PLANNED, name, by=by)
    return meeting


@transaction.atomic
def change_plan(meeting: Meeting, *, by: Member | None = None, **facts: Any) -> Meeting:
    """Other facts for a meeting that has not ended: any field of the plan. Raises NotAllowed, NotNow or BadInput."""
    if why := rules.why_not_manage(by):
        raise NotAllowed(why)
    if why := rules.why_not_change_plan(meeting):
        raise NotNow(why)
    for name, value in facts.items():
        setattr(meeting, name, value)
    _refuse_plan(meeting)
    meeting.save(update_fields=list(facts))
    journal.write(meeting.office, journal.Verb.MEETING_CHANGED, meeting.name, by=by)
    return meeting


@transaction.atomic
def tick(meeting: Meeting, *, stood: set[str], ticked: set[str], by: Member | None = None) -> Meeting:
    """Keep what was changed on the checklist: `stood` was ticked when the page came, and another page may have gone on.

    What the system looks up itself is not ticked. Raises NotAllowed or NotNow.
    """
    meeting = Meeting.objects.select_for_update(of=("self",)).select_related("office").get(pk=meeting.pk)
    changed = stood ^ ticked
    stays = (set(meeting.checks) - changed) | (ticked & changed)
    by_hand = [check.key for check in plans.plan_for(meeting.kind).checks if not check.automatic]
    return change_plan(meeting, checks=[key for key in by_hand if key in stays], by=by)


def _refuse_plan(meeting: Meeting) -> None:
    why = rules.why_not_hold(
        kind=meeting.kind, moderator=meeting.moderator, clients=meeting.clients, listeners=meeting.listeners
    )
    if why:
        raise BadInput(list(why.values()))


@transaction.atomic
def tell_outcome(meeting: Meeting, outcome: str, *, by: Member | None = None) -> Meeting:
    """What became of what was said, for who comes back. Raises NotAllowed or NotNow."""
    if why := rules.why_not_manage(by):
        raise NotAllowed(why)
    if why := rules.why_not_tell(meeting):
        raise NotNow(why)
    meeting.outcome = outcome
    meeting.save(update_fields=["outcome"])
    journal.write(meeting.office, journal.Verb.MEETING_ANSWERED, meeting.name, by=by)
    return meeting


@transaction.atomic
def invite(meeting: Meeting, *, by: Member | None = None) -> FreshEntrance:
    """A code for the invitation, known only now; that of an earlier invitation no longer works. Raises NotAllowed or NotNow."""
    if why := rules.why_not_manage(by):
        raise NotAllowed(why)
    _stand_in_line(meeting)
    if why := rules.why_not_gather(meeting):
        raise NotNow(why)
    fresh = _entrance(meeting, invites=True)
    journal.write(meeting.office, journal.Verb.MEETING_INVITED, meeting.name, by=by)
    return fresh


@transaction.atomic
def open_doors(meeting: Meeting, *, by: Member | None = None) -> FreshEntrance:
    """Let people in, with a new code to show in the room; the former one no longer works. Raises NotAllowed or NotNow.

    The code of an invitation stays: who has it on paper comes in with it.
    """
    if why := rules.why_not_manage(by):
        raise NotAllowed(why)
    _stand_in_line(meeting)
    if why := rules.why_not_open(meeting):
        raise NotNow(why)
    fresh = _entrance(meeting, invites=False)
    meeting.life = Life.OPEN
    meeting.save(update_fields=["life"])
    journal.write(meeting.office, journal.Verb.MEETING_OPENED, meeting.name, by=by)
    return fresh


def _entrance(meeting: Meeting, *, invites: bool) -> FreshEntrance:
    """A code in the place of the former one of its sort."""
    fresh = FreshEntrance(codes.new_short_code(), codes.new_link_code())
    Entrance.objects.filter(meeting=meeting, leads=False, invites=invites).delete()
    Entrance.objects.create(
        link_hash=codes.link_hash(fresh.link),
        typed_hash=queries.typed_hash(fresh.typed),
        meeting=meeting,
        invites=invites,
    )
    return fresh


@dataclass(frozen=True)
class Agreed:
    """What somebody agrees to who joins: `age` for a youth, and whether a parent agreed."""

    age: str = ""
    by_parent: bool = False
    language: str = FALLBACK


def join(meeting: Meeting, *, alias: str, voice: str, agreed: Agreed | None = None) -> tuple[Guest, str]:
    """A new guest, and the 16 digits with which they can come back. Raises BadInput with the sentence why not."""
    alias = " ".join(alias.split())
    agreed = agreed or Agreed()
    if voice != Voice.YOUTH:
        agreed = replace(agreed, age="", by_parent=False)
    fresh = _fresh_digits()
    with transaction.atomic():
        _stand_in_line(meeting)
        present = queries.guests_of(meeting).count()
        why = rules.why_not_join(meeting, alias=alias, voice=voice, guests=present)
        if why := why or rules.why_not_agree(meeting, voice=voice, age=agreed.age, by_parent=agreed.by_parent):
            raise BadInput([why])
        guest = _seat(meeting, fresh, alias=alias, voice=voice)
        if meeting.asks_consent:
            _keep_consent(meeting, voice, agreed)
    return guest, fresh.digits


def _keep_consent(meeting: Meeting, voice: str, agreed: Agreed) -> None:
    """What was agreed to, and of whom nothing: the row leads to no guest, and an age stands nowhere else."""
    by_parent = agreed.by_parent and agreed.age in {Age.UNDER_12, Age.FROM_12}
    words = [consents.consent_words(meeting, agreed.age, agreed.language)]
    words += [consents.parent_words(agreed.age, agreed.language)] if by_parent else []
    Consent.objects.create(
        meeting=meeting, voice=voice, age=agreed.age, by_parent=by_parent,
        language=agreed.language, words="\n".join(words),
    )  # fmt: skip


def shuffle_consents(meeting: Meeting) -> None:
    """Write the consents of a meeting anew, in a drawn order and in one transaction.

    PostgreSQL keeps the transaction of each row: without this the order in which consents came, laid beside that of guests,
    would say who is how old (standards.md §2.1). To be called when the meeting ends.
    """
    kept = list(Consent.objects.filter(meeting=meeting))
    for consent in kept:
        consent.guid = uuid.uuid4()
    with transaction.atomic():
        Consent.objects.filter(meeting=meeting).delete()
        Consent.objects.bulk_create(sorted(kept, key=lambda consent: consent.guid))  # the keys are drawn


def lead(meeting: Meeting, member: Member) -> tuple[Guest, str]:
    """A seat for who leads, also to prepare the board; a second one takes over when a laptop dies.

    Raises NotAllowed or NotNow.
    """
    if why := rules.why_not_manage(member):
        raise NotAllowed(why)
    fresh = _fresh_digits()
    with transaction.atomic():
        _stand_in_line(meeting)
        if why := rules.why_not_end(meeting):
            raise NotNow(why)
        guest = _seat(meeting, fresh, alias=str(member.account)[: rules.LONGEST_ALIAS], voice="", leads=True)
    return guest, fresh.digits


def _stand_in_line(meeting: Meeting) -> None:
    """Who comes in, who opens and who ends the meeting wait for each other: nobody sits down in one that is just being ended.

    SQLite has one writer anyway; the role of the door may not lock the row of a meeting on PostgreSQL.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [meeting.pk])
    meeting.refresh_from_db(fields=["life"])


class _Fresh(NamedTuple):
    """What a new guest gets, and what is kept of it."""

    digits: str
    token_hash: bytes


def _fresh_digits() -> _Fresh:
    """Slow on purpose: to be drawn before anybody has to wait for it."""
    digits = codes.new_receipt()
    held = guests.held(digits)
    assert held is not None  # noqa: S101 -- they were just made
    return _Fresh(digits, held.token_hash)


def _seat(meeting: Meeting, fresh: _Fresh, *, alias: str, voice: str, leads: bool = False) -> Guest:
    guest = Guest.objects.create(meeting=meeting, alias=alias, voice=voice, leads=leads, token_hash=fresh.token_hash)
    _hide_arrival(meeting)
    return guest


def _hide_arrival(meeting: Meeting) -> None:
    """PostgreSQL numbers transactions: laid beside the log, the moment of each guest would say who wrote between two arrivals.

    So everybody is written anew, in one transaction, whenever somebody comes.
    """
    if connection.vendor == "postgresql":
        Guest.objects.filter(meeting=meeting).update(alias=F("alias"))


@transaction.atomic
def end(meeting: Meeting, *, by: Member | None = None) -> Meeting:
    """Close the doors for good and forget who was there; `boards.changes.end` calls it. Raises NotAllowed or NotNow.

    Of each guest the hash of a token stays, so that who has the digits can come back.
    """
    if why := rules.why_not_manage(by):
        raise NotAllowed(why)
    _stand_in_line(meeting)  # another screen may have ended it
    if why := rules.why_not_end(meeting):
        raise NotNow(why)
    Entrance.objects.filter(meeting=meeting).delete()
    Guest.objects.filter(meeting=meeting, leads=True).delete()
    Guest.objects.filter(meeting=meeting).update(alias="", voice="")
    shuffle_consents(meeting)
    meeting.life = Life.CLOSED
    meeting.save(update_fields=["life"])
    journal.write(meeting.office, journal.Verb.MEETING_ENDED, meeting.name, by=by)
    return meeting


# --- what is due ------------------------------------------------------------------------------------------------------


def forget_seats(office: Office, *, held_before: dt.date) -> int:
    """Delete what lets somebody come back to an ended meeting. Returns how many."""
    seats = Guest.objects.filter(meeting__office=office, meeting__life=Life.CLOSED, meeting__held_on__lt=held_before)
    return int(seats.delete()[0])


def forget_meetings(office: Office, *, held_before: dt.date) -> int:
    """Delete ended meetings with all that hangs on them: board, sources, consents. Returns how many meetings."""
    due = Meeting.objects.filter(office=office, life=Life.CLOSED, held_on__lt=held_before)
    number = due.count()
    due.delete()
    return number
