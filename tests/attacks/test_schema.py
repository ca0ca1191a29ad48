"""What the tables themselves give away: times, numbers in a row, forbidden facts, a switch that can be thrown back."""

import datetime as dt
import time
import uuid
from collections.abc import Iterable, Iterator
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.core.cache import cache
from django.db import DatabaseError, models
from tests.attacks.house import DATABASES, House

from gehoor.answers import changes
from gehoor.answers.models import Envelope, OpenText, Submission
from gehoor.base import clock, codes
from gehoor.offices.models import Entry
from gehoor.rounds import queries as rounds
from gehoor.rounds.models import Anonymity, Code, Dispatch, Recipient, Round

RESPONDENT_TABLES = {
    "rounds_code", "answers_batch", "answers_envelope", "answers_formkey",
    "answers_submission", "answers_opentext", "answers_openedbatch", "reading_readtext",
}  # fmt: skip
# A day is as fine as it gets, and only where something counts from it, beside nothing of a person.
DAYS_ALLOWED = {"answers_batch.waiting_since", "answers_formkey.day"}
FORBIDDEN = (
    "bsn", "burgerservice", "zaak", "dossier", "case", "birth", "geboort", "address", "adres", "postcode", "zip", "phone", "telefoon",
    "ip", "agent", "referer", "referrer", "device", "fingerprint", "lat", "lon", "gps", "officer", "student", "leerling", "school", "name", "naam", "email",
)  # fmt: skip
# The contact register holds an e-mail address and nothing else; it knows no code.
REGISTER = "rounds_recipient"

Column = tuple[str, str, str]  # table, column, type as the database calls it


def our_models() -> list[type[models.Model]]:
    """Every model of our own rooms."""
    return [model for model in apps.get_models() if model.__module__.startswith("gehoor.")]


def columns(house: House) -> Iterator[Column]:
    """Every column as the databases themselves describe it."""
    for database in DATABASES:
        if house.vendor == "sqlite":
            for table in house.tables(database):
                for row in house.rows(database, f'PRAGMA table_info("{table}")'):
                    yield table, row[1], row[2].lower()
        else:
            sql = "SELECT table_name, column_name, data_type FROM information_schema.columns WHERE table_schema = 'public'"
            yield from house.rows(database, sql)


def too_fine(found: Iterable[Column], tables: set[str]) -> set[str]:
    """Columns of these tables that hold a time, or a day that is not allowed."""
    timed = {
        f"{table}.{column}": kind
        for table, column, kind in found
        if table in tables and ("time" in kind or "date" in kind)
    }
    return {name for name, kind in timed.items() if "time" in kind or name not in DAYS_ALLOWED}


def words_of(column: str) -> set[str]:
    """The words in the name of a column."""
    return set(column.lower().split("_"))


# --- UA-03: time --------------------------------------------------------------------------------------------------


def test_no_table_of_clients_holds_a_time_finer_than_a_day(house: House) -> None:
    """UA-03."""
    found = list(columns(house))

    assert {table for table, _column, _kind in found} >= RESPONDENT_TABLES | {REGISTER}
    assert too_fine(found, RESPONDENT_TABLES | {REGISTER}) == set()


def test_a_naive_table_is_seen_to_hold_one(house: House) -> None:
    """UA-03, the twin."""
    house.run("default", "CREATE TABLE naive_answer (id int PRIMARY KEY, handed_in timestamp, day date)")

    assert too_fine(columns(house), {"naive_answer"}) == {"naive_answer.handed_in", "naive_answer.day"}


def test_answers_and_texts_keep_a_quarter_and_no_other_value_that_moves_with_time(house: House) -> None:
    """UA-03: two answers in different months of a quarter differ in nothing but their ids."""
    people = house.people(house.cast.round(ends_on=clock.today() + dt.timedelta(400)), 2)
    first_month = dt.date(clock.today().year + 1, 4, 2)
    for person, day in zip(people, (first_month, first_month + dt.timedelta(80)), strict=True):
        with clock.turned_to(day):
            changes._batches.clear()
            rounds._door.cache_clear()
            house.hand_in(person, {"heard": "3", "good": "woorden"})
            changes.open_all(at_once=True)

    for model in (Submission, OpenText):
        rows = [
            {name: value for name, value in row.items() if name not in {"id", "box"}} for row in model.objects.values()
        ]
        assert len(rows) == 2
        assert rows[0] == rows[1]


