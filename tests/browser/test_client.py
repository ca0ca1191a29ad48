"""A client's way, on a phone of 320 pixels, without scripts: in Dutch, and in Arabic from right to left."""

import functools
import re
from collections.abc import Callable
from typing import Any

import pytest
import segno

from tests.browser import pages
from tests.browser.conftest import EXIT, PHONE, TOGETHER, Server
from tests.browser.pages import STEPS

pytestmark = TOGETHER
BOTH = pytest.mark.parametrize("language", ["nl", "ar"])


# --- measured on every page ---------------------------------------------------------------------------------------


@pytest.fixture(scope="package")
def measured(browser: Any, server: Server) -> Callable[[str], dict[str, dict[str, Any]]]:
    """`measured("ar")`: what was measured on each page of one whole journey."""

    @functools.cache
    def measure(language: str) -> dict[str, dict[str, Any]]:
        context = browser.new_context(
            viewport=PHONE, locale=language, java_script_enabled=False, base_url=server.address
        )
        page = context.new_page()
        found = {name: _facts(page) for name in pages.walk(page, server)}
        context.close()
        return found

    return measure


def _facts(page: Any) -> dict[str, Any]:
    facts = {
        "direction": page.locator("html").get_attribute("dir"),
        "language": page.locator("html").get_attribute("lang"),
        "exit": page.locator(".weg").bounding_box(),
        "help": [number for number in pages.HELP if number in page.locator("footer").inner_text()],
        "wide": page.evaluate(pages.TOO_WIDE),
        "small": page.evaluate(pages.SMALL, 44),
        "cut off": page.evaluate(pages.CUT_OFF),
    }
    page.set_viewport_size({"width": 320, "height": 256})  # a screen of 1280 by 1024 at 400 %
    facts["wide at 400 %"] = page.evaluate(pages.TOO_WIDE)
    page.set_viewport_size(PHONE)
    pages.spaced(page)
    facts["wide when spaced"] = page.evaluate(pages.TOO_WIDE)
    facts["cut off when spaced"] = page.evaluate(pages.CUT_OFF)
    pages.unspaced(page)
    return facts


@BOTH
def test_the_way_out_stands_in_the_same_place_on_every_page(measured, language):
    boxes = {name: facts["exit"] for name, facts in measured(language).items()}

    assert {name: box for name, box in boxes.items() if box != boxes["code"]} == {}


@BOTH
def test_the_help_numbers_stand_on_every_page(measured, language):
    missing = {name: facts["help"] for name, facts in measured(language).items() if facts["help"] != list(pages.HELP)}

    assert missing == {}


@BOTH
@pytest.mark.parametrize("state", ["wide", "wide at 400 %", "wide when spaced"])
def test_no_page_is_wider_than_the_screen(measured, language, state):
    assert {name: facts[state] for name, facts in measured(language).items() if facts[state] > 0} == {}


@BOTH
@pytest.mark.parametrize("state", ["cut off", "cut off when spaced"])
def test_no_words_are_lost(measured, language, state):
    assert {name: facts[state] for name, facts in measured(language).items() if facts[state]} == {}


@BOTH
def test_everything_to_press_is_at_least_44_pixels(measured, language):
    assert {name: facts["small"] for name, facts in measured(language).items() if facts["small"]} == {}


@pytest.mark.parametrize(("language", "direction"), [("nl", "ltr"), ("ar", "rtl")])
def test_every_page_says_its_language_and_direction(measured, language, direction):
    wrong = {name: (facts["language"], facts["direction"]) for name, facts in measured(language).items()}

    assert {name: found for name, found in wrong.items() if found != (language, direction)} == {}


