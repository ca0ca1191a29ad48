"""The work of the office in a browser: the adviser's whole job, the reader's, triage's, and what an officer may see."""

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.browser import pages
from tests.browser.conftest import PEOPLE, SCREEN, TOGETHER, Server

pytestmark = TOGETHER
TYPED = re.compile(r"\b[2-9a-z]{4}-[2-9a-z]{4}-[2-9a-z]{4}-[2-9a-z]\b")
KEY = re.compile(r'name="sleutel" value="([^"]+)"')
MAIN = "main a[href$='{}']"


def follow(page: Any, end: str) -> None:
    """Follow the first link of the page whose address ends so."""
    pages.press(page, f"{MAIN.format(end)} >> nth=0")


def submit(page: Any) -> None:
    """Press the one button of the form on the page."""
    pages.press(page, "main form .button[type=submit], main form button.button-primary")


# --- the quality adviser ------------------------------------------------------------------------------------------


def test_an_adviser_looks_at_a_questionnaire_as_an_arab_client_does(staff):
    page = staff("adviser")
    page.goto("/kantoor/")

    pages.press(page, "nav.work a[href='/kantoor/vragen/']")
    follow(page, "/kantoor/vragenlijsten/")
    pages.press(page, "main .card h2 a >> nth=0")
    pages.press(page, "nav.tabs a[lang=ar]")
    follow(page, "?taal=ar")

    assert page.locator("html").get_attribute("dir") == "rtl"
    assert page.locator(".voorbeeld").is_visible()
    page.click("#start .verder a")
    assert pages.shown(page) == ["v1"]
    pages.press(page, ".weg")
    assert page.url.endswith("/einde/")
    assert page.locator("nav.work").is_visible()


def test_an_adviser_asks_closes_releases_and_takes_the_figures_along(staff, server, browser, tmp_path):
    if not shutil.which("pdftotext"):
        pytest.skip("no pdftotext: install Debian's package `poppler-utils`")
    page = staff("adviser")

    number = _new_round(page, "Van begin tot eind")
    follow(page, f"/{number}/starten/")
    submit(page)
    follow(page, f"/{number}/codes/")
    page.fill("[name=size]", "12")
    with page.expect_download() as made:
        page.click("main form .button-primary")
    codes = _codes_in(Path(made.value.path()))
    answered = [_answer(browser, server, code) for code in codes]
    server.command("open", "--now")
    page.goto(f"/kantoor/vragen/{number}/")
    follow(page, f"/{number}/sluiten/")
    submit(page)
    closed = page.locator(".page-head .tag").inner_text()
    pages.press(page, "nav.work a[href='/kantoor/zien/']")
    pages.press(page, f"main a[href^='/kantoor/zien/{number}/'][href$='/vrijgeven/']")
    submit(page)
    asked = page.locator("#asked[data-waiting]").count()
    server.work()
    page.locator("#asked .notice-positive").wait_for()  # by itself: nobody pressed anything
    pages.press(page, "#asked a.button")
    shown = page.locator("main table").first.inner_text()
    with page.expect_download() as file:
        page.click("main a[href$='/cijfers/csv/']")
    lines = Path(file.value.path()).read_text(encoding="utf-8-sig").splitlines()

    assert len(codes) == 12
    assert answered == [True] * 12
    assert closed
    assert asked == 1
    assert re.search(rf"/kantoor/zien/{number}/\d{{4}}-Q\d/$", page.url)
    assert shown
    assert len(lines) > 10
    assert file.value.suggested_filename.endswith(".csv")


def test_without_scripts_a_link_tells_what_became_of_an_asking(staff, server):
    page = staff("adviser", java_script_enabled=False)
    page.goto(f"/kantoor/zien/{server.rounds['released']}/")
    follow(page, "/vrijgeven/")
    submit(page)

    pages.press(page, "#asked a.button")
    before = page.locator("#asked[data-waiting]").count()
    server.work()
    pages.press(page, "#asked a.button")

    assert before == 1
    assert page.locator("#asked[data-waiting]").count() == 0
    assert page.locator("#asked .notice").inner_text()


