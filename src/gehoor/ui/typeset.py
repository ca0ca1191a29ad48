"""Paper: PDF/UA-1 by typst from a template and a sheet of data, without any network. What people wrote goes in as JSON and stays text.

The templates of a room lie in its folder `print`; what they share lies in `ui/print`.
"""

import datetime as dt
import io
import json
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import segno
import typst
from django.utils.translation import gettext as _

from gehoor.base.languages import LANGUAGES

PACKAGE = Path(__file__).parents[1]  # templates import from here and from nowhere else

# Plain letters are easier to read for those who read with difficulty; the last ones are inside typst itself.
LATIN_FONTS = ("Noto Sans", "Liberation Sans", "DejaVu Sans", "Libertinus Serif")
ARABIC_FONTS = ("Noto Sans Arabic", "Noto Naskh Arabic", "Noto Kufi Arabic", "DejaVu Sans")
CODE_FONTS = ("DejaVu Sans Mono",)


def why_not_print_in(language: str) -> str | None:
    """Some scripts need a font of the computer that Gehoor runs on."""
    if _fonts_for(language):
        return None
    return _(
        "This computer has no letters for %(language)s. Ask the operator to install them (on Debian the package fonts-noto-core), or choose another language."
    ) % {"language": LANGUAGES[language].name}


def pdf(
    template: Path,
    sheet: Mapping[str, Any],
    *,
    on: dt.date | None = None,
    only_own_fonts: bool = False,
    respelled: Sequence[Callable[[str], str]] = (),
) -> bytes:
    """The template with this sheet. `on` is the only day in the file; without it that is the moment of printing.

    With `only_own_fonts` the file is the same on every computer. A sign without a letter in any font stops PDF/UA-1: then
    each text is written as the first of `respelled` says, and so on. Raises typst.TypstError when none of them helps.
    """
    try:
        return _set(template, sheet, on, _own_fonts() if only_own_fonts else _fonts())
    except typst.TypstError:
        if not respelled:
            raise
    first, *others = respelled
    return pdf(template, with_texts(sheet, first), on=on, only_own_fonts=only_own_fonts, respelled=others)


def with_texts(data: Any, change: Callable[[str], str]) -> Any:
    """The same data with every text in it changed."""
    if isinstance(data, str):
        return change(data)
    if isinstance(data, Mapping):
        return {name: with_texts(value, change) for name, value in data.items()}
    return [with_texts(one, change) for one in data] if isinstance(data, list | tuple) else data


def script_of(language: str) -> dict[str, Any]:
    """What a sheet says about the language that it is in: its code, its direction and its fonts."""
    return {
        "lang": language,
        "rtl": LANGUAGES[language].direction == "rtl",
        "fonts": _fonts_for(language),
        "code_fonts": list(CODE_FONTS),
    }


def plain_fonts() -> list[str]:
    """The plain fonts of this computer, best first; typst looks further by itself for what they do not have."""
    here = _fonts().families()
    return [name for name in (*LATIN_FONTS, *ARABIC_FONTS) if name in here]


def qr_code(address: str) -> str:
    """The square for a phone as SVG, with the quiet zone that the standard asks for."""
    drawing = io.BytesIO()
    segno.make(address, error="m", micro=False).save(drawing, kind="svg", xmldecl=False, border=4, nl=False)
    return drawing.getvalue().decode()


def _set(template: Path, sheet: Any, on: dt.date | None, fonts: typst.Fonts) -> bytes:
    made: bytes = typst.compile(
        str(template),
        root=str(PACKAGE),
        format="pdf",
        font_paths=fonts,
        timestamp=dt.datetime.combine(on, dt.time.min, dt.UTC) if on else None,
        sys_inputs={"sheet": json.dumps(sheet, ensure_ascii=False)},
        pdf_standards=["ua-1"],
    )
    return made


def _fonts_for(language: str) -> list[str]:
    """The fonts to use, best first; empty when the script of a language has none here."""
    families = _fonts().families()
    latin = [name for name in LATIN_FONTS if name in families]
    if LANGUAGES[language].direction == "ltr":
        return latin
    arabic = [name for name in ARABIC_FONTS if name in families]
    return [*arabic, *latin] if arabic else []


@cache
def _fonts() -> typst.Fonts:
    """The fonts of this computer and those inside typst. Looking for them takes half a second."""
    return typst.Fonts()


@cache
def _own_fonts() -> typst.Fonts:
    """Those inside typst alone."""
    return typst.Fonts(include_system_fonts=False)
