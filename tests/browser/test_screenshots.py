"""The pictures in README.md. They are taken anew with GEHOOR_TEST_SCREENSHOTS=1."""

import os
import re
from pathlib import Path
from typing import Any

import pytest

from tests.browser import pages
from tests.browser.conftest import HOUSE, TOGETHER
from tests.browser.test_board import meeting, write  # noqa: F401 -- the fixture

pytestmark = TOGETHER
FOLDER = HOUSE / "docs" / "screenshots"
WINDOW = {"width": 1280, "height": 800}
taking = pytest.mark.skipif(
    not os.environ.get("GEHOOR_TEST_SCREENSHOTS"),
    reason="GEHOOR_TEST_SCREENSHOTS is not set: the pictures stay as they are",
)


def test_every_picture_that_the_readme_shows_is_there():
    named = re.findall(r"!\[[^\]]+\]\(([^)]+)\)", (HOUSE / "README.md").read_text(encoding="utf-8"))

    assert named
    assert [name for name in named if not (HOUSE / name).exists()] == []


@taking
@pytest.mark.parametrize(("language", "name"), [("nl", "vraag"), ("ar", "vraag-ar")])
def test_take_the_question(questions, language, name):
    page = questions(language, device_scale_factor=2)
    pages.step(page, "v2")
    page.check("#v2-4")
    page.mouse.move(0, 0)

    _take(page, name)


@taking
@pytest.mark.parametrize(
    ("role", "path", "name"),
    [("adviser", "/kantoor/", "start"), ("adviser", "/kantoor/zien/{released}/", "cijfers")],
)
def test_take_the_office(staff, server, role, path, name):
    page = staff(role, viewport=WINDOW)
    page.goto(path.format(**server.rounds))

    _take(page, name)


@taking
def test_take_the_reading_room(staff):
    page = staff("reader", viewport=WINDOW)
    page.goto("/kantoor/lezen/")
    pages.press(page, "main tbody a >> nth=-1")
    while not page.locator(".reading-proposals").is_visible():
        pages.press(page, "main .page-head a.button-quiet")
    page.mouse.move(0, 0)

    _take(page, "leeskamer")


@taking
def test_take_the_board(meeting):  # noqa: F811 -- as pytest wants it
    youth, parent = meeting.join("Zon"), meeting.join("Karin", "parent")
    for who, frame, kind, text in (
        (youth, 0, "experience", "Ze vroeg eerst hoe het met mij ging."),
        (parent, 0, "experience", "Ze legde uit wat er ging gebeuren."),
        (youth, 1, "worry", "Ik begreep de brief niet."),
        (parent, 1, "question", "Waarom hoort school het zo laat?"),
        (youth, 2, "wish", "Stuur een appje in plaats van drie brieven."),
        (parent, 2, "idea", "Bel ons eerst, voordat er een brief komt."),
    ):
        who.check(f"#v-{frame} [name=kind][value={kind}]", force=True)
        write(who, frame, text)
        who.locator(f"#l-{frame} .briefje.eigen").wait_for()
    meeting.phase(3)
    meeting.turn_all()
    meeting.phase(4)
    parent.locator("#bord[data-phase=group]").wait_for()
    parent.locator("#kop-2").evaluate("field => field.closest('details').open = true")
    parent.fill("#kop-2", "Eerst bellen of appen")
    parent.click("#kopknop-2")
    stack = parent.locator(".stapel")
    stack.wait_for()
    for note in parent.locator("#l-2 .briefje").all():
        note.hover()
        note.drag_to(stack)
        parent.wait_for_timeout(500)
    youth.set_viewport_size(WINDOW)
    youth.goto(youth.url.partition("#")[0])
    youth.mouse.move(0, 0)
    _take(youth, "bord")


def _take(page: Any, name: str) -> Path:
    FOLDER.mkdir(parents=True, exist_ok=True)
    path = FOLDER / f"{name}.png"
    page.screenshot(path=path)
    return path