# --- UA-04: keys --------------------------------------------------------------------------------------------------


def numbered(tables: set[str]) -> set[str]:
    """Tables of clients that number their rows in order."""
    return {
        model._meta.db_table for model in apps.get_models()
        if model._meta.db_table in tables and isinstance(model._meta.pk, models.AutoField | models.BigAutoField)
    }  # fmt: skip


def counts_up(house: House, table: str) -> bool:
    """Does the database itself number the rows, visibly or in secret?"""
    if house.vendor == "sqlite":
        try:
            house.rows("vault" if table in house.tables("vault") else "default", f'SELECT rowid FROM "{table}"')
        except DatabaseError:
            return False
        return True
    database = "vault" if table in house.tables("vault") else "default"
    return bool(
        house.rows(
            database,
            "SELECT 1 FROM information_schema.columns WHERE table_name = %s AND (is_identity = 'YES' OR column_default LIKE 'nextval%%')",
            [table],
        )
    )


def is_time_based(number: uuid.UUID) -> bool:
    """Versions 1, 2, 6 and 7 hold a clock; so does a ULID, whose first 48 bits are milliseconds since 1970.

    An id that was made a moment ago lies within the hour; of random ones not one in a million does.
    """
    milliseconds = number.int >> 80
    return number.version in {1, 2, 6, 7} or abs(milliseconds / 1000 - dt.datetime.now(dt.UTC).timestamp()) < 3600


def test_no_key_of_a_client_counts_up_or_holds_a_clock(house: House) -> None:
    """UA-04: neither the models nor the real tables; ids that were really given are random ones."""
    house.all_answer(house.people(house.cast.round(), 10), {"heard": "1", "good": "woorden"})
    envelopes = list(Envelope.objects.values_list("pk", flat=True))
    changes.open_all()

    assert numbered(RESPONDENT_TABLES) == set()
    rowid_by_design = {
        "answers_batch",
        "answers_openedbatch",
        "reading_readtext",
    }  # one row a batch; read texts: see README
    assert {table for table in RESPONDENT_TABLES if counts_up(house, table)} <= (
        rowid_by_design if house.vendor == "sqlite" else set()
    )
    given = [
        *envelopes,
        *Submission.objects.values_list("pk", flat=True),
        *OpenText.objects.values_list("pk", flat=True),
    ]
    assert len(given) == 30
    assert {number.version for number in given} == {4}
    assert not any(is_time_based(number) for number in given)


def test_naive_keys_are_seen_to_count_and_to_hold_a_clock(house: House) -> None:
    """UA-04, the twin."""
    house.run(
        "default",
        "CREATE TABLE naive_answer (id text PRIMARY KEY)"
        if house.vendor == "sqlite"
        else "CREATE TABLE naive_answer (id serial)",
    )

    assert counts_up(house, "naive_answer")
    assert is_time_based(uuid.uuid1())  # noqa: TID251 -- the naive way
    assert is_time_based(uuid.UUID(int=int(time.time() * 1000) << 80, version=4))  # a ULID, dressed as a random one
    assert numbered({Recipient._meta.db_table}) == {REGISTER}


# --- requirement 1: facts that may not be kept --------------------------------------------------------------------


def test_no_table_of_clients_has_room_for_a_fact_about_a_person(house: House) -> None:
    """Requirements 1 and 40: by the names of columns, in the databases themselves."""
    found = {
        f"{table}.{column}"
        for table, column, _kind in columns(house)
        if table in RESPONDENT_TABLES and words_of(column) & set(FORBIDDEN)
    }

    assert found == set()


def test_no_table_of_ours_has_a_column_for_the_case(house: House) -> None:
    """A wall to the case: nowhere in the house, the register of addresses and the staff's tables included."""
    the_case = {
        "bsn",
        "burgerservicenummer",
        "zaak",
        "zaaknummer",
        "dossier",
        "case",
        "birth",
        "birthdate",
        "geboortedatum",
        "leerlingnummer",
    }
    ours = {model._meta.db_table for model in our_models()}

    assert {
        f"{table}.{column}" for table, column, _kind in columns(house) if table in ours and words_of(column) & the_case
    } == set()


def test_the_register_of_addresses_knows_no_code_and_no_answer(house: House) -> None:
    """UA-01: no column of it leads to a code or an answer but the list that it is on."""
    assert {field.name for field in Recipient._meta.get_fields()} == {
        "id",
        "dispatch",
        "address",
        "language",
        "sent",
        "reminded",
    }


