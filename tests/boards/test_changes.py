"""What may be done when, and that it is done once."""

from typing import Any

import pytest
from tests.boards.room import Table, new_key
from tests.cast import Cast

from gehoor.base.errors import BadInput
from gehoor.boards import changes, commands, queries, sight
from gehoor.boards.models import Event

pytestmark = pytest.mark.django_db


@pytest.fixture
def table(cast: Cast) -> Table:
    return Table.lay(cast.office)


def test_the_same_command_twice_happens_once(table: Table) -> None:
    key, note = new_key(), new_key()

    first = table.do(table.amira, "write", key=key, note=note, frame=0, text="Een keer.")
    again = table.do(table.amira, "write", key=key, note=note, frame=0, text="Een keer.")

    assert first.seq == again.seq == 1
    assert Event.objects.count() == 1


def test_the_same_command_twice_in_one_line_happens_once(table: Table) -> None:
    asked = commands.read({"do": "write", "key": new_key(), "note": new_key(), "frame": 0, "text": "Een keer."})

    outcomes = changes.perform(table.board.pk, [(table.amira, asked), (table.amira, asked)])

    assert [outcome.seq for outcome in outcomes] == [1, 1]


def test_another_process_reads_the_same_board_from_the_log(table: Table) -> None:
    note = table.write(table.amira, "Bel eerst.")
    table.phase("reveal")
    table.do(table.fatima, "reveal", frame=0)
    table.phase("group")
    cluster = new_key()
    table.do(table.karin, "cluster", cluster=cluster, frame=0, title="Bellen", notes=[note])
    before = table.state()

    queries.forget(table.board.pk)

    assert table.state() == before
    assert before.notes[note].cluster == cluster


def test_of_two_who_change_one_note_the_later_sees_both_texts(table: Table) -> None:
    note = table.write(table.amira, "Eerst.")
    table.do(table.amira, "edit", note=note, kind="wish", text="Daarna.", version=1)

    late = table.do(table.amira, "edit", note=note, kind="idea", text="Te laat.", version=1)

    assert late.seq == 0
    assert late.why_not
    assert late.now is not None
    assert (late.now["text"], late.now["version"]) == ("Daarna.", 2)


def test_a_note_of_another_cannot_be_changed_or_taken_back(table: Table) -> None:
    table.phase("talk")
    note = table.write(table.amira, "Van mij.")

    refused = [
        table.do(table.karin, "edit", note=note, kind="idea", text="Van jou.", version=1),
        table.do(table.fatima, "edit", note=note, kind="idea", text="Van jou.", version=1),
        table.do(table.karin, "withdraw", note=note),
    ]

    assert [outcome.seq for outcome in refused] == [0, 0, 0]
    assert table.sees(table.karin) == {"Van mij."}


def test_a_guess_at_a_private_note_says_nothing_of_it(table: Table) -> None:
    note = table.write(table.amira, "Geheim.")

    outcomes = [table.do(table.karin, "edit", note=pk, kind="idea", text="x", version=1) for pk in (note, new_key())]

    assert outcomes[0] == outcomes[1]


FACILITATORS = {
    "step": {"step": 1}, "reveal": {"frame": 0}, "timer": {"minutes": 5}, "summon": {"frame": 0}, "lock": {},
    "ask_ready": {}, "mute": {"person": 3}, "frame": {"frame": 2, "title": "Nog een"},
}  # fmt: skip


@pytest.mark.parametrize("do", FACILITATORS)
def test_what_leads_the_meeting_is_for_the_facilitator(table: Table, do: str) -> None:
    assert table.do(table.amira, do, **FACILITATORS[do]).seq == 0
    assert Event.objects.count() == 0


@pytest.mark.parametrize("phase", ["check", "reveal", "group", "vote", "closed"])
def test_writing_is_for_the_phases_of_writing(table: Table, phase: str) -> None:
    table.phase(phase)

    assert table.do(table.amira, "write", note=new_key(), frame=0, text="Te laat.").why_not


def test_a_right_that_was_lost_a_moment_ago_is_lost(table: Table) -> None:
    table.do(table.fatima, "mute", person=table.amira.person)
    muted = table.do(table.amira, "write", note=new_key(), frame=0, text="x")
    table.do(table.fatima, "lock")
    locked = table.do(table.karin, "write", note=new_key(), frame=0, text="x")
    table.do(table.fatima, "lock", on=False)

    assert muted.why_not
    assert locked.why_not
    assert table.do(table.karin, "write", note=new_key(), frame=0, text="x").seq


