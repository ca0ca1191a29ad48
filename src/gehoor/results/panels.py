"""Released tables as they stand on a page: for each question the total, then one panel for each dimension.

A panel is what a table shows and what its chart draws, from the same public cells. The screen and the documents use the same.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from gehoor.answers.queries import CHOSEN
from gehoor.disclosure.tables import PublicCell, PublicGroup, PublicTable
from gehoor.questionnaires.format import NO_ANSWERS, SKIPPED
from gehoor.results import charts, words
from gehoor.results.charts import Bar, Key
from gehoor.results.queries import Figures
from gehoor.results.words import Words


@dataclass(frozen=True)
class Head:
    """A column: whose answers, and how many, in words. `lang` is the language that the name is written in."""

    name: str
    size: str
    lang: str = ""


@dataclass(frozen=True)
class Line:
    """A row: an answer and its figures. `key` is None where the chart has no colour for it."""

    name: str
    cells: Sequence[PublicCell]
    key: Key | None = None

    @property
    def figures(self) -> list[str]:
        """The cells in words; a dash where one is closed."""
        return [words.figure(cell) for cell in self.cells]


@dataclass(frozen=True)
class Panel:
    """One table with its chart. `about` is its whole name, with the question; `why` holds one sentence for each kind of closing in it, `note` what is special about it, `by` what it is split by."""

    name: str
    title: str
    about: str
    first: str
    heads: Sequence[Head]
    lines: Sequence[Line]
    legend: Sequence[Key]
    bars: Sequence[Bar]
    why: Sequence[str]
    note: str = ""
    by: str = ""

    @property
    def alt(self) -> str:
        """The table in one text, for who does not see the chart."""
        return " ".join(
            f"{head.name}: " + ", ".join(f"{line.name} {line.figures[place]}" for line in self.lines) + "."
            for place, head in enumerate(self.heads)
        )

    @property
    def chart(self) -> SafeString:
        """The drawing for the screen."""
        return charts.svg(self.name, self.bars, title=self.about, desc=self.alt)

    @property
    def drawing(self) -> str:
        """The drawing for paper: a whole SVG file."""
        return str(charts.svg(self.name, self.bars, title=self.about, desc=self.alt, on_paper=True))


@dataclass(frozen=True)
class Section:
    """One question: the total, and the panels by dimension."""

    key: str
    question: str
    total: Panel
    splits: Sequence[Panel]

    @property
    def split_by(self) -> str:
        """What the panels are split by, in one line, each once: "by subject · by way of asking"."""
        return " · ".join(dict.fromkeys(name[:1].lower() + name[1:] for name in (panel.by for panel in self.splits)))


def sections(figures: Figures, wording: Words) -> list[Section]:
    """The released questions, in the order of the questionnaire."""
    smallest = figures.release.smallest_group
    made = []
    for key, found in groupby(figures.tables, key=lambda table: table.question.partition("/")[0]):
        tables = list(found)
        totals = [table for table in tables if table.dimension is None]
        if not totals:
            continue
        splits = [
            _split(table, _wave(totals, table), wording, smallest) for table in tables if table.dimension is not None
        ]
        total = (
            _of_options(totals, wording, smallest)
            if "/" in totals[0].question
            else _whole(totals[0], wording, smallest)
        )
        made.append(Section(key, wording.question(key), total, splits))
    return made


def _whole(table: PublicTable, wording: Words, smallest: int) -> Panel:
    legend = _legend(table, wording)
    group = table.groups[0]
    return Panel(
        name=f"q-{table.question}",
        title=wording.question(table.question),
        about=wording.question(table.question),
        first=_("Answer"),
        heads=[Head(_("Share"), words.answers(group.low, group.high))],
        lines=[Line(key.text, [cell], key) for key, cell in zip(legend, table.rows[0], strict=True)],
        legend=legend,
        bars=[charts.bar("", table.rows[0], legend)] if table.shows_something else [],
        why=_why([table], smallest),
    )


def _of_options(tables: Sequence[PublicTable], wording: Words, smallest: int) -> Panel:
    """A question with several answers: one row and one bar for each option, because people could choose more than one."""
    legend = _legend(tables[0], wording)
    names = [wording.part(table.question) for table in tables]
    lines = [Line(name, [table.cell("all", CHOSEN)]) for name, table in zip(names, tables, strict=True)]
    key = tables[0].question.partition("/")[0]
    return Panel(
        name=f"q-{key}",
        title=wording.question(key),
        about=wording.question(key),
        first=_("Answer"),
        heads=[Head(_("Share that chose this"), _sizes(table.groups[0] for table in tables))],
        lines=lines,
        legend=legend,
        bars=[
            charts.bar(name, table.rows[0], legend)
            for name, table in zip(names, tables, strict=True)
            if table.shows_something
        ],
        why=_why(tables, smallest),
        note=_("People could choose more than one answer: together the shares are more than everybody."),
    )


def _split(table: PublicTable, wave: int, wording: Words, smallest: int) -> Panel:
    dimension = str(table.dimension)
    part = wording.part(table.question)
    legend = _legend(table, wording)
    names = [wording.group(dimension, group.name) for group in table.groups]
    shown = [place for place, row in enumerate(table.rows) if any(cell.reason is None for cell in row)]
    title = wording.dimension(dimension)
    return Panel(
        name=f"q-{table.question.replace('/', '-')}-{dimension}",
        title=f"{title}: {part}" if part else title,
        about=f"{wording.table(table.question)} {title}",
        by=title,
        first=_("Answer"),
        heads=[
            Head(name, words.answers(group.low, group.high), group.name if dimension == "language" else "")
            for name, group in zip(names, table.groups, strict=True)
        ],
        lines=[Line(key.text, [row[place] for row in table.rows], key) for place, key in enumerate(legend)],
        legend=legend,
        bars=[charts.bar(names[place], table.rows[place], legend) for place in shown],
        why=_why([table], smallest),
        note=_("This table is older than the one above it: too few answers came in to make it anew.")
        if table.wave < wave
        else "",
    )


def _legend(table: PublicTable, wording: Words) -> list[Key]:
    texts = [wording.option(table.question, option) for option in table.options]
    return charts.keys(
        table.options, texts, answers=len([one for one in table.options if one not in (*NO_ANSWERS, SKIPPED)])
    )


def _wave(totals: Sequence[PublicTable], table: PublicTable) -> int:
    return next((total.wave for total in totals if total.question == table.question), 0)


def _sizes(groups: Iterable[PublicGroup]) -> str:
    """The band of all: tables of one question may be of different releases."""
    bands = [(group.low, group.high) for group in groups if group.low is not None and group.high is not None]
    if not bands:
        return words.answers(None, None)
    return words.answers(min(low for low, _high in bands), max(high for _low, high in bands))


def _why(tables: Sequence[PublicTable], smallest: int) -> list[str]:
    """One sentence for each reason that occurs."""
    reasons = {cell.reason for table in tables for row in table.rows for cell in row if cell.reason}
    left_out = [words.groups_left_out()] if any(table.dimension for table in tables) else []
    return [words.why(reason, smallest=smallest) for reason in sorted(reasons)] + left_out
