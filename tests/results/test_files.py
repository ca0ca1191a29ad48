"""The same figures as files: harmless in a spreadsheet, readable for everybody."""

import csv
import io
import json
from typing import Any
from zipfile import ZipFile

import openpyxl
import pikepdf
import pytest
from tests.cast import Cast
from tests.results.figures import SMALL_INSIDE, faces, file, hear, released, round_with

from gehoor.answers.queries import CONTEXT
from gehoor.base.signs import FORMULA_STARTS
from gehoor.results import exports
from gehoor.rounds.models import Round

pytestmark = pytest.mark.django_db

EVIL = '=HYPERLINK("http://x.example","klik")'


@pytest.fixture
def a_round(cast: Cast) -> Round:
    """Two options, of which one is a formula; two ways of asking."""
    texts = {code: f"{code} gewoon" for code in ("nl", "en", "tr", "ar", "pl", "uk", "es")}
    options = [{"key": "a", "text": dict.fromkeys(texts, EVIL)}, {"key": "b", "text": texts}]
    made = round_with(cast, background={"options": options}, heard={"kind": "choices", "options": options})
    hear(
        made,
        [{"background": "a", "heard": ["a", "b"], "informed": "yes"}] * 20 + [{"background": "b", "heard": ["b"]}] * 20,
        mode="letter",
    )
    released(
        made,
        [{"background": "a", "heard": ["a"], "informed": "no"}] * 20
        + [{"background": "b", "heard": ["b"], "informed": "yes"}] * 15,
    )
    return made


def test_csv_holds_no_formula_and_follows_the_standard(cast: Cast, a_round: Round) -> None:
    text = file(cast, a_round, "csv").decode()

    rows = list(csv.DictReader(io.StringIO(text, newline=""), strict=True))

    assert text.count("\r\n") == len(rows) + 1
    assert any(row["option_text"] == f"'{EVIL}" for row in rows)
    assert not [value for row in rows for value in row.values() if value.startswith(FORMULA_STARTS)]


def test_a_workbook_has_figures_and_what_they_are_about(cast: Cast, a_round: Round) -> None:
    book = openpyxl.load_workbook(io.BytesIO(file(cast, a_round, "xlsx")))

    cells, about = book.worksheets
    head = [cell.value for cell in cells[1]]
    assert (head[0], cells.freeze_panes) == ("question", "A2")
    assert f"'{EVIL}" in {row[head.index("option_text")].value for row in cells.iter_rows()}
    assert {cell.data_type for sheet in book for row in sheet.iter_rows() for cell in row} <= {"s", "n", "inlineStr"}
    assert cast.office.name in {row[0].value for row in about.iter_rows()}


def test_json_says_how_it_was_asked(cast: Cast, a_round: Round) -> None:
    given = json.loads(file(cast, a_round, "json"))

    assert {"modes", "moment", "voice", "version", "smallest_group", "released_on", "notes"} <= set(given)
    assert {cell["dimension"] for cell in given["cells"]} - {"", *CONTEXT} <= {"background"}


def in_dutch(cast: Cast) -> None:
    """The adviser works in Dutch."""
    cast.quinten.account.language = "nl"
    cast.quinten.account.save()


def test_a_document_has_headings_a_language_and_heads_that_repeat(cast: Cast, a_round: Round) -> None:
    in_dutch(cast)
    parts = ZipFile(io.BytesIO(file(cast, a_round, "docx")))
    body, styles = parts.read("word/document.xml").decode(), parts.read("word/styles.xml").decode()

    assert body.count("<w:tbl>") == body.count("<w:tblHeader/>") > 3
    assert 'w:val="Heading1"' in body
    assert '<w:lang w:val="nl-NL"' in styles
    assert "<w:drawing" not in body


