"""Walk every address as nobody, as each role, and as a member of another office."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.urls import URLPattern, URLResolver, get_resolver
from tests.cast import Cast

pytestmark = pytest.mark.django_db

# Pages of the log-in library and of the design system: they hold nothing of an office.
OPEN_TO_STRANGERS = ("kantoor/inloggen/", "kantoor/i18n/", "kantoor/live/", "kantoor/taal/", "kantoor/onderdelen/")


def addresses(patterns: Any = None, prefix: str = "") -> Iterator[str]:
    """Every address of staff, with places for what it names."""
    for pattern in patterns or get_resolver().url_patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from addresses(pattern.url_patterns, route)
        elif (
            isinstance(pattern, URLPattern) and route.startswith("kantoor/") and not route.startswith(OPEN_TO_STRANGERS)
        ):
            yield route


def filled(route: str, things: dict[str, str]) -> str:
    """The address with real things of the first office in it."""
    for place, value in things.items():
        route = route.replace(place, value)
    assert "<" not in route, f"{route}: tell this test what stands there"
    return "/" + route


@pytest.fixture
def things(cast: Cast) -> dict[str, str]:
    """One of everything, in the first office."""
    from gehoor.answers.models import OpenText

    a_round = cast.round()
    cast.hear(a_round, [{"heard": "5", "good": f"text {number}"} for number in range(12)])
    from gehoor.base import clock
    from gehoor.results.changes import ask_release, release_office

    period = clock.quarter(clock.today())
    release_office(cast.office, period)
    ask_release(a_round, period, by=cast.quinten)
    return {
        "<int:pk>": str(a_round.pk), "<int:round_pk>": str(a_round.pk), "<int:dispatch_pk>": str(a_round.dispatches.get().pk),
        "<int:version_pk>": str(a_round.version_id), "<str:period>": period, "<uuid:pk>": str(OpenText.objects.first().pk),
        "<str:language>": "nl", "<str:card>": "1-1", "<str:format>": "csv", "<str:kind>": "csv", "<slug:key>": "jongere", "<str:key>": "jongere",
    }  # fmt: skip


def test_nobody_is_sent_to_the_log_in_page(cast: Cast, things: dict[str, str]) -> None:
    wrong = {}
    for route in addresses():
        for ask in ("get", "post"):
            response = getattr(cast.browser(), ask)(filled(route, things))
            if not (
                response.status_code in {302, 403, 405}
                and (response.status_code != 302 or "/inloggen/" in response["Location"])
            ):
                wrong[f"{ask} {route}"] = response.status_code

    assert wrong == {}


def test_a_member_of_another_office_finds_nothing_of_ours(cast: Cast, things: dict[str, str]) -> None:
    """The stranger is a quality adviser at home: it is the office that keeps her out, not the role."""
    wrong = {}
    for route in addresses():
        if (
            "<" not in route or "<int:version_pk>" in route or "<slug:key>" in route
        ):  # ready questionnaires are everybody's
            continue
        for ask in ("get", "post"):
            response = getattr(cast.browser(cast.daan), ask)(filled(route, things))
            if response.status_code not in {403, 404, 405}:
                wrong[f"{ask} {route}"] = response.status_code

    assert wrong == {}


ROLE_OF = {
    "quinten": "quality_adviser", "rosa": "reader", "tariq": "triage", "bram": "officer", "lotte": "team_lead", "petra": "privacy_officer",
}  # fmt: skip
WORKERS = set(ROLE_OF)
MAY_ENTER = {
    "kantoor/vragen/": {"quinten"},
    "kantoor/vragenlijsten/": {"quinten"},
    "kantoor/voorbeeld/": {"quinten"},
    "kantoor/lezen/": {"rosa", "tariq"},
    "kantoor/privacy/": {"petra"},
    "kantoor/zien/": WORKERS,
    "kantoor/doen/": WORKERS,
    "kantoor/bijeenkomsten/": {"quinten"},
    "kantoor/gesprekken/": {"quinten"},
    "kantoor/account/": WORKERS,
}


def test_each_role_enters_only_its_own_rooms(cast: Cast, things: dict[str, str]) -> None:
    wrong = []
    for route in addresses():
        room = next((room for room in MAY_ENTER if route.startswith(room)), None)
        for name in WORKERS:
            status = cast.browser(getattr(cast, name)).get(filled(route, things)).status_code
            allowed = room is None or name in MAY_ENTER[room]
            if not allowed and status not in {403, 404, 405}:
                wrong.append(f"{name} {route}: {status}")
            if status >= 500:
                wrong.append(f"{name} {route}: {status}")

    assert wrong == []
