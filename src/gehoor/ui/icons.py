"""The drawings: icons for staff and respondents, and the five faces.

Drawn for this project on a grid of 24 (icons) and 48 (faces), line art in the colour of the text.
An icon never stands alone as the only label (docs/decisions/0004-own-design-system.md).
"""

from dataclasses import dataclass

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

FACE_STEPS = (1, 2, 3, 4, 5)


@dataclass(frozen=True)
class Drawing:
    """`shape` is trusted SVG markup; `mirrored` drawings point along the reading direction."""

    shape: str
    mirrored: bool = False


def _line(path: str, *, mirrored: bool = False) -> Drawing:
    return Drawing(f'<path d="{path}"/>', mirrored=mirrored)


ICONS: dict[str, Drawing] = {
    "gehoor": _line(
        "M12 2.5a9.5 9.5 0 1 1 0 19H4A1.5 1.5 0 0 1 2.5 20v-8A9.5 9.5 0 0 1 12 2.5zM12 17v0M12 12.5a4.5 4.5 0 0 1 4.5 4.5M12 8a9 9 0 0 1 9 9"
    ),
    "ask": _line(
        "M12 3a9 9 0 1 1 0 18H4.5A1.5 1.5 0 0 1 3 19.5V12a9 9 0 0 1 9-9zM9.5 9.8a2.5 2.5 0 1 1 3.7 2.2c-.8.4-1.2 1-1.2 1.8M12 16.8v0"
    ),
    "read": _line("M12 7c-2-1.7-5-2.2-9-2v13c4-.2 7 .3 9 2 2-1.7 5-2.2 9-2V5c-4-.2-7 .3-9 2zv13"),
    "see": _line(
        "M2.5 12C5 7.5 8.2 5.5 12 5.5s7 2 9.5 6.5c-2.5 4.5-5.7 6.5-9.5 6.5S5 16.5 2.5 12zM12 9a3 3 0 1 1 0 6 3 3 0 0 1 0-6z"
    ),
    "do": _line("M20.5 11v7a2.5 2.5 0 0 1-2.5 2.5H6A2.5 2.5 0 0 1 3.5 18V6A2.5 2.5 0 0 1 6 3.5h8.5M8 11l4 4 9-10"),
    "home": _line("M3 11.5L12 4l9 7.5M5.5 9.5V20h13V9.5M10 20v-6h4v6"),
    "print": _line("M7 8V3.5h10V8M7 17H3.5V8h17v9H17M7 13.5h10v7H7zM17 10.8v0"),
    "mail": _line("M3 5.5h18v13H3zM3 7l9 6.5L21 7"),
    "download": _line("M12 3.5v12M7 11l5 5 5-5M4 20.5h16"),
    "check": _line("M4.5 12.5l5 5 10-11"),
    "warning": _line("M12 3.5L22 20.5H2zM12 10v4.5M12 17.5v0"),
    "lock": _line("M5 11h14v9.5H5zM8 11V7.5a4 4 0 0 1 8 0V11M12 15v2"),
    "exit": _line("M13 3.5H5.5v17H13M10 12h11M17 7.5l4.5 4.5-4.5 4.5", mirrored=True),
    "help": _line("M12 3a9 9 0 1 1 0 18 9 9 0 0 1 0-18zM9.5 9.5a2.5 2.5 0 1 1 3.7 2.2c-.8.4-1.2 1-1.2 1.8M12 16.8v0"),
    "language": _line("M12 3a9 9 0 1 1 0 18 9 9 0 0 1 0-18zM3 12h18M12 3c-5 5.5-5 12.5 0 18 5-5.5 5-12.5 0-18z"),
    "person": _line("M12 4a4 4 0 1 1 0 8 4 4 0 0 1 0-8zM4 20.5c.8-3.8 3.6-5.5 8-5.5s7.2 1.7 8 5.5"),
    "close": _line("M5.5 5.5l13 13M18.5 5.5l-13 13"),
    "next": _line("M4 12h15M13 6l6 6-6 6", mirrored=True),
    "back": _line("M20 12H5M11 6l-6 6 6 6", mirrored=True),
    "add": _line("M12 4.5v15M4.5 12h15"),
    "search": _line("M10.5 4a6.5 6.5 0 1 1 0 13 6.5 6.5 0 0 1 0-13zM15.5 15.5l5 5", mirrored=True),
    "idea": _line(
        "M12 3a6.5 6.5 0 0 1 3.8 11.8c-.8.6-1.3 1.4-1.3 2.7h-5c0-1.3-.5-2.1-1.3-2.7A6.5 6.5 0 0 1 12 3zM9.8 20.8h4.4"
    ),
    "experience": _line("M5 20.5c11 0 .5-8.5 7-8.5s-4-8.5 7-8.5M4 20.5h2M18 3.5h2"),
    "wish": _line("M12 3.5l2.6 5.4 5.9.8-4.3 4.1 1 5.9-5.2-2.8-5.2 2.8 1-5.9L3.5 9.7l5.9-.8z"),
    "quote": _line("M10 7c-3.5 1-5.5 3.5-5.5 7v3.5h5V13h-3M20 7c-3.5 1-5.5 3.5-5.5 7v3.5h5V13h-3"),
    "phone": _line("M7 3.5h10v17H7zM11 17.5h2"),
    "copy": _line("M8 8h12.5v12.5H8zM16 8V3.5H3.5V16H8"),
}

