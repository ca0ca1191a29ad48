"""The board as a page: an outline that everybody can read and use without a script. `live` adds what comes by itself."""

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.translation import pgettext, pgettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from gehoor.base import codes
from gehoor.base.errors import BadInput
from gehoor.boards import assets, changes, commands, outline, queries, seats
from gehoor.boards.models import Board
from gehoor.boards.sight import Viewer
from gehoor.meetings import guests
from gehoor.ui import client

MOST_BYTES = 256 * 1024
NOT_SEATED = pgettext_lazy("client", "You are not in this meeting, or it has ended. Type the code of the meeting.")


class BoardRequest(HttpRequest):
    """A request of somebody who sits at the board."""

    board: Board
    viewer: Viewer


View = Callable[..., HttpResponse]


def seated(view: View) -> View:
    """Only for who came in with the code of this meeting; asked again for each request."""

    @wraps(view)
    def guarded(request: BoardRequest, pk: int, **rest: Any) -> HttpResponse:
        found = seats.seat(pk, request.COOKIES.get(guests.COOKIE, ""))
        if found is None:
            return client.plain_page(request, "meetings/code.html", {"trouble": NOT_SEATED}, status=403)
        request.board, request.viewer = found
        with translation.override(_language(request)):
            return view(request, **rest)

    return guarded


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
    try:
        asked = commands.read_form(given)
        [outcome] = changes.perform(request.board.pk, [(request.viewer, asked)])
        why, now = outcome.why_not, outcome.now
    except BadInput:
        why, now = pgettext("client", "This cannot be done. Load the page again."), None
    if not why:
        return HttpResponseRedirect(request.POST.get("back", "") if _is_near(request) else back)
    request.board.refresh_from_db()
    context = {"trouble": why, "typed": given, "now": now, **(more or {})}
    return _page(request, template, context, status=422)


def _is_near(request: BoardRequest) -> bool:
    return request.POST.get("back", "").startswith(f"/bord/{request.board.meeting_id}/")


def _page(
    request: BoardRequest, template: str, more: Mapping[str, Any] | None = None, *, status: int = 200
) -> HttpResponse:
    language = _language(request)
    with queries.guard:
        board = outline.of(queries.known(request.board).state, request.viewer)
    context = {
        **client.shared_context(), "board": board, "meeting": request.board.meeting, "viewer": request.viewer,
        "office_name": request.board.meeting.office.name, "language": language,
        "return_code": codes.grouped(request.COOKIES[guests.COOKIE]),
        "live": settings.GEHOOR_LIVE_URL, "own": outline.own_notes(board), "words": outline.words_for_script(), "css": assets.address("css"), "js": assets.address("js"), **(more or {}),
    }  # fmt: skip
    response = render(request, template, context, status=status)
    if request.GET.get("taal") == language:
        response.set_cookie(seats.LANGUAGE_COOKIE, language, httponly=True, samesite="Lax", secure=settings.SECURE)
    response["X-Style"] = f"{client.STYLE} 'self'"
    response["X-Script"] = f"script-src 'self'; connect-src 'self' {settings.GEHOOR_LIVE_URL}"
    return response


def _language(request: HttpRequest) -> str:
    return client.language_for(request, request.GET.get("taal") or request.COOKIES.get(seats.LANGUAGE_COOKIE, ""))


# --- for the script -----------------------------------------------------------------------------------------------


@require_GET
@seated
def since(request: BoardRequest) -> HttpResponse:
    """What changed after event `na`, for who cannot keep a stream open."""
    after = request.GET.get("na", "")
    with queries.guard:
        told = outline.since(queries.known(request.board), request.viewer, int(after) if after.isdecimal() else -1)
    return JsonResponse(told)


@require_POST
@seated
def do(request: BoardRequest) -> HttpResponse:
    """Commands as a JSON list; the outcome of each, in the same order."""
    if request.headers.get("Sec-Fetch-Site", "same-origin") != "same-origin" or len(request.body) > MOST_BYTES:
        return JsonResponse({"why": "refused"}, status=403)
    try:
        asked = commands.read_list(request.body)
    except BadInput as error:
        return JsonResponse({"why": str(error)}, status=400)
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
