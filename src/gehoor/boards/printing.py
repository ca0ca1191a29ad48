"""A board on paper: what only its sheets need, for anybody may have written anything on it."""

import datetime as dt
import re
import unicodedata
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from gehoor.ui import typeset

FOLDER = Path(__file__).with_name("print")
# A sign without a letter in any font would stop PDF/UA-1. The second is for computers with typst's own fonts only.
RARE = re.compile(r"[^\u0009\u000a\u0020-\u052f\u0590-\u077f\u1e00-\u1fff\u2000-\u206f\u20a0-\u20bf\u2190-\u22ff]")
NOT_LATIN = re.compile(r"[^\u0009\u000a\u0020-\u007e\u00a0-\u024f\u2010-\u2026\u20ac]")

SHADES = re.compile("[\u200d\ufe00-\ufe0f\U0001f3fb-\U0001f3ff]")  # they only change the emoji before them


def pdf(template: str, sheet: Mapping[str, Any], *, on: dt.date) -> bytes:
    """The sheet as `template` of the folder `print` shows it. `on` is the only day in the file.

    A sign that cannot be printed, such as an emoji, becomes its name in square brackets.
    """
    sheet = {"fonts": typeset.plain_fonts(), **sheet}
    ways = [lambda text: _spelled(text, RARE), lambda text: _spelled(text, NOT_LATIN)]
    return typeset.pdf(FOLDER / template, sheet, on=on, respelled=ways)


def is_rtl(text: str) -> bool:
    """Does the text begin from the right, as Arabic does? The first letter decides (UAX #9, rule P2)."""
    ways = (unicodedata.bidirectional(sign) for sign in text)
    return next((way for way in ways if way in {"L", "R", "AL"}), "L") != "L"


def _spelled(text: str, unprintable: re.Pattern[str]) -> str:
    return unprintable.sub(lambda sign: f"[{unicodedata.name(sign[0], '?').lower()}]", SHADES.sub("", text))
