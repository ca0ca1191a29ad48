"""A board as a file: what may leave does, in four forms, and nothing of who wrote it."""

import csv
import io
import json
import re
import shutil
import subprocess
import zipfile
from typing import Any
from xml.etree import ElementTree as ET

import pikepdf
import pytest
from django.test import Client
from tests.boards.room import Table, new_key
from tests.cast import Cast

from gehoor.boards import changes, exports, queries
from gehoor.boards.exports import BoardOut
from gehoor.meetings.models import Meeting
from gehoor.offices.models import Entry

pytestmark = pytest.mark.django_db
WRITERS = {"csv": exports.as_csv, "json": exports.as_json, "odt": exports.as_odt, "pdf": exports.as_pdf}
NAMED = {
    "frames": [{"title": "Wat hielp", "question": "Wat hielp jou?"}],
    "phases": [{"kind": "talk", "anonymous": False}, {"kind": "closed"}],
}
TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
MANIFEST = "{urn:oasis:names:tc:opendocument:xmlns:manifest:1.0}"


@pytest.fixture
def table(cast: Cast) -> Table:
    return Table.lay(cast.office)


def taken(table: Table, **more: Any) -> BoardOut:
    table.board.refresh_from_db()
    return exports.of(table.board, **more)


def written(data: bytes) -> str:
    """All that stands in a file, whatever form it has."""
    if data.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            return "\n".join(package.read(name).decode() for name in package.namelist())
    if data.startswith(b"%PDF"):
        if shutil.which("pdftotext") is None:
            pytest.skip("needs pdftotext (Debian's poppler-utils)")
        shown = subprocess.run(["pdftotext", "-", "-"], input=data, capture_output=True, check=True).stdout.decode()
        with pikepdf.open(io.BytesIO(data)) as pdf:
            return shown + "\n".join(repr(each) for each in pdf.objects) + str(pdf.open_metadata())
    return data.decode("utf-8-sig")


