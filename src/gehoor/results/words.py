"""Figures in words: keys of questions, answers and groups become the texts of the questionnaire and of the screens.

Nothing here knows a count: what comes in is a name or a public cell.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from django.conf import settings
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from gehoor.answers.queries import CHOSEN, NOT_CHOSEN
from gehoor.base.languages import LANGUAGES
from gehoor.disclosure.tables import ALMOST_EVERYBODY, ALMOST_NOBODY, MOST, PROTECTED, TOO_FEW, PublicCell
from gehoor.questionnaires import queries as questionnaires
from gehoor.questionnaires.format import DONT_KNOW, NO_ANSWERS, RATHER_NOT, SKIPPED, Content, Question
from gehoor.rounds import queries as rounds
from gehoor.rounds.models import Mode, Product

NOT_SHOWN = "–"


@dataclass(frozen=True)
class Words:
    """The texts of one version in the language of the reader. `lang` is the language that the questionnaire has them in."""

    content: Content
    lang: str
    products: Mapping[str, str]
    own: Mapping[str, str]

    @classmethod
    def of(cls, version_pk: int) -> Self:
        """The words for the language that is active now; a questionnaire that lacks it keeps its own first one."""
        content = questionnaires.content_of(version_pk)
        language = staff_language()
        lang = language if language in content.languages else content.languages[0]
        return cls(content, lang, {product.code: name_of(product) for product in rounds.products()}, own_answers())

    @property
    def title(self) -> str:
        """The title of the questionnaire."""
        return self.content.title[self.lang]

    def asked(self, name: str) -> Question:
        """The question behind the name of a table."""
        return self.content.question(name.partition("/")[0])

    def question(self, key: str) -> str:
        """The question as it was asked."""
        return self.content.question(key).text[self.lang]

    def table(self, name: str) -> str:
        """What a table is about: the question, and the option when it is about one of several answers."""
        return f"{self.asked(name).text[self.lang]} {self.part(name)}".rstrip()

    def part(self, name: str) -> str:
        """The option that a table is about; empty when it is about the whole question."""
        question, _slash, option = name.partition("/")
        return self.option(question, option) if option else ""

    def option(self, name: str, value: str) -> str:
        """One answer in words."""
        if "/" in name or value in (*NO_ANSWERS, SKIPPED):
            return self.own[value]
        return self.content.text_of(self.asked(name), value, self.lang) or self.own.get(value, value)

    def dimension(self, name: str) -> str:
        """What a table is split by."""
        own = {"product": _("By subject"), "mode": _("By way of asking"), "language": _("By language of the answer")}
        return own.get(name) or _("By answer to: %(question)s") % {"question": self.question(name)}

    def group(self, dimension: str | None, name: str) -> str:
        """One group of a dimension."""
        if dimension is None:
            return pgettext("all answers together", "All")
        if dimension == "product":
            return self.products.get(name, name)
        if dimension == "mode":
            return mode_label(name)
        if dimension == "language":
            return LANGUAGES[name].name if name in LANGUAGES else name
        return self.option(dimension, name)


def staff_language() -> str:
    """The language of the reader: Dutch or English."""
    language = (get_language() or settings.LANGUAGE_CODE).partition("-")[0]
    return language if language in settings.GEHOOR_STAFF_LANGUAGES else str(settings.LANGUAGE_CODE)


def own_answers() -> dict[str, str]:
    """The answers that no questionnaire names: the screens do."""
    return {
        DONT_KNOW: _("don't know"),
        RATHER_NOT: _("rather not say"),
        SKIPPED: _("skipped or not asked"),
        CHOSEN: _("chosen"),
        NOT_CHOSEN: _("not chosen"),
        "yes": _("yes"),
        "no": _("no"),
    }


def name_of(product: Product) -> str:
    """A product in the language of the reader."""
    return product.name_nl if staff_language() == "nl" else product.name_en


def mode_label(code: str) -> str:
    """A way of asking."""
    return str(dict(Mode.choices).get(code, code))


def voice(code: str) -> str:
    """Whose voice: the people who answered."""
    known = {"youth": _("youths"), "parent": _("parents"), "child": _("children"), "partner": _("partners")}
    return known.get(code, code)


def figure(cell: PublicCell) -> str:
    """One public cell: a share, a word, or a dash."""
    if cell.share is not None:
        return f"{cell.share}\N{NO-BREAK SPACE}%"
    return amount(cell.word) if cell.word else NOT_SHOWN


def amount(word: str) -> str:
    """The words that stand for a number."""
    return {ALMOST_EVERYBODY: _("almost everybody"), ALMOST_NOBODY: _("almost nobody"), MOST: _("most")}[word]


def answers(low: int | None, high: int | None) -> str:
    """How many answers: a band such as 30–34, a number, or that it isn't shown."""
    if low is None or high is None:
        return _("number not shown")
    return _("%(size)s answers") % {"size": str(low) if low == high else f"{low}–{high}"}


def closed() -> str:
    """What stands at the part of a bar that isn't shown."""
    return _("not shown")


def groups_left_out() -> str:
    """Beside each table by group."""
    return _("Groups with too few answers are left out of this table.")


def why(reason: str, *, smallest: int) -> str:
    """Why something isn't shown, in one plain sentence (standards.md requirement 69)."""
    sentences = {
        PROTECTED: _(
            "– means: not shown, because the number is small, or because it would show a small number beside it. "
            "Every number here stands for %(smallest)s answers or more."
        ),
        TOO_FEW: _("Fewer than %(smallest)s people have answered: too few to show anything."),
    }
    return sentences[reason] % {"smallest": smallest}


def fictional() -> str:
    """The mark on everything that the demo shows or gives; empty elsewhere."""
    return pgettext("client", "Fictional example: nothing here is real.") if settings.GEHOOR_FICTIONAL else ""
