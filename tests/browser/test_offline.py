"""Notes on a laptop without a network: written, kept through a reload, and on the board once when the network is back."""

import json
import re
from typing import Any

import pytest

from tests.browser import pages
from tests.browser.conftest import PHONE, SCREEN, TOGETHER
from tests.browser.test_axe import EVERYTHING, faults

pytestmark = TOGETHER
KEPT = "() => document.getElementById('kept-page').dataset.kept === 'yes'"


@pytest.fixture
def laptop(staff) -> Any:
    """An adviser who opened a meeting, sat down at its board and has the page for notes without a network."""
    page = staff("adviser")
    page.goto("/kantoor/bijeenkomsten/nieuw/?soort=focus_group")
    page.fill("[name=name]", "Op school, zonder netwerk")
    page.fill("[name=purpose]", "Horen wat er beter kan.")
    pages.press(page, "main form .button-primary")
    meeting = re.search(r"/bijeenkomsten/(\d+)/", page.url)
    assert meeting
    page.meeting = meeting[1]
    pages.press(page, "main form[action$='/open/'] button")
    page.goto(f"/kantoor/bijeenkomsten/{page.meeting}/offline/")
    pages.press(page, "#seat form button")
    page.wait_for_function(KEPT)
    return page


def write(page: Any, text: str, *, frame: int = 0, role: str = "youth") -> None:
    page.check(f"#write [name=frame][value='{frame}']")
    page.fill("#text", text)
    page.select_option("#role", role)
    page.click("#write .button-primary")
    page.wait_for_function("() => document.getElementById('text').value === ''")


def waiting(page: Any, number: int) -> None:
    page.wait_for_function("n => document.getElementById('count').textContent === String(n)", arg=number)


def on_board(page: Any) -> list[str]:
    """The notes of the board, as the seat of this browser gets them."""
    told = page.evaluate("async pk => (await fetch(`/bord/${pk}/sinds/?na=0`)).json()", page.meeting)
    return sorted(note["text"] for note in told["notes"])


def test_three_notes_without_a_network_are_on_the_board_once(laptop):
    laptop.context.set_offline(True)
    laptop.reload()
    write(laptop, "Eén. Zonder netwerk.")
    write(laptop, "Twee: كتبت هذا", frame=1, role="parent")
    waiting(laptop, 2)
    address = laptop.url
    laptop.close()  # and the lid of the laptop goes down
    again = laptop.context.new_page()
    again.meeting = laptop.meeting
    again.goto(address)
    waiting(again, 2)
    write(again, "Drie.", frame=2)
    waiting(again, 3)

    again.context.set_offline(False)
    waiting(again, 0)
    again.reload()
    waiting(again, 0)

    assert on_board(again) == ["Drie.", "Eén. Zonder netwerk.", "Twee: كتبت هذا"]


def test_a_server_that_dies_between_storing_and_answering_doubles_nothing(laptop):
    """The command is stored, the answer never comes. Meanwhile the note cannot be changed; then it is sent again."""
    bodies = []

    def die(route: Any) -> None:
        bodies.append(route.request.post_data)
        if len(bodies) == 1:
            route.fetch()
            route.abort("connectionreset")
        else:
            route.continue_()

    laptop.route("**/doe/", die)
    write(laptop, "Eén keer.")
    laptop.locator("#notes .hint:visible").wait_for()
    locked = laptop.locator("#notes button:visible").count()
    laptop.click("#send")
    waiting(laptop, 0)

    assert locked == 0
    assert len(bodies) == 2
    assert bodies[0] == bodies[1]
    assert on_board(laptop) == ["Eén keer."]


def test_a_refused_note_stays_with_its_reason_and_can_be_changed(laptop):
    laptop.context.set_offline(True)
    write(laptop, "Even wachten.")
    write(laptop, "Dit gaat mee.")
    laptop.evaluate(
        """async () => new Promise((done) => {
             const asked = indexedDB.open(document.getElementById("write") && `gehoor-offline-${document.getElementById("offline").dataset.meeting}`);
             asked.onsuccess = () => {
               const notes = asked.result.transaction("notes", "readwrite").objectStore("notes");
               const found = notes.getAll();
               found.onsuccess = () => {
                 found.result[0].command.frame = 9;
                 notes.put(found.result[0]).onsuccess = () => { asked.result.close(); done(); };
               };
             };
           })"""
    )
    laptop.context.set_offline(False)
    waiting(laptop, 1)
    why = laptop.locator("#notes .error").inner_text()

    laptop.click("#notes [data-change]")
    laptop.check("#write [name=frame][value='1']")
    laptop.fill("#text", "Nu wel.")
    laptop.click("#write .button-primary")
    waiting(laptop, 0)

    assert why
    assert on_board(laptop) == ["Dit gaat mee.", "Nu wel."]


