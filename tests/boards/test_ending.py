"""What stays of a meeting when it has ended, and what does not."""

import json

import pytest
from tests.boards.room import Table
from tests.cast import Cast

from gehoor.base.errors import NotNow
from gehoor.boards import changes, outline, queries
from gehoor.boards.models import Board, Event
from gehoor.boards.queries import Leaving
from gehoor.boards.sight import FACILITATORS, Viewer
from gehoor.meetings.models import Source

pytestmark = pytest.mark.django_db


@pytest.fixture
def table(cast: Cast) -> Table:
    return Table.lay(cast.office)


def _quoting(viewer: Viewer) -> Viewer:
    return Viewer(viewer.person, viewer.role, seed=viewer.seed, may_quote=True)


def _talked(table: Table) -> dict[str, str]:
    """A whole meeting: a note that stays, one of somebody who may be quoted, one hidden, one taken back, one never turned."""
    notes = {
        "stays": table.write(table.amira, "Bel eerst."),
        "quote": table.write(_quoting(table.karin), "De brief was streng."),
        "hidden": table.write(table.youssef, "Amira liegt."),
        "back": table.write(table.youssef, "Toch niet."),
        "face_down": table.write(table.amira, "Nooit omgedraaid.", 1),
    }
    table.do(table.youssef, "withdraw", note=notes["back"])
    table.phase("reveal")
    table.do(table.fatima, "reveal", frame=0)
    table.do(table.fatima, "hide", note=notes["hidden"])
    table.phase("vote")
    table.do(table.karin, "dot", note=notes["stays"], slot=1)
    table.phase("talk")
    return notes


def test_a_note_that_everybody_could_see_becomes_a_source_once(table: Table) -> None:
    notes = _talked(table)

    made = changes.end(table.board.meeting)

    sources = {source.guid: source for source in Source.objects.all()}
    assert made == 2
    assert set(sources) == {notes["stays"], notes["quote"]}
    assert sources[notes["stays"]].text == "Bel eerst."
    assert (sources[notes["stays"]].frame, sources[notes["stays"]].voice) == ("Wat hielp", "youth")
    with pytest.raises(NotNow):
        changes.end(table.board.meeting)
    assert Source.objects.count() == 2


def test_consent_stays_with_what_it_covers(table: Table) -> None:
    notes = _talked(table)

    changes.end(table.board.meeting)

    assert dict(Source.objects.values_list("guid", "may_quote")) == {notes["stays"]: False, notes["quote"]: True}


def test_the_log_goes_and_with_it_every_author_ballot_and_mark(table: Table) -> None:
    table.phase("talk")
    table.do(table.fatima, "write", note="f" * 22, frame=0, text="Van wie leidt.", role="parent")
    table.do(table.fatima, "mute", person=table.youssef.person)
    ballots = set(table.state().dots)

    changes.end(table.board.meeting)

    assert not Event.objects.exists()
    left = json.dumps(Board.objects.get().final)
    assert "Van wie leidt." in left
    assert '"author": null' in left
    assert all(ballot not in left for ballot in ballots)


def test_what_nobody_was_to_see_is_gone(table: Table) -> None:
    _talked(table)

    changes.end(table.board.meeting)

    left = json.dumps(Board.objects.get().final)
    assert "Toch niet." not in left
    assert "Nooit omgedraaid." not in left


def test_the_end_says_what_stays_and_what_goes(table: Table) -> None:
    table.write(table.amira, "Gaat open.", frame=0)
    never = table.write(table.karin, "Kwetst.", frame=0)
    table.write(table.amira, "Blijft dicht.", frame=1)
    table.phase("check")
    table.do(table.fatima, "hide", note=never)
    table.phase("reveal")
    table.do(table.fatima, "reveal", frame=0)

    with queries.guard:
        table.board.refresh_from_db()
        leaving = queries.leaving(table.board)

    assert leaving == Leaving(stay=1, hidden=0, hidden_down=1, face_down=1)


def test_the_board_after_the_end_is_the_board_before_it(table: Table) -> None:
    _talked(table)
    table.phase("closed")
    before = outline.of(table.state(), table.karin)

    changes.end(table.board.meeting)

    after = outline.of(table.state(), table.karin)
    assert [note.text for note in after.frames[0].loose.notes] == [note.text for note in before.frames[0].loose.notes]
    assert [note.dots for note in after.frames[0].loose.notes] == [note.dots for note in before.frames[0].loose.notes]
    assert [note.own for note in after.frames[0].loose.notes].count(True) == 1
    assert after.phase.kind == "closed"


def test_nothing_can_be_done_after_the_end(table: Table) -> None:
    changes.end(table.board.meeting)

    outcome = table.do(table.amira, "write", note="n" * 22, frame=0, text="Te laat.")

    assert outcome.seq == 0
    assert not Event.objects.exists()


def test_another_process_sees_the_end(table: Table) -> None:
    _talked(table)
    stale = queries.known(Board.objects.get())

    changes.end(table.board.meeting)

    assert queries.known(Board.objects.get()) is not stale
    assert queries.known(Board.objects.get()).is_final


def test_dots_by_voice_leave_only_through_the_gate(table: Table) -> None:
    """Five youths and one parent: a naive split shows what the parent chose."""
    note = table.write(table.amira, "Bel eerst.")
    table.phase("reveal")
    table.do(table.fatima, "reveal", frame=0)
    table.phase("vote")
    voters = [Viewer(10 + n, "youth", seed=bytes([n]) * 32) for n in range(5)] + [table.karin]
    for who in voters:
        assert table.do(who, "dot", note=note, slot=1).seq
    naive = [role for _note, role in table.state().dots.values()]
    assert naive.count("parent") == 1

    changes.end(table.board.meeting)

    left = Board.objects.get().final
    assert left["dots"] == {note: 6}
    assert "parent" not in json.dumps(left["votes"])
    assert all(cell["reason"] == "too_few" for votes in left["votes"] for row in votes["cells"] for cell in row)


def test_a_large_vote_is_told_by_voice(table: Table) -> None:
    """Forty youths and forty parents with three dots each: both groups hold more than thirty dots."""
    notes = [table.write(table.amira, f"Wens {n}") for n in range(2)]
    table.phase("reveal")
    table.do(table.fatima, "reveal", frame=0)
    table.phase("vote")
    for n in range(80):
        role = "youth" if n % 2 else "parent"
        who = Viewer(100 + n, role, seed=n.to_bytes(32, "big"))
        for slot in (1, 2, 3):
            assert table.do(who, "dot", note=notes[(n // 2 + slot) % 2], slot=slot).seq

    changes.end(table.board.meeting)

    votes = Board.objects.get().final["votes"]
    assert [table["dimension"] for table in votes] == [None, "voice"]
    assert {group["name"] for group in votes[1]["groups"] if not group.get("reason")} == {"youth", "parent"}


def test_the_facilitator_sees_no_more_after_the_end_than_before(table: Table) -> None:
    _talked(table)

    changes.end(table.board.meeting)

    texts = {note.text for frame in outline.of(table.state(), FACILITATORS).frames for note in frame.loose.notes}
    assert texts == {"Bel eerst.", "De brief was streng.", "Amira liegt."}
