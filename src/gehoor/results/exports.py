"""Released figures as files. Every export shows the same cells as the screen, and nothing behind them."""

import csv
import io
import json
from typing import Any

from gehoor.results.queries import Figures

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


def harmless(text: str) -> str:
    """A text that no spreadsheet takes for a formula (ASVS 1.2.10)."""
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def rows(figures: Figures) -> list[dict[str, Any]]:
    """One row a released cell. `share` is a whole per cent; a hidden or worded cell has none."""
    return [
        {
            "question": table.question, "dimension": table.dimension or "", "group": group.name, "option": option,
            "n_from": group.low, "n_to": group.high, "share": cell.share, "word": cell.word or "", "hidden": cell.reason or "",
        }
        for table in figures.tables
        for group, cells in zip(table.groups, table.rows, strict=True)
        for option, cell in zip(table.options, cells, strict=True)
    ]  # fmt: skip


def about(figures: Figures) -> dict[str, Any]:
    """What must stand beside each figure (domain.md R27)."""
    a_round = figures.round
    return {
        "office": a_round.office.name, "round": a_round.pk, "name": a_round.name, "period": figures.release.period,
        "release": figures.release.number, "released_on": str(figures.release.released_on),
        "questionnaire": a_round.version.questionnaire.key, "version": a_round.version.number,
        "voice": a_round.version.questionnaire.voice, "moment": a_round.moment, "stage": a_round.stage,
        "product": a_round.product.code, "smallest_group": figures.release.smallest_group, "audit": figures.release.audit,
    }  # fmt: skip


def as_json(figures: Figures) -> str:
    """The released cells as JSON, with what they are about."""
    return json.dumps({**about(figures), "cells": rows(figures)}, ensure_ascii=False, indent=1) + "\n"


def as_csv(figures: Figures) -> str:
    """The released cells as CSV after RFC 4180."""
    file = io.StringIO()
    table = rows(figures)
    writer = csv.DictWriter(file, list(table[0]) if table else ["question"])
    writer.writeheader()
    writer.writerows({name: harmless(value) if isinstance(value, str) else value for name, value in row.items()} for row in table)
    return file.getvalue()
