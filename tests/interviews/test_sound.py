"""AT-30, UA-25: nothing in a recording tells who made it, where, when and with what; and a video is no recording."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.interviews.talks import MOMENT, MUSIC, RECORDINGS, TRACE, Bytes, cleaned, m4a, mp3, ogg, ogg_page, webm

from gehoor.interviews import faults, sound
from gehoor.interviews.sound import NoSound


@pytest.mark.parametrize("kind", RECORDINGS)
def test_the_tags_are_wiped_and_the_sound_is_not(kind: str) -> None:
    data = RECORDINGS[kind]
    assert TRACE in data  # or the test would hide nothing

    found, clean = cleaned(data)

    assert found == kind
    assert TRACE not in clean
    assert b"Amira" not in clean
    assert MOMENT not in clean
    assert MUSIC[:400] in clean
    assert len(clean) == len(data)  # nothing moved: the offsets in the file stay true


@pytest.mark.parametrize("kind", RECORDINGS)
def test_cleaning_again_changes_nothing(kind: str) -> None:
    clean = cleaned(RECORDINGS[kind])[1]

    assert cleaned(clean) == (kind, clean)


def test_a_browser_that_does_not_know_how_long_it_will_be_is_cleaned_too() -> None:
    kind, clean = cleaned(webm(unknown=True))

    assert (kind, TRACE in clean, MUSIC in clean) == ("webm", False, True)


def test_comments_over_many_pages_are_wiped_and_each_page_still_adds_up() -> None:
    _kind, clean = cleaned(ogg(comments=TRACE * 4000))
    tape = Bytes(clean)
    pages = list(sound._pages(tape))
    assert len(pages) > 4

    for at, body, lacing in pages:
        page = bytearray(clean[at : body + sum(lacing)])
        kept = int.from_bytes(page[22:26], "little")
        page[22:26] = b"\0" * 4
        assert sound._checksum(bytes(page)) == kept
    assert TRACE not in clean


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (m4a(b"vide"), "video"),
        (webm(1), "video"),
        (m4a(b"text"), "other"),
        (b"RIFF\0\0\0\0AVI LIST" + b"\0" * 99, "video"),
        (b"hallo, dit is tekst", "unknown"),
        (b"", "unknown"),
        (mp3()[:60], "broken"),
        (ogg() + ogg(), "other"),
        (ogg()[:-20], "broken"),
        (ogg_page(b"\x80theora" + b"\0" * 30, flags=2), "video"),
        (m4a()[:200], "broken"),
        (webm()[:-9], "broken"),
        (b"RIFF\xff\xff\xff\xffWAVEfmt ", "broken"),
    ],
)
def test_what_is_no_recording_is_refused(data: bytes, kind: str) -> None:
    with pytest.raises(NoSound) as caught:
        cleaned(data)

    assert caught.value.kind == kind
    assert faults.of_sound(caught.value)


def cleaned_or_refused(data: bytes) -> tuple[str, bytes]:
    """The clean recording; the file itself when it was refused, with a sentence."""
    try:
        return cleaned(data)
    except NoSound as error:
        return ("mp3" if faults.of_sound(error) else ""), data


STARTS = [data[:length] for data in RECORDINGS.values() for length in (4, 12, 40, 120, len(data))]


@settings(max_examples=120, deadline=None)
@given(st.sampled_from(STARTS), st.binary(max_size=200), st.integers(0, 2000), st.integers(0, 255))
def test_no_bytes_make_it_stumble(start: bytes, more: bytes, place: int, byte: int) -> None:
    data = bytearray(start + more)
    if place < len(data):
        data[place] = byte

    kind, clean = cleaned_or_refused(bytes(data))

    assert kind in sound.TYPES
    assert len(clean) == len(data)
