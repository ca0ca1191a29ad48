"""The board as a page: an outline that everybody can read and use without a script. `live` adds what comes by itself."""

import json
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any
from urllib.parse import quote, unquote

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import pgettext, pgettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from gehoor.base import clock, codes, throttle
from gehoor.base.errors import BadInput
from gehoor.base.languages import LANGUAGES
from gehoor.boards import assets, changes, commands, outline, pace, promises, queries, seats
from gehoor.boards.models import Board
from gehoor.boards.outline import Outline
from gehoor.boards.sight import Viewer
from gehoor.boards.state import State
from gehoor.meetings import guests
from gehoor.meetings import queries as meetings
from gehoor.meetings.models import Life
from gehoor.ui import client

MOST_BYTES = 256 * 1024
MANY = 200  # notes: a board with more opens with the first of each part, for an old phone, and fills up after that
AT_FIRST = 6  # fills the first screen of a phone and of a desk
UNDO_COOKIE = "gehoor-terug"  # the command that undoes the last one; it holds keys of notes and no words of theirs
LONGEST_UNDO = 2_000
QUIET_COOKIE = "gehoor-rustig"
MOST_GUESSES = 60  # a minute, of everybody together; 16 digits are not found by trying
EVERYBODY = b""
TOO_FAST = pgettext_lazy("client", "That is a lot at once. Wait a moment and try again. Your text is still here.")
NOT_SEATED = pgettext_lazy("client", "You are not in this meeting, or it has ended. Type the code of the meeting.")

HAS_ENDED = pgettext_lazy(
    "client",
    "The meeting has ended. The notes are read. Come back later with your code: here you will see what is done with them.",
)


class BoardRequest(HttpRequest):
    """A request of somebody who sits at the board."""

    board: Board
    viewer: Viewer
    digits: str


View = Callable[..., HttpResponse]


def seated(view: View) -> View:
    """Only for who came in with the code of this meeting; asked again for each request."""

    @wraps(view)
    def guarded(request: BoardRequest, pk: int, **rest: Any) -> HttpResponse:
        if request.method == "POST" and not _is_own(request):
            return JsonResponse({"why": "refused"}, status=403)
        cookie = request.COOKIES.get(guests.COOKIE, "")
        seat, found = meetings.seat_of(cookie, pk), seats.seat(pk, cookie)
        if seat is None:
            kept = {"trouble": _why_not_seated(cookie, pk), "kept": request.POST.get("text", "")}
            return client.plain_page(request, "boards/stranger.html", kept, status=403)
        if found is None:
            return client.plain_page(request, "boards/waiting.html", {"meeting": seat[0].meeting})
        request.board, request.viewer = found
        request.digits = seat[1].digits
        with translation.override(_language(request)):
            return view(request, **rest)

    return guarded


def _why_not_seated(cookie: str, pk: int) -> Promise:
    """Whoever sat somewhere hears that a meeting has ended: the seat of who led it is gone with its end."""
    return HAS_ENDED if cookie and meetings.has_ended(pk) else NOT_SEATED


# --- pages --------------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@seated
def page(request: BoardRequest) -> HttpResponse:
    """The whole board. A form does one command and comes back to where it stood."""
    if request.method != "POST":
        return _page(request, "boards/board.html")
    return _done(request, "boards/board.html", f"/bord/{request.board.meeting_id}/")


@require_http_methods(["GET", "HEAD", "POST"])
@seated
def note(request: BoardRequest, note: str) -> HttpResponse:
    """One note with all that can be done with it: the twin of every drag, and the menu of every note."""
    with queries.guard:
        sight = outline.note_of(queries.known(request.board).state, request.viewer, note)
    if sight is None:
        raise Http404
    if request.method != "POST":
        return _page(request, "boards/note.html", {"note": sight})
    return _done(request, "boards/note.html", f"/bord/{request.board.meeting_id}/#n-{note}", {"note": sight})


def _done(request: BoardRequest, template: str, back: str, more: Mapping[str, Any] | None = None) -> HttpResponse:
    """Do what a form asks. When it cannot be done the page comes back with the sentence and all that was typed."""
    given = {name: str(value) for name, value in request.POST.items() if name not in {"back", "taal"}}
    if not pace.people.may_go_on(request.viewer.person):
        return _page(request, template, {"trouble": str(TOO_FAST), "typed": given, **(more or {})}, status=429)
    try:
        asked = commands.read_form(given)
        [outcome] = changes.perform(request.board.pk, [(request.viewer, asked)])
        why, now = outcome.why_not, outcome.now
    except BadInput:
        why, now = pgettext("client", "This cannot be done. Load the page again."), None
    if not why:
        return _went_well(request, request.POST.get("back", "") if _is_near(request) else back, outcome)
    request.board.refresh_from_db()
    context = {"trouble": why, "typed": given, "now": now, **(more or {})}
    return _page(request, template, context, status=422)


