"""Older research: through the same checks, all or nothing."""

import json
from pathlib import Path

import pytest
from tests.cast import Cast

from gehoor.answers import changes, importing
from gehoor.answers.models import Envelope, OpenText, Submission
from gehoor.base.errors import BadInput
from gehoor.project.command import main
from gehoor.questionnaires.queries import content_of
from gehoor.rounds.models import Round

pytestmark = pytest.mark.django_db
MAPPING = {
    "columns": {
        "Score": {"question": "heard", "values": {"1": "5", "2": "3", "9": ""}},
        "Remark": {"question": "good"},
    },
    "language": "nl",
    "product": {"column": "Dept", "values": {"A": "verlof", "B": "halt"}},
    "period": "2024-Q2",
}
GOOD = "Score,Remark,Dept,Name\n1,prima,A,Jan\n2,,B,Piet\n9,,A,Kees\n"


def taking_in(a_round: Round, folder: Path) -> list[str]:
    """The words of the command, with both files in place."""
    (folder / "a.csv").write_text(GOOD, encoding="utf-8-sig")
    (folder / "m.json").write_text(json.dumps(MAPPING))
    return ["import", "answers", str(folder / "a.csv"), "--round", str(a_round.pk), "--mapping", str(folder / "m.json")]


def test_the_same_file_again_is_refused_unless_one_says_so(
    cast: Cast, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = taking_in(cast.round(), tmp_path)
    main(words)

    refused = main(words)
    why = capsys.readouterr().err
    elsewhere = main(taking_in(cast.round(name="Een andere"), tmp_path))
    meant = main([*words, "--again"])

    assert (refused, elsewhere, meant) == (1, 0, 0)
    assert "taken into this round before" in why
    assert Envelope.objects.count() == 6


def test_older_answers_come_in_with_their_own_quarter_and_nothing_that_was_not_mapped(
    cast: Cast, tmp_path: Path
) -> None:
    code = main(taking_in(cast.round(), tmp_path))
    changes.open_all(at_once=True)

    assert code == 0
    kept = sorted((row.answers["heard"], row.product, row.mode, row.period) for row in Submission.objects.all())
    assert kept == [("3", "halt", "import", "2024-Q2"), ("5", "verlof", "import", "2024-Q2")]
    assert OpenText.objects.get().period == "2024-Q2"


@pytest.mark.parametrize(
    ("text", "faults"),
    [
        (
            "Score,Remark,Dept\n7,x,A\n1,y,Z\n",
            ["line 2: Score: the mapping has no value for '7'", "line 3: product None is not known"],
        ),
        ("Score,Remark,Dept\n", ["line 2: there are no answers in this file"]),
        ("Score,Remark,Dept,Score\n1,x,A,2\n", ["line 1: more than one column Score"]),
        ("Score,Dept\n1,A\n", ["line 1: no column Remark; there are: Score, Dept"]),
        ("Score,Remark,Dept\n1,x\n", ["line 2: expected 3 values"]),
        ('Score,Remark,Dept\n1,"x"y,A\n', ["line 2: ',' expected after '\"'"]),
        ("Score,Remark,Dept\n1," + "x" * 2001 + ",A\n", ["line 2: good: that is longer than 2000 characters"]),
    ],
)
def test_every_fault_is_named_with_its_line_and_nothing_comes_in(cast: Cast, text: str, faults: list[str]) -> None:
    a_round = cast.round()
    content = content_of(a_round.version_id)
    mapping = importing.read_mapping(json.dumps(MAPPING), content)

    with pytest.raises(BadInput) as caught:
        importing.read_rows(text, mapping, content, {"verlof", "halt"})

    assert caught.value.problems == faults
    assert Envelope.objects.count() == 0


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"period": "2024"}, "quarter"),
        ({"columns": {"a": {"question": "nope"}}}, "no question nope"),
        ({"extra": 1}, "extra"),
        ({"period": "0000-Q1"}, "from 1990-Q1"),
        ({"period": "2099-Q4"}, "to this one"),
        ({"delimiter": ""}, "delimiter"),
        ({"delimiter": "||"}, "delimiter"),
        ({"columns": {}}, "columns"),
    ],
)
def test_a_wrong_mapping_says_where(cast: Cast, change: dict[str, object], word: str) -> None:
    content = content_of(cast.round().version_id)

    with pytest.raises(BadInput, match=word):
        importing.read_mapping(json.dumps(MAPPING | change), content)
