"""What somebody agreed to, and how old a youth is, leads to no guest: by no column, no value, no key and no order."""

import datetime as dt
import secrets
import uuid

import pytest
from django.db import DatabaseError
from django.test import Client
from tests.attacks.house import House

from gehoor.boards import changes as boards
from gehoor.boards.models import Event
from gehoor.meetings import changes, guests
from gehoor.meetings.changes import Agreed
from gehoor.meetings.models import Age, Consent, Guest, Meeting

AGES = [age.value for age in Age]


@pytest.fixture
def meeting(house: House) -> Meeting:
    """Twelve youths came in one after the other, each of a drawn age."""
    made = changes.plan(
        house.cast.office, kind="focus_group", name="Jongeren", purpose="Leren.", held_on=dt.date(2026, 11, 22), asks_consent=True
    )  # fmt: skip
    changes.open_doors(made)
    for number in range(12):
        agreed = Agreed(age=secrets.choice(AGES), by_parent=True)
        changes.join(made, alias=f"Gast {number}", voice="youth", agreed=agreed)
    return made


def as_stored(house: House, table: str, column: str) -> list[object]:
    """The rows in the order that the storage itself gives away: arrival, where it can be seen."""
    if house.vendor == "sqlite":
        return [row[0] for row in house.rows("default", f'SELECT "{column}" FROM "{table}"')]
    sql = f'SELECT "{column}" FROM "{table}" ORDER BY xmin::text::bigint, ctid'
    return [row[0] for row in house.rows("default", sql)]


def test_no_column_of_one_names_the_other(house: House, meeting: Meeting) -> None:
    guests = {field.name for field in Guest._meta.get_fields()}
    consents = {field.name for field in Consent._meta.get_fields()}

    assert guests & consents == {"meeting", "voice"}
    assert {field.related_model for field in Consent._meta.get_fields() if field.is_relation} == {Meeting}
    assert {field.related_model for field in Guest._meta.get_fields() if field.is_relation} == {Meeting}


def test_an_age_stands_in_no_other_table(house: House, meeting: Meeting) -> None:
    tables = [table for table in house.tables("default") if table.startswith(("meetings_", "boards_", "offices_", "django_session"))]  # fmt: skip

    holding = {
        table for table in tables if any(age in map(str, row) for row in house.rows("default", f'SELECT * FROM "{table}"') for age in AGES)
    }  # fmt: skip

    assert "meetings_guest" in tables
    assert holding == {"meetings_consent"}


def test_consents_lie_in_the_order_of_their_drawn_keys_and_not_of_arrival(house: House, meeting: Meeting) -> None:
    """On PostgreSQL, which numbers transactions, from the moment that they were written anew (at the end of the meeting)."""
    changes.shuffle_consents(meeting)

    found = [uuid.UUID(str(key)) for key in as_stored(house, "meetings_consent", "guid")]

    assert len(found) == 12
    assert {key.version for key in found} == {4}
    if house.vendor == "sqlite":
        assert found == sorted(found)
        with pytest.raises(DatabaseError):
            house.rows("default", "SELECT rowid FROM meetings_consent")
    else:  # a row may lie where an older one was
        assert house.rows("default", "SELECT count(DISTINCT xmin::text) FROM meetings_consent") == [(1,)]


def test_writing_consents_anew_changes_nothing_but_their_keys(house: House, meeting: Meeting) -> None:
    facts = ("voice", "age", "by_parent", "language", "words")
    before, keys = sorted(Consent.objects.values_list(*facts)), set(Consent.objects.values_list("pk", flat=True))

    changes.shuffle_consents(meeting)

    assert sorted(Consent.objects.values_list(*facts)) == before
    assert not keys & set(Consent.objects.values_list("pk", flat=True))


def test_a_naive_table_gives_the_order_of_arrival_away(house: House, meeting: Meeting) -> None:
    """The twin."""
    house.run("default", "CREATE TABLE naive_consent (guid text PRIMARY KEY, number int)")
    for number in range(12):
        house.run("default", f"INSERT INTO naive_consent VALUES ('{uuid.uuid4()}', {number})")

    assert as_stored(house, "naive_consent", "number") == list(range(12))


def come_in(entrance: changes.FreshEntrance, alias: str, *, quotes: bool) -> Client:
    """Somebody at the door, who ticks or does not."""
    guest = Client(headers={"accept-language": "nl"})
    guest.post(f"/m/{entrance.typed}", {"alias": alias, "voice": "youth", **({"may_quote": "on"} if quotes else {})})
    return guest


def test_the_only_one_who_may_be_quoted_is_joined_to_no_note(house: House) -> None:
    """A note must carry whether it may be quoted; a guest or a consent that carried it too would be its writer."""
    meeting = changes.plan(
        house.cast.office, kind="focus_group", name="Jongeren", purpose="Leren.", held_on=dt.date(2026, 11, 22)
    )
    entrance = changes.open_doors(meeting)
    boards.lay_board(meeting)
    people = {alias: come_in(entrance, alias, quotes=alias == "Maan") for alias in ("Zon", "Maan", "Ster", "Wolk")}
    for alias, guest in people.items():
        words = {"do": "write", "key": secrets.token_urlsafe(16), "note": secrets.token_urlsafe(16), "frame": 0}
        assert guest.post(f"/bord/{meeting.pk}/", {**words, "text": f"Van {alias}."}).status_code == 302

    notes = [said for said in Event.objects.values_list("said", flat=True) if said.get("may_quote")]
    about = [dict(row) for row in Guest.objects.values()]
    apart = {
        name for name in about[0] if len({str(row[name]) for row in about}) == 2
    }  # a column that parts one from three

    assert [note["text"] for note in notes] == ["Van Maan."]
    assert apart == set()
    assert not Consent.objects.exists()
    naive = [{**row, "may_quote": row["alias"] == "Maan"} for row in about]  # the twin: the column of an earlier draft
    assert [row["alias"] for row in naive if row["may_quote"]] == ["Maan"]


def test_the_tick_stays_in_the_browser_and_goes_along_with_each_note(house: House) -> None:
    meeting = changes.plan(
        house.cast.office, kind="focus_group", name="Jongeren", purpose="Leren.", held_on=dt.date(2026, 11, 22)
    )
    guest = come_in(changes.open_doors(meeting), "Maan", quotes=True)
    held = guest.cookies["gehoor-bord"].value

    [seat] = guests.seats_in(held)

    assert seat.may_quote
    assert seat.digits.isdigit()
    assert guests.seats_in(guests.with_seat(held, guests.Seat("1" * 16))) == [guests.Seat("1" * 16), seat]