def test_a_whole_receipt_fits_in_its_field_and_the_mark_stands_above_the_words(page, server):
    page.goto(f"{server.address}/terugnemen/?taal=nl")
    page.fill("#bewijs", "1234-5678-9012-3456")
    page.evaluate(
        "document.querySelector('main').insertAdjacentHTML('beforebegin', '<p class=fictief>Verzonnen voorbeeld: niets hier is echt.</p>')"
    )
    words = page.locator("main > .blad")

    for width in (320, 1440):
        page.set_viewport_size({"width": width, "height": 640})
        mark, main = page.locator(".fictief").bounding_box(), words.bounding_box()
        assert page.evaluate("bewijs.scrollWidth <= bewijs.clientWidth")
        assert (mark["x"], mark["width"]) == pytest.approx((main["x"], main["width"]), abs=1)


# --- the journey --------------------------------------------------------------------------------------------------


@BOTH
def test_a_client_answers_by_keyboard_alone_and_always_sees_where(questions, language):
    page = questions(language)

    stops = pages.tab_to(page, "#start .verder a")
    page.keyboard.press("Enter")
    stops += pages.tab_to(page, "#v1-yes")
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    stops += pages.tab_to(page, "#v1 .verder a:not(.terug)")
    page.keyboard.press("Enter")
    stops += pages.tab_to(page, "#v2-1")
    for _step in range(3):
        page.keyboard.press("ArrowDown")
    stops += pages.tab_to(page, "#v2 .verder a:not(.terug)")
    page.keyboard.press("Enter")
    for name in ("v3", "v4", "v5", "v6"):
        stops += pages.tab_to(page, f"#{name} .verder a:not(.terug)")
        page.keyboard.press("Enter")
    stops += pages.tab_to(page, "#v7-in")
    page.keyboard.type("Er werd\ngeluisterd.")
    stops += pages.tab_to(page, "#v7 .verder a:not(.terug)")
    page.keyboard.press("Enter")
    stops += pages.tab_to(page, "#v8 .verder a:not(.terug)")
    page.keyboard.press("Enter")
    stops += pages.tab_to(page, "#klaar [name=verstuur]")
    chosen = [page.locator(name).is_checked() for name in ("#v1-no", "#v2-4")]
    words = page.locator("#v7-in").input_value()
    with page.expect_navigation():
        page.keyboard.press("Enter")

    assert chosen == [True, True]
    assert words == "Er werd\ngeluisterd."
    assert page.url.endswith(f"/bewaard/{language}/")
    assert [stop["name"] for stop in stops if not stop["shown"]] == []
    assert [stop["name"] for stop in stops if not stop["free"]] == []


@BOTH
def test_one_question_stands_on_the_screen_and_back_leads_back(questions, language):
    page = questions(language)
    seen = [pages.shown(page)]
    page.click("#start .verder a")
    for name in STEPS[1:-1]:
        seen.append(pages.shown(page))
        page.click(f"#{name} .verder a:not(.terug):visible")
    seen.append(pages.shown(page))
    back = []
    for name in reversed(STEPS[1:]):
        page.click(f"#{name} a.terug:visible")
        back.append(pages.shown(page))

    assert seen == [[name] for name in STEPS]
    assert back == [[name] for name in reversed(STEPS[:-1])]


def test_arabic_stands_mirrored(questions):
    dutch, arabic = questions("nl"), questions("ar")
    boxes = {}
    for page in (dutch, arabic):
        pages.step(page, "v2")
        boxes[page] = {
            name: page.locator(place).first.bounding_box()["x"]
            for name, place in {
                "exit": ".weg", "sender": ".kop p", "back": "#v2 .terug", "on": "#v2 .verder a:not(.terug)", "face": "#v2 .face", "word": "#v2 .gezicht span",
            }.items()
        }  # fmt: skip
    left, right = boxes[dutch], boxes[arabic]

    assert (left["sender"] < left["exit"], left["back"] < left["on"], left["face"] < left["word"]) == (True, True, True)
    assert (right["sender"] > right["exit"], right["back"] > right["on"], right["face"] > right["word"]) == (
        True,
        True,
        True,
    )
    assert {bdi.get_attribute("dir") for bdi in arabic.locator(".hulp bdi:has-text('0800')").all()} == {"ltr"}


