"""A questionnaire as staff read it: in one language, in words, with who made each translation."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from gehoor.base.languages import FALLBACK, LANGUAGES, Language
from gehoor.questionnaires.format import Content, Question
from gehoor.questionnaires.models import Questionnaire, Version, Voice

KINDS = {
    "faces": gettext_lazy("Five faces"),
    "choice": gettext_lazy("Choose one"),
    "choices": gettext_lazy("Choose one or more"),
    "yesno": gettext_lazy("Yes or no"),
    "number": gettext_lazy("A number"),
    "text": gettext_lazy("Own words"),
}


@dataclass(frozen=True)
class ShownQuestion:
    """One question in one language. `condition` is a sentence, or "" when everybody gets the question."""

    place: int
    text: str
    hint: str
    kind: str
    answers: Sequence[str]
    condition: str
    background: bool
    sensitive: bool


@dataclass(frozen=True)
class Translation:
    """One language of a questionnaire and how far it has come (standards.md requirement 94)."""

    language: Language
    made_by: str
    reviewer: str
    tried_on: str

    @property
    def is_ready(self) -> bool:
        """Was it read by somebody else and tried with clients?"""
        return bool(self.reviewer and self.tried_on)


@dataclass(frozen=True)
class Shown:
    """A version with what the screens show of it."""

    questionnaire: Questionnaire
    version: Version
    content: Content

    @property
    def title(self) -> str:
        """The title in Dutch, or in the first language that it has."""
        return self.content.title[language_of(self.content, "")]

    @property
    def numbered(self) -> str:
        """The title with the number of this version."""
        return numbered(self.title, self.version.number)

    @property
    def voice(self) -> str:
        """Whose voice it asks for, in words."""
        return str(Voice(self.content.voice).label)

    @property
    def languages(self) -> list[Language]:
        """The languages, each with its own name."""
        return [LANGUAGES[code] for code in self.content.languages]

    @property
    def translations(self) -> list[Translation]:
        """The state of each translation."""
        return translations_of(self.content)

    @property
    def ready_translations(self) -> int:
        """How many translations were read and tried."""
        return sum(1 for each in self.translations if each.is_ready)


def numbered(title: str, number: object) -> str:
    """A title with the number of its version."""
    return _("%(title)s, version %(number)s") % {"title": title, "number": number}


def language_of(content: Content, wanted: str) -> str:
    """The wanted language when the questionnaire has it; else Dutch, or its first one."""
    return next(code for code in (wanted, FALLBACK, content.languages[0]) if code in content.languages)


def translations_of(content: Content) -> list[Translation]:
    """The state of each translation, in the order of the questionnaire."""
    found = []
    for code in content.languages:
        status = content.status.get(code)
        made = (status.translator, status.reviewer or "", status.tried_on or "") if status else ("", "", "")
        found.append(Translation(LANGUAGES[code], *made))
    return found


def introduction(content: Content, language: str, *, office_name: str) -> str:
    """What a client reads first. Lines are separated by newlines."""
    return content.intro[language].replace("{office}", office_name)


def questions_of(content: Content, language: str) -> list[ShownQuestion]:
    """Every question in one language."""
    return [
        ShownQuestion(
            place=place,
            text=question.text[language],
            hint=(question.hint or {}).get(language, ""),
            kind=str(KINDS[question.kind]),
            answers=_answers(content, question, language),
            condition=_condition(content, question, language),
            background=question.background,
            sensitive=question.sensitive,
        )
        for place, question in enumerate(content.questions, start=1)
    ]


def _answers(content: Content, question: Question, language: str) -> list[str]:
    if question.is_open:
        return []
    if question.kind == "number":
        return [f"{question.min}-{question.max}"]
    return [_in_words(content, question, value, language) for value in question.values]


def _in_words(content: Content, question: Question, value: str, language: str) -> str:
    """An answer as the client reads it."""
    if question.kind != "yesno":
        return content.text_of(question, value, language) or value
    with translation.override(language):
        return pgettext("client", "Yes") if value == "yes" else pgettext("client", "No")


def _condition(content: Content, question: Question, language: str) -> str:
    if question.when is None:
        return ""
    parent = content.question(question.when.question)
    words = [_in_words(content, parent, value, language) for value in question.when.is_]
    return _("Only after “%(answers)s” to question %(number)s.") % {
        "answers": ", ".join(words),
        "number": content.questions.index(parent) + 1,
    }
