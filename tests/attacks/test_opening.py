"""Opening: not too early, not twice, not half; and loud about what cannot be opened."""

import datetime as dt
import logging
from collections.abc import Callable
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from nacl.public import PrivateKey, SealedBox
from tests.attacks.house import House, at_once
from tests.attacks.test_once import full

from gehoor.answers import changes, keyring, sealing
from gehoor.answers.models import Batch, Envelope, OpenedBatch, OpenText, Submission
from gehoor.base import clock
from gehoor.rounds import changes as rounds

MONDAY = dt.date(2027, 3, 1)
ANSWER = {"heard": "2", "good": "Eerste verhaal.", "better": "Tweede verhaal."}


# --- UA-29: one envelope ------------------------------------------------------------------------------------------


def test_one_envelope_waits_and_opens_on_the_next_working_day_as_early(house: House) -> None:
    """UA-29."""
    a_round = house.cast.round(ends_on=MONDAY + dt.timedelta(30))
    [person] = house.people(a_round, 1)
    friday = MONDAY - dt.timedelta(3)

    with clock.turned_to(friday):
        house.hand_in(person)
        assert (changes.open_all().waiting, Submission.objects.count()) == (1, 0)
        assert changes.open_all().waiting == 1  # pressing again does not help
    for weekend in (1, 2):
        with clock.turned_to(friday + dt.timedelta(weekend)):
            assert changes.open_all().waiting == 1
    with clock.turned_to(MONDAY):
        opened = changes.open_all()

    assert (opened.submissions, opened.early, opened.waiting) == (1, 1, 0)
    assert [(row.envelopes, row.early) for row in OpenedBatch.objects.all()] == [(1, True)]


def test_four_wait_and_five_open(house: House) -> None:
    """UA-29: the number that makes a crowd, for each round by itself."""
    one, other = house.people(house.cast.round(), 5), house.people(house.cast.round(name="elders"), 4)
    house.all_answer([*one[:4], *other])
    assert (changes.open_all().waiting, Submission.objects.count()) == (8, 0)

    house.hand_in(one[4])
    opened = changes.open_all()

    assert (opened.submissions, opened.early, opened.waiting) == (5, 0, 4)


def test_naive_opening_at_once_puts_each_answer_beside_its_arrival(house: House) -> None:
    """UA-29, the twin: opened as it comes, the newest answer is the newest person's."""
    people = house.people(house.cast.round(), 5)
    seen: set[Any] = set()
    linked = 0
    for person in people:
        house.hand_in(person)
        changes.open_all(at_once=True)
        [new] = set(Submission.objects.values_list("pk", flat=True)) - seen
        linked += new == person.parts[0]
        seen.add(new)

    assert linked == 5
    assert OpenedBatch.objects.filter(early=True).count() == 5  # which is why it is written down each time


# --- RT-11: killed at each step -----------------------------------------------------------------------------------


class Killed(BaseException):
    """The machine stops here."""


def before(what: Callable[..., Any]) -> Callable[..., Any]:
    """Killed just before the step."""

    def stopped(*words: Any, **more: Any) -> Any:
        raise Killed

    return stopped


def after(what: Callable[..., Any]) -> Callable[..., Any]:
    """Killed just after the step was done."""

    def stopped(*words: Any, **more: Any) -> Any:
        what(*words, **more)
        raise Killed

    return stopped


STEPS = [
    (changes, "_close"), (keyring, "key_of"), (changes, "_unseal"), (changes, "_split"), (changes, "_shuffle"), (changes, "_bring_to_vault"),
    (changes, "_destroy"), (keyring, "destroy"), (rounds, "count_answered"), (Submission.objects, "bulk_create"), (OpenText.objects, "bulk_create"),
    (OpenedBatch.objects, "create"), (changes.journal, "write"),
]  # fmt: skip


@pytest.mark.parametrize("when", [before, after])
def test_an_opener_killed_at_any_step_loses_nothing_and_doubles_nothing(
    house: House, monkeypatch: pytest.MonkeyPatch, when: Any
) -> None:
    """RT-11: every step of a batch of its own, on each side; then it is run again."""
    a_round = house.cast.round()
    expected = 0
    for room, name in STEPS:
        people = house.people(a_round, 5)
        house.all_answer(people, ANSWER)
        with monkeypatch.context() as killer:
            killer.setattr(room, name, when(getattr(room, name)))
            with pytest.raises(Killed):
                changes.open_all(at_once=True)
        changes._batches.clear()  # the process is a new one

        changes.open_all(at_once=True)

        expected += 5
        assert (Submission.objects.count(), OpenText.objects.count()) == (expected, 2 * expected), name
        assert {person.parts[0] for person in people} <= set(Submission.objects.values_list("pk", flat=True)), name
        assert (Envelope.objects.count(), Batch.objects.count()) == (0, 0), name
        assert [path.name for path in keyring.folder().glob("*.key")] == [
            f"texts-{clock.quarter(clock.today())}.key"
        ], name


def test_two_openers_at_the_same_time_open_once(house: House) -> None:
    """RT-21: the worker and somebody's command."""
    house.all_answer(house.people(house.cast.round(), 20), ANSWER)

    def opening() -> Any:
        try:
            return changes.open_all(at_once=True).submissions
        except DatabaseError as error:  # the slower one may be refused
            return type(error).__name__

    results = at_once([opening] * 4)
    changes.open_all(at_once=True)

    assert 20 in results or Submission.objects.count() == 20, results
    assert (Submission.objects.count(), OpenText.objects.count(), Envelope.objects.count()) == (20, 40, 0)


