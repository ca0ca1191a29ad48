"""From the desk to the board: a seat for who leads."""

from django.conf import settings
from django.http import HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_POST

from gehoor.boards import changes
from gehoor.meetings import changes as meetings
from gehoor.meetings import guests
from gehoor.meetings import queries as meeting_queries
from gehoor.offices.web import MemberRequest
from gehoor.questionnaires.web import adviser_required


@require_POST
@adviser_required
def lead(request: MemberRequest, pk: int) -> HttpResponse:
    """Sit down at the head of the table; the board is laid at the first time."""
    meeting = meeting_queries.meeting_for(request.member, pk)
    _guest, digits = meetings.lead(meeting, request.member)
    changes.lay_board(meeting)
    response = HttpResponseRedirect(f"/bord/{meeting.pk}/")
    response.set_cookie(guests.COOKIE, digits, httponly=True, samesite="Lax", secure=settings.SECURE)
    return response
