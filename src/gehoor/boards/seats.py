"""Who is in front of which board, by what their browser holds."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from gehoor.boards.models import Board
from gehoor.boards.sight import Viewer
from gehoor.meetings import guests
from gehoor.meetings import queries as meetings
from gehoor.meetings.models import Life

LANGUAGE_COOKIE = "gehoor-taal"


def open_seat(meeting_pk: int, cookie: str) -> tuple[Board, Viewer] | None:
    """The same, as long as the meeting lasts: after its end there is nothing to hear or to do."""
    found = seat(meeting_pk, cookie)
    return None if found is None or found[0].meeting.life == Life.CLOSED else found


def seat(meeting_pk: int, cookie: str) -> tuple[Board, Viewer] | None:
    """The board of a meeting and who is in front of it; None for a stranger, and as long as there is no board."""
    found = meetings.seat_of(cookie, meeting_pk)
    board = Board.objects.select_related("meeting", "meeting__office").filter(meeting_id=meeting_pk).first()
    if found is None or board is None:
        return None
    (guest, in_browser), held = found, guests.held(found[1].digits)
    assert held is not None  # noqa: S101 -- a seat was found with them
    return board, Viewer(
        guest.pk, guest.voice, is_facilitator=guest.leads, seed=held.seed, may_quote=in_browser.may_quote
    )


def take(response: HttpResponse, request: HttpRequest, digits: str) -> None:
    """Give a browser one more seat."""
    cookie = guests.with_seat(request.COOKIES.get(guests.COOKIE, ""), guests.Seat(digits))
    response.set_cookie(guests.COOKIE, cookie, httponly=True, samesite="Lax", secure=settings.SECURE)
