"""Signs that do harm: those that no keyboard makes, and those that begin a formula.

The first are taken out of what clients write and refused in what staff bring in. The second get an apostrophe before them
in a file for a spreadsheet.

Direction marks stay, for Arabic needs some, and screens isolate each text. What turns other letters around goes
(UAX #9: embeddings, overrides, isolates): a name written backwards would pass a reader unseen.
"""

import re

_ODD = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069]")
_LONE_SURROGATE = re.compile(r"[\ud800-\udfff]")
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "\0", "＝", "＋", "－", "＠")


def clean(text: str) -> str:
    """The text without NUL, lone surrogates and other control characters, and without white space around it. Newlines stay."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").encode("utf-8", "replace").decode("utf-8")
    return _ODD.sub("", text).strip()


def has_odd(text: str) -> bool:
    """Does the text hold such a sign?"""
    return bool(_ODD.search(text.replace("\r\n", "\n")) or _LONE_SURROGATE.search(text))


def harmless(text: str) -> str:
    """A text that no spreadsheet takes for a formula (ASVS 1.2.10)."""
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text
