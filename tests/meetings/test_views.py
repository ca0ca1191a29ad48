"""Planning on screen, coming in by the door: plain forms, no script anywhere."""

import base64
import datetime as dt
import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from tests.cast import Cast

from gehoor.base import clock
from gehoor.meetings import changes, queries, shown
from gehoor.meetings.models import Consent, Entrance, Guest, Kind, Meeting

pytestmark = pytest.mark.django_db
LIST = "/kantoor/bijeenkomsten/"
FACTS = {
    "name": "Met jongeren",
    "purpose": "Leren.",
    "held_on": "2027-03-01",
    "begins_at": "15:00",
    "place": "Buurthuis",
}
ENGLISH = {"accept-language": "en"}


@pytest.fixture
def desk(cast: Cast) -> Client:
    return cast.browser(cast.quinten)


@pytest.fixture
def meeting(cast: Cast) -> Meeting:
    return changes.plan(
        cast.office, kind="focus_group", name="Met jongeren", purpose="Leren.", held_on=dt.date(2027, 3, 1),
        begins_at=dt.time(15), place="Buurthuis",
    )  # fmt: skip


def at(meeting: Meeting, rest: str = "") -> str:
    return f"{LIST}{meeting.pk}/{rest}"


def text(page: Any) -> str:
    return page.content.decode()  # type: ignore[no-any-return]


# --- planning -----------------------------------------------------------------------------------------------------


def test_one_chooses_a_kind_and_its_plan_is_filled_in(desk: Client) -> None:
    kinds = text(desk.get(f"{LIST}nieuw/"))
    form = text(desk.get(f"{LIST}nieuw/?soort=mirror"))

    assert all(f"?soort={kind.value}" in kinds for kind in Kind)
    assert "Luisteren naar wat cliënten elkaar vertellen" in form
    assert "There are at most 12 clients." in form
    days = [clock.today() + dt.timedelta(120 + later) for later in range(3)]
    assert any(f'value="{day.isoformat()}"' in form for day in days if clock.is_working_day(day))


@pytest.mark.parametrize("kind", Kind.values)
def test_every_kind_can_be_planned_changed_and_printed(desk: Client, kind: str) -> None:
    more = {"moderator": "Mw. Vrij"} if kind == "mirror" else {}

    made = desk.post(f"{LIST}nieuw/", {"kind": kind, **FACTS, **more})
    meeting = Meeting.objects.get()
    pages = [
        desk.get(at(meeting, rest)) for rest in ("", "wijzigen/", "draaiboek/", "draaiboek/wijzigen/", "uitnodigen/")
    ]

    assert made.status_code == 302
    assert [page.status_code for page in pages] == [200] * 5
    assert "15:00" in text(pages[2])


def test_a_mirror_conversation_without_a_moderator_comes_back_with_what_was_typed(desk: Client) -> None:
    page = desk.post(
        f"{LIST}nieuw/", {"kind": "mirror", **FACTS, "clients": "13", "own_words_12_15": "Er is limonade."}
    )

    assert page.status_code == 422
    assert "gets no day without one" in text(page)
    assert "At most 12 clients: with more" in text(page)
    assert "Er is limonade." in text(page)
    assert not Meeting.objects.exists()


def test_a_plan_is_changed_and_words_of_the_office_are_kept_by_age(desk: Client, meeting: Meeting) -> None:
    given = {
        "kind": "focus_group",
        **FACTS,
        "audience": ["parent"],
        "asks_consent": "on",
        "own_words_12_15": "Er is limonade.",
    }

    assert desk.post(at(meeting, "wijzigen/"), given).status_code == 302
    meeting.refresh_from_db()

    assert (meeting.audience, meeting.asks_consent, meeting.consent) == (["parent"], True, {"12_15": "Er is limonade."})
    assert "Er is limonade." in text(desk.get(at(meeting, "wijzigen/")))


def test_what_is_ticked_stays_ticked_and_what_is_looked_up_cannot_be(desk: Client, meeting: Meeting) -> None:
    desk.post(at(meeting, "afvinken/"), {"check": ["free", "moderator", "nonsense"]})

    meeting.refresh_from_db()
    page = text(desk.get(at(meeting)))
    assert meeting.checks == ["free"]
    assert 'value="free" checked' in page


