"""Asking, on screen: rounds, their codes on paper, and their mail."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gehoor.base import clock
from gehoor.base.errors import BadInput
from gehoor.base.languages import LANGUAGES
from gehoor.offices.web import MemberRequest
from gehoor.questionnaires import queries as questionnaires
from gehoor.questionnaires import shown
from gehoor.questionnaires.web import adviser_required
from gehoor.rounds import changes, forms, mailing, printing, queries, rules
from gehoor.rounds.mailing import Posted
from gehoor.rounds.models import Dispatch, Mode, Round

# --- rounds -------------------------------------------------------------------------------------------------------


@require_safe
@adviser_required
def list_all(request: MemberRequest) -> HttpResponse:
    """Every round, with what to do next."""
    return render(
        request, "rounds/list.html", {"found": queries.listed_for(request.member.office, today=clock.today())}
    )


@require_http_methods(["GET", "HEAD", "POST"])
@adviser_required
def new(request: MemberRequest) -> HttpResponse:
    """A draft; `?van=` fills the form from an earlier round."""
    like = request.GET.get("van", "")
    initial = forms.first_words(clock.today())
    if like.isdecimal():
        initial = forms.words_of(queries.round_for(request.member, int(like)), clock.today())
    form = forms.RoundForm(request.member.office, request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        facts = dict(form.cleaned_data)
        a_round = changes.make_round(request.member.office, facts.pop("version"), **facts, by=request.member)
        messages.success(request, _("The draft was saved. Check it, and start it."))
        return redirect("rounds:page", a_round.pk)
    return _form_page(request, "rounds/new.html", form, {})


@require_safe
@adviser_required
def page(request: MemberRequest, pk: int) -> HttpResponse:
    """One round: its state, what clients read, its codes."""
    a_round = queries.round_for(request.member, pk)
    batches = list(queries.dispatches_of(a_round))
    content = questionnaires.content_of(a_round.version_id)
    context = {
        "round": a_round,
        "batches": batches,
        "next": rules.what_next(a_round, batches=len(batches), today=clock.today()),
        "voice": shown.Shown(a_round.version.questionnaire, a_round.version, content).voice,
        "copy_url": f"{reverse('rounds:new')}?van={pk}",
        "notices": _notices(a_round),
        "why_not_start": rules.why_not_start(a_round, content),
        "why_not_close": rules.why_not_close(a_round),
        "why_not_print": rules.why_not_print(a_round, size=1, mode=Mode.CARD),
        "why_not_mail": rules.why_not_mail(a_round),
    }
    return render(request, "rounds/page.html", context)


def _notices(a_round: Round) -> list[dict[str, Any]]:
    """What a client reads before the first question, in each language."""
    content = questionnaires.content_of(a_round.version_id)
    return [
        {"language": LANGUAGES[code], "text": shown.introduction(content, code, office_name=a_round.office.name)}
        for code in content.languages
    ]


@require_http_methods(["GET", "HEAD", "POST"])
@adviser_required
def start(request: MemberRequest, pk: int) -> HttpResponse:
    """Ask what freezes, then open the door."""
    a_round = queries.round_for(request.member, pk)
    if request.method == "POST":
        changes.start_round(a_round, by=request.member)
        messages.success(request, _("The round has started. Now make codes."))
        return redirect("rounds:page", pk)
    why = rules.why_not_start(a_round, questionnaires.content_of(a_round.version_id))
    return render(request, "rounds/start.html", {"round": a_round, "why_not": why})


@require_http_methods(["GET", "HEAD", "POST"])
@adviser_required
def close(request: MemberRequest, pk: int) -> HttpResponse:
    """Ask, then shut the door for good."""
    a_round = queries.round_for(request.member, pk)
    if request.method == "POST":
        changes.close_round(a_round, by=request.member)
        messages.success(request, _("The round is closed."))
        return redirect("rounds:page", pk)
    return render(request, "rounds/close.html", {"round": a_round, "why_not": rules.why_not_close(a_round)})


# --- codes on paper -----------------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@adviser_required
def make_codes(request: MemberRequest, pk: int) -> HttpResponse:
    """Make codes; the answer is the PDF, for the codes are shown once."""
    a_round = queries.round_for(request.member, pk)
    form = forms.CodesForm(a_round, request.POST or None)
    if request.method == "POST" and form.is_valid():
        wanted = form.cleaned_data
        _dispatch, fresh = changes.make_codes(
            a_round, size=wanted["size"], mode=wanted["mode"], product=wanted["product"], by=request.member
        )
        return _pdf(printing.paper(a_round, fresh, mode=wanted["mode"], language=wanted["language"]), a_round.name)
    why = rules.why_not_print(a_round, size=1, mode=Mode.CARD)
    return _form_page(request, "rounds/codes.html", form, {"round": a_round, "why_not": why})


def _pdf(made: bytes, name: str) -> HttpResponse:
    file_name = f"codes-{slugify(name) or 'gehoor'}.pdf"
    return HttpResponse(
        made, content_type="application/pdf", headers={"Content-Disposition": f'attachment; filename="{file_name}"'}
    )


# --- mail ---------------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@adviser_required
def add_addresses(request: MemberRequest, pk: int) -> HttpResponse:
    """Take a list of addresses in. Nothing is sent yet."""
    a_round = queries.round_for(request.member, pk)
    form = forms.AddressesForm(a_round, request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        people, product = form.cleaned_data["people"], form.cleaned_data["product"]
        try:
            dispatch, left_out = changes.add_recipients(a_round, people, product=product, by=request.member)
        except BadInput as error:
            form.add_error("text", str(error))
        else:
            _tell_left_out(request, left_out)
            return redirect("rounds:mailing", dispatch.pk)
    return _form_page(
        request, "rounds/addresses.html", form, {"round": a_round, "why_not": rules.why_not_mail(a_round)}
    )


def _tell_left_out(request: HttpRequest, count: int) -> None:
    if count:
        text = ngettext(
            "%(count)s address was left out: it is on a list of this round already.",
            "%(count)s addresses were left out: they are on a list of this round already.",
            count,
        )
        messages.warning(request, text % {"count": count})


@require_http_methods(["GET", "HEAD", "POST"])
@adviser_required
def mail(request: MemberRequest, dispatch_pk: int) -> HttpResponse:
    """A list of addresses: see the mail, and send it, a part at a time."""
    dispatch = queries.mail_dispatch_for(request.member, dispatch_pk)
    state = queries.mail_state(dispatch)
    form = forms.SendForm(request.POST or None, waiting=state.waiting, begun=bool(state.sent))
    if request.method == "POST" and (form.is_valid() or not form.fields):
        _tell_posted(request, mailing.send(dispatch, by=request.member))
        return redirect("rounds:mailing", dispatch_pk)
    today = clock.today()
    context = {
        **_mail_context(dispatch),
        "state": state,
        "part": min(state.waiting, mailing.AT_ONCE),
        "why_not_send": rules.why_not_send(dispatch, waiting=state.waiting, today=today),
        "why_not_remind": rules.why_not_remind(dispatch, unreminded=state.unreminded, today=today),
        "why_not_drop": rules.why_not_drop(dispatch),
    }
    return _form_page(request, "rounds/mail.html", form, context)


@require_http_methods(["GET", "HEAD", "POST"])
@adviser_required
def remind(request: MemberRequest, dispatch_pk: int) -> HttpResponse:
    """The one reminder: see it, and send it, a part at a time."""
    dispatch = queries.mail_dispatch_for(request.member, dispatch_pk)
    if request.method == "POST":
        _tell_posted(request, mailing.remind(dispatch, by=request.member))
        return redirect("rounds:mailing", dispatch_pk)
    state = queries.mail_state(dispatch)
    why = rules.why_not_remind(dispatch, unreminded=state.unreminded, today=clock.today())
    context = {**_mail_context(dispatch, again=True), "state": state, "why_not": why}
    return render(request, "rounds/remind.html", context)


@require_POST
@adviser_required
def drop(request: MemberRequest, dispatch_pk: int) -> HttpResponse:
    """Throw away a list that nothing was sent to."""
    dispatch = queries.mail_dispatch_for(request.member, dispatch_pk)
    changes.drop_recipients(dispatch, by=request.member)
    messages.success(request, _("The list was thrown away."))
    return redirect("rounds:page", dispatch.round_id)


def _mail_context(dispatch: Dispatch, *, again: bool = False) -> dict[str, Any]:
    content = questionnaires.content_of(dispatch.round.version_id)
    samples = [
        {"language": LANGUAGES[code], "mail": mailing.sample(dispatch.round, code, again=again)}
        for code in content.languages
    ]
    return {"round": dispatch.round, "dispatch": dispatch, "samples": samples, "trial": mailing.is_trial()}


def _tell_posted(request: HttpRequest, posted: Posted) -> None:
    sent = ngettext("%(count)s mail was sent.", "%(count)s mails were sent.", posted.sent)
    messages.success(request, sent % {"count": posted.sent})
    if posted.refused:
        refused = ngettext(
            "The mail server refused %(count)s address. It stays on the list.",
            "The mail server refused %(count)s addresses. They stay on the list.",
            posted.refused,
        )
        messages.warning(request, refused % {"count": posted.refused})
    if posted.broke_off:
        messages.warning(request, _("The mail server stopped answering. Send the rest later."))


def _form_page(request: HttpRequest, template: str, form: Any, context: dict[str, Any]) -> HttpResponse:
    return render(request, template, {**context, "form": form}, status=422 if form.errors else 200)
