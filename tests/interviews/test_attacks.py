"""Somebody has the databases, the disk and the journal, and wants to know who said what."""

import logging
import sqlite3
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.db import OperationalError, connection, models
from tests.cast import Cast
from tests.interviews.talks import SECRET, agree, people, record, series, wav

from gehoor.base.codes import digits
from gehoor.base.hidden_order import hide_order
from gehoor.interviews import changes, queries, safe, tapes
from gehoor.interviews.models import DealtWith, Interview
from gehoor.interviews.safe import KeyLost
from gehoor.meetings.models import Meeting
from gehoor.offices.models import Entry

pytestmark = pytest.mark.django_db


def everything() -> bytes:
    """All that the main database and the data folder hold, the keyring left out."""
    parts: list[bytes] = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            parts += [
                value if isinstance(value, bytes) else str(value).encode() for row in cursor.fetchall() for value in row
            ]
    parts += [
        path.read_bytes()
        for path in settings.GEHOOR_DATA.rglob("*")
        if path.is_file() and settings.GEHOOR_KEYS not in path.parents
    ]
    return b"\n".join(parts)


def call_all(cast: Cast, meeting: Meeting, ended: str) -> None:
    """Everybody on the list is called."""
    while in_hand := changes.take_next(meeting, by=cast.quinten):
        changes.end_call(in_hand.contact, ended, by=cast.quinten)


# --- nothing lies open ------------------------------------------------------------------------------------------------


def test_names_numbers_and_words_lie_sealed(cast: Cast) -> None:
    meeting = series(cast.office)
    changes.add_contacts(meeting, people(3), by=cast.quinten)
    interview = changes.write(agree(meeting, by=cast.quinten), f"R: {SECRET}", by=cast.quinten)
    record(interview, wav()[:-46] + SECRET.encode() * 50, by=cast.quinten)

    found = everything()

    assert SECRET.encode() not in found
    assert b"Naam1" not in found
    assert b"0600000001" not in found
    assert b"na vier uur" not in found


def test_a_naive_row_is_seen(cast: Cast) -> None:
    """The twin: an open word is found by the same eyes."""
    series(cast.office, purpose=SECRET)
    (settings.GEHOOR_DATA / "naive.txt").write_text("0600000001")

    assert SECRET.encode() in everything()
    assert b"0600000001" in everything()


def test_a_backup_of_what_was_deleted_cannot_be_read(cast: Cast) -> None:
    """R24, R101: the boxes come back with a backup, the keys do not."""
    meeting = series(cast.office)
    changes.add_contacts(meeting, people(1))
    in_hand = changes.take_next(meeting, by=cast.quinten)
    assert in_hand
    box = bytes(in_hand.contact.box)
    interview = changes.write(agree(meeting), "R: hoi")
    record(interview, wav())
    kept, sound = bytes(interview.turns or b""), tapes.place_of(interview.guid).read_bytes()

    changes.withdraw(interview)
    changes.drop_contacts(meeting)
    tapes.place_of(interview.guid).write_bytes(sound)

    for name, thing in ((queries.calls_key(meeting), box), (f"turns-{interview.guid.hex}", kept)):
        with pytest.raises(KeyLost):
            safe.unseal(thing, name)
    with pytest.raises(KeyLost):
        tapes.look(interview.guid)


def test_the_keyring_is_for_the_installation_alone(cast: Cast) -> None:
    changes.write(agree(series(cast.office)), "R: hoi")

    assert {path.stat().st_mode & 0o777 for path in safe.folder("keys").iterdir()} == {0o600}
    assert safe.folder("keys").stat().st_mode & 0o777 == 0o700
    assert safe.folder("sound").stat().st_mode & 0o777 == 0o700
    assert settings.GEHOOR_KEYS in safe.folder("keys").parents


# --- nothing joins a call to a talk --------------------------------------------------------------------------------------

OURS = ("interviews_interview", "interviews_contact", "interviews_dealtwith", "interviews_tally")


def columns(table: str) -> Iterator[Any]:
    """The columns of a table of ours."""
    model = next(model for model in apps.get_models() if model._meta.db_table == table)
    yield from model._meta.concrete_fields


def test_no_column_leads_from_a_call_to_a_talk_or_back() -> None:
    leads = {
        (table, field.name): field.related_model._meta.db_table
        for table in OURS for field in columns(table) if field.is_relation
    }  # fmt: skip

    assert leads == {
        ("interviews_interview", "meeting"): "meetings_meeting",
        ("interviews_contact", "meeting"): "meetings_meeting",
        ("interviews_contact", "held_by"): "offices_member",
        ("interviews_dealtwith", "meeting"): "meetings_meeting",
        ("interviews_tally", "meeting"): "meetings_meeting",
    }


