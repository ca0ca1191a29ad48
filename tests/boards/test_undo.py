"""Undo is one more command: it puts back what somebody did, and nothing of what others did meanwhile."""

import pytest
from tests.boards.room import Table, new_key
from tests.cast import Cast

from gehoor.boards.changes import Outcome

pytestmark = pytest.mark.django_db


@pytest.fixture
def table(cast: Cast) -> Table:
    return Table.lay(cast.office)


def _undo(table: Table, who: str, outcome: Outcome) -> Outcome:
    assert outcome.undo
    return table.do(getattr(table, who), **outcome.undo)


def _grouped(table: Table) -> list[str]:
    notes = [table.write(table.amira, f"Notitie {n}") for n in range(3)]
    table.phase("reveal")
    table.do(table.fatima, "reveal", frame=0)
    table.phase("group")
    return [note.pk for note in sorted((table.state().notes[pk] for pk in notes), key=lambda note: note.place)]


def test_a_move_is_put_back_where_it_came_from(table: Table) -> None:
    first, second, third = _grouped(table)
    moved = table.do(table.karin, "move", note=second, frame=1)

    _undo(table, "karin", moved)

    notes = table.state().notes
    assert sorted((first, second, third), key=lambda pk: notes[pk].place) == [first, second, third]
    assert notes[second].frame == 0


def test_undo_leaves_what_others_did_meanwhile(table: Table) -> None:
    first, second, third = _grouped(table)
    moved = table.do(table.karin, "move", note=first, frame=1)
    table.do(table.youssef, "move", note=third, frame=1)

    _undo(table, "karin", moved)

    notes = table.state().notes
    assert (notes[first].frame, notes[third].frame) == (0, 1)
    assert notes[second].frame == 0


def test_other_words_are_put_back_and_once_more_brings_them_again(table: Table) -> None:
    note = table.write(table.amira, "Eerst.")
    edited = table.do(table.amira, "edit", note=note, kind="wish", text="Daarna.", version=1)

    undone = _undo(table, "amira", edited)

    assert table.state().notes[note].text == "Eerst."
    assert table.state().notes[note].kind == "idea"
    assert undone.seq
    assert table.do(table.amira, "revert", note=note, version=3).seq
    assert table.state().notes[note].text == "Daarna."


def test_undo_of_words_that_were_changed_again_says_so(table: Table) -> None:
    note = table.write(table.amira, "Een.")
    edited = table.do(table.amira, "edit", note=note, kind="idea", text="Twee.", version=1)
    table.do(table.amira, "edit", note=note, kind="idea", text="Drie.", version=2)

    late = _undo(table, "amira", edited)

    assert late.seq == 0
    assert table.state().notes[note].text == "Drie."


def test_a_heading_that_was_taken_away_comes_back_over_its_notes(table: Table) -> None:
    first, second, _third = _grouped(table)
    cluster = new_key()
    table.do(table.karin, "cluster", cluster=cluster, frame=0, title="Bellen", notes=[first, second])
    scattered = table.do(table.karin, "scatter", cluster=cluster)
    assert not table.state().clusters

    _undo(table, "karin", scattered)

    state = table.state()
    assert state.clusters[cluster].title == "Bellen"
    assert {state.notes[first].cluster, state.notes[second].cluster} == {cluster}


@pytest.mark.parametrize("do", ["write", "dot", "hide", "rename", "cluster"])
def test_what_can_be_done_can_be_undone(table: Table, do: str) -> None:
    first, *_rest = _grouped(table)
    cluster = new_key()
    table.do(table.fatima, "cluster", cluster=cluster, frame=0, title="Bellen")
    if do == "dot":
        table.phase("vote")
    before = _telling(table)
    asked = {
        "write": {"note": new_key(), "frame": 0, "text": "Erbij."},
        "dot": {"note": first, "slot": 1},
        "hide": {"note": first},
        "rename": {"cluster": cluster, "title": "Anders"},
        "cluster": {"cluster": new_key(), "frame": 0, "title": "Nog een"},
    }[do]
    who = "karin" if do == "dot" else "fatima"
    done = table.do(getattr(table, who), do, **asked)
    assert _telling(table) != before

    _undo(table, who, done)

    assert _telling(table) == before


def _telling(table: Table) -> object:
    """What people see of a board."""
    state = table.state()
    notes = {note.pk: (note.text, note.hidden) for note in state.notes.values() if not note.withdrawn}
    return notes, {each.pk: each.title for each in state.clusters.values()}, set(state.dots.values())


@pytest.mark.parametrize("do", ["timer", "summon", "frame", "new frame", "unframe"])
def test_what_the_facilitator_set_can_be_set_back(table: Table, do: str) -> None:
    table.do(table.fatima, "frame", frame=len(table.state().frames), title="Te veel", question="En?")
    last = len(table.state().frames) - 1
    before = _setting(table)
    asked = {
        "timer": {"minutes": 5},
        "summon": {"frame": 1},
        "frame": {"frame": 0, "title": "Anders", "question": ""},
        "new frame": {"frame": last + 1, "title": "Nog een"},
        "unframe": {"frame": last},
    }[do]
    done = table.do(table.fatima, do.removeprefix("new "), **asked)
    assert _setting(table) != before

    _undo(table, "fatima", done)

    assert _setting(table) == before


def _setting(table: Table) -> object:
    state = table.state()
    return state.ends, state.summons, [(frame.title, frame.question, frame.layout) for frame in state.frames]


def test_a_part_goes_only_when_it_is_the_last_and_nothing_ever_lay_in_it(table: Table) -> None:
    last = len(table.state().frames) - 1
    note = table.write(table.amira, "Blijft.", frame=last)

    full = table.do(table.fatima, "unframe", frame=last)
    table.do(table.amira, "withdraw", note=note)
    taken_back = table.do(table.fatima, "unframe", frame=last)
    middle = table.do(table.fatima, "unframe", frame=0)
    table.do(table.fatima, "frame", frame=last + 1, title="Te veel")
    table.do(table.fatima, "summon", frame=last + 1)
    guest = table.do(table.karin, "unframe", frame=last + 1)
    empty = table.do(table.fatima, "unframe", frame=last + 1)

    assert [outcome.seq for outcome in (full, taken_back, middle, guest)] == [0, 0, 0, 0]
    assert empty.seq
    assert (len(table.state().frames), table.state().summons) == (last + 1, -1)


def test_nobody_undoes_what_another_wrote(table: Table) -> None:
    table.phase("talk")
    note = table.write(table.amira, "Van mij.")
    table.do(table.amira, "edit", note=note, kind="idea", text="Anders.", version=1)

    assert table.do(table.karin, "revert", note=note, version=2).seq == 0
    assert table.do(table.amira, "revert", note=note, version=2).seq


def test_a_right_that_was_lost_is_lost_for_undo_too(table: Table) -> None:
    first, *_rest = _grouped(table)
    moved = table.do(table.karin, "move", note=first, frame=1)
    table.phase("vote")

    assert _undo(table, "karin", moved).seq == 0