def _went_well(request: BoardRequest, back: str, outcome: changes.Outcome) -> HttpResponse:
    """Back to where it stood, with a way to undo it."""
    response = HttpResponseRedirect(back)
    undo = json.dumps(outcome.undo, separators=(",", ":")) if outcome.undo else ""
    if undo and len(undo) < LONGEST_UNDO:
        path = f"/bord/{request.board.meeting_id}/"
        response.set_cookie(
            UNDO_COOKIE, quote(undo), max_age=600, path=path, httponly=True, samesite="Lax", secure=settings.SECURE
        )
    return response


def _undo(request: BoardRequest) -> dict[str, Any] | None:
    """What can be undone, from the cookie of a moment ago."""
    try:
        command = json.loads(unquote(request.COOKIES.get(UNDO_COOKIE, "")))
        return outline.undo_of(command) if isinstance(command, dict) else None
    except (ValueError, RecursionError, TypeError):
        return None


def _is_own(request: HttpRequest) -> bool:
    """Was this sent from a page of ours? Browsers that are too old to say so are held off by the cookie (SameSite)."""
    return request.headers.get("Sec-Fetch-Site", "same-origin") in {"same-origin", "none"}


def _is_near(request: BoardRequest) -> bool:
    return request.POST.get("back", "").startswith(f"/bord/{request.board.meeting_id}/")


def _page(
    request: BoardRequest, template: str, more: Mapping[str, Any] | None = None, *, status: int = 200
) -> HttpResponse:
    undo, given = _undo(request), more or {}
    context = {**_context(request, given.get("note")), "undo": undo, **given}
    response = render(request, template, context, status=status)
    if undo:
        response.delete_cookie(UNDO_COOKIE, path=f"/bord/{request.board.meeting_id}/")
    _remember(request, response)
    response["X-Style"] = f"{client.STYLE} 'self'"
    response["X-Script"] = f"script-src 'self'; connect-src 'self' {settings.GEHOOR_LIVE_URL}"
    return response


def _context(request: BoardRequest, note: outline.ShownNote | None) -> dict[str, Any]:
    """What every page of a board shows: the whole board, or one note of it."""
    meeting, viewer = request.board.meeting, request.viewer
    with queries.guard:
        state = queries.known(request.board).state
        most = AT_FIRST if len(state.notes) > MANY and note is None else outline.ALL
        board = outline.of(state, viewer, most=most, whole=_number(request, "alles"), dots_first=_is_by_dots(request))
        around = outline.around_for_script(state)
        about = _about(note, board, state, viewer) if note else {}
    return {
        **client.shared_context(),
        "office_name": meeting.office.name,
        "language": _language(request),
        "meeting": meeting,
        "has_ended": meeting.life == Life.CLOSED,
        "viewer": viewer,
        "people": meetings.guests_of(meeting).filter(leads=False) if viewer.is_facilitator else (),
        "board": board,
        "dots_first": _is_by_dots(request),
        "quiet": _is_quiet(request),
        "only": _only(request, len(board.frames)),
        "return_address": f"{settings.GEHOOR_BASE_URL}/m/terug/",
        "return_code": codes.grouped(request.digits),
        "own": outline.own_notes(board),
        "around": around,
        "clock": int(clock.now().timestamp()),
        "words": outline.words_for_script(),
        "live": settings.GEHOOR_LIVE_URL,
        "css": assets.address("css"),
        "js": assets.address("js"),
        **about,
    }


def _about(note: outline.ShownNote, board: Outline, state: State, viewer: Viewer) -> dict[str, Any]:
    """What the page of one note shows beside it: what can be done with it now, and where it can go."""
    up, down = outline.neighbours(board, note.pk)
    said = promises.promise(state.phase, lies_down=not note.shown)
    return {"up": up, "down": down, "may": outline.rights_on(note, state, viewer), "promise": said}


def _is_by_dots(request: HttpRequest) -> bool:
    """The most chosen first: somebody asked for it in the address."""
    return request.GET.get("stippen") == "1"