def test_nobody_has_more_dots_than_there_are(table: Table) -> None:
    notes = [table.write(table.amira, f"Notitie {number}") for number in range(4)]
    table.phase("reveal")
    table.do(table.fatima, "reveal", frame=0)
    table.phase("vote")

    given = [table.do(table.karin, "dot", note=note, slot=slot).seq for slot, note in enumerate(notes, 1)]
    twice = table.do(table.karin, "dot", note=notes[3], slot=1).seq
    back = table.do(table.karin, "undot", slot=1).seq
    moved = table.do(table.karin, "dot", note=notes[3], slot=1).seq

    assert [bool(seq) for seq in given] == [True, True, True, False]
    assert (bool(twice), bool(back), bool(moved)) == (False, True, True)
    assert len(table.state().dots) == 3


def test_moving_before_another_note_keeps_the_rest_in_order(table: Table) -> None:
    table.phase("talk")
    one, two, three = (table.write(table.amira, text) for text in ("een", "twee", "drie"))
    table.phase("group")

    table.do(table.karin, "move", note=three, frame=0, before=one)

    notes = sorted(table.state().notes.values(), key=lambda note: note.place)
    assert [note.pk for note in notes] == [three, one, two]


BAD: list[Any] = [
    None, [], "write", {}, {"do": "fly"}, {"do": "write"}, {"do": "write", "key": "x" * 22, "note": "y" * 22, "frame": 0},
    {"do": "write", "key": "kort", "note": "y" * 22, "frame": 0, "text": "x"},
    {"do": "lock", "key": "x" * 22, "actor": 7}, {"do": "timer", "key": "x" * 22, "minutes": -1},
    {"do": "write", "key": "x" * 22, "note": "y" * 22, "frame": 0, "text": "x" * 60_000},
]  # fmt: skip


@pytest.mark.parametrize("asked", BAD)
def test_what_is_no_command_is_refused(asked: Any) -> None:
    with pytest.raises(BadInput):
        commands.read(asked)


def test_a_note_keeps_its_letters_and_loses_what_no_keyboard_makes(table: Table) -> None:
    text = "\x00<b>vet</b> \u202eomgekeerd 😀 مرحبا\ud800"

    note = table.write(table.amira, text)

    assert table.state().notes[note].text == "<b>vet</b> omgekeerd 😀 مرحبا?"


@pytest.mark.parametrize("text", ["", "   \n ", "x" * 1001, "x" * 10_000])
def test_an_empty_or_endless_note_gets_a_sentence(table: Table, text: str) -> None:
    assert table.do(table.amira, "write", note=new_key(), frame=0, text=text).why_not
    assert Event.objects.count() == 0


def test_who_leads_can_go_back_from_closed_until_the_end(table: Table) -> None:
    table.phase("closed")

    assert table.do(table.karin, "step", step=5).seq == 0
    assert table.do(table.fatima, "reveal", frame=0).seq == 0
    assert table.do(table.fatima, "step", step=5).seq
    assert table.state().phase.kind == "talk"


def test_a_note_that_was_hidden_in_the_check_and_is_shown_later_is_there_for_everybody(table: Table) -> None:
    note = table.write(table.amira, "Toch goed.")
    table.phase("check")
    table.do(table.fatima, "hide", note=note)
    table.phase("reveal")
    table.do(table.fatima, "reveal", frame=0)
    waiting = sight.waiting(table.state())[0]
    table.phase("talk")

    table.do(table.fatima, "hide", note=note, on=False)

    assert waiting == 0
    assert table.sees(table.karin) == {"Toch goed."}


@pytest.mark.parametrize("text", ["\u200b", "\u200b \u2060\n", "\ufeff"])
def test_a_note_of_signs_that_nobody_sees_is_empty(table: Table, text: str) -> None:
    assert str(table.do(table.amira, "write", note=new_key(), frame=0, text=text).why_not)


@pytest.mark.parametrize("text", ["👍🏽", "👨‍👩‍👧", "سلام", "ok"])
def test_a_note_of_pictures_alone_is_a_note(table: Table, text: str) -> None:
    assert table.do(table.amira, "write", note=new_key(), frame=0, text=text).seq
    assert table.sees(table.amira) == {text}
