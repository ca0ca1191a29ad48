"""Counting once, whatever somebody presses, sends or breaks; and never saying "bewaard" when it is not."""

import contextlib
import gzip
import sqlite3
import threading
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import OperationalError, connections
from django.http import HttpResponse
from django.test import Client
from django.utils import translation
from tests.attacks.house import House, Person, at_once
from tests.cast import form_key

from gehoor.answers import changes, tickets, views
from gehoor.answers import queries as answers
from gehoor.answers.changes import Outcome
from gehoor.answers.models import Batch, Envelope, FormKey, OpenText, Submission
from gehoor.base import codes, keyfile
from gehoor.rounds import queries as rounds
from gehoor.rounds.models import Code

SAVED = "bewaard"
TYPED = "Wat ik een kwartier lang heb zitten typen. " * 30


# --- AT-02, RT-04: at the same moment -----------------------------------------------------------------------------


def test_one_code_used_fifty_times_at_the_same_moment_gives_one_answer(house: House) -> None:
    """AT-02: fifty forms, fifty connections, one code."""
    [person] = house.people(house.cast.round(), 1)
    forms = [Person(f"tabblad {number}", person.code, person.dispatch) for number in range(50)]

    outcomes = at_once([lambda form=form: house.hand_in(form) for form in forms])

    assert sorted(outcome.value for outcome in outcomes) == sorted(
        [Outcome.STORED.value] + [Outcome.CODE_USED.value] * 49
    )
    assert (Envelope.objects.count(), Code.objects.count(), FormKey.objects.count()) == (1, 0, 1)
    assert changes.open_all(at_once=True).submissions == 1


def test_one_form_sent_twenty_times_at_the_same_moment_gives_one_answer_and_twenty_successes(house: House) -> None:
    """RT-04: the same form key."""
    [person] = house.people(house.cast.round(), 1)

    outcomes = at_once([lambda: house.hand_in(person)] * 20)

    assert sorted(outcome.value for outcome in outcomes) == sorted(
        [Outcome.STORED.value] + [Outcome.STORED_BEFORE.value] * 19
    )
    assert Envelope.objects.count() == 1


def test_a_whole_class_at_the_same_moment_is_stored_whole(house: House) -> None:
    """RT-18, the counting: thirty people, thirty answers, one batch although all found none."""
    people = house.people(house.cast.round(), 30)

    outcomes = at_once([lambda person=person: house.hand_in(person) for person in people])

    assert set(outcomes) == {Outcome.STORED}
    assert (Envelope.objects.count(), Batch.objects.count()) == (30, 1)
    assert changes.open_all().submissions == 30


def test_a_naive_check_and_store_counts_one_code_more_than_once(house: House) -> None:
    """AT-02, the twin: look whether the token is unused, then store."""
    house.run("default", "CREATE TABLE naive_person (name text PRIMARY KEY, used int)")
    house.run("default", "CREATE TABLE naive_answer (id text PRIMARY KEY)")
    house.run("default", "INSERT INTO naive_person VALUES ('amira', 0)")
    both_looked = threading.Barrier(8)

    def hand_in(number: int) -> None:
        [(used,)] = house.rows("default", "SELECT used FROM naive_person WHERE name = 'amira'")
        both_looked.wait()
        if not used:
            house.rows("default", "INSERT INTO naive_answer VALUES (%s)", [str(number)])
            house.run("default", "UPDATE naive_person SET used = 1 WHERE name = 'amira'")

    at_once([lambda number=number: hand_in(number) for number in range(8)])

    assert house.rows("default", "SELECT count(*) FROM naive_answer") == [(8,)]


def test_an_answer_in_the_moment_that_its_batch_is_opened_is_not_lost(house: House) -> None:
    """RT-11: handing in and opening at the same time, again and again."""
    people = house.people(house.cast.round(), 24)
    house.hand_in(people[0])

    jobs: list[Callable[[], Any]] = [lambda person=person: house.hand_in(person) for person in people[1:]]
    results = at_once([*jobs, lambda: changes.open_all(at_once=True)])
    changes._batches.clear()
    changes.open_all(at_once=True)

    assert results[:-1] == [Outcome.STORED] * 23
    assert Submission.objects.count() == 24
    assert Envelope.objects.count() == 0