# --- UA-12: everything beside the tables of clients ----------------------------------------------------------------


def test_sessions_caches_and_the_journal_hold_no_code_and_no_answer(house: House) -> None:
    """UA-12: after a whole journey by browser, nothing of it stands in any table but a sealed box and a hash of the form."""
    [code, unused] = house.cast.codes(house.cast.round(), 2)[1]
    browser = house.cast.answer(code, {"heard": "2", "good": "Kanarie in de sessie"})
    marks = [code.link, code.typed, code.shown, browser.receipt, "Kanarie in de sessie"]  # type: ignore[attr-defined]
    kept = house.every_value()

    assert codes.link_hash(unused.link).hex() in kept  # codes that wait are there, as hashes
    assert not any(mark in kept for mark in [*marks, codes.link_hash(code.link).hex()])
    assert house.rows("default", "SELECT count(*) FROM django_session") == [(0,)]
    assert not getattr(cache, "_cache", {})
    changes.open_all(at_once=True)
    ids = [
        str(row[0])
        for row in house.rows("vault", "SELECT id FROM answers_submission UNION SELECT id FROM answers_opentext")
    ]
    journal = "\n".join(str(vars(entry)) for entry in Entry.objects.all())
    assert not any(mark in journal for mark in [*marks, *ids])


def test_a_naive_session_holds_the_code(house: House) -> None:
    """UA-12, the twin: Django's own session, with the code in it."""
    session = SessionStore()
    session["code"] = "kanarie-code"
    session.save()

    [[kept]] = house.rows("default", "SELECT session_data FROM django_session")
    assert SessionStore().decode(kept) == {"code": "kanarie-code"}


# --- UA-14: throwing the switch back ------------------------------------------------------------------------------


@pytest.fixture
def asked(house: House) -> Round:
    """A round in which everybody has a code that was forgotten."""
    a_round = house.cast.round()
    house.people(a_round, 3)
    return a_round


def test_the_anonymity_of_a_round_cannot_be_changed_once_codes_exist(house: House, asked: Round) -> None:
    """UA-14: by the model, by an update, by the database owner's own SQL."""
    asked.anonymity = Anonymity.OPEN
    attempts: list[Any] = [
        asked.save,
        lambda: Round.objects.filter(pk=asked.pk).update(anonymity="open"),
        lambda: house.run("default", f"UPDATE rounds_round SET anonymity = 'open' WHERE id = {asked.pk}"),
    ]

    for attempt in attempts:
        with pytest.raises(DatabaseError, match="frozen"):
            attempt()
    assert house.rows("default", "SELECT anonymity FROM rounds_round") == [("forget",)]


def test_the_switch_of_a_naive_table_is_thrown(house: House) -> None:
    """UA-14, the twin."""
    house.run("default", "CREATE TABLE naive_round (id int PRIMARY KEY, anonymity text)")
    house.run("default", "INSERT INTO naive_round VALUES (1, 'forget')")

    house.run("default", "UPDATE naive_round SET anonymity = 'registered'")

    assert house.rows("default", "SELECT anonymity FROM naive_round") == [("registered",)]


def test_there_is_no_way_of_asking_that_keeps_who_has_which_code() -> None:
    """UA-14: a round cannot be made "registered", before or after: the word does not exist."""
    assert set(Anonymity.values) == {"forget", "open"}
    assert not [field for field in Code._meta.get_fields() if field.name not in {"link_hash", "typed_hash", "dispatch"}]


def test_a_round_cannot_be_thawed_by_moving_its_codes_away_for_a_moment(house: House, asked: Round) -> None:
    """UA-14: dispatch to another round, throw the switch, dispatch back."""
    other = house.cast.round(name="elders")

    def throw() -> None:
        Dispatch.objects.filter(round=asked).update(round=other)
        Round.objects.filter(pk=asked.pk).update(anonymity="open")
        Dispatch.objects.filter(round=other).update(round=asked)

    with pytest.raises(DatabaseError):
        throw()


def test_the_answers_never_lie_in_the_folder_of_the_keys(house: House) -> None:
    """Requirement 38: keys outside the databases and their backups."""
    assert settings.GEHOOR_KEYS not in [house.folder, *house.folder.parents]
    assert not list(house.folder.rglob("*.key"))
