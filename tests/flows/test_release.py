"""From many answers to released figures."""

import json

import pytest

from gehoor.answers.models import Submission
from gehoor.project.command import main
from gehoor.results import changes, queries
from tests.cast import Cast

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
    assert {cell["option"]: cell["share"] for cell in cells if cell["question"] == "heard" and cell["share"]} == {"5": 55, "2": 45}
