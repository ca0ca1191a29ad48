"""Lines of the journal as people read them. The journal keeps short, lasting words: keys, codes and quarters.

A line of a form that is not known here, of an older or a newer version, stays as it was written.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Self

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from gehoor.base import clock
from gehoor.offices.journal import Verb
from gehoor.offices.models import Entry, Office, Role
from gehoor.privacy import retention
from gehoor.questionnaires import queries as questionnaires
from gehoor.questionnaires.shown import numbered
from gehoor.results import words

QUARTER = r"(?P<period>\d{4}-Q[1-4])"
COUNTED = re.compile(r"(?P<name>.*): (?P<number>\d+)", re.DOTALL)


@dataclass(frozen=True)
class Line:
    """One line: who did what about what, and when. `verb` and `about` are words in the reader's language."""

    entry: Entry
    verb: str
    about: str


@dataclass(frozen=True)
class Names:
    """What the keys in a journal are called: the questions of a key, and the title of a version."""

    questions: Mapping[str, Sequence[str]]
    titles: Mapping[str, str]

    @classmethod
    def of(cls, office: Office) -> Self:
        """The names of everything that an office can choose from, in the language of the reader."""
        language = words.staff_language()
        questions: dict[str, list[str]] = {}
        titles = {}
        for questionnaire in questionnaires.usable_by(office):
            for version in questionnaire.versions.all():
                content = questionnaires.content_of(version.pk)
                shown = language if language in content.languages else content.languages[0]
                titles[f"{questionnaire.key} {version.number}"] = content.title[shown]
                for question in content.questions:
                    texts = questions.setdefault(question.key, [])
                    texts += [] if question.text[shown] in texts else [question.text[shown]]
        return cls(questions, titles)


def read(entries: Iterable[Entry], office: Office) -> list[Line]:
    """Lines in words."""
    verbs = {str(verb): str(label) for verb, label in Verb.choices}
    names = Names.of(office)
    return [Line(entry, verbs.get(entry.verb, entry.verb), about(entry, names)) for entry in entries]


def about(entry: Entry, names: Names) -> str:
    """What a line is about, in words."""
    say, form = FORMS.get(entry.verb, (None, None))
    found = form.fullmatch(entry.subject) if form else None
    return say(found, names) if say and found else entry.subject


def _text(found: re.Match[str], names: Names) -> str:
    """A quarter, a question and perhaps why. Two questionnaires may ask differently under one key: then both stand there."""
    asked = names.questions.get(found["question"])
    question = " / ".join(f"“{text}”" for text in asked) if asked else found["question"]
    why = f" ({found['why']})" if found["why"] else ""
    return f"{clock.quarter_in_words(found['period'])}: {question}{why}"


def _quarter(found: re.Match[str], names: Names) -> str:
    return f"{found['name']}, {clock.quarter_in_words(found['period'])}"


def _release(found: re.Match[str], names: Names) -> str:
    return f"{_quarter(found, names)}, " + _("release %(number)s") % {"number": found["number"]}


def _codes(found: re.Match[str], names: Names) -> str:
    number = int(found["number"])
    codes = ngettext("%(number)s code", "%(number)s codes", number) % {"number": number}
    return f"{found['name']}: {codes} ({words.mode_label(found['mode'])})"


def _addresses(found: re.Match[str], names: Names) -> str:
    number = int(found["number"])
    return f"{found['name']}: " + ngettext("%(number)s address", "%(number)s addresses", number) % {"number": number}


def _mails(found: re.Match[str], names: Names) -> str:
    number = int(found["number"])
    return f"{found['name']}: " + ngettext("%(number)s mail", "%(number)s mails", number) % {"number": number}


def _member(found: re.Match[str], names: Names) -> str:
    known = dict(Role.choices)
    roles = ", ".join(str(known.get(role, role)) for role in found["roles"].split(", "))
    return f"{found['name']}: {roles}"


def _questionnaire(found: re.Match[str], names: Names) -> str:
    title = names.titles.get(found[0])
    if title is None:
        return found[0]
    return numbered(f"“{title}”", found["number"])


def _deleted(found: re.Match[str], names: Names) -> str:
    gone = retention.in_words(found[0])
    is_known = len(gone) == found[0].count(", ") + 1
    return ", ".join(f"{what}: {number}" for what, number in gone) if is_known else found[0]


Say = Callable[[re.Match[str], Names], str]
_TEXT = (_text, re.compile(rf"{QUARTER} (?P<question>[\w-]+)(?:: (?P<why>.*))?", re.DOTALL))
_RELEASE = (_release, re.compile(rf"(?P<name>.*) {QUARTER} \((?P<number>\d+)\)", re.DOTALL))
FORMS: dict[str, tuple[Say, re.Pattern[str]]] = {
    Verb.TEXT_OPENED: _TEXT,
    Verb.TEXT_APPROVED: _TEXT,
    Verb.TEXT_SET_ASIDE: _TEXT,
    Verb.TEXT_FLAGGED: _TEXT,
    Verb.RELEASE_ASKED: (_quarter, re.compile(rf"(?P<name>.*) {QUARTER}", re.DOTALL)),
    Verb.RELEASED: _RELEASE,
    Verb.RELEASE_BLOCKED: _RELEASE,
    Verb.ANSWERS_IMPORTED: (_quarter, re.compile(rf"(?P<name>.*): {QUARTER}(?: #[0-9a-f]+)?", re.DOTALL)),
    Verb.CODES_MADE: (_codes, re.compile(r"(?P<name>.*): (?P<number>\d+) \((?P<mode>\w+)\)", re.DOTALL)),
    Verb.ADDRESSES_ADDED: (_addresses, COUNTED),
    Verb.MAIL_SENT: (_mails, COUNTED),
    Verb.REMINDED: (_mails, COUNTED),
    Verb.MEMBER_ADDED: (_member, re.compile(r"(?P<name>.*): (?P<roles>[a-z_]+(?:, [a-z_]+)*)", re.DOTALL)),
    Verb.QUESTIONNAIRE_IMPORTED: (_questionnaire, re.compile(r"[\w-]+ (?P<number>\d+)")),
    Verb.RETAINED: (_deleted, re.compile(r"[a-z_]+ \d+(?:, [a-z_]+ \d+)*")),
}
