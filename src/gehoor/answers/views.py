"""The client's door: thin, without session, script or trace. `project.door` puts the headers on every page."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import replace

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, SuspiciousOperation, TooManyFieldsSent
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import translation
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from gehoor.answers import changes, forms, pages, tickets
from gehoor.answers.changes import Outcome
from gehoor.base import codes, throttle
from gehoor.base.errors import NotFound
from gehoor.base.signs import clean
from gehoor.meetings import guests
from gehoor.questionnaires import answering
from gehoor.rounds import queries as rounds
from gehoor.rounds.queries import Door
from gehoor.ui import client
from gehoor.ui.client import StrOrPromise

log = logging.getLogger("gehoor.door")
MOST_GUESSES = 20
SWALLOWED_AT_ONCE, MOST_SWALLOWED = 64 * 1024, 32 * 1024 * 1024
COULD_NOT_SAVE = pgettext_lazy(
    "client", "We could not save your answer. It is still on this page. Try again in a moment."
)
NOTHING_YET = pgettext_lazy("client", "You have not answered a question yet. One answer is enough.")
OTHER_PAGE = pgettext_lazy(
    "client",
    "Nothing is saved yet: this page belonged to another code. Look at your answers and send them again.",
)
NO_PASS = pgettext_lazy("client", "Nothing was saved: your browser no longer knows the code. Type the code again.")
NOT_KNOWN = pgettext_lazy("client", "This code was used already, or it does not exist.")


# --- getting in ---------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def welcome(request: HttpRequest) -> HttpResponse:
    """The first page: type the code from the letter or card."""
    if request.method != "POST":
        return _code_page(request)
    return enter(request, request.POST.get("code", "")[:100])


@require_http_methods(["GET", "HEAD", "POST"])
def enter(request: HttpRequest, code: str) -> HttpResponse:
    """Exchange a code for a short cookie and go to a clean address. Nothing is spent: mail scanners come here too."""
    caller = throttle.caller(request.META.get("REMOTE_ADDR", ""))
    if throttle.is_over("code", caller, MOST_GUESSES):
        return _code_page(request, pgettext_lazy("client", "Too many tries. Wait a minute and try again."), status=429)
    typed = codes.typed_as_meant(code)
    if len(code) != codes.LINK_LENGTH and not codes.is_typed_code(typed):
        return _code_page(
            request, pgettext_lazy("client", "This code is not right. Type the code again."), typed=code, status=400
        )
    row = rounds.code_row(code)
    if row is None:
        throttle.count("code", caller)
        return _code_page(request, NOT_KNOWN, typed=typed if codes.is_typed_code(typed) else "", status=404)
    door = rounds.door_of(row.dispatch_id)
    if door.shut:
        return _shut_page(request, door)
    chosen = _language(request, None, request.GET.get("taal", ""))
    differs = chosen != _language(request, None, "")
    response = HttpResponseRedirect(f"/vragen/?taal={chosen}" if differs else "/vragen/")
    link_hash = b"" if door.is_open_mode else bytes(row.link_hash)
    _set_cookie(response, tickets.PASS_COOKIE, tickets.write_pass(door.dispatch_pk, link_hash))
    if tickets.DONE_COOKIE in request.COOKIES:
        response.delete_cookie(tickets.DONE_COOKIE)
    return response


# --- the questions ------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def questions(request: HttpRequest) -> HttpResponse:
    """The questionnaire: one page, one form."""
    cookie = request.COOKIES.get(tickets.PASS_COOKIE, "")
    ticket = tickets.read_pass(cookie)
    if ticket is None:
        lost = request.method == "POST"  # cookies are off, or were wiped while the page stood open
        return _code_page(request, NO_PASS, status=403) if lost else _code_page(request)
    try:
        door = rounds.door_of(ticket.dispatch_pk)
    except NotFound:
        return _code_page(request)
    if request.method == "POST":
        return _handed_in(request, door, ticket, cookie)
    if tickets.DONE_COOKIE in request.COOKIES:
        return client.plain_page(request, "answers/klaar.html", {"office_name": door.office_name})
    if door.shut:
        return _shut_page(request, door)
    return _empty_form(request, door, cookie)


def _empty_form(request: HttpRequest, door: Door, cookie: str) -> HttpResponse:
    language = _language(request, door, request.GET.get("taal", ""))
    body, style = pages.questionnaire_page(door, language, tickets.new_form_key(cookie))
    response = HttpResponse(body)
    response["Content-Encoding"] = "gzip"
    response["X-Style"] = style
    return response


def _handed_in(request: HttpRequest, door: Door, ticket: tickets.Pass, cookie: str) -> HttpResponse:
    """A form came in: another language, a step back, or the answers themselves."""
    try:
        posted = forms.fields_of(request)
    except RequestDataTooBig:
        _swallow(request)
        return client.plain_page(request, "answers/te-groot.html", status=413)
    except (TooManyFieldsSent, SuspiciousOperation):
        return client.plain_page(request, "answers/te-groot.html", status=413)
    single = {name: values[-1] for name, values in posted.items()}
    language = _language(request, door, single.get("taal") or single.get("nu", ""))
    values = {question.key: posted.get(f"q.{question.key}", [])[:60] for question in door.content.questions}
    helper, sent_key = single.get("hulp", ""), single.get("sleutel", "")
    form_key = tickets.read_form_key(sent_key, cookie)
    if "verstuur" not in posted:
        kept_key = sent_key if form_key else ""
        return _form_again(door, language, cookie, kept_key, values, helper, stay="blijf" in posted)
    if form_key is None:  # two pages in one browser, such as two children of a family: it has one pass
        trouble = _say(language, OTHER_PAGE)
        return _form_again(door, language, cookie, "", values, helper, trouble=trouble, status=409)
    given = answering.read(door.content, values)
    if given.faults:
        return _form_again(door, language, cookie, sent_key, values, helper, given.faults)
    if given.is_empty:
        return _form_again(
            door, language, cookie, sent_key, values, helper, trouble=_say(language, NOTHING_YET), status=422
        )
    try:
        outcome = changes.hand_in(door, ticket.link_hash, form_key, given, language=language, helper=helper)
    except (DatabaseError, OSError) as error:
        # The error's own text may hold what somebody wrote: only its kind is logged.
        log.error("An answer could not be stored: %s", type(error).__name__)
        trouble = _say(language, COULD_NOT_SAVE)
        return _form_again(door, language, cookie, sent_key, values, helper, trouble=trouble, status=503)
    if outcome is Outcome.CODE_USED:
        return _code_page(request, NOT_KNOWN, status=409)
    if outcome is Outcome.CLOSED:
        return _shut_page(request, replace(door, shut="closed"))
    response = HttpResponseRedirect(f"/bewaard/{language}/")
    response.status_code = 303
    _set_cookie(response, tickets.RECEIPT_COOKIE, tickets.write_receipt(tickets.receipt_for(form_key)))
    _set_cookie(response, tickets.DONE_COOKIE, "1")
    return response


def _swallow(request: HttpRequest) -> None:
    """Read what is still on its way and forget it: a browser that is still sending would not see our page."""
    left = min(int(request.META.get("CONTENT_LENGTH") or 0), MOST_SWALLOWED)
    while left > 0 and (chunk := request.META["wsgi.input"].read(min(left, SWALLOWED_AT_ONCE))):
        left -= len(chunk)


def _form_again(
    door: Door,
    language: str,
    cookie: str,
    form_key: str,
    values: Mapping[str, Sequence[str]],
    helper: str,
    faults: Sequence[answering.Fault] = (),
    *,
    trouble: str = "",
    stay: bool = False,
    status: int = 0,
) -> HttpResponse:
    """The page as it was filled in. The same form key stays, so that a form can't be counted twice."""
    key = form_key or tickets.new_form_key(cookie)
    shown = {question: [clean(value) for value in given] for question, given in values.items()}
    page = pages.filled_page(door, language, key, pages.Filled(shown, helper, faults, trouble, stay))
    response = HttpResponse(page, status=status or (422 if faults else 200))
    response["X-Style"] = pages.style_hashes(door.content)
    return response


