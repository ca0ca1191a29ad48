"""Planning, inviting, joining, telling: what each keeps, refuses and writes in the journal."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from tests.cast import Cast

from gehoor.base.errors import BadInput, NotAllowed, NotNow
from gehoor.meetings import changes, plans, queries
from gehoor.meetings.changes import Agreed
from gehoor.meetings.models import Consent, Entrance, Life, Meeting, Source
from gehoor.offices.models import Entry

pytestmark = pytest.mark.django_db


def planned(cast: Cast, kind: str = "focus_group", **more: Any) -> Meeting:
    facts = {"name": "Met jongeren", "purpose": "Leren.", "held_on": dt.date(2026, 12, 1), **more}
    return changes.plan(cast.office, kind=kind, by=cast.quinten, **facts)


def verbs() -> list[str]:
    return list(Entry.objects.filter(verb__startswith="meeting").order_by("pk").values_list("verb", flat=True))


def test_a_plan_is_filled_in_from_its_kind(cast: Cast) -> None:
    meeting = planned(cast)
    interview = planned(cast, "interview")

    meeting.refresh_from_db()
    assert meeting.guide == plans.guide_for("focus_group")
    assert (meeting.audience, meeting.asks_consent, interview.asks_consent) == (["youth"], False, True)
    assert verbs() == ["meeting_planned"] * 2


def test_two_who_tick_at_one_moment_lose_nothing(cast: Cast) -> None:
    one = planned(cast)
    other = Meeting.objects.get(pk=one.pk)  # read before anything was ticked

    changes.tick(one, stood=set(), ticked={"free"}, by=cast.quinten)
    changes.tick(other, stood=set(), ticked={"language"}, by=cast.quinten)

    one.refresh_from_db()
    assert set(one.checks) == {"free", "language"}


@pytest.mark.parametrize("more", [{"moderator": ""}, {"clients": 13}, {"listeners": 26}])
def test_a_mirror_conversation_outside_its_norms_is_not_planned(cast: Cast, more: dict[str, Any]) -> None:
    with pytest.raises(BadInput):
        planned(cast, "mirror", **{"moderator": "Mw. Vrij", **more})

    assert not Meeting.objects.exists()


def test_a_mirror_conversation_is_not_opened_or_invited_to_before_its_checklist_allows(cast: Cast) -> None:
    meeting = planned(cast, "mirror", moderator="Mw. Vrij", clients=8, listeners=20)
    for attempt in (changes.invite, changes.open_doors):
        with pytest.raises(NotNow):
            attempt(meeting, by=cast.quinten)

    changes.change_plan(meeting, checks=["independent", "closed_cases", "other_team"], by=cast.quinten)
    changes.invite(meeting, by=cast.quinten)
    changes.open_doors(meeting, by=cast.quinten)

    assert verbs() == ["meeting_planned", "meeting_changed", "meeting_invited", "meeting_opened"]
    with pytest.raises(BadInput):
        changes.change_plan(meeting, moderator="", by=cast.quinten)


@pytest.mark.parametrize("do", ["invite", "open_doors"])
def test_an_officer_neither_plans_nor_invites(cast: Cast, do: str) -> None:
    meeting = planned(cast)
    attempts = [
        lambda: changes.plan(cast.office, kind="circle", name="x", purpose="x", held_on=dt.date.today(), by=cast.bram),  # noqa: DTZ011 -- any day
        lambda: changes.change_plan(meeting, name="y", by=cast.bram),
        lambda: getattr(changes, do)(meeting, by=cast.bram),
        lambda: changes.tell_outcome(meeting, "z", by=cast.bram),
    ]

    for attempt in attempts:
        with pytest.raises(NotAllowed):
            attempt()


def test_the_code_of_an_invitation_works_on_when_the_doors_open(cast: Cast) -> None:
    meeting = planned(cast)
    invitation = changes.invite(meeting)
    room = changes.open_doors(meeting)
    again = changes.open_doors(meeting)

    found = {code: queries.entrance_of(code) is not None for code in (invitation.typed, invitation.link, room.typed, again.typed)}  # fmt: skip

    assert list(found.values()) == [True, True, False, True]


def test_a_new_invitation_ends_the_former_one_and_leaves_the_room_alone(cast: Cast) -> None:
    meeting = planned(cast)
    first, room = changes.invite(meeting), changes.open_doors(meeting)
    second = changes.invite(meeting)

    assert queries.entrance_of(first.typed) is None
    assert queries.entrance_of(second.typed)
    assert queries.entrance_of(room.typed)
    assert Entrance.objects.count() == 2


def test_a_plan_stays_as_it_was_when_the_meeting_has_ended(cast: Cast) -> None:
    meeting = planned(cast)
    changes.invite(meeting)
    changes.open_doors(meeting)
    changes.end(meeting)

    assert not Entrance.objects.exists()
    for attempt in (lambda: changes.change_plan(meeting, name="y"), lambda: changes.invite(meeting)):
        with pytest.raises(NotNow):
            attempt()


@pytest.mark.parametrize("do", [changes.open_doors, changes.invite])
def test_a_page_of_before_the_end_opens_nothing_any_more(cast: Cast, do: Callable[[Meeting], Any]) -> None:
    meeting = planned(cast)
    of_before = Meeting.objects.get(pk=meeting.pk)
    changes.end(meeting)

    with pytest.raises(NotNow):
        do(of_before)

    assert (Meeting.objects.get().life, Entrance.objects.count()) == (Life.CLOSED, 0)


def test_what_became_of_it_is_told_after_the_end(cast: Cast) -> None:
    meeting = planned(cast)
    with pytest.raises(NotNow):
        changes.tell_outcome(meeting, "Wij schrijven kortere brieven.", by=cast.quinten)
    meeting.life = Life.CLOSED

    changes.tell_outcome(meeting, "Wij schrijven kortere brieven.", by=cast.quinten)

    assert Meeting.objects.get().outcome == "Wij schrijven kortere brieven."
    assert verbs()[-1] == "meeting_answered"
    assert not Entry.objects.filter(subject__contains="brieven").exists()


# --- joining ------------------------------------------------------------------------------------------------------


def test_a_youth_under_16_needs_a_parent_where_consent_is_the_ground(cast: Cast) -> None:
    meeting = planned(cast, asks_consent=True)
    changes.open_doors(meeting)

    with pytest.raises(BadInput):
        changes.join(meeting, alias="Zon", voice="youth", agreed=Agreed(age="12_15"))
    changes.join(meeting, alias="Zon", voice="youth", agreed=Agreed(age="12_15", by_parent=True, language="en"))

    consent = Consent.objects.get()
    assert (consent.age, consent.by_parent, consent.language) == ("12_15", True, "en")
    assert "both have to agree" in consent.words
    assert consent.words.endswith("My parent or carer knows that I join and agrees.")


def test_only_what_was_agreed_to_is_kept(cast: Cast) -> None:
    meeting, asking = planned(cast), planned(cast, asks_consent=True)
    changes.open_doors(meeting)
    changes.open_doors(asking)

    changes.join(meeting, alias="Zon", voice="youth", agreed=Agreed(age="12_15"))
    changes.join(asking, alias="Maan", voice="parent", agreed=Agreed(age="12_15", by_parent=True))

    consent = Consent.objects.get()
    assert consent.meeting == asking
    assert (consent.voice, consent.age, consent.by_parent) == ("parent", "", False)


def test_joining_without_a_word_about_age_stays_possible_where_consent_is_not_the_ground(cast: Cast) -> None:
    meeting = planned(cast)
    changes.open_doors(meeting)

    for voice in ("youth", "parent", "staff", "partner"):
        changes.join(meeting, alias=voice, voice=voice)

    assert not Consent.objects.exists()


def test_consents_are_counted_in_tens(cast: Cast) -> None:
    meeting = planned(cast, asks_consent=True)
    changes.open_doors(meeting)
    for number in range(11):
        agreed = Agreed(age="12_15", by_parent=True)
        changes.join(meeting, alias=f"Gast {number}", voice="youth", agreed=agreed)
        Source.objects.create(guid=str(number), meeting=meeting, kind="note", text="x", may_quote=number < 9)

    assert queries.consents_of(meeting) == {"all": 10, "may_quote": 0, "by_parent": 10}
