"""Joining a person to an answer: by hidden columns, by order, by what backups show, by working pseudonyms out again.

The attacker owns both databases and all their files, and stole the list of who was sent which code.
"""

import base64
import hashlib
import hmac
import sqlite3
import subprocess
import uuid
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from typing import Any

import pytest
from django.db import connections
from tests.attacks.house import DATABASES, POSTGRES, House, Person, chance, correlation, order_in

from gehoor.answers import changes, tickets
from gehoor.answers import queries as answers
from gehoor.base import secretbox
from gehoor.reading import queries as reading
from gehoor.results import changes as results
from gehoor.results import exports
from gehoor.results import queries as released
from gehoor.rounds import queries as rounds

CROWD = 40
WORDS = {"heard": "4", "background": "age_14_15", "good": "Een eigen verhaal.", "better": "Nog een verhaal."}


def heard_and_opened(house: House, size: int = CROWD, *, batches: int = 1) -> list[Person]:
    """People who answered, in this order, and whose envelopes were opened."""
    people = house.people(house.cast.round(), size)
    for start in range(0, size, size // batches):
        house.all_answer(people[start : start + size // batches], WORDS)
        changes.open_all(at_once=True)
    return people


def naive_table(house: House, database: str = "default") -> None:
    """What a survey tool has: a row for each person with a token, a row for each answer."""
    house.run(database, "CREATE TABLE naive_person (name text PRIMARY KEY, token text, used int)")
    house.run(database, "CREATE TABLE naive_answer (id text PRIMARY KEY, words text)")


def naive_answer(house: House, person: str, answer: str, database: str = "default") -> str:
    """Marks the token as used and keeps the answer, in one transaction, under a random id."""
    number = str(uuid.uuid4())
    with connections[database].cursor() as cursor:
        cursor.execute("BEGIN")
        cursor.execute("UPDATE naive_person SET used = 1 WHERE name = %s", [person])
        cursor.execute("INSERT INTO naive_answer VALUES (%s, %s)", [number, answer])
        cursor.execute("COMMIT")
    return number


def naively_heard(house: House, size: int = CROWD) -> tuple[list[str], dict[str, str]]:
    """People in the order of their answers, and the truth: whose answer is which."""
    naive_table(house)
    people = [f"persoon {number:03}" for number in range(size)]
    for person in people:
        house.rows("default", "INSERT INTO naive_person VALUES (%s, '', 0)", [person])
    return people, {person: naive_answer(house, person, "woorden") for person in people}


# --- UA-01: hidden columns of PostgreSQL --------------------------------------------------------------------------

Row = tuple[bytes, int, int, int]  # what is in it, xmin, xmax, place


def heap(house: House, database: str, table: str) -> list[Row]:
    """Every row of a table that PostgreSQL still has, also those that were deleted: pageinspect reads the pages raw."""
    house.run(database, "CREATE EXTENSION IF NOT EXISTS pageinspect")
    return [
        (bytes(data or b""), int(xmin), int(xmax), place)
        for place, (data, xmin, xmax) in enumerate(
            house.rows(
                database,
                "SELECT t_data, t_xmin::text, t_xmax::text FROM generate_series(0, pg_relation_size(%s) / 8192 - 1) page,"
                " LATERAL heap_page_items(get_raw_page(%s, page::int)) WHERE t_xmin IS NOT NULL ORDER BY page, lp",
                [table, table],
            )
        )
    ]


def joined(one: Iterable[Row], other: Iterable[Row]) -> list[tuple[Row, Row]]:
    """Pairs of rows that one transaction wrote or removed, or two that followed each other, when that points at one row."""
    by_transaction: dict[int, list[Row]] = defaultdict(list)
    for row in other:
        for number in {row[1], row[2]} - {0}:
            by_transaction[number].append(row)
    pairs = []
    for row in one:
        for number in {row[1], row[2]} - {0}:
            for step in (0, -1, 1):
                near = by_transaction.get(number + step, [])
                if len({found[0] for found in near}) == 1:
                    pairs.append((row, near[0]))
    return pairs


def in_order(rows: Iterable[Row], key: Callable[[Row], Any], marks: dict[Any, bytes]) -> list[Any]:
    """The things whose marks stand in rows, by some hidden column of the row."""
    found = []
    for row in sorted(rows, key=key):
        found += [thing for thing, mark in marks.items() if mark in row[0] and thing not in found]
    return found


@pytest.mark.postgres
def test_no_two_tables_of_clients_can_be_joined_on_hidden_columns(house: House) -> None:
    """UA-01: xmin, xmax and neighbourhood, deleted rows included, for every pair of tables."""
    people = heard_and_opened(house)
    theirs = {table: heap(house, "default", table) for table in house.tables("default")}
    vault = {table: heap(house, "vault", table) for table in house.tables("vault")}
    assert (
        sum(any(person.link_hash in row[0] for row in theirs["rounds_code"]) for person in people) == CROWD
    )  # dead, but there

    linked = {
        (one, other): pairs
        for one, rows in theirs.items()
        for other in ("answers_submission", "answers_opentext")
        if (pairs := joined(rows, vault[other]))
    }
    truth = {person.link_hash: {part.bytes for part in person.parts} for person in people}
    hits = [
        pair for pairs in linked.values() for pair in pairs
        for code, parts in truth.items() if code in pair[0][0] and any(part in pair[1][0] for part in parts)
    ]  # fmt: skip

    assert hits == []
    # Texts of one person are not joined to the scores either.
    assert joined(vault["answers_opentext"], vault["answers_submission"]) == []


@pytest.mark.postgres
def test_the_same_join_links_everybody_of_a_naive_table(house: House) -> None:
    """UA-01, the twin: token and answer in one transaction."""
    people, truth = naively_heard(house)

    pairs = joined(heap(house, "default", "naive_person"), heap(house, "default", "naive_answer"))

    linked = {
        person
        for person in people
        for one, other in pairs
        if person.encode() in one[0] and truth[person].encode() in other[0]
    }
    assert len(linked) == CROWD


@pytest.mark.postgres
def test_a_stolen_list_of_codes_in_order_of_use_says_nothing_about_the_answers(house: House) -> None:
    """UA-01: deleted codes tell in which order they were used (xmax); no order of the vault follows it."""
    people = heard_and_opened(house)
    used = in_order(
        heap(house, "default", "rounds_code"),
        lambda row: row[2],
        {number: person.link_hash for number, person in enumerate(people)},
    )
    assert correlation(used, range(CROWD)) == 1.0  # the attacker does know the order of arrival

    for table, part in (("answers_submission", 0), ("answers_opentext", 6), ("answers_opentext", 7)):
        rows = heap(house, "vault", table)
        marks = {number: person.parts[part].bytes for number, person in enumerate(people)}
        if part and not any(mark in row[0] for row in rows for mark in marks.values()):
            marks = {
                number: next(p.bytes for p in person.parts[1:] if any(p.bytes in row[0] for row in rows))
                for number, person in enumerate(people)
            }
        for key in (lambda row: (row[1], row[3]), lambda row: row[3]):
            assert abs(correlation(in_order(rows, key, marks), used)) < chance(CROWD)
        assert len({row[1] for row in rows}) == 1  # all of a batch in one transaction


# --- UA-02: order -------------------------------------------------------------------------------------------------


def submissions_in(house: House, text: bytes, people: Sequence[Person]) -> list[int]:
    """In which order the people's answers stand in a dump, whatever spelling of the id it uses."""
    for spelling in (lambda part: part.hex.encode(), lambda part: str(part).encode(), lambda part: part.bytes):
        found = order_in(text, {number: spelling(person.parts[0]) for number, person in enumerate(people)})
        if found:
            return found
    return []


def dump(house: House, database: str) -> bytes:
    """The database as its own tool writes it."""
    if house.vendor == "sqlite":
        with closing(sqlite3.connect(house.names[database])) as connection:
            return "\n".join(connection.iterdump()).encode()
    words = ["pg_dump", "--data-only", "--dbname", f"{POSTGRES}/{house.names[database]}"]
    return subprocess.run(words, check=True, capture_output=True).stdout


def test_no_order_of_rows_or_lists_follows_the_order_of_arrival(house: House) -> None:
    """UA-02: SELECT, the dump, the reader's list. 300 people in 10 batches: as telling as 50 small runs."""
    size, batches = 300, 10
    people = heard_and_opened(house, size, batches=batches)
    arrival = {person.parts[0]: number for number, person in enumerate(people)}
    texts = {part: number for number, person in enumerate(people) for part in person.parts[1:]}
    batch = size // batches

    orders = {
        "SELECT": [arrival[uuid.UUID(str(row[0]))] for row in house.rows("vault", "SELECT id FROM answers_submission")],
        "SELECT of texts": [
            texts[uuid.UUID(str(row[0]))]
            for row in house.rows("vault", "SELECT id FROM answers_opentext WHERE question = 'good'")
        ],
        "dump": submissions_in(house, dump(house, "vault"), people),
        "the reader's list": [texts[text.pk] for text in reading.queue(house.cast.office) if text.question == "good"],
    }

    for name, order in orders.items():
        assert len(order) == size, name
        # Within a batch nothing may follow arrival. Over batches PostgreSQL shows which batch came first: that is the
        # day of opening, with five people or more in each; the lists of our own show not even that.
        within = [_within(order, number, batch) for number in range(batches)]
        assert abs(sum(within) / batches) < chance(batch) / batches**0.5, (name, within)
    assert abs(correlation(orders["the reader's list"], range(size))) < chance(size)


def _within(order: Sequence[int], number: int, batch: int) -> float:
    mine = [place for place in order if place // batch == number]
    return correlation(mine, sorted(mine))


def test_the_same_look_at_a_naive_table_shows_the_order_of_arrival(house: House) -> None:
    """UA-02, the twin: random ids, in the order in which they came."""
    people, truth = naively_heard(house)
    number_of = {truth[person]: number for number, person in enumerate(people)}

    select = [number_of[row[0]] for row in house.rows("default", "SELECT * FROM naive_answer")]
    dumped = order_in(dump(house, "default"), {number: answer.encode() for answer, number in number_of.items()})

    assert (correlation(select, range(CROWD)), correlation(dumped, range(CROWD))) == (1.0, 1.0)


def test_released_files_hold_no_rows_of_people_at_all(house: House) -> None:
    """UA-02: exports and JSON lists have a line for each figure, never for each person; no id stands in them."""
    people = heard_and_opened(house)
    [a_round] = [person.dispatch.round for person in people[:1]]
    [release] = (results.release_round(a_round, period).release for period in answers.periods_of(a_round))
    assert release
    figures = released.figures(a_round, release)

    for text in (exports.as_csv(figures), exports.as_json(figures)):
        assert "heard" in text
        assert not any(str(part) in text or part.hex in text for person in people for part in person.parts)


# --- UA-06: what the journal of the database remembers ------------------------------------------------------------


def wal(house: House) -> bytes:
    """The write-ahead log, as bytes in the order of writing."""
    return b"".join(
        data for name, data in house.files() if name.endswith("-wal") or (len(name) == 24 and name.startswith("0"))
    )


def test_the_write_ahead_log_does_not_keep_the_order_of_arrival(house: House) -> None:
    """UA-06: after opening."""
    people = heard_and_opened(house)

    order = submissions_in(house, wal(house), people)

    assert len(order) == CROWD  # they are in it, so that there is something to see
    assert abs(correlation(order, range(CROWD))) < chance(CROWD)


def test_the_write_ahead_log_of_a_naive_table_keeps_it(house: House) -> None:
    """UA-06, the twin."""
    people, truth = naively_heard(house)

    order = order_in(wal(house), {number: truth[person].encode() for number, person in enumerate(people)})

    assert order == list(range(CROWD))


# --- UA-07: two backups -------------------------------------------------------------------------------------------


def backup(house: House) -> tuple[set[bytes], dict[uuid.UUID, tuple[str, ...]]]:
    """What matters in a copy of both databases: the unused codes, and each answer with its context."""
    unused = {bytes(row[0]) for row in house.rows("default", "SELECT link_hash FROM rounds_code")}
    context = "round_id, version_id, period, mode, moment, voice, product, stage"
    rows = house.rows("vault", f"SELECT id, {context} FROM answers_submission")
    return unused, {uuid.UUID(str(row[0])): tuple(str(value) for value in row[1:]) for row in rows}


def crowd_of(person: Person, before: Any, after: Any) -> int:
    """Among how many answers a person can be, given two backups and the stolen list (which says what she was sent)."""
    assert person.link_hash in before[0] - after[0]
    a_round = person.dispatch.round
    known = {str(a_round.pk), person.dispatch.mode, a_round.moment, person.dispatch.product.code, a_round.stage}
    return sum(1 for number in set(after[1]) - set(before[1]) if known <= set(after[1][number]))


def test_two_backups_leave_everybody_among_five_or_more(house: House) -> None:
    """UA-07: codes that went and answers that came, between a backup and the next."""
    people = house.people(house.cast.round(), 30)
    house.all_answer(people[:10])
    changes.open_all()
    before = backup(house)
    for person in people[10:14]:
        house.hand_in(person)
    changes.open_all()
    assert backup(house)[1] == before[1]  # four wait: their codes are gone, and no answer is there yet
    house.hand_in(people[14])
    changes.open_all()

    after = backup(house)

    assert [crowd_of(person, before, after) for person in people[10:15]] == [5] * 5


def test_two_backups_leave_everybody_among_five_also_when_few_were_asked_in_that_way(house: House) -> None:
    """UA-07: five answers of five dispatches: opened together, each would stand alone by its mode and product."""
    a_round = house.cast.round()
    ways = [("card", "verzuim"), ("letter", "verlof"), ("card", "halt"), ("tablet", "pv"), ("letter", "vrijstelling")]
    products = {name: house.cast.round(product=_product(name)).product for _mode, name in ways}
    people = [house.people(a_round, 30, mode=mode, product=products[name])[0] for mode, name in ways]
    before = backup(house)
    house.all_answer(people)
    changes.open_all()

    after = backup(house)

    assert (
        min((crowd_of(person, before, after) for person in people), default=0) >= 5 or after[1] == before[1]
    )  # or they wait


def _product(code: str) -> Any:
    return rounds.product_by_code(code)


def test_two_backups_of_a_naive_table_name_the_one_who_answered(house: House) -> None:
    """UA-07, the twin: yesterday unused, today used, and one new answer today."""
    naive_table(house)
    for number in range(30):
        house.rows("default", "INSERT INTO naive_person VALUES (%s, '', 0)", [f"persoon {number}"])

    def copy() -> tuple[set[Any], set[Any]]:
        unused = house.rows("default", "SELECT name FROM naive_person WHERE used = 0")
        return set(unused), set(house.rows("default", "SELECT id FROM naive_answer"))

    before = copy()
    answer = naive_answer(house, "persoon 7", "mijn verhaal")
    after = copy()

    assert (before[0] - after[0], after[1] - before[1]) == ({("persoon 7",)}, {(answer,)})


# --- UA-13: pseudonyms --------------------------------------------------------------------------------------------


def pseudonyms(known: Iterable[bytes], keys: Iterable[bytes]) -> set[str]:
    """What a tool could have made of something known about a person: hashes, with and without the installation's keys."""
    keys = list(keys)
    made: set[str] = set()
    for text in known:
        digests = [hashlib.sha256(text).digest(), hashlib.md5(text).digest(), hashlib.sha1(text).digest()]
        digests += [hmac.digest(key, text, "sha256") for key in keys]
        for digest in digests:
            made |= {
                digest.hex(),
                digest[:16].hex(),
                uuid.UUID(bytes=digest[:16], version=4).hex,
                base64.urlsafe_b64encode(digest).decode(),
            }
        made |= {
            uuid.uuid5(space, text.decode("latin-1")).hex
            for space in (uuid.NAMESPACE_URL, uuid.NAMESPACE_DNS, uuid.NAMESPACE_OID)
        }
    return made


def test_no_id_of_an_answer_can_be_worked_out_from_anything_known_about_a_person(house: House) -> None:
    """UA-13: codes, their hashes, numbers and addresses, with every key of the installation at hand."""
    people = heard_and_opened(house)
    purposes = (
        "code",
        "typed code",
        "typed code salt",
        "pass",
        "form",
        "receipt",
        "shown",
        "envelope id",
        "part",
        "part salt",
        "django",
    )
    keys = [secretbox.key_for(purpose) for purpose in purposes] + [b""]
    known = [
        text for number, person in enumerate(people)
        for text in (person.name.encode(), f"{person.name}@voorbeeld.nl".encode(), person.code.link.encode(), person.code.typed.encode(),
                     person.code.shown.encode(), person.link_hash, str(number).encode(), person.code.url.encode())
    ]  # fmt: skip

    kept = {
        uuid.UUID(str(row[0])).hex
        for table in ("answers_submission", "answers_opentext")
        for row in house.rows("vault", f"SELECT id FROM {table}")
    }

    assert len(kept) == 3 * CROWD
    assert not kept & pseudonyms(known, keys)
    tried = (
        {part.hex for text in known for part in tickets.part_ids(text.decode("latin-1"))} if len(known) < 20 else set()
    )
    assert not kept & tried


def test_a_naive_pseudonym_is_worked_out_again(house: House) -> None:
    """UA-13, the twin: an id made from the address with the system's own key."""
    addresses = [f"persoon{number}@voorbeeld.nl".encode() for number in range(CROWD)]
    key = secretbox.key_for("django")
    kept = {hmac.digest(key, address, "sha256")[:16].hex() for address in addresses}

    assert len(kept & pseudonyms(addresses, [key])) == CROWD


def test_receipts_cannot_be_tried_out_on_envelopes_faster_than_on_parts(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """UA-01/UA-13: the way round the sealed box.

    The stolen list and a deleted code give the envelope that came in the same transaction (xmax = xmin, or one frame of
    SQLite's journal). From its id all 10^16 receipts can be tried with the installation's secret, which lies in every
    backup: one HMAC-SHA-256 each, days on one graphics card for all envelopes at once. The receipt then gives the ids
    of the parts in the vault. So the id of an envelope must cost as much to try as that of a part.
    """
    slow: list[str] = []
    stretch = secretbox.hash_secret_raw
    monkeypatch.setattr(secretbox, "hash_secret_raw", lambda **more: slow.append("argon2") or stretch(**more))

    tickets.envelope_id("1234567890123456")

    assert slow


def test_nothing_of_the_databases_is_shared_by_two_parts_of_one_person(house: House) -> None:
    """Requirement 42: no common key. Whatever column one takes, it does not single out the parts of one person."""
    people = heard_and_opened(house, 10)
    for database in DATABASES:
        for table in house.tables(database):
            for row in house.rows(database, f'SELECT * FROM "{table}"'):
                seen = {uuid.UUID(str(value)) for value in row if _is_uuid(value)}
                assert all(len(seen & set(person.parts)) <= 1 for person in people), table


def _is_uuid(value: Any) -> bool:
    try:
        return bool(uuid.UUID(str(value)))
    except ValueError:
        return False
