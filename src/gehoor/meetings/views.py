"""Meetings on the screen of staff: plan, invite, open the doors, tell what became of it."""

from typing import Any

import segno
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_safe

from gehoor.base import clock
from gehoor.meetings import changes, forms, guide, plans, printing, queries, rules, shown
from gehoor.meetings.models import Age, Kind, Life, Meeting, Voice
from gehoor.offices.web import MemberRequest
from gehoor.questionnaires.web import adviser_required

MANY = 8  # so many meetings and a list is easier with a filter


@require_safe
@adviser_required
def list_all(request: MemberRequest) -> HttpResponse:
    """Every meeting, the newest first; `?stand=` shows those of one state."""
    everything = queries.meetings_of(request.member.office)
    wanted = request.GET.get("stand", "")
    life = wanted if wanted in Life.values else ""
    context = {
        "meetings": [_listed(meeting) for meeting in (everything.filter(life=life) if life else everything)],
        "any": everything.exists(),
        "lives": Life.choices if everything.count() > MANY or life else [],
        "life": life,
    }
    return render(request, "meetings/list.html", context)


def _listed(meeting: Meeting) -> dict[str, Any]:
    return {"meeting": meeting, "audience": _who_comes(meeting)}


def _who_comes(meeting: Meeting) -> str:
    return ", ".join(str(forms.VOICES[voice]) for voice in Voice.values if voice in meeting.audience)


# --- planning -----------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@adviser_required
def new(request: MemberRequest) -> HttpResponse:
    """Choose a kind; `?soort=` names it and shows its plan, filled in as far as it is the same for all."""
    kind = (request.POST.get("kind") or request.GET.get("soort", ""))[:20]
    if kind not in Kind.values:
        kinds = [{"kind": each, "plan": plans.plan_for(each)} for each in Kind]
        return render(request, "meetings/kinds.html", {"kinds": kinds}, status=422 if request.method == "POST" else 200)
    form = forms.PlanForm(kind, request.POST or None, initial=forms.first_words(kind, clock.today()))
    if request.method == "POST" and form.is_valid():
        meeting = changes.plan(request.member.office, **form.cleaned_data, by=request.member)
        messages.success(request, _("The meeting was planned. Look at the guide and the checklist."))
        return redirect("meetings:page", meeting.pk)
    return _form_page(request, "meetings/new.html", form, {"kind": Kind(kind), "plan": plans.plan_for(kind)})


@require_http_methods(["GET", "HEAD", "POST"])
@adviser_required
def change(request: MemberRequest, pk: int) -> HttpResponse:
    """Change the facts of a plan until the meeting has ended."""
    meeting = queries.meeting_for(request.member, pk)
    form = forms.PlanForm(meeting.kind, request.POST or None, initial=forms.words_of(meeting))
    if request.method == "POST" and form.is_valid():
        facts = {name: value for name, value in form.cleaned_data.items() if name != "kind"}
        changes.change_plan(meeting, **facts, by=request.member)
        messages.success(request, _("The plan was changed."))
        return redirect("meetings:page", pk)
    why = rules.why_not_change_plan(meeting)
    context = {"meeting": meeting, "plan": plans.plan_for(meeting.kind), "why_not": why}
    return _form_page(request, "meetings/change.html", form, context)


@require_http_methods(["GET", "HEAD", "POST"])
@adviser_required
def tick(request: MemberRequest, pk: int) -> HttpResponse:
    """Keep what was changed on the checklist."""
    meeting = queries.meeting_for(request.member, pk)
    if request.method == "POST":
        stood, ticked = set(request.POST.getlist("stood")), set(request.POST.getlist("check"))
        changes.tick(meeting, stood=stood, ticked=ticked, by=request.member)
        messages.success(request, _("The checklist was saved."))
    return _at(pk, "checklist")


def _at(pk: int, part: str) -> HttpResponse:
    """To a part of the meeting's page."""
    return redirect(f"{reverse('meetings:page', args=[pk])}#{part}")


