"""The way into the pages of interviews, and the answer to a player that asks for a part of a recording."""

import re
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse

from gehoor.base.errors import NotAllowed
from gehoor.interviews import rules, sound, tapes
from gehoor.interviews.models import Interview
from gehoor.offices.web import MemberRequest, member_required

_RANGE = re.compile(r"bytes=(\d{0,15})-(\d{0,15})")


def interviewer_required(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Whoever may interview. `rules.why_not_interview` is the only place that says who."""

    @member_required
    @wraps(view)
    def guarded(request: MemberRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if why := rules.why_not_interview(request.member):
            raise NotAllowed(why)
        return view(request, *args, **kwargs)

    return guarded


def span_of(header: str, size: int) -> tuple[int, int] | None:
    """The first and last byte of a part that a player asks for (RFC 9110 §14.1); None when there is no such part."""
    match = _RANGE.fullmatch(header.strip())
    first, last = match.groups() if match else ("", "")
    if first:
        end = min(int(last), size - 1) if last else size - 1
        return (int(first), end) if int(first) <= end else None
    return (max(size - int(last), 0), size - 1) if last and int(last) and size else None


def play(request: MemberRequest, interview: Interview) -> HttpResponseBase:
    """The recording, or the part of it that was asked for. Raises safe.KeyLost when it is gone."""
    tapes.look(interview.guid)
    size = interview.sound_size or 0
    header = request.headers.get("Range", "")
    in_part = bool(_RANGE.fullmatch(header.strip()))  # any other header is left alone
    span = span_of(header, size) if in_part else (0, size - 1)
    if span is None:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
    first, last = span
    response = StreamingHttpResponse(
        tapes.pieces(interview.guid, size, first, last) if request.method != "HEAD" else [],
        status=206 if in_part else 200,
        content_type=sound.TYPES[interview.sound_kind],
    )
    response.headers["Accept-Ranges"] = "bytes"
    response.headers["Content-Length"] = str(last + 1 - first)
    response.headers["Content-Disposition"] = "inline"
    if in_part:
        response.headers["Content-Range"] = f"bytes {first}-{last}/{size}"
    return response