# The head is a speech bubble: the shape in which this system hears people. It carries no `fill`, so a chosen
# face can be coloured from outside. No mouth is a straight line: people read that as a refusal to answer, not
# as a middle (research: Five Degrees of Happiness, doi 10.1145/2930674.2930719; domain.md R50).
_HEAD = '<path d="M24 3a21 21 0 1 1 0 42H6a3 3 0 0 1-3-3V24A21 21 0 0 1 24 3z"/>'
_EYES = '<path fill="none" stroke-width="4" d="{}"/>'
FACES: dict[int, str] = {
    1: _EYES.format("M18 23v0M30 23v0") + '<path fill="none" d="M12 19l7-4M36 19l-7-4M15 37c3-8 15-8 18 0"/>',
    2: _EYES.format("M18 21v0M30 21v0") + '<path fill="none" d="M16 34c3-5 13-5 16-1"/>',
    3: _EYES.format("M17 19v0M31 19v0") + '<path fill="none" d="M17 29c3 5 11 5 14 0"/>',
    4: _EYES.format("M17 17v3M31 17v3") + '<path fill="none" d="M12 27c3 12 21 12 24 0"/>',
    5: '<path fill="none" d="M12 20c1-6 8-6 9 0M27 20c1-6 8-6 9 0"/><path d="M11 26h26c-1 16-25 16-26 0z" fill="currentColor"/>',
}


def face_symbol(step: int) -> str:
    """One face as an SVG symbol of at most 400 bytes; `step` runs from 1 (least positive) to 5 (most positive)."""
    return f'<symbol id="face-{step}" viewBox="0 0 48 48">{_HEAD}{FACES[step]}</symbol>'


def face_symbols() -> SafeString:
    """All five faces, to stand once in the page before the first `face`."""
    symbols = "".join(face_symbol(step) for step in FACE_STEPS)
    return mark_safe(f'<svg class="symbols" width="0" height="0" aria-hidden="true">{symbols}</svg>')  # noqa: S308 -- own markup


def face(step: int) -> SafeString:
    """A reference to one face. It says nothing to a screen reader: the word beside it is the label."""
    if step not in FACES:
        raise ValueError(f"a face has a step from 1 to 5, not {step!r}")
    return format_html('<svg class="face" aria-hidden="true" focusable="false"><use href="#face-{}"/></svg>', step)


def face_image(step: int) -> str:
    """One face as an image of its own, for paper: surface and ink of the tokens."""
    look = 'fill="#fffefb" stroke="#1e1a2e" stroke-width="2.5" stroke-linecap="round" stroke-linejoin="round"'
    shape = f"{_HEAD}{FACES[step]}".replace("currentColor", "#1e1a2e")
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 48 48" {look}>{shape}</svg>'


def icon(name: str, *, label: str = "") -> SafeString:
    """One icon as inline SVG: silent beside text, or named by `label` when no text says the same."""
    if name not in ICONS:
        raise ValueError(f"there is no icon {name!r}; the icons are {', '.join(ICONS)}")
    drawing = ICONS[name]
    return format_html(
        '<svg class="{}" viewBox="0 0 24 24" focusable="false" {}>{}</svg>',
        "icon icon-mirrored" if drawing.mirrored else "icon",
        format_html('role="img" aria-label="{}"', label) if label else mark_safe('aria-hidden="true"'),
        mark_safe(drawing.shape),  # noqa: S308 -- own markup
    )
