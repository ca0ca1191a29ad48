"""Cards on paper: printed for everybody to read, and typed in once."""

import io
import re
import shutil
import subprocess
from typing import Any

import pikepdf
import pytest
from django.test import Client
from tests.boards.room import SETUP, Table, new_key
from tests.cast import Cast

from gehoor.boards import paper
from gehoor.boards.models import Board, Event
from gehoor.boards.paper import Card
from gehoor.meetings.models import Meeting
from gehoor.ui import typeset

pytestmark = pytest.mark.django_db
EIGHT = 8


@pytest.fixture
def table(cast: Cast) -> Table:
    return Table.lay(cast.office)


def printed(table: Table, **more: Any) -> bytes:
    given = {"frames": [0, 1], "pages": 1, "first": 1, "language": "nl", **more}
    return paper.cards(table.board, **given)


def figures(pdf: pikepdf.Pdf) -> list[str]:
    return [
        str(each["/Alt"])
        for each in pdf.objects
        if isinstance(each, pikepdf.Dictionary) and each.get("/S") == "/Figure" and "/Alt" in each
    ]


# --- the number ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("typed", "card"), [("2-7", "2-7"), (" 2 – 7 ", "2-7"), ("2 7", "2-7"), ("02-007", "2-7")])
def test_a_number_is_read_as_people_type_it(typed: str, card: str) -> None:
    assert str(Card.of(typed)) == card


@pytest.mark.parametrize("typed", ["", "7", "0-1", "1-0", "1-401", "a-b", "1-2-3", "٢-٧", "1" * 30])
def test_what_is_no_number_is_none(typed: str) -> None:
    assert Card.of(typed) is None


def test_a_number_is_another_note_on_another_board(table: Table, cast: Cast) -> None:
    other = Table.lay(cast.office)

    notes = {
        paper.note_of(table.board, Card(0, 1)),
        paper.note_of(table.board, Card(0, 2)),
        paper.note_of(other.board, Card(0, 1)),
    }

    assert len(notes) == 3
    assert all(re.fullmatch(r"[\w-]{22}", note) for note in notes)


@pytest.mark.parametrize(("numbers", "said"), [([], ""), ([1], "1"), ([1, 2, 3, 7], "1–3, 7"), ([2, 4, 5], "2, 4–5")])
def test_numbers_are_said_in_rows(numbers: list[int], said: str) -> None:
    assert paper.in_rows(numbers) == said


# --- printing -----------------------------------------------------------------------------------------------------


def test_a_sheet_has_eight_numbered_cards_for_each_part(table: Table) -> None:
    with pikepdf.open(io.BytesIO(printed(table, pages=2, first=9))) as pdf:
        squares = figures(pdf)
        pages = len(pdf.pages)

    wanted = [f"{frame}-{number}" for frame in (1, 2) for number in range(9, 9 + 2 * EIGHT)]
    assert pages == 4
    assert sorted(square.rpartition(" ")[2] for square in squares) == sorted(wanted)


@pytest.mark.parametrize("language", ["nl", "ar", "uk"])
def test_cards_are_tagged_and_in_their_language(table: Table, language: str) -> None:
    if typeset.why_not_print_in(language):
        pytest.skip("no letters for it on this computer")
    with pikepdf.open(io.BytesIO(printed(table, language=language))) as pdf:
        kinds = {str(each["/S"]) for each in pdf.objects if isinstance(each, pikepdf.Dictionary) and "/S" in each}
        with pdf.open_metadata() as about:
            assert about.get("pdfuaid:part") == "1"
        assert str(pdf.Root["/Lang"]) == language
        assert "/H1" in kinds


