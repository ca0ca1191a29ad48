"""What the pages of the reading room show of a text: its question in two languages, and its words in pieces."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from gehoor.answers.queries import Waiting
from gehoor.base.languages import FALLBACK, LANGUAGES, Language
from gehoor.questionnaires import queries as questionnaires
from gehoor.reading import redaction
from gehoor.reading.redaction import Kind, Span

KINDS: dict[Kind, str | Promise] = {
    Kind.NAME: _("name"),
    Kind.PHONE: _("telephone number"),
    Kind.EMAIL: _("e-mail address"),
    Kind.ADDRESS: _("address"),
    Kind.SCHOOL: _("school"),
    Kind.BSN: _("citizen service number"),
    Kind.IBAN: _("bank account"),
    Kind.NUMBER: _("number"),
    Kind.DATE: _("date"),
    Kind.LINK: _("web address"),
    Kind.PLACE: _("place"),
}


@dataclass(frozen=True)
class Asked:
    """The question that a text answers: for the reader, and as the client saw it. `other` is empty when the two are one."""

    questionnaire: str
    question: str
    other: str
    language: Language


def asked(text: Waiting) -> Asked:
    """The question of a text, in the reader's language and in the client's."""
    content = questionnaires.content_of(text.version_pk)
    mine = (get_language() or FALLBACK)[:2]
    shown = mine if mine in content.languages else content.languages[0]
    words = content.question(text.question).text
    other = words.get(text.language, "") if text.language != shown else ""
    language = LANGUAGES.get(text.language, Language(text.language, text.language))
    return Asked(content.title[shown], words[shown], other, language)


@dataclass(frozen=True)
class Piece:
    """A run of a text. With a `kind` it is proposed to be hidden, as proposal `number`; `hidden` is what would stand there."""

    words: str
    number: int = 0
    kind: str | Promise = ""
    hidden: str = ""
    on: bool = False


def pieces(words: str, proposed: Sequence[Span], chosen: Sequence[Span], *, language: str) -> list[Piece]:
    """A text cut at the proposals, which come in the order of the text. Together the pieces are the whole text."""
    made, place = [], 0
    for number, span in enumerate(proposed):
        part = words[span.start : span.end]
        hidden = redaction.redact(part, [Span(0, len(part), span.kind)], language=language)
        kind = KINDS[span.kind]
        made += [Piece(words[place : span.start]), Piece(part, number, kind, hidden, span in chosen)]
        place = span.end
    return [piece for piece in [*made, Piece(words[place:])] if piece.words]


def chosen_of(proposed: Sequence[Span], numbers: Sequence[str]) -> list[Span]:
    """The proposals that a reader left on, by their numbers; strange numbers are ignored."""
    return [span for number, span in enumerate(proposed) if str(number) in numbers]