# --- AT-08: receipts ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "spelling",
    [
        codes.grouped,
        lambda receipt: " ".join(receipt),
        lambda receipt: receipt.translate({ord(str(digit)): chr(0x660 + digit) for digit in range(10)}),
        lambda receipt: receipt.translate({ord(str(digit)): chr(0x6F0 + digit) for digit in range(10)}),
        lambda receipt: receipt.translate({ord(str(digit)): chr(0xFF10 + digit) for digit in range(10)}),
        lambda receipt: f"\u200f{codes.grouped(receipt)}\u200f\n",
    ],
    ids=["dashes", "spaces", "arabic", "persian", "full width", "right to left"],
)
def test_a_receipt_is_understood_however_it_is_typed(house: House, spelling: Callable[[str], str]) -> None:
    """AT-08."""
    person, other = house.people(house.cast.round(), 2)
    house.all_answer([person, other])

    response = Client().post("/terugnemen/", {"bewijs": spelling(person.receipt)})

    assert response.status_code == 200
    assert [envelope.pk for envelope in Envelope.objects.all()] == [tickets.envelope_id(other.receipt)]


# --- AT-14, AT-15: what no pen writes -----------------------------------------------------------------------------


def page_of(response: HttpResponse) -> str:
    """The text of a page."""
    data = response.content
    return (gzip.decompress(data) if response.headers.get("Content-Encoding") == "gzip" else data).decode()


def at_the_door(house: House) -> tuple[Client, dict[str, str], Person]:
    """A browser with the page of the questions, and its form filled in."""
    [person] = house.people(house.cast.round(), 1)
    browser = Client(headers={"accept-language": "nl"}, raise_request_exception=True)
    browser.get(f"/v/{person.code.link}")
    form = {"sleutel": form_key(browser), "nu": "nl", "verstuur": "1", "q.heard": "2", "q.good": TYPED}
    return browser, form, person


ODD = "A\0B\ud800C\u202ed\u200be\U0001f600\x1b[31m\x7f"


def test_odd_signs_are_stored_without_harm_or_refused(house: House) -> None:
    """AT-15: NUL, a lone surrogate, right-to-left override, zero width, emoji, escape codes."""
    browser, form, _person = at_the_door(house)
    body = urlencode({**form, "q.good": ODD}, errors="surrogatepass")

    response = browser.post("/vragen/", body, content_type="application/x-www-form-urlencoded")
    changes.open_all(at_once=True)

    assert response.status_code == 303
    words = answers.raw_words(OpenText.objects.get().pk)
    assert "\U0001f600" in words
    assert not set("\0\x1b\x7f\ud800") & set(words)


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"q.good=" + b"a" * 1_000_000, 422),
        (b"q.good=" + b"a" * 3_000_000, 413),
        (b"&".join(b"f%d=1" % number for number in range(10_000)), 413),
        (b"q.heard=1&q.heard=2", 422),
        (b"q.heard=[[[[[[", 422),
    ],
    ids=["one megabyte", "three megabytes", "ten thousand fields", "two answers", "brackets"],
)
def test_too_much_or_too_strange_is_refused_and_spends_nothing(house: House, body: bytes, status: int) -> None:
    """AT-14."""
    browser, form, _person = at_the_door(house)
    key = urlencode({name: form[name] for name in ("sleutel", "nu", "verstuur")}).encode()

    response = browser.post("/vragen/", key + b"&" + body, content_type="application/x-www-form-urlencoded")

    assert response.status_code == status
    assert (Code.objects.count(), Envelope.objects.count(), FormKey.objects.count()) == (1, 0, 0)


def test_half_an_upload_stores_and_spends_nothing(house: House) -> None:
    """AT-14: a multipart form that breaks off."""
    browser, _form, _person = at_the_door(house)

    body = b'--grens\r\nContent-Disposition: form-data; name="q.good"\r\n\r\nhalf'
    response = browser.post("/vragen/", body, content_type="multipart/form-data; boundary=grens")

    assert response.status_code in {200, 400, 413}
    assert (Code.objects.count(), Envelope.objects.count(), FormKey.objects.count()) == (1, 0, 0)


# --- RT-06, RT-07: full, locked, gone -----------------------------------------------------------------------------


def assert_kept_in_the_page(house: House, response: HttpResponse) -> None:
    """503, with what was typed, and nothing that says it was saved; the code is still good."""
    page = page_of(response)
    assert response.status_code == 503
    assert TYPED.strip() in page
    assert 'value="2" checked' in page
    assert "Location" not in response.headers
    assert tickets.RECEIPT_COOKIE not in response.cookies
    with translation.override("nl"):
        assert str(views.COULD_NOT_SAVE) in page


def assert_saved_after_all(browser: Client, form: dict[str, str]) -> None:
    """The same form, a moment later."""
    response = browser.post("/vragen/", form)
    assert response.status_code == 303
    assert (Envelope.objects.count(), Code.objects.count()) == (1, 0)


