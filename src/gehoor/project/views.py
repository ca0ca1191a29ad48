"""The staff start page: what needs attention today. My account: who I am here. And an address that does not exist."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views import i18n
from django.views.decorators.http import require_POST

from gehoor.base import clock
from gehoor.offices import queries as offices
from gehoor.offices.models import Account
from gehoor.offices.web import OFFICE_IN_SESSION, MemberRequest, member_required
from gehoor.project import today

YEAR = 365 * 24 * 3600


@member_required
def start(request: MemberRequest) -> HttpResponse:
    """What asks for attention, in the order of the work."""
    return render(request, "desk/start.html", {"things": today.things_for(request.member, clock.today())})


@member_required
def account(request: MemberRequest) -> HttpResponse:
    """My account: who I am here, my roles, my password and second factor."""
    return render(request, "desk/account.html", {"memberships": offices.memberships_of(request.member.account)})


@require_POST
@member_required
def choose_office(request: MemberRequest) -> HttpResponse:
    """Work in another office of mine. A number that isn't one of mine changes nothing."""
    chosen = request.POST.get("office", "")
    mine = {str(membership.office_id): membership for membership in offices.memberships_of(request.member.account)}
    if chosen in mine:
        request.session[OFFICE_IN_SESSION] = mine[chosen].office_id
        messages.success(request, _("You now work in %(office)s.") % {"office": mine[chosen].office.name})
    return redirect("desk:start")


@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Another language for the screens: kept in this browser, and with the account of who is logged in."""
    response = i18n.set_language(request)
    code = request.POST.get("language", "")
    if code in dict(settings.LANGUAGES):
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME, code, max_age=YEAR, samesite="Lax", secure=settings.SECURE, httponly=True
        )
        if isinstance(request.user, Account):
            request.user.language = code
            request.user.save(update_fields=["language"])
    return response


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """An address of staff that does not exist. A stranger is sent to the log-in page, as from an address that does."""
    user = getattr(request, "user", None)
    if request.path_info.startswith(settings.STATIC_URL) or (user and user.is_authenticated):
        why = _("This address does not exist. Perhaps it was typed wrong, or the link is old.")
        return render(request, "desk/mishap.html", {"status": 404, "why": why}, status=404)
    return redirect_to_login(request.get_full_path())


def live(request: HttpRequest) -> HttpResponse:
    """The process is up. Says nothing about databases."""
    return HttpResponse("ok\n", content_type="text/plain")
