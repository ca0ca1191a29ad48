"""The respondents of comments.csv as the replay sends them. Plain csv; independent.py reads the file again, its own way."""

import csv
import json
import re
import sys
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from installation import HERE, REPOSITORY

DEFAULT_CSV = REPOSITORY.parent / "shared" / "data" / "nhs-fft" / "comments.csv"
LONGEST = 2000
# 6 and 7 are not explained by the source. They are posted as the two ways of not answering, so that they stay apart
# from each other and from a score that got lost on the way, which would be "skipped".
SCORES = {
    "1": "very_good", "2": "good", "3": "neither", "4": "poor", "5": "very_poor", "6": "dont_know", "7": "rather_not",
}  # fmt: skip
NOT_ANSWERED = {"", "did not answer"}


@dataclass(frozen=True)
class Person:
    """One respondent: what is chosen, what is written (as typed, perhaps too long), and the department."""

    id: str
    score: str
    unit: str  # "" when the file names none: the question is skipped
    product: str
    typed: Mapping[str, str]

    @property
    def words(self) -> dict[str, str]:
        """What must be kept of the texts: without what no keyboard makes and at most as long as the form allows."""
        kept = {question: plain(text)[:LONGEST].strip() for question, text in self.typed.items()}
        return {question: text for question, text in kept.items() if text}

    @property
    def closed(self) -> dict[str, str]:
        """What must be kept of the closed answers."""
        return {"score": self.score, **({"unit": self.unit} if self.unit else {})}


def plain(text: str) -> str:
    """Line ends as one character; no control characters; no white space around."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return re.sub(r"[\x00-\x08\x0b-\x1f\x7f]", "", text).strip()


def read(path: Path) -> list[Person]:
    """Every respondent once, in the order of the file. Stops with a sentence when the file is not there."""
    if not path.exists():
        sys.exit(
            f"{path} is not there. The replay needs the file of real comments, which stays outside this repository.\n"
            "Give its place with --csv PATH; bench/README.md says where it comes from."
        )
    rows = defaultdict(list)
    with path.open(newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            rows[row["Respondent ID"]].append(row)
    return [_person(number, own) for number, own in rows.items()]


def _person(number: str, rows: Sequence[Mapping[str, str]]) -> Person:
    first = rows[0]
    typed: dict[str, str] = {}
    for row in rows:
        question = question_of(row["FFT question"])
        if row["FFT answer"].strip().lower() not in NOT_ANSWERED:
            typed[question] = f"{typed[question]}\n{row['FFT answer']}" if question in typed else row["FFT answer"]
    return Person(
        id=number,
        score=SCORES[first["FFT categorical answer"]],
        unit=key_of(first["Service type 2"], "_", "unit") if first["Service type 2"].strip() else "",
        product=key_of(first["Service type 1"] or "not recorded", "-", "department"),
        typed=typed,
    )


def question_of(asked: str) -> str:
    """Which of the two open questions of nhs.json takes the answers to a question of the source."""
    return "better" if re.search(r"improve|better", asked) else "good"


def key_of(name: str, joint: str, front: str) -> str:
    """A department's name as a key: small letters and figures, beginning with a letter."""
    key = re.sub(r"[^a-z0-9]+", joint, name.lower()).strip(joint)[:40].strip(joint)
    return key if key[0].isalpha() else f"{front}{joint}{key}"


def questionnaire(people: Sequence[Person]) -> dict[str, Any]:
    """nhs.json with one more question, made from the file: the sub-department, which splits tables."""
    made: dict[str, Any] = json.loads((HERE / "nhs.json").read_text(encoding="utf-8"))
    units = dict.fromkeys(person.unit for person in people if person.unit)
    question = {
        "key": "unit", "kind": "choice", "theme": "experience", "background": True,
        "text": {"en": "Which part of the service was it?"},
        "options": [{"key": unit, "text": {"en": unit.replace("_", " ")}} for unit in units],
    }  # fmt: skip
    made["questions"].append(question)
    return made
