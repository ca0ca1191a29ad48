"""axe-core finds nothing on any page: each state of a client's page, each page that staff can reach, light and dark.

A green run is a gate and no proof: the rest is looked at by people (standards.md §3.5).
"""

import functools
import json
import re
from collections import Counter, deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import axe_playwright_python
import pytest
from django.urls import get_resolver

from tests.browser import pages
from tests.browser.conftest import PHONE, SCREEN, TOGETHER, Server

pytestmark = TOGETHER
AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
EVERYTHING = {"resultTypes": ["violations"], "preload": False, "rules": {"target-size": {"enabled": True}}}
# What can differ between one width or theme and another: all else was looked at once.
LAYOUT = {
    "resultTypes": ["violations"],
    "preload": False,
    "runOnly": {"type": "rule", "values": ["color-contrast", "target-size", "scrollable-region-focusable"]},
}
COLOURS = {**LAYOUT, "runOnly": {"type": "rule", "values": ["color-contrast"]}}
RUN = "options => axe.run(document, options).then(found => found.violations.map(v => [v.id, v.nodes.map(n => n.target.join(' ')).slice(0, 4)]))"


# Pages are alike for axe when only their words and numbers differ.
SHAPE = """() => [...document.querySelectorAll('main, main *')].map(el => el.tagName + '.' + el.getAttribute('class') + el.getAttribute('type')).join()
  + document.documentElement.lang"""


def faults(page: Any, options: dict[str, Any]) -> list[str]:
    """What axe finds on the page that is open, in one line each."""
    if not page.evaluate("() => !!window.axe"):
        page.evaluate(AXE)
    return [f"{name}: {json.dumps(targets)}" for name, targets in page.evaluate(RUN, options)]


def light_and_dark(page: Any) -> list[str]:
    """Everything in light, and the colours in dark."""
    found = faults(page, EVERYTHING)
    page.emulate_media(color_scheme="dark")
    found += [f"dark {fault}" for fault in faults(page, COLOURS)]
    page.emulate_media(color_scheme="light")
    return found


ALIKE = {"v3", "v4", "v5", "v8"}  # to v2 and v7: only the words differ


# --- clients ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["nl", "ar"])
def test_axe_finds_nothing_on_any_page_of_a_client(phone, server, language):
    page = phone(language, scripts=True)

    found = {name: light_and_dark(page) for name in pages.walk(page, server) if name not in ALIKE}

    assert {name: fault for name, fault in found.items() if fault} == {}


def test_axe_finds_nothing_on_any_kind_of_question_on_a_wide_screen(questions):
    page = questions("nl", voice="alles", scripts=True, viewport=SCREEN)
    found = {}
    for name in pages.STEPS:
        pages.step(page, name)
        found[name] = light_and_dark(page)

    assert {name: fault for name, fault in found.items() if fault} == {}


# --- staff --------------------------------------------------------------------------------------------------------

# Files, and ways out.
LEAVE = re.compile(r"/(bestand|cijfers|logout|live|i18n|voorbeeld/\d+/verstuurd)/")
# Of pages that differ only in their number one is enough; rounds and figures look different in each state.
SAME = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|\d+(?=/)")
MORE = {"/kantoor/vragen/#/": 4, "/kantoor/zien/#/2026-Q4/": 2}
Sight = tuple[Mapping[str, int], str, Mapping[str, Any]]
# Each page is seen on a phone and on a screen, in light and in dark; not every pair in every language, for time.
SIGHTS: dict[str, tuple[Sight, ...]] = {
    "nl": ((SCREEN, "light", EVERYTHING), (PHONE, "dark", LAYOUT)),
    "en": (
        (PHONE, "light", EVERYTHING),
    ),  # another language has other lengths, which a phone shows first, and no other colours
}
EVERYBODYS = ("/kantoor/inloggen/", "/kantoor/onderdelen/")  # the same for each role: looked at once
ROLES = ("adviser", "reader", "triage", "officer", "team_lead", "small_team", "policy", "privacy")


@pytest.fixture(scope="package")
def looked(browser: Any, server: Server, states: Any) -> Callable[[str, str], dict[str, list[str]]]:
    """`looked("reader", "en")`: what was found on each page that this role can reach, on a phone and on a screen."""
    seen: set[str] = set()

    @functools.cache
    def look(role: str, language: str) -> dict[str, list[str]]:
        context = browser.new_context(
            base_url=server.address, storage_state=states(role) if role else None, viewport=SCREEN, locale=language
        )
        page = context.new_page()
        if language == "en":
            speak(page, "en")
        page.emulate_media(reduced_motion="reduce")  # colours that are half-way are no colours
        everything = (role, language) in (("", "nl"), ("adviser", "nl"))
        start = ["/kantoor/", *(path for path in addresses() if everything or not path.startswith(EVERYBODYS))]
        found = dict(_look_around(page, server, start, seen, SIGHTS[language]))
        if language == "en":
            speak(page, "nl")
        context.close()
        return found

    return look