@contextlib.contextmanager
def full(house: House, database: str) -> Iterator[None]:
    """A disk without room for one more page. On PostgreSQL: a table that may not grow."""
    if house.vendor == "sqlite":
        house.run(database, "CREATE TABLE filler (bytes blob)")
        [(pages,)] = house.rows(database, "PRAGMA page_count")
        house.rows(database, f"PRAGMA max_page_count = {pages}")
        with contextlib.suppress(OperationalError):
            for _ in range(10_000):
                house.rows(database, "INSERT INTO filler VALUES (zeroblob(4000))")
        yield
        house.rows(database, "PRAGMA max_page_count = 1000000")
        return
    table = "answers_envelope" if database == "default" else "answers_submission"
    house.run(
        database,
        "CREATE FUNCTION full_disk() RETURNS trigger AS $$ BEGIN RAISE EXCEPTION USING ERRCODE = '53100'; END $$ LANGUAGE plpgsql",
    )
    house.run(database, f"CREATE TRIGGER full_disk BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION full_disk()")
    yield
    house.run(database, f"DROP TRIGGER full_disk ON {table}")


def test_a_full_disk_keeps_the_words_in_the_page(house: House) -> None:
    """RT-06."""
    browser, form, _person = at_the_door(house)

    with full(house, "default"):
        response = browser.post("/vragen/", form)

    assert_kept_in_the_page(house, response)
    assert (Code.objects.count(), Envelope.objects.count(), FormKey.objects.count()) == (1, 0, 0)
    assert_saved_after_all(browser, form)


def test_a_locked_database_keeps_the_words_in_the_page(house: House) -> None:
    """RT-07: somebody holds the lock for longer than we wait."""
    browser, form, _person = at_the_door(house)
    if house.vendor == "sqlite":
        house.rows("default", "PRAGMA busy_timeout = 50")
        holder: Any = sqlite3.connect(house.names["default"], isolation_level=None)
        holder.execute("BEGIN EXCLUSIVE")
    else:
        house.run("default", "SET lock_timeout = '50ms'")
        holder = connections.create_connection("default")
        holder.set_autocommit(False)
        holder.cursor().execute("LOCK TABLE answers_envelope IN ACCESS EXCLUSIVE MODE")

    response = browser.post("/vragen/", form)

    assert_kept_in_the_page(house, response)
    holder.rollback()
    holder.close()
    assert_saved_after_all(browser, form)


@contextlib.contextmanager
def gone(house: House) -> Iterator[None]:
    """The database does not answer, however often one asks."""
    names = {}
    for alias in ("default", "vault"):
        connections[alias].close()
        names[alias] = connections.settings[alias]["NAME"]
        connections.settings[alias]["NAME"] = "/nowhere/at/all" if house.vendor == "sqlite" else "nowhere_at_all"
    yield
    for alias, name in names.items():
        connections[alias].close()
        connections.settings[alias]["NAME"] = name


def test_a_database_that_is_gone_keeps_the_words_in_the_page(house: House) -> None:
    """RT-07: it went a moment ago."""
    browser, form, _person = at_the_door(house)
    rounds.door_of(_person.dispatch.pk)

    with gone(house):
        response = browser.post("/vragen/", form)

    assert_kept_in_the_page(house, response)
    assert_saved_after_all(browser, form)


def test_a_database_that_has_been_gone_for_a_while_keeps_the_words_in_the_page(house: House) -> None:
    """RT-07: ten minutes; the page of the mishap even says that nothing was lost."""
    browser, form, _person = at_the_door(house)
    rounds._door.cache_clear()

    with gone(house):
        response = browser.post("/vragen/", form)

    assert_kept_in_the_page(house, response)
    assert_saved_after_all(browser, form)


def test_an_answer_is_saved_over_a_line_that_was_cut(house: House) -> None:
    """RT-07: the database was started again since the last answer. Nobody need press twice for that."""
    if house.vendor == "sqlite":
        pytest.skip("no line: a file")
    browser, form, _person = at_the_door(house)
    killer = connections.create_connection("default")
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        [pid] = cursor.fetchone()

    with killer.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])
    killer.close()

    assert_saved_after_all(browser, form)


def test_a_key_folder_that_cannot_be_written_stores_nothing_and_says_so(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """RT-06: no new batch without its key on disk first."""
    browser, form, _person = at_the_door(house)

    def no_room(*words: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as broken:
        broken.setattr(keyfile, "write", no_room)
        response = browser.post("/vragen/", form)

    assert_kept_in_the_page(house, response)
    assert Batch.objects.count() == 0
    assert_saved_after_all(browser, form)


def test_a_naive_door_says_saved_before_it_is(house: House) -> None:
    """RT-06, the twin: the success page first, the store afterwards."""
    house.run("default", "CREATE TABLE naive_answer (id int PRIMARY KEY, words text)")

    def naive_view() -> str:
        with contextlib.suppress(OperationalError, Exception):
            house.run("default", "INSERT INTO naive_answer_away VALUES (1, 'x')")
        return SAVED

    assert naive_view() == SAVED
    assert house.rows("default", "SELECT count(*) FROM naive_answer") == [(0,)]