def rows(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def texts(board: BoardOut) -> list[str]:
    return [note.text for frame in board.frames for note in frame.notes]


def talked(table: Table) -> str:
    """A board that was turned, grouped and voted on; the key of the note with two dots."""
    note = table.write(table.amira, "Zij luisterde.", kind="experience")
    table.write(table.karin, "Leg de brief uit.", frame=1, kind="wish")
    table.phase("reveal")
    for frame in (0, 1):
        table.do(table.fatima, "reveal", frame=frame)
    table.phase("group")
    table.do(table.fatima, "cluster", cluster=new_key(), frame=0, title="Luisteren", notes=[note])
    table.phase("vote")
    table.do(table.amira, "dot", note=note, slot=1)
    table.do(table.karin, "dot", note=note, slot=1)
    return note


# --- what leaves --------------------------------------------------------------------------------------------------


def test_notes_that_lie_face_down_while_people_write_stay(table: Table) -> None:
    table.write(table.amira, "Nog geheim.")

    assert texts(taken(table)) == []


def test_notes_that_are_not_turned_leave_marked_and_not_in_the_order_of_writing(table: Table) -> None:
    for words in ("Zon", "Maan", "Appel"):
        table.write(table.amira, words)
    table.phase("check")

    board = taken(table)

    assert texts(board) == ["Appel", "Maan", "Zon"]
    assert {note.state for frame in board.frames for note in frame.notes} == {"face down"}


def test_dots_leave_after_the_vote_only(table: Table) -> None:
    talked(table)
    voting = taken(table)
    table.phase("talk")
    talking = taken(table)

    assert {note.dots for frame in voting.frames for note in frame.notes} == {None}
    assert {note.text: note.dots for frame in talking.frames for note in frame.notes} == {
        "Zij luisterde.": 2,
        "Leg de brief uit.": 0,
    }


def test_what_was_taken_back_stays_and_what_was_hidden_leaves_only_when_asked_for(table: Table) -> None:
    table.phase("talk")
    hurts, gone = table.write(table.amira, "Dit kwetst."), table.write(table.karin, "Toch niet.")
    table.do(table.fatima, "hide", note=hurts)
    table.do(table.karin, "withdraw", note=gone)

    assert texts(taken(table)) == []
    assert [(note.text, note.state) for note in taken(table, with_hidden=True).frames[0].notes] == [
        ("Dit kwetst.", "hidden")
    ]


def test_a_note_says_whether_it_may_be_quoted(table: Table) -> None:
    table.phase("talk")
    note, other = table.write(table.amira, "Ja."), table.write(table.karin, "Nee.")
    with queries.guard:
        queries.kept(table.board.pk).state.notes[note].may_quote = True

    found = {row["text"]: row["may_be_quoted"] for row in rows(exports.as_csv(taken(table)))}
    queries.forget(table.board.pk)

    assert found == {"Ja.": "yes", "Nee.": "no"}
    assert other


@pytest.mark.parametrize("kind", WRITERS)
def test_no_file_points_at_a_writer(cast: Cast, kind: str) -> None:
    table = Table.lay(cast.office, NAMED)
    note = table.write(table.amira, "Zij luisterde.")
    kept = table.state().notes[note]

    file = written(WRITERS[kind](taken(table)))

    assert (kept.author, bool(kept.owner)) == (table.amira.person, True)
    assert kept.owner not in file
    assert note not in file
    assert "author" not in file.replace("/Author", "")
    assert set(re.findall(r"\d\d:\d\d", file)) <= {"00:00"}  # the day of the meeting, without an hour
    assert "Zij luisterde." in file


def test_a_naive_file_does_point_at_its_writers(cast: Cast) -> None:
    """The twin: the notes as they lie in memory."""
    table = Table.lay(cast.office, NAMED)
    note = table.write(table.amira, "Zij luisterde.")

    naive = json.dumps([vars(each) for each in table.state().notes.values()])

    assert table.state().notes[note].owner in naive
    assert f'"author": {table.amira.person}' in naive


def test_a_board_whose_meeting_has_ended_leaves_as_it_stood(table: Table) -> None:
    talked(table)
    table.phase("talk")
    before = [(note.text, note.dots) for frame in taken(table).frames for note in frame.notes]
    changes.end(table.board.meeting)

    after = [(note.text, note.dots) for frame in taken(table).frames for note in frame.notes]

    assert after == before
    assert (before[0], len(before)) == (("Zij luisterde.", 2), 2)


# --- the forms ----------------------------------------------------------------------------------------------------


def test_a_cell_is_never_a_formula(table: Table) -> None:
    table.phase("talk")
    for words in ("=1+1", "@SUM(A1)", "-2", 'Gewoon; met "aanhaling",\nen een regel'):
        table.write(table.amira, words)

    found = [row["text"] for row in rows(exports.as_csv(taken(table)))]

    assert found == ["'=1+1", "'@SUM(A1)", "'-2", 'Gewoon; met "aanhaling",\nen een regel']


def test_a_spreadsheet_knows_the_letters_of_a_csv(table: Table) -> None:
    table.phase("talk")
    table.write(table.amira, "Één café ☕ مرحبا")

    data = exports.as_csv(taken(table))

    assert data.startswith(b"\xef\xbb\xbf")
    assert rows(data)[0]["text"] == "Één café ☕ مرحبا"
    assert tuple(rows(data)[0]) == exports.COLUMNS


def test_the_json_has_the_shape_that_its_writer_promises(table: Table) -> None:
    talked(table)
    table.phase("talk")

    told = json.loads(exports.as_json(taken(table)))

    assert set(told) == {"format", "version", "office", "meeting", "kind", "held_on", "phase", "frames", "votes"}
    assert (told["format"], told["version"], told["phase"]) == ("gehoor-board", 1, "talk")
    assert [group["heading"] for group in told["frames"][0]["groups"]] == ["", "Luisteren"]
    assert told["frames"][0]["groups"][1]["notes"] == [
        {
            "kind": "experience", "voice": "youth", "text": "Zij luisterde.", "may_be_quoted": False, "state": "shown",
            "feeling": None, "dots": 2,
        }
    ]  # fmt: skip


def parsed(data: bytes) -> ET.Element:
    return ET.fromstring(data)  # noqa: S314 -- our own file


def odt(table: Table) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(exports.as_odt(taken(table)))) as package:
        assert package.testzip() is None
        return {name: package.read(name) for name in package.namelist()}


def test_an_odt_is_known_by_its_first_bytes(table: Table) -> None:
    data = exports.as_odt(taken(table))

    with zipfile.ZipFile(io.BytesIO(data)) as package:
        first = package.infolist()[0]
        moments = {entry.date_time for entry in package.infolist()}
    assert (first.filename, first.compress_type, first.extra) == ("mimetype", zipfile.ZIP_STORED, b"")
    assert data[38:77] == b"application/vnd.oasis.opendocument.text"
    assert moments == {(1980, 1, 1, 0, 0, 0)}
    assert data == exports.as_odt(taken(table))


def test_an_odt_names_each_of_its_files_and_only_styles_that_are_there(table: Table) -> None:
    talked(table)
    table.phase("talk")
    table.write(table.karin, "مرحبا <b>& meer</b>\nnog  een\tregel")

    files = odt(table)
    content, styles = parsed(files["content.xml"]), parsed(files["styles.xml"])
    manifest = parsed(files["META-INF/manifest.xml"])

    named = {entry.get(f"{MANIFEST}full-path") for entry in manifest}
    known = {each.get(f"{STYLE}name") for each in styles.iter() if each.get(f"{STYLE}name")}
    used = {each.get(f"{TEXT}style-name") for each in content.iter() if each.get(f"{TEXT}style-name")}
    used |= {each.get(f"{STYLE}parent-style-name") for each in styles.iter() if each.get(f"{STYLE}parent-style-name")}
    assert named == {"/", *files} - {"mimetype", "META-INF/manifest.xml"}
    assert used <= known
    assert {each.get("{urn:oasis:names:tc:opendocument:xmlns:office:1.0}version") for each in (content, styles)} == {
        "1.3"
    }


