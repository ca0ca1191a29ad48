"""The stylesheets hold what the tokens promise: contrast in every theme, no side of the page, no unknown token."""

import gzip
import re
from pathlib import Path

import pytest

import gehoor.ui
from gehoor.ui import door

STATIC = Path(gehoor.ui.__file__).parent / "static" / "ui"
SHEETS = ("tokens.css", "elements.css", "components.css", "layout.css", "print.css", "door.css")

DARK = "(prefers-color-scheme: dark)"
MORE = "(prefers-contrast: more)"
# The blocks of a theme in the order in which a browser applies them.
THEMES = {
    "light": ("",),
    "dark": ("", DARK),
    "more contrast": ("", MORE),
    "dark, more contrast": ("", DARK, MORE, f"{MORE} and {DARK}"),
    "print": ("", "print"),
}

GROUNDS = ("ground", "surface", "sunken", "accent-soft")
TEXT_ON = (
    *((text, ground) for text in ("ink", "ink-subtle", "accent", "accent-strong") for ground in GROUNDS),
    ("accent-ink", "accent"),
    ("accent-ink", "accent-strong"),
    ("marker-ink", "marker"),
    ("negative-ink", "negative"),
    *(
        (kind, ground)
        for kind in ("negative", "positive", "caution")
        for ground in ("ground", "surface", f"{kind}-soft")
    ),
)
SHAPE_ON = (
    *(("border", ground) for ground in ("ground", "surface", "sunken", "accent-soft")),
    *(("accent", ground) for ground in ("ground", "surface", "accent-soft")),
)


def sheet(name: str) -> str:
    return re.sub(r"/\*.*?\*/", "", (STATIC / name).read_text(encoding="utf-8"), flags=re.DOTALL)


def tokens_by_block(css: str) -> dict[str, dict[str, str]]:
    """The custom properties of each `:root` block, by the media query around it ('' for none)."""
    found = re.findall(r"(?:@media ([^{]+?)\s*\{\s*)?:root\s*\{([^}]*)\}", css)
    return {media: dict(re.findall(r"(--[\w-]+):\s*([^;]+);", body)) for media, body in found}


def theme(name: str, css: str) -> dict[str, str]:
    blocks = tokens_by_block(css)
    return {token: value for media in THEMES[name] for token, value in blocks.get(media, {}).items()}


def luminance(colour: str) -> float:
    """Relative luminance of `#rrggbb`, as WCAG 2.2 defines it."""
    shares = (int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5))
    red, green, blue = (share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4 for share in shares)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def weak_pairs(
    pairs: tuple[tuple[str, str], ...], colours: dict[str, str], *, least: float
) -> list[tuple[str, str, float]]:
    ratios = ((a, b, contrast(colours[f"--gehoor-color-{a}"], colours[f"--gehoor-color-{b}"])) for a, b in pairs)
    return [(a, b, round(ratio, 2)) for a, b, ratio in ratios if ratio < least]


def test_the_ratio_of_black_on_white_is_twenty_one():
    assert round(contrast("#000000", "#ffffff"), 2) == 21


@pytest.mark.parametrize("name", THEMES)
def test_every_text_has_a_contrast_of_four_and_a_half(name):
    weak = weak_pairs(TEXT_ON, theme(name, sheet("tokens.css")), least=4.5)

    assert weak == []


@pytest.mark.parametrize("name", THEMES)
def test_every_edge_of_a_control_has_a_contrast_of_three(name):
    weak = weak_pairs(SHAPE_ON, theme(name, sheet("tokens.css")), least=3)

    assert weak == []


@pytest.mark.parametrize("name", ["more contrast", "dark, more contrast"])
def test_who_asks_for_more_contrast_gets_seven_to_one(name):
    weak = weak_pairs(
        (("ink", "ground"), ("ink-subtle", "ground"), ("accent", "ground")), theme(name, sheet("tokens.css")), least=7
    )

    assert weak == []


