"""The code of open doors, kept for whoever opened them: in one browser, for two hours, so that a reload shows the same code.

Only hashes of a code are stored. What shows it again is a sealed cookie, which also holds of which meeting and of whom
it is.
"""

import base64
import binascii
import json

from nacl.exceptions import CryptoError
from nacl.secret import SecretBox

from gehoor.base import clock, secretbox
from gehoor.meetings import queries
from gehoor.meetings.changes import FreshEntrance
from gehoor.meetings.models import Life, Meeting
from gehoor.offices.models import Member

COOKIE = "gehoor-deur"
SECONDS = 2 * 60 * 60


def _box() -> SecretBox:
    return SecretBox(secretbox.key_for("shown door"))


def seal(fresh: FreshEntrance, meeting: Meeting, member: Member) -> str:
    """The value of the cookie."""
    until = int(clock.now().timestamp()) + SECONDS
    kept = json.dumps([meeting.pk, member.pk, until, fresh.typed, fresh.link])
    return base64.urlsafe_b64encode(_box().encrypt(kept.encode())).decode()


def read(value: str, meeting: Meeting, member: Member) -> FreshEntrance | None:
    """The code in a cookie; None when it is not of this meeting and this member, is too old, or no longer opens the doors."""
    try:
        kept = json.loads(_box().decrypt(base64.urlsafe_b64decode(value)))
    except (binascii.Error, CryptoError, ValueError):
        return None
    *whose, until, typed, link = kept
    if whose != [meeting.pk, member.pk] or until < clock.now().timestamp():
        return None
    entrance = queries.entrance_of(link)
    is_open = entrance is not None and entrance.meeting_id == meeting.pk and entrance.meeting.life == Life.OPEN
    return FreshEntrance(typed, link) if is_open else None