def test_an_odt_is_an_outline_with_lists(table: Table) -> None:
    talked(table)
    table.phase("talk")
    table.write(table.karin, "مرحبا <b>& meer</b>\nnog  een\tregel")

    content = parsed(odt(table)["content.xml"])

    heads = [(each.get(f"{TEXT}outline-level"), each.text) for each in content.iter(f"{TEXT}h")]
    assert heads == [("1", "Wat hielp"), ("2", "Luisteren"), ("1", "Wat kan beter")]
    assert len(list(content.iter(f"{TEXT}list-item"))) == 3
    arabic = next(each for each in content.iter(f"{TEXT}p") if each.get(f"{TEXT}style-name") == "NoteFromTheRight")
    assert arabic.text == "مرحبا <b>& meer</b>"
    assert [each.tag.removeprefix(TEXT) for each in arabic] == ["line-break", "s", "tab"]


def test_an_odt_holds_no_author_and_no_moment(table: Table) -> None:
    meta = parsed(odt(table)["meta.xml"])

    assert [each.tag.rpartition("}")[2] for each in meta[0]] == ["generator", "title", "language"]


@pytest.mark.parametrize("word", ["h" * 119, "https://voorbeeld.nl/" + "pad/naar?een=2&" * 20])
def test_a_very_long_word_stays_on_the_page_and_whole_in_the_json(table: Table, word: str) -> None:
    table.phase("talk")
    table.write(table.karin, f"Kijk: {word}")
    Meeting.objects.update(name=word[:119])
    table.board.meeting.refresh_from_db()

    made = exports.as_pdf(taken(table))

    assert word in exports.as_json(taken(table)).decode()
    if shutil.which("pdftotext"):
        boxes = subprocess.run(
            ["pdftotext", "-bbox", "-", "-"], input=made, capture_output=True, check=True
        ).stdout.decode()
        edges = [float(edge) for edge in re.findall(r'<word [^>]*xMax="([\d.]+)"', boxes)]
        assert edges
        assert max(edges) <= 595 - 62  # an A4 less its margin


def test_the_pdf_is_tagged_titled_and_has_headings_and_lists(table: Table) -> None:
    talked(table)
    table.phase("talk")
    table.write(table.karin, "مرحبا, en een 😀 erbij")

    with pikepdf.open(io.BytesIO(exports.as_pdf(taken(table)))) as pdf:
        kinds = {str(each["/S"]) for each in pdf.objects if isinstance(each, pikepdf.Dictionary) and "/S" in each}
        with pdf.open_metadata() as about:
            assert about.get("pdfuaid:part") == "1"
        assert str(pdf.docinfo["/Title"]).startswith("Met jongeren")
        assert str(pdf.docinfo["/CreationDate"]).startswith("D:20261122000000")
        assert str(pdf.Root["/Lang"]) == "en"
    assert {"/H1", "/H2", "/H3", "/L", "/LI"} <= kinds


def test_a_board_without_notes_is_a_file_too(table: Table) -> None:
    assert all(write(taken(table)) for write in WRITERS.values())


# --- who may ------------------------------------------------------------------------------------------------------


def page(client: Client, meeting: Meeting, **given: Any) -> Any:
    address = f"/kantoor/bijeenkomsten/{meeting.pk}/uitvoer/"
    return client.post(address, given) if given else client.get(address)


def test_the_adviser_takes_a_board_along_and_the_journal_says_so(cast: Cast, table: Table) -> None:
    talked(table)
    desk = cast.browser(cast.quinten)

    shown = page(desk, table.board.meeting)
    files = {kind: page(desk, table.board.meeting, format=kind) for kind in WRITERS}
    lines = list(Entry.objects.filter(verb="board_exported").values_list("subject", flat=True))

    assert shown.status_code == 200
    assert {file.status_code for file in files.values()} == {200}
    assert "Zij luisterde." in files["csv"].content.decode()
    assert files["odt"]["Content-Disposition"] == f'attachment; filename="gehoor-bord-{table.board.meeting_id}.odt"'
    assert sorted(lines) == sorted(f"Met jongeren ({kind})" for kind in WRITERS)


def test_nobody_else_gets_a_byte_of_a_board(cast: Cast, table: Table) -> None:
    talked(table)
    table.phase("talk")

    answers = [
        page(cast.browser(who), table.board.meeting, format="csv")
        for who in (cast.bram, cast.lotte, cast.rosa, cast.daan, None)
    ]

    assert [answer.status_code for answer in answers] == [403, 403, 403, 404, 302]
    assert all("luisterde" not in answer.content.decode() for answer in answers)


def test_a_meeting_without_a_board_and_a_wrong_kind_of_file_are_said_so(cast: Cast, table: Table) -> None:
    talked(table)
    empty = Meeting.objects.create(
        office=cast.office, kind="circle", name="Leeg", purpose="x", held_on=table.board.meeting.held_on
    )
    desk = cast.browser(cast.quinten)

    assert "nothing to export yet" in page(desk, empty).content.decode()
    assert page(desk, empty, format="csv").status_code == 200
    assert page(desk, table.board.meeting, format="exe").status_code == 422