@pytest.mark.parametrize("name", THEMES)
def test_one_of_the_two_focus_rings_shows_on_any_ground(name):
    colours = theme(name, sheet("tokens.css"))
    rings = [colours[f"--gehoor-focus-{ring}-color"] for ring in ("outline", "inverse-outline")]
    grounds = [colours[f"--gehoor-color-{ground}"] for ground in (*GROUNDS, "accent", "negative", "marker")]

    assert [ground for ground in grounds if max(contrast(ring, ground) for ring in rings) < 3] == []
    assert contrast(*rings) >= 3


def test_the_forced_colours_theme_names_system_colours_for_every_colour():
    blocks = tokens_by_block(sheet("tokens.css"))
    colours = {token for token in blocks[""] if "color" in token and token != "--gehoor-color-scheme"}

    assert set(blocks["(forced-colors: active)"]) == colours
    assert [value for value in blocks["(forced-colors: active)"].values() if value.startswith("#")] == []


@pytest.mark.parametrize("name", [name for name in THEMES if name != "print"])
def test_the_door_has_the_colours_of_the_house(name):
    house, respondents = theme(name, sheet("tokens.css")), theme(name, sheet("door.css"))

    assert {token: value for token, value in respondents.items() if house.get(token) != value} == {}


def test_the_door_has_the_forced_colours_of_the_house():
    forced = "(forced-colors: active)"
    house, respondents = tokens_by_block(sheet("tokens.css"))[forced], tokens_by_block(sheet("door.css"))[forced]

    assert {token: value for token, value in respondents.items() if house.get(token) != value} == {}


@pytest.mark.parametrize("name", SHEETS)
def test_each_token_that_is_used_exists(name):
    known = tokens_by_block(sheet("door.css" if name == "door.css" else "tokens.css"))[""]

    assert set(re.findall(r"var\((--[\w-]+)", sheet(name))) - set(known) == set()


def test_each_token_that_exists_is_used():
    used = {token for name in SHEETS for token in re.findall(r"var\((--[\w-]+)", sheet(name))}

    assert set(tokens_by_block(sheet("tokens.css"))[""]) - used == set()


@pytest.mark.parametrize("name", [name for name in SHEETS if name != "tokens.css"])
def test_no_stylesheet_but_the_tokens_names_a_colour(name):
    css = re.sub(r":root\s*\{[^}]*\}", "", sheet(name))

    assert re.findall(r"#[0-9a-fA-F]{3,8}\b(?=\s*[;,)])", css) == []


@pytest.mark.parametrize("name", SHEETS)
def test_no_stylesheet_knows_left_or_right(name):
    sides = re.findall(r"[\w-]*\b(?:left|right)\b[\w-]*", sheet(name))
    corners = re.findall(r"(?<![\w-])(?:margin|padding|inset):\s*(?:[^\s;()]+\s+){3}[^\s;()]+;", sheet(name))
    boxes = re.findall(r"(?<![\w-])(?:min-|max-)?(?:width|height|top|bottom):", re.sub(r"@media[^{]*", "", sheet(name)))

    assert (sides, corners, boxes) == ([], [], [])


def test_no_stylesheet_asks_anything_of_a_third_party():
    asked = [word for name in SHEETS for word in re.findall(r"@import|url\(|https?:", sheet(name)) if word != "https?:"]

    assert asked == []


def test_the_door_stays_small_enough_to_stand_in_the_page():
    assert len(door.STYLE.encode()) <= 10_240
    assert len(gzip.compress(door.STYLE.encode())) <= 3_000


def test_squeezing_keeps_the_space_that_has_a_meaning():
    assert door.squeezed("/* x */ a :focus ,\n b > c { margin : 0 1px ; }") == "a :focus,b>c{margin :0 1px}"


def test_the_hash_is_the_one_a_browser_computes():
    # From the specification's own example: the hash of `doSomething()` in an inline element.
    assert door.csp_hash("alert('Hello, world.');") == "qznLcsROx4GACP2dm0UCKCzCG+HiZ1guq6ZZDob/Tng="


def test_a_stylesheet_cannot_leave_its_element():
    with pytest.raises(ValueError, match="could leave"):
        door.style_element("a{}</style><script>")
