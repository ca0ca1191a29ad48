"""The client's door stands before everything else: no session, no log-in, no log line that could hold a code or a word.

Addresses of staff start with /kantoor/ or /static/; all others are the client's. With GEHOOR_PROCESS the two can run
apart, on hosts of their own.
"""

import logging
import traceback
from collections.abc import Callable
from functools import lru_cache

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import ResolverMatch, resolve

from gehoor.ui import client

log = logging.getLogger("gehoor.door")

DESK_PATHS = ("/kantoor/", "/static/")
CLIENT_URLS = "gehoor.project.client_urls"
POLICY = "default-src 'none'; style-src %s; img-src data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
HEADERS = [
    ("Referrer-Policy", "no-referrer"),
    ("X-Content-Type-Options", "nosniff"),
    ("X-Robots-Tag", "noindex"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    *([("Strict-Transport-Security", "max-age=31536000; includeSubDomains")] if settings.SECURE else []),
]


def is_desk(path: str) -> bool:
    """Is this an address of staff?"""
    return path.startswith(DESK_PATHS) or path == "/kantoor"


class DoorFirst:
    """Answers clients itself; hands everything else to the rest of the middleware."""

    def __init__(self, desk: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.desk = desk

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """One request."""
        if is_desk(request.path_info) and settings.GEHOOR_PROCESS != "door":
            return self.desk(request)
        response = answer(request)
        for name, value in headers_for(response):
            response[name] = value
        return response


def answer(request: HttpRequest) -> HttpResponse:
    """The answer to a client, whatever happens. The headers of the door come on top: `headers_for`."""
    is_ours = settings.GEHOOR_PROCESS != "desk" and not is_desk(request.path_info)
    return _answer(request) if is_ours else _mishap(request, 404)


def _answer(request: HttpRequest) -> HttpResponse:
    """The page, or a calm one when something goes wrong. What went wrong is logged without any value."""
    try:
        request.get_host()  # refuses forged host names
        match = _place_of(request.path_info)
        request.resolver_match = match
        response: HttpResponse = match.func(request, *match.args, **match.kwargs)
    except Http404:
        return _mishap(request, 404)
    except RequestDataTooBig:
        return _mishap(request, 413)
    except SuspiciousOperation:
        return _mishap(request, 400)
    except Exception as error:  # noqa: BLE001 -- the last line: whatever it is, the client gets a page
        frames = traceback.extract_tb(error.__traceback__)
        log.error(
            "%s at %s",
            type(error).__name__,
            " < ".join(f"{frame.name}:{frame.lineno}" for frame in reversed(frames[-6:])),
        )
        return _mishap(request, 500)
    return response


def _place_of(path: str) -> ResolverMatch:
    """What an address leads to. An address that holds a code is not remembered."""
    return resolve(path, CLIENT_URLS) if path.startswith(("/v/", "/m/")) else _place(path)


@lru_cache(maxsize=64)
def _place(path: str) -> ResolverMatch:
    return resolve(path, CLIENT_URLS)


def _mishap(request: HttpRequest, status: int) -> HttpResponse:
    return client.plain_page(request, "answers/mis.html", {"status": status}, status=status)


def headers_for(response: HttpResponse) -> list[tuple[str, str]]:
    """The headers of each page of a client: nothing from elsewhere, nothing kept, nothing passed on.

    A view says what its page needs more by `X-Style`, `X-Script` and `X-Keep`, which go no further than here.
    """
    own = {name: response.headers.get(name, "") for name in ("X-Style", "X-Script", "X-Keep")}
    for name in own:
        del response.headers[name]
    policy = POLICY % (own["X-Style"] or client.STYLE)
    if script := own["X-Script"]:
        policy += f"; {script}"
    kept = ("Cache-Control", own["X-Keep"] or "no-store")
    return [("Content-Security-Policy", policy), ("Content-Length", str(len(response.content))), kept, *HEADERS]