def test_a_full_vault_loses_nothing(house: House) -> None:
    """RT-06, the opener: nothing is destroyed before the vault has committed."""
    house.all_answer(house.people(house.cast.round(), 20), ANSWER)

    with full(house, "vault"):
        assert changes.open_all().failed == 1
    assert (Envelope.objects.count(), Submission.objects.count(), OpenedBatch.objects.count()) == (20, 0, 0)

    assert changes.open_all().submissions == 20


def test_a_naive_opener_that_deletes_first_loses_everything(house: House) -> None:
    """RT-11, the twin: out of one table, then into the other."""
    house.all_answer(house.people(house.cast.round(), 5), ANSWER)
    [batch] = Batch.objects.all()
    key = keyring.key_of(batch.pk)

    def naive_opener() -> None:
        boxes = list(Envelope.objects.values_list("box", flat=True))
        Envelope.objects.all().delete()
        assert [sealing.unseal(bytes(box), key) for box in boxes]
        raise Killed

    with pytest.raises(Killed):
        naive_opener()

    assert (Envelope.objects.count(), Submission.objects.count()) == (0, 0)


# --- RT-12: what cannot be opened ---------------------------------------------------------------------------------


def test_a_lost_key_is_loud_and_counted_and_the_others_go_on(house: House, caplog: pytest.LogCaptureFixture) -> None:
    """RT-12."""
    lost, fine = house.cast.round(name="verloren"), house.cast.round(name="goed")
    house.all_answer(house.people(lost, 6), ANSWER)
    house.all_answer(house.people(fine, 7), ANSWER)
    (keyring.folder() / f"{Batch.objects.get(dispatch__round=lost).pk}.key").unlink()

    with caplog.at_level(logging.ERROR):
        opened = changes.open_all()

    assert (opened.keys_lost, opened.submissions) == (1, 7)
    assert "cannot be opened" in caplog.text
    assert Envelope.objects.count() == 6  # kept until somebody decides
    assert changes.open_all().keys_lost == 1  # and every night again
    [late] = house.people(lost, 1)
    assert house.hand_in(late) is changes.Outcome.STORED  # a new batch has begun


def test_a_key_that_is_found_again_opens_what_waited(house: House) -> None:
    """RT-12: two sealed copies are kept until opened; one of them is put back."""
    house.all_answer(house.people(house.cast.round(), 6), ANSWER)
    path = keyring.folder() / f"{Batch.objects.get().pk}.key"
    copy = path.read_bytes()
    path.unlink()
    assert changes.open_all().keys_lost == 1

    path.write_bytes(copy)

    assert changes.open_all().submissions == 6


def test_a_damaged_box_is_counted_and_the_others_are_opened(house: House, caplog: pytest.LogCaptureFixture) -> None:
    """RT-12: bytes that fell over."""
    house.all_answer(house.people(house.cast.round(), 6), ANSWER)
    first, second = Envelope.objects.all()[:2]
    Envelope.objects.filter(pk=first.pk).update(box=b"")
    Envelope.objects.filter(pk=second.pk).update(box=bytes(second.box)[::-1])

    with caplog.at_level(logging.ERROR):
        opened = changes.open_all()

    assert (opened.submissions, opened.unreadable) == (4, 2)
    assert "could not be read" in caplog.text
    assert [row.unreadable for row in OpenedBatch.objects.all()] == [2]


ODD_LETTERS: list[Any] = [
    {},
    {"receipt": "1", "version": 10**9, "words": {}, "closed": {}},
    {"receipt": None, "version": None},
]


@pytest.mark.parametrize("letter", ODD_LETTERS, ids=["empty", "unknown questionnaire", "without values"])
def test_a_letter_of_another_shape_does_not_hold_up_all_others(house: House, letter: dict[str, Any]) -> None:
    """RT-12, RT-15: sealed properly, with something else in it (another version of the programme, or an attacker at the door)."""
    odd, fine = house.cast.round(name="vreemd"), house.cast.round(name="goed")
    house.all_answer(house.people(odd, 5), ANSWER)
    house.all_answer(house.people(fine, 5), ANSWER)
    envelope = Envelope.objects.filter(batch__dispatch__round=odd).first()
    assert envelope
    Envelope.objects.filter(pk=envelope.pk).update(box=sealing.seal(letter, bytes(envelope.batch.public_key)))

    opened = changes.open_all()

    assert (opened.submissions, opened.unreadable) == (9, 1)


def test_a_box_sealed_to_somebody_elses_key_is_counted(house: House) -> None:
    """RT-12."""
    house.all_answer(house.people(house.cast.round(), 5), ANSWER)
    envelope = Envelope.objects.first()
    assert envelope
    Envelope.objects.filter(pk=envelope.pk).update(box=SealedBox(PrivateKey.generate().public_key).encrypt(b"x" * 512))

    opened = changes.open_all()

    assert (opened.submissions, opened.unreadable) == (4, 1)


def test_no_batch_goes_with_an_answer_in_it(house: House) -> None:
    """Whatever throws it away: its round, its dispatch, or a slip of ours."""
    [person] = house.people(house.cast.round(), 1)
    house.hand_in(person)

    with pytest.raises(IntegrityError), transaction.atomic():
        person.dispatch.delete()

    assert Envelope.objects.count() == 1