def test_a_long_question_leaves_room_to_write(table: Table, cast: Cast) -> None:
    if shutil.which("pdftotext") is None:
        pytest.skip("needs pdftotext (Debian's poppler-utils)")
    long = {"title": "Wat wij van elkaar moeten weten " * 3, "question": "Waarom wordt er niet " * 20}
    big = Table.lay(cast.office, {**SETUP, "frames": [{**long, "question": long["question"][:300]}]})

    found = subprocess.run(
        ["pdftotext", "-l", "1", "-bbox", "-", "-"], input=printed(big, frames=[0]), capture_output=True, check=True
    ).stdout.decode()

    assert found.count("<page ") == 1
    bottoms = [float(bottom) for bottom in re.findall(r'yMax="([\d.]+)"', found)]
    assert max(bottoms) <= 842


# --- typing in ----------------------------------------------------------------------------------------------------


class Desk:
    """The adviser in front of the form."""

    def __init__(self, cast: Cast, table: Table) -> None:
        self.browser: Client = cast.browser(cast.quinten)
        self.meeting = table.board.meeting_id

    def type(self, number: str, text: str, **more: Any) -> Any:
        given = {"key": new_key(), "number": number, "text": text, "frame": "", "voice": "", "kind": "idea", **more}
        return self.browser.post(f"/kantoor/bijeenkomsten/{self.meeting}/overtypen/", given)


@pytest.fixture
def desk(cast: Cast, table: Table) -> Desk:
    table.phase("talk")
    return Desk(cast, table)


def test_a_card_goes_to_the_part_of_its_number_and_the_next_one_waits(desk: Desk, table: Table) -> None:
    page = desk.type("2-7", "Bel eerst.", voice="parent", kind="wish")

    assert page.status_code == 302
    assert page["Location"].endswith("/overtypen/?kaart=2-8")
    assert [(note.frame, note.text, note.role, note.kind) for note in table.state().notes.values()] == [
        (1, "Bel eerst.", "parent", "wish")
    ]


def test_a_card_that_is_typed_twice_is_recognised_and_not_doubled(desk: Desk, table: Table) -> None:
    desk.type("1-1", "Zij luisterde.")

    again = desk.type("1-1", "Zij luisterde goed.")
    pressed = {"key": new_key()}
    twice = [desk.type("1-2", "Twee.", **pressed).status_code for _press in range(2)]

    assert again.status_code == 422
    assert "This card is on the board already" in again.content.decode()
    assert '<q dir="auto">Zij luisterde.</q>' in again.content.decode()
    assert "Zij luisterde goed." in again.content.decode()
    assert twice == [302, 302]
    assert [note.text for note in table.state().notes.values()] == ["Zij luisterde.", "Twee."]


def test_another_card_with_the_same_number_is_not_lost(desk: Desk, table: Table) -> None:
    desk.type("1-1", "Een.")
    key = new_key()
    desk.type("1-1", "Een andere.", key=key)

    done = [desk.type("1-1", "Een andere.", key=key, frame="0", unnumbered="1") for _press in range(2)]

    assert [page.status_code for page in done] == [302, 302]
    assert [note.text for note in table.state().notes.values()] == ["Een.", "Een andere."]


def test_what_another_facilitator_typed_face_down_is_recognised_without_its_words(cast: Cast, table: Table) -> None:
    table.do(table.fatima, "write", note=paper.note_of(table.board, Card(0, 1)), frame=0, text="Nog dicht.")

    page = Desk(cast, table).type("1-1", "Iets anders.")

    assert page.status_code == 422
    assert "Nog dicht." not in page.content.decode()
    assert "face down" in page.content.decode()


@pytest.mark.parametrize(
    ("number", "text", "why"),
    [
        ("9-1", "Een.", "no card with this number"),
        ("abc", "Een.", "no card with this number"),
        ("", "Een.", "Choose a part"),
        ("1-1", "", "required"),
        ("1-1", "y" * 1200, "too long"),
    ],
)
def test_a_wrong_card_keeps_what_was_typed(desk: Desk, number: str, text: str, why: str) -> None:
    page = desk.type(number, text)

    assert page.status_code == 422
    assert why in page.content.decode()
    assert text in page.content.decode()
    assert not Event.objects.filter(kind="write").exists()