def _remember(request: BoardRequest, response: HttpResponse) -> None:
    """What somebody chose for this browser in the address: the quiet page, and a language."""
    chosen = {QUIET_COOKIE: ("rustig", {"0", "1"}), seats.LANGUAGE_COOKIE: ("taal", {_language(request)})}
    for cookie, (name, known) in chosen.items():
        if request.GET.get(name) in known:
            path = "/bord/" if cookie == QUIET_COOKIE else "/"
            response.set_cookie(
                cookie, request.GET[name], path=path, httponly=True, samesite="Lax", secure=settings.SECURE
            )


def _is_quiet(request: HttpRequest) -> bool:
    """One part at a time, without colours, and nothing that moves by itself."""
    return (request.GET.get("rustig") or request.COOKIES.get(QUIET_COOKIE)) == "1"


def _only(request: HttpRequest, frames: int) -> int:
    """The part that a quiet page shows."""
    return min(max(0, _number(request, "vak")), max(0, frames - 1))


def _number(request: HttpRequest, name: str) -> int:
    """A number in the address; -1 without one."""
    wanted = request.GET.get(name, "")
    return int(wanted[:9]) if wanted.isascii() and wanted.isdigit() else -1


def _language(request: HttpRequest) -> str:
    return client.language_for(request, request.GET.get("taal") or request.COOKIES.get(seats.LANGUAGE_COOKIE, ""))


@require_http_methods(["GET", "HEAD", "POST"])
def come_back(request: HttpRequest) -> HttpResponse:
    """Type the digits from a meeting to see what became of it and of one's own notes."""
    if request.method != "POST":
        return client.plain_page(request, "boards/back.html")
    typed = request.POST.get("code", "")[:100]
    digits = codes.digits(typed)
    meeting_pk = meetings.meeting_of(guests.held(digits))
    if meeting_pk is None:
        # Only who is wrong waits: 16 digits are not found by trying, and nobody may shut this door for all others.
        if throttle.is_over("come back", EVERYBODY, MOST_GUESSES):
            trouble = pgettext_lazy("client", "Too many tries. Wait a minute and try again.")
            return client.plain_page(request, "boards/back.html", {"trouble": trouble, "typed": typed}, status=429)
        throttle.count("come back", EVERYBODY)
        trouble = pgettext_lazy("client", "This code is not known. It has 16 digits. Look at the code again.")
        return client.plain_page(request, "boards/back.html", {"trouble": trouble, "typed": typed}, status=404)
    chosen = request.GET.get("taal", "")
    response = HttpResponseRedirect(f"/bord/{meeting_pk}/" + (f"?taal={chosen}" if chosen in LANGUAGES else ""))
    seats.take(response, request, digits)
    return response


# --- for the script -----------------------------------------------------------------------------------------------


@require_GET
@seated
def since(request: BoardRequest) -> HttpResponse:
    """What changed after event `na`, for who cannot keep a stream open; with `alles` every note there is."""
    if request.board.meeting.life == Life.CLOSED:
        return JsonResponse({"why": "ended"}, status=410)
    with queries.guard:
        known = queries.known(request.board)
        if "alles" in request.GET:
            told = outline.whole(known.state, request.viewer)
        else:
            told = outline.since(known, request.viewer, _number(request, "na"))
    return JsonResponse(told)


@require_POST
@seated
def do(request: BoardRequest) -> HttpResponse:
    """Commands as a JSON list; the outcome of each, in the same order."""
    if len(request.body) > MOST_BYTES:
        return JsonResponse({"why": "refused"}, status=403)
    try:
        asked = commands.read_list(request.body)
    except BadInput as error:
        return JsonResponse({"why": str(error)}, status=400)
    if not pace.people.may_go_on(request.viewer.person, len(asked)):
        return JsonResponse({"why": "too many at once"}, status=429)
    outcomes = changes.perform(request.board.pk, [(request.viewer, one) for one in asked])
    return JsonResponse({"outcomes": [outline.told(outcome) for outcome in outcomes]})


@require_GET
def file(request: HttpRequest, name: str) -> HttpResponse:
    """The style or the script of the board, for good: another content has another name."""
    kind = name.rpartition(".")[2]
    if kind not in assets.KINDS or assets.packed(kind)[0] != name:
        raise Http404
    response = HttpResponse(assets.packed(kind)[1], content_type=assets.KINDS[kind])
    response["Content-Encoding"] = "gzip"
    response["X-Keep"] = "public, max-age=31536000, immutable"
    return response
