"""Icons and faces are small, distinct and silent beside words."""

import re
from xml.etree import ElementTree as ET

import pytest

from gehoor.ui import icons


@pytest.mark.parametrize("step", icons.FACE_STEPS)
def test_a_face_takes_at_most_400_bytes(step):
    assert len(icons.face_symbol(step).encode()) <= 400


@pytest.mark.parametrize("name", icons.ICONS)
def test_an_icon_takes_at_most_400_bytes_and_is_well_formed(name):
    drawn = icons.icon(name)

    assert len(drawn.encode()) <= 400
    assert ET.fromstring(drawn).tag == "svg"  # noqa: S314 -- our own drawing


def test_five_faces_have_five_shapes_without_colour():
    assert len({re.sub(r'fill="[^"]*"', "", icons.FACES[step]) for step in icons.FACE_STEPS}) == 5


@pytest.mark.parametrize("step", icons.FACE_STEPS)
def test_no_face_has_a_straight_mouth(step):
    mouth = re.findall(r'd="([^"]+)"', icons.FACES[step])[-1].split("M")[-1]

    assert "c" in mouth


def test_the_symbols_stand_once_for_each_step():
    assert re.findall(r'id="(face-\d)"', icons.face_symbols()) == [f"face-{step}" for step in icons.FACE_STEPS]


def test_a_face_and_an_icon_are_silent_beside_words():
    assert 'aria-hidden="true"' in icons.face(3)
    assert 'aria-hidden="true"' in icons.icon("print")


def test_an_icon_without_words_has_a_name_that_is_escaped():
    drawn = icons.icon("close", label='Sluit "dit"')

    assert 'role="img" aria-label="Sluit &quot;dit&quot;"' in drawn
    assert "aria-hidden" not in drawn


def test_what_points_along_the_line_turns_around_with_it():
    mirrored = {name for name, drawing in icons.ICONS.items() if drawing.mirrored}

    assert mirrored == {"next", "back", "exit", "search"}


def test_an_unknown_face_or_icon_is_refused_with_its_name():
    with pytest.raises(ValueError, match="not 6"):
        icons.face(6)
    with pytest.raises(ValueError, match="'unicorn'"):
        icons.icon("unicorn")
