"""PostgreSQL's own wall: each process has a role with the least rights it can work with (design §4, project/sql/roles.sql)."""

import contextlib
import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import ProgrammingError, connections
from django.test import Client
from tests.attacks.house import DATABASES, House
from tests.attacks.test_figures import PERIOD, SMALL_GROUPS, hear
from tests.house.test_strangers import addresses, filled

import gehoor.project
from gehoor.answers import changes
from gehoor.answers.models import Envelope, OpenText, Submission
from gehoor.base import clock
from gehoor.boards import changes as boards
from gehoor.boards.commands import read as read_command
from gehoor.boards.sight import Viewer
from gehoor.meetings import changes as meetings
from gehoor.meetings.models import Consent, Meeting, Source
from gehoor.reading import changes as reading
from gehoor.reading import queries as reading_room
from gehoor.results import changes as results
from gehoor.results import queries as released
from gehoor.rounds import changes as rounds
from gehoor.rounds import mailing
from gehoor.rounds.addresses import Address
from gehoor.rounds.models import Code, Dispatch

pytestmark = pytest.mark.postgres
LEADS = Viewer(0, "", is_facilitator=True, seed=b"leads")
ROLES = Path(gehoor.project.__file__).parent / "sql" / "roles.sql"


@pytest.fixture
def walled(house: House) -> House:
    """A house in which the roles have been made; the test itself is still the owner."""
    for database in DATABASES:
        house.run(database, ROLES.read_text())
    return house


@contextlib.contextmanager
def acting_as(role: str) -> Iterator[None]:
    """In this block both connections have the rights of a role, and no others."""
    for database in DATABASES:
        with connections[database].cursor() as cursor:
            cursor.execute(f"SET ROLE {role}")
    try:
        yield
    finally:
        for database in DATABASES:
            with connections[database].cursor() as cursor:
                cursor.execute("RESET ROLE")


FORBIDDEN = [
    ("gehoor_desk", "vault", "SELECT * FROM answers_submission"),
    ("gehoor_desk", "vault", "SELECT count(*) FROM answers_submission"),
    ("gehoor_desk", "vault", "SELECT * FROM results_basis"),
    ("gehoor_desk", "vault", "DELETE FROM answers_opentext"),
    ("gehoor_desk", "default", "SELECT box FROM answers_envelope"),
    ("gehoor_desk", "default", "SELECT * FROM answers_formkey"),
    ("gehoor_desk", "default", "DELETE FROM answers_envelope"),
    ("gehoor_desk", "default", "UPDATE offices_entry SET subject = ''"),
    ("gehoor_desk", "default", "UPDATE results_release SET number = 9"),
    ("gehoor_desk", "default", "INSERT INTO results_release (number) VALUES (9)"),
    ("gehoor_desk", "default", "INSERT INTO results_releasedtable (place) VALUES (9)"),
    ("gehoor_desk", "default", "UPDATE results_askedrelease SET state = 'released'"),
    ("gehoor_desk", "default", "DELETE FROM results_askedrelease"),
    ("gehoor_desk", "default", "INSERT INTO answers_heardin (period) VALUES ('2026-Q1')"),
    ("gehoor_door", "default", "SELECT * FROM results_askedrelease"),
    ("gehoor_door", "default", "SELECT * FROM answers_envelope"),
    ("gehoor_door", "default", "SELECT * FROM answers_formkey"),
    ("gehoor_door", "default", "SELECT * FROM rounds_recipient"),
    ("gehoor_door", "default", "SELECT * FROM offices_account"),
    ("gehoor_door", "default", "SELECT * FROM django_session"),
    ("gehoor_door", "default", "SELECT * FROM offices_entry"),
    ("gehoor_door", "default", "INSERT INTO rounds_code VALUES ('a', 'b', 1)"),
    ("gehoor_door", "default", "UPDATE answers_envelope SET box = ''"),
    ("gehoor_door", "default", "UPDATE boards_event SET kind = 'hide'"),
    ("gehoor_door", "default", "DELETE FROM boards_event"),
    ("gehoor_door", "default", "UPDATE meetings_guest SET leads = true"),
    ("gehoor_door", "default", "DELETE FROM meetings_entrance"),
    ("gehoor_door", "default", "SELECT * FROM meetings_consent"),
    ("gehoor_door", "default", "SELECT * FROM meetings_source"),
    ("gehoor_door", "default", "SELECT * FROM interviews_contact"),
    ("gehoor_door", "default", "SELECT * FROM interviews_interview"),
    ("gehoor_door", "default", "UPDATE rounds_round SET status = 'closed'"),
    ("gehoor_door", "vault", "SELECT * FROM answers_submission"),
    ("gehoor_door", "vault", "SELECT answers FROM answers_submission"),
    ("gehoor_door", "vault", "SELECT box FROM answers_opentext"),
    ("gehoor_door", "vault", "SELECT words FROM reading_readtext"),
    ("gehoor_door", "vault", "SELECT * FROM results_basis"),
    ("gehoor_worker", "default", "DROP TABLE answers_envelope"),
    ("gehoor_worker", "default", "CREATE TABLE mine (id int)"),
]  # fmt: skip


