"""Notes from elsewhere: read generously, shown first, put on the board once."""

import html
import re
from collections.abc import Sequence
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from tests.boards.room import Table
from tests.cast import Cast

from gehoor.base.errors import BadInput
from gehoor.boards import commands, exports, importing
from gehoor.boards.importing import Choice, Found
from gehoor.boards.models import Event
from gehoor.boards.state import Frame
from gehoor.meetings import changes as meetings
from gehoor.offices.models import Entry

FRAMES = [Frame("Wat hielp", "Wat hielp jou?"), Frame("Wat kan beter", "")]


def lines(text: str) -> list[tuple[str, list[str]]]:
    return shape(importing.read(text, FRAMES, is_table=False))


def cells(text: str) -> list[tuple[str, list[str]]]:
    return shape(importing.read(text, FRAMES, is_table=True))


def shape(found: importing.Read) -> list[tuple[str, list[str]]]:
    return [(group.name, [note.text for note in group.notes]) for group in found.groups]


# --- reading lines ------------------------------------------------------------------------------------------------


def test_each_line_is_a_note_and_blank_ones_are_none() -> None:
    assert lines("Een\r\n\r\n  Twee  \n• Drie\n- vier\n-5 graden\n") == [
        ("", ["Een", "Twee", "Drie", "vier", "-5 graden"])
    ]


@pytest.mark.parametrize(
    "text", ["Wat hielp: Luisteren\nwat kan beter:  Brief", "Wat hielp\tLuisteren\nWat kan beter\tBrief", "# Wat hielp\nLuisteren\nWat kan beter:\nBrief"]
)  # fmt: skip
def test_a_line_can_say_where_it_goes(text: str) -> None:
    assert lines(text) == [("Wat hielp", ["Luisteren"]), ("Wat kan beter", ["Brief"])]


def test_a_colon_in_a_sentence_is_a_colon() -> None:
    assert lines("Hij zei: kom maar.") == [("", ["Hij zei: kom maar."])]


# --- reading tables -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Een\nTwee, en meer\n", [("", ["Een", "Twee, en meer"])]),
        ('"Een\nop twee regels"\n"Hij zei ""ja"""\n', [("", ["Een\nop twee regels", 'Hij zei "ja"'])]),
        ("\ufeffWat hielp\n\nLuisteren\nBellen\n\nWat kan beter\n\nBrief\n", [("Wat hielp", ["Luisteren", "Bellen"]), ("Wat kan beter", ["Brief"])]),
        ("Tekst;Vak\nLuisteren;Wat hielp\nBrief;Wat kan beter\n", [("Wat hielp", ["Luisteren"]), ("Wat kan beter", ["Brief"])]),
        ('"Vak", "Tekst"\n"Wat hielp", "Luisteren, ja"\n', [("Wat hielp", ["Luisteren, ja"])]),
        ("frame\tnote\nWat hielp\tLuisteren\n", [("Wat hielp", ["Luisteren"])]),
    ],
)  # fmt: skip
def test_a_table_is_read_as_it_comes(text: str, found: list[tuple[str, list[str]]]) -> None:
    assert cells(text) == found


def test_parts_of_a_miro_board_begin_with_their_name() -> None:
    found = importing.read("Wat hielp\nLuisteren\nBellen\n\nIdeeën\nEen appje\n", FRAMES, is_table=True)

    assert [(group.first_is_name, group.may_be_name) for group in found.groups] == [(True, True), (True, True)]
    assert [importing.frame_for(group, FRAMES) for group in found.groups] == [0, None]
    assert [importing.frame_for(group, FRAMES[:1]) for group in found.groups] == [0, 0]


def test_a_kind_and_a_voice_beside_a_note_are_known_and_other_tags_are_said_to_stay() -> None:
    found = importing.read('Luisteren,ouder,Wens,rood\n"Bellen",Youth,rood\n', FRAMES, is_table=True)

    assert found.groups[0].notes == [Found("Luisteren", "wish", "parent"), Found("Bellen", "", "youth")]
    assert found.left_out == {"rood": 2}


def test_heads_of_columns_are_found_below_a_few_rows_about_the_board() -> None:
    found = importing.read(
        'Bord: Met jongeren; deel 2\nUitgevoerd op 1 maart, om 15.00 uur\n\n"Vak","Tekst","Tags"\nWat hielp,Luisteren,rood\n',
        FRAMES,
        is_table=True,
    )

    assert shape(found) == [("Wat hielp", ["Luisteren"])]


