"""Who may, before anything else: by role, by age, by the state of things."""

import datetime as dt
import uuid

import pytest
from django.db import IntegrityError, transaction
from tests.cast import Cast
from tests.interviews.talks import agree, series

from gehoor.base import clock
from gehoor.base.errors import BadInput, NotAllowed, NotNow
from gehoor.interviews import changes, rules
from gehoor.interviews.models import Interview
from gehoor.offices.models import Role

pytestmark = pytest.mark.django_db


def test_only_the_quality_adviser_interviews(cast: Cast) -> None:
    assert {name for name, member in cast.everybody().items() if rules.why_not_interview(member) is None} == {
        "quinten",
        "daan",
    }


@pytest.mark.parametrize("role", [Role.OFFICER, Role.TEAM_LEAD])
def test_an_adviser_who_deals_with_cases_does_not(cast: Cast, role: str) -> None:
    cast.quinten.roles = [Role.QUALITY_ADVISER, role]

    assert rules.why_not_interview(cast.quinten)


def test_talks_belong_to_a_series_that_lasts(cast: Cast) -> None:
    assert rules.why_not_hold(series(cast.office)) is None
    assert rules.why_not_hold(series(cast.office, kind="focus_group"))
    assert rules.why_not_hold(series(cast.office, life="closed"))


# --- consent (R13) --------------------------------------------------------------------------------------------------

CASES = [
    ("from_16", "youth", "self", False, True),
    ("from_16", "youth", "both", False, True),
    ("from_16", "youth", "parent", False, False),  # from 16 nobody agrees for another
    ("12_15", "youth", "self", False, False),
    ("12_15", "youth", "both", False, True),
    ("12_15", "youth", "parent", False, False),  # nobody agrees over the head of a youth
    ("under_12", "youth", "both", False, False),  # not without the parent there
    ("under_12", "youth", "both", True, True),
    ("under_12", "youth", "parent", True, True),
    ("under_12", "youth", "self", True, False),
    ("from_16", "parent", "self", False, True),
    ("12_15", "parent", "both", False, False),
    ("", "youth", "both", True, False),
    ("from_16", "somebody", "self", False, False),
]


@pytest.mark.parametrize(("age", "voice", "agreed_by", "with_parent", "may"), CASES)
def test_who_agrees_depends_on_age(*, age: str, voice: str, agreed_by: str, with_parent: bool, may: bool) -> None:
    why = rules.why_not_agree(age=age, voice=voice, agreed_by=agreed_by, with_parent=with_parent, takes_part=True)

    assert (why is None) is may


def test_nothing_is_kept_of_somebody_who_did_not_agree(cast: Cast) -> None:
    with pytest.raises(BadInput):
        agree(series(cast.office), takes_part=False)

    assert Interview.objects.count() == 0


FORGED = {
    "no consent": {"takes_part": False},
    "no words": {"words": ""},
    "no language": {"language": ""},
    "under 16 without a parent": {"age": "12_15"},
    "a parent alone for somebody of 12 to 15": {"age": "12_15", "agreed_by": "parent"},
    "under 12 without a parent beside": {"age": "under_12", "agreed_by": "both"},
    "a parent for somebody of 16": {"agreed_by": "parent"},
    "no age": {"age": ""},
    "sound without consent for sound": {"sound_kind": "mp3", "sound_size": 9, "sound_until": dt.date(2026, 1, 1)},
    "sound without an end": {"may_record": True, "sound_kind": "mp3", "sound_size": 9},
}


@pytest.mark.parametrize("facts", FORGED.values(), ids=FORGED.keys())
def test_the_database_itself_refuses_a_talk_without_consent(cast: Cast, facts: dict[str, object]) -> None:
    row = {
        "how": "call", "voice": "youth", "period": "2026-Q4", "age": "from_16", "agreed_by": "self", "takes_part": True,
        "language": "nl", "words": "Mag het?",
    }  # fmt: skip
    meeting = series(cast.office)
    with pytest.raises(IntegrityError), transaction.atomic():
        Interview.objects.create(meeting=meeting, guid=uuid.uuid4(), **{**row, **facts})

    assert Interview.objects.create(meeting=meeting, **row)  # the same row, with consent


def test_whoever_may_not_interview_changes_nothing(cast: Cast) -> None:
    meeting = series(cast.office)
    interview = agree(meeting)

    for act in (
        lambda: changes.add_contacts(meeting, [], by=cast.bram),
        lambda: changes.take_next(meeting, by=cast.bram),
        lambda: changes.drop_contacts(meeting, by=cast.rosa),
        lambda: agree(meeting, by=cast.lotte),
        lambda: changes.write(interview, "I: hoi", by=cast.bram),
        lambda: changes.upload(interview, "a.txt", b"I: hoi", by=cast.bram),
        lambda: changes.check(interview, by=cast.petra),
        lambda: changes.withdraw(interview, by=cast.tariq),
        lambda: changes.delete_sound(interview, by=cast.bram),
    ):
        with pytest.raises(NotAllowed):
            act()
    interview.refresh_from_db()
    assert interview.turns is None


def test_a_call_list_does_not_lie_about(cast: Cast) -> None:
    today = clock.today()

    assert rules.why_not_add_contacts(series(cast.office), today) is None
    assert rules.why_not_add_contacts(series(cast.office, held_on=today + dt.timedelta(61)), today)
    assert rules.why_not_add_contacts(series(cast.office, held_on=today - dt.timedelta(31)), today)
    assert rules.why_not_add_contacts(series(cast.office, life="closed"), today)


def test_names_do_not_stay_as_labels(cast: Cast) -> None:
    interview = changes.write(agree(series(cast.office)), "Amira: hoi\nI: dag\nAmira: ja")

    assert rules.why_not_check(interview, ["Amira", "I"])
    assert rules.why_not_check(interview, ["R", "I", "R2", "O", "T1"]) is None
    with pytest.raises(NotNow):
        changes.check(interview)
