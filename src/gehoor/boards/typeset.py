"""A sheet of paper from data: PDF/UA-1 by typst, without any network. What people wrote goes in as JSON and stays text."""

import datetime as dt
import json
import re
import unicodedata
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import typst

from gehoor.rounds import printing

FOLDER = Path(__file__).with_name("print")
# A sign without a letter in any font would stop PDF/UA-1. The second is for computers with typst's own fonts only.
RARE = re.compile(r"[^\u0009\u000a\u0020-\u052f\u0590-\u077f\u1e00-\u1fff\u2000-\u206f\u20a0-\u20bf\u2190-\u22ff]")
NOT_LATIN = re.compile(r"[^\u0009\u000a\u0020-\u007e\u00a0-\u024f\u2010-\u2026\u20ac]")

SHADES = re.compile("[\u200d\ufe00-\ufe0f\U0001f3fb-\U0001f3ff]")  # they only change the emoji before them


def pdf(template: str, data: Mapping[str, Any], *, on: dt.date) -> bytes:
    """The sheet `template` of the folder `print` with this data. `on` is the only day in the file.

    A sign that cannot be printed, such as an emoji, becomes its name in square brackets.
    """
    try:
        return _set(template, data, on)
    except typst.TypstError:
        pass
    try:
        return _set(template, _spelled(data, RARE), on)
    except typst.TypstError:
        return _set(template, _spelled(data, NOT_LATIN), on)


def is_rtl(text: str) -> bool:
    """Does the text begin from the right, as Arabic does? The first letter decides (UAX #9, rule P2)."""
    ways = (unicodedata.bidirectional(sign) for sign in text)
    return next((way for way in ways if way in {"L", "R", "AL"}), "L") != "L"


def fonts() -> list[str]:
    """The plain fonts of this computer, best first; typst looks further by itself for what they do not have."""
    here = _fonts().families()
    return [name for name in (*printing.LATIN_FONTS, *printing.ARABIC_FONTS) if name in here]


def _set(template: str, data: Any, on: dt.date) -> bytes:
    made: bytes = typst.compile(
        str(FOLDER / template),
        root=str(FOLDER),
        format="pdf",
        font_paths=_fonts(),
        timestamp=dt.datetime.combine(on, dt.time.min, dt.UTC),
        sys_inputs={"sheet": json.dumps({"fonts": fonts(), **data}, ensure_ascii=False)},
        pdf_standards=["ua-1"],
    )
    return made


def _spelled(data: Any, unprintable: re.Pattern[str]) -> Any:
    if isinstance(data, str):
        return unprintable.sub(lambda sign: f"[{unicodedata.name(sign[0], '?').lower()}]", SHADES.sub("", data))
    if isinstance(data, Mapping):
        return {name: value if name == "svg" else _spelled(value, unprintable) for name, value in data.items()}
    return [_spelled(one, unprintable) for one in data] if isinstance(data, list | tuple) else data


@cache
def _fonts() -> typst.Fonts:
    """Looking for them takes half a second."""
    return typst.Fonts()
