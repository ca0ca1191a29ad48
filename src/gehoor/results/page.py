"""Everything that the page and the documents of one quarter show, put together once."""

from collections.abc import Sequence
from dataclasses import dataclass

from gehoor.disclosure import policy
from gehoor.disclosure.policy import Policy
from gehoor.results import context, panels, sentences
from gehoor.results.context import Context
from gehoor.results.panels import Section
from gehoor.results.queries import Figures
from gehoor.results.sentences import Message
from gehoor.results.words import Words


@dataclass(frozen=True)
class Page:
    """The figures of one quarter in words, tables and charts."""

    figures: Figures
    wording: Words
    context: Context
    messages: Sequence[Message]

    @property
    def questions(self) -> list[tuple[str, str]]:
        """Key and text of each question that has a table, for the list of links; `sections` would draw them all."""
        found = (table.question.partition("/")[0] for table in self.figures.tables if table.dimension is None)
        return [(key, self.wording.question(key)) for key in dict.fromkeys(found)]

    @property
    def sections(self) -> list[Section]:
        """The tables and charts, question by question."""
        return panels.sections(self.figures, self.wording)


def of(figures: Figures) -> Page:
    """Put the page together for the language that is active now."""
    wording = Words.of(figures.round.version_id)
    about = context.of(figures, wording)
    said = sentences.messages(figures, wording, about, numbers_of(figures))
    return Page(figures, wording, about, said)


def numbers_of(figures: Figures) -> Policy:
    """The policy under which these figures were released."""
    return policy.load().with_smallest(figures.release.smallest_group)
