"""Charts of public tables as SVG: one horizontal bar of 100 % for each group.

What is drawn comes from the cells of a `PublicTable` and from nothing else. All that is closed is one block: its width is
what the shown shares leave over, which the reader can work out himself. No style attribute and no script, so that it stands
under `style-src 'self'`; on paper the same drawing has its colours as attributes.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from gehoor.disclosure.tables import ALMOST_EVERYBODY, ALMOST_NOBODY, MOST, PublicCell
from gehoor.results import words

WIDTH = 480
BAR = 28
LABEL = 20
LETTERS = 18
SHARES = 18
GAP = 14
FULL = 100
THINNEST = 3  # so that a closed block can be seen where rounding leaves it no room
NAME_LENGTH = 58
ROOM_FOR_LETTER, ROOM_FOR_SIGN = 11, 7.2
FILLS = 5  # then the patterns begin again
PLAIN = ("none-1", "none-2", "none-3")  # no answer was given
REST, FEW = "rest", "few"

# The colours on paper: the tokens of the light theme, mixed as results.css mixes them.
PAPER = {
    "fill-1": "#e4e0f3", "fill-2": "#c0bae4", "fill-3": "#9a91d5", "fill-4": "#7164c7", "fill-5": "#4433b8",
    "none-1": "#efece6", "none-2": "#dedad2", "none-3": "#cdc8be", "rest": "#ffffff", "few": "#ffffff",
}  # fmt: skip
PATTERNS = {
    "fill-1": ("ink", "M2 2h.01M6 6h.01"),
    "fill-2": ("ink", "M-2 10L10 -2M-2 2L2 -2M6 10L10 6"),
    "fill-3": ("ink", "M0 4h8"),
    "fill-4": ("light", "M-2 -2L10 10M6 -2L10 2M-2 6L2 10"),
    "none-2": ("ink", "M4 0v8"),
    "none-3": ("ink", "M0 4h8M4 0v8"),
    "rest": ("ink", "M-2 10L10 -2M-2 2L2 -2M6 10L10 6M-2 -2L10 10M6 -2L10 2M-2 6L2 10"),
}


@dataclass(frozen=True)
class Segment:
    """A piece of a bar. `width` in per cent of the bar; `fill` names its colour; both strings may be empty."""

    width: float
    fill: str
    letter: str
    text: str


@dataclass(frozen=True)
class Bar:
    """One bar with what stands above it."""

    name: str
    segments: Sequence[Segment]


@dataclass(frozen=True)
class Key:
    """One line of the legend: letter, colour and answer."""

    letter: str
    fill: str
    text: str

    @property
    def swatch(self) -> SafeString:
        """The colour alone. It says nothing to a screen reader: the words stand beside it."""
        box = _box(0, 0, 24, self.fill, height=24, on_paper=False)
        return format_html('<svg class="swatch" viewBox="0 0 24 24" aria-hidden="true" focusable="false">{}</svg>', box)


def keys(options: Sequence[str], texts: Sequence[str], *, answers: int) -> list[Key]:
    """The legend of a table. The first `answers` options are answers; the others are ways of not answering."""
    made = []
    for place, (option, text) in enumerate(zip(options, texts, strict=True)):
        fill = f"fill-{_step(place, answers)}" if place < answers else PLAIN[(place - answers) % len(PLAIN)]
        made.append(Key(option if option.isdigit() else _letter(place), fill, text))
    return made


def bar(name: str, cells: Sequence[PublicCell], legend: Sequence[Key]) -> Bar:
    """The bar of one group, from its public cells."""
    for cell, key in zip(cells, legend, strict=True):
        if cell.word in (MOST, ALMOST_EVERYBODY):
            fill = key.fill if cell.word == ALMOST_EVERYBODY else REST
            return Bar(name, [Segment(FULL, fill, key.letter, words.figure(cell))])
    shown = [
        Segment(cell.share, key.fill, key.letter, words.figure(cell))
        for cell, key in zip(cells, legend, strict=True)
        if cell.share is not None
    ]
    left = FULL - sum(piece.width for piece in shown)
    if any(cell.reason for cell in cells):
        shown.append(Segment(max(left, THINNEST), REST, "", words.closed()))
    elif left > 0 and any(cell.word for cell in cells):
        shown.append(Segment(left, FEW, "", words.amount(ALMOST_NOBODY)))
    return Bar(name, shown)


def svg(name: str, bars: Sequence[Bar], *, title: str, desc: str, on_paper: bool = False) -> SafeString:
    """The drawing. `name` makes its ids unique in the page; `title` and `desc` say what the table says."""
    height = sum(_height(one) for one in bars) - GAP if bars else 1
    paper = format_html(
        ' xmlns="http://www.w3.org/2000/svg" width="{}" height="{}" font-family="Libertinus Serif"', WIDTH, height
    )
    return format_html(
        '<svg class="chart" viewBox="0 0 {} {}" role="img" aria-labelledby="{}-t {}-d"{}>'
        '<title id="{}-t">{}</title><desc id="{}-d">{}</desc>{}{}</svg>',
        WIDTH, height, name, name, paper if on_paper else "", name, title, name, desc,
        patterns(on_paper=True) if on_paper else "", _drawn(bars, on_paper=on_paper),
    )  # fmt: skip


def patterns(*, on_paper: bool = False) -> SafeString:
    """The hatchings, once in a page and before the first chart, so that a bar can be read without colours."""
    drawn = format_html_join(
        "",
        '<pattern id="hatch-{}" width="8" height="8" patternUnits="userSpaceOnUse"><path{} d="{}"/></pattern>',
        ((fill, _stroke(tone, on_paper=on_paper), path) for fill, (tone, path) in PATTERNS.items()),
    )
    return format_html("<defs>{}</defs>", drawn)


def _drawn(bars: Sequence[Bar], *, on_paper: bool) -> SafeString:
    parts, top = [], 0
    for one in bars:
        parts.append(_bar(one, top, on_paper=on_paper))
        top += _height(one)
    return mark_safe("".join(parts))  # noqa: S308 -- each part was escaped


def _height(one: Bar) -> int:
    return (LABEL if one.name else 0) + LETTERS + BAR + SHARES + GAP


def _bar(one: Bar, top: int, *, on_paper: bool) -> SafeString:
    parts = []
    if one.name:
        short = one.name if len(one.name) <= NAME_LENGTH else one.name[: NAME_LENGTH - 1] + "…"
        parts.append(_text(0, top + 14, "chart-name", short, on_paper=on_paper))
        top += LABEL
    whole = sum(piece.width for piece in one.segments)
    left = 0.0
    for piece in one.segments:
        width = piece.width / whole * WIDTH
        parts.append(_box(left, top + LETTERS, width, piece.fill, height=BAR, on_paper=on_paper))
        if width >= ROOM_FOR_LETTER:
            parts.append(_text(left + 2, top + 13, "chart-letter", piece.letter, on_paper=on_paper))
        if width >= ROOM_FOR_SIGN * len(piece.text):
            parts.append(_text(left + 2, top + LETTERS + BAR + 14, "chart-share", piece.text, on_paper=on_paper))
        left += width
    return mark_safe("".join(parts))  # noqa: S308 -- each part was escaped


def _box(left: float, top: float, width: float, fill: str, *, height: int, on_paper: bool) -> SafeString:
    place = format_html(
        'x="{}" y="{}" width="{}" height="{}"', _number(left + 0.75), top, _number(max(width - 1.5, 1)), height
    )
    paint = format_html('fill="{}" stroke="#333333"', PAPER[fill]) if on_paper else format_html('class="{}"', fill)
    hatch = format_html('<rect {} fill="url(#hatch-{})"/>', place, fill) if fill in PATTERNS else ""
    return format_html("<rect {} {}/>{}", place, paint, hatch)


def _text(left: float, base: float, kind: str, text: str, *, on_paper: bool) -> SafeString:
    if not text:
        return mark_safe("")
    paint = (
        format_html(
            'font-size="13" fill="#000000"{}', mark_safe(' font-weight="bold"') if kind == "chart-letter" else ""
        )
        if on_paper
        else ""
    )
    return format_html('<text class="{}" x="{}" y="{}" {}>{}</text>', kind, _number(left), base, paint, text)


def _stroke(tone: str, *, on_paper: bool) -> SafeString:
    if not on_paper:
        return format_html(' class="hatch hatch-{}"', tone)
    colour = "#1e1a2e" if tone == "ink" else "#ffffff"
    return format_html(
        ' fill="none" stroke="{}" stroke-width="1.1" stroke-linecap="round" stroke-opacity="0.55"', colour
    )


def _number(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")


def _letter(place: int) -> str:
    return chr(ord("A") + place % 26)


def _step(place: int, answers: int) -> int:
    """Which of the five tones: from light to dark; of two answers the first ("yes", "chosen") is the dark one."""
    if answers == 2:  # noqa: PLR2004 -- a pair
        return FILLS if place == 0 else 1
    if answers in range(3, FILLS):
        return 1 + round(place * (FILLS - 1) / (answers - 1))
    return 1 + place % FILLS
