"""A meeting by plain forms: planned, opened, joined by code, written on, turned, voted, ended. No script anywhere."""

import datetime as dt
import json
import re
from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client
from tests.boards.room import PHASES, new_key
from tests.cast import Cast

from gehoor.base import clock
from gehoor.base.codes import grouped
from gehoor.boards import changes, commands, pace
from gehoor.boards.models import Board, Event
from gehoor.boards.sight import Viewer
from gehoor.meetings import changes as meetings
from gehoor.meetings.models import Guest, Meeting

pytestmark = pytest.mark.django_db
DUTCH = {"accept-language": "nl"}


@dataclass
class Sitting:
    """A meeting with its doors open, and the desk of who leads it."""

    cast: Cast
    meeting: Meeting
    code: str
    link: str
    lead: Client

    @property
    def address(self) -> str:
        return f"/bord/{self.meeting.pk}/"

    def join(self, alias: str = "Zon", voice: str = "youth", *, language: str = "nl") -> Client:
        """Somebody comes in with the typed code."""
        guest = Client(headers={"accept-language": language})
        response = guest.post(f"/m/{self.code}", {"alias": alias, "voice": voice})
        assert response.status_code == 302, response.content.decode()[:400]
        return guest

    def write(self, guest: Client, text: str, frame: int = 0, **more: Any) -> Any:
        """A note by a form."""
        words = {"do": "write", "key": new_key(), "note": new_key(), "frame": frame, "text": text, **more}
        return guest.post(self.address, words)

    def page(self, guest: Client) -> str:
        """The board as somebody gets it."""
        return guest.get(self.address).content.decode()

    def lead_by(self, do: str, **more: Any) -> None:
        """A press of the facilitator."""
        assert self.lead.post(self.address, {"do": do, "key": new_key(), **more}).status_code == 302

    def phase(self, kind: str) -> None:
        """On to a phase."""
        self.lead_by("step", step=PHASES.index(kind))


@pytest.fixture
def sitting(cast: Cast) -> Sitting:
    desk = cast.browser(cast.quinten)
    planned = desk.post(
        "/kantoor/bijeenkomsten/nieuw/",
        {"kind": "focus_group", "name": "Met jongeren", "purpose": "Leren over brieven.", "held_on": "2026-11-22"},
    )
    assert planned.status_code == 302
    meeting = Meeting.objects.get()
    doors = desk.post(f"/kantoor/bijeenkomsten/{meeting.pk}/open/", follow=True).content.decode()
    code = re.search(r"<code dir=\"ltr\">([a-z0-9-]+)</code>", doors)
    assert code
    desk.post(f"/kantoor/bijeenkomsten/{meeting.pk}/leiden/")
    return Sitting(cast, Meeting.objects.get(), code[1], "", desk)


def test_a_meeting_from_plan_to_end(sitting: Sitting) -> None:
    amira, karin = sitting.join("Amira"), sitting.join("Karin", "parent")
    sitting.write(amira, "Zij luisterde goed.")

    private = {name: sitting.page(who) for name, who in {"a": amira, "k": karin, "f": sitting.lead}.items()}
    sitting.phase("reveal")
    sitting.lead_by("reveal", frame=0)
    shown = sitting.page(karin)
    sitting.phase("vote")
    note = re.search(r'id="n-([\w-]{22})"', sitting.page(karin))
    assert note
    voted = karin.post(
        f"{sitting.address}notitie/{note[1]}/", {"do": "dot", "key": new_key(), "note": note[1], "slot": 1}
    )
    sitting.phase("talk")
    counted = sitting.page(amira)

    assert ["Zij luisterde goed." in page for page in private.values()] == [True, False, False]
    assert "Briefjes die nog dicht liggen: 1" in private["k"]
    assert "Zij luisterde goed." in shown
    assert voted.status_code == 302
    assert "1 stip" in counted


def test_a_wrong_closed_or_guessed_code_gets_one_sentence(sitting: Sitting) -> None:
    visitor = Client(headers=DUTCH)
    wrong = visitor.get("/m/zzzz-zzzz")
    meetings.end(sitting.meeting)
    closed = visitor.get(f"/m/{sitting.code}")
    nonsense = visitor.post("/m/", {"code": "\x00" * 90})

    assert [page.status_code for page in (wrong, closed, nonsense)] == [404, 404, 404]
    assert all("Deze code is niet bekend" in page.content.decode() for page in (wrong, closed, nonsense))


