"""Meetings on the screen of staff: plan, open the doors, end."""

import segno
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gehoor.meetings import changes, forms, queries, rules
from gehoor.offices.web import MemberRequest
from gehoor.questionnaires.web import adviser_required


@require_safe
@adviser_required
def list_all(request: MemberRequest) -> HttpResponse:
    """Every meeting, the newest first."""
    return render(request, "meetings/list.html", {"meetings": queries.meetings_of(request.member.office)})


@require_http_methods(["GET", "HEAD", "POST"])
@adviser_required
def new(request: MemberRequest) -> HttpResponse:
    """Plan one."""
    form = forms.MeetingForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        meeting = changes.plan(request.member.office, **form.cleaned_data, by=request.member)
        messages.success(request, _("The meeting was planned."))
        return redirect("meetings:page", meeting.pk)
    return render(request, "meetings/new.html", {"form": form}, status=422 if form.errors else 200)


@require_safe
@adviser_required
def page(request: MemberRequest, pk: int) -> HttpResponse:
    """One meeting, with what to do next."""
    meeting = queries.meeting_for(request.member, pk)
    context = {
        "meeting": meeting,
        "guests": queries.guests_of(meeting),
        "why_not_open": rules.why_not_open(meeting),
        "why_not_end": rules.why_not_end(meeting),
    }
    return render(request, "meetings/page.html", context)


@require_POST
@adviser_required
def open_doors(request: MemberRequest, pk: int) -> HttpResponse:
    """Open the doors; the code is shown on this page and nowhere else."""
    meeting = queries.meeting_for(request.member, pk)
    fresh = changes.open_doors(meeting, by=request.member)
    square = segno.make(fresh.url, error="m", micro=False).svg_inline(scale=5, border=4)
    context = {"meeting": meeting, "fresh": fresh, "base_url": settings.GEHOOR_BASE_URL, "square": mark_safe(square)}  # noqa: S308 -- our own drawing
    return render(request, "meetings/doors.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@adviser_required
def end(request: MemberRequest, pk: int) -> HttpResponse:
    """Ask, then end the meeting and forget who was there."""
    meeting = queries.meeting_for(request.member, pk)
    if request.method == "POST":
        changes.end(meeting, by=request.member)
        messages.success(request, _("The meeting has ended. Who was there is forgotten."))
        return redirect("meetings:page", pk)
    return render(request, "meetings/end.html", {"meeting": meeting, "why_not": rules.why_not_end(meeting)})
