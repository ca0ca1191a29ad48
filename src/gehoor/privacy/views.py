"""The privacy officer's pages: who did what, who read what, how small a group may be, and how long everything is kept."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gehoor.base import clock
from gehoor.base.errors import BadInput, NotAllowed
from gehoor.disclosure import policy
from gehoor.offices import rules as office_rules
from gehoor.offices.journal import Verb
from gehoor.offices.models import Entry
from gehoor.offices.web import MemberRequest, member_required
from gehoor.privacy import changes, lines, queries, retention
from gehoor.privacy.forms import SmallestGroupForm, VerbForm

LINES = 50


def privacy_officer_required(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """For the privacy officer of the office only."""

    @member_required
    @wraps(view)
    def guarded(request: MemberRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if why := office_rules.why_not_see_journal(request.member):
            raise NotAllowed(why)
        return view(request, *args, **kwargs)

    return guarded


@require_safe
@privacy_officer_required
def journal(request: MemberRequest) -> HttpResponse:
    """What staff did, newest first; of one kind when `verb` is a known one."""
    form = VerbForm(request.GET)
    verb = form.cleaned_data["verb"] if form.is_valid() else ""
    page = _page(request, queries.journal_of(request.member.office, verb=verb))
    query = urlencode({"verb": verb}) if verb else ""
    return render(
        request,
        "privacy/journal.html",
        {
            "choices": VerbForm(initial={"verb": verb}),
            "page": page,
            "lines": lines.read(page, request.member.office),
            "query": query,
        },
    )


@require_safe
@privacy_officer_required
def reading_log(request: MemberRequest) -> HttpResponse:
    """Each opening of a raw text."""
    page = _page(request, queries.reading_log_of(request.member.office))
    return render(request, "privacy/reading_log.html", {"page": page, "lines": lines.read(page, request.member.office)})


@require_http_methods(["GET", "HEAD", "POST"])
@privacy_officer_required
def smallest_group(request: MemberRequest) -> HttpResponse:
    """The smallest group of the office, with the decision behind it."""
    office = request.member.office
    form = SmallestGroupForm(
        request.POST if request.method == "POST" else None, initial={"smallest": office.smallest_group}
    )
    if form.is_valid():
        try:
            changes.set_smallest_group(request.member, **form.cleaned_data)
        except BadInput as error:
            form.add_error("decision", error.problems)
        else:
            messages.success(
                request, _("The smallest group is now %(number)s.") % {"number": form.cleaned_data["smallest"]}
            )
            return redirect("privacy:smallest-group")
    decisions = lines.read(queries.journal_of(office, verb=Verb.THRESHOLD_SET)[:20], office)
    context = {"form": form, "numbers": policy.load(), "decisions": decisions, "office": office}
    return render(request, "privacy/smallest_group.html", context, status=422 if form.is_bound else 200)


@require_safe
@privacy_officer_required
def retention_list(request: MemberRequest) -> HttpResponse:
    """What is kept, how long and where; what was deleted, and when."""
    page = _page(request, queries.deletions_of(request.member.office))
    deletions = [{"line": line, "parts": retention.in_words(line.subject)} for line in page]
    return render(request, "privacy/retention.html", {"terms": retention.TERMS, "page": page, "deletions": deletions})


@require_POST
@privacy_officer_required
def retain(request: MemberRequest) -> HttpResponse:
    """Do tonight's deletion now."""
    gone = sum(changes.retain(clock.today(), by=request.member).values())
    if gone:
        messages.success(
            request, ngettext("%(gone)s thing was deleted.", "%(gone)s things were deleted.", gone) % {"gone": gone}
        )
    else:
        messages.info(request, _("Nothing is due."))
    return redirect("privacy:retention")


def _page(request: MemberRequest, lines: QuerySet[Entry]) -> Page[Entry]:
    return Paginator(lines, LINES).get_page(request.GET.get("page"))
