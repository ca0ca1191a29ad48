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
from gehoor.questionnaires.faults import Fault, Say, Sentence, at_line, faults_in, gettext_noop, odd_signs, told
from gehoor.questionnaires.lines import Path, names_twice

MOST_CLOSED = 6
MOST_OPEN = 2
INTRO_WORDS = 90
LONGEST_QUESTION = 250  # characters: more fills a small screen before the first answer
LONGEST_ANSWER = 120
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


_T = TypeVar("_T")


def _without(part: _T, faults: Iterable[Fault]) -> _T:
    """The part, if it has no faults. They go along in pydantic's own error, each with its place."""
    if found := list(faults):
        raise PydanticCustomError("faults", "faults", {"faults": found})
    return part


def _unknown_language(codes: Iterable[str]) -> Sentence:
    return Sentence(gettext_noop("unknown language %(languages)s"), {"languages": ", ".join(sorted(codes))})


def _known_languages(text: dict[str, str]) -> dict[str, str]:
    found: list[Fault] = [((), _unknown_language(unknown))] if (unknown := set(text) - set(LANGUAGES)) else []
    if empty := [code for code, words in text.items() if not words.strip()]:
        found.append(((), Sentence(gettext_noop("empty text for %(languages)s"), {"languages": ", ".join(empty)})))
    return _without(text, found)


Text = Annotated[dict[str, str], AfterValidator(_known_languages)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


NO_SUCH_CONDITION = Sentence(gettext_noop("the condition must name an earlier closed question"))


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
        yield from self._shape_faults()
        yield from self._text_faults()

    def _shape_faults(self) -> Iterator[Fault]:
        if self.kind in {"choice", "choices"} and len(self.options) < 2:  # noqa: PLR2004 -- a choice needs two
            yield (), Sentence(gettext_noop("a choice needs two options or more"))
        if self.kind not in {"choice", "choices"} and self.options:
            yield ("options",), Sentence(gettext_noop("only a choice has options"))
        if len({option.key for option in self.options} | set(NO_ANSWERS)) != len(self.options) + len(NO_ANSWERS):
            sentence = gettext_noop("option keys must differ from each other and from %(keys)s")
            yield ("options",), Sentence(sentence, {"keys": ", ".join(NO_ANSWERS)})
        if self.kind == "number" and not 0 <= self.max - self.min <= 100:  # noqa: PLR2004 -- more would be no table
            yield (), Sentence(gettext_noop("max must lie 0 to 100 above min"))
        if self.background and self.kind not in {"choice", "yesno"}:
            yield ("background",), Sentence(gettext_noop("only a choice or yesno can split tables"))

    def _text_faults(self) -> Iterator[Fault]:
        long = gettext_noop("longer than %(most)s characters")
        for name, text in (("text", self.text), ("hint", self.hint or {})):
            for code, words in text.items():
                if len(words) > LONGEST_QUESTION:
                    yield (name, code), Sentence(long, {"most": LONGEST_QUESTION})
        for place, option in enumerate(self.options):
            for code, words in option.text.items():
                if len(words) > LONGEST_ANSWER:
                    yield ("options", place, "text", code), Sentence(long, {"most": LONGEST_ANSWER})
        personal = gettext_noop("asks for a name, an address or a number that points at a person; leave it out")
        for code, words in self.text.items():
            if FORBIDDEN.search(words):
                yield ("text", code), Sentence(personal)


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
            sentence = gettext_noop("%(number)s closed questions; at most %(most)s")
            yield ("questions",), Sentence(sentence, {"number": len(self.closed), "most": MOST_CLOSED})
        if len(self.open) > MOST_OPEN:
            sentence = gettext_noop("%(number)s open questions; at most %(most)s")
            yield ("questions",), Sentence(sentence, {"number": len(self.open), "most": MOST_OPEN})
        keys = [question.key for question in self.questions]
        for place, key in enumerate(keys):
            if key in keys[:place]:
                sentence = gettext_noop("another question has the key %(key)s too")
                yield ("questions", place, "key"), Sentence(sentence, {"key": key})
        for code, words in self.intro.items():
            if len(words.split()) > INTRO_WORDS:
                sentence = gettext_noop("%(number)s words; at most %(most)s")
                yield ("intro", code), Sentence(sentence, {"number": len(words.split()), "most": INTRO_WORDS})

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
                    facts = {"question": question.when.question, "answers": ", ".join(sorted(unknown))}
                    yield path, Sentence(gettext_noop("%(question)s has no answer %(answers)s"), facts)
            if question.when and before and before.when:
                yield path, Sentence(gettext_noop("two questions with a condition cannot follow each other"))
            earlier[question.key] = before = question

    def _language_faults(self) -> Iterator[Fault]:
        for place, code in enumerate(self.languages):
            if code not in LANGUAGES:
                yield ("languages", place), _unknown_language([code])
        for path, text in self._texts():
            if missing := [code for code in self.languages if code not in text]:
                yield path, Sentence(gettext_noop("no text in %(languages)s"), {"languages": ", ".join(missing)})

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


def read(text: str, say: Say = str) -> Content:
    """The questionnaire in a JSON text. Raises BadInput with every fault, its line and its place."""
    text = text.removeprefix("\ufeff")
    try:
        raw = json.loads(text, object_pairs_hook=_once)
    except json.JSONDecodeError as error:
        facts = {"line": error.lineno, "column": error.colno, "why": error.msg}
        sentence = gettext_noop("not valid JSON: line %(line)s, column %(column)s: %(why)s")
        raise BadInput([say(Sentence(sentence, facts))]) from None
    except RecursionError:
        raise BadInput([say(Sentence(gettext_noop("too many brackets inside one another")))]) from None
    except _TwiceError as error:
        name = str(error)
        line = next((line for twice, line in names_twice(text) if twice == name), 0)
        sentence = gettext_noop("%(name)s stands twice in the same part")
        raise BadInput([at_line(line, say) + say(Sentence(sentence, {"name": name}))]) from None
    return check(raw, text, say)


class _TwiceError(Exception):
    """A name that stands twice in one object: JSON takes the last, and nobody would know which one was meant."""


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) < len(pairs):
        names = [name for name, _value in pairs]
        raise _TwiceError(next(name for place, name in enumerate(names) if name in names[:place]))
    return made


