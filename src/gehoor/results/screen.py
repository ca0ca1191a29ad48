"""The tables and charts of a quarter as HTML. Released figures never change, so that each process draws them once."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from gehoor.disclosure.tables import PublicTable
from gehoor.results import charts, words
from gehoor.results.page import Page


def sections(shown: Page) -> SafeString:
    """All questions of a page, drawn."""
    figures = shown.figures
    return _drawn(
        _Order(
            tables=tuple(figures.tables),
            version=figures.round.version.sha256,
            language=words.staff_language(),
            names=tuple(shown.wording.products.values()),
            smallest=figures.release.smallest_group,
            line=shown.context.line,
            page=shown,
        )
    )


@dataclass(frozen=True)
class _Order:
    """All that makes one drawing differ from another: public figures and the words around them."""

    tables: Sequence[PublicTable]
    version: str
    language: str
    names: Sequence[str]
    smallest: int
    line: str
    page: Page = field(compare=False)


@lru_cache(maxsize=64)
def _drawn(order: _Order) -> SafeString:
    page = order.page
    facts = {"sections": page.sections, "lang": page.wording.lang, "line": order.line, "patterns": charts.patterns()}
    return render_to_string("results/_sections.html", facts)
