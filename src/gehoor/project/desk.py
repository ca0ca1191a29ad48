"""The frame of the staff pages: who is here, in which office, and the navigation that follows the work."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation

from gehoor.base.errors import BadInput, NotAllowed, NotFound, NotNow
from gehoor.offices import queries as offices
from gehoor.offices.models import Account, Member, Role
from gehoor.offices.web import OFFICE_IN_SESSION
from gehoor.ui.shell import Shell, work_nav

STATUS = {NotFound: 404, NotAllowed: 403, NotNow: 409, BadInput: 400}
SECTIONS = {
    "rounds": "ask",
    "meetings": "ask",
    "boards": "ask",
    "interviews": "ask",
    "questionnaires": "ask",
    "preview": "ask",
    "reading": "read",
    "results": "see",
    "doing": "do",
    "privacy": "lock",
}


class DeskMiddleware:
    """Turns our errors into calm pages, and keeps staff pages out of every cache."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """One request of staff, in the language that this member chose once."""
        is_static = request.path_info.startswith(settings.STATIC_URL)
        if not is_static and isinstance(request.user, Account):
            translation.activate(request.user.language)
            request.LANGUAGE_CODE = request.user.language
        response = self.get_response(request)
        if not is_static:
            response.headers.setdefault("Cache-Control", "no-store")
            # With "no-referrer" browsers send "Origin: null" along with a form, and Django refuses every log-in.
            response.headers.setdefault("Referrer-Policy", "same-origin")
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """A page that says what is wrong and what to do, for errors that we meant."""
        for kind, status in STATUS.items():
            if isinstance(error, kind):
                return render(request, "desk/mishap.html", {"status": status, "why": str(error)}, status=status)
        return None


def context(request: HttpRequest) -> dict[str, Any]:
    """What every staff template knows: the shell, the member, and whether all this is fictional."""
    member = _member_of(request)
    section = _section(request)
    return {"shell": _shell(request, member, section), "member": member, "fictional": settings.GEHOOR_FICTIONAL}


def _member_of(request: HttpRequest) -> Member | None:
    """Who works here. Pages of allauth don't ask for a member, but stand in the same frame."""
    user = getattr(request, "user", None)
    if not hasattr(request, "member") and isinstance(user, Account):
        return offices.membership_of(user, request.session.get(OFFICE_IN_SESSION))
    member: Member | None = getattr(request, "member", None)
    return member


def _section(request: HttpRequest) -> str:
    match = request.resolver_match
    if match is None:
        return ""
    return "home" if match.view_name == "desk:start" else SECTIONS.get(match.app_name, "")


def _shell(request: HttpRequest, member: Member | None, section: str) -> Shell:
    user = getattr(request, "user", None)
    signed_in = bool(user and user.is_authenticated)
    return Shell(
        nav=work_nav(_pages_of(member), current=section) if member else (),
        office_name=member.office.name if member else "",
        account_name=str(user) if signed_in else "",
        account_url=reverse("desk:account") if signed_in else "",
        sign_out_url=reverse("account_logout") if signed_in else "",
        language_url=reverse("desk:language"),
    )


def _pages_of(member: Member) -> dict[str, str]:
    pages = {"home": reverse("desk:start")}
    if member.has(Role.QUALITY_ADVISER):
        pages["ask"] = reverse("rounds:list")
    if member.has(Role.READER, Role.TRIAGE):
        pages["read"] = reverse("reading:queue")
    pages["see"] = reverse("results:list")
    pages["do"] = reverse("doing:list")
    if member.has(Role.PRIVACY_OFFICER):
        pages["lock"] = reverse("privacy:journal")
    return pages
