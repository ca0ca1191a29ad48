"""Who is in front of which board, by what their browser holds."""

from gehoor.boards.models import Board
from gehoor.boards.sight import Viewer
from gehoor.meetings import guests
from gehoor.meetings import queries as meetings
from gehoor.meetings.models import Life

LANGUAGE_COOKIE = "gehoor-taal"


def open_seat(meeting_pk: int, digits: str) -> tuple[Board, Viewer] | None:
    """The same, as long as the meeting lasts: after its end there is nothing to hear or to do."""
    found = seat(meeting_pk, digits)
    return None if found is None or found[0].meeting.life == Life.CLOSED else found


def seat(meeting_pk: int, digits: str) -> tuple[Board, Viewer] | None:
    """The board of a meeting and who is in front of it; None for a stranger."""
    held = guests.held(digits)
    guest = meetings.guest_of(held, meeting_pk)
    board = Board.objects.select_related("meeting", "meeting__office").filter(meeting_id=meeting_pk).first()
    if held is None or guest is None or board is None:
        return None
    return board, Viewer(guest.pk, guest.voice, is_facilitator=guest.leads, seed=held.seed, may_quote=guest.may_quote)
