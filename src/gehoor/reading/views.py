"""The reading room: read, hide what points at a person, approve. And triage, when somebody is in danger."""

import uuid
from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from gehoor.answers.queries import Waiting
from gehoor.base import clock
from gehoor.base.errors import BadInput, NotAllowed, NotNow
from gehoor.offices import rules as office_rules
from gehoor.offices.web import MemberRequest, member_required
from gehoor.reading import changes, pages, queries, redaction
from gehoor.reading.forms import ConcernForm, ReasonForm, WordsForm
from gehoor.reading.models import Verdict


def reader_required(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """For readers and triage. When somebody else was first, a calm message and the next text."""

    @member_required
    @wraps(view)
    def guarded(request: MemberRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if why := office_rules.why_not_read_words(request.member):
            raise NotAllowed(why)
        try:
            return view(request, *args, **kwargs)
        except NotNow as error:
            messages.info(request, str(error))
            return redirect("reading:queue")

    return guarded


def triage_required(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """For triage only."""

    @reader_required
    @wraps(view)
    def guarded(request: MemberRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if why := office_rules.why_not_triage(request.member):
            raise NotAllowed(why)
        return view(request, *args, **kwargs)

    return guarded


@require_safe
@reader_required
def queue(request: MemberRequest) -> HttpResponse:
    """What waits, without a word of it."""
    office = request.member.office
    waiting = queries.queue(office)
    groups = [{"group": group, "asked": pages.asked(group.one)} for group in queries.groups(waiting)]
    context = {
        "waiting": len(waiting),
        "groups": groups,
        "urgent": sum(row["group"].urgent for row in groups),  # type: ignore[attr-defined]  # a group
        "overdue": queries.is_overdue(office, today=clock.today()),
        "at_triage": queries.at_triage(office).count(),
    }
    return render(request, "reading/queue.html", context)


@require_safe
@reader_required
def next_text(request: MemberRequest) -> HttpResponse:
    """On to a text: `lijkt` names the group that the reader likes to stay in, `niet` a text to leave for now."""
    skipped = request.GET.get("niet", "")
    text = queries.next_text(request.member.office, like=request.GET.get("lijkt", ""), but_not=_uuid(skipped))
    if text is None:
        if not skipped:
            messages.success(request, _("You have read everything. Thank you."))
        return redirect("reading:queue")
    return redirect("reading:text", text.pk)


@reader_required
def text(request: MemberRequest, pk: uuid.UUID) -> HttpResponse:
    """Open a raw text, which is logged. POST shows it again with other choices, or with the words as they were typed."""
    if request.method != "POST":
        if _is_flagged(request, pk):
            return redirect("reading:flagged", pk)
        return _desk(request, queries.open_text(request.member, pk))
    opened = queries.open_text(request.member, pk, why=request.POST.get("why", ""))
    return _desk(
        request, opened, given=request.POST, words=None if "apply" in request.POST else request.POST.get("words")
    )


@require_POST
@reader_required
def look(request: MemberRequest, pk: uuid.UUID) -> HttpResponse:
    """The result as it will be kept, before approving: the raw words aren't on this page."""
    waiting = queries.text_of(request.member, pk)
    form = WordsForm(request.POST, language=waiting.language)
    if not _can_be_kept(form, waiting):
        return _again(request, pk, form)
    hide = request.POST.getlist("hide")
    context = {
        "pk": pk,
        "text": waiting,
        "asked": pages.asked(waiting),
        "form": form,
        "words": form.cleaned_data["words"],
        "hide": hide,
    }
    return render(request, "reading/look.html", context)


@require_POST
@reader_required
def approve(request: MemberRequest, pk: uuid.UUID) -> HttpResponse:
    """Keep the redacted words; the raw ones are destroyed."""
    waiting = queries.text_of(request.member, pk)
    form = WordsForm(request.POST, language=waiting.language)
    if not _can_be_kept(form, waiting):
        return _again(request, pk, form)
    was_flagged = _is_flagged(request, pk)
    changes.approve(request.member, pk, words=form.cleaned_data["words"])
    messages.success(request, _("Approved. The raw words were destroyed."))
    return _onward(waiting, to_triage=was_flagged)


@require_POST
@reader_required
def set_aside(request: MemberRequest, pk: uuid.UUID) -> HttpResponse:
    """Nothing is said in it, or only abuse."""
    waiting, was_flagged = queries.text_of(request.member, pk), _is_flagged(request, pk)
    changes.set_aside(request.member, pk)
    messages.success(request, _("Set aside. The words were destroyed."))
    return _onward(waiting, to_triage=was_flagged)


@require_POST
@reader_required
def pass_on(request: MemberRequest, pk: uuid.UUID) -> HttpResponse:
    """To triage."""
    waiting = queries.text_of(request.member, pk)
    changes.pass_to_triage(request.member, pk)
    messages.success(request, _("Passed to triage. They look at it today; you need not do anything more."))
    return _onward(waiting)


@triage_required
def triage(request: MemberRequest) -> HttpResponse:
    """Texts about danger, and what was done about them. The two are not connected."""
    form = ConcernForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and _recorded(request, form):
        return redirect("reading:triage")
    texts = [{"text": text, "asked": pages.asked(text)} for text in queries.waiting_at_triage(request.member.office)]
    concerns = queries.concerns_of(request.member.office)[:100]
    status = 422 if form.is_bound else 200
    return render(request, "reading/triage.html", {"texts": texts, "concerns": concerns, "form": form}, status=status)


@triage_required
def flagged(request: MemberRequest, pk: uuid.UUID) -> HttpResponse:
    """Open a text about danger: first the reason."""
    waiting = queries.text_of(request.member, pk)
    if not _is_flagged(request, pk):
        return redirect("reading:text", pk)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        return _desk(
            request, queries.open_text(request.member, pk, why=form.cleaned_data["why"]), why=form.cleaned_data["why"]
        )
    status = 422 if form.is_bound else 200
    return render(
        request, "reading/reason.html", {"form": form, "text": waiting, "asked": pages.asked(waiting)}, status=status
    )


@require_POST
@triage_required
def concern(request: MemberRequest, pk: uuid.UUID) -> HttpResponse:
    """Record a concern with the text still open. Only the screen knows which text: nothing of it is stored."""
    form = ConcernForm(request.POST)
    opened = queries.open_text(request.member, pk, why=request.POST.get("why", ""))
    recorded = _recorded(request, form)
    return _desk(request, opened, why=request.POST.get("why", ""), concern_form=None if recorded else form)


def _desk(
    request: MemberRequest,
    opened: queries.Opened,
    *,
    given: QueryDict | None = None,
    words: str | None = None,
    form: WordsForm | None = None,
    why: str = "",
    concern_form: ConcernForm | None = None,
) -> HttpResponse:
    """The page of an opened text. Words that the reader typed stay; otherwise the chosen proposals are applied."""
    numbers: Sequence[str] = given.getlist("hide") if given else [str(number) for number in range(len(opened.proposed))]
    chosen = pages.chosen_of(opened.proposed, numbers)
    result = redaction.redact(opened.words, chosen, language=opened.text.language) if words is None else words
    why = why or (given.get("why", "") if given else "")
    form = form or WordsForm(initial={"words": result, "why": why}, language=opened.text.language)
    context = {
        "text": opened.text,
        "asked": pages.asked(opened.text),
        "pieces": pages.pieces(opened.words, opened.proposed, chosen, language=opened.text.language),
        "has_proposals": bool(opened.proposed),
        "marker": redaction.MARKERS.get(opened.text.language, redaction.MARKERS["nl"])[redaction.Kind.NAME],
        "urgent": queries.is_urgent(opened.text),
        "form": form,
        "why": why,
        "flagged": _is_flagged(request, opened.text.pk),
        "concern_form": concern_form or ConcernForm(),
        "like": queries.key_of(opened.text),
    }
    is_wrong = form.errors or (concern_form and concern_form.errors)
    return render(request, "reading/text.html", context, status=422 if is_wrong else 200)


def _again(request: MemberRequest, pk: uuid.UUID, form: WordsForm) -> HttpResponse:
    """The page with what is wrong at the field, and nothing lost. The raw words come on the screen again: logged."""
    opened = queries.open_text(request.member, pk, why=request.POST.get("why", ""))
    return _desk(request, opened, given=request.POST, form=form)


def _can_be_kept(form: WordsForm, text: Waiting) -> bool:
    if not form.is_valid():
        return False
    try:
        changes.check_words(form.cleaned_data["words"], language=text.language)
    except BadInput as error:
        for problem in error.problems:
            form.add_error("words", problem)
        return False
    return True


def _recorded(request: MemberRequest, form: ConcernForm) -> bool:
    if not form.is_valid():
        return False
    changes.record_concern(request.member, **form.cleaned_data)
    messages.success(request, _("Recorded: the day, the kind, the step and the decision. Nothing of the text."))
    return True


def _is_flagged(request: MemberRequest, pk: uuid.UUID) -> bool:
    read = queries.verdict_on(request.member.office, pk)
    return read is not None and read.verdict == Verdict.DANGER


def _onward(text: Waiting, *, to_triage: bool = False) -> HttpResponse:
    if to_triage:
        return redirect("reading:triage")
    return redirect(f"{reverse('reading:next')}?{urlencode({'lijkt': queries.key_of(text)})}")


def _uuid(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None
