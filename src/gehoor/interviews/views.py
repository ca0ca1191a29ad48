"""Interviews on screen: whom to call, what was agreed, what was said, and the recording beside it."""

import uuid
from typing import Any, cast

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_safe

from gehoor.base import clock, codes
from gehoor.base.errors import BadInput, NotNow
from gehoor.base.languages import FALLBACK, LANGUAGES
from gehoor.interviews import changes, faults, forms, queries, rules, scripts, transcripts, uploads, web
from gehoor.interviews.changes import OldPage
from gehoor.interviews.models import WHO, Ended, How, Interview
from gehoor.interviews.transcripts import NoTranscript
from gehoor.interviews.web import interviewer_required
from gehoor.meetings import queries as meetings
from gehoor.meetings.models import Age, Meeting, Voice
from gehoor.offices.web import MemberRequest

ASK = ["GET", "HEAD", "POST"]

# --- a series -----------------------------------------------------------------------------------------------------


@require_safe
@interviewer_required
def list_all(request: MemberRequest, pk: int) -> HttpResponse:
    """The talks of a series, and where calling stands."""
    meeting = meetings.meeting_for(request.member, pk)
    now = clock.now()
    context = {
        "meeting": meeting,
        "interviews": queries.interviews_of(meeting),
        "why_not": rules.why_not_hold(meeting),
        "why_not_add": rules.why_not_add_contacts(meeting, clock.today()),
        "counts": queries.counts_of(meeting, now),
        "ends": queries.ends_of(meeting),
        "last_day": meeting.held_on + rules.CALLS_KEPT,
        "number_form": forms.NumberForm(),
    }
    return render(request, "interviews/list.html", context)


@require_http_methods(ASK)
@interviewer_required
def call_list(request: MemberRequest, pk: int) -> HttpResponse:
    """Put people on the call list."""
    meeting = meetings.meeting_for(request.member, pk)
    form = forms.CallListForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        added, known = changes.add_contacts(meeting, form.cleaned_data["people"], by=request.member)
        messages.success(request, _added(added, known))
        return redirect("interviews:list", pk)
    context = {"meeting": meeting, "form": form, "why_not": rules.why_not_add_contacts(meeting, clock.today())}
    return render(request, "interviews/call_list.html", context, status=422 if form.errors else 200)


def _added(added: int, known: int) -> str:
    said = ngettext("%(count)s person was added.", "%(count)s people were added.", added) % {"count": added}
    if known:
        said += " " + ngettext(
            "%(count)s was left out: this number was on the list, or was called before.",
            "%(count)s were left out: these numbers were on the list, or were called before.",
            known,
        ) % {"count": known}  # fmt: skip
    return said


@require_http_methods(ASK)
@interviewer_required
def drop_list(request: MemberRequest, pk: int) -> HttpResponse:
    """Ask, then throw the call list away."""
    meeting = meetings.meeting_for(request.member, pk)
    if request.method == "POST":
        changes.drop_contacts(meeting, by=request.member)
        messages.success(request, _("The call list was thrown away."))
        return redirect("interviews:list", pk)
    return render(request, "interviews/drop_list.html", {"meeting": meeting})


@require_http_methods(ASK)
@interviewer_required
def call(request: MemberRequest, pk: int) -> HttpResponse:
    """The caller's page: one person, the script, and buttons for what became of it."""
    meeting = meetings.meeting_for(request.member, pk)
    trouble = ""
    if request.method == "POST":
        form = forms.CallForm(request.POST)
        in_hand = changes.take_next(meeting, by=request.member)
        if not form.is_valid():
            trouble = _("Choose a day and an hour that are still to come.")
        elif in_hand is None or form.cleaned_data["contact"] != in_hand.contact.guid:
            trouble = _("This call was noted already, or took longer than twenty minutes. This is the next person.")
        else:
            try:
                changes.end_call(in_hand.contact, form.cleaned_data["ended"], again=form.again, by=request.member)
            except BadInput as error:
                trouble = str(error)
            else:
                return redirect(_after(meeting, form.cleaned_data["ended"], in_hand.person.language))
    in_hand = changes.take_next(meeting, by=request.member)
    context = {
        "meeting": meeting,
        "in_hand": in_hand,
        "number": codes.grouped(in_hand.person.number, 2) if in_hand else "",
        "voice": WHO[Voice(in_hand.person.voice)] if in_hand else "",
        "most": rules.MOST_TRIES,
        "script": scripts.script_of(meeting, by_call=True),
        "next_moment": queries.next_moment(meeting, clock.now()),
        "has_no_list": queries.has_no_list(meeting),
        "waiting": queries.counts_of(meeting, clock.now())["waiting"],
        "form": forms.CallForm(
            initial={"day": forms.default_day(), "hour": 16, "contact": in_hand and in_hand.contact.guid}
        ),
        "trouble": trouble,
    }
    return render(request, "interviews/call.html", context, status=422 if trouble else 200)