def speak(page: Any, language: str) -> None:
    """Choose a language in the menu. It is kept with the account, so the test puts it back."""
    page.set_viewport_size(SCREEN)
    page.goto("/kantoor/")
    page.locator("details.account summary").click()
    pages.press(page, f"button[name=language][value={language}]")


def _look_around(
    page: Any, server: Server, start: list[str], seen: set[str], sights: Sequence[Sight]
) -> Iterator[tuple[str, list[str]]]:
    """Every page that links lead to, and every address without a number that the project knows."""
    todo = deque(start)
    known: Counter[str] = Counter()
    while todo:
        path = todo.popleft()
        kind = SAME.sub("#", path.partition("?")[0])
        if (
            known[kind] >= MORE.get(kind, 1)
            or LEAVE.search(path)
            or (kind.startswith(EVERYBODYS) and path not in start)
        ):
            continue
        known[kind] += 1
        page.set_viewport_size(SCREEN)
        if path in start and not _is_page(page, path):
            continue
        response = page.goto(path)
        assert response.status < 500, path
        todo.extend(links(page, server.address))
        shape = page.evaluate(SHAPE)
        if shape not in seen:
            seen.add(shape)
            yield path, _on_screen_and_phone(page, sights)


def _is_page(page: Any, path: str) -> bool:
    """Not a file, and not an address that only takes forms: a browser shows nothing of those."""
    answer = page.request.get(path)
    return answer.status != 405 and "text/html" in answer.headers["content-type"]


def _on_screen_and_phone(page: Any, sights: Sequence[Sight]) -> list[str]:
    found = []
    for size, scheme, options in sights:
        page.set_viewport_size(size)
        page.emulate_media(color_scheme=scheme)
        found += [f"{size['width']} {scheme} {fault}" for fault in faults(page, options)]
        if (wide := page.evaluate(pages.TOO_WIDE)) > 0:
            found.append(f"{size['width']}: {wide} pixels too wide")
    return found


def links(page: Any, address: str) -> list[str]:
    """The pages of staff that the open page leads to."""
    every = page.locator("a[href]:not([download])").evaluate_all("all => all.map(a => a.href)")
    return [path for link in every if (path := link.removeprefix(address).partition("#")[0]).startswith("/kantoor/")]


def addresses() -> list[str]:
    """Every address of staff without a number in it."""
    found: list[str] = []
    todo = [("/", get_resolver().url_patterns)]
    while todo:
        before, patterns = todo.pop()
        for pattern in patterns:
            path = before + str(pattern.pattern)
            if hasattr(pattern, "url_patterns"):
                todo.append((path, pattern.url_patterns))
            elif path.startswith("/kantoor/") and "<" not in path and "(" not in path:
                found.append(path.replace("^", "").replace("$", ""))
    return sorted(set(found))


@pytest.mark.parametrize("role", ROLES)
def test_axe_finds_nothing_on_any_page_that_a_role_can_reach(looked, role):
    assert {path: found for path, found in looked(role, "nl").items() if found} == {}


@pytest.mark.parametrize("role", ["adviser", "reader", "triage", "privacy"])
def test_axe_finds_nothing_on_the_english_pages_either(looked, role):
    assert {path: found for path, found in looked(role, "en").items() if found} == {}


def test_axe_finds_nothing_on_the_pages_before_logging_in(looked):
    assert {path: found for path, found in looked("", "nl").items() if found} == {}


def test_axe_finds_nothing_while_figures_are_made_and_after(staff, server):
    page = staff("adviser", reduced_motion="reduce")  # colours that are half-way are no colours
    page.goto(f"/kantoor/zien/{server.rounds['team']}/")
    pages.press(page, "main a[href$='/vrijgeven/']")
    pages.press(page, "main form button.button-primary")

    waiting = _on_screen_and_phone(page, SIGHTS["nl"])
    server.work()
    page.locator("#asked:not([data-waiting])").wait_for()
    done = _on_screen_and_phone(page, SIGHTS["nl"])

    assert (waiting, done) == ([], [])