@require_safe
@adviser_required
def show_guide(request: MemberRequest, pk: int) -> HttpResponse:
    """The guide with its times, made to be printed."""
    meeting = queries.meeting_for(request.member, pk)
    context = {
        "meeting": meeting,
        "office_name": meeting.office.name,
        "steps": guide.timed(meeting),
        "minutes": guide.minutes_of(meeting.guide),
        "ends_at": guide.ends_at(meeting),
        "checks": rules.checklist(meeting, today=clock.today()),
        "audience": _who_comes(meeting),
    }
    return render(request, "meetings/guide.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@adviser_required
def change_guide(request: MemberRequest, pk: int) -> HttpResponse:
    """Write the guide; each button saves all, and then moves, removes or adds a step."""
    meeting = queries.meeting_for(request.member, pk)
    given = forms.GuideForms(request.POST or None, initial=meeting.guide)
    if request.method == "POST" and given.is_valid():
        do, _dash, number = request.POST.get("do", "").partition("-")
        steps, looked_at = guide.moved(given.cleaned_data, do, int(number) if number.isdecimal() else 0)
        changes.change_plan(meeting, guide=steps, by=request.member)
        if do:
            return redirect(f"{reverse('meetings:change_guide', args=[pk])}#stap-{looked_at}")
        messages.success(request, _("The guide was saved."))
        return redirect("meetings:page", pk)
    context = {"meeting": meeting, "forms": given, "minutes": guide.minutes_of(meeting.guide),
        "why_not": rules.why_not_change_plan(meeting)}  # fmt: skip
    return render(request, "meetings/change_guide.html", context, status=422 if request.method == "POST" else 200)


# --- inviting and opening -----------------------------------------------------------------------------------------


@require_safe
@adviser_required
def page(request: MemberRequest, pk: int) -> HttpResponse:
    """One meeting, with what to do next."""
    meeting = queries.meeting_for(request.member, pk)
    checks = rules.checklist(meeting, today=clock.today())
    context = {
        "meeting": meeting,
        "audience": _who_comes(meeting),
        "steps": guide.timed(meeting),
        "minutes": guide.minutes_of(meeting.guide),
        "ends_at": guide.ends_at(meeting),
        "checks": checks,
        "open_checks": sum(not line.met for line in checks),
        "guests": queries.guests_of(meeting),
        "invited": queries.is_invited(meeting),
        "why_not_change": rules.why_not_change_plan(meeting),
        "why_not_open": rules.why_not_open(meeting),
        "why_not_end": rules.why_not_end(meeting),
    }
    if meeting.life == Life.CLOSED:
        context["consents"] = queries.consents_of(meeting)
        context["form"] = forms.OutcomeForm(initial={"outcome": meeting.outcome})
    return render(request, "meetings/page.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@adviser_required
def invite(request: MemberRequest, pk: int) -> HttpResponse:
    """Make an invitation; the answer is the PDF, for its code is shown once."""
    meeting = queries.meeting_for(request.member, pk)
    form = forms.InvitationForm(request.POST or None, initial={"age": _usual_age(meeting)})
    if request.method == "POST" and form.is_valid():
        fresh = changes.invite(meeting, by=request.member)
        return _pdf(printing.invitation(meeting, fresh, **form.cleaned_data), meeting.name)
    context = {"meeting": meeting, "invited": queries.is_invited(meeting), "why_not": rules.why_not_gather(meeting)}
    return _form_page(request, "meetings/invite.html", form, context)


def _usual_age(meeting: Meeting) -> str:
    return Age.FROM_12.value if Voice.YOUTH in meeting.audience else ""


def _pdf(made: bytes, name: str) -> HttpResponse:
    file_name = f"{_('invitation')}-{slugify(name) or 'gehoor'}.pdf"
    return HttpResponse(
        made, content_type="application/pdf", headers={"Content-Disposition": f'attachment; filename="{file_name}"'}
    )


@require_http_methods(["GET", "HEAD", "POST"])
@adviser_required
def doors(request: MemberRequest, pk: int) -> HttpResponse:
    """POST opens the doors with a new code; GET shows the code as long as this browser has it (`shown`) and it works."""
    meeting = queries.meeting_for(request.member, pk)
    address = reverse("meetings:open", args=[pk])
    if request.method == "POST":
        made = shown.seal(changes.open_doors(meeting, by=request.member), meeting, request.member)
        response = redirect(address)
        response.set_cookie(
            shown.COOKIE,
            made,
            max_age=shown.SECONDS,
            path=address,
            httponly=True,
            samesite="Lax",
            secure=settings.SECURE,
        )
        return response
    fresh = shown.read(request.COOKIES.get(shown.COOKIE, ""), meeting, request.member)
    if fresh is None:
        if meeting.life == Life.OPEN:
            messages.info(request, _("This browser does not know the code. Make a new one under “The doors”."))
        return redirect("meetings:page", pk)
    return render(request, "meetings/doors.html", {"meeting": meeting, **_to_show(fresh)})


def _to_show(fresh: changes.FreshEntrance) -> dict[str, Any]:
    """The code, and the square that a phone reads."""
    site = f"{settings.GEHOOR_BASE_URL}/m/"
    square = segno.make(fresh.url, error="m", micro=False).svg_inline(omitsize=True, border=4)
    return {
        "fresh": fresh,
        "site": site.partition("//")[2],
        "square": mark_safe(square),  # noqa: S308 -- our own drawing
        "about_square": pgettext("client", "Square code for a phone. It opens %(url)s") % {"url": site},
    }


# --- afterwards ---------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@adviser_required
def tell_outcome(request: MemberRequest, pk: int) -> HttpResponse:
    """Write what became of it; who comes back reads it. Its form stands on the page of the meeting."""
    meeting = queries.meeting_for(request.member, pk)
    if request.method != "POST":
        return _at(pk, "outcome")
    form = forms.OutcomeForm(request.POST)
    if form.is_valid():
        changes.tell_outcome(meeting, form.cleaned_data["outcome"], by=request.member)
        messages.success(request, _("Saved. Who comes back to this meeting reads it."))
        return _at(pk, "outcome")
    return _form_page(request, "meetings/outcome.html", form, {"meeting": meeting})


def _form_page(request: MemberRequest, template: str, form: Any, context: dict[str, Any]) -> HttpResponse:
    return render(request, template, {**context, "form": form}, status=422 if form.errors else 200)