def _after(meeting: Meeting, ended: str, language: str) -> str:
    """Whoever wants to talk is asked for consent at once: the page knows that it is by telephone, and in which language."""
    if ended == Ended.SPOKE:
        return reverse("interviews:begin", args=[meeting.pk]) + f"?how={How.CALL}&language={language}"
    return reverse("interviews:call", args=[meeting.pk])


@require_http_methods(ASK)
@interviewer_required
def begin(request: MemberRequest, pk: int) -> HttpResponse:
    """First who talks; then the words that ask for consent. Only then there is a talk."""
    meeting = meetings.meeting_for(request.member, pk)
    why_not = rules.why_not_hold(meeting)
    asked = {"language": FALLBACK, **request.GET.dict()}
    who = forms.WhoForm(asked if {"voice", "age", "next"} & asked.keys() else None, initial=asked)
    if not who.is_valid():
        context: dict[str, Any] = {"meeting": meeting, "form": who, "why_not": why_not}
        return render(request, "interviews/begin.html", context, status=422 if who.errors else 200)
    form = forms.ConsentForm(request.POST if request.method == "POST" else None, who=who.cleaned_data)
    if request.method == "POST" and form.is_valid():
        interview = changes.agree(meeting, **who.cleaned_data, **form.cleaned_data, by=request.member)
        return redirect("interviews:page", interview.pk)
    age, voice, language = (who.cleaned_data[name] for name in ("age", "voice", "language"))
    said = scripts.consent_for(meeting, age, voice, language)
    context = {
        "meeting": meeting, "form": form, "why_not": why_not, "said": said, "direction": LANGUAGES[said.language].direction,
        "wanted": LANGUAGES[language].name if said.language != language else "",
        "in_dutch": scripts.in_short(meeting, age, FALLBACK) if said.language != FALLBACK else "",
        "needs_parent": age != Age.FROM_16, "needs_both": age == Age.FROM_12, "who": _in_words(who),
    }  # fmt: skip
    return render(request, "interviews/consent.html", context, status=422 if form.errors else 200)


def _in_words(who: forms.WhoForm) -> list[str]:
    chosen = [dict(who.fields[name].choices)[value] for name, value in who.cleaned_data.items()]  # type: ignore[attr-defined]
    return [str(label) for label in chosen]


@require_http_methods(ASK)
@interviewer_required
def find(request: MemberRequest, pk: int) -> HttpResponse:
    """Somebody comes back with the number of a talk."""
    meeting = meetings.meeting_for(request.member, pk)
    form = forms.NumberForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        interview = queries.by_number(meeting, form.cleaned_data["number"])
        if interview is not None:
            return redirect("interviews:withdraw", interview.pk)
        form.add_error("number", _("There is no talk with this number in this series. Look at the digits again."))
    return render(
        request, "interviews/find.html", {"meeting": meeting, "form": form}, status=422 if form.errors else 200
    )


# --- one talk -----------------------------------------------------------------------------------------------------


@require_http_methods(ASK)
@interviewer_required
def page(request: MemberRequest, pk: uuid.UUID) -> HttpResponse:
    """One talk: the recording beside the words; type them, correct them."""
    interview = queries.interview_for(request.member, pk)
    form = forms.WordsForm(request.POST or None)
    version, is_old = _version(request), False
    if request.method == "POST" and form.is_valid():
        try:
            changes.write(interview, form.cleaned_data["text"], version=version, by=request.member)
        except NotNow as error:  # an old page, or words that somebody checked meanwhile
            form.add_error("text", str(error))
            interview = queries.interview_for(request.member, pk)
            version, is_old = queries.version_of(interview), True
        except BadInput as error:
            form.add_error("text", str(error))
        else:
            messages.success(request, _("The words were kept."))
            return redirect("interviews:page", pk)
    turns = queries.turns_of(interview)
    if request.method != "POST":
        form = forms.WordsForm(initial={"text": transcripts.as_text(turns)})
        version = queries.version_of(interview)
    context = {
        "meeting": interview.meeting,
        "interview": interview,
        "version": version,
        "is_old": is_old,
        "turns": turns,
        "form": form,
        "source": queries.source_of(interview),
        "number": codes.grouped(queries.number_of(interview)),
        "language": LANGUAGES[interview.language].name if interview.language in LANGUAGES else interview.language,
        "words_language": scripts.language_of(interview),
        "script": scripts.script_of(interview.meeting, by_call=interview.how == How.CALL),
        "why_not_write": rules.why_not_write(interview),
        "why_not_record": rules.why_not_record(interview),
    }
    return render(request, "interviews/page.html", context, status=409 if is_old else 422 if form.errors else 200)


