"""Looking into closed envelopes: on disk before opening, after the key is gone, and by their weight."""

import datetime as dt
import re
import uuid
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, SealedBox
from nacl.secret import SecretBox
from tests.attacks.house import House, Person

from gehoor.answers import changes, keyring, sealing
from gehoor.answers.models import Batch, Envelope, OpenText
from gehoor.base import clock

CANARY = "Kanarie zeven vertelt iets wat niemand mag weten"
TOLD_TO_ALL = (
    "Kanarie acht is slordig"  # of the naive twin: PostgreSQL's log is shared with the tests that run beside it
)


def found_in(files: Iterable[tuple[str, bytes]], *marks: bytes) -> set[str]:
    """The names of the files that hold one of the marks."""
    return {name for name, data in files for mark in marks if mark in data}


def spellings(text: str) -> list[bytes]:
    """How a text could stand in a file."""
    return [text.encode(), text.encode("utf-16-le"), text.encode().hex().encode()]


# --- UA-05: before opening ----------------------------------------------------------------------------------------


def test_no_file_of_the_storage_holds_what_was_written_before_it_is_opened(house: House) -> None:
    """UA-05: tables, write-ahead log, temporary files, the server's log, keys and all else in the data folder."""
    [person, *_] = people = house.people(house.cast.round(), 3)
    house.all_answer(people, {"heard": "1", "good": CANARY, "better": CANARY[::-1]})
    box = bytes(Envelope.objects.get(pk=changes.tickets.envelope_id(person.receipt)).box)

    files = [*house.files(), *data_folder()]

    assert found_in(files, box[:24], box[:24].hex().encode())  # we do look where the envelopes are
    assert found_in(files, *spellings(CANARY), *spellings(CANARY[::-1]), person.receipt.encode()) == set()


def test_a_naive_table_lets_its_files_tell_what_was_written(house: House) -> None:
    """UA-05, the twin: an answer table; the words are in the write-ahead log at once."""
    house.run("default", "CREATE TABLE naive_answer (id int PRIMARY KEY, words text)")
    house.rows("default", "INSERT INTO naive_answer VALUES (1, %s)", [TOLD_TO_ALL])

    assert found_in(house.files(), *spellings(TOLD_TO_ALL))


def data_folder() -> Iterator[tuple[str, bytes]]:
    """Keys, secrets, mail and whatever else is kept beside the databases."""
    for folder in {Path(settings.GEHOOR_DATA), Path(settings.GEHOOR_KEYS)}:
        for path in folder.rglob("*"):
            if path.is_file():
                yield path.name, path.read_bytes()


# --- UA-08: after the key is gone ---------------------------------------------------------------------------------


def keys_in(files: Iterable[tuple[str, bytes]]) -> set[bytes]:
    """Everything that could be a key: 64 hex digits, or a file of 32 bytes."""
    keys: set[bytes] = set()
    for _name, data in files:
        keys |= {
            bytes.fromhex(found.decode())
            for found in re.findall(rb"(?<![0-9a-fA-F])[0-9a-fA-F]{64}(?![0-9a-fA-F])", data)
        }
        keys |= {data} if len(data) == 32 else set()
    return keys


def opens(box: bytes, keys: Iterable[bytes]) -> bool:
    """Does one of the keys open the box?"""
    for key in keys:
        for way in (lambda key: SealedBox(PrivateKey(key)), SecretBox):
            try:
                way(key).decrypt(box)
            except CryptoError:
                continue
            return True
    return False


def test_old_envelopes_stay_closed_whatever_was_left_on_disk(house: House) -> None:
    """UA-08: envelopes from yesterday's backup, and every key that is left anywhere afterwards."""
    people = house.people(house.cast.round(), 6)
    house.all_answer(people, {"heard": "1", "good": CANARY})
    old = [bytes(box) for box in Envelope.objects.values_list("box", flat=True)]
    [batch] = Batch.objects.all()
    key = keyring.key_of(batch.pk).encode()
    assert opens(old[0], keys_in(data_folder()))  # until now somebody with the keyring could

    changes.open_all()

    files = [*house.files(), *data_folder()]
    assert found_in(files, key, key.hex().encode()) == set()
    assert not opens(
        old[0], keys_in(files) | {settings.GEHOOR_ROOT_SECRET.encode()[:32], bytes.fromhex(settings.GEHOOR_ROOT_SECRET)}
    )
    assert not keyring.has(batch.pk)


