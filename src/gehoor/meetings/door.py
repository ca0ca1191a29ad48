"""Coming in: a code, a name of one's own choice, who one is, and what one agrees to."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import translation
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_http_methods

from gehoor.base import codes, throttle
from gehoor.base.errors import BadInput
from gehoor.meetings import changes, consents, guests, guide, queries
from gehoor.meetings.changes import Agreed
from gehoor.meetings.models import Age, Life, Meeting, Voice
from gehoor.ui import client
from gehoor.ui import door as looks

MOST_GUESSES = 600  # a minute, of everybody together: a class of thirty sits behind one address (decision 0008)
EVERYBODY = b""

# Only what belongs to the chosen voice and age is shown. A browser that does not know :has() shows all of it.
CHOSEN = looks.squeezed("""
.ook { margin-block: 0 1.25rem; }
@supports selector(:has(*)) {
  form:not(:has([value="youth"]:checked)) .jong,
  form:has([value="youth"]:checked):has([name="age"]:checked) .anders,
  form:not(:has([value="under_12"]:checked)) .leeftijd-under_12,
  form:not(:has([value="12_15"]:checked)) .leeftijd-12_15,
  form:not(:has([value="from_16"]:checked)) .leeftijd-from_16 { display: none; }
}
""")
STYLE = f"{client.STYLE} 'sha256-{looks.csp_hash(CHOSEN)}'"


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
    if meeting.life == Life.PLANNED:
        return _not_yet(request, meeting, code)
    cookie = request.COOKIES.get(guests.COOKIE, "")
    if queries.seat_of(cookie, meeting.pk):
        return HttpResponseRedirect(_board(request, meeting))
    if "alias" not in request.POST:
        return _who(request, meeting, code)
    language = client.language_for(request, request.POST.get("taal", ""))
    try:
        with translation.override(language):
            _guest, digits = changes.join(
                meeting,
                alias=request.POST["alias"],
                voice=request.POST.get("voice", ""),
                agreed=_agreed(request, language),
            )
    except BadInput as error:
        return _who(request, meeting, code, trouble=str(error), status=422)
    response = HttpResponseRedirect(_board(request, meeting))
    seat = guests.Seat(digits, may_quote="may_quote" in request.POST)
    response.set_cookie(
        guests.COOKIE, guests.with_seat(cookie, seat), httponly=True, samesite="Lax", secure=settings.SECURE
    )
    return response


def _board(request: HttpRequest, meeting: Meeting) -> str:
    chosen = request.POST.get("taal") or request.GET.get("taal", "")
    return f"/bord/{meeting.pk}/" + (f"?taal={chosen}" if chosen in settings.GEHOOR_CLIENT_LANGUAGES else "")


def _agreed(request: HttpRequest, language: str) -> Agreed:
    return Agreed(
        age=request.POST.get("age", ""),
        by_parent=request.POST.get("age", "") in request.POST.getlist("by_parent"),  # a tick goes with its own age
        language=language,
    )


def _who(request: HttpRequest, meeting: Meeting, code: str, *, trouble: str = "", status: int = 200) -> HttpResponse:
    language = client.language_for(request, request.POST.get("taal") or request.GET.get("taal", ""))
    context = {
        "meeting": meeting, "office_name": meeting.office.name, "code": code, "voices": Voice.choices, "trouble": trouble,
        "alias": request.POST.get("alias", ""), "voice": request.POST.get("voice", ""),
        "ages": [_age(meeting, age, language) for age in Age], "age": request.POST.get("age", ""),
        "others": consents.sentences(meeting, consents.UNKNOWN, language), "quote": consents.quote_words(language),
        "by_parent": request.POST.getlist("by_parent"), "may_quote": "may_quote" in request.POST, "door_extra_css": CHOSEN,
    }  # fmt: skip
    response = client.plain_page(request, "meetings/who.html", context, status=status, language=language)
    response["X-Style"] = STYLE
    return response


def _age(meeting: Meeting, age: Age, language: str) -> dict[str, Any]:
    """What somebody of this age reads, and what a parent has to agree to."""
    return {
        "value": age.value,
        "label": age.label,
        "says": consents.sentences(meeting, age, language),
        "parent": consents.parent_words(age, language) if meeting.asks_consent else "",
    }


def _not_yet(request: HttpRequest, meeting: Meeting, code: str) -> HttpResponse:
    """Whoever comes too early hears when to come."""
    language = client.language_for(request, request.POST.get("taal") or request.GET.get("taal", ""))
    with translation.override(language):
        context = {"meeting": meeting, "office_name": meeting.office.name, "code": code, "when": guide.when(meeting)}
    return client.plain_page(request, "meetings/not_yet.html", context, language=language)


def _trouble(request: HttpRequest, why: client.StrOrPromise, *, typed: str = "", status: int) -> HttpResponse:
    return client.plain_page(request, "meetings/code.html", {"trouble": why, "typed": typed}, status=status)
