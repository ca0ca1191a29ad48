"""The one way into a staff page: log in, and be a member of an office."""

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from gehoor.base.errors import NotAllowed
from gehoor.offices import queries
from gehoor.offices.models import Account, Member

OFFICE_IN_SESSION = "office"


class MemberRequest(HttpRequest):
    """A request of somebody who works at an office."""

    member: Member


def member_required(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Sends strangers to the log-in page; refuses accounts without a place in an office."""

    @login_required
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        member = queries.membership_of(cast("Account", request.user), request.session.get(OFFICE_IN_SESSION))
        if member is None:
            raise NotAllowed(_("Your account has no place in an office. Ask the operator to add you."))
        cast("MemberRequest", request).member = member
        return view(request, *args, **kwargs)

    return guarded