def test_the_report_is_tagged_for_screen_readers(cast: Cast, a_round: Round) -> None:
    in_dutch(cast)
    with pikepdf.open(io.BytesIO(file(cast, a_round, "pdf"))) as pdf:
        tags = list(walk(pdf.Root.StructTreeRoot.K))
        with pdf.open_metadata() as about:
            part = about.get("pdfuaid:part")
        heads = [tag for tag in tags if tag.S == "/TH"]

        assert (str(pdf.Root.Lang), bool(pdf.Root.MarkInfo.Marked), part) == ("nl", True, "1")
        assert "Eigen" in str(pdf.docinfo["/Title"])
        assert str(pdf.docinfo["/Author"]) == cast.office.name
        assert heads
        assert all(scope_of(tag) == "/Column" for tag in heads)
        assert [tag for tag in tags if tag.S == "/Figure"]
        assert all(str(tag.Alt) for tag in tags if tag.S == "/Figure")
        assert len(pdf.pages) > 1


def walk(node: Any) -> Any:
    """Every structure element of a PDF."""
    if isinstance(node, pikepdf.Array):
        for child in node:
            yield from walk(child)
    elif isinstance(node, pikepdf.Dictionary) and "/S" in node:
        yield node
        if "/K" in node:
            yield from walk(node.K)


def scope_of(tag: Any) -> str:
    attributes = tag.A if isinstance(tag.A, pikepdf.Array) else [tag.A]
    return next((str(one.Scope) for one in attributes if "/Scope" in one), "")


@pytest.mark.parametrize(
    "name", ["Na het gesprek 😀 漢字 العربية", "Stuur \x01 en \u0378 \u06ff", 'Aanhaling " en \\ streep #[x] $y$']
)
def test_a_name_that_the_fonts_lack_does_not_stop_the_report(cast: Cast, name: str) -> None:
    a_round = cast.round(name=name)
    released(a_round, faces({"1": 20, "5": 30}))

    assert file(cast, a_round, "pdf").startswith(b"%PDF")


def test_every_file_of_the_demo_begins_with_its_mark(cast: Cast, settings: Any) -> None:
    settings.GEHOOR_FICTIONAL = True
    a_round = cast.round()
    released(a_round, faces(SMALL_INSIDE))
    response = cast.browser(cast.quinten).get(f"/kantoor/zien/{a_round.pk}/")
    browser = cast.browser(cast.quinten)

    names = [
        browser.get(f"{response['Location']}cijfers/{kind}/")["Content-Disposition"]
        for kind in ("csv", "json", "xlsx", "docx", "pdf")
    ]

    assert all('filename="fictief-gehoor-' in name for name in names)
    assert file(cast, a_round, "csv").startswith(b"fictional,")
    assert next(iter(json.loads(file(cast, a_round, "json")))) == "fictional"
    book = openpyxl.load_workbook(io.BytesIO(file(cast, a_round, "xlsx")))
    assert [sheet["A1"].value for sheet in book.worksheets] == ["fictional", exports.words.fictional()]
    body = ZipFile(io.BytesIO(file(cast, a_round, "docx"))).read("word/document.xml").decode()
    assert body.index(exports.words.fictional()) < body.index(a_round.name)
    assert exports.words.fictional() in browser.get(response["Location"]).content.decode()


def test_an_unknown_kind_of_file_does_not_exist(cast: Cast, a_round: Round) -> None:
    address = f"/kantoor/zien/{a_round.pk}/"
    quarter = cast.browser(cast.quinten).get(address)["Location"]

    assert cast.browser(cast.quinten).get(f"{quarter}cijfers/exe/").status_code == 404


def test_a_question_with_several_answers_has_a_row_and_a_bar_for_each(cast: Cast, a_round: Round) -> None:
    browser = cast.browser(cast.quinten)

    html = browser.get(browser.get(f"/kantoor/zien/{a_round.pk}/")["Location"]).content.decode()

    whole = html[html.index('<svg class="chart"', html.index('id="q-heard-h"')) :]
    assert whole[: whole.index("</svg>")].count('class="chart-name"') == 2
    assert "=HYPERLINK(&quot;" in html
