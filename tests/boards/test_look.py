"""The board of an ended meeting on the desk of the adviser."""

import pytest
from django.test import Client
from tests.boards.room import Table
from tests.cast import Cast

from gehoor.boards import changes
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