def check(raw: Any, text: str = "", say: Say = str) -> Content:
    """The questionnaire in parsed JSON. Raises BadInput with every fault, its place, and its line in `text`, which was parsed."""
    if isinstance(raw, dict):
        raw = {key: value for key, value in raw.items() if key != "$schema"}
    if not (faults := list(odd_signs(raw))):
        try:
            return Content.model_validate(raw)
        except ValidationError as error:
            faults = faults_in(error)
        faults += _faults_of_the_rest(raw, faults)
    raise told(faults, text, say)


def _faults_of_the_rest(raw: Any, faults: Sequence[Fault]) -> list[Fault]:
    """A question with a fault keeps the whole from being checked: check the whole without it, so that all is told at once."""
    broken = {path[1] for path, _sentence in faults if path[:1] == ("questions",) and len(path) > 1}
    kept = [place for place in range(len(raw["questions"])) if place not in broken] if broken else []
    if not kept or any(path[:1] != ("questions",) for path, _sentence in faults):
        return []
    try:
        Content.model_validate({**raw, "questions": [raw["questions"][place] for place in kept]})
    except ValidationError as error:
        return [
            (
                ("questions", kept[int(path[1])], *path[2:]) if path[:1] == ("questions",) and len(path) > 1 else path,
                sentence,
            )
            for path, sentence in faults_in(error)
            if sentence != NO_SUCH_CONDITION  # it may name the question that was left out
        ]
    return []


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
