"""The board of an ended meeting on the desk of the adviser."""

import io
import json
import zipfile

import pytest
from django.test import Client
from tests.boards.room import Table
from tests.cast import Cast

from gehoor.boards import changes, exports
from gehoor.boards.models import Board
from gehoor.boards.sight import Viewer

pytestmark = pytest.mark.django_db


def _address(table: Table) -> str:
    return f"/kantoor/bijeenkomsten/{table.board.meeting_id}/bord/"


def _ended(cast: Cast, voters: int) -> Table:
    table = Table.lay(cast.office)
    notes = [table.write(table.amira, f"Wens {n}") for n in range(2)]
    table.phase("reveal")
    table.do(table.fatima, "reveal", frame=0)
    table.phase("vote")
    for n in range(voters):
        who = Viewer(100 + n, "youth" if n % 2 else "parent", seed=n.to_bytes(32, "big"))
        for slot in (1, 2, 3):
            table.do(who, "dot", note=notes[(n // 2 + slot) % 2], slot=slot)
    changes.end(table.board.meeting)
    return table


def _page(cast: Cast, table: Table) -> str:
    browser: Client = cast.browser(cast.quinten)
    return browser.get(_address(table)).content.decode()


def test_a_large_vote_is_shown_by_voice(cast: Cast) -> None:
    page = _page(cast, _ended(cast, 80))

    assert "Wens 0" in page
    assert '<th scope="col">youth</th>' in page
    assert "50%" in page


def test_a_small_vote_is_not(cast: Cast) -> None:
    page = _page(cast, _ended(cast, 6))

    assert "Too few people voted" in page
    assert '<th scope="col">youth</th>' not in page


def test_a_board_of_today_is_not_looked_at_from_the_desk(cast: Cast) -> None:
    table = Table.lay(cast.office)
    table.write(table.amira, "Nog geheim.")

    page = _page(cast, table)

    assert "Nog geheim." not in page
    assert "There is no finished board" in page


def test_an_officer_does_not_look(cast: Cast) -> None:
    table = _ended(cast, 6)

    assert cast.browser(cast.bram).get(_address(table)).status_code in {302, 403, 404}


def test_a_file_tells_by_voice_what_the_gate_lets_through(cast: Cast) -> None:
    large, small = exports.of(_fresh(_ended(cast, 80))), exports.of(_fresh(_ended(cast, 6)))

    assert json.loads(exports.as_json(large))["votes"][0]["shares"] == {
        "everybody": "50%",
        "youth": "50%",
        "parent": "50%",
    }
    assert json.loads(exports.as_json(small))["votes"] is None
    assert b"Who chose what" in zipfile.ZipFile(io.BytesIO(exports.as_odt(large))).read("content.xml")
    assert exports.as_pdf(large).startswith(b"%PDF")


def _fresh(table: Table) -> Board:
    return Board.objects.get(pk=table.board.pk)
