"""Codes on paper: everybody can read the PDF, a screen reader too."""

import io
import re
import shutil
import subprocess

import pikepdf
import pytest
from tests.cast import Cast

from gehoor.base.errors import NotNow
from gehoor.questionnaires import queries as questionnaires
from gehoor.rounds import printing
from gehoor.rounds.models import Round
from gehoor.ui import typeset

pytestmark = pytest.mark.django_db
CARD = 297 / 4 / 25.4 * 72


def opened(made: bytes) -> pikepdf.Pdf:
    return pikepdf.open(io.BytesIO(made))


def described(pdf: pikepdf.Pdf) -> list[str]:
    """The words for those who cannot see a figure."""
    return [
        str(each["/Alt"])
        for each in pdf.objects
        if isinstance(each, pikepdf.Dictionary) and each.get("/S") == "/Figure" and "/Alt" in each
    ]


def lines(made: bytes) -> list[tuple[float, float, str]]:
    """Top, bottom and text of each word on the first page, in points."""
    if shutil.which("pdftotext") is None:
        pytest.skip("needs pdftotext (Debian's poppler-utils)")
    found = subprocess.run(["pdftotext", "-l", "1", "-bbox", "-", "-"], input=made, capture_output=True, check=True)
    words = re.findall(r'yMin="([\d.]+)".*?yMax="([\d.]+)">(.*?)</word>', found.stdout.decode())
    return [(float(top), float(bottom), text) for top, bottom, text in words]


def kinds(pdf: pikepdf.Pdf) -> set[str]:
    return {str(each["/S"]) for each in pdf.objects if isinstance(each, pikepdf.Dictionary) and "/S" in each}


@pytest.fixture
def a_round(cast: Cast) -> Round:
    return cast.round()


@pytest.mark.parametrize(("mode", "language"), [("letter", "nl"), ("letter", "ar"), ("card", "nl"), ("card", "uk")])
def test_a_pdf_is_tagged_titled_and_in_its_language(cast: Cast, a_round, mode, language):
    _dispatch, fresh = cast.codes(a_round, 3, mode=mode)

    pdf = opened(printing.paper(a_round, fresh, mode=mode, language=language))

    title = questionnaires.content_of(a_round.version_id).title[language]
    assert bool(pdf.Root.MarkInfo.Marked)
    assert str(pdf.Root.Lang) == language
    assert str(pdf.docinfo["/Title"]) == title
    assert bool(pdf.Root.ViewerPreferences.DisplayDocTitle)
    assert pdf.open_metadata().get("pdfuaid:part") == "1"
    assert {"/Figure", "/P"} <= kinds(pdf)
    assert [sum(code.url in words for words in described(pdf)) for code in fresh] == [1, 1, 1]


def test_a_letter_has_a_page_for_each_code_and_a_sheet_has_eight_cards(cast: Cast, a_round):
    _dispatch, fresh = cast.codes(a_round, 9)

    pages = [len(opened(printing.paper(a_round, fresh, mode=mode, language="nl")).pages) for mode in ("letter", "card")]

    assert pages == [9, 2]


@pytest.mark.parametrize("language", ["nl", "en", "tr", "ar", "pl", "uk", "es"])
@pytest.mark.parametrize("mode", ["letter", "card"])
def test_every_language_fits_on_its_page(cast: Cast, a_round, mode, language):
    _dispatch, fresh = cast.codes(a_round, 8, mode=mode)

    pdf = opened(printing.paper(a_round, fresh, mode=mode, language=language))

    assert len(pdf.pages) == (8 if mode == "letter" else 1)


@pytest.mark.parametrize("language", ["nl", "en", "tr", "ar", "pl", "uk", "es"])
def test_a_card_stays_within_its_lines(cast: Cast, a_round, settings, language):
    settings.GEHOOR_FICTIONAL = True
    a_round.office.name = "Regionaal Bureau Leerplicht en Voortijdig Schoolverlaten Voorbeeldstad en omstreken"
    _dispatch, fresh = cast.codes(a_round, 8)

    words = lines(printing.paper(a_round, fresh, mode="card", language=language))

    cuts = [CARD * row for row in range(1, 4)]
    assert [text for top, bottom, text in words if any(top < cut < bottom for cut in cuts) or bottom > CARD * 4] == []
    assert sum(text == "0800-2000" for top, bottom, text in words if bottom < CARD) == 2


@pytest.mark.parametrize("mode", ["letter", "card"])
@pytest.mark.parametrize("fictional", [True, False])
def test_each_sheet_says_who_asks_and_whether_it_is_real(cast: Cast, a_round, settings, mode, fictional):
    settings.GEHOOR_FICTIONAL = fictional
    _dispatch, fresh = cast.codes(a_round, 8, mode=mode)

    text = " ".join(word for _top, _bottom, word in lines(printing.paper(a_round, fresh, mode=mode, language="nl")))

    sheets = 8 if mode == "card" else 1
    assert len(re.findall(r"Voorbeeldstad (?!stelt)", text)) == sheets
    assert text.count("Verzonnen") == (sheets if fictional else 0)


def test_a_shared_code_fills_a_page(cast: Cast):
    a_round = cast.round(anonymity="open")
    _dispatch, fresh = cast.codes(a_round, 1)

    pdf = opened(printing.paper(a_round, fresh, mode="card", language="nl"))

    assert len(described(pdf)) == 8


def test_what_an_office_calls_itself_stays_text(cast: Cast, a_round):
    cast.office.name = '#panic("x") *Leerplicht* $y$ "'
    a_round.office = cast.office
    _dispatch, fresh = cast.codes(a_round, 1, mode="letter")

    pdf = opened(printing.paper(a_round, fresh, mode="letter", language="nl"))

    assert str(pdf.docinfo["/Author"]) == cast.office.name


def test_a_script_without_a_font_is_refused_before_a_code_is_made(cast: Cast, a_round, monkeypatch):
    class Few:
        def families(self) -> list[str]:
            return ["Libertinus Serif", "DejaVu Sans Mono"]

    monkeypatch.setattr(typeset, "_fonts", Few)
    browser = cast.browser(cast.quinten)

    page = browser.post(f"/kantoor/vragen/{a_round.pk}/codes/", _wanted(a_round, language="ar"))

    assert (page.status_code, a_round.dispatches.count()) == (422, 0)
    assert "fonts-noto-core" in page.content.decode()
    assert typeset.why_not_print_in("uk") is None
    with pytest.raises(NotNow):
        printing.paper(a_round, [], mode="card", language="ar")


def test_making_codes_answers_with_the_pdf_and_keeps_no_code(cast: Cast, a_round):
    browser = cast.browser(cast.quinten)

    page = browser.post(f"/kantoor/vragen/{a_round.pk}/codes/", _wanted(a_round))

    assert (page.status_code, page["Content-Type"], page["Cache-Control"]) == (200, "application/pdf", "no-store")
    assert page["Content-Disposition"].startswith("attachment")
    assert len(described(opened(page.content))) == 10
    assert a_round.dispatches.get().size == 10


def _wanted(a_round: Round, **changed: str) -> dict[str, str]:
    return {"mode": "card", "size": "10", "language": "nl", "product": str(a_round.product_id), **changed}