def test_there_is_no_clock_beside_words_but_the_day_on_which_sound_goes() -> None:
    timed = {
        f"{table}.{field.name}" for table in OURS for field in columns(table) if isinstance(field, models.DateField | models.TimeField)
    }  # fmt: skip

    assert timed == {
        "interviews_interview.sound_until", "interviews_contact.call_back_at", "interviews_contact.rests_until",
        "interviews_contact.held_until",
    }  # fmt: skip


def test_nobody_is_left_of_a_call_when_the_talk_begins(cast: Cast) -> None:
    meeting = series(cast.office)
    changes.add_contacts(meeting, people(4), by=cast.quinten)
    call_all(cast, meeting, "spoke")
    interview = changes.write(agree(meeting, how="call", by=cast.quinten), f"R: {SECRET}", by=cast.quinten)

    row = {str(value) for value in Interview.objects.values().get().values()}
    marks = {bytes(mark).hex() for mark in DealtWith.objects.values_list("mark", flat=True)}
    assert len(marks) == 4
    assert row.isdisjoint(marks)
    assert {path.stat().st_mtime for path in safe.folder("keys").iterdir()} == {0}  # no clock on the keys either
    assert interview.guid.hex not in str(DealtWith.objects.values())


def test_marks_of_numbers_lie_in_an_order_that_says_nothing(cast: Cast) -> None:
    meeting = series(cast.office)
    changes.add_contacts(meeting, people(9))
    call_all(cast, meeting, "refused")

    with connection.cursor() as cursor:
        cursor.execute("SELECT mark FROM interviews_dealtwith")
        marks = [bytes(row[0]) for row in cursor.fetchall()]
    assert marks == sorted(marks)


@pytest.mark.skipif(connection.vendor != "sqlite", reason="only SQLite numbers rows behind one's back")
@pytest.mark.parametrize("table", OURS[:3])
def test_rows_have_no_hidden_number(table: str) -> None:
    with pytest.raises((OperationalError, sqlite3.OperationalError)), connection.cursor() as cursor:
        cursor.execute(f"SELECT rowid FROM {table}")


@pytest.mark.skipif(connection.vendor != "sqlite", reason="only SQLite numbers rows behind one's back")
def test_a_new_rule_in_the_database_keeps_the_talks_and_hides_their_order(cast: Cast) -> None:
    kept = changes.write(agree(series(cast.office)), "R: hoi")
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE plain AS SELECT * FROM interviews_interview")
        cursor.execute("SELECT sql FROM sqlite_master WHERE name = 'interviews_interview'")
        made = cursor.fetchone()[0].replace("WITHOUT ROWID", "")
        cursor.execute("DROP TABLE interviews_interview")
        cursor.execute(made)
        cursor.execute("INSERT INTO interviews_interview SELECT * FROM plain")
        cursor.execute("SELECT rowid FROM interviews_interview")  # as Django leaves it

    for _twice in range(2):
        hide_order("default", ["interviews_interview"]).code(apps, SimpleNamespace(connection=connection))

    assert queries.turns_of(Interview.objects.get(pk=kept.pk))[0].words == "hoi"
    with pytest.raises((OperationalError, sqlite3.OperationalError)), connection.cursor() as cursor:
        cursor.execute("SELECT rowid FROM interviews_interview")


def test_a_number_cannot_be_tried_out_once_the_list_is_gone(cast: Cast) -> None:
    meeting = series(cast.office)
    changes.add_contacts(meeting, people(1))
    mark = changes._mark(meeting, "0600000000")
    call_all(cast, meeting, "refused")
    assert bytes(DealtWith.objects.get().mark) == mark  # while it lasts, a second list needs it

    changes.drop_contacts(meeting)

    assert DealtWith.objects.count() == 0
    assert changes._mark(meeting, "0600000000") != mark


def test_the_journal_and_the_log_say_nothing_of_calls_talks_and_words(
    cast: Cast, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    meeting = series(cast.office)
    before = set(Entry.objects.values_list("pk", flat=True))
    changes.add_contacts(meeting, people(2), by=cast.quinten)
    call_all(cast, meeting, "spoke")
    client = cast.browser(cast.quinten)
    interview = agree(meeting, by=cast.quinten)
    client.post(f"/kantoor/gesprekken/{interview.pk}/", {"text": f"R: {SECRET}"})
    for page, given in (("namen", {"word": SECRET, "by": "[weg]"}), ("nakijken", {})):
        interview.refresh_from_db()
        version = queries.version_of(interview)
        client.post(f"/kantoor/gesprekken/{interview.pk}/{page}/", {"version": version, **given})

    lines = list(Entry.objects.exclude(pk__in=before).values_list("verb", "subject").order_by("pk"))
    assert lines == [("calls_added", f"{meeting.name}: 2"), ("interview_checked", meeting.name)]
    for word in (SECRET, "Naam0", "0600000000", interview.guid.hex, digits(queries.number_of(interview))):
        assert word not in caplog.text
