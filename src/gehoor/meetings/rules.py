"""What may be done with a meeting, and when. Each rule returns None, or the reason why not as a sentence."""

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from gehoor.meetings.models import Life, Meeting, Voice
from gehoor.offices import rules as office_rules
from gehoor.offices.models import Member

LONGEST_ALIAS = 40
MOST_GUESTS = 300


def why_not_manage(member: Member | None) -> str | None:
    """Meetings are planned by the quality adviser."""
    return office_rules.why_not_manage(member) if member else None


def why_not_open(meeting: Meeting) -> str | None:
    """Doors open once for a meeting that was planned, and again while it lasts: a code may be lost."""
    return why_not_end(meeting)


def why_not_lead() -> str:
    """Nobody sits at a table before its doors are open."""
    return _("Open the doors first.")


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