# --- afterwards ---------------------------------------------------------------------------------------------------


@require_GET
def saved(request: HttpRequest, language: str) -> HttpResponse:
    """Bewaard: the answer is on disk. The receipt is shown once; then its cookie goes."""
    language = _language(request, None, language)
    receipt = tickets.read_shown_receipt(request.COOKIES.get(tickets.RECEIPT_COOKIE, ""))
    if receipt is None:
        return client.plain_page(request, "answers/eenmaal.html", language=language)
    response = HttpResponse(pages.saved_page(_office_name(request), language, codes.grouped(receipt)))
    response["Content-Encoding"] = "gzip"
    response.delete_cookie(tickets.RECEIPT_COOKIE)
    return response


def _office_name(request: HttpRequest) -> str:
    """Who asked, by the pass; nothing when that can't be known now: it only stands above the page."""
    ticket = tickets.read_pass(request.COOKIES.get(tickets.PASS_COOKIE, ""))
    try:
        return rounds.door_of(ticket.dispatch_pk).office_name if ticket else ""
    except (NotFound, DatabaseError):
        return ""


@require_http_methods(["POST"])
def square(request: HttpRequest) -> HttpResponse:
    """The receipt as a QR code. It comes in a form, so that it stands in no address, and nothing is looked up."""
    receipt = tickets.read_receipt(request.POST.get("bewijs", "")[:100])
    if receipt is None:
        return client.plain_page(request, "answers/terugnemen.html", status=400)
    language = _language(request, None, request.GET.get("taal", ""))
    response = HttpResponse(pages.square_page(language, codes.grouped(receipt)))
    # Whoever presses back from here still needs the receipt: it is shown once more.
    _set_cookie(response, tickets.RECEIPT_COOKIE, tickets.write_receipt(receipt))
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def take_back(request: HttpRequest) -> HttpResponse:
    """Take an answer back with its receipt. No identity check, and no way to see what was answered."""
    if request.method != "POST":
        return client.plain_page(request, "answers/terugnemen.html")
    caller = throttle.caller(request.META.get("REMOTE_ADDR", ""))
    typed = request.POST.get("bewijs", "")[:100]
    if throttle.is_over("receipt", caller, MOST_GUESSES):
        trouble = pgettext_lazy("client", "Too many tries. Wait a minute and try again.")
        return client.plain_page(request, "answers/terugnemen.html", {"trouble": trouble, "typed": typed}, status=429)
    receipt = tickets.read_receipt(typed)
    if receipt is None or not changes.take_back(receipt):
        throttle.count("receipt", caller)
        trouble = pgettext_lazy("client", "We found no answer with this code. Check the numbers.")
        return client.plain_page(request, "answers/terugnemen.html", {"trouble": trouble, "typed": typed}, status=404)
    return client.plain_page(request, "answers/teruggenomen.html")