def test_two_tabs_of_one_checklist_lose_no_tick(desk: Client, meeting: Meeting) -> None:
    desk.post(at(meeting, "afvinken/"), {"check": ["free", "language"]})
    page = text(desk.get(at(meeting)))
    stood = re.findall(r'name="stood" value="(\w+)"', page)

    desk.post(at(meeting, "afvinken/"), {"stood": stood, "check": ["free", "language", "two"]})
    desk.post(at(meeting, "afvinken/"), {"stood": stood, "check": ["free", "back"]})

    meeting.refresh_from_db()
    assert sorted(stood) == ["free", "language"]
    assert sorted(meeting.checks) == ["back", "free", "two"]


@pytest.mark.parametrize("rest", ["open/", "afvinken/", "uitkomst/"])
def test_an_address_that_only_takes_a_form_leads_back_to_the_meeting(desk: Client, meeting: Meeting, rest: str) -> None:
    page = desk.get(at(meeting, rest))

    assert page.status_code == 302
    assert page["Location"].partition("#")[0] == at(meeting)
    assert not Entrance.objects.exists()


def test_a_series_of_interviews_shows_no_board_and_no_doors(desk: Client, cast: Cast) -> None:
    series = changes.plan(cast.office, kind="interview", name="Reeks", purpose="x", held_on=dt.date(2027, 3, 1))

    page = text(desk.get(at(series)))

    assert not re.search(r"/(leiden|open|uitnodigen|kaartjes|overtypen|invoer|offline|uitvoer)/", page)
    for rest in ("draaiboek/", "afvinken/", "wijzigen/", "einde/"):
        assert at(series, rest) in page
    assert reverse("interviews:list", args=[series.pk]) in page


# --- the doors ----------------------------------------------------------------------------------------------------


def shown_code(page: Any) -> str:
    found = re.search(r'<code dir="ltr">([a-z0-9-]+)</code>', text(page))
    assert found
    return found[1]


def test_loading_the_page_of_the_doors_again_shows_the_same_code(desk: Client, meeting: Meeting) -> None:
    pressed = desk.post(at(meeting, "open/"))
    pages = [desk.get(at(meeting, "open/")) for _time in range(2)]

    assert (pressed.status_code, pressed["Location"]) == (302, at(meeting, "open/"))
    assert shown_code(pages[0]) == shown_code(pages[1])
    assert pages[0]["Cache-Control"] == "no-store"
    assert Client().post("/m/", {"code": shown_code(pages[1])}).status_code == 200


def test_the_cookie_with_the_code_is_sealed_and_short_lived(desk: Client, meeting: Meeting) -> None:
    cookie = desk.post(at(meeting, "open/")).cookies[shown.COOKIE]
    code = shown_code(desk.get(at(meeting, "open/")))

    assert (cookie["max-age"], cookie["path"], cookie["httponly"]) == (7200, at(meeting, "open/"), True)
    sealed = base64.urlsafe_b64decode(cookie.value)
    assert code.replace("-", "").encode() not in sealed
    assert code.encode() not in sealed


def test_a_code_that_no_longer_works_is_not_shown(desk: Client, cast: Cast, meeting: Meeting) -> None:
    desk.post(at(meeting, "open/"))
    changes.open_doors(meeting)  # on another screen

    page = desk.get(at(meeting, "open/"), follow=True)

    assert page.redirect_chain == [(at(meeting), 302)]
    assert "does not know the code" in text(page)
    assert "Make a new code" in text(page)


def test_a_browser_that_never_had_the_code_is_told_the_truth(cast: Cast, meeting: Meeting) -> None:
    changes.open_doors(meeting)

    page = text(cast.browser(cast.quinten).get(at(meeting, "open/"), follow=True))

    assert "This browser does not know the code. Make a new one under “The doors”." in page


def test_the_offices_words_keep_their_direction_at_the_door(meeting: Meeting) -> None:
    fresh = changes.open_doors(meeting)

    page = text(Client().get(f"/m/{fresh.typed}?taal=ar"))

    assert '<h1 dir="auto">Met jongeren</h1>' in page
    assert '<p dir="auto">Leren.</p>' in page


def test_the_sealed_code_says_nothing_elsewhere_to_others_or_later(
    desk: Client, cast: Cast, meeting: Meeting, monkeypatch: pytest.MonkeyPatch
) -> None:
    sealed = shown.seal(changes.open_doors(meeting), meeting, cast.quinten)
    other = changes.plan(cast.office, kind="circle", name="Kring", purpose="x", held_on=dt.date(2027, 1, 1))
    changes.open_doors(other)

    assert shown.read(sealed, meeting, cast.quinten)
    assert shown.read(sealed, other, cast.quinten) is None
    assert shown.read(sealed, meeting, cast.bram) is None
    for broken in ("", "x", "é", sealed[:-8], sealed[:20] + ("A" if sealed[20] != "A" else "B") + sealed[21:]):
        assert shown.read(broken, meeting, cast.quinten) is None
    later = clock.now() + dt.timedelta(seconds=shown.SECONDS + 1)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert shown.read(sealed, meeting, cast.quinten) is None