def test_another_language_keeps_the_answers(questions):
    page = questions("nl")
    pages.step(page, "v2")
    page.check("#v2-4")
    pages.step(page, "v7")
    page.fill("#v7-in", "Er werd geluisterd.")
    pages.step(page, "start")

    pages.press(page, "#start button[lang=ar]")

    assert page.locator("html").get_attribute("dir") == "rtl"
    assert page.locator("#v2-4").is_checked()
    assert page.locator("#v7-in").input_value() == "Er werd geluisterd."


@pytest.mark.parametrize("place", ["#v3-in", "#v2-4"])
def test_enter_on_an_answer_hands_nothing_in_and_loses_nothing(questions, place):
    page = questions(voice="alles")
    pages.step(page, place[1:3])
    page.check("#v2-4") if place == "#v2-4" else page.fill(place, "12")

    with page.expect_navigation():
        page.locator(place).press("Enter")

    kept = page.locator(place).is_checked() if place == "#v2-4" else page.locator(place).input_value()
    assert page.url.partition("#")[0].endswith("/vragen/")
    assert kept in (True, "12")
    assert pages.shown(page) == [place[1:3]]


def test_a_question_under_a_condition_is_shown_or_passed(questions):
    page = questions(voice="partner")
    ways = {}
    for answer in ("yes", "no"):
        pages.step(page, "v1")
        page.check(f"#v1-{answer}")
        pages.step(page, "v4")
        on = page.locator("#v4 .verder a:not(.terug):visible").get_attribute("href")
        pages.step(page, "v6")
        ways[answer] = (on, page.locator("#v6 a.terug:visible").get_attribute("href"))

    assert ways == {"yes": ("#v5", "#v5"), "no": ("#v6", "#v4")}


# --- when something is wrong --------------------------------------------------------------------------------------


@BOTH
def test_an_error_is_named_linked_and_focused_and_nothing_is_lost(questions, language):
    page = questions(language)
    pages.step(page, "v2")
    page.check("#v2-4")
    pages.step(page, "v8")
    page.fill("#v8-in", pages.LONG)

    pages.send(page)

    pages.takes_focus(page, ".fouten")
    assert pages.shown(page) == list(STEPS)
    assert page.locator("#v2-4").is_checked()
    assert page.locator("#v8-in").input_value() == pages.LONG.strip()
    page.click(".fouten a")
    pages.takes_focus(page, "#v8-in")
    described = page.locator("#v8-in").get_attribute("aria-describedby").split()
    assert page.locator(f"#{described[-1]}").is_visible()


def test_a_made_up_answer_is_refused_and_nothing_is_lost(questions):
    page = questions()
    pages.step(page, "v2")
    page.check("#v2-4")
    pages.step(page, "v1")
    page.evaluate("() => {document.querySelector('#v1-yes').value = 'made up'}")
    page.check("#v1-yes")

    pages.send(page)

    assert page.locator(".fouten a").count() == 1
    assert page.locator("#v2-4").is_checked()


def test_the_wrong_code_comes_back_to_be_mended(page, server):
    code = server.code()["code"]
    page.goto("/")
    page.fill("#code", code[:-1])
    pages.press(page, ".verder .knop")
    trouble, typed = page.locator("#fout").inner_text(), page.locator("#code").input_value()
    page.fill("#code", code.upper().replace("-", " "))

    pages.press(page, ".verder .knop")

    assert trouble
    assert typed
    assert page.url == f"{server.address}/vragen/"


# --- sending, once ------------------------------------------------------------------------------------------------


def test_pressing_twice_stores_once_and_shows_one_receipt(questions):
    page = questions()
    pages.step(page, "v2")
    page.check("#v2-4")
    pages.step(page, "klaar")

    page.locator("[name=verstuur]").dblclick(no_wait_after=True)
    page.locator(".bewijs").wait_for()  # the second press cuts off the first navigation: wait for what must come of it
    code = pages.receipt(page)
    pages.take_back(page, code)
    first = page.locator("h1").inner_text()
    pages.take_back(page, code)

    assert first == "Het antwoord is teruggehaald."
    assert page.locator("#fout").is_visible()


