"""From the desk: a board as a file, notes from elsewhere, cards on paper, and notes without a network."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from csp.decorators import csp_update
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from gehoor.boards import changes, desk_forms, exports, importing, outline, paper, queries, seats, setups
from gehoor.boards import state as board_state
from gehoor.boards.exports import BoardOut
from gehoor.boards.models import Board
from gehoor.boards.sight import Viewer
from gehoor.boards.state import Frame, State
from gehoor.meetings import changes as meetings
from gehoor.meetings import guests
from gehoor.meetings import queries as meeting_queries
from gehoor.meetings.models import Life, Meeting
from gehoor.offices import journal
from gehoor.offices.web import MemberRequest
from gehoor.questionnaires.web import adviser_required

WRITERS: dict[str, tuple[str, Callable[[BoardOut], bytes]]] = {
    "csv": ("text/csv; charset=utf-8", exports.as_csv),
    "json": ("application/json", exports.as_json),
    "odt": ("application/vnd.oasis.opendocument.text", exports.as_odt),
    "pdf": ("application/pdf", exports.as_pdf),
}
FOLDER = Path(__file__).parent / "static" / "boards"


@dataclass(frozen=True)
class Place:
    """A meeting with its board, and who brings something to it."""

    meeting: Meeting
    board: Board
    frames: list[Frame]
    is_closed: bool
    viewer: Viewer

    @property
    def why_not(self) -> str:
        """Nothing comes onto a board that is closed, or whose meeting has ended."""
        if self.meeting.life == Life.CLOSED:
            return _("This meeting has ended.")
        if self.is_closed:
            return _(
                "The board is closed: nothing can be put on it now. First lead the meeting and go back to an earlier part."
            )
        return ""

    @property
    def address(self) -> str:
        """The page of the meeting."""
        return reverse("meetings:page", args=[self.meeting.pk])


def _place(request: MemberRequest, pk: int) -> Place:
    """The board of a meeting of one's own office, laid when something is to come onto it. Who has a seat brings it from there."""
    meeting = meeting_queries.meeting_for(request.member, pk)
    board = Board.objects.select_related("meeting", "meeting__office").filter(meeting=meeting).first()
    if board is None and request.method == "POST" and meeting.life != Life.CLOSED:
        board = changes.lay_board(meeting)
    if board is None:
        board = Board(meeting=meeting, setup=setups.setup_for(meeting.kind))
    state = _state(board)
    return Place(meeting, board, list(state.frames), state.phase.kind == "closed", _seat(request, pk) or _nobody())


def _state(board: Board) -> State:
    """The board as it stands; what it will begin with when it was not laid yet. Only to look at."""
    if board.pk is None:
        return board_state.begin(board.setup)
    board.refresh_from_db(fields=["seq", "final"])
    with queries.guard:
        return queries.known(board).state


def _seat(request: HttpRequest, pk: int) -> Viewer | None:
    """Who leads in this browser."""
    found = seats.seat(pk, request.COOKIES.get(guests.COOKIE, ""))
    return found[1] if found and found[1].is_facilitator else None


def _nobody() -> Viewer:
    """Somebody who brings notes without sitting at the board; the seed is thrown away."""
    return Viewer(0, "", is_facilitator=True, seed=secrets.token_bytes(32))


def _file(data: bytes, kind: str, name: str) -> HttpResponse:
    mark = "fictief-" if settings.GEHOOR_FICTIONAL else ""
    headers = {"Content-Disposition": f'attachment; filename="{mark}{name}"'}
    return HttpResponse(data, content_type=kind, headers=headers)


def _form_page(request: HttpRequest, template: str, place: Place, form: Any, **more: Any) -> HttpResponse:
    context = {"meeting": place.meeting, "why_not": place.why_not, "form": form, **more}
    status = 409 if request.method == "POST" and place.why_not else 422 if form.errors else 200
    return render(request, template, context, status=status)


# --- out ----------------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@adviser_required
def export(request: MemberRequest, pk: int) -> HttpResponse:
    """The board as a file. The journal says that somebody took it along."""
    meeting = meeting_queries.meeting_for(request.member, pk)
    board = Board.objects.select_related("meeting", "meeting__office").filter(meeting=meeting).first()
    form = desk_forms.ExportForm(request.POST or None)
    if board and request.method == "POST" and form.is_valid():
        kind, write = WRITERS[form.cleaned_data["format"]]
        made = write(exports.of(board, with_hidden=form.cleaned_data["hidden"]))
        subject = f"{meeting.name} ({form.cleaned_data['format']})"
        journal.write(meeting.office, journal.Verb.BOARD_EXPORTED, subject, by=request.member)
        return _file(made, kind, f"gehoor-bord-{pk}.{form.cleaned_data['format']}")
    size = exports.of(board).size if board else 0
    context = {"meeting": meeting, "form": form, "size": size, "is_open": meeting.life != Life.CLOSED}
    return render(request, "boards/export.html", context, status=422 if form.errors else 200)


