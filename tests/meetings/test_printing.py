"""Invitations on paper: everybody can read the PDF, a screen reader too, and nothing keeps the code."""

import datetime as dt
import io
import re
import shutil
import subprocess
from typing import Any

import pikepdf
import pytest
from tests.cast import Cast

from gehoor.base.languages import LANGUAGES
from gehoor.meetings import changes, printing
from gehoor.meetings.models import Meeting
from gehoor.ui import typeset

pytestmark = pytest.mark.django_db


def opened(made: bytes) -> pikepdf.Pdf:
    return pikepdf.open(io.BytesIO(made))


def described(pdf: pikepdf.Pdf) -> list[str]:
    """The words for those who cannot see a figure."""
    return [
        str(each["/Alt"])
        for each in pdf.objects
        if isinstance(each, pikepdf.Dictionary) and each.get("/S") == "/Figure" and "/Alt" in each
    ]


@pytest.fixture
def meeting(cast: Cast) -> Meeting:
    return changes.plan(
        cast.office, kind="focus_group", name="Praat mee over de brieven van Leerplicht",
        purpose="Horen wat hielp, wat niet hielp en wat beter kan.", held_on=dt.date(2026, 12, 1), begins_at=dt.time(15),
        place="Buurthuis De Verzonnen Linde, Lindestraat 1, Voorbeeldstad", asks_consent=True,
    )  # fmt: skip


def paper(meeting: Meeting, **changed: Any) -> bytes:
    wanted = {"shape": "letter", "age": "12_15", "language": "nl", "copies": 1, **changed}
    return printing.invitation(meeting, changes.invite(meeting), **wanted)


@pytest.mark.parametrize(("shape", "language"), [("letter", "nl"), ("letter", "ar"), ("card", "nl"), ("card", "uk")])
def test_an_invitation_is_tagged_titled_and_in_its_language(meeting: Meeting, shape: str, language: str) -> None:
    fresh = changes.invite(meeting)

    pdf = opened(printing.invitation(meeting, fresh, shape=shape, age="12_15", language=language, copies=2))

    assert bool(pdf.Root.MarkInfo.Marked)
    assert str(pdf.Root.Lang) == language
    assert str(pdf.docinfo["/Title"]) == meeting.name
    assert bool(pdf.Root.ViewerPreferences.DisplayDocTitle)
    assert pdf.open_metadata().get("pdfuaid:part") == "1"
    assert [fresh.url in words for words in described(pdf)] == [True, True]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_fits_on_its_page_with_words_of_the_office(meeting: Meeting, language: str) -> None:
    meeting.consent = {"12_15": "\n".join(["Er is een tolk als je dat wilt, zeg het ons een week van tevoren."] * 5)}

    pages = [len(opened(paper(meeting, shape=shape, language=language, copies=8)).pages) for shape in ("letter", "card")]  # fmt: skip

    assert pages == [8, 1]


def test_nine_cards_take_two_pages(meeting: Meeting) -> None:
    assert len(opened(paper(meeting, shape="card", copies=9)).pages) == 2


def test_what_the_office_wrote_stays_text(meeting: Meeting) -> None:
    meeting.name = '#panic("x") *Leerplicht* $y$ "'

    pdf = opened(paper(meeting))

    assert str(pdf.docinfo["/Title"]) == meeting.name


@pytest.mark.parametrize("shape", ["letter", "card"])
def test_a_name_without_a_space_stays_on_the_paper(meeting: Meeting, shape: str) -> None:
    if shutil.which("pdftotext") is None:
        pytest.skip("needs pdftotext (Debian's poppler-utils)")
    meeting.name = "h" * 119

    made = paper(meeting, shape=shape)

    words = ["pdftotext", "-bbox", "-", "-"]
    boxes = subprocess.run(words, input=made, capture_output=True, check=True).stdout.decode()
    edges = [float(edge) for edge in re.findall(r'<word [^>]*xMax="([\d.]+)"', boxes)]
    assert max(edges) < (595 if shape == "letter" else 298)


def test_a_script_without_a_font_is_refused_before_a_code_is_made(cast: Cast, meeting: Meeting, monkeypatch) -> None:
    class Few:
        def families(self) -> list[str]:
            return ["Libertinus Serif", "DejaVu Sans Mono"]

    monkeypatch.setattr(typeset, "_fonts", Few)
    wanted = {"shape": "card", "age": "", "language": "ar", "copies": "8"}

    page = cast.browser(cast.quinten).post(f"/kantoor/bijeenkomsten/{meeting.pk}/uitnodigen/", wanted)

    assert page.status_code == 422
    assert "fonts-noto-core" in page.content.decode()
