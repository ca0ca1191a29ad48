"""A corrupt questionnaire file is told about whole: every fault, with its line and its place."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st
from tests.cast import Cast

import gehoor.questionnaires
from gehoor.base.errors import BadInput
from gehoor.questionnaires import changes
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
        "expected 'faces', 'choice', 'choices', 'yesno', 'number' or 'text'",
        f"another question has the key {content['questions'][2]['key']} too",
        "no text in ar",
    ]
    places = [place.split(", ") for place, _colon, _message in told]
    assert [place for _line, place in places] == ["questions > 2 > kind", "questions > 4 > key", "questions > 5 > text"]
    shown = [text.splitlines()[int(line.removeprefix("line ")) - 1] for line, _place in places]
    assert ['"slider"' in shown[0], '"key"' in shown[1], '"text"' in shown[2]] == [True] * 3


def faults_of(text: str) -> list[str]:
    with pytest.raises(BadInput) as caught:
        questionnaire_format.read(text)
    return caught.value.problems


@pytest.mark.parametrize("sign", ["\\ud800", "\\u202e", "\\u0000"])
def test_a_sign_that_no_keyboard_makes_is_refused_with_its_line(sign: str) -> None:
    content = json.loads(READY.read_text(encoding="utf-8"))
    content["questions"][0]["text"]["nl"] = "Vraag@"
    text = json.dumps(content, ensure_ascii=False, indent=1).replace("Vraag@", f"Vraag {sign}")

    [told] = faults_of(text)

    line = int(told.split(",")[0].removeprefix("line "))
    assert "questions > 1 > text > nl: holds a sign" in told
    assert "Vraag" in text.splitlines()[line - 1]


def test_a_name_that_stands_twice_is_refused_for_nobody_knows_which_was_meant() -> None:
    text = READY.read_text(encoding="utf-8").replace('"key": "jongere"', '"key": "jongere",\n "key": "ander"', 1)

    [told] = faults_of(text)

    line = text.splitlines().index(' "key": "ander",') + 1
    assert told.removeprefix(f"line {line}, ") == "key stands twice in the same part"


def test_brackets_without_end_and_a_mark_of_the_editor() -> None:
    assert faults_of("[" * 100_000) == ["too many brackets inside one another"]
    assert questionnaire_format.read("\ufeff" + READY.read_text(encoding="utf-8")).key == "jongere"


def test_a_question_must_fit_a_small_screen() -> None:
    content = json.loads(READY.read_text(encoding="utf-8"))
    content["questions"][0]["text"]["nl"] = "x" * 251

    assert faults_of(json.dumps(content))[0].endswith("questions > 1 > text > nl: longer than 250 characters")


@pytest.mark.django_db
def test_an_adviser_reads_the_faults_in_the_language_of_the_screen(cast: Cast) -> None:
    content = json.loads(READY.read_text(encoding="utf-8"))
    content["languages"], content["version"] = "nl", "een"

    with translation.override("nl"), pytest.raises(BadInput) as caught:
        changes.import_questionnaire(json.dumps(content), office=cast.office)

    assert caught.value.problems == [
        "regel 1, languages: hier hoort een lijst",
        "regel 1, version: hier hoort een heel getal",
    ]
