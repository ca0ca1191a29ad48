"""A plain page for clients: what each of them has, in the language that the browser asks for or that was chosen."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.functional import Promise

from gehoor.base.languages import LANGUAGES, best_of
from gehoor.ui import helplines
from gehoor.ui.door import STYLE_SHA256

StrOrPromise = str | Promise
STYLE = f"'sha256-{STYLE_SHA256}'"  # the source for `style-src`


def shared_context() -> dict[str, Any]:
    """What each page of a client has: the quick exit, the help numbers, and whether all this is fictional."""
    return {"exit_href": "/weg/", "fictional": settings.GEHOOR_FICTIONAL, "helplines": helplines.now}


def language_for(request: HttpRequest, wanted: str = "", offered: Sequence[str] = ()) -> str:
    """The language that was chosen, or that the browser asks for, among those that are offered."""
    codes = list(offered or LANGUAGES)
    return wanted if wanted in codes else best_of(request.META.get("HTTP_ACCEPT_LANGUAGE", ""), codes)


def plain_page(
    request: HttpRequest,
    template: str,
    context: Mapping[str, object] | None = None,
    *,
    status: int = 200,
    language: str = "",
) -> HttpResponse:
    """A page without questions; its `trouble` is translated here."""
    language = language_for(request, language or request.GET.get("taal", ""))
    filled = {**shared_context(), "languages": LANGUAGES.values(), "language": language, **(context or {})}
    with translation.override(language):
        if filled.get("trouble"):
            filled["trouble"] = str(filled["trouble"])
        response = render(request, template, filled, status=status)
    response["X-Style"] = STYLE
    return response