def test_without_a_seat_nothing_is_sent_and_nothing_is_lost(laptop):
    laptop.context.set_offline(True)
    write(laptop, "Wacht op een stoel.")
    laptop.context.clear_cookies(name="gehoor-bord")
    laptop.context.set_offline(False)
    laptop.locator("#seat").wait_for()
    waiting(laptop, 1)

    pages.press(laptop, "#seat form button")
    waiting(laptop, 0)

    assert on_board(laptop) == ["Wacht op een stoel."]


def test_delete_leaves_nothing_on_the_laptop(laptop):
    laptop.context.set_offline(True)
    write(laptop, "Weg ermee.")
    laptop.fill("#text", "Een half woo")
    laptop.click("details:has(#delete) summary")
    laptop.click("#delete")
    laptop.locator("#offline [role=alert]").wait_for()
    laptop.context.set_offline(False)

    left = laptop.evaluate(
        """async () => ({
             stores: (await indexedDB.databases()).map((each) => each.name),
             caches: await caches.keys(),
             keepers: (await navigator.serviceWorker.getRegistrations()).length,
             words: Object.values(localStorage),
           })"""
    )

    assert left == {"stores": [], "caches": [], "keepers": 0, "words": []}


def test_the_keeper_keeps_one_page_and_no_word_of_a_client(laptop):
    write(laptop, "Een woord van een klant.")
    waiting(laptop, 0)

    kept = laptop.evaluate(
        """async () => {
             const cache = await caches.open(location.pathname);
             const found = await Promise.all((await cache.keys()).map(async (asked) => [asked.url, await (await cache.match(asked)).text()]));
             return [await caches.keys(), found];
           }"""
    )

    assert kept[0] == [f"/kantoor/bijeenkomsten/{laptop.meeting}/offline/"]
    assert all("/static/" in url or url.endswith("/offline/") for url, _text in kept[1])
    assert "Een woord van een klant" not in json.dumps(kept[1], ensure_ascii=False)


@pytest.mark.parametrize("size", [PHONE, SCREEN], ids=["phone", "screen"])
def test_the_pages_beside_a_board_fit_and_axe_finds_nothing(laptop, size):
    laptop.context.set_offline(True)
    write(laptop, "Een briefje om naar te kijken. " * 8)
    found = {"offline": faults(laptop, EVERYTHING)} if size == SCREEN else {}
    laptop.set_viewport_size(size)
    wide = {"offline": laptop.evaluate(pages.TOO_WIDE)}
    laptop.context.set_offline(False)
    for name in ("uitvoer", "invoer", "kaartjes", "overtypen"):
        laptop.goto(f"/kantoor/bijeenkomsten/{laptop.meeting}/{name}/")
        found[name], wide[name] = faults(laptop, EVERYTHING), laptop.evaluate(pages.TOO_WIDE)

    assert {name: fault for name, fault in found.items() if fault} == {}
    assert {name: pixels for name, pixels in wide.items() if pixels > 0} == {}


def test_a_picture_of_the_pile_stays_from_card_to_card(laptop, tmp_path):
    picture = tmp_path / "stapel.png"
    picture.write_bytes(laptop.screenshot())
    laptop.goto(f"/kantoor/bijeenkomsten/{laptop.meeting}/kaartje/1-1/")
    laptop.set_input_files("#picture", str(picture))
    before = laptop.locator(".desk-picture img").get_attribute("src")
    laptop.click("[data-zoom='1']")
    sent = []
    laptop.on("request", lambda request: sent.append(len(request.post_data_buffer or b"")))
    laptop.fill("#id_text", "Van papier.")
    laptop.click("[data-card] .button-primary")
    laptop.wait_for_function("() => document.getElementById('id_number').value === '1-2'")

    assert before
    assert before.startswith("blob:")
    assert laptop.locator(".desk-picture img").get_attribute("src") == before
    assert max(sent) < 5_000
    pages.takes_focus(laptop, "#id_text")
    assert on_board(laptop) == ["Van papier."]