def _version(request: MemberRequest) -> str:
    """Of which words the page was made; a form of ours always says it."""
    return request.POST.get("version", "")


@csrf_exempt  # `_upload` checks it, after the size was looked at
@require_http_methods(ASK)
@interviewer_required
def upload(request: MemberRequest, pk: uuid.UUID) -> HttpResponse:
    """A transcript from a file."""
    interview = queries.interview_for(request.member, pk)
    if request.method == "POST":
        if uploads.is_too_large(request, transcripts.MOST_BYTES):
            why = faults.of_transcript(NoTranscript("too_large"))
            return _file_page(request, "interviews/upload.html", interview, why, status=413)
        request.upload_handlers = [uploads.TranscriptHandler(request)]
    return _upload(request, interview)


@csrf_protect
def _upload(request: MemberRequest, interview: Interview) -> HttpResponse:
    if request.method != "POST":
        return _file_page(request, "interviews/upload.html", interview)
    file = request.FILES.get("file")
    if file is None:
        return _file_page(request, "interviews/upload.html", interview, faults.no_file(), status=422)
    try:
        changes.upload(
            interview, file.name or "", file.read(), replace="replace" in request.POST, version=_version(request),
            by=request.member,
        )  # fmt: skip
    except OldPage as error:
        interview = queries.interview_for(request.member, interview.pk)
        return _file_page(request, "interviews/upload.html", interview, str(error), status=409)
    except BadInput as error:
        return _file_page(request, "interviews/upload.html", interview, str(error), status=422)
    messages.success(request, _("The transcript was read. Now take out the names."))
    return redirect("interviews:page", interview.pk)


def _file_page(
    request: MemberRequest, template: str, interview: Interview, trouble: str = "", *, status: int = 200
) -> HttpResponse:
    context = {
        "meeting": interview.meeting, "interview": interview, "trouble": trouble, "most": faults.MOST_SOUND,
        "too_large": faults.too_large_sound(), "why_not_record": rules.why_not_record(interview),
        "why_not_write": rules.why_not_write(interview), "version": queries.version_of(interview),
        "turns": queries.turns_of(interview), "form": forms.ReplaceForm(),
        "days": rules.SOUND_KEPT_CHECKED.days, "most_days": rules.SOUND_KEPT.days,
    }  # fmt: skip
    return render(request, template, context, status=status)


@require_http_methods(ASK)
@interviewer_required
def names(request: MemberRequest, pk: uuid.UUID) -> HttpResponse:
    """Take names out: a letter for each speaker, and something else in place of a word."""
    interview = queries.interview_for(request.member, pk)
    hiding = request.method == "POST" and "word" in request.POST
    form = forms.HideForm(request.POST if hiding else None)
    letters = dict(zip(request.POST.getlist("from"), request.POST.getlist("to"), strict=False))
    trouble = ""
    if request.method == "POST" and (not hiding or form.is_valid()):
        try:
            said = _hide(request, interview, form) if hiding else _name(request, interview, letters)
        except NotNow as error:
            trouble = str(error)
            interview = queries.interview_for(request.member, pk)
        else:
            messages.success(request, said)
            return redirect("interviews:names", pk)
    turns, original = queries.turns_of(interview), queries.original_of(interview)
    context = {
        "meeting": interview.meeting, "interview": interview, "form": form, "turns": turns, "trouble": trouble,
        "speakers": [_speaker(speaker, letters) for speaker in transcripts.speakers(turns)],
        "version": queries.version_of(interview),
        "original": original if original != turns else [], "why_not": rules.why_not_write(interview),
    }  # fmt: skip
    status = 409 if trouble else 422 if form.errors else 200
    return render(request, "interviews/names.html", context, status=status)


def _hide(request: MemberRequest, interview: Interview, form: forms.HideForm) -> str:
    word, by = form.cleaned_data["word"], form.cleaned_data["by"]
    times = changes.hide(interview, word, by, version=_version(request), by=request.member)
    if not times:
        return _("This word does not stand in the transcript.")
    return ngettext("Replaced in %(count)s place.", "Replaced in %(count)s places.", times) % {"count": times}


def _name(request: MemberRequest, interview: Interview, letters: dict[str, str]) -> str:
    given = {old: _label(new) for old, new in letters.items() if new.strip()}
    changes.name_speakers(interview, given, version=_version(request), by=request.member)
    return _("The speakers have their letters.")


