"""What a plan must have, and who may agree for whom."""

import datetime as dt
from typing import Any

import pytest
from tests.cast import Cast

from gehoor.boards import setups
from gehoor.meetings import consents, guide, plans, rules
from gehoor.meetings.models import Age, Kind, Meeting, Voice

DAY = dt.date(2026, 11, 23)


def mirror(**changed: Any) -> Meeting:
    """A mirror conversation with which everything is right."""
    facts = {
        "kind": Kind.MIRROR, "moderator": "Mw. Onafhankelijk", "clients": 12, "listeners": 25, "held_on": DAY,
        "checks": ["independent", "closed_cases", "other_team"], "guide": plans.guide_for(Kind.MIRROR), "audience": ["youth", "staff"],
    }  # fmt: skip
    return Meeting(**{**facts, **changed})


def unmet(meeting: Meeting, today: dt.date) -> set[str]:
    return {line.check.key for line in rules.checklist(meeting, today=today) if not line.met}


# --- plans --------------------------------------------------------------------------------------------------------


def test_every_kind_has_a_plan_and_its_own_checks() -> None:
    assert set(plans.PLANS) == set(Kind.values)
    for kind, plan in plans.PLANS.items():
        keys = [check.key for check in plan.checks]
        assert len(keys) == len(set(keys)), kind
        assert {check.key for check in plan.checks if check.automatic} <= set(rules.MEASURES), kind
        assert set(plan.audience) <= set(Voice.values), kind
        assert len(plan.purpose) <= 300


@pytest.mark.parametrize("kind", [kind for kind in Kind if kind != Kind.INTERVIEW])
def test_the_guide_asks_what_the_board_asks_and_makes_the_promise(kind: Kind) -> None:
    said = "\n".join(step.words for step in plans.plan_for(kind).steps)

    assert [question for _title, question in setups.FRAMES[kind] if question not in said] == []
    assert "gevaar" in said
    assert "De naam die je koos, vergeten we" in said


def test_a_mirror_conversation_takes_about_75_minutes() -> None:
    assert plans.plan_for(Kind.MIRROR).minutes == 75


# --- the mirror planner (R94) -------------------------------------------------------------------------------------


def test_a_mirror_conversation_gets_no_day_without_a_moderator() -> None:
    why = rules.why_not_hold(kind=Kind.MIRROR, moderator=" ", clients=8, listeners=10)

    assert list(why) == ["moderator"]
    assert "independent moderator" in why["moderator"]


@pytest.mark.parametrize(
    ("clients", "listeners", "fields"), [(12, 25, []), (13, 25, ["clients"]), (12, 26, ["listeners"]), (None, None, [])]
)
def test_a_mirror_conversation_has_at_most_12_clients_and_25_listeners(
    clients: int | None, listeners: int | None, fields: list[str]
) -> None:
    assert list(rules.why_not_hold(kind=Kind.MIRROR, moderator="x", clients=clients, listeners=listeners)) == fields


@pytest.mark.parametrize(
    "changed",
    [{"moderator": ""}, {"clients": 13}, {"clients": None}, {"listeners": 26}, {"checks": ["independent", "closed_cases"]}, {"checks": []}],
)  # fmt: skip
def test_nobody_is_invited_to_a_mirror_conversation_before_each_hard_line_is_met(changed: dict[str, Any]) -> None:
    assert rules.why_not_gather(mirror()) is None
    assert "This has to be so first" in (rules.why_not_gather(mirror(**changed)) or "")
    assert rules.why_not_open(mirror(**changed))


def test_a_mirror_conversation_that_is_open_can_get_a_new_code() -> None:
    assert rules.why_not_open(mirror(life="open", checks=[])) is None


def test_four_months_ahead_is_looked_up_in_the_plan() -> None:
    assert "lead_time" not in unmet(mirror(), DAY - dt.timedelta(120))
    assert "lead_time" in unmet(mirror(), DAY - dt.timedelta(60))


def test_a_focus_group_warns_and_blocks_nothing() -> None:
    small = Meeting(kind=Kind.FOCUS_GROUP, clients=4, held_on=DAY, audience=["youth", "parent"])

    assert {"clients", "apart", "moderator"} <= unmet(small, DAY)
    assert rules.why_not_gather(small) is None
    assert rules.why_not_hold(kind=Kind.FOCUS_GROUP, moderator="", clients=40, listeners=None) == {}


