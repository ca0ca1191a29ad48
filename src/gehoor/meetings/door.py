"""Coming in: a code, a name of one's own choice, and who one is."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import translation
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_http_methods

from gehoor.base import codes, throttle
from gehoor.base.errors import BadInput
from gehoor.meetings import changes, guests, queries
from gehoor.meetings.models import Meeting, Voice
from gehoor.ui import client

MOST_GUESSES = 600  # a minute, of everybody together: a class of thirty sits behind one address (decision 0008)
EVERYBODY = b""


@require_http_methods(["GET", "HEAD", "POST"])
def welcome(request: HttpRequest) -> HttpResponse:
    """Type the code of a meeting."""
    if request.method != "POST":
        return client.plain_page(request, "meetings/code.html")
    return enter(request, request.POST.get("code", "")[:100])


@require_http_methods(["GET", "HEAD", "POST"])
def enter(request: HttpRequest, code: str) -> HttpResponse:
    """Whoever has the code says who they are, and is in."""
    if throttle.is_over("meeting", EVERYBODY, MOST_GUESSES):
        return _trouble(request, pgettext_lazy("client", "Too many tries. Wait a minute and try again."), status=429)
    entrance = queries.entrance_of(code)
    if entrance is None:
        throttle.count("meeting", EVERYBODY)
        why = pgettext_lazy("client", "This code is not known, or the meeting has ended. Look at the code again.")
        return _trouble(request, why, typed=codes.typed_as_meant(code), status=404)
    meeting = entrance.meeting
    if queries.guest_of(guests.held(request.COOKIES.get(guests.COOKIE, "")), meeting.pk):
        return HttpResponseRedirect(_board(request, meeting))
    if "alias" not in request.POST:
        return _who(request, meeting, code)
    try:
        with translation.override(client.language_for(request, request.POST.get("taal", ""))):
            _guest, digits = changes.join(meeting, alias=request.POST["alias"], voice=request.POST.get("voice", ""))
    except BadInput as error:
        return _who(request, meeting, code, trouble=str(error), status=422)
    response = HttpResponseRedirect(_board(request, meeting))
    response.set_cookie(guests.COOKIE, digits, httponly=True, samesite="Lax", secure=settings.SECURE)
    return response


def _board(request: HttpRequest, meeting: Meeting) -> str:
    chosen = request.POST.get("taal") or request.GET.get("taal", "")
    return f"/bord/{meeting.pk}/" + (f"?taal={chosen}" if chosen in settings.GEHOOR_CLIENT_LANGUAGES else "")


def _who(request: HttpRequest, meeting: Meeting, code: str, *, trouble: str = "", status: int = 200) -> HttpResponse:
    context = {
        "meeting": meeting, "office_name": meeting.office.name, "code": code, "voices": Voice.choices, "trouble": trouble,
        "alias": request.POST.get("alias", ""), "voice": request.POST.get("voice", ""),
    }  # fmt: skip
    return client.plain_page(
        request, "meetings/who.html", context, status=status, language=request.POST.get("taal", "")
    )


def _trouble(request: HttpRequest, why: client.StrOrPromise, *, typed: str = "", status: int) -> HttpResponse:
    return client.plain_page(request, "meetings/code.html", {"trouble": why, "typed": typed}, status=status)
