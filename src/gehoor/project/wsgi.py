"""The entrance for web servers that speak WSGI: staff go through Django's handler, clients straight to the door.

A client's request needs no signals, no request log and no middleware; without them it costs a sixth less (bench/cost.py).
The door's code is the same that the middleware `DoorFirst` calls, which tests and other servers use.
"""

import os
from collections.abc import Callable, Iterable
from typing import Any

from django.core.handlers.wsgi import WSGIRequest
from django.core.wsgi import get_wsgi_application
from django.db import connections

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gehoor.project.settings")
_desk = get_wsgi_application()

from gehoor.project import door  # noqa: E402 -- only once Django is ready


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """One request."""
    if door.is_desk(environ.get("PATH_INFO", "")):
        return _desk(environ, start_response)
    for line in connections.all(initialized_only=True):
        if line.errors_occurred:  # it may have been cut off: then it is made again
            line.close_if_unusable_or_obsolete()
    request = WSGIRequest(environ)
    response = door.answer(request)
    cookies = (("Set-Cookie", cookie.output(header="")) for cookie in response.cookies.values())
    headers = door.headers_for(response)
    start_response(f"{response.status_code} {response.reason_phrase}", [*response.items(), *headers, *cookies])
    return [response.content]
