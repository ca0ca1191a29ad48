"""The staff start page: what needs attention today."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from gehoor.offices import queries as offices
from gehoor.offices.web import MemberRequest, member_required


@member_required
def start(request: MemberRequest) -> HttpResponse:
    """What asks for attention, in the order of the work."""
    return render(request, "desk/start.html", {})


@member_required
def account(request: MemberRequest) -> HttpResponse:
    """My account: who I am here, my roles, my password and second factor."""
    return render(request, "desk/account.html", {"memberships": offices.memberships_of(request.member.account)})


def live(request: HttpRequest) -> HttpResponse:
    """The process is up. Says nothing about databases."""
    return HttpResponse("ok\n", content_type="text/plain")
