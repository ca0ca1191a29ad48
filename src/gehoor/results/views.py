"""Released figures on the screen and as files, and the one button that asks for them. Nothing here can make a figure."""

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from gehoor.base import clock
from gehoor.base.errors import NotAllowed, NotFound
from gehoor.offices.models import Member
from gehoor.offices.web import MemberRequest, member_required
from gehoor.results import changes, exports, line, page, queries, quotes, report, rules, screen, words
from gehoor.results.models import State
from gehoor.results.queries import Figures
from gehoor.rounds.models import Round

FEW_QUOTES = 3
FORMATS: dict[str, tuple[str, Callable[[Figures], str | bytes]]] = {
    "csv": ("text/csv; charset=utf-8", exports.as_csv),
    "json": ("application/json", exports.as_json),
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", exports.as_xlsx),
    "docx": ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", report.as_docx),
    "pdf": ("application/pdf", report.as_pdf),
}


@require_safe
@member_required
def listed(request: MemberRequest) -> HttpResponse:
    """The rounds whose figures this member may see."""
    return render(request, "results/list.html", {"rounds": queries.summaries(request.member)})


@require_safe
@member_required
def one(request: MemberRequest, pk: int) -> HttpResponse:
    """A round: its newest quarter, or what must happen before there is one."""
    a_round = queries.round_for(request.member, pk)
    newest = queries.newest_of(a_round)
    if newest:
        return redirect("results:quarter", pk, newest[0].period)
    waiting = queries.waiting_quarters(request.member, a_round, newest)
    return render(request, "results/round.html", {"round": a_round, "waiting": waiting, **_crumbs(a_round.name)})


@require_safe
@member_required
def quarter(request: MemberRequest, pk: int, period: str) -> HttpResponse:
    """The figures of a quarter: sentences, then tables, then charts."""
    history = queries.history_for(request.member, pk, period)
    shown = page.of(history.figures)
    context = {
        "page": shown,
        "drawn": screen.sections(shown),
        "round": history.figures.round,
        "release": history.figures.release,
        "quarters": [total.release for total in history.totals],
        "line_quarters": line.quarters(history.totals),
        "series": line.series(history.totals, shown.wording, page.numbers_of(history.figures)),
        "others": queries.same_questionnaire(request.member, history.figures.round),
        "quotes": quotes.for_page(request.member, shown),
        "may_release": not rules.why_not_release(request.member, history.figures.round),
        "formats": list(FORMATS),
        **_crumbs(history.figures.round.name),
    }
    return render(request, "results/quarter.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def release(request: MemberRequest, pk: int, period: str) -> HttpResponse:
    """First what releasing means, then the asking: the worker releases."""
    a_round = _round_to_release(request.member, pk, period)
    if request.method == "POST":
        changes.ask_release(a_round, period, by=request.member)
        return redirect("results:asked", pk, period)
    asked = queries.asking_of(a_round, period)
    if asked and asked.state == State.WAITING:
        return redirect("results:asked", pk, period)
    before = queries.newest_release(a_round, period)
    context = {"round": a_round, "period": period, "before": before, "smallest": a_round.office.smallest_group}
    return render(request, "results/release.html", {**context, **_crumbs(a_round.name)})


@require_safe
@member_required
def asked(request: MemberRequest, pk: int, period: str) -> HttpResponse:
    """What became of the asking. While it waits, the page looks again by itself, or at the press of a link."""
    a_round = _round_to_release(request.member, pk, period)
    asking = queries.asking_of(a_round, period)
    if asking is None:
        raise NotFound(_("Nobody asked for these figures yet."))
    stuck = queries.is_stuck(asking, at=clock.now())
    context = {"round": a_round, "period": period, "asking": asking, "state": State, "stuck": stuck}
    return render(request, "results/asked.html", {**context, **_crumbs(a_round.name)})


def _round_to_release(member: Member, pk: int, period: str) -> Round:
    """A round of which this member may release this quarter. Raises NotFound or NotAllowed."""
    a_round = queries.round_for(member, pk)
    if why := rules.why_not_release(member, a_round):
        raise NotAllowed(why)
    if not queries.has_answers(a_round, period):
        raise NotFound(_("There are no opened answers in this quarter."))
    return a_round


@require_safe
@member_required
def download(request: MemberRequest, pk: int, period: str, format: str) -> HttpResponse:  # noqa: A002 -- the word in the address
    """The same figures as a file."""
    if format not in FORMATS:
        raise NotFound(_("There is no such file."))
    figures = queries.figures_for(request.member, pk, period)
    kind, write = FORMATS[format]
    mark = "fictief-" if words.fictional() else ""
    name = f"{mark}gehoor-{pk}-{figures.release.period}-{figures.release.number}.{format}"
    return HttpResponse(
        write(figures), content_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )


@require_safe
@member_required
def to_discuss(request: MemberRequest) -> HttpResponse:
    """What was released and can be talked about: a sheet for each newest quarter."""
    released = [one for one in queries.summaries(request.member) if one.releases]
    return render(request, "results/to_discuss.html", {"rounds": released})


@require_safe
@member_required
def discussion_sheet(request: MemberRequest, pk: int, period: str) -> HttpResponse:
    """One sheet of paper for a talk of an hour: what we heard, and the four questions (domain.md §6.7)."""
    shown = page.of(queries.figures_for(request.member, pk, period))
    words_heard = quotes.for_page(request.member, shown) or []
    few = [(quote.question, quote.texts[:FEW_QUOTES]) for quote in words_heard if quote.texts]
    a_round = shown.figures.round
    context = {"page": shown, "round": a_round, "office_name": a_round.office.name, "quotes": few}
    return render(request, "results/sheet.html", context)


def _crumbs(name: str) -> dict[str, Any]:
    return {"crumbs": [{"label": _("Figures"), "url": reverse("results:list")}, {"label": name, "url": ""}]}
