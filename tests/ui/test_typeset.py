"""Paper: the same look as the screen, words that stay text, and a way out for a sign without a letter."""

import datetime as dt
import io
import re
from pathlib import Path

import pikepdf
import pytest
import typst

import gehoor
from gehoor.base.languages import LANGUAGES
from gehoor.ui import icons, typeset

PACKAGE = Path(gehoor.__file__).parent
TOKENS = (PACKAGE / "ui/static/ui/tokens.css").read_text(encoding="utf-8")
DAY = dt.date(2026, 11, 22)


@pytest.fixture
def template(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A page with one text."""
    monkeypatch.setattr(typeset, "PACKAGE", tmp_path)
    path = tmp_path / "one.typ"
    path.write_text(
        "#let sheet = json(bytes(sys.inputs.sheet))\n#set document(title: sheet.title)\n= Hoi\n#sheet.title\n"
    )
    return path


def title(made: bytes) -> str:
    with pikepdf.open(io.BytesIO(made)) as pdf:
        return str(pdf.docinfo["/Title"])


def test_paper_has_the_colours_of_the_screen() -> None:
    text = (PACKAGE / "ui/print/sheet.typ").read_text(encoding="utf-8")
    colours = re.findall(r'#let ([\w-]+) = rgb\("(#\w{6})"\)', text)

    assert len(colours) == 8
    assert [name for name, colour in colours if f"--gehoor-color-{name}: {colour};" not in TOKENS] == []
    drawn = set(re.findall(r"#\w{6}", icons.face_image(5)))
    assert drawn == {re.search(rf"--gehoor-color-{name}: (#\w+)", TOKENS)[1] for name in ("surface", "ink")}


def test_no_template_has_a_colour_of_its_own() -> None:
    used = {
        (path.name, colour)
        for path in PACKAGE.glob("*/print/*.typ")
        for colour in re.findall(r'rgb\("(#\w+)"\)', path.read_text(encoding="utf-8"))
    }

    assert len(used) == 9
    assert [colour for _name, colour in used if f": {colour};" not in TOKENS] == []


def test_no_template_reaches_for_the_network() -> None:
    imported = {
        name
        for path in PACKAGE.glob("*/print/*.typ")
        for name in re.findall(r'#import "([^"]+)"', path.read_text(encoding="utf-8"))
    }

    assert imported == {"common.typ", "sheet.typ", *(f"/ui/print/{name}.typ" for name in ("cards", "document", "invitation", "sheet"))}  # fmt: skip


def test_what_people_wrote_stays_text(template: Path) -> None:
    words = '#panic("x") *Leerplicht* $y$ "'

    assert title(typeset.pdf(template, {"title": words})) == words


def test_a_template_reads_nothing_outside_its_root(template: Path) -> None:
    template.write_text('#read("../../etc/hostname")')

    with pytest.raises(typst.TypstError):
        typeset.pdf(template, {})


def test_one_day_stands_in_the_file_and_the_same_sheet_gives_the_same_file(template: Path) -> None:
    made = [typeset.pdf(template, {"title": "Hoi"}, on=DAY, only_own_fonts=True) for _time in range(2)]

    with pikepdf.open(io.BytesIO(made[0])) as pdf:
        assert str(pdf.docinfo["/CreationDate"]).startswith("D:20261122000000")
    assert made[0] == made[1]


def test_a_sign_without_a_letter_is_spelled_by_the_first_way_that_helps(template: Path) -> None:
    sheet = {"title": "漢 é 😀"}
    ways = [lambda text: text.replace("漢", "Han"), lambda text: text.encode("ascii", "replace").decode()]

    with pytest.raises(typst.TypstError):
        typeset.pdf(template, sheet, only_own_fonts=True)
    with pytest.raises(typst.TypstError):
        typeset.pdf(template, sheet, only_own_fonts=True, respelled=ways[:1])
    assert title(typeset.pdf(template, sheet, only_own_fonts=True, respelled=ways)) == "Han ? ?"
    assert title(typeset.pdf(template, {"title": "é"}, only_own_fonts=True, respelled=ways)) == "é"


def test_texts_are_changed_however_deep_they_lie() -> None:
    data = {"a": "x", "b": [{"c": "x"}, ("x", 3, None, True)]}

    assert typeset.with_texts(data, str.upper) == {"a": "X", "b": [{"c": "X"}, ["X", 3, None, True]]}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_fonts_of_a_script_come_first(language: str, monkeypatch: pytest.MonkeyPatch) -> None:
    class All:
        def families(self) -> list[str]:
            return [*typeset.LATIN_FONTS, *typeset.ARABIC_FONTS]

    monkeypatch.setattr(typeset, "_fonts", All)

    script = typeset.script_of(language)

    assert script["rtl"] == (language == "ar")
    assert script["fonts"][0] == ("Noto Sans Arabic" if language == "ar" else "Noto Sans")
    assert script["code_fonts"] == ["DejaVu Sans Mono"]