def test_sending_the_same_form_again_shows_the_same_receipt(questions):
    page = questions()
    form = {"nu": "nl", "verstuur": "1", "q.heard": "4", "sleutel": page.locator("[name=sleutel]").input_value()}

    answers = [page.request.post("/vragen/", form=form).text() for _ in range(2)]

    first, again = [re.findall(r'class="bewijs".*?(\d{4}(?:-\d{4}){3})', answer) for answer in answers]
    assert first == again
    assert len(first) == 1


def test_going_back_after_sending_says_that_the_answer_is_saved(questions):
    page = questions()
    pages.send(page)
    page.go_back()
    page.goto("/vragen/")

    assert page.locator("h1").inner_text() == "Het antwoord is bewaard."
    assert page.locator("form.vragen").count() == 0


def test_the_receipt_can_be_carried_away_as_a_qr_code(questions):
    page = questions("ar")
    pages.send(page)
    code = pages.receipt(page)
    pages.press(page, "form[action^='/bewijs/'] button")

    drawn = page.locator(".vierkant path").last.get_attribute("d")
    right = segno.make(code, error="m", micro=False).svg_inline()
    assert pages.receipt(page) == code
    assert code not in page.url
    assert f'd="{drawn}"' in right
    page.go_back()
    assert pages.receipt(page) == code


def test_the_receipt_takes_the_answer_back_and_is_shown_once(questions):
    page = questions("ar")
    pages.send(page)
    code = pages.receipt(page)
    page.reload()
    again = page.locator(".bewijs").count()

    pages.take_back(page, code)

    assert again == 0
    assert len(code.replace("-", "")) == 16
    assert page.locator("#bewijs").count() == 0
    assert page.locator("html").get_attribute("dir") == "rtl"


# --- leaving ------------------------------------------------------------------------------------------------------


def test_stop_keeps_nothing(questions, server):
    page = questions()
    pages.step(page, "v1")
    page.check("#v1-yes")
    before = {cookie["name"] for cookie in page.context.cookies()}

    pages.press(page, ".stoppen a")
    after = page.context.cookies()
    page.goto("/vragen/")

    assert before == {"gehoor-code"}
    assert after == []
    assert page.locator("#code").is_visible()


def test_the_way_out_leads_to_a_page_about_nothing_and_wipes(questions):
    page = questions()
    pages.step(page, "v3")

    pages.press(page, ".weg")

    assert page.url.endswith(EXIT)
    assert page.context.cookies() == []


# --- the page itself ----------------------------------------------------------------------------------------------


def test_the_first_page_is_one_request_of_at_most_14_kilobytes(page, server):
    page.goto(server.code()["url"])
    requests: list[Any] = []
    page.on("request", lambda request: requests.append(request))

    page.goto("/vragen/")

    assert [request.url for request in requests] == [f"{server.address}/vragen/"]
    assert pages.wire_bytes(requests[0].sizes()) <= 14 * 1024


def test_an_old_browser_shows_all_questions_under_each_other(questions):
    page = questions(bypass_csp=True)
    page.route("**/vragen/", _without_has)
    page.reload()
    seen = pages.shown(page)
    links = page.locator(".verder a:visible").count()
    page.check("#v1-yes")

    pages.send(page)

    assert seen == list(STEPS)
    assert links == 0
    assert page.url.endswith("/bewaard/nl/")


def _without_has(route: Any) -> None:
    """The page as a browser reads it that does not know `:has()`."""
    if route.request.method != "GET":
        route.continue_()
        return
    response = route.fetch()
    body = response.text()
    assert "@supports selector(:has(" in body
    route.fulfill(
        response=response, body=body.replace("@supports selector(:has(", "@supports selector(:no-such-thing(")
    )