@require_GET
def stop(request: HttpRequest) -> HttpResponse:
    """Stop, and keep nothing: the pass goes, and whatever the browser kept of the page."""
    response = client.plain_page(request, "answers/gestopt.html")
    return _wiped(response)


@require_GET
def leave(request: HttpRequest) -> HttpResponse:
    """The quick exit: wipe, and go to a neutral page."""
    return _wiped(HttpResponseRedirect(settings.GEHOOR_EXIT_URL))


def _wiped(response: HttpResponse) -> HttpResponse:
    for name in (tickets.PASS_COOKIE, tickets.RECEIPT_COOKIE, tickets.DONE_COOKIE, guests.COOKIE):
        response.delete_cookie(name)
    response["Clear-Site-Data"] = '"cache", "cookies", "storage"'
    return response


# --- small helps --------------------------------------------------------------------------------------------------


def _say(language: str, sentence: StrOrPromise) -> str:
    with translation.override(language):
        return str(sentence)


def _language(request: HttpRequest, door: Door | None, wanted: str) -> str:
    """The language that was chosen, or that the browser asks for, among those that the questionnaire has."""
    return client.language_for(request, wanted, door.content.languages if door else ())


def _code_page(request: HttpRequest, trouble: StrOrPromise = "", *, typed: str = "", status: int = 200) -> HttpResponse:
    return client.plain_page(request, "answers/code.html", {"trouble": trouble, "typed": typed}, status=status)


def _shut_page(request: HttpRequest, door: Door) -> HttpResponse:
    return client.plain_page(request, "answers/dicht.html", {"door": door, "office_name": door.office_name}, status=403)


def _set_cookie(response: HttpResponse, name: str, value: str) -> None:
    """A cookie that only this site's server sees, gone with the browser."""
    response.set_cookie(name, value, httponly=True, samesite="Lax", secure=settings.SECURE)
