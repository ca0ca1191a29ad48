"""From many answers to released figures."""

import json

import pytest
from tests.cast import Cast

from gehoor.answers.models import Submission
from gehoor.project.command import main
from gehoor.results import changes, queries

pytestmark = pytest.mark.django_db


def test_thirty_answers_become_released_figures_and_nine_do_not(cast: Cast) -> None:
    large, small = cast.round(name="groot"), cast.round(name="klein")
    cast.hear(large, [{"heard": "5"}] * 18 + [{"heard": "3"}] * 12)
    cast.hear(small, [{"heard": "5"}] * 9)

    changes.release_office(cast.office, Submission.objects.first().period)

    [release] = queries.newest_of(large)
    heard = queries.figures(large, release).of("heard")
    assert heard is not None
    assert (heard.group("all").low, heard.group("all").high) == (30, 34)
    assert (heard.cell("all", "5").share, heard.cell("all", "3").share) == (60, 40)
    assert queries.newest_of(small) == []


def test_the_command_line_prints_released_cells(cast: Cast, capsys: pytest.CaptureFixture[str]) -> None:
    a_round = cast.round()
    cast.hear(a_round, [{"heard": "5"}] * 20 + [{"heard": "2"}] * 15)
    main(["release", "--office", "voorbeeld", "--period", Submission.objects.first().period])
    capsys.readouterr()

    assert main(["results", "--office", "voorbeeld", "--round", str(a_round.pk), "--format", "json"]) == 0

    cells = json.loads(capsys.readouterr().out)["cells"]
    assert {cell["option"]: cell["share"] for cell in cells if cell["question"] == "heard" and cell["share"]} == {
        "5": 55,
        "2": 45,
    }


def test_a_question_with_a_condition_is_shown_only_where_the_answer_that_led_to_it_is(cast: Cast) -> None:
    """Partners are asked whether it helped only when they heard what was decided: 5 of 40 here, which stays hidden."""
    a_round = cast.round(key="partner")
    cast.hear(a_round, [{"informed": "yes", "helped": "5"}] * 5 + [{"informed": "no"}] * 22 + [{}] * 13)

    changes.release_office(cast.office, Submission.objects.first().period)

    [release] = queries.newest_of(a_round)
    figures = queries.figures(a_round, release)
    assert figures.of("informed") is not None
    assert [table for table in figures.tables if table.question == "helped"] == []


def test_a_choice_of_several_cannot_be_subtracted_from_its_sister(cast: Cast) -> None:
    from gehoor.answers.queries import tallies
    from gehoor.questionnaires import changes as questionnaires
    from gehoor.questionnaires import format as questionnaire_format
    from gehoor.questionnaires.queries import content_of, newest

    raw = content_of(newest("jongere", office=None).pk).model_dump(mode="json", by_alias=True)
    words = dict.fromkeys(raw["languages"], "x")
    several = {
        "key": "how",
        "kind": "choices",
        "theme": "access",
        "text": words,
        "options": [{"key": "a", "text": words}, {"key": "b", "text": words}],
    }
    raw |= {"key": "several", "questions": [several]}
    questionnaires.import_questionnaire(questionnaire_format.write(questionnaire_format.check(raw)), office=None)
    a_round = cast.round(key="several")
    cast.hear(a_round, [{"how": ["a", "b"]}] * 3 + [{"how": ["b"]}] * 4 + [{"how": "dont_know"}] * 5)

    counted = {tally.name: dict(tally.tables[None]) for tally in tallies(a_round, Submission.objects.first().period)}

    assert counted == {
        "how/a": {("all", "chosen"): 3, ("all", "not_chosen"): 9},
        "how/b": {("all", "chosen"): 7, ("all", "not_chosen"): 5},
    }