def test_each_role_is_refused_what_it_need_not_see(walled: House) -> None:
    """UA-22: the desk (the web process of staff) asks for answers; the door asks for anything but its own work."""
    for role, database, sql in FORBIDDEN:
        with acting_as(role), pytest.raises(ProgrammingError, match=r"permission denied|must be owner"):
            walled.run(database, sql)


def test_a_naive_installation_with_one_role_gives_everything(house: House) -> None:
    """UA-22, the twin: the owner's role for all processes."""
    house.all_answer(house.people(house.cast.round(), 5))
    changes.open_all()

    assert len(house.rows("vault", "SELECT * FROM answers_submission")) == 5


def test_the_door_can_do_a_whole_journey(walled: House) -> None:
    """Design §4: code, questions, answer, pressing again. The worker has given the round its batch."""
    _dispatch, [code] = walled.cast.codes(walled.cast.round(), 1)
    changes.prepare_batches()

    with acting_as("gehoor_door"):
        walled.cast.answer(code, {"heard": "4", "good": "woorden"})

    assert (Envelope.objects.count(), Code.objects.count()) == (1, 0)


def test_the_door_can_sit_at_a_board(walled: House) -> None:
    """Design §6: come in with the code, read, write. The desk planned the meeting and laid the board."""
    office = walled.cast.office
    meeting = meetings.plan(
        office, kind="focus_group", name="Jongeren", purpose="Leren.", held_on=dt.date(2026, 11, 22), asks_consent=True
    )
    entrance = meetings.open_doors(meeting)
    laid = boards.lay_board(meeting)
    guest = Client(headers={"accept-language": "nl"})

    with acting_as("gehoor_door"):
        joined = guest.post(
            f"/m/{entrance.typed}", {"alias": "Zon", "voice": "youth", "age": "from_16", "may_quote": "1"}
        )
        words = {"do": "write", "key": "k" * 22, "note": "n" * 22, "frame": 0, "text": "Zij luisterde."}
        written = guest.post(f"/bord/{meeting.pk}/", words)
        page = guest.get(f"/bord/{meeting.pk}/").content.decode()

    assert (joined.status_code, written.status_code) == (302, 302)
    assert "Zij luisterde." in page
    assert Consent.objects.count() == 1
    with acting_as("gehoor_desk"):
        boards.perform(laid.pk, [(LEADS, read_command({"do": "step", "key": "s" * 22, "step": 2}))])
        boards.perform(laid.pk, [(LEADS, read_command({"do": "reveal", "key": "r" * 22, "frame": 0}))])
        boards.end(meeting, by=walled.cast.quinten)
    with acting_as("gehoor_door"):
        after = guest.get(f"/bord/{meeting.pk}/").content.decode()
    assert "Zij luisterde." in after
    assert Source.objects.get().may_quote


def test_the_door_can_take_an_envelope_back(walled: House) -> None:
    """Design §4, the receipt, before opening."""
    [person] = walled.people(walled.cast.round(), 1)
    walled.hand_in(person)

    with acting_as("gehoor_door"):
        removed = changes.take_back(person.receipt)

    assert (removed, Envelope.objects.count()) == (1, 0)


def test_the_door_can_take_an_opened_answer_back_without_reading_it(walled: House) -> None:
    """Design §4, the receipt, after opening."""
    [person, *others] = walled.people(walled.cast.round(), 5)
    walled.all_answer([person, *others], {"heard": "4", "good": "woorden"})
    changes.open_all()

    with acting_as("gehoor_door"):
        changes.take_back(person.receipt)

    assert (Submission.objects.count(), OpenText.objects.count()) == (4, 4)


def test_the_worker_can_open_and_release(walled: House) -> None:
    """Design §4."""
    a_round = walled.cast.round()
    with acting_as("gehoor_worker"):
        hear(walled, a_round, SMALL_GROUPS)
        assert results.release_round(a_round, PERIOD).release


def test_the_desk_can_read_texts_and_look_at_figures(walled: House) -> None:
    """Design §4: the reading room and the pages of figures work without any right on submissions."""
    a_round = walled.cast.round()
    hear(walled, a_round, SMALL_GROUPS)
    results.release_round(a_round, PERIOD)
    walled.all_answer(walled.people(a_round, 5), {"good": "Een verhaal."})
    changes.open_all()

    with acting_as("gehoor_desk"):
        text = reading_room.queue(walled.cast.office)[0]
        reading_room.open_text(walled.cast.rosa, text.pk)
        reading.approve(walled.cast.rosa, text.pk, words="Een verhaal.")
        assert released.newest_of(a_round)
        walled.cast.codes(a_round, 3)


