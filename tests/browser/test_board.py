"""A board with three people at it at once: who leads on a laptop, a youth on a phone, a parent without scripts."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.browser import pages
from tests.browser.conftest import PHONE, SCREEN, TOGETHER
from tests.browser.test_axe import EVERYTHING, faults

pytestmark = TOGETHER
MEETINGS = "/kantoor/bijeenkomsten/"


@dataclass
class Meeting:
    """A meeting whose doors are open, and the browser of who leads it."""

    lead: Any
    code: str
    phone: Any

    def join(self, alias: str, voice: str = "youth", *, language: str = "nl", scripts: bool = True) -> Any:
        """Somebody comes in by the code."""
        page = self.phone(language, scripts=scripts)
        page.goto("/m/")
        page.fill("[name=code]", self.code)
        pages.press(page, "main form button")
        page.fill("[name=alias]", alias)
        page.check(f"[name=voice][value={voice}]", force=True)
        pages.press(page, "main form button")
        assert "/bord/" in page.url, page.locator("main").inner_text()
        return page

    def phase(self, number: int) -> None:
        """On to a phase, counted from 1."""
        self.lead.evaluate("document.querySelector('.leiding details').open = true")
        self.lead.select_option("#stap", str(number - 1))
        self.lead.click("#naarstap")
        self.lead.locator(f"#stap option[value='{number - 1}'][selected]").wait_for(state="attached")

    def turn_all(self) -> None:
        """Turn every frame."""
        buttons = self.lead.locator("[id^=draai-]")
        while left := buttons.count():
            buttons.first.click()
            self.lead.wait_for_function("n => document.querySelectorAll('[id^=draai-]').length < n", arg=left)


@pytest.fixture
def meeting(staff, phone) -> Meeting:
    lead = staff("adviser")
    lead.goto(f"{MEETINGS}nieuw/?soort=focus_group")
    lead.fill("[name=name]", "Praten over de brieven")
    lead.fill("[name=purpose]", "Horen wat er beter kan.")
    pages.press(lead, "main form .button-primary")
    pages.press(lead, "main form[action$='/open/'] button")
    code = lead.locator("main code").inner_text()
    pages.press(lead, "main a.button-primary")
    pages.press(lead, "main form[action$='/leiden/'] button")
    lead.locator("#bord").wait_for()
    return Meeting(lead, code, phone)


def write(page: Any, frame: int, text: str) -> None:
    """A note, as the form does it."""
    page.locator(f"#w-{frame}").fill(text)
    page.click(f"#wk-{frame}")


def test_three_people_write_turn_and_vote_at_one_board(meeting):
    youth, parent = meeting.join("Zon"), meeting.join("Karin", "parent", scripts=False)
    write(youth, 0, "Zij vroeg hoe het ging.")
    youth.locator(".briefje.eigen").wait_for()
    with parent.expect_navigation():
        write(parent, 0, "Leg de brief uit.")
    youth.locator("#d-0:has-text('1')").wait_for()
    private = youth.content() + meeting.lead.content()

    youth.locator("#w-1").fill("Ik was nog aan het typ")
    meeting.phase(3)
    youth.locator("#bord[data-phase=reveal]").wait_for()
    draft = youth.locator("#nog blockquote").inner_text()
    meeting.turn_all()
    youth.locator("text=Leg de brief uit.").wait_for()
    stays = youth.locator("#nog").is_visible()
    youth.click("#nogweg")
    youth.locator("#nog").wait_for(state="hidden")
    meeting.phase(5)
    youth.locator("#bord[data-phase=vote]").wait_for()
    youth.click(".briefje:has-text('Leg de brief uit') .doen button")
    youth.locator(".briefje:has-text('Leg de brief uit') .stippen").wait_for()
    meeting.phase(6)
    parent.reload()

    assert "Leg de brief uit" not in private
    assert draft == "Ik was nog aan het typ"
    assert stays
    assert parent.locator(".briefje:has-text('Leg de brief uit') .stand").inner_text() == "1 stip"
    assert parent.locator(".briefje").count() == 2


def test_a_youth_takes_part_by_keyboard_alone(meeting):
    youth = meeting.join("Zon")

    stops = pages.tab_to(youth, "#w-0")
    youth.keyboard.type("Zonder muis.")
    stops += pages.tab_to(youth, "#wk-0")
    youth.keyboard.press("Enter")
    youth.locator(".briefje.eigen:has-text('Zonder muis.')").wait_for()
    pages.takes_focus(youth, "#w-0")
    stops += pages.tab_to(youth, "#w-1")

    assert [stop["name"] for stop in stops if not (stop["shown"] and stop["free"])] == []


def test_what_somebody_moves_by_hand_or_by_menu_can_be_undone(meeting):
    youth, parent = meeting.join("Zon"), meeting.join("Karin", "parent", scripts=False)
    write(youth, 0, "Bel eerst.")
    youth.locator(".briefje.eigen").wait_for()
    meeting.phase(3)
    meeting.turn_all()
    meeting.phase(4)
    youth.locator("#bord[data-phase=group]").wait_for()

    youth.locator(".briefje").hover()
    youth.locator(".briefje").drag_to(youth.locator("#v-1 h2"))
    youth.locator("#l-1 .briefje").wait_for()
    youth.click("#zetterug")
    youth.locator("#l-0 .briefje").wait_for()
    parent.reload()
    pages.press(parent, ".briefje .doen a")
    pages.press(parent, "form:has([name=frame][value='2']) button")
    youth.locator("#l-2 .briefje").wait_for()
    pages.press(parent, "#zetterug")

    youth.locator("#l-0 .briefje").wait_for()


def test_what_was_just_done_is_in_sight_and_pressing_twice_does_it_once(meeting):
    youth = meeting.join("Zon")
    youth.set_viewport_size(PHONE)
    youth.locator("#w-2").fill("Twee keer gedrukt.")
    youth.dblclick("#wk-2")
    youth.locator(".briefje.eigen").wait_for()
    youth.locator("#ongedaan").wait_for()
    heard = youth.locator("#nieuws").inner_text()
    seen = youth.locator("#ongedaan").bounding_box()
    height = youth.viewport_size["height"]

    number = youth.locator(".briefje").count()
    youth.click("#ongedaanweg")
    youth.locator("#ongedaan").wait_for(state="hidden")
    write(youth, 2, "Toch niet.")
    youth.click("#zetterug")
    youth.locator(".briefje.eigen:has-text('Teruggenomen')").wait_for()

    assert number == 1
    assert heard == "Je briefje is bewaard."
    assert 0 <= seen["y"] < height - 40


def test_who_is_still_typing_when_the_meeting_ends_keeps_the_words_on_the_screen(meeting):
    youth = meeting.join("Zon")
    meeting.phase(6)
    youth.locator("#bord[data-phase=talk]").wait_for()
    youth.fill("#w-1", "Nog één ding:")
    meeting.lead.goto(meeting.lead.url.replace("/bord/", f"{MEETINGS}") + "einde/")
    pages.press(meeting.lead, "main form .button-danger")

    youth.locator("#nog:has-text('Nog één ding:')").wait_for()
    youth.locator("#uitkomst").wait_for()

    assert youth.locator("textarea").count() == 0


def test_whose_writing_is_put_on_hold_hears_it_at_once(meeting):
    youth = meeting.join("Storm")
    meeting.lead.reload()
    meeting.lead.click(".leiding .meer summary")
    meeting.lead.click("[id^=stil-]")

    youth.locator("text=De begeleider heeft het schrijven even stilgezet.").wait_for()

    assert youth.locator("textarea").count() == 0


def test_everybody_looks_where_the_facilitator_asks_and_who_types_is_left_alone(meeting):
    youth, parent = meeting.join("Zon"), meeting.join("Karin", "parent")
    parent.locator("#w-0").fill("Ik ben nog bez")
    parent.evaluate("() => { window.went = []; addEventListener('focusin', event => went.push(event.target.id)) }")
    where = parent.evaluate("() => scrollY")

    meeting.lead.click("#roep-2")
    youth.locator("#roep").wait_for()
    parent.locator("#roep").wait_for()

    pages.takes_focus(youth, "#v-2")
    pages.takes_focus(parent, "#w-0")
    assert (parent.evaluate("() => went"), parent.evaluate("() => scrollY")) == (["w-0"], where)
    assert parent.locator("#w-0").input_value() == "Ik ben nog bez"


def test_the_timer_is_told_out_loud_and_cuts_nobody_off(meeting):
    youth = meeting.join("Zon")
    meeting.lead.fill("#minuten", "6")
    meeting.lead.click("#tijdknop")
    youth.locator("#tijd").wait_for()
    youth.clock.install()
    youth.reload()
    youth.locator("#w-0").fill("Ik ben nog bez")

    youth.clock.run_for(65_000)
    five = youth.locator("#nieuws").inner_text()
    youth.clock.run_for(5 * 60_000)
    over = youth.locator("#nieuws").inner_text()
    youth.locator("#w-0").press_sequentially("ig.")
    youth.click("#wk-0")

    youth.locator(".briefje:has-text('Ik ben nog bezig.')").wait_for()
    assert five == "Minuten over: 5"
    assert over == "De tijd is om. Maak je zin af."


def test_in_the_quiet_view_nothing_moves_by_itself(meeting):
    youth, other = meeting.join("Zon"), meeting.join("Maan")
    meeting.phase(6)
    youth.goto(youth.url.split("#")[0].split("?")[0] + "?rustig=1")
    youth.evaluate("() => document.querySelector('.schrijfblad').open = true")
    other.evaluate("() => document.querySelector('.schrijfblad').open = true")
    write(other, 0, "Iets nieuws.")

    youth.locator("#nog button").wait_for()

    assert youth.locator(".vak").count() == 1
    assert youth.locator(".briefje").count() == 0
    youth.click("#nog button")
    youth.locator(".briefje:has-text('Iets nieuws.')").wait_for()


def test_what_comes_while_the_page_is_under_way_is_not_lost(meeting):
    youth, other = meeting.join("Zon"), meeting.join("Maan")
    meeting.phase(6)
    for page in (youth, other):
        page.locator("#bord[data-phase=talk]").wait_for()
        page.evaluate("() => document.querySelector('.schrijfblad').open = true")
    held = []
    board = urlsplit(youth.url).path
    youth.route(lambda url: urlsplit(url).path == board, lambda route: held.append((route, route.fetch())), times=1)
    meeting.lead.click("#slot")
    youth.wait_for_timeout(1000)
    meeting.lead.evaluate("() => document.querySelector('.schrijfblad').open = true")
    write(meeting.lead, 0, "Intussen geschreven.")
    meeting.lead.locator(".briefje:has-text('Intussen')").wait_for()

    for route, answer in held:
        route.fulfill(response=answer)

    assert held
    youth.locator(".briefje:has-text('Intussen geschreven.')").wait_for()


def test_a_wall_that_cuts_streams_only_makes_it_slower(meeting):
    youth, other = meeting.join("Zon"), meeting.join("Maan")
    other.route("**/stroom/**", lambda route: route.abort())
    other.reload()
    write(youth, 0, "Over een omweg.")

    other.locator("#d-0:has-text('1')").wait_for()


def test_a_network_that_is_away_for_a_moment_loses_no_change_of_the_board(meeting):
    """The page that should have come again did not: it is asked for until it does, and who typed goes on typing."""
    youth = meeting.join("Zon")
    youth.locator("#w-1").fill("Ik was nog")
    youth.locator("#w-1").focus()
    board = urlsplit(youth.url).path
    lost = []
    youth.route(lambda url: urlsplit(url).path == board, lambda route: (lost.append(1), route.abort()), times=1)
    meeting.lead.click("#slot")
    youth.locator("#nog blockquote:has-text('Ik was nog')").wait_for()
    locked = youth.locator("textarea").count()
    meeting.lead.click("#slot")
    youth.locator("#w-1").wait_for()
    pages.takes_focus(youth, "#w-1")

    assert (len(lost), locked) == (1, 0)
    assert youth.locator("#w-1").input_value() == "Ik was nog"


def test_a_note_that_is_sent_without_a_network_stays_and_is_sent_once(meeting):
    youth = meeting.join("Zon")
    youth.locator("#w-0").fill("Zonder net.")
    youth.context.set_offline(True)
    youth.click("#wk-0")
    youth.locator("#v-0 .foutregel:has-text('Er is geen verbinding.')").wait_for()
    kept = youth.locator("#w-0").input_value()
    youth.context.set_offline(False)
    youth.click("#wk-0")
    youth.locator(".briefje.eigen:has-text('Zonder net.')").wait_for()

    assert kept == "Zonder net."
    assert youth.locator("#v-0 .foutregel").is_hidden()
    assert youth.locator(".briefje").count() == 1


def test_what_somebody_types_while_a_note_is_under_way_stays(meeting):
    youth = meeting.join("Zon")
    held = []
    youth.route("**/doe/", lambda route: held.append(route))
    youth.locator("#w-0").fill("De eerste.")
    youth.click("#wk-0")
    youth.locator("#w-0").press_sequentially(" En de tweede")
    youth.wait_for_timeout(100)
    held[0].continue_()

    youth.locator(".briefje.eigen:has-text('De eerste.')").wait_for()
    youth.wait_for_function("() => document.getElementById('w-0').value === 'En de tweede'")


def test_a_note_that_was_under_way_when_the_page_came_again_is_not_offered_a_second_time(meeting):
    """The lock came while the answer was under way: the note is on the board, and its words are no draft any more."""
    youth = meeting.join("Zon")
    held = []
    youth.route("**/doe/", lambda route: held.append((route, route.fetch())))
    youth.locator("#w-0").fill("Nog net op tijd.")
    youth.click("#wk-0")
    meeting.lead.locator("#d-0:has-text('1')").wait_for()
    meeting.lead.click("#slot")
    youth.locator("#nog blockquote:has-text('Nog net op tijd.')").wait_for()
    route, answer = held[0]
    route.fulfill(response=answer)

    youth.locator(".briefje.eigen:has-text('Nog net op tijd.')").wait_for()
    youth.locator("#nog").wait_for(state="hidden")
    meeting.lead.click("#slot")
    youth.locator("#w-0").wait_for()
    assert youth.locator("#w-0").input_value() == ""


def test_a_writer_hears_that_a_note_that_lies_face_down_is_hidden_and_shown_again(meeting):
    """Streams say nothing of it to anybody, and others ask at that moment too: nothing tells whose note it is."""
    youth, other = meeting.join("Zon"), meeting.join("Maan")
    write(youth, 0, "Nog dicht.")
    mine = youth.locator(".briefje.eigen")
    mine.wait_for()
    write(other, 0, "Ook dicht.")
    other.locator(".briefje.eigen").wait_for()
    meeting.phase(2)
    for page in (youth, other):
        page.locator("#bord[data-phase=check]").wait_for()
    meeting.lead.locator(".briefje:has-text('Nog dicht.') .doen a").click()
    menu = meeting.lead.url
    for label, state in (("Verberg", True), ("Toon", False), ("Verberg", True)):
        meeting.lead.goto(menu)
        with other.expect_request("**/sinds/**"):
            pages.press(meeting.lead, f"main button:has-text('{label}')")
        youth.wait_for_function(
            "on => document.querySelector('.eigen').classList.contains('verstopt') === on", arg=state
        )

    assert "Verborgen" in mine.inner_text()
    assert "Nog dicht." not in other.content()


def test_axe_finds_nothing_in_any_phase_on_a_phone_and_a_screen(meeting):
    youth = meeting.join("Zon")
    for frame in (0, 2):
        write(youth, frame, "Een briefje om naar te kijken.")
        youth.locator(f"#v-{frame} .briefje").wait_for()
    found = {}
    for number in range(1, 8):
        if number > 1:
            meeting.phase(number)
        meeting.turn_all()
        youth.reload()
        for who, page, size in (("youth", youth, PHONE), ("lead", meeting.lead, SCREEN)):
            page.set_viewport_size(size)
            found[number, who] = faults(page, EVERYTHING)
            if (wide := page.evaluate(pages.TOO_WIDE)) > 0:
                found[number, who].append(f"{wide} pixels too wide")

    assert len(found) == 14
    assert {where: fault for where, fault in found.items() if fault} == {}