def guide_of(meeting: Meeting, **changed: str) -> dict[str, str]:
    """The form of the guide as a browser sends it."""
    given = {"form-TOTAL_FORMS": str(len(meeting.guide)), "form-INITIAL_FORMS": str(len(meeting.guide))}
    for number, step in enumerate(meeting.guide):
        given |= {f"form-{number}-{name}": str(value) for name, value in step.items()}
    return {**given, **changed}


def test_each_button_of_the_guide_saves_what_was_typed(desk: Client, meeting: Meeting) -> None:
    second = meeting.guide[1]["title"]

    page = desk.post(at(meeting, "draaiboek/wijzigen/"), guide_of(meeting, **{"form-0-title": "Soep", "do": "up-2"}))
    meeting.refresh_from_db()

    assert page["Location"].endswith("#stap-1")
    assert [step["title"] for step in meeting.guide[:2]] == [second, "Soep"]
    desk.post(at(meeting, "draaiboek/wijzigen/"), guide_of(meeting, do="remove-2"))
    meeting.refresh_from_db()
    assert "Soep" not in [step["title"] for step in meeting.guide]


@pytest.mark.parametrize("changed", [{"form-0-minutes": "-1"}, {"form-0-title": ""}, {"form-0-minutes": "lang"}])
def test_a_guide_with_a_fault_comes_back_with_what_was_typed(desk: Client, meeting: Meeting, changed: Any) -> None:
    before = meeting.guide

    page = desk.post(at(meeting, "draaiboek/wijzigen/"), guide_of(meeting, **{"form-1-title": "Soep", **changed}))
    meeting.refresh_from_db()

    assert page.status_code == 422
    assert 'value="Soep"' in text(page)
    assert 'href="#id_form-0-' in text(page)
    assert meeting.guide == before


def test_a_post_without_a_guide_changes_nothing(desk: Client, meeting: Meeting) -> None:
    assert desk.post(at(meeting, "draaiboek/wijzigen/"), {}).status_code == 422
    assert desk.post(at(meeting, "draaiboek/wijzigen/"), {"form-TOTAL_FORMS": "9999", "form-INITIAL_FORMS": "0"}).status_code == 422  # fmt: skip
    assert Meeting.objects.get().guide == meeting.guide


def test_a_long_list_can_be_looked_at_by_state(desk: Client, cast: Cast) -> None:
    for number in range(9):
        changes.plan(cast.office, kind="circle", name=f"Kring {number}", purpose="x", held_on=dt.date(2027, 1, 1))
    changes.open_doors(Meeting.objects.get(name="Kring 4"))

    everything, opened, closed = (text(desk.get(LIST + rest)) for rest in ("", "?stand=open", "?stand=closed"))

    assert everything.count("Kring ") == 9
    assert re.findall(r"Kring \d", opened) == ["Kring 4"]
    assert "There is no meeting in this state." in closed


# --- inviting -----------------------------------------------------------------------------------------------------


def test_making_an_invitation_answers_with_the_pdf_and_keeps_no_code(desk: Client, meeting: Meeting) -> None:
    page = desk.post(at(meeting, "uitnodigen/"), {"shape": "card", "age": "", "language": "nl", "copies": "8"})

    assert (page.status_code, page["Content-Type"], page["Cache-Control"]) == (200, "application/pdf", "no-store")
    assert page["Content-Disposition"].startswith("attachment")
    assert Entrance.objects.get().invites
    assert "An invitation was made" in text(desk.get(at(meeting)))


def test_a_mirror_conversation_says_what_is_missing_and_has_no_button(desk: Client, cast: Cast) -> None:
    mirror = changes.plan(
        cast.office, kind="mirror", name="Spiegel", purpose="x", held_on=dt.date(2027, 3, 1), moderator="Mw. Vrij"
    )

    page = text(desk.get(at(mirror)))
    wanted = {"shape": "card", "age": "", "language": "nl", "copies": "8"}
    attempts = [desk.post(at(mirror, "open/")), desk.post(at(mirror, "uitnodigen/"), wanted)]

    assert "This has to be so first" in page
    assert all(attempt.status_code >= 400 for attempt in attempts)
    assert not Entrance.objects.exists()