def _speaker(speaker: str, letters: dict[str, str]) -> tuple[str, bool, str]:
    """The label, whether it is fine, and what stands in its field: what was typed, or the label when it is fine."""
    is_neutral = bool(rules.NEUTRAL.fullmatch(speaker))
    return speaker, is_neutral, letters.get(speaker, speaker if is_neutral else "")


def _label(text: str) -> str:
    return " ".join(text.split())[: transcripts.LONGEST_LABEL].strip(": ")


@require_http_methods(ASK)
@interviewer_required
def check(request: MemberRequest, pk: uuid.UUID) -> HttpResponse:
    """Ask, then let the words go on."""
    interview = queries.interview_for(request.member, pk)
    trouble = ""
    if request.method == "POST":
        try:
            changes.check(interview, version=_version(request), by=request.member)
        except OldPage as error:
            trouble = str(error)
            interview = queries.interview_for(request.member, pk)
        else:
            messages.success(request, _("The transcript was checked. Its words go on; what came in is gone."))
            return redirect("interviews:page", pk)
    turns = queries.turns_of(interview)
    context = {
        "meeting": interview.meeting, "interview": interview, "turns": turns, "trouble": trouble,
        "version": queries.version_of(interview), "days": rules.SOUND_KEPT_CHECKED.days,
        "why_not": rules.why_not_check(interview, transcripts.speakers(turns)),
    }  # fmt: skip
    return render(request, "interviews/check.html", context, status=409 if trouble else 200)


@require_http_methods(ASK)
@interviewer_required
def withdraw(request: MemberRequest, pk: uuid.UUID) -> HttpResponse:
    """Ask, then delete all of it."""
    interview = queries.interview_for(request.member, pk)
    if request.method == "POST":
        changes.withdraw(interview, by=request.member)
        messages.success(request, _("The interview was deleted: recording, words and agreement."))
        return redirect("interviews:list", interview.meeting_id)
    return render(request, "interviews/withdraw.html", {"meeting": interview.meeting, "interview": interview})


# --- the recording --------------------------------------------------------------------------------------------------


@csrf_exempt  # `_record` checks it, after the size was looked at
@require_http_methods(ASK)
@interviewer_required
def record(request: MemberRequest, pk: uuid.UUID) -> HttpResponse:
    """A recording: sealed to disk while it comes in, thrown away unless it is kept."""
    interview = queries.interview_for(request.member, pk)
    if request.method != "POST" or rules.why_not_record(interview):
        return _file_page(request, "interviews/record.html", interview, status=409 if request.method == "POST" else 200)
    if uploads.is_too_large(request, faults.MOST_SOUND):
        return _file_page(request, "interviews/record.html", interview, faults.too_large_sound(), status=413)
    handler = uploads.SoundHandler(request, interview.guid)
    request.upload_handlers = [handler]
    try:
        return _record(request, interview, handler)
    finally:
        handler.discard()


@csrf_protect
def _record(request: MemberRequest, interview: Interview, handler: uploads.SoundHandler) -> HttpResponse:
    _files = request.FILES  # reads the form; the check above did so too, unless it is switched off
    if handler.too_large:
        return _file_page(request, "interviews/record.html", interview, faults.too_large_sound(), status=413)
    if handler.writer is None:
        return _file_page(request, "interviews/record.html", interview, faults.no_file(), status=422)
    try:
        changes.keep_sound(interview, handler.writer, by=request.member)
    except BadInput as error:
        return _file_page(request, "interviews/record.html", interview, str(error), status=422)
    messages.success(request, _("The recording was kept. Names, places and dates in the file were wiped."))
    return redirect("interviews:page", interview.pk)


@require_safe
@interviewer_required
def listen(request: MemberRequest, pk: uuid.UUID) -> HttpResponse:
    """The recording itself."""
    interview = queries.interview_for(request.member, pk)
    if interview.sound_size is None:
        return HttpResponse(status=404)
    return cast("HttpResponse", web.play(request, interview))  # a stream passes the same doors


@require_http_methods(ASK)
@interviewer_required
def delete_sound(request: MemberRequest, pk: uuid.UUID) -> HttpResponse:
    """Ask, then delete the recording before its day."""
    interview = queries.interview_for(request.member, pk)
    if request.method == "POST":
        changes.delete_sound(interview, by=request.member)
        messages.success(request, _("The recording was deleted."))
        return redirect("interviews:page", pk)
    return render(request, "interviews/delete_sound.html", {"meeting": interview.meeting, "interview": interview})
