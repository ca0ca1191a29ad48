"""A client journey: steps in columns, with a row of feelings."""

import pytest
from tests.boards.room import PHASES, Table
from tests.cast import Cast

from gehoor.boards import changes, outline
from gehoor.boards.setups import setup_for
from gehoor.meetings.models import Kind, Source

pytestmark = pytest.mark.django_db
STEPS = {
    "frames": [
        {"title": "De brief", "question": "", "layout": "step"},
        {"title": "Los", "question": "", "layout": "notes"},
    ],
    "phases": [{"kind": kind} for kind in PHASES],
}


@pytest.fixture
def table(cast: Cast) -> Table:
    return Table.lay(cast.office, STEPS)


def test_a_feeling_stands_in_the_row_of_its_step_with_or_without_words(table: Table) -> None:
    table.phase("talk")
    table.write(table.amira, "", mood=1)
    table.write(table.karin, "Ik schrok.", mood=2)
    table.write(table.karin, "Een gewoon briefje.")

    board = outline.of(table.state(), table.youssef)

    assert board.is_journey
    assert [(note.mood, note.text) for note in board.frames[0].feelings.notes] == [(1, ""), (2, "Ik schrok.")]
    assert [note.text for note in board.frames[0].loose.notes] == ["Een gewoon briefje."]


def test_a_feeling_belongs_in_a_step(table: Table) -> None:
    table.phase("talk")

    assert table.do(table.amira, "write", note="n" * 22, frame=1, text="x", mood=3).seq == 0
    assert table.do(table.amira, "write", note="n" * 22, frame=0, text="x" * 1001, mood=3).seq == 0
    assert table.do(table.amira, "write", note="n" * 22, frame=0, text="", mood=0).seq == 0


def test_a_feeling_goes_on_with_its_source(table: Table) -> None:
    table.phase("talk")
    table.write(table.amira, "", mood=5)

    changes.end(table.board.meeting)

    assert list(Source.objects.values_list("mood", "frame")) == [(5, "De brief")]


def test_a_journey_is_laid_with_steps() -> None:
    assert {frame["layout"] for frame in setup_for(Kind.JOURNEY)["frames"]} == {"step"}
    assert {frame["layout"] for frame in setup_for(Kind.FOCUS_GROUP)["frames"]} == {"notes"}
