"""The fictional office as a model whose true values are known, so that what Gehoor shows can be laid beside them.

Pure: the same seed gives the same school year. A client has a true opinion on each theme; whether they answer depends
on the channel and a little on the opinion; how it is asked colours the answer. Halfway the office rewrites its letters:
the one real improvement.
"""

import random
from collections.abc import Mapping
from dataclasses import dataclass

from gehoor.questionnaires.format import Content, Question

# The share of clients who hear what they were written about, before and after the letters were rewritten.
INFORMED_BEFORE, INFORMED_AFTER = 0.52, 0.74
# The true mean on the five-step scale, by theme; the voices differ a little.
TRUE_MEAN = {"heard": 3.7, "safe": 3.4, "fair": 3.5, "helped": 3.3}
VOICE_SHIFT = {"youth": 0.0, "parent": -0.2, "child": 0.4, "partner": -0.1}
SPREAD = 1.15
# What the channel does: who answers at all, and how much rosier it sounds (domain.md §6.1: on the spot is rosier).
RESPONSE = {"card": 0.42, "email": 0.24, "letter": 0.18, "tablet": 0.6}
ROSIER = {"card": 0.15, "email": 0.0, "letter": 0.0, "tablet": 0.5}
# The unhappy and the very happy answer more often than those in between.
EAGER = 0.12
WRITES = 0.45
LANGUAGES = {"nl": 0.62, "en": 0.08, "tr": 0.1, "ar": 0.1, "pl": 0.04, "uk": 0.03, "es": 0.03}
SILENT = {"dont_know": 0.03, "rather_not": 0.02}
SKIPS = 0.04


@dataclass(frozen=True)
class Visit:
    """What one client does: fields of the form by question key, the language of the page, and the helper."""

    answers: Mapping[str, str]
    language: str
    helper: str


@dataclass
class Client:
    """One client of the fictional office: true opinions that nobody in the office knows."""

    rng: random.Random
    voice: str
    improved: bool

    def __post_init__(self) -> None:
        self.mood = self.rng.gauss(0, 0.8)
        self.language = "nl" if self.voice == "partner" else self._pick(LANGUAGES)
        chance = INFORMED_AFTER if self.improved else INFORMED_BEFORE
        self.informed = self.rng.random() < chance + 0.08 * self.mood

    def answers_at_all(self, mode: str) -> bool:
        """Non-response: by channel, and more by those with an outspoken opinion; less in another language."""
        chance = RESPONSE[mode] + EAGER * (abs(self.mood) - 0.6) - (0.05 if self.language != "nl" else 0)
        return self.rng.random() < chance

    def visit(self, content: Content, mode: str, texts: "Texts") -> Visit:
        """What this client fills in."""
        answers: dict[str, str] = {}
        for question in content.questions:
            answer = self._answer(question, mode, texts)
            if answer:
                answers[question.key] = answer
        helper = "family" if self.rng.random() < (0.5 if self.voice == "child" else 0.08) else "none"
        if mode == "tablet" and self.rng.random() < 0.15:  # noqa: PLR2004 -- at the office an officer sometimes helps
            helper = "officer"
        return Visit(answers, self.language if self.language in content.languages else "nl", helper)

    def _answer(self, question: Question, mode: str, texts: "Texts") -> str:
        if self.rng.random() < SKIPS:
            return ""
        if question.is_open:
            return texts.pick(self.rng, self.language, self.voice, question.key) if self.rng.random() < WRITES else ""
        if question.background:
            return self.rng.choice(question.values)
        for answer, chance in SILENT.items():
            if self.rng.random() < chance:
                return answer
        if question.kind == "yesno":
            return "yes" if self.informed else "no"
        true = (
            TRUE_MEAN.get(question.key, 3.5)
            + VOICE_SHIFT[self.voice]
            + self.mood * 0.6
            + (0.25 if self.informed else -0.25)
        )
        return str(min(5, max(1, round(self.rng.gauss(true + ROSIER[mode], SPREAD * 0.7)))))

    def _pick(self, chances: Mapping[str, float]) -> str:
        return self.rng.choices(list(chances), weights=list(chances.values()))[0]


@dataclass(frozen=True)
class Texts:
    """Fictional remarks, by language, voice and question."""

    all: Mapping[str, Mapping[str, Mapping[str, list[str]]]]

    def pick(self, rng: random.Random, language: str, voice: str, question: str) -> str:
        """One remark; Dutch where a language has none."""
        for code in (language, "nl"):
            found = self.all.get(code, {}).get(voice, {}).get(question)
            if found:
                return rng.choice(found)
        return ""
