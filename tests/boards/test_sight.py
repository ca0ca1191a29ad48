"""Who gets which words, in each phase."""

import json
from typing import Any

import pytest
from tests.boards.room import PHASES, Table
from tests.cast import Cast

from gehoor.boards import sight
from gehoor.boards.models import Event

pytestmark = pytest.mark.django_db


@pytest.fixture
def table(cast: Cast) -> Table:
    return Table.lay(cast.office)


def test_what_is_written_in_private_is_seen_by_its_writer_only(table: Table) -> None:
    table.write(table.amira, "Zij luisterde.")

    seen = {name: table.sees(getattr(table, name)) for name in ("amira", "youssef", "karin", "fatima")}

    assert seen == {"amira": {"Zij luisterde."}, "youssef": set(), "karin": set(), "fatima": set()}
    assert sight.waiting(table.state())[0] == 1


def test_the_facilitator_checks_without_a_writer(table: Table) -> None:
    note = table.write(table.amira, "Zij luisterde.")
    table.phase("check")

    state = table.state()
    got = sight.seen(state.notes[note], state, table.fatima)

    assert got is not None
    assert got["text"] == "Zij luisterde."
    assert {"owner", "author", "person"} & set(got) == set()
    assert table.sees(table.youssef) == set()


def test_notes_are_revealed_by_frame_and_hidden_ones_stay_away(table: Table) -> None:
    table.write(table.amira, "Zij luisterde.", 0)
    hurting = table.write(table.youssef, "Amira liegt.", 0)
    table.write(table.karin, "Bel eerst.", 1)
    table.phase("check")
    table.do(table.fatima, "hide", note=hurting)
    table.phase("reveal")

    table.do(table.fatima, "reveal", frame=0)

    assert table.sees(table.karin) == {"Zij luisterde.", "Bel eerst."}  # the last one is her own
    assert table.sees(table.amira) == {"Zij luisterde."}
    assert table.sees(table.fatima) == {"Zij luisterde.", "Amira liegt.", "Bel eerst."}


def test_revealing_draws_an_order_that_is_not_that_of_writing(table: Table) -> None:
    written = [table.write(table.amira, f"Notitie {number}") for number in range(12)]
    table.phase("reveal")
    table.do(table.fatima, "reveal", frame=0)

    notes = sorted(table.state().notes.values(), key=lambda note: note.place)

    assert {note.pk for note in notes} == set(written)
    assert [note.pk for note in notes] != written


def test_a_note_that_was_taken_back_is_there_for_its_writer_only(table: Table) -> None:
    note = table.write(table.amira, "Toch niet.")
    table.phase("talk")
    later = table.write(table.amira, "Dit wel.")
    table.do(table.amira, "withdraw", note=note)
    table.do(table.amira, "withdraw", note=later)

    assert table.sees(table.fatima) == table.sees(table.karin) == set()
    table.do(table.amira, "withdraw", note=later, on=False)
    assert table.sees(table.karin) == {"Dit wel."}


def test_dots_are_counted_out_loud_only_after_the_vote(table: Table) -> None:
    note = table.write(table.amira, "Bel eerst.")
    table.phase("reveal")
    table.do(table.fatima, "reveal", frame=0)
    table.phase("vote")
    for who in (table.youssef, table.karin):
        assert table.do(who, "dot", note=note, slot=1).seq

    state = table.state()
    during = sight.seen(state.notes[note], state, table.fatima)
    table.phase("talk")
    state = table.state()
    after = sight.seen(state.notes[note], state, table.amira)

    assert during is not None
    assert after is not None
    assert "dots" not in during
    assert after["dots"] == 2


def test_no_message_to_anybody_holds_a_byte_of_a_private_note(table: Table) -> None:
    """The stream's own function, for guests and for the facilitator, after each command."""
    told: list[dict[str, Any]] = []
    for number in range(5):
        note = table.write(table.amira, f"Geheim {number}")
        state = table.state()
        told += [sight.changed(state, {note}, viewer) for viewer in (sight.EVERYBODY, sight.FACILITATORS)]

    text = json.dumps(told)
    assert "Geheim" not in text
    assert all(note.owner not in text for note in table.state().notes.values())
    assert told[-1]["waiting"] == [5, 0]


def test_an_anonymous_phase_keeps_no_author_and_the_marks_of_two_notes_have_nothing_in_common(table: Table) -> None:
    table.write(table.amira, "Een.")
    table.write(table.amira, "Twee.")
    table.do(table.amira, "ready")

    events = list(Event.objects.values("actor", "said"))

    assert [event["actor"] for event in events] == [None, None, None]
    assert len({event["said"].get("owner") for event in events}) == 3
    assert all(table.amira.seed.hex() not in json.dumps(event) for event in events)
    assert all("author" not in event["said"] and "person" not in event["said"] for event in events)


def test_a_naive_log_points_at_its_writers(table: Table) -> None:
    """The twin: a column for who did it, also when the screen hides names."""
    naive = [{"actor": who.person, "said": {"text": text}} for who, text in [(table.amira, "Een."), (table.karin, "x")]]

    assert [event["said"] for event in naive if event["actor"] == table.amira.person] == [{"text": "Een."}]


@pytest.mark.parametrize("phase", PHASES)
def test_in_every_phase_a_stranger_to_a_hidden_note_learns_nothing_of_it(table: Table, phase: str) -> None:
    note = table.write(table.youssef, "Geheim dat kwetst")
    table.phase("check")
    table.do(table.fatima, "hide", note=note)
    table.phase(phase)

    state = table.state()
    told = [sight.changed(state, set(state.notes), sight.EVERYBODY), sight.around(state)]

    assert "Geheim" not in json.dumps(told)
    assert table.sees(table.amira) == set()
    assert table.sees(table.youssef) == {"Geheim dat kwetst"}