def test_who_comes_too_early_hears_when_to_come(cast: Cast, meeting: Meeting) -> None:
    fresh = changes.invite(meeting)
    visitor = Client(headers=ENGLISH)

    by_link, by_code = visitor.get(f"/m/{fresh.link}"), visitor.post("/m/", {"code": fresh.shown})
    pushed = visitor.post(f"/m/{fresh.typed}", {"alias": "Zon", "voice": "parent"})

    for page in (by_link, by_code, pushed):
        assert page.status_code == 200
        assert "This meeting is not open yet." in text(page)
        assert "Monday 1 March 2027 at 15:00" in text(page)
    assert not Guest.objects.exists()
    changes.open_doors(meeting)
    assert visitor.post(f"/m/{fresh.typed}", {"alias": "Zon", "voice": "parent"}).status_code == 302


# --- joining ------------------------------------------------------------------------------------------------------


@pytest.fixture
def asking(cast: Cast) -> str:
    """The code of an open meeting where consent is the ground."""
    made = changes.plan(cast.office, kind="focus_group", name="Met jongeren", purpose="Leren.", held_on=dt.date(2027, 3, 1), asks_consent=True, consent={"12_15": "Er is een tolk."})  # fmt: skip
    return changes.open_doors(made).typed


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({}, "Choose how old you are"),
        ({"age": "under_12"}, "join together with your parent"),
        ({"age": "12_15"}, "has to know and agree"),
        (
            {"age": "under_12", "by_parent": "12_15"},
            "join together with your parent",
        ),  # ticked before another age was chosen
    ],
)
def test_a_youth_under_16_does_not_come_in_alone_where_consent_is_the_ground(asking: str, given: Any, why: str) -> None:
    page = Client(headers=ENGLISH).post(f"/m/{asking}", {"alias": "Zon", "voice": "youth", **given})

    assert page.status_code == 422
    assert why in text(page)
    assert 'value="Zon"' in text(page)
    assert not Guest.objects.exists()
    assert not Consent.objects.exists()


@pytest.mark.parametrize(
    "given", [{"age": "12_15", "by_parent": "12_15"}, {"age": "under_12", "by_parent": "under_12"}, {"age": "from_16"}]
)
def test_a_youth_comes_in_with_the_right_tick(asking: str, given: dict[str, str]) -> None:
    page = Client(headers=ENGLISH).post(f"/m/{asking}", {"alias": "Zon", "voice": "youth", **given})

    assert page.status_code == 302
    assert Consent.objects.get().age == given["age"]


def test_the_page_shows_all_words_before_anything_is_agreed_to(asking: str) -> None:
    page = Client(headers=ENGLISH).get(f"/m/{asking}")

    assert "both have to agree" in text(page)
    assert "Er is een tolk." in text(page)
    assert "You may leave this out." in text(page)
    assert len(page.content) < 40_000
    style = re.search(r"style-src ([^;]+)", page["Content-Security-Policy"])
    assert style
    assert style[1].count("sha256-") == 2


def test_thirty_youths_of_whom_nobody_says_an_age_come_in_where_consent_is_not_the_ground(meeting: Meeting) -> None:
    code = changes.open_doors(meeting).typed

    statuses = {Client().post(f"/m/{code}", {"alias": f"Gast {n}", "voice": "youth"}).status_code for n in range(30)}

    assert (statuses, Guest.objects.count(), Consent.objects.exists()) == ({302}, 30, False)


# --- afterwards ---------------------------------------------------------------------------------------------------


def test_after_the_end_one_tells_what_is_done_and_sees_small_numbers_only_as_few(desk: Client, asking: str) -> None:
    Client().post(f"/m/{asking}", {"alias": "Zon", "voice": "parent", "may_quote": "on"})
    meeting = Meeting.objects.get()
    changes.end(meeting)

    page = text(desk.get(at(meeting)))
    empty = desk.post(at(meeting, "uitkomst/"), {"outcome": " "})
    told = desk.post(at(meeting, "uitkomst/"), {"outcome": "Wij schrijven kortere brieven."})

    assert page.count("fewer than 10") == 3
    assert (empty.status_code, told.status_code) == (422, 302)
    assert Meeting.objects.get().outcome == "Wij schrijven kortere brieven."
    assert "kortere brieven" in text(desk.get(at(meeting)))


@pytest.mark.parametrize("rest", ["", "wijzigen/", "draaiboek/", "draaiboek/wijzigen/", "uitnodigen/"])
def test_an_officer_and_another_office_see_no_plan(cast: Cast, meeting: Meeting, rest: str) -> None:
    assert cast.browser(cast.bram).get(at(meeting, rest)).status_code == 403
    assert cast.browser(cast.daan).get(at(meeting, rest)).status_code == 404
    assert queries.meetings_of(cast.daan.office).count() == 0