def _new_round(page: Any, name: str) -> str:
    """Make a draft with the form as it stands; return its number."""
    page.goto("/kantoor/vragen/")
    pages.press(page, "main a[href='/kantoor/vragen/nieuw/']")
    page.fill("[name=name]", name)
    page.fill("[name=purpose]", "Weten of onze brief duidelijk is, om hem te herschrijven.")
    if not page.locator("[name=readers]").input_value():
        page.fill("[name=readers]", "een onafhankelijke lezer")
    page.locator("[name=anonymity][value=forget]").check()
    submit(page)
    found = re.search(r"/kantoor/vragen/(\d+)/$", page.url)
    assert found, page.locator("main").inner_text()
    return found.group(1)


def _codes_in(pdf: Path) -> list[str]:
    """The codes on the cards, as somebody would type them."""
    assert pdf.read_bytes().startswith(b"%PDF")
    text = subprocess.run(["pdftotext", "-layout", pdf, "-"], capture_output=True, text=True, check=True).stdout
    return sorted(set(TYPED.findall(text)))


def _answer(browser: Any, server: Server, code: str) -> bool:
    """Type a code and hand an answer in, as a browser without scripts does; twelve times over that is quick without a screen."""
    context = browser.new_context(base_url=server.address, locale="nl")
    form = context.request.post("/", form={"code": code}).text()
    given = {"sleutel": KEY.search(form).group(1), "nu": "nl", "verstuur": "1", "q.heard": "4", "q.informed": "yes"}
    done = context.request.post("/vragen/", form=given)
    context.close()
    return "/bewaard/" in done.url


def test_a_draft_is_made_by_keyboard_alone(browser, server):
    context = browser.new_context(base_url=server.address, locale="nl", viewport=SCREEN)
    page = context.new_page()
    page.goto("/kantoor/")

    stops = pages.tab_to(page, "[name=login]")
    page.keyboard.type(PEOPLE["adviser"])
    stops += pages.tab_to(page, "[name=password]")
    page.keyboard.type(server.password)
    _enter(page)
    page.keyboard.press("Tab")
    skip = page.evaluate("() => document.activeElement.className")
    stops += pages.tab_to(page, "nav.work a[href='/kantoor/vragen/']")
    _enter(page)
    stops += pages.tab_to(page, "main a[href='/kantoor/vragen/nieuw/']")
    _enter(page)
    stops += pages.tab_to(page, "[name=name]")
    page.keyboard.type("Met de hand")
    stops += pages.tab_to(page, "[name=purpose]")
    page.keyboard.type("Weten of het zonder muis gaat.")
    stops += pages.tab_to(page, "main form .button-primary")
    _enter(page)
    heading, notice = page.locator("h1").inner_text(), page.locator(".notice").count()
    context.close()

    assert skip == "skip"
    assert heading == "Met de hand"
    assert notice == 1
    assert [stop["name"] for stop in stops if not stop["shown"]] == []
    assert [stop["name"] for stop in stops if not stop["free"]] == []


def _enter(page: Any) -> None:
    with page.expect_navigation():
        page.keyboard.press("Enter")


def test_a_form_with_a_fault_names_it_links_it_and_keeps_the_rest(staff):
    page = staff("adviser")
    page.goto("/kantoor/vragen/nieuw/")
    page.fill("[name=purpose]", "Dit blijft staan.")

    submit(page)

    pages.takes_focus(page, ".problems")
    assert page.locator("[name=purpose]").input_value() == "Dit blijft staan."
    page.click(".problems a >> nth=0")
    pages.takes_focus(page, "[name=name]")
    assert page.locator("[name=name]").get_attribute("aria-invalid") == "true"


# --- the reading room ---------------------------------------------------------------------------------------------