def test_a_note_that_is_called_text_is_not_a_head_of_a_column() -> None:
    assert cells("Brief\nTekst, en plaatjes\nBellen\n") == [("", ["Brief", "Tekst, en plaatjes", "Bellen"])]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_the_letters_of_a_file_are_found_out(encoding: str) -> None:
    assert importing.text_of("Één café\n".encode(encoding)) == "Één café\n"


@pytest.mark.parametrize("data", [b"\x00\x01\x02PNG", b"\xff\xfe\x00", b"x" * 2_000_001])
def test_what_is_no_text_is_refused(data: bytes) -> None:
    with pytest.raises(BadInput):
        importing.text_of(data)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "no notes"),
        (" \n\t\n", "no notes"),
        ("kort\n" + "y" * 1001, "Note 2 has 1001 characters"),
        ("x\n" * 2001, "2001 notes"),
    ],
)
@pytest.mark.parametrize("is_table", [True, False])
def test_a_bad_list_says_what_is_wrong_and_where(text: str, why: str, is_table: bool) -> None:  # noqa: FBT001
    with pytest.raises(BadInput, match=why) as caught:
        importing.read(text, FRAMES, is_table=is_table)
    assert "yyy" not in str(caught.value)


@pytest.mark.parametrize("text", ['"' * 5001, '"open', ";" * 3000, "\x1f\x1f", ",\n" * 2000, "\ud800x"])
def test_nonsense_breaks_nothing(text: str) -> None:
    for is_table in (True, False):
        try:
            importing.read(text, FRAMES, is_table=is_table)
        except BadInput as error:
            assert error.problems  # noqa: PT017 -- a refusal is as good as a reading


# --- on the board -------------------------------------------------------------------------------------------------


@pytest.fixture
def table(cast: Cast) -> Table:
    return Table.lay(cast.office)


def take(
    table: Table, text: str, *, choices: Sequence[Choice] = (Choice(0),), is_table: bool = False, **more: Any
) -> Any:
    found = importing.read(text, table.state().frames, is_table=is_table)
    given = {"kind": "idea", "voice": "youth", "viewer": table.fatima, **more}
    return importing.take_in(table.board, found, choices, **given)


@pytest.mark.django_db
def test_pressing_twice_adds_nothing(table: Table) -> None:
    first = take(table, "Een\nTwee\nEen")
    second = take(table, "Een\nTwee\nEen")
    more = take(table, "Een\nTwee\nEen\nDrie")

    assert [(each.added, each.present) for each in (first, second, more)] == [(3, 0), (0, 3), (1, 3)]
    assert sorted(note.text for note in table.state().notes.values()) == ["Drie", "Een", "Een", "Twee"]
    assert Entry.objects.filter(verb="notes_imported").count() == 2


