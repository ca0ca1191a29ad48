"""Released figures as files for programmes. Every file shows the same cells as the screen, and nothing behind them."""

import csv
import datetime as dt
import io
import json
from typing import Any

from django.utils.translation import gettext as _

from gehoor.base.signs import harmless
from gehoor.results import context, words
from gehoor.results.queries import Figures
from gehoor.results.words import Words


def rows(figures: Figures) -> list[dict[str, Any]]:
    """One row a released cell. `share` is a whole per cent; a hidden or worded cell has none. Texts in the reader's language."""
    wording = Words.of(figures.round.version_id)
    return [
        {
            "question": table.question, "dimension": table.dimension or "", "group": group.name, "option": option,
            "n_from": group.low, "n_to": group.high, "share": cell.share, "word": cell.word or "", "hidden": cell.reason or "",
            "question_text": wording.table(table.question), "dimension_text": wording.dimension(table.dimension) if table.dimension else "",
            "group_text": wording.group(table.dimension, group.name), "option_text": wording.option(table.question, option),
        }
        for table in figures.tables
        for group, cells in zip(table.groups, table.rows, strict=True)
        for option, cell in zip(table.options, cells, strict=True)
    ]  # fmt: skip


def about(figures: Figures) -> dict[str, Any]:
    """What must stand beside each figure (domain.md R27)."""
    a_round = figures.round
    facts = {
        "office": a_round.office.name, "round": a_round.pk, "name": a_round.name, "period": figures.release.period,
        "release": figures.release.number, "released_on": str(figures.release.released_on),
        "questionnaire": a_round.version.questionnaire.key, "version": a_round.version.number,
        "voice": a_round.version.questionnaire.voice, "moment": a_round.moment, "stage": a_round.stage,
        "product": a_round.product.code, "smallest_group": figures.release.smallest_group, "audit": figures.release.audit,
    }  # fmt: skip
    return {"fictional": words.fictional(), **facts} if words.fictional() else facts


def as_json(figures: Figures) -> str:
    """The released cells as JSON, with what they are about."""
    wording = Words.of(figures.round.version_id)
    above = context.of(figures, wording)
    facts = {**about(figures), "modes": above.modes, "notes": list(above.notes)}
    return json.dumps({**facts, "cells": rows(figures)}, ensure_ascii=False, indent=1) + "\n"


def as_csv(figures: Figures) -> str:
    """The released cells as CSV after RFC 4180. The demo's mark is a first column, so that the file stays a table."""
    file = io.StringIO(newline="")
    table = _marked(rows(figures))
    writer = csv.DictWriter(file, list(table[0]) if table else ["question"])
    writer.writeheader()
    writer.writerows(table)
    return file.getvalue()


def as_xlsx(figures: Figures) -> bytes:
    """The released cells as a workbook: the cells, and what they are about."""
    import xlsxwriter  # noqa: PLC0415 -- slow import, for this one file

    file = io.BytesIO()
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    book = xlsxwriter.Workbook(file, options)
    released = figures.release.released_on
    book.set_properties(
        {
            "title": figures.round.name,
            "author": figures.round.office.name,
            "created": dt.datetime.combine(released, dt.time.min),
        }
    )
    head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
    _fill_cells(book.add_worksheet(sheet_name("cells")), _marked(rows(figures)), head)
    _fill_about(book.add_worksheet(sheet_name("about")), figures, head)
    book.close()
    return file.getvalue()


def sheet_name(kind: str) -> str:
    """The names of the sheets; a spreadsheet takes at most 31 characters."""
    return {"cells": _("Figures"), "about": _("About these figures")}[kind][:31]


def _marked(table: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The rows with the demo's mark first, every text harmless."""
    mark = words.fictional()
    marked = [{"fictional": mark, **row} for row in table] if mark else table
    return [
        {name: harmless(value) if isinstance(value, str) else value for name, value in row.items()} for row in marked
    ]


def _fill_cells(sheet: Any, table: list[dict[str, Any]], head: Any) -> None:
    """Rows must be written in their order: with constant memory a row is gone once the next begins."""
    names = list(table[0]) if table else ["question"]
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, len(names) - 1, 16)
    sheet.write_row(0, 0, names, head)
    for place, row in enumerate(table, start=1):
        sheet.write_row(place, 0, list(row.values()))
    sheet.autofilter(0, 0, len(table), len(names) - 1)


def _fill_about(sheet: Any, figures: Figures, head: Any) -> None:
    above = context.of(figures, Words.of(figures.round.version_id))
    mark = [words.fictional()] if words.fictional() else []
    lines = [[one] for one in mark]
    lines += [[sheet_name("about")], [figures.round.office.name], [figures.round.name]]
    lines += [[name, value] for name, value in above.facts]
    lines += [[note] for note in above.notes]
    sheet.set_column(0, 1, 40)
    for place, line in enumerate(lines):
        sheet.write_row(place, 0, [harmless(text) for text in line], head if place == len(mark) else None)