def test_thirty_people_behind_one_address_come_in(sitting: Sitting) -> None:
    guests = [sitting.join(f"Gast {number}") for number in range(30)]

    assert Guest.objects.filter(leads=False).count() == 30
    assert all(guest.get(sitting.address).status_code == 200 for guest in guests)


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"alias": "", "voice": "youth"}, "Kies een naam"),
        ({"alias": "x" * 41, "voice": "youth"}, "te lang"),
        ({"alias": "Zon", "voice": "boss"}, "Kies wie je bent"),
    ],
)
def test_who_comes_in_without_a_name_or_a_voice_hears_why(sitting: Sitting, given: dict[str, str], why: str) -> None:
    response = Client(headers=DUTCH).post(f"/m/{sitting.code}", given)

    assert response.status_code == 422
    assert why in response.content.decode()
    assert not Guest.objects.filter(leads=False).exists()


def test_a_stranger_sees_nothing_of_a_board(sitting: Sitting, cast: Cast) -> None:
    sitting.write(sitting.join(), "Geheim.")
    sitting.phase("talk")
    stranger = Client(headers=DUTCH)
    stranger.cookies["gehoor-bord"] = "1234567890123456"

    pages = [stranger.get(sitting.address + rest) for rest in ("", "sinds/?na=0", "notitie/x/")]
    pages.append(stranger.post(f"{sitting.address}doe/", "[]", content_type="application/json"))

    assert {page.status_code for page in pages} == {403}
    assert all("Geheim" not in page.content.decode() for page in pages)


def test_a_guest_of_one_meeting_is_a_stranger_to_another(sitting: Sitting, cast: Cast) -> None:
    guest = sitting.join()
    other = meetings.plan(cast.office, kind="circle", name="Team", purpose="x", held_on=dt.date(2026, 11, 22))
    meetings.open_doors(other)

    assert guest.get(f"/bord/{other.pk}/").status_code == 403


def test_what_cannot_be_done_comes_back_with_what_was_typed(sitting: Sitting) -> None:
    guest = sitting.join()

    long = sitting.write(guest, "y" * 1200)
    sitting.phase("vote")
    late = sitting.write(guest, "Dit wilde ik nog zeggen.")

    assert (long.status_code, late.status_code) == (422, 422)
    assert "te lang" in long.content.decode()
    assert "y" * 1200 in long.content.decode()
    assert "Schrijven kan niet" in late.content.decode()
    assert re.search(r'data-now="\d+"', late.content.decode())  # the timer goes on
    assert not Event.objects.filter(kind="write").exists()


def test_markup_in_a_note_is_shown_as_it_was_written(sitting: Sitting) -> None:
    guest = sitting.join()
    sitting.write(guest, "<script>alert(1)</script> & <b>vet</b>")

    page = sitting.page(guest)

    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; &lt;b&gt;vet&lt;/b&gt;" in page
    assert "<script>alert" not in page