# --- in -----------------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@adviser_required
def take_in(request: MemberRequest, pk: int) -> HttpResponse:
    """First read what was given and show it; put it on the board when the places were chosen.

    What was typed stays on the page until all of it is on the board.
    """
    place = _place(request, pk)
    if place.why_not or request.method != "POST" or "again" in request.POST:
        typed = {name: request.POST[name] for name in ("text", "shape") if name in request.POST}
        return _form_page(request, "boards/import.html", place, desk_forms.SourceForm(place.frames, initial=typed))
    form = desk_forms.SourceForm(place.frames, request.POST, request.FILES)
    if not form.is_valid() or form.found is None:
        return _form_page(request, "boards/import.html", place, form)
    places = desk_forms.PlacesForm(form.found, place.frames, request.POST if "put" in request.POST else None)
    kept = {name: form.cleaned_data[name] for name in ("text", "shape")}
    if not places.is_valid():
        return _form_page(request, "boards/import_places.html", place, places, kept=kept, found=form.found)
    taken = importing.take_in(
        place.board,
        form.found,
        places.choices(),
        kind=places.cleaned_data["kind"],
        voice=places.cleaned_data["voice"],
        viewer=place.viewer,
        by=request.member,
    )
    _tell(request, taken)
    if taken.refused:
        places.add_error(None, _refused(taken))
        return _form_page(request, "boards/import_places.html", place, places, kept=kept, found=form.found)
    return redirect(place.address)


def _tell(request: HttpRequest, taken: importing.Taken) -> None:
    if taken.added:
        added = ngettext("%(notes)s note was put on the board.", "%(notes)s notes were put on the board.", taken.added)
        messages.success(request, added % {"notes": taken.added})
    if taken.present:
        present = ngettext(
            "%(notes)s note was there already, and was not doubled.",
            "%(notes)s notes were there already, and were not doubled.",
            taken.present,
        )
        messages.info(request, present % {"notes": taken.present})


def _refused(taken: importing.Taken) -> str:
    refused = ngettext(
        "%(notes)s note could not be put on the board: %(why)s",
        "%(notes)s notes could not be put on the board: %(why)s",
        taken.refused,
    )
    return refused % {"notes": taken.refused, "why": taken.why}


# --- paper --------------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@adviser_required
def print_cards(request: MemberRequest, pk: int) -> HttpResponse:
    """Note cards to cut out."""
    place = _place(request, pk)
    form = desk_forms.CardsForm(place.frames, request.POST or None)
    if request.method == "POST" and form.is_valid() and not place.why_not:
        given = form.cleaned_data
        made = paper.cards(
            place.board,
            frames=[int(frame) for frame in given["frames"]],
            pages=given["pages"],
            first=given["first"],
            language=given["language"],
        )
        return _file(made, "application/pdf", f"gehoor-kaartjes-{pk}.pdf")
    return _form_page(request, "boards/cards.html", place, form)


@require_http_methods(["GET", "HEAD", "POST"])
@csp_update({"img-src": ["blob:"]})  # a picture of the pile, which never leaves the browser
@adviser_required
def type_card(request: MemberRequest, pk: int, card: str = "") -> HttpResponse:
    """Type a pile of cards in, one after the other. `card` comes from the square on it."""
    place = _place(request, pk)
    data = request.POST.copy() if request.method == "POST" else None
    if data is not None and "unnumbered" in data:
        data["number"] = ""
    form = desk_forms.TypeForm(place.frames, data, number=card or request.GET.get("kaart", "")[:12])
    typed = None
    if data is not None and form.is_valid() and not place.why_not:
        given = form.cleaned_data
        typed = paper.type_in(
            place.board, place.viewer, card=given["number"], key=given["key"], frame=form.place, kind=given["kind"],
            voice=given["voice"], text=given["text"],
        )  # fmt: skip
        if not typed.why_not:
            messages.success(request, _("The card is on the board."))
            return redirect(_next_card(place, given["number"]))
        form.add_error("number" if typed.is_there else None, typed.why_not)
    return _form_page(request, "boards/type.html", place, form, typed=typed, **_pile(place))


def _next_card(place: Place, card: paper.Card | None) -> str:
    address = reverse("boards:type", args=[place.meeting.pk])
    if card is None:
        return address
    numbers = paper.numbers_on(place.board, _state(place.board))[card.frame]
    return f"{address}?kaart={paper.after(card, numbers)}"


def _pile(place: Place) -> dict[str, Any]:
    """How many cards are on the board, and which."""
    numbers = paper.numbers_on(place.board, _state(place.board))
    pile = [(frame.title, paper.in_rows(on)) for frame, on in zip(place.frames, numbers, strict=True)]
    return {"pile": pile, "typed_size": sum(len(on) for on in numbers)}


# --- without a network --------------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@adviser_required
def offline(request: MemberRequest, pk: int) -> HttpResponse:
    """A page that stays when the network goes. POST takes a seat in this browser, to send from."""
    place = _place(request, pk)
    if request.method == "POST":
        _guest, digits = meetings.lead(place.meeting, request.member)
        response = redirect("boards:offline", pk)
        seats.take(response, request, digits)
        return response
    context = {
        "meeting": place.meeting,
        "why_not": place.why_not,
        "frames": place.frames,
        "guide": place.meeting.guide,
        "is_open": place.meeting.life == Life.OPEN,
        "is_seated": _seat(request, pk) is not None,
        "kinds": outline.KINDS.items(),
        "roles": outline.ROLES.items(),
        "files": [static(name) for name in ("boards/offline.js", "boards/desk.css")],
    }
    return render(request, "boards/offline.html", context)


@require_safe
@adviser_required
def keeper(request: MemberRequest, pk: int) -> HttpResponse:
    """The service worker of the page above. By its address it rules that page and no other."""
    meeting_queries.meeting_for(request.member, pk)
    script = (FOLDER / "keeper.js").read_bytes()
    return HttpResponse(script, content_type="text/javascript; charset=utf-8", headers={"Cache-Control": "no-cache"})