def test_envelopes_with_their_key_in_the_database_are_opened_from_a_backup(house: House) -> None:
    """UA-08, the twin: the key is a row; it is deleted, and still lies in the write-ahead log."""
    key = PrivateKey.generate()
    house.run("default", "CREATE TABLE naive_batch (id int PRIMARY KEY, key text)")
    house.rows("default", "INSERT INTO naive_batch VALUES (1, %s)", [key.encode().hex()])
    box = sealing.seal({"good": CANARY}, key.public_key.encode())
    house.run("default", "DELETE FROM naive_batch")

    keys = {found for _name, data in house.files() for found in _hex_keys(data)}

    assert opens(box, keys)


def _hex_keys(data: bytes) -> Iterator[bytes]:
    """64 hex digits anywhere, also with a letter before them by chance."""
    for run in re.findall(rb"[0-9a-f]{64,}", data):
        for start in range(len(run) - 63):
            yield bytes.fromhex(run[start : start + 64].decode())


def test_the_words_of_a_text_lie_nowhere_in_the_storage_after_opening_either(house: House) -> None:
    """UA-08, the texts: they wait for a reader under a key outside the database and its backups."""
    house.all_answer(house.people(house.cast.round(), 5), {"good": CANARY})

    changes.open_all()

    assert OpenText.objects.count() == 5
    assert found_in(house.files(), *spellings(CANARY)) == set()


def test_erased_words_cannot_be_dug_up_again(house: House) -> None:
    """UA-08, the texts: a reader approved or set aside, the client was promised that the raw words are gone.

    Within the quarter the key is still needed for other texts: until then only the rows themselves are gone.
    """
    people = house.people(house.cast.round(), 5)
    house.all_answer(people, {"good": CANARY})
    changes.open_all()
    boxes = [bytes(box) for box in OpenText.objects.values_list("box", flat=True)]  # yesterday's backup
    for text in OpenText.objects.all():
        changes.erase_words(text.pk)
    next_quarter = clock.today() + dt.timedelta(100)

    changes.forget_text_keys(next_quarter)

    assert not any(opens(box, keys_in(data_folder())) for box in boxes)


# --- UA-09: weight ------------------------------------------------------------------------------------------------


def weights(house: House, people: Iterable[Person], lengths: Iterable[int]) -> dict[int, int]:
    """The size of the box by the length of the text."""
    found = {}
    for person, length in zip(people, lengths, strict=True):
        house.hand_in(person, {"good": "a" * length} if length else {"heard": "1"})
        found[length] = len(bytes(Envelope.objects.get(pk=changes.tickets.envelope_id(person.receipt)).box))
    return found


def test_the_weight_of_an_envelope_tells_one_of_four_sizes_only(house: House) -> None:
    """UA-09: equal inside a size; closed answers alone, whichever they are, weigh the same."""
    lengths = [0, 1, 20, 80, 400, 600, 1200, 1700, 2000]
    people = house.people(house.cast.round(), len(lengths) + 1)

    found = weights(house, people[1:], lengths)

    assert {size - 48 for size in found.values()} <= set(sealing.SIZES)
    assert found[0] == found[1] == found[20] == found[80]
    assert found[400] == found[600] == found[1200] == found[1700]
    full = {
        "informed": "yes",
        "heard": "dont_know",
        "safe": "rather_not",
        "fair": "5",
        "helped": "1",
        "background": "age_18_up",
    }
    house.hand_in(people[0], full)
    assert len(bytes(Envelope.objects.get(pk=changes.tickets.envelope_id(people[0].receipt)).box)) == found[0]


def test_the_weight_of_an_unpadded_box_tells_how_much_was_written() -> None:
    """UA-09, the twin."""
    key = PrivateKey.generate().public_key
    sizes = [len(SealedBox(key).encrypt(b"a" * length)) for length in range(100)]

    assert [size - sizes[0] for size in sizes] == list(range(100))


def test_a_box_that_somebody_changed_is_not_opened(house: House) -> None:
    """The box is authenticated: one bit, and it is counted as unreadable."""
    [person] = house.people(house.cast.round(), 1)
    house.hand_in(person)
    envelope: Any = Envelope.objects.get()
    box = bytearray(envelope.box)
    box[100] ^= 1
    Envelope.objects.filter(pk=envelope.pk).update(box=bytes(box))

    opened = changes.open_all(at_once=True)

    assert (opened.submissions, opened.unreadable) == (0, 1)


def test_batches_of_one_round_have_keys_of_their_own(house: House) -> None:
    """UA-08: yesterday's key does not open today's envelopes."""
    a_round = house.cast.round()
    yesterday, today = house.people(a_round, 2)
    house.hand_in(yesterday)
    [batch] = Batch.objects.all()
    key = keyring.key_of(batch.pk)
    changes.open_all(at_once=True)
    house.hand_in(today)

    [envelope] = Envelope.objects.all()

    assert isinstance(batch.pk, uuid.UUID)
    with pytest.raises(sealing.Unreadable):
        sealing.unseal(bytes(envelope.box), key)