def test_a_reader_changes_what_is_hidden_and_approves(staff):
    page = staff("reader")
    _open_with_proposals(page)
    words = page.locator("[name=words]")
    hidden = words.input_value()
    proposal = page.locator(".reading-proposals label >> nth=0")
    word = proposal.locator("bdi").inner_text()

    proposal.click()
    shown = words.input_value()
    proposal.click()
    again = words.input_value()
    waiting = page.url
    pages.press(page, "main [formaction$='/bekijk/']")
    result = page.locator("blockquote").inner_text()
    pages.press(page, "main [formaction$='/keur-goed/']")

    assert word not in hidden
    assert word in shown
    assert again == hidden
    assert result.split() == hidden.split()
    assert page.locator(".notice").first.is_visible()
    assert page.url != waiting


def _open_with_proposals(page: Any) -> None:
    """Open texts, and leave them for now, until one holds something to hide: each text of the group comes by once."""
    page.goto("/kantoor/lezen/")
    pages.press(page, "main tbody a >> nth=-1")
    for _text in range(30):
        if page.locator(".reading-proposals").is_visible():
            return
        pages.press(page, "main .page-head a.button-quiet")
    raise AssertionError("none of the texts has a proposal")


def test_a_text_about_danger_comes_first_goes_to_triage_and_is_opened_with_a_reason(staff):
    triage = staff("triage")
    triage.goto("/kantoor/lezen/triage/")
    before = triage.locator("main .card-link").count()
    reader = staff("reader")
    reader.goto("/kantoor/lezen/")

    follow(reader, "/kantoor/lezen/volgende/")
    warned = reader.locator(".notice-caution").is_visible()
    open_for_danger = reader.locator("details.more").first.get_attribute("open")
    pages.press(reader, "form[action$='/naar-triage/'] button")
    triage.goto("/kantoor/lezen/triage/")
    after = triage.locator("main .card-link").count()
    pages.press(triage, "main .card-link a >> nth=0")
    asked = triage.locator("#raw").count()
    triage.fill("[name=why]", "eerste blik")
    submit(triage)

    assert warned
    assert open_for_danger is not None
    assert after == before + 1
    assert asked == 0
    assert triage.locator("#raw").inner_text()


def test_the_reading_room_works_without_scripts(staff):
    page = staff("reader", java_script_enabled=False)
    _open_with_proposals(page)
    word = page.locator(".reading-proposals bdi >> nth=0").inner_text()
    before = page.locator("[name=words]").input_value()

    page.locator(".reading-proposals input >> nth=0").uncheck()
    pages.press(page, "[name=apply]")

    assert word not in before
    assert word in page.locator("[name=words]").input_value()


# --- officers, and others who may not -----------------------------------------------------------------------------


def test_an_officer_sees_the_figures_of_the_own_team_and_nothing_else(staff, server):
    page = staff("officer")
    team, office = server.rounds["team"], server.rounds["released"]
    page.goto("/kantoor/zien/")
    listed = page.locator("main .card h2 a").evaluate_all("all => all.map(a => a.getAttribute('href'))")

    pages.press(page, "main .card h2 a")
    tables = page.locator("main table").count()
    refused = {
        path: page.goto(path).status
        for path in (f"/kantoor/zien/{office}/", "/kantoor/vragen/", "/kantoor/lezen/", "/kantoor/privacy/")
    }

    assert [path.split("/")[3] for path in listed] == [str(team)]
    assert tables > 0
    assert refused == {
        f"/kantoor/zien/{office}/": 404,
        "/kantoor/vragen/": 403,
        "/kantoor/lezen/": 403,
        "/kantoor/privacy/": 403,
    }


def test_an_officer_of_a_small_team_learns_why_there_is_nothing(staff):
    page = staff("small_team")

    page.goto("/kantoor/zien/")

    assert page.locator("main table, main .card").count() == 0
    assert (
        "drie leerplichtambtenaren" in page.locator("main").inner_text()
        or "drie ambtenaren" in page.locator("main").inner_text()
    )


def test_another_office_does_not_exist(staff, server):
    page = staff("stranger")
    paths = [f"/kantoor/vragen/{server.rounds['jongere']}/", f"/kantoor/zien/{server.rounds['released']}/"]

    found = [page.goto(path).status for path in paths]

    assert found == [404, 404]
