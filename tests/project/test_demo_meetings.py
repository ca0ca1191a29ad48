"""The meetings of the demo: one that ended and was told back, one that is open and can be joined with the printed code."""

import pytest
from django.conf import settings
from django.test import Client
from tests.cast import Cast

from gehoor.boards.models import Board
from gehoor.meetings.models import Guest, Life, Meeting, Source
from gehoor.offices.models import Office
from gehoor.project.command import demo
from gehoor.project.demo import meetings, year

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> Office:
    monkeypatch.setattr(year, "SLUG", cast.office.slug)
    return cast.office


def test_the_session_has_ended_and_the_focus_group_can_be_joined_by_the_printed_code(office: Office) -> None:
    demo._write_entrance()
    shown, link = (settings.GEHOOR_DATA / "meeting.txt").read_text().split()
    guest = Client(headers={"accept-language": "nl"})

    by_code = guest.post("/m/", {"code": shown})
    joined = guest.post(f"/m/{link.rpartition('/')[2]}", {"alias": "Nieuw", "voice": "youth"})
    page = guest.get(joined["Location"]).content.decode()

    assert by_code.status_code == 200
    assert meetings.FOCUS_GROUP in page
    assert "Ik snapte de helft" not in page
    ended = Meeting.objects.get(life=Life.CLOSED)
    assert ended.outcome
    assert Source.objects.filter(meeting=ended).count() == len(meetings.NOTES["inspiration"])
    assert set(Guest.objects.filter(meeting=ended).values_list("alias", flat=True)) == {""}
    assert Board.objects.get(meeting=ended).final["votes"]


def test_a_demo_that_starts_again_shows_the_same_code_as_long_as_it_works(office: Office) -> None:
    demo._write_entrance()
    before = (settings.GEHOOR_DATA / "meeting.txt").read_text()
    demo._write_entrance()
    again = (settings.GEHOOR_DATA / "meeting.txt").read_text()
    Meeting.objects.filter(life=Life.OPEN).update(life=Life.CLOSED)
    demo._write_entrance()

    assert again == before
    assert (settings.GEHOOR_DATA / "meeting.txt").read_text() == ""
    assert Meeting.objects.count() == 2
