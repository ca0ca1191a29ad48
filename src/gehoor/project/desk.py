"""The frame of the staff pages: who is here, in which office, and the navigation that follows the work."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from gehoor.base.errors import BadInput, NotAllowed, NotFound, NotNow
from gehoor.offices.models import Member, Role
from gehoor.ui.shell import Shell, work_nav

STATUS = {NotFound: 404, NotAllowed: 403, NotNow: 409, BadInput: 400}
SECTIONS = {"rounds": "ask", "questionnaires": "ask", "reading": "read", "results": "see", "desk": "home"}


class DeskMiddleware:
    """Turns our errors into calm pages, and keeps staff pages out of every cache."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """One request of staff."""
        response = self.get_response(request)
        if not request.path_info.startswith(settings.STATIC_URL):
            response.headers.setdefault("Cache-Control", "no-store")
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """A page that says what is wrong and what to do, for errors that we meant."""
        for kind, status in STATUS.items():
            if isinstance(error, kind):
                return render(request, "desk/mishap.html", {"status": status, "why": str(error)}, status=status)
        return None


def context(request: HttpRequest) -> dict[str, Any]:
    """What every staff template knows: the shell, the member, and whether all this is fictional."""
    member: Member | None = getattr(request, "member", None)
    section = SECTIONS.get(request.resolver_match.app_name, "") if request.resolver_match else ""
    return {"shell": _shell(request, member, section), "member": member, "fictional": settings.GEHOOR_FICTIONAL}


def _shell(request: HttpRequest, member: Member | None, section: str) -> Shell:
    user = getattr(request, "user", None)
    signed_in = bool(user and user.is_authenticated)
    return Shell(
        nav=work_nav(_pages_of(member), current=section) if member else (),
        office_name=member.office.name if member else "",
        account_name=str(user) if signed_in else "",
        account_url=reverse("desk:account") if signed_in else "",
        sign_out_url=reverse("account_logout") if signed_in else "",
        language_url=reverse("set_language"),
    )


def _pages_of(member: Member) -> dict[str, str]:
    pages = {"home": reverse("desk:start")}
    if member.has(Role.QUALITY_ADVISER):
        pages["ask"] = reverse("rounds:list")
    if member.has(Role.READER, Role.TRIAGE):
        pages["read"] = reverse("reading:queue")
    pages["see"] = reverse("results:list")
    return pages


def fictional_note() -> str:
    """The mark on each page of the demo."""
    return _("Fictional example: nothing here is real.")
