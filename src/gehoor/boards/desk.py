"""From the desk to the board: a seat for who leads, and the end."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gehoor.boards import changes, outline, queries, seats, sight
from gehoor.boards.models import Board
from gehoor.meetings import changes as meetings
from gehoor.meetings import queries as meeting_queries
from gehoor.meetings import rules as meeting_rules
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
    seats.take(response, request, digits)
    return response


@require_safe
@adviser_required
def look(request: MemberRequest, pk: int) -> HttpResponse:
    """The board of a meeting that has ended, and who chose what as far as that may be told."""
    meeting = meeting_queries.meeting_for(request.member, pk)
    board = Board.objects.filter(meeting=meeting).exclude(final=None).first()
    context: dict[str, Any] = {"meeting": meeting, "board": None}
    if board:
        with queries.guard:
            state = queries.known(board).state
            context |= {"board": outline.of(state, sight.FACILITATORS), "votes": outline.votes_of(state)}
    return render(request, "boards/look.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@adviser_required
def end(request: MemberRequest, pk: int) -> HttpResponse:
    """Ask, then end the meeting: what everybody could see stays, who was there is forgotten."""
    meeting = meeting_queries.meeting_for(request.member, pk)
    if request.method == "POST":
        changes.end(meeting, by=request.member)
        messages.success(request, _("The meeting has ended. Who was there is forgotten."))
        return redirect("meetings:page", pk)
    board = Board.objects.filter(meeting=meeting).first()
    with queries.guard:
        leaving = queries.leaving(board) if board else None
    context = {"meeting": meeting, "leaving": leaving, "why_not": meeting_rules.why_not_end(meeting)}
    return render(request, "boards/end.html", context)