def test_the_desk_can_show_figures_and_have_them_released_without_seeing_submissions(walled: House) -> None:
    """UA-22: the button "release" is the worker's work; the desk only asks for it."""
    a_round = walled.cast.round()
    hear(walled, a_round, SMALL_GROUPS)
    browser = walled.cast.browser(walled.cast.quinten)
    asked = f"/kantoor/zien/{a_round.pk}/{PERIOD}/gevraagd/"

    with acting_as("gehoor_desk"):
        assert browser.get("/kantoor/").status_code == 200
        assert browser.get("/kantoor/zien/").status_code == 200
        answer = browser.post(f"/kantoor/zien/{a_round.pk}/{PERIOD}/vrijgeven/")
        assert (answer.status_code, answer["Location"]) == (302, asked)
        assert "data-waiting" in browser.get(asked).content.decode()
        assert released.newest_of(a_round) == []
    with acting_as("gehoor_worker"):
        results.let_go()
        results.release_asked()
    with acting_as("gehoor_desk"):
        assert "Released (release 1)" in browser.get(asked).content.decode()
        assert browser.get(f"/kantoor/zien/{a_round.pk}/{PERIOD}/").status_code == 200


def test_the_desk_itself_can_release_nothing(walled: House) -> None:
    """UA-22, promise 3: not with the project's own function either, for it may see no answer and add no release."""
    a_round = walled.cast.round()
    hear(walled, a_round, SMALL_GROUPS)

    with acting_as("gehoor_desk"), pytest.raises(ProgrammingError, match="permission denied"):
        results.release_round(a_round, PERIOD, by=walled.cast.quinten)

    assert released.newest_of(a_round) == []


def test_every_page_of_staff_can_do_with_the_rights_of_the_desk(walled: House) -> None:
    """UA-22: each address, by each role; a page that reads what the desk may not read would be a fault of the server."""
    a_round = walled.cast.round()
    hear(walled, a_round, [{**given, "good": "Een verhaal."} for given in SMALL_GROUPS])
    results.release_round(a_round, PERIOD)
    things = {
        "<int:pk>": str(a_round.pk), "<int:round_pk>": str(a_round.pk), "<int:dispatch_pk>": str(a_round.dispatches.get().pk),
        "<int:version_pk>": str(a_round.version_id), "<str:period>": PERIOD, "<uuid:pk>": str(OpenText.objects.first().pk),
        "<str:language>": "nl", "<str:format>": "csv", "<str:kind>": "csv", "<slug:key>": "jongere", "<str:key>": "jongere",
        "<str:card>": "1-1",
    }  # fmt: skip
    meeting = Meeting.objects.create(
        pk=a_round.pk, office=walled.cast.office, kind="interview", name="Gesprekken", purpose="Horen.", held_on=clock.today()
    )  # fmt: skip
    boards.lay_board(meeting)
    with acting_as("gehoor_desk"):
        results.ask_release(a_round, PERIOD, by=walled.cast.quinten)
        answered = {
            f"{name} {route}": walled.cast.browser(member).get(filled(route, things)).status_code
            for route in addresses()
            for name, member in walled.cast.everybody().items()
        }

    assert sum(status == 200 for status in answered.values()) > 40
    assert {where: status for where, status in answered.items() if status >= 500} == {}


def invited(house: House) -> Dispatch:
    """A list of addresses of which the worker knows."""
    people = [Address(f"persoon{number}@voorbeeld.nl", "nl") for number in range(10)]
    dispatch, _left_out = rounds.add_recipients(house.cast.round(), people, by=house.cast.quinten)
    return dispatch


def test_the_desk_can_do_the_work_around_a_round(walled: House) -> None:
    """Design §4: make it, start it, hand codes out, invite, close it."""
    with acting_as("gehoor_desk"):
        dispatch = invited(walled)
        walled.cast.codes(dispatch.round, 3)
    changes.prepare_batches()  # the worker
    with acting_as("gehoor_desk"):
        assert mailing.send(dispatch, by=walled.cast.quinten).sent == 10
        rounds.close_round(dispatch.round, by=walled.cast.quinten)


def test_the_desk_can_throw_an_address_list_away(walled: House) -> None:
    """UA-22: without any right to delete an envelope."""
    with acting_as("gehoor_desk"):
        dispatch = invited(walled)
    changes.prepare_batches()  # the worker
    with acting_as("gehoor_desk"):
        rounds.drop_recipients(dispatch, by=walled.cast.quinten)
