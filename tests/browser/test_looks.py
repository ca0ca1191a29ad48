"""What only a browser can tell of the staff's pages: what is folded, what stands on paper, what fits on a phone."""

import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.browser import pages
from tests.browser.conftest import PHONE, TOGETHER

pytestmark = TOGETHER
SCROLLS = "all => all.filter(box => box.scrollWidth > box.clientWidth).map(box => box.getAttribute('aria-label'))"


def printed(page: Any, path: Path) -> str:
    """The words on paper."""
    if not shutil.which("pdftotext"):
        pytest.skip("no pdftotext: install Debian's package `poppler-utils`")
    page.pdf(path=path, format="A4")
    return subprocess.run(["pdftotext", "-layout", path, "-"], capture_output=True, text=True, check=True).stdout


@pytest.mark.parametrize("scripts", [True, False])
def test_folded_tables_open_by_keyboard_and_stand_open_on_paper(staff, server, tmp_path, scripts):
    page = staff("adviser", java_script_enabled=scripts)
    page.goto(f"/kantoor/zien/{server.rounds['released']}/")
    folded = page.locator("main details.more").first
    table = folded.locator("table").first
    title = table.locator("caption").inner_text()

    before = table.is_visible()
    paper = printed(page, tmp_path / "cijfers.pdf")
    folded.locator("summary").focus()
    page.keyboard.press("Enter")

    assert (before, table.is_visible()) == (False, True)
    assert title in paper
    assert "Op deze pagina" not in paper
    assert "Dezelfde cijfers als bestand" not in paper


def test_the_list_at_the_top_brings_the_reader_to_the_question(staff, server):
    page = staff("adviser", viewport=PHONE)
    page.goto(f"/kantoor/zien/{server.rounds['released']}/")

    page.locator("nav.contents a[href^='#q-']").last.click()

    heading = page.locator(page.evaluate("() => location.hash"))
    assert 0 <= heading.bounding_box()["y"] < PHONE["height"] / 2


@pytest.mark.parametrize(
    ("role", "path"),
    [("adviser", "/kantoor/vragen/"), ("privacy", "/kantoor/privacy/"), ("reader", "/kantoor/lezen/")],
)
def test_a_list_of_work_fits_on_a_phone_without_scrolling_sideways(staff, role, path):
    page = staff(role, viewport=PHONE)
    page.goto(path)

    assert page.locator("main table tbody tr").count() > 0
    assert page.locator(".table-scroll").evaluate_all(SCROLLS) == []
    assert page.evaluate(pages.TOO_WIDE) <= 0


def test_a_square_code_can_be_scanned_in_the_dark(staff, server):
    page = staff("small_team", color_scheme="dark")
    page.goto("/kantoor/inloggen/2fa/totp/activate/")
    page.fill("[name=password]", server.password)
    pages.press(page, "main form .button-primary")

    assert page.locator("img.scan").evaluate("el => getComputedStyle(el).backgroundColor") == "rgb(255, 255, 255)"


def test_an_address_that_does_not_exist_is_a_page_of_staff_and_leads_on(staff, server, browser):
    page = staff("reader")
    status = page.goto("/kantoor/bestaatniet/").status
    pages.press(page, "main .button")
    stranger = browser.new_context(base_url=server.address, locale="nl").new_page()
    stranger.goto("/kantoor/bestaatniet/")
    asked = stranger.locator("[name=password]").count()
    stranger.context.close()

    assert (status, page.url, asked) == (404, f"{server.address}/kantoor/", 1)
