"""What may be done with a meeting, and when. Each rule returns None, or the reason why not as a sentence."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from gehoor.meetings import guide, plans
from gehoor.meetings.models import Age, Life, Meeting, Voice
from gehoor.meetings.plans import Check
from gehoor.offices import rules as office_rules
from gehoor.offices.models import Member

LONGEST_ALIAS = 40
MOST_GUESTS = 300
MIRROR_MINUTES = (60, 90)  # about 75 (R94)
ABOUT = 14  # days: "about four months" is not a matter of one day


# --- the checklist ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Checked:
    """A line of the checklist, and how it stands with it."""

    check: Check
    met: bool


def checklist(meeting: Meeting, *, today: dt.date) -> list[Checked]:
    """Every line of the checklist of this kind of meeting."""
    return [Checked(check, _is_met(check, meeting, today)) for check in plans.plan_for(meeting.kind).checks]


def _is_met(check: Check, meeting: Meeting, today: dt.date) -> bool:
    return MEASURES[check.key](meeting, today) if check.automatic else check.key in meeting.checks


def _has_moderator(meeting: Meeting, _today: dt.date) -> bool:
    return bool(meeting.moderator.strip())


def _has_room(meeting: Meeting, _today: dt.date) -> bool:
    return _is_within(meeting.clients, plans.plan_for(meeting.kind).clients)


def _has_room_for_listeners(meeting: Meeting, _today: dt.date) -> bool:
    return _is_within(meeting.listeners, plans.plan_for(meeting.kind).listeners)


def _is_within(number: int | None, norm: plans.Norm | None) -> bool:
    """How many come, against the norm. Not known yet is not met."""
    if norm is None:
        return True
    if number is None:
        return False
    return (norm.least or 0) <= number and (norm.most is None or number <= norm.most)


def _is_timely(meeting: Meeting, today: dt.date) -> bool:
    return meeting.held_on - today >= dt.timedelta(plans.plan_for(meeting.kind).lead_days - ABOUT)


def _is_apart(meeting: Meeting, _today: dt.date) -> bool:
    return not {Voice.YOUTH, Voice.PARENT} <= set(meeting.audience)


def _lasts_as_long_as_it_should(meeting: Meeting, _today: dt.date) -> bool:
    return MIRROR_MINUTES[0] <= guide.minutes_of(meeting.guide) <= MIRROR_MINUTES[1]


MEASURES: dict[str, Callable[[Meeting, dt.date], bool]] = {
    "moderator": _has_moderator,
    "clients": _has_room,
    "listeners": _has_room_for_listeners,
    "lead_time": _is_timely,
    "apart": _is_apart,
    "duration": _lasts_as_long_as_it_should,
}


# --- planning -----------------------------------------------------------------------------------------------------


def why_not_hold(*, kind: str, moderator: str, clients: int | None, listeners: int | None) -> dict[str, str]:
    """What forbids a plan, by the field that it is about (R94); empty when nothing does."""
    plan = plans.plan_for(kind)
    hard = {check.key for check in plan.checks if check.hard}
    found = {}
    if "moderator" in hard and not moderator.strip():
        found["moderator"] = no_moderator()
    if "clients" in hard and (most := _over(clients, plan.clients)):
        found["clients"] = _("At most %(most)s clients: with more, not everybody gets to speak.") % {"most": most}
    if "listeners" in hard and (most := _over(listeners, plan.listeners)):
        found["listeners"] = _("At most %(most)s listeners: more people around the table are frightening.") % {
            "most": most
        }
    return found


def no_moderator() -> str:
    """The sentence for a mirror conversation that nobody leads yet."""
    return _("First find an independent moderator. A mirror conversation gets no day without one.")


def _over(number: int | None, norm: plans.Norm | None) -> int | None:
    """The norm that is passed."""
    return norm.most if norm and norm.most and number and number > norm.most else None


def why_not_change_plan(meeting: Meeting) -> str | None:
    """A plan can be changed until the meeting has ended."""
    return why_not_end(meeting)


def why_not_gather(meeting: Meeting) -> str | None:
    """People are invited and let in only when every hard line of the checklist is met."""
    if why := why_not_end(meeting):
        return why
    for check in plans.plan_for(meeting.kind).checks:
        if check.hard and not _is_met(check, meeting, meeting.held_on):
            return _("Not yet. This has to be so first: “%(check)s” See the checklist.") % {"check": check.sentence}
    return None


def why_not_tell(meeting: Meeting) -> str | None:
    """What became of a meeting is told after it."""
    return None if meeting.life == Life.CLOSED else _("The meeting has not ended yet.")


# --- who may ------------------------------------------------------------------------------------------------------


def why_not_manage(member: Member | None) -> str | None:
    """Meetings are planned by the quality adviser."""
    return office_rules.why_not_manage(member) if member else None


def why_not_open(meeting: Meeting) -> str | None:
    """Doors open once for a meeting that was planned, and again while it lasts: a code may be lost."""
    return why_not_gather(meeting) if meeting.life == Life.PLANNED else why_not_end(meeting)


def why_not_end(meeting: Meeting) -> str | None:
    """A meeting ends once."""
    return _("This meeting has ended.") if meeting.life == Life.CLOSED else None


def why_not_join(meeting: Meeting, *, alias: str, voice: str, guests: int) -> str | None:
    """Whoever has the code comes in, under a name of their own choice."""
    if meeting.life != Life.OPEN:
        return pgettext("client", "This meeting is not open. Ask who leads it.")
    if not alias:
        return pgettext("client", "Choose a name. It need not be your own.")
    if len(alias) > LONGEST_ALIAS:
        return pgettext("client", "This name is too long.")
    if voice not in Voice.values:
        return pgettext("client", "Choose who you are in this meeting.")
    if guests >= MOST_GUESTS:
        return pgettext("client", "This meeting is full.")
    return None


def why_not_agree(meeting: Meeting, *, voice: str, age: str, by_parent: bool) -> str | None:
    """Where consent is the ground, a parent decides below 12 and decides too below 16 (R13)."""
    if age and age not in Age.values:
        return pgettext("client", "Choose how old you are.")
    if voice != Voice.YOUTH or not meeting.asks_consent:
        return None
    if not age:
        return pgettext("client", "Choose how old you are. Then we know whether a parent has to agree too.")
    if age == Age.UNDER_12 and not by_parent:
        return pgettext("client", "Are you younger than 12? Then join together with your parent or carer.")
    if age == Age.FROM_12 and not by_parent:
        return pgettext("client", "Are you younger than 16? Then your parent or carer has to know and agree. Tick it.")
    return None