# --- the guide ----------------------------------------------------------------------------------------------------


def test_the_guide_has_the_times_of_the_clock() -> None:
    steps = [{"minutes": 5, "title": "a", "words": ""}, {"minutes": 70, "title": "b", "words": ""}]

    at = guide.timed(Meeting(guide=steps, begins_at=dt.time(23, 0)))
    after = guide.timed(Meeting(guide=steps))

    assert [(step.begins, step.ends) for step in at] == [("23:00", "23:05"), ("23:05", "00:15")]
    assert [(step.begins, step.ends) for step in after] == [("0:00", "0:05"), ("0:05", "1:15")]
    assert guide.ends_at(Meeting(guide=steps, begins_at=dt.time(13, 30))) == "14:45"


@pytest.mark.parametrize(
    ("do", "number", "titles", "looked_at"),
    [("up", 2, "bac", 1), ("up", 1, "abc", 1), ("down", 2, "acb", 3), ("down", 3, "abc", 3), ("remove", 1, "bc", 1), ("remove", 3, "ab", 2), ("fly", 2, "abc", 2), ("up", 9, "abc", 9)],
)  # fmt: skip
def test_steps_are_moved_and_removed_by_buttons(do: str, number: int, titles: str, looked_at: int) -> None:
    steps = [{"minutes": 1, "title": title, "words": ""} for title in "abc"]

    after, place = guide.moved(steps, do, number)

    assert ("".join(step["title"] for step in after), place) == (titles, looked_at)
    assert [step["title"] for step in steps] == ["a", "b", "c"]


def test_a_guide_grows_to_forty_steps_and_no_further() -> None:
    steps, place = guide.moved([{"minutes": 1, "title": "a", "words": ""}] * 39, "add", 1)

    assert (len(steps), place, steps[1]["title"]) == (40, 2, "Nieuwe stap")
    assert len(guide.moved(steps, "add", 1)[0]) == 40


# --- consent ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("voice", "age", "by_parent", "refused"),
    [
        ("youth", "under_12", False, True),
        ("youth", "under_12", True, False),
        ("youth", "12_15", False, True),
        ("youth", "12_15", True, False),
        ("youth", "from_16", False, False),
        ("youth", "", False, True),
        ("youth", "99", True, True),
        ("parent", "", False, False),
        ("staff", "", False, False),
    ],
)
def test_a_parent_decides_below_12_and_decides_too_below_16(voice, age, by_parent, refused) -> None:
    asks, asks_not = Meeting(asks_consent=True), Meeting(asks_consent=False)

    assert bool(rules.why_not_agree(asks, voice=voice, age=age, by_parent=by_parent)) is refused
    assert bool(rules.why_not_agree(asks_not, voice=voice, age=age, by_parent=False)) is (age == "99")


@pytest.mark.django_db
def test_everybody_reads_what_happens_with_what_they_say(cast: Cast) -> None:
    meeting = Meeting(office=cast.office, kind=Kind.FOCUS_GROUP, asks_consent=True)

    words = {age: consents.consent_words(meeting, age, "en") for age in (*Age.values, "")}

    assert len(set(words.values())) == 3  # 16 and older decide as adults do
    assert "your parent or carer joins together with you" in words["under_12"]
    assert "both have to agree" in words["12_15"]
    assert all("forgotten when the meeting ends" in each and "stop at any moment" in each for each in words.values())


@pytest.mark.django_db
def test_words_of_the_office_come_below_ours_in_dutch_and_replace_nothing(cast: Cast) -> None:
    meeting = Meeting(office=cast.office, kind=Kind.CIRCLE, consent={"12_15": "Er is een tolk.\n\nEr is limonade."})

    found = consents.sentences(meeting, "12_15", "ar")

    assert [(said.text, said.language) for said in found[-2:]] == [("Er is een tolk.", "nl"), ("Er is limonade.", "nl")]
    assert len(found) == len(consents.sentences(meeting, "from_16", "ar")) + 2
