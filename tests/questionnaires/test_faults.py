"""A corrupt questionnaire file is told about whole: every fault, with its line and its place."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import gehoor.questionnaires
from gehoor.base.errors import BadInput
from gehoor.questionnaires import format as questionnaire_format
from gehoor.questionnaires.lines import lines_of

READY = Path(gehoor.questionnaires.__file__).parent / "content" / "jongere.json"
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=20,
)


def paths_in(value: Any, path: tuple[int | str, ...] = ()) -> set[tuple[int | str, ...]]:
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return {path}.union(*(paths_in(one, (*path, step)) for step, one in inner))


@given(JSON, st.sampled_from([None, 1]))
def test_every_value_of_a_json_text_has_its_line(value: Any, indent: int | None) -> None:
    text = json.dumps(value, indent=indent)

    assert set(lines_of(text)) == paths_in(value)


def test_a_line_is_the_one_that_an_editor_shows() -> None:
    assert lines_of('{"a": 1,\n "b": [true,\n\n  {"c": ""}]}') == {
        (): 1,
        ("a",): 1,
        ("b",): 2,
        ("b", 0): 2,
        ("b", 1): 4,
        ("b", 1, "c"): 4,
    }


def test_all_faults_are_told_at_once_each_with_its_line() -> None:
    content = json.loads(READY.read_text(encoding="utf-8"))
    content["questions"][1]["kind"] = "slider"
    content["questions"][3]["key"] = content["questions"][2]["key"]
    del content["questions"][4]["text"]["ar"]
    text = json.dumps(content, ensure_ascii=False, indent=1)

    with pytest.raises(BadInput) as caught:
        questionnaire_format.read(text)

    told = [problem.partition(": ") for problem in caught.value.problems]
    assert [message for _place, _colon, message in told] == [
        "Input should be 'faces', 'choice', 'choices', 'yesno', 'number' or 'text'",
        f"another question has the key {content['questions'][2]['key']} too",
        "no text in ar",
    ]
    places = [place.split(", ") for place, _colon, _message in told]
    assert [place for _line, place in places] == ["questions > 2 > kind", "questions > 4 > key", "questions > 5 > text"]
    shown = [text.splitlines()[int(line.removeprefix("line ")) - 1] for line, _place in places]
    assert ['"slider"' in shown[0], '"key"' in shown[1], '"text"' in shown[2]] == [True] * 3