def test_the_page_forbids_everything_that_is_not_ours(sitting: Sitting) -> None:
    response = sitting.join().get(sitting.address)

    policy = response["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self'; connect-src 'self'" in policy
    assert {"X-Style", "X-Script", "X-Keep"} & set(response.headers) == set()
    assert response["Cache-Control"] == "no-store"


def test_the_script_and_style_are_kept_under_their_own_name(sitting: Sitting) -> None:
    guest = sitting.join()
    names = re.findall(r'"(/bord/bestand/[0-9a-f]{16}\.(?:css|js))"', sitting.page(guest))

    files = [guest.get(name) for name in names]

    assert len(names) == 2
    assert [(file.status_code, file["Cache-Control"]) for file in files] == [
        (200, "public, max-age=31536000, immutable")
    ] * 2
    assert guest.get("/bord/bestand/0123456789abcdef.js").status_code == 404


def test_the_script_gets_what_changed_and_the_outcome_of_each_command(sitting: Sitting) -> None:
    amira, karin = sitting.join("Amira"), sitting.join("Karin")
    note = new_key()
    asked = [
        {"do": "write", "key": new_key(), "note": note, "frame": 0, "text": "Een."},
        {"do": "step", "key": new_key(), "step": 2},
    ]

    done = amira.post(f"{sitting.address}doe/", json.dumps(asked), content_type="application/json").json()
    private = karin.get(f"{sitting.address}sinds/?na=0").json()
    own = amira.get(f"{sitting.address}sinds/?na=0").json()

    assert [outcome["seq"] for outcome in done["outcomes"]] == [1, 0]
    assert (private["notes"], private["waiting"][0]) == ([], 1)
    assert [sight["text"] for sight in own["notes"]] == ["Een."]
    assert karin.get(f"{sitting.address}sinds/?na=99").json() == {"reload": True}


@pytest.mark.parametrize("body", ["", "{}", "[]", "[[]]", '[{"do":"fly"}]', "[" * 5000, '{"a":' * 5000])
def test_what_is_no_list_of_commands_is_refused(sitting: Sitting, body: str) -> None:
    response = sitting.join().post(f"{sitting.address}doe/", body, content_type="application/json")

    assert response.status_code == 400


def test_who_sends_a_thousand_at_once_is_slowed_down_and_nobody_else(
    sitting: Sitting, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pace, "people", pace.Pace(lambda: 0.0))
    flooder, other = sitting.join("Storm"), sitting.join("Zon")

    answers = [sitting.write(flooder, f"Nummer {number}").status_code for number in range(80)]
    pages = sitting.write(flooder, "Te veel."), sitting.write(other, "Rustig aan.")

    assert answers == [302] * 60 + [429] * 20
    assert pages[0].status_code == 429
    assert "Te veel." in pages[0].content.decode()
    assert pages[1].status_code == 302


def test_two_facilitators_can_lead_and_a_guest_cannot_become_one(sitting: Sitting, cast: Cast) -> None:
    second = cast.browser(cast.quinten)
    second.post(f"/kantoor/bijeenkomsten/{sitting.meeting.pk}/leiden/")
    officer = cast.browser(cast.bram)

    moved = second.post(sitting.address, {"do": "step", "key": new_key(), "step": 1})
    refused = officer.post(f"/kantoor/bijeenkomsten/{sitting.meeting.pk}/leiden/")
    guest = sitting.join().post(sitting.address, {"do": "step", "key": new_key(), "step": 2})

    assert (moved.status_code, refused.status_code, guest.status_code) == (302, 403, 422)


def test_ending_forgets_who_was_there(sitting: Sitting) -> None:
    guest = sitting.join("Een eigen naam")
    sitting.cast.browser(sitting.cast.quinten).post(f"/kantoor/bijeenkomsten/{sitting.meeting.pk}/einde/")

    [left] = Guest.objects.all()
    assert (left.alias, left.voice, left.leads) == ("", "", False)
    assert 'id="uitkomst"' in sitting.page(guest)
    assert sitting.write(guest, "Te laat.").status_code == 422


def test_the_language_is_that_of_the_guest(sitting: Sitting) -> None:
    guest = sitting.join(language="ar")

    page = guest.get(f"{sitting.address}?taal=ar").content.decode()
    again = sitting.page(guest)

    assert 'dir="rtl"' in page
    assert 'dir="rtl"' in again


def test_the_digits_of_who_leads_stand_on_no_screen_that_a_room_looks_at(sitting: Sitting) -> None:
    guest = sitting.join()
    digits = {who: who.cookies["gehoor-bord"].value for who in (guest, sitting.lead)}

    shown = {who: grouped(digits[who]) in sitting.page(who) for who in digits}

    assert (shown[guest], shown[sitting.lead]) == (True, False)


def test_the_quick_exit_takes_the_seat_along(sitting: Sitting) -> None:
    guest = sitting.join()

    guest.get("/weg/")

    assert guest.get(sitting.address).status_code == 403


def _end(sitting: Sitting) -> None:
    sitting.cast.browser(sitting.cast.quinten).post(f"/kantoor/bijeenkomsten/{sitting.meeting.pk}/einde/")


def test_who_kept_the_digits_comes_back_and_sees_what_became_of_it(sitting: Sitting) -> None:
    guest = sitting.join()
    sitting.phase("talk")
    sitting.write(guest, "Bel eerst.")
    digits = guest.cookies["gehoor-bord"].value
    _end(sitting)
    Meeting.objects.update(outcome="Vanaf maart bellen we eerst.")
    later = Client(headers=DUTCH)

    wrong = later.post("/m/terug/", {"code": "1234 5678"})
    back = later.post("/m/terug/", {"code": grouped(digits)})
    page = later.get(back["Location"]).content.decode()

    assert wrong.status_code == 404
    assert "1234 5678" in wrong.content.decode()
    assert back.status_code == 302
    assert "Vanaf maart bellen we eerst." in page
    assert "soort-idea eigen" in page
    assert "<textarea" not in page


def test_before_anything_was_decided_who_comes_back_hears_so(sitting: Sitting) -> None:
    guest = sitting.join()
    _end(sitting)

    assert "Kom later terug met je code" in sitting.page(guest)


def test_guessing_digits_is_slowed_down(sitting: Sitting) -> None:
    guesser = Client(headers=DUTCH)
    codes = [guesser.post("/m/terug/", {"code": f"{number:016d}"}).status_code for number in range(61)]

    assert codes == [404] * 60 + [429]


def test_a_form_offers_to_undo_what_it_did_once(sitting: Sitting) -> None:
    guest = sitting.join()
    sitting.write(guest, "Te snel.")
    page = sitting.page(guest)
    fields = dict(
        re.findall(r'name="(do|note|on|key)" value="([^"]*)"', page.split('id="ongedaan"')[1].split("</form>")[0])
    )

    undone = guest.post(sitting.address, fields)

    assert "Je briefje is bewaard." in page
    assert 'id="ongedaan" method="post" hidden' in sitting.page(guest) or undone.status_code == 302
    assert "Teruggenomen" in sitting.page(guest)


@pytest.mark.parametrize("cookie", ["", "%7B", "[]", "%22x%22", '{"do":["a"]}', '{"do":"fly"}', "{" * 2000])
def test_a_broken_cookie_breaks_no_page(sitting: Sitting, cookie: str) -> None:
    guest = sitting.join()
    guest.cookies["gehoor-terug"] = cookie

    assert guest.get(sitting.address).status_code == 200


def test_the_facilitator_asks_who_is_ready_and_learns_how_many(sitting: Sitting) -> None:
    guest, other = sitting.join("Zon"), sitting.join("Maan")
    assert 'id="klaar"' not in sitting.page(guest)
    sitting.lead_by("ask_ready")
    asked = sitting.page(guest)
    guest.post(sitting.address, {"do": "ready", "key": new_key()})
    guest.post(sitting.address, {"do": "ready", "key": new_key()})

    assert 'id="klaar"' in asked
    assert 'id="klaar"' not in sitting.page(guest)
    assert 'id="klaar"' in sitting.page(other)
    assert "1 of 2 is ready" in sitting.page(sitting.lead)


def test_whose_writing_is_on_hold_reads_along(sitting: Sitting) -> None:
    guest = sitting.join("Storm")
    person = Guest.objects.get(alias="Storm").pk
    sitting.lead_by("mute", person=person, on="1")

    refused = sitting.write(guest, "Toch.")

    assert refused.status_code == 422
    assert "Toch.</blockquote>" in refused.content.decode()
    assert "<textarea" not in sitting.page(guest)
    assert "heeft het schrijven even stilgezet" in sitting.page(guest)
    sitting.lead_by("mute", person=person, on="0")
    assert sitting.write(guest, "Weer.").status_code == 302


def test_words_that_come_too_late_on_the_page_of_a_note_stay_on_it(sitting: Sitting) -> None:
    """Somebody changes a note while the facilitator goes on: what was typed is not lost."""
    guest = sitting.join("Zon")
    sitting.write(guest, "Het was goed.")
    note = re.search(r'id="n-([\w-]{22})"', sitting.page(guest))
    assert note
    sitting.phase("check")

    late = {
        "do": "edit",
        "key": new_key(),
        "note": note[1],
        "version": 1,
        "text": "Het was <b>heel</b> goed.",
        "kind": "idea",
    }
    refused = guest.post(f"{sitting.address}notitie/{note[1]}/", late)

    assert refused.status_code == 422
    assert "Het was &lt;b&gt;heel&lt;/b&gt; goed.</blockquote>" in refused.content.decode()


def test_who_led_a_meeting_hears_that_it_has_ended(sitting: Sitting) -> None:
    """The seat of who leads goes with the end; the board may still be on the screen of the room."""
    stranger = Client(headers=DUTCH)
    _end(sitting)

    led, other = sitting.lead.get(sitting.address), stranger.get(sitting.address)

    assert (led.status_code, other.status_code) == (403, 403)
    assert "The meeting has ended. The notes are read." in led.content.decode()
    assert "De briefjes worden gelezen" not in other.content.decode()


@pytest.mark.parametrize(
    ("phase", "reader", "fields"),
    [
        ("write", "writer", {"edit", "move", "withdraw"}),
        ("check", "writer", {"withdraw"}),
        ("group", "writer", {"edit", "move", "withdraw"}),
        ("talk", "writer", {"edit", "move", "withdraw"}),
        ("talk", "other", set()),
        ("closed", "writer", set()),
    ],
)
def test_the_page_of_a_note_offers_what_its_reader_may_do(
    sitting: Sitting, phase: str, reader: str, fields: set[str]
) -> None:
    amira, karin, own = sitting.join("Amira"), sitting.join("Karin", "parent"), reader == "writer"
    sitting.write(amira, "Zij luisterde goed.")
    if not own:
        sitting.phase("reveal")
        sitting.lead_by("reveal", frame=0)
    sitting.phase(phase)
    note = Event.objects.get(kind="write").said["note"]

    page = (amira if own else karin).get(f"{sitting.address}notitie/{note}/").content.decode()

    assert set(re.findall(r'name="do" value="(\w+)"', page)) == fields
    assert ("alleen jij en de begeleider" in page) == (own and phase in {"group", "talk"})
    whole = sitting.page(amira if own else karin)
    assert (f"notitie/{note}/" in whole) == bool(fields)


def test_the_most_chosen_come_first_for_who_asks(sitting: Sitting) -> None:
    guest = sitting.join()
    for text in ("Een.", "Twee.", "Drie."):
        sitting.write(guest, text)
    sitting.phase("reveal")
    sitting.lead_by("reveal", frame=0)
    before = re.findall(r"(Een|Twee|Drie)\.", sitting.page(guest))
    last = [event.said["note"] for event in Event.objects.filter(kind="write", said__text=f"{before[-1]}.")][0]
    sitting.phase("vote")
    during = guest.get(f"{sitting.address}?stippen=1").content.decode()
    guest.post(sitting.address, {"do": "dot", "key": new_key(), "note": last, "slot": 1})
    sitting.phase("talk")

    chosen = guest.get(f"{sitting.address}?stippen=1").content.decode()

    assert "stippen=1" not in during
    assert "Meeste stippen eerst" in sitting.page(guest)
    assert re.findall(r"(Een|Twee|Drie)\.", chosen) == [before[-1], *before[:-1]]


def test_who_leads_changes_the_parts_of_the_board(sitting: Sitting) -> None:
    sitting.lead_by("frame", frame=0, title="Anders", question="En nu?")
    sitting.lead_by("frame", frame=3, title="Nieuw vak", question="")

    page = sitting.page(sitting.join())

    assert "En nu?" in page
    assert "Nieuw vak" in page


def test_a_quiet_page_shows_one_part_and_stays_quiet(sitting: Sitting) -> None:
    guest = sitting.join()

    first = guest.get(f"{sitting.address}?rustig=1").content.decode()
    second = guest.get(f"{sitting.address}?vak=2").content.decode()
    whole = guest.get(f"{sitting.address}?rustig=0").content.decode()

    assert first.count('<section class="vak"') == second.count('<section class="vak"') == 1
    assert 'id="v-2"' in second
    assert whole.count('<section class="vak"') == 3


def test_a_large_board_comes_in_two_parts_and_nothing_is_missing(sitting: Sitting) -> None:
    guest = sitting.join()
    sitting.phase("talk")
    board = Board.objects.get()
    leads = Viewer(0, "", is_facilitator=True, seed=b"leads")
    words = [
        {"do": "write", "key": new_key(), "note": new_key(), "frame": 0, "text": f"Nummer {n}."} for n in range(201)
    ]
    changes.perform(board.pk, [(leads, commands.read(each)) for each in words])

    first = sitting.page(guest)
    whole = guest.get(f"{sitting.address}?alles=0").content.decode()
    mine = sitting.write(guest, "Van mij.")
    rest = guest.get(f"{sitting.address}sinds/?alles").json()

    assert mine.status_code == 302
    assert first.count("Nummer ") == 6
    assert "Nog 195 briefjes laten zien" in first
    assert whole.count("Nummer ") == 201
    assert [note["text"] for note in rest["notes"]] == [*(f"Nummer {n}." for n in range(201)), "Van mij."]
    assert rest["own"] == [rest["notes"][-1]["note"]]


def test_who_comes_in_before_the_facilitator_waits_and_goes_on_by_itself(cast: Cast) -> None:
    meeting = meetings.plan(
        cast.office, kind="focus_group", name="Met jongeren", purpose="Leren.", held_on=clock.today()
    )
    code = meetings.open_doors(meeting).typed
    guest = Client(headers=DUTCH)
    guest.post(f"/m/{code}", {"alias": "Zon", "voice": "youth"})

    early = guest.get(f"/bord/{meeting.pk}/").content.decode()
    cast.browser(cast.quinten).post(f"/kantoor/bijeenkomsten/{meeting.pk}/leiden/")
    later = guest.get(f"/bord/{meeting.pk}/").content.decode()

    assert "Je bent binnen" in early
    assert 'http-equiv="refresh"' in early
    assert "<textarea" in later


def test_one_browser_sits_at_two_boards(sitting: Sitting, cast: Cast) -> None:
    other = meetings.plan(cast.office, kind="circle", name="Leerkring", purpose="Leren.", held_on=clock.today())
    meetings.open_doors(other)

    sitting.lead.post(f"/kantoor/bijeenkomsten/{other.pk}/leiden/")

    assert sitting.lead.get(f"/bord/{other.pk}/").status_code == 200
    assert sitting.lead.get(sitting.address).status_code == 200
    assert len(sitting.lead.cookies["gehoor-bord"].value) == 16 * 2 + 1


@pytest.mark.parametrize("path", ["", "doe/"])
def test_a_page_of_another_site_can_do_nothing(sitting: Sitting, path: str) -> None:
    asked = {"do": "lock", "key": new_key(), "on": "1"}

    refused = sitting.lead.post(f"{sitting.address}{path}", asked, headers={"sec-fetch-site": "cross-site"})
    sibling = sitting.lead.post(f"{sitting.address}{path}", asked, headers={"sec-fetch-site": "same-site"})

    assert (refused.status_code, sibling.status_code) == (403, 403)
    assert not Event.objects.exists()


def test_what_was_typed_is_shown_when_the_seat_is_gone(sitting: Sitting) -> None:
    guest = sitting.join()
    guest.cookies.clear()

    lost = sitting.write(guest, "Nog bijna kwijt.")

    assert lost.status_code == 403
    assert "Nog bijna kwijt." in lost.content.decode()


def test_a_poll_hears_that_the_meeting_has_ended(sitting: Sitting) -> None:
    guest = sitting.join()
    _end(sitting)

    assert guest.get(f"{sitting.address}sinds/?na=0").status_code == 410


def test_wrong_codes_of_others_do_not_shut_the_door_for_who_comes_back(sitting: Sitting) -> None:
    digits = sitting.join().cookies["gehoor-bord"].value
    guesser = Client(headers=DUTCH)
    for number in range(61):
        guesser.post("/m/terug/", {"code": f"{number:016d}"})

    assert Client(headers=DUTCH).post("/m/terug/", {"code": digits}).status_code == 302
