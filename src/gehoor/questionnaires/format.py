"""The questionnaire file: what it may hold and what it must hold. The JSON Schema is generated from these classes.

A text is a dictionary from language code to words. Format 1.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Annotated, Any, Literal, Self, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator
from pydantic_core import PydanticCustomError

from gehoor.base.errors import BadInput
from gehoor.base.languages import LANGUAGES
from gehoor.questionnaires.lines import Path, line_of, lines_of

MOST_CLOSED = 6
MOST_OPEN = 2
INTRO_WORDS = 90
FACES = ("1", "2", "3", "4", "5")
DONT_KNOW, RATHER_NOT, SKIPPED = "dont_know", "rather_not", "skipped"
NO_ANSWERS = (DONT_KNOW, RATHER_NOT)

# Questions that would make an anonymous answer name a person, or touch a case file (standards.md requirements 1 and 7).
FORBIDDEN = re.compile(
    r"\b(bsn|burgerservicenummer|onderwijsnummer|zaaknummer|dossiernummer|case ?number|e-?mail|geboortedatum|date of birth"
    r"|birth ?date|telefoonnummer|phone number|achternaam|surname|last name|huisnummer|postcode|adres|address)\b",
    re.IGNORECASE,
)

Voice = Literal["youth", "parent", "child", "partner"]
Slug = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")]


def _known_languages(text: dict[str, str]) -> dict[str, str]:
    if unknown := set(text) - set(LANGUAGES):
        raise ValueError(f"unknown language {', '.join(sorted(unknown))}")
    if empty := [code for code, words in text.items() if not words.strip()]:
        raise ValueError(f"empty text for {', '.join(empty)}")
    return text


Text = Annotated[dict[str, str], AfterValidator(_known_languages)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


Fault = tuple[Path, str]
_T = TypeVar("_T", bound=_Part)
NO_SUCH_CONDITION = "the condition must name an earlier closed question"


def _without(part: _T, faults: Iterable[Fault]) -> _T:
    """The part, if it has no faults. They go along in pydantic's own error, each with its place."""
    if found := list(faults):
        raise PydanticCustomError("faults", "faults", {"faults": found})
    return part


class Option(_Part):
    """One answer of a choice."""

    key: Slug
    text: Text


class Condition(_Part):
    """The question is asked only when an earlier one was answered like this."""

    question: Slug
    is_: list[str] = Field(alias="is", min_length=1)


class Question(_Part):
    """One question. `theme` is a code of domain.md §4.9; `background` marks one that splits tables."""

    key: Slug
    kind: Literal["faces", "choice", "choices", "yesno", "number", "text"]
    theme: Slug
    text: Text
    hint: Text | None = None
    options: list[Option] = []
    faces: dict[Literal["1", "2", "3", "4", "5"], Text] | None = None
    min: int = 0
    max: int = 100
    max_length: int = Field(default=2000, ge=1, le=2000)
    background: bool = False
    sensitive: bool = False
    when: Condition | None = None

    @property
    def is_open(self) -> bool:
        """Is it answered in the client's own words?"""
        return self.kind == "text"

    @property
    def values(self) -> tuple[str, ...]:
        """The answers that can be counted, in the order of the page, without the two ways of not answering."""
        if self.kind == "faces":
            return FACES
        if self.kind == "yesno":
            return ("yes", "no")
        if self.kind == "number":
            return tuple(str(number) for number in range(self.min, self.max + 1))
        return tuple(option.key for option in self.options)

    @model_validator(mode="after")
    def _fits_its_kind(self) -> Self:
        return _without(self, self._faults())

    def _faults(self) -> Iterator[Fault]:
        if self.kind in {"choice", "choices"} and len(self.options) < 2:  # noqa: PLR2004 -- a choice needs two
            yield (), "a choice needs two options or more"
        if self.kind not in {"choice", "choices"} and self.options:
            yield ("options",), "only a choice has options"
        if len({option.key for option in self.options} | set(NO_ANSWERS)) != len(self.options) + len(NO_ANSWERS):
            yield ("options",), f"option keys must differ from each other and from {', '.join(NO_ANSWERS)}"
        if self.kind == "number" and not 0 <= self.max - self.min <= 100:  # noqa: PLR2004 -- more would be no table
            yield (), "max must lie 0 to 100 above min"
        if self.background and self.kind not in {"choice", "yesno"}:
            yield ("background",), "only a choice or yesno can split tables"
        for code, words in self.text.items():
            if FORBIDDEN.search(words):
                yield (
                    ("text", code),
                    "asks for a name, an address or a number that points at a person; leave it out",
                )


class TranslationStatus(_Part):
    """Who made, read and tried a translation (standards.md requirement 94)."""

    translator: str
    reviewer: str | None = None
    tried_on: str | None = None


