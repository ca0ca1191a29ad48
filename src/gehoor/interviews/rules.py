"""Who may talk with whom, record what and keep it. Each rule returns None, or the reason why not as a sentence."""

import datetime as dt
import re
from collections.abc import Collection

from django.utils.translation import gettext as _

from gehoor.interviews.models import AgreedBy, Contact, Ended, Interview
from gehoor.meetings.models import Age, Kind, Life, Meeting, Voice
from gehoor.offices import rules as office_rules
from gehoor.offices.models import CASE_ROLES, Member

MOST_TRIES = 6
REST = dt.timedelta(hours=2)  # at least, after a call that nobody took: six tries are spread over a day or more
CALLS_KEPT = dt.timedelta(30)  # after the day of the series; privacy.retention names the same (domain.md R24)
CALLS_BEFORE = dt.timedelta(60)
SOUND_KEPT = dt.timedelta(30)  # at most (standards.md §1.4)
SOUND_KEPT_CHECKED = dt.timedelta(14)  # after the transcript was checked (domain.md R24)
TRY_AGAIN = {Ended.NO_ANSWER, Ended.BUSY, Ended.CALL_BACK}
PRESSED = [ended for ended in Ended if ended != Ended.GAVE_UP]
LONGEST_PLACEHOLDER = 40
# A letter, perhaps a number: I interviewer, R respondent, O parent (ouder), T interpreter (tolk), X somebody else.
NEUTRAL = re.compile(r"[IROTX]\d{0,2}")


def why_not_interview(member: Member | None) -> str | None:
    """The one place that says who talks with clients. Whoever deals with cases never does (promise 4, domain.md R20)."""
    if member is None:
        return None
    if member.has(*CASE_ROLES):
        return _("Whoever deals with cases cannot do interviews: people must be able to talk freely.")
    return office_rules.why_not_manage(member)


def why_not_hold(meeting: Meeting) -> str | None:
    """Talks belong to a series of interviews that has not ended."""
    if meeting.kind != Kind.INTERVIEW:
        return _("This meeting is not a series of interviews. Plan a meeting of the kind “Interview”.")
    return _("This series of interviews has ended.") if meeting.life == Life.CLOSED else None


# --- consent ------------------------------------------------------------------------------------------------------


def why_not_agree(*, age: str, voice: str, agreed_by: str, with_parent: bool, takes_part: bool) -> str | None:
    """Consent is the ground of a talk that is written down: from 16 one's own, under 16 that of a parent (UAVG article 5).

    From 12 on a parent does not decide alone: both have to agree.
    """
    if age not in Age.values or voice not in Voice.values or agreed_by not in AgreedBy.values:
        return _("Choose who talks, how old they are and who agreed.")
    if not takes_part:
        return _("Nobody agreed to take part. Without that there is no interview, and nothing is kept.")
    if age == Age.FROM_16:
        return _("From 16 on the person decides, and nobody else.") if agreed_by == AgreedBy.PARENT else None
    if voice != Voice.YOUTH:
        return _("A parent, a colleague or a partner is 16 or older.")
    if agreed_by == AgreedBy.SELF:
        return _("Under 16 a parent or carer has to agree as well. Ask them first.")
    if age == Age.FROM_12 and agreed_by != AgreedBy.BOTH:
        return _("From 12 to 15 both have to agree: the youth, and a parent or carer.")
    if age == Age.UNDER_12 and not with_parent:
        return _("A child under 12 only talks with a parent or carer beside it.")
    return None


# --- calling ------------------------------------------------------------------------------------------------------


def why_not_add_contacts(meeting: Meeting, today: dt.date) -> str | None:
    """A call list is for soon, and does not lie about."""
    if why := why_not_hold(meeting):
        return why
    if today > meeting.held_on + CALLS_KEPT:
        return _("The day of this series is more than 30 days ago: a list would be deleted tonight. Plan a new series.")
    if today < meeting.held_on - CALLS_BEFORE:
        return _(
            "The day of this series is more than 60 days ahead. Add the list later: numbers do not lie about here."
        )
    return None


def why_not_end_call(
    contact: Contact, ended: str, *, by: Member | None, now: dt.datetime, again: dt.datetime | None
) -> str | None:
    """Whoever has the contact in hand says what became of the call."""
    if ended not in PRESSED:
        return _("Choose what became of the call.")
    if contact.held_by_id != (by.pk if by else None):
        return _("Somebody else is calling this person now. Take the next one.")
    if ended == Ended.CALL_BACK and (again is None or again <= now):
        return _("Choose a day and an hour that are still to come.")
    return None


def is_closed_by(contact: Contact, ended: str) -> bool:
    """Is this the last call of this person: by its end, or because it was the sixth?"""
    return ended not in TRY_AGAIN or contact.tries + 1 >= MOST_TRIES


def next_try(now: dt.datetime) -> dt.datetime:
    """When somebody who was tried may be called again: a whole hour, so that the list does not tell when we called."""
    moment = now + REST
    hour = moment.replace(minute=0, second=0, microsecond=0)
    return hour if hour == moment else hour + dt.timedelta(hours=1)


# --- words and sound ------------------------------------------------------------------------------------------------


def why_not_write(interview: Interview) -> str | None:
    """A transcript that was checked stays as it is."""
    return _("This transcript was checked, and stays as it is.") if interview.checked else None


def why_not_replace(interview: Interview, *, replace: bool) -> str | None:
    """A file does not take the place of words that people worked on, unless somebody says so."""
    if interview.turns and not replace:
        return _("There are words already. Tick that they may go, and choose the file again. Nothing was changed.")
    return None


def why_not_record(interview: Interview) -> str | None:
    """Sound only with consent for sound, one recording, and not when all is done."""
    if not interview.may_record:
        return _("There is no consent to record sound in this talk.")
    if interview.sound_size is not None:
        return _("There is a recording already. Delete it first.")
    return why_not_write(interview)


def why_not_check(interview: Interview, speakers: Collection[str]) -> str | None:
    """Checked is: there are words, and who speaks is a letter and not a name."""
    if interview.checked:
        return _("This transcript was checked before.")
    if not interview.turns:
        return _("There is no transcript yet. Type it, or choose a file.")
    if [speaker for speaker in speakers if not NEUTRAL.fullmatch(speaker)]:
        return _("Give each speaker a letter first: I for who asks, R for who answers. Names do not stay.")
    return None


def why_not_hide(word: str, by: str) -> str | None:
    """A word of at least two signs, and something short to put there."""
    if len(word.strip()) < 2:  # noqa: PLR2004 -- one letter would hit everything
        return _("Type the name or the word that has to go.")
    if not by.strip() or len(by) > LONGEST_PLACEHOLDER or "\n" in by:
        return _("Type what stands there instead, such as [naam] or [school].")
    return None
