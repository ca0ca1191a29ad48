"""The way into the pages of asking: questionnaires, the example of a client's page, and rounds."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpResponse

from gehoor.base.errors import NotAllowed
from gehoor.offices import rules
from gehoor.offices.web import MemberRequest, member_required


def adviser_required(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Asking is the quality adviser's work, looking at it included."""

    @member_required
    @wraps(view)
    def guarded(request: MemberRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if why := rules.why_not_manage(request.member):
            raise NotAllowed(why)
        return view(request, *args, **kwargs)

    return guarded