class Content(_Part):
    """A whole questionnaire in all its languages."""

    format: Literal[1]
    key: Slug
    version: int = Field(ge=1)
    voice: Voice
    languages: list[str] = Field(min_length=1)
    title: Text
    intro: Text
    questions: list[Question] = Field(min_length=1)
    faces: dict[Literal["1", "2", "3", "4", "5"], Text]
    status: dict[str, TranslationStatus] = {}

    @property
    def closed(self) -> list[Question]:
        """The questions that are counted."""
        return [question for question in self.questions if not question.is_open]

    @property
    def open(self) -> list[Question]:
        """The questions in the client's own words."""
        return [question for question in self.questions if question.is_open]

    def question(self, key: str) -> Question:
        """One question. Raises KeyError."""
        return next(question for question in self.questions if question.key == key)

    def face_words(self, question: Question, value: str, language: str) -> str:
        """The words under a face."""
        return (question.faces or self.faces)[value][language]  # type: ignore[index]  # FACES are the literals

    def text_of(self, question: Question, value: str, language: str) -> str:
        """A countable answer in words, such as an option; "" for values that the screens name themselves."""
        if question.kind == "faces":
            return self.face_words(question, value, language)
        return next((option.text[language] for option in question.options if option.key == value), "")

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        return _without(self, [*self._size_faults(), *self._condition_faults(), *self._language_faults()])

    def _size_faults(self) -> Iterator[Fault]:
        if len(self.closed) > MOST_CLOSED:
            yield ("questions",), f"{len(self.closed)} closed questions; at most {MOST_CLOSED}"
        if len(self.open) > MOST_OPEN:
            yield ("questions",), f"{len(self.open)} open questions; at most {MOST_OPEN}"
        keys = [question.key for question in self.questions]
        for place, key in enumerate(keys):
            if key in keys[:place]:
                yield ("questions", place, "key"), f"another question has the key {key} too"
        for code, words in self.intro.items():
            if len(words.split()) > INTRO_WORDS:
                yield ("intro", code), f"{len(words.split())} words; at most {INTRO_WORDS}"

    def _condition_faults(self) -> Iterator[Fault]:
        earlier: dict[str, Question] = {}
        before: Question | None = None
        for place, question in enumerate(self.questions):
            path = ("questions", place, "when")
            if question.when:
                parent = earlier.get(question.when.question)
                if parent is None or parent.is_open:
                    yield path, NO_SUCH_CONDITION
                elif unknown := set(question.when.is_) - set(parent.values):
                    yield path, f"{question.when.question} has no answer {', '.join(sorted(unknown))}"
            if question.when and before and before.when:
                yield path, "two questions with a condition cannot follow each other"
            earlier[question.key] = before = question

    def _language_faults(self) -> Iterator[Fault]:
        for place, code in enumerate(self.languages):
            if code not in LANGUAGES:
                yield ("languages", place), f"unknown language {code}"
        for path, text in self._texts():
            if missing := [code for code in self.languages if code not in text]:
                yield path, f"no text in {', '.join(missing)}"

    def _texts(self) -> Iterator[tuple[Path, dict[str, str]]]:
        yield ("title",), self.title
        yield ("intro",), self.intro
        yield from _face_texts(("faces",), self.faces)
        for place, question in enumerate(self.questions):
            path = ("questions", place)
            yield (*path, "text"), question.text
            if question.hint:
                yield (*path, "hint"), question.hint
            for number, option in enumerate(question.options):
                yield (*path, "options", number, "text"), option.text
            if question.faces:
                yield from _face_texts((*path, "faces"), question.faces)


def _face_texts(path: Path, faces: Mapping[Any, dict[str, str]]) -> Iterator[tuple[Path, dict[str, str]]]:
    return (((*path, value), faces.get(value, {})) for value in FACES)


# --- reading a file -----------------------------------------------------------------------------------------------


def read(text: str) -> Content:
    """The questionnaire in a JSON text. Raises BadInput with every fault, its line and its place."""
    try:
        raw = json.loads(text)
    except (ValueError, RecursionError) as error:
        place = (
            f"line {error.lineno}, column {error.colno}: {error.msg}"
            if isinstance(error, json.JSONDecodeError)
            else str(error)
        )
        raise BadInput([f"not valid JSON: {place}"]) from None
    return check(raw, text)


def check(raw: Any, text: str = "") -> Content:
    """The questionnaire in parsed JSON. Raises BadInput with every fault, its place, and its line in `text`, which was parsed."""
    if isinstance(raw, dict):
        raw = {key: value for key, value in raw.items() if key != "$schema"}
    try:
        return Content.model_validate(raw)
    except ValidationError as error:
        faults = _faults_in(error)
    faults += _faults_of_the_rest(raw, faults)
    lines = lines_of(text) if text else {}
    told = sorted((line_of(path, lines), _place(path), message) for path, message in faults)
    raise BadInput([f"{f'line {line}, ' if line else ''}{place}: {message}" for line, place, message in told])


def _faults_in(error: ValidationError) -> list[Fault]:
    found: list[Fault] = []
    for one in error.errors():
        own = one.get("ctx", {}).get("faults")
        found += [((*one["loc"], *path), message) for path, message in own] if own else [(one["loc"], one["msg"])]
    return found


def _faults_of_the_rest(raw: Any, faults: Sequence[Fault]) -> list[Fault]:
    """A question with a fault keeps the whole from being checked: check the whole without it, so that all is told at once."""
    broken = {path[1] for path, _message in faults if path[:1] == ("questions",) and len(path) > 1}
    kept = [place for place in range(len(raw["questions"])) if place not in broken] if broken else []
    if not kept or any(path[:1] != ("questions",) for path, _message in faults):
        return []
    try:
        Content.model_validate({**raw, "questions": [raw["questions"][place] for place in kept]})
    except ValidationError as error:
        return [
            (
                ("questions", kept[int(path[1])], *path[2:]) if path[:1] == ("questions",) and len(path) > 1 else path,
                message,
            )
            for path, message in _faults_in(error)
            if message != NO_SUCH_CONDITION  # it may name the question that was left out
        ]
    return []


def _place(path: Path) -> str:
    return " > ".join(str(step + 1) if isinstance(step, int) else step for step in path) or "questionnaire"


def write(content: Content) -> str:
    """The file of a questionnaire, ready to read back."""
    return (
        json.dumps(content.model_dump(mode="json", by_alias=True, exclude_defaults=True), ensure_ascii=False, indent=1)
        + "\n"
    )


def schema() -> dict[str, Any]:
    """The JSON Schema of the file, published in docs/reference."""
    made = Content.model_json_schema(by_alias=True)
    made["properties"]["$schema"] = {"type": "string"}
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "Gehoor questionnaire", **made}