def test_what_was_typed_stays_when_the_board_was_closed_meanwhile(desk: Desk, table: Table) -> None:
    table.phase("closed")

    page = desk.type("1-1", "Zij luisterde.")

    assert page.status_code == 409
    assert "The board is closed" in page.content.decode()
    assert "Zij luisterde.</textarea>" in page.content.decode()


def test_the_guide_keeps_its_lines_without_a_network(cast: Cast, table: Table) -> None:
    Meeting.objects.filter(pk=table.board.meeting_id).update(
        guide=[{"minutes": 5, "title": "Begin", "words": "Welkom.\nWie ben je?"}]
    )

    page = cast.browser(cast.quinten).get(f"/kantoor/bijeenkomsten/{table.board.meeting_id}/offline/")

    assert "Welkom.<br>Wie ben je?" in page.content.decode()


def test_the_square_opens_the_form_with_its_number(desk: Desk) -> None:
    desk.type("1-1", "Een.")
    desk.type("1-2", "Twee.")
    desk.type("1-4", "Vier.")

    page = desk.browser.get(f"/kantoor/bijeenkomsten/{desk.meeting}/kaartje/1-3/").content.decode()

    assert 'value="1-3"' in page
    assert "3 cards are on the board." in page
    assert "Wat hielp: <strong>1–2, 4</strong>" in page


def test_a_picture_of_the_pile_has_no_way_to_the_server(desk: Desk) -> None:
    response = desk.browser.get(f"/kantoor/bijeenkomsten/{desk.meeting}/overtypen/")
    field = re.search(r'<input[^>]*type="file"[^>]*>', response.content.decode())

    assert field
    assert "name=" not in field[0]
    assert "img-src 'self' data: blob:" in response["Content-Security-Policy"]


def test_only_the_adviser_of_this_office_prints_and_types(cast: Cast, table: Table) -> None:
    for page in ("kaartjes/", "overtypen/", "kaartje/1-1/"):
        address = f"/kantoor/bijeenkomsten/{table.board.meeting_id}/{page}"
        assert [cast.browser(who).get(address).status_code for who in (cast.quinten, cast.bram, cast.daan)] == [
            200,
            403,
            404,
        ]


def test_the_desk_hands_out_the_cards_and_says_what_is_too_much(cast: Cast, table: Table) -> None:
    desk, address = cast.browser(cast.quinten), f"/kantoor/bijeenkomsten/{table.board.meeting_id}/kaartjes/"

    made = desk.post(address, {"frames": ["0"], "pages": "1", "first": "1", "language": "nl"})
    much = desk.post(address, {"frames": ["0", "1"], "pages": "31", "first": "399", "language": "nl"})

    assert made["Content-Type"] == "application/pdf"
    assert made.content.startswith(b"%PDF")
    assert much.status_code == 422
    assert "At most 60 sheets" in much.content.decode()
    assert "numbers up to 400" in much.content.decode()


def test_a_look_lays_no_board(cast: Cast, table: Table) -> None:
    planned = Meeting.objects.create(
        office=cast.office, kind="focus_group", name="Later", purpose="x", held_on=table.board.meeting.held_on
    )
    desk = cast.browser(cast.quinten)

    pages = [
        desk.get(f"/kantoor/bijeenkomsten/{planned.pk}/{page}/")
        for page in ("kaartjes", "overtypen", "invoer", "offline")
    ]
    before = Board.objects.filter(meeting=planned).exists()
    desk.post(
        f"/kantoor/bijeenkomsten/{planned.pk}/kaartjes/",
        {"frames": ["0"], "pages": "1", "first": "1", "language": "nl"},
    )

    assert {page.status_code for page in pages} == {200}
    assert not before
    assert Board.objects.filter(meeting=planned).exists()