@pytest.mark.django_db
def test_an_import_that_stopped_halfway_goes_on(table: Table, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(commands, "MOST_AT_ONCE", 2)
    perform, calls = importing.changes.perform, []

    def failing(board_pk: int, asked: Any) -> Any:
        calls.append(len(asked))
        if len(calls) == 2:
            raise RuntimeError
        return perform(board_pk, asked)

    monkeypatch.setattr(importing.changes, "perform", failing)
    with pytest.raises(RuntimeError):
        take(table, "a\nb\nc\nd\ne")
    again = take(table, "a\nb\nc\nd\ne")

    assert calls == [2, 2, 2, 2, 1]
    assert (again.added, again.present) == (3, 2)
    assert len(table.state().notes) == 5


@pytest.mark.django_db
def test_a_name_is_no_note_and_the_file_goes_before_the_choice(table: Table) -> None:
    text = "Wat kan beter\nBrief,parent,worry\nBellen\n"
    table.phase("talk")

    taken = take(table, text, choices=[Choice(1, first_is_name=True)], is_table=True, voice="staff", kind="wish")

    assert taken.added == 2
    assert [(note.frame, note.role, note.kind, note.shown) for note in table.state().notes.values()] == [
        (1, "parent", "worry", True),
        (1, "staff", "wish", True),
    ]


@pytest.mark.django_db
def test_our_own_csv_comes_back_as_it_went(table: Table, cast: Cast) -> None:
    table.phase("talk")
    for frame, words in ((0, "=1+1"), (1, 'Twee; of\n"drie", ja')):
        table.write(table.karin, words, frame, kind="worry")
    table.board.refresh_from_db()
    text = importing.text_of(exports.as_csv(exports.of(table.board)))
    other = Table.lay(cast.office)
    other.phase("talk")

    take(other, text, choices=[Choice(0), Choice(1)], is_table=True)

    assert [(note.frame, note.text, note.kind, note.role) for note in other.state().notes.values()] == [
        (0, "=1+1", "worry", "parent"),
        (1, 'Twee; of\n"drie", ja', "worry", "parent"),
    ]


@pytest.mark.django_db
def test_a_board_that_takes_no_more_says_so(table: Table) -> None:
    table.phase("closed")

    taken = take(table, "Te laat")

    assert (taken.added, taken.refused) == (0, 1)
    assert "closed" in taken.why


@pytest.mark.django_db
def test_the_log_of_an_import_holds_no_person_and_no_mark_that_joins(table: Table, cast: Cast) -> None:
    desk = cast.browser(cast.quinten)
    given = {"shape": "lines", "text": "Een\nTwee", "put": "1", "kind": "idea", "voice": "", "frame_0": "0"}
    desk.post(f"/kantoor/bijeenkomsten/{table.board.meeting_id}/invoer/", given)

    events = list(Event.objects.filter(kind="write"))

    assert len(events) == 2
    assert {event.actor for event in events} == {0}
    assert len({event.said["owner"] for event in events}) == 2


# --- the pages ----------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_file_is_looked_at_first_and_then_put_on_the_board(table: Table, cast: Cast) -> None:
    desk, address = cast.browser(cast.quinten), f"/kantoor/bijeenkomsten/{table.board.meeting_id}/invoer/"
    file = SimpleUploadedFile("miro.csv", b"Wat hielp\nLuisteren\nBellen\n\nWat kan beter\nBrief <b>\nTaal\n")

    looked = desk.post(address, {"shape": "lines", "text": "", "file": file}).content.decode()
    nothing_yet = Event.objects.count()
    kept = re.search(r'<textarea name="text" hidden>\n(.*?)</textarea>', looked, re.DOTALL)
    assert kept
    put = {
        "shape": "table", "text": html.unescape(kept[1]), "put": "1", "kind": "idea", "voice": "youth",
        "frame_0": "0", "name_0": "on", "frame_1": "1", "name_1": "on",
    }  # fmt: skip
    done = [desk.post(address, put) for _press in range(2)]

    assert nothing_yet == 0
    assert "selected>Wat kan beter" in looked
    assert "Brief &lt;b&gt;" in looked
    assert [page.status_code for page in done] == [302, 302]
    assert [(note.frame, note.text) for note in table.state().notes.values()] == [
        (0, "Luisteren"), (0, "Bellen"), (1, "Brief <b>"), (1, "Taal"),
    ]  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize("text", ["a,b\nc,d", "Luisteren,items\nBellen,items\nBrief,rood"])
def test_a_table_with_a_column_of_tags_is_shown_with_what_stays_behind(table: Table, cast: Cast, text: str) -> None:
    desk, address = cast.browser(cast.quinten), f"/kantoor/bijeenkomsten/{table.board.meeting_id}/invoer/"

    page = desk.post(address, {"shape": "table", "text": text})

    assert page.status_code == 200
    assert "stay behind" in page.content.decode()


@pytest.mark.django_db
def test_of_very_many_tags_twenty_are_named(table: Table, cast: Cast) -> None:
    desk, address = cast.browser(cast.quinten), f"/kantoor/bijeenkomsten/{table.board.meeting_id}/invoer/"
    text = "Vaak,rood\nNog eens,rood\n" + "".join(f"Een,tag{number}\n" for number in range(30))

    page = desk.post(address, {"shape": "table", "text": text}).content.decode()

    assert '<q dir="auto">rood</q> (2), <q' in page
    assert page.count('<q dir="auto">') == 20


@pytest.mark.django_db
@pytest.mark.parametrize("rest", ["invoer/", "overtypen/"])
def test_a_voice_is_unknown_until_somebody_says_it(table: Table, cast: Cast, rest: str) -> None:
    desk = cast.browser(cast.quinten)
    address = f"/kantoor/bijeenkomsten/{table.board.meeting_id}/{rest}"

    page = desk.post(address, {"shape": "lines", "text": "Een"}) if rest == "invoer/" else desk.get(address)

    voices = re.findall(r'<(?:option|input)[^>]*value="([a-z]*)"([^>]*)>', page.content.decode().split("voice", 1)[1])
    assert voices[0][0] == ""
    assert ("youth", "") in [
        (value, "selected" * ("selected" in more) + "checked" * ("checked" in more)) for value, more in voices
    ]


@pytest.mark.django_db
def test_a_faulty_file_comes_back_in_the_field_to_be_mended(table: Table, cast: Cast) -> None:
    desk, address = cast.browser(cast.quinten), f"/kantoor/bijeenkomsten/{table.board.meeting_id}/invoer/"
    file = SimpleUploadedFile("miro.csv", b"Kort\n" + b"y" * 1200)

    page = desk.post(address, {"shape": "lines", "text": "", "file": file})
    back = desk.post(address, {"shape": "lines", "text": "Een\nTwee", "again": "1"})

    assert page.status_code == 422
    assert "y" * 1200 in page.content.decode()
    assert "Note 2 has 1200 characters" in page.content.decode()
    assert back.status_code == 200
    assert "Een\nTwee</textarea>" in back.content.decode()


@pytest.mark.django_db
def test_a_picture_or_a_film_is_no_list(table: Table, cast: Cast) -> None:
    desk, address = cast.browser(cast.quinten), f"/kantoor/bijeenkomsten/{table.board.meeting_id}/invoer/"
    for name, data in (("foto.csv", b"\x89PNG\x00\x00"), ("film.txt", b"\x00" * 3_000_000), ("leeg.csv", b"")):
        page = desk.post(address, {"shape": "lines", "text": "", "file": SimpleUploadedFile(name, data)})
        assert page.status_code == 422, name
    assert not Event.objects.exists()


@pytest.mark.django_db
def test_nothing_comes_onto_the_board_of_a_meeting_that_has_ended(table: Table, cast: Cast) -> None:
    meetings.end(table.board.meeting)
    desk, address = cast.browser(cast.quinten), f"/kantoor/bijeenkomsten/{table.board.meeting_id}/invoer/"
    given = {"shape": "lines", "text": "Een", "put": "1", "kind": "idea", "voice": "", "frame_0": "0"}

    page = desk.post(address, given)

    assert page.status_code == 409
    assert "has ended" in page.content.decode()
    assert "Een</textarea>" in page.content.decode()  # what was typed
    assert not Event.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("rest", ["invoer/", "kaartjes/", "overtypen/"])
def test_a_board_that_is_closed_says_so_before_anything_is_typed(table: Table, cast: Cast, rest: str) -> None:
    desk, address = cast.browser(cast.quinten), f"/kantoor/bijeenkomsten/{table.board.meeting_id}/{rest}"
    before = desk.get(address).content.decode()
    table.phase("closed")

    page = desk.get(address).content.decode()

    assert "The board is closed" in page
    assert "The board is closed" not in before
    assert "<textarea" not in page
    assert 'name="pages"' not in page


@pytest.mark.django_db
def test_what_could_not_be_put_on_the_board_stays_on_the_page_with_the_reason(
    table: Table, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gehoor.boards.rules.MOST_NOTES", 0)
    desk, address = cast.browser(cast.quinten), f"/kantoor/bijeenkomsten/{table.board.meeting_id}/invoer/"
    given = {"shape": "lines", "text": "Een\nTwee", "put": "1", "kind": "wish", "voice": "", "frame_0": "1"}

    response = desk.post(address, given)
    page = response.content.decode()

    assert response.status_code == 422
    assert "2 notes could not be put on the board: This board is full." in page
    assert "Een\nTwee</textarea>" in page
    assert "selected>Wat kan beter" in page
    assert "0 notes were put" not in page


@pytest.mark.django_db
def test_a_place_that_the_board_does_not_have_is_chosen_by_hand(table: Table, cast: Cast) -> None:
    desk, address = cast.browser(cast.quinten), f"/kantoor/bijeenkomsten/{table.board.meeting_id}/invoer/"
    given = {"shape": "table", "text": "Vak;Tekst\nWat hielp;Luisteren\nIdeeën;Een appje\n;Los\n"}

    looked = desk.post(address, given).content.decode()
    response = desk.post(address, {**given, "put": "1", "kind": "idea", "voice": "", "frame_0": "0"})

    assert looked.count("The board has no part with this name.") == 1
    assert "Lines without a part" in looked
    assert looked.count('<option value="" selected>choose a part</option>') == 2
    assert response.status_code == 422
    assert "Choose where “Ideeën” goes." in response.content.decode()
    assert "Choose where the lines without a part go." in response.content.decode()
    assert not Event.objects.exists()


@pytest.mark.django_db
def test_only_the_adviser_of_this_office_imports(table: Table, cast: Cast) -> None:
    address = f"/kantoor/bijeenkomsten/{table.board.meeting_id}/invoer/"

    answers = [cast.browser(who).get(address).status_code for who in (cast.quinten, cast.bram, cast.daan)]

    assert answers == [200, 403, 404]
