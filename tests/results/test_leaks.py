"""Nothing behind a released cell gets out: in no page, drawing or file (standards.md UA-19, UA-21)."""

from collections.abc import Mapping
from io import BytesIO
from zipfile import ZipFile

import pytest
from django.db import transaction
from tests.cast import Cast
from tests.results.figures import OTHERWISE_INSIDE, SMALL_INSIDE, faces, file, now, page, released

from gehoor.disclosure.tables import ALMOST_EVERYBODY, ALMOST_NOBODY, PROTECTED, PublicCell
from gehoor.results import charts
from gehoor.rounds.models import Round

pytestmark = pytest.mark.django_db


class Undo(Exception):
    """Turns both databases back."""


def everything(cast: Cast, a_round: Round, counts: Mapping[str, int]) -> dict[str, object]:
    """All that leaves the house about these answers; afterwards the house is as it was."""
    out: dict[str, object] = {}
    try:
        with transaction.atomic(using="default"), transaction.atomic(using="vault"):
            released(a_round, faces(counts, background="age_14_15"))
            out["page"] = page(cast, cast.quinten, a_round)
            out["length"] = (
                cast.browser(cast.petra).get(f"/kantoor/zien/{a_round.pk}/{now()}/").headers.get("Content-Length")
            )
            for kind in ("csv", "json", "xlsx", "pdf"):
                out[kind] = file(cast, a_round, kind)
            out["docx"] = ZipFile(BytesIO(file(cast, a_round, "docx"))).read("word/document.xml")
            raise Undo  # noqa: TRY301 -- only leaving the block by an error turns it back
    except Undo:
        return out


def test_what_differs_only_inside_hidden_cells_comes_out_byte_for_byte_the_same(cast: Cast) -> None:
    a_round = cast.round()

    one, other = everything(cast, a_round, SMALL_INSIDE), everything(cast, a_round, OTHERWISE_INSIDE)

    assert "–" in str(one["page"])
    assert {kind for kind in one if one[kind] != other[kind]} == set()


def test_a_difference_that_is_shown_does_come_out(cast: Cast) -> None:
    """The test above can fail."""
    a_round = cast.round()

    one, other = everything(cast, a_round, SMALL_INSIDE), everything(cast, a_round, {**SMALL_INSIDE, "5": 60})

    assert {kind for kind in one if one[kind] != other[kind]} >= {"page", "csv", "json", "xlsx", "pdf", "docx"}


def legend(number: int) -> list[charts.Key]:
    return charts.keys([f"o{place}" for place in range(number)], ["text"] * number, answers=number)


def test_all_that_is_closed_is_one_block_of_what_is_left() -> None:
    cells = [PublicCell(share=35), PublicCell(reason=PROTECTED), PublicCell(reason=PROTECTED), PublicCell(share=40)]

    drawn = charts.bar("", cells, legend(4))

    assert [(piece.fill, piece.width) for piece in drawn.segments] == [("fill-1", 35), ("fill-5", 40), ("rest", 25)]


def test_a_closed_block_is_seen_where_rounding_leaves_it_nothing() -> None:
    cells = [PublicCell(share=55), PublicCell(share=45), PublicCell(reason=PROTECTED), PublicCell(reason=PROTECTED)]

    assert charts.bar("", cells, legend(4)).segments[-1].width == charts.THINNEST


def test_a_word_draws_no_share() -> None:
    cells = [PublicCell(word=ALMOST_EVERYBODY), PublicCell(word=ALMOST_NOBODY), PublicCell(word=ALMOST_NOBODY)]

    assert [piece.width for piece in charts.bar("", cells, legend(3)).segments] == [100]


def test_a_chart_has_no_style_and_escapes_its_words() -> None:
    drawn = charts.svg(
        "x", [charts.bar("<b>&", [PublicCell(share=60), PublicCell(share=40)], legend(2))], title='"><script>', desc="d"
    )

    assert "style=" not in drawn
    assert "<script" not in drawn
    assert "<b>" not in drawn
