"""Who may open and decide."""

import pytest
from tests.cast import Cast

from gehoor.reading import rules
from gehoor.reading.models import ReadText, Verdict

pytestmark = pytest.mark.django_db

FLAGGED, APPROVED = ReadText(verdict=Verdict.DANGER), ReadText(verdict=Verdict.APPROVED)


def test_only_readers_and_triage_open_a_new_text(cast: Cast) -> None:
    may = {name for name, member in cast.everybody().items() if rules.why_not_open(member, None, why="") is None}

    assert may == {"rosa", "tariq"}


def test_only_triage_opens_a_text_about_danger_and_says_why(cast: Cast) -> None:
    may = {
        name
        for name, member in cast.everybody().items()
        if rules.why_not_open(member, FLAGGED, why="eerste blik") is None
    }

    assert may == {"tariq"}
    assert rules.why_not_open(cast.tariq, FLAGGED, why="  ") is not None


def test_only_triage_decides_about_a_text_about_danger(cast: Cast) -> None:
    may = {name for name, member in cast.everybody().items() if rules.why_not_decide(member, FLAGGED) is None}

    assert may == {"tariq"}


def test_a_text_is_decided_about_once() -> None:
    assert rules.why_closed(APPROVED) is not None
    assert rules.why_closed(FLAGGED) is None
    assert rules.why_closed(None) is None


def test_a_text_goes_to_triage_once() -> None:
    assert rules.why_not_pass_on(FLAGGED) is not None
    assert rules.why_not_pass_on(None) is None
