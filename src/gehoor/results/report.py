"""The figures of one quarter as a document: PDF/UA-1 for reading and archiving, DOCX for the yearly report (domain.md R83).

Both hold what the page holds, from the same `Page`. The words of clients are not in them: those stay on the screen.
"""

import datetime as dt
import io
import re
from pathlib import Path
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from gehoor.results import page, words
from gehoor.results.page import Page
from gehoor.results.panels import Panel
from gehoor.results.queries import Figures
from gehoor.ui import typeset

FOLDER = Path(__file__).with_name("print")
# What typst's own fonts can show; anything else would stop PDF/UA-1. The second is for a name that slips through the first.
UNPRINTABLE = re.compile(
    r"[^\u0009\u000a\u0020-\u024f\u0300-\u04ff\u0600-\u06ff\u1e00-\u1eff\u2000-\u206f\u20a0-\u20bf\u2190-\u21ff\u2200-\u22ff]"
)
NOT_LATIN = re.compile(r"[^\u0020-\u007e\u00a0-\u024f\u2010-\u2026]")


def as_pdf(figures: Figures) -> bytes:
    """The report as PDF/UA-1: tagged, with a language, table heads and texts for the charts.

    Without the computer's own fonts the file is the same everywhere; the only day in it is that of release.
    """
    return typeset.pdf(
        FOLDER / "report.typ",
        typeset.with_texts(_paper(page.of(figures)), lambda text: UNPRINTABLE.sub("?", text)),
        on=figures.release.released_on,
        only_own_fonts=True,
        respelled=[lambda text: NOT_LATIN.sub("?", text)],
    )


def _paper(shown: Page) -> dict[str, Any]:
    """What report.typ shows, as plain data."""
    release = shown.figures.release
    return {
        "lang": words.staff_language(),
        "fictional": words.fictional(),
        "office": shown.figures.round.office.name,
        "title": shown.figures.round.name,
        "subtitle": title_of(shown),
        "said": _("What clients said"),
        "about": _("About these figures"),
        "page_of": _("Page"),
        "year": release.released_on.year,
        "month": release.released_on.month,
        "day": release.released_on.day,
        "messages": [
            {"question": one.question, "sentence": one.sentence, "basis": one.basis} for one in shown.messages
        ],
        "facts_head": [_("What"), _("This report")],
        "facts": list(shown.context.facts),
        "notes": list(shown.context.notes),
        "line": shown.context.line,
        "sections": [
            {"question": one.question, "panels": [_panel(panel) for panel in (one.total, *one.splits)]}
            for one in shown.sections
        ],
    }


def _panel(panel: Panel) -> dict[str, Any]:
    return {
        "title": panel.title,
        "head": head_of(panel),
        "rows": rows_of(panel),
        "legend": [f"{key.letter} {key.text}" for key in panel.legend],
        "svg": panel.drawing if panel.bars else "",
        "alt": panel.alt,
        "why": [*panel.why, *([panel.note] if panel.note else [])],
    }


def title_of(shown: Page) -> str:
    """What and when."""
    facts = {"people": shown.context.people, "period": shown.context.period}
    return _("What %(people)s say · %(period)s") % facts


def head_of(panel: Panel) -> list[str]:
    """The head row: the group and how many answers."""
    return [
        panel.first,
        *(f"{head.name} ({head.size})" for head in panel.heads),
    ]


def rows_of(panel: Panel) -> list[list[str]]:
    """The rows, with the letter that the chart uses."""
    return [[f"{line.key.letter} {line.name}" if line.key else line.name, *line.figures] for line in panel.lines]


# --- a document for a word processor -------------------------------------------------------------------------------


def as_docx(figures: Figures) -> bytes:
    """The report as DOCX: real headings and tables, no pictures, so that nothing in it needs to be seen."""
    import docx  # noqa: PLC0415 -- slow import, for this one file

    shown = page.of(figures)
    document = docx.Document()
    _describe(document, shown)
    if words.fictional():
        document.add_paragraph(words.fictional(), style="Intense Quote")
    document.add_heading(shown.figures.round.name, level=0)
    document.add_paragraph(f"{shown.figures.round.office.name} · {title_of(shown)}", style="Subtitle")
    document.add_heading(_("What clients said"), level=1)
    for message in shown.messages:
        paragraph = document.add_paragraph(style="List Bullet")
        paragraph.add_run(f"{message.question} ").bold = True
        paragraph.add_run(f"{message.sentence} ({message.basis})")
    for section in shown.sections:
        document.add_heading(section.question, level=1)
        _add_panel(document, section.total, shown.context.line)
        for panel in section.splits:
            document.add_heading(panel.title, level=2)
            _add_panel(document, panel, shown.context.line)
    _add_about(document, shown)
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def _describe(document: Any, shown: Page) -> None:
    """Title, author, language and a day that says nothing but the day of release."""
    from docx.oxml import OxmlElement  # noqa: PLC0415 -- slow import, for this one file
    from docx.oxml.ns import qn  # noqa: PLC0415 -- slow import, for this one file

    about = document.core_properties
    about.title, about.author = f"{shown.figures.round.name} · {title_of(shown)}", shown.figures.round.office.name
    about.language = words.staff_language()
    about.created = about.modified = dt.datetime.combine(shown.figures.release.released_on, dt.time.min, dt.UTC)
    about.comments, about.last_modified_by = "", shown.figures.round.office.name
    properties = document.styles.element.find(f"{qn('w:docDefaults')}/{qn('w:rPrDefault')}/{qn('w:rPr')}")
    language = properties.find(qn("w:lang"))
    if language is None:
        language = OxmlElement("w:lang")
        properties.append(language)
    language.set(qn("w:val"), {"nl": "nl-NL", "en": "en-GB"}[words.staff_language()])


def _add_panel(document: Any, panel: Panel, line: str) -> None:
    head, rows = head_of(panel), rows_of(panel)
    table = document.add_table(rows=0, cols=len(head), style="Table Grid")
    _add_row(table, head, is_head=True)
    for row in rows:
        _add_row(table, row)
    for sentence in (*panel.why, *([panel.note] if panel.note else [])):
        document.add_paragraph(sentence)
    document.add_paragraph(line, style="Caption")


def _add_row(table: Any, texts: list[str], *, is_head: bool = False) -> None:
    from docx.oxml import OxmlElement  # noqa: PLC0415 -- slow import, for this one file

    row = table.add_row()
    for cell, text in zip(row.cells, texts, strict=True):
        cell.paragraphs[0].add_run(text).bold = is_head
    properties = row._tr.get_or_add_trPr()  # noqa: SLF001 -- the library has no other way to repeat a head row
    properties.append(OxmlElement("w:cantSplit"))
    if is_head:
        properties.append(OxmlElement("w:tblHeader"))


def _add_about(document: Any, shown: Page) -> None:
    document.add_heading(_("About these figures"), level=1)
    table = document.add_table(rows=0, cols=2, style="Table Grid")
    _add_row(table, [_("What"), _("This report")], is_head=True)
    for name, value in shown.context.facts:
        _add_row(table, [name, value])
    for note in shown.context.notes:
        document.add_paragraph(note, style="List Bullet")
    released = date_format(shown.figures.release.released_on, "DATE_FORMAT")
    document.add_paragraph(
        _("Made from the figures released on %(day)s. Released figures never change.") % {"day": released}
    )
