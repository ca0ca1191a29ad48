"""The respondent's page in a real browser, without a script: one question on the screen."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from gehoor.ui import door, icons

pytestmark = pytest.mark.browser

CHROMIUM = Path("/usr/bin/chromium")
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)

FORM = """<form class="vragen {mode}">
<section class="stap eerst" id="start" tabindex="-1"><h1>Hallo</h1><p class="verder"><a class="knop" href="#v1">Begin</a></p></section>
<section class="stap" id="v1" tabindex="-1"><fieldset class="gezichten"><legend><h2>One?</h2></legend>
{faces}<label class="keuze stil"><input type="radio" name="v1" value="dont_know"><span>Weet ik niet</span></label></fieldset>
<p class="verder"><a class="knop anders" href="#v2">Verder</a><a class="knop wissel naar-klaar" href="#klaar">Verder</a>
<a class="knop terug" href="#start">Terug</a></p></section>
<section class="stap" id="v2" tabindex="-1"><textarea aria-label="x"></textarea></section>
<section class="stap" id="klaar" tabindex="-1"><p class="verder"><button class="knop">Verstuur</button></p></section>
</form>"""
RULE = ".vragen:has(#v1-1:checked) .naar-klaar{display:inline-flex}.vragen:has(#v1-1:checked) .anders{display:none}"


@pytest.fixture(scope="module")
def browser() -> Iterator:
    sync_api = pytest.importorskip("playwright.sync_api")
    if not CHROMIUM.exists():
        pytest.skip("needs Debian's Chromium")
    with sync_api.sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=str(CHROMIUM), args=list(QUIET))
        yield chromium
        chromium.close()


@pytest.fixture
def page(browser) -> Iterator:
    context = browser.new_context(java_script_enabled=False, viewport={"width": 320, "height": 640})
    yield context.new_page()
    context.close()


def address(folder: Path, *, mode: str = "", direction: str = "ltr") -> str:
    faces = "".join(
        f'<label class="gezicht"><input type="radio" name="v1" id="v1-{n}" value="{n}">{icons.face(n)}<span>woord {n}</span></label>'
        for n in icons.FACE_STEPS
    )
    form = FORM.format(mode=mode, faces=faces)
    html = f'<!doctype html><html lang="nl" dir="{direction}"><title>x</title>{door.style_element(door.STYLE + RULE)}<main>{icons.face_symbols()}{form}</main>'
    (folder / "page.html").write_text(html, encoding="utf-8")
    return (folder / "page.html").as_uri()


def shown(page) -> list[str]:
    return [name for name in ("start", "v1", "v2", "klaar") if page.locator(f"#{name}").is_visible()]


def test_the_page_opens_at_its_start_and_shows_one_step_at_a_time(page, tmp_path):
    page.goto(address(tmp_path))
    at_first = shown(page)
    page.click("text=Begin")

    assert at_first == ["start"]
    assert shown(page) == ["v1"]


def test_an_answer_can_change_the_way_on(page, tmp_path):
    page.goto(address(tmp_path) + "#v1")
    before = page.locator("#v1 .knop:not(.terug):visible").get_attribute("href")
    page.check("#v1-1")

    assert before == "#v2"
    assert page.locator("#v1 .knop:not(.terug):visible").get_attribute("href") == "#klaar"


def test_after_an_error_everything_stands_under_each_other_with_one_button(page, tmp_path):
    page.goto(address(tmp_path, mode="alles"))
    page.check("#v1-1")

    assert shown(page) == ["start", "v1", "v2", "klaar"]
    assert [link.inner_text() for link in page.locator(".knop:visible").all()] == ["Verstuur"]


@pytest.mark.parametrize("width", [320, 700])
def test_everything_to_press_is_at_least_44_pixels(page, tmp_path, width):
    page.set_viewport_size({"width": width, "height": 640})
    page.goto(address(tmp_path) + "#v1")
    boxes = [item.bounding_box() for item in page.locator("#v1 input, #v1 a:visible").all()]

    assert [box for box in boxes if box["width"] < 44 or box["height"] < 44] == []


def test_the_first_face_stands_where_reading_begins(page, tmp_path):
    page.set_viewport_size({"width": 700, "height": 640})
    first_and_last = ("#v1-1", "#v1-5")

    page.goto(address(tmp_path) + "#v1")
    dutch = [page.locator(name).bounding_box()["x"] for name in first_and_last]
    page.goto("about:blank")
    page.goto(address(tmp_path, direction="rtl") + "#v1")
    arabic = [page.locator(name).bounding_box()["x"] for name in first_and_last]

    assert dutch == sorted(dutch)
    assert arabic == sorted(arabic, reverse=True)
