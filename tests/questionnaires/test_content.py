"""The four ready questionnaires: complete, short, alike and safe to answer. Reads the files as JSON, without Django."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

FOLDER = Path(__file__).parents[2] / "src/gehoor/questionnaires/content"
VOICES = {"jongere": "youth", "ouder": "parent", "kind": "child", "partner": "partner"}
LANGUAGES = ["nl", "en", "tr", "ar", "pl", "uk", "es"]
SLUG = re.compile(r"[a-z][a-z0-9_]{0,39}")
INTRO_WORDS = 90
A_LONG_OFFICE_NAME = "Regionaal Bureau Leerplicht Noord"
SENTENCE_WORDS = 12
# Dutch sentences of more than 12 words that a reader found worth keeping, whole. None so far.
LONG_SENTENCES: list[str] = []

each_file = pytest.mark.parametrize("name", VOICES)


def load(name: str) -> dict[str, Any]:
    return json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))


def texts(part: Any) -> list[dict[str, str]]:
    """Every text in a part of a file: a dictionary from language to words."""
    if isinstance(part, list):
        return [text for item in part for text in texts(item)]
    if not isinstance(part, dict):
        return []
    if "nl" in part and isinstance(part["nl"], str):
        return [part]
    return [text for item in part.values() for text in texts(item)]


def sentences(words: str) -> list[str]:
    return [sentence for sentence in re.split(r"(?<=[.?!؟])\s+", words) if sentence]


def with_office(intro: str) -> str:
    return intro.replace("{office}", A_LONG_OFFICE_NAME)


def build(data: dict[str, Any]) -> list[tuple[str, str, str, bool, bool]]:
    return [
        (
            question["key"],
            question["kind"],
            question["theme"],
            question.get("background", False),
            question.get("sensitive", False),
        )
        for question in data["questions"]
    ]


def test_every_file_in_the_folder_is_one_of_the_four_voices():
    found = {path.stem for path in FOLDER.glob("*.json")}

    assert found == set(VOICES)


@each_file
def test_a_file_says_who_it_is_for(name):
    data = load(name)

    assert (data["format"], data["key"], data["voice"], data["languages"]) == (1, name, VOICES[name], LANGUAGES)


@each_file
def test_a_file_is_written_for_reading_indented_and_not_escaped(name):
    written = (FOLDER / f"{name}.json").read_text(encoding="utf-8")

    assert written == json.dumps(json.loads(written), ensure_ascii=False, indent=1) + "\n"


@each_file
def test_every_text_is_complete_in_every_language(name):
    found = texts(load(name))

    assert len(found) > 15
    for text in found:
        assert sorted(text) == sorted(LANGUAGES)
        assert all(words.strip() == words != "" for words in text.values())


@each_file
def test_no_translation_is_left_in_dutch_or_in_a_wrong_script(name):
    for text in texts(load(name)):
        for code in ("en", "tr", "pl"):
            assert text[code] != text["nl"]
        assert re.search(r"[\u0600-\u06ff]", text["ar"])
        assert re.search(r"[а-щьюяєіїґ]", text["uk"])
        assert not re.search(r"[ыэёъЫЭЁЪ]", text["uk"])
        assert "?" not in text["ar"]
        assert ("?" in text["nl"]) == ("؟" in text["ar"]) == ("¿" in text["es"])


@each_file
def test_every_language_says_who_translated_reviewed_and_tried_it(name):
    status = load(name)["status"]

    assert list(status) == LANGUAGES
    for entry in status.values():
        assert sorted(entry) == ["reviewer", "translator", "tried_on"]
        assert entry["translator"]


@each_file
@pytest.mark.parametrize("code", LANGUAGES)
def test_the_introduction_is_at_most_ninety_words_with_a_long_office_name_too(name, code):
    intro = with_office(load(name)["intro"][code])

    assert len(intro.split()) <= INTRO_WORDS


@each_file
def test_the_introduction_names_the_office_once_and_holds_no_other_placeholder(name):
    data = load(name)

    assert [re.findall(r"{.*?}|%", intro) for intro in data["intro"].values()] == [["{office}"]] * len(LANGUAGES)
    others = [text for text in texts(data) if text != data["intro"]]
    assert not re.search(r"[{}%<>]", json.dumps([list(text.values()) for text in others]))


@each_file
def test_the_dutch_introduction_makes_each_promise_in_plain_words(name):
    intro = load(name)["intro"]["nl"]

    for promise in (
        "elke vraag overslaan",
        "Een lezer van ons kantoor",
        "leerplichtambtenaar ziet het nooit",
        "komt nooit in",
        "Wij weten niet wie",
        "Bel een nummer",
    ):
        assert promise in intro
    assert ("boete" in intro) or ("gevolgen" in intro)


@each_file
def test_there_are_at_most_six_closed_questions_and_two_open_ones_at_the_end(name):
    questions = load(name)["questions"]
    kinds = [question["kind"] for question in questions]

    assert len(questions) <= 8
    assert len([kind for kind in kinds if kind != "text"]) <= 6
    assert kinds[-2:] == ["text", "text"]
    assert "text" not in kinds[:-2]
    assert [question["key"] for question in questions[-2:]] == ["good", "better"]


@each_file
def test_one_background_question_splits_the_tables(name):
    background = [question for question in load(name)["questions"] if question.get("background")]

    assert [(question["kind"], question["sensitive"]) for question in background] == [("choice", False)]


@each_file
def test_only_safe_and_fair_are_marked_sensitive(name):
    sensitive = [question["key"] for question in load(name)["questions"] if question.get("sensitive")]

    assert sensitive == ["safe", "fair"]


def test_the_four_are_built_alike():
    builds = [build(load(name)) for name in VOICES]

    assert builds[1:] == builds[:1] * 3


def test_the_four_share_one_scale_whose_steps_all_differ():
    scales = [load(name)["faces"] for name in VOICES]

    assert scales[1:] == scales[:1] * 3
    assert list(scales[0]) == ["1", "2", "3", "4", "5"]
    for code in LANGUAGES:
        assert len({step[code] for step in scales[0].values()}) == 5


@each_file
def test_keys_are_unique_slugs(name):
    questions = load(name)["questions"]
    families = [[question["key"] for question in questions]]
    families += [[option["key"] for option in question["options"]] for question in questions if "options" in question]

    for keys in families:
        assert len(set(keys)) == len(keys)
        assert all(SLUG.fullmatch(key) for key in keys)
        assert not {"dont_know", "rather_not"} & set(keys)
    assert all(SLUG.fullmatch(question["theme"]) for question in questions)


@each_file
def test_a_condition_names_an_answer_of_an_earlier_question(name):
    answers: dict[str, set[str]] = {}
    for question in load(name)["questions"]:
        if "when" in question:
            assert set(question["when"]["is"]) <= answers[question["when"]["question"]]
        options = {option["key"] for option in question.get("options", [])}
        answers[question["key"]] = {"yesno": {"yes", "no"}, "faces": set("12345")}.get(question["kind"], options)


def test_a_condition_stands_with_the_partner_only_so_no_client_loses_a_question():
    conditions = [
        (name, question["key"]) for name in VOICES for question in load(name)["questions"] if "when" in question
    ]

    assert conditions == [("partner", "helped")]


@each_file
def test_no_dutch_sentence_has_more_than_twelve_words(name):
    found = [sentence for text in texts(load(name)) for sentence in sentences(with_office(text["nl"]))]

    long = [sentence for sentence in found if len(sentence.split()) > SENTENCE_WORDS]

    assert [sentence for sentence in long if sentence not in LONG_SENTENCES] == [], (
        "shorten it, or add it to LONG_SENTENCES"
    )


@each_file
def test_every_question_is_one_sentence_of_at_most_twelve_words_in_every_language(name):
    for question in load(name)["questions"]:
        for words in question["text"].values():
            assert len(sentences(words)) == 1
            assert len(words.split()) <= SENTENCE_WORDS
