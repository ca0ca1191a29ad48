"""Whatever comes in becomes turns, or a sentence that says what to do. Nothing else, for any bytes at all."""

import io
import struct
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.interviews.talks import docx, mp3, packed

from gehoor.interviews import faults, transcripts
from gehoor.interviews.transcripts import NoTranscript, Turn, read, typed

VTT = """WEBVTT - a title

STYLE
::cue { color: red }

NOTE a remark

1
00:00:01.000 --> 00:00:03.500 align:start
<v Amira>Ik was <i>bang</i> &amp; boos.

00:00:03.600 --> 00:00:05.000
<v Amira>Heel bang.

00:01:02.250 --> 00:01:04.000
<v Bram>Waarom?
<v Amira>Daarom.
"""
SRT = "1\r\n00:00:01,000 --> 00:00:02,000\r\nAmira: Hoi\r\n\r\n2\r\n00:00:03,000 --> 00:00:04,000\r\nIk ben er.\r\n"


def why(name: str, data: bytes) -> str:
    with pytest.raises(NoTranscript) as caught:
        read(name, data)
    assert faults.of_transcript(caught.value)
    return caught.value.kind


# --- what works ----------------------------------------------------------------------------------------------------


def test_lines_with_labels_are_turns() -> None:
    assert typed("I: Hoe ging het?\nR: Goed.\n   Echt waar.\n\nI: Mooi.") == [
        Turn("I", "Hoe ging het?"), Turn("R", "Goed. Echt waar."), Turn("I", "Mooi."),
    ]  # fmt: skip


def test_names_that_come_back_are_labels_and_a_colon_in_a_sentence_is_none() -> None:
    turns = typed("Amira: Hoi\nMevrouw De Vries: Dag\nAmira: Hij zei: ga weg.\nIk zei: nee\nMevrouw De Vries: Zo.")

    assert [(turn.speaker, turn.words) for turn in turns] == [
        ("Amira", "Hoi"), ("Mevrouw De Vries", "Dag"), ("Amira", "Hij zei: ga weg. Ik zei: nee"), ("Mevrouw De Vries", "Zo."),
    ]  # fmt: skip


def test_without_labels_paragraphs_are_turns() -> None:
    assert [turn.words for turn in typed("Eerst\ndit.\n\nDan dat.")] == ["Eerst dit.", "Dan dat."]


def test_times_before_a_line_are_kept() -> None:
    assert typed("[1:02] I: Hoi\n(1:00:02.5) R: Ja") == [Turn("I", "Hoi", 62_000), Turn("R", "Ja", 3_602_500)]


def test_a_vtt_file_gives_speakers_and_times() -> None:
    assert read("a.vtt", VTT.encode()) == [
        Turn("Amira", "Ik was bang & boos. Heel bang.", 1000, 5000),
        Turn("Bram", "Waarom?", 62_250, 64_000),
        Turn("Amira", "Daarom.", 62_250, 64_000),
    ]


def test_an_srt_file_gives_speakers_and_times() -> None:
    assert read("A.SRT", SRT.encode("utf-16")) == [Turn("Amira", "Hoi", 1000, 2000), Turn("", "Ik ben er.", 3000, 4000)]


def test_captions_that_overlap_are_put_in_order() -> None:
    text = "WEBVTT\n\n00:05.000 --> 00:09.000\nB: later\n\n00:01.000 --> 00:08.000\nA: eerst\n"

    assert [(turn.speaker, turn.start, turn.end) for turn in read("a.vtt", text.encode())] == [
        ("A", 1000, 8000),
        ("B", 5000, 9000),
    ]


def test_a_word_file_gives_its_paragraphs() -> None:
    assert read("a.docx", docx(["I: Hoi", "R: Daar ben ik"])) == [Turn("I", "Hoi"), Turn("R", "Daar ben ik")]


@pytest.mark.parametrize("coding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_text_is_read_in_each_coding(coding: str) -> None:
    assert read("a.txt", "I: één «vraag» مرحبا".encode(coding))[0].words == "één «vraag» مرحبا"


def test_text_of_an_old_windows_is_read() -> None:
    assert read("a.txt", "R: één vraag – met “haakjes”".encode("cp1252")) == [Turn("R", "één vraag – met “haakjes”")]


def test_what_is_corrected_comes_back_the_same() -> None:
    turns = read("a.vtt", VTT.encode())

    assert transcripts.with_ends(typed(transcripts.as_text(turns)), turns)[0] == turns[0]
    assert transcripts.speakers(turns) == ["Amira", "Bram"]


def test_a_name_is_replaced_as_a_whole_word_everywhere() -> None:
    turns, times = transcripts.hidden(
        [Turn("Bram", "Bram en BRAM, niet Brammetje. Van Bram's fiets")], "bram", "[naam]"
    )

    assert turns[0].words == "[naam] en [naam], niet Brammetje. Van [naam]'s fiets"
    assert (turns[0].speaker, times) == ("[naam]", 4)


def test_a_placeholder_is_text_and_no_pattern() -> None:
    assert transcripts.hidden([Turn("R", "a.b axb")], "a.b", r"\1")[0][0].words == r"\1 axb"


# --- what is refused -----------------------------------------------------------------------------------------------

NO_TEXT = {
    "a video": struct.pack(">I", 24) + b"ftypmp42" + b"\0" * 5000,
    "a matroska film": b"\x1aE\xdf\xa3" + b"abc" * 2000,
    "an avi": b"RIFF\x00\x00\x01\x00AVI LIST" + b"x" * 3000,
    "a recording": mp3(),
    "a picture": b"\x89PNG\r\n\x1a\n" + b"abc" * 200,
    "a pdf": b"%PDF-1.7\n" + b"stream " * 300,
    "a packed file": packed({"a.txt": b"hoi"}),
    "rich text": rb"{\rtf1\ansi Hallo daar}",
    "nul bytes": b"I: hoi\nR: ja" + b"\0" * 3,
    "bare bytes": bytes(range(1, 256)) * 50,
    "many controls": b"I: hoi\n" + b"\x01\x02\x03" * 100,
    "an mpeg film": b"\x00\x00\x01\xba" + bytes(range(256)) * 20,
}


@pytest.mark.parametrize("data", NO_TEXT.values(), ids=NO_TEXT.keys())
def test_what_is_no_text_is_refused_whatever_its_name(data: bytes) -> None:
    assert why("gesprek.txt", data) == "no_text"
    assert why("gesprek.vtt", data) in {"no_text", "no_vtt"}


REFUSED = {
    "empty": ("a.txt", b"  \n", "empty"),
    "only labels": ("a.txt", b"I:\nR:\n", "empty"),
    "another kind": ("a.odt", b"hoi", "wrong_kind"),
    "no kind": ("a", b"hoi", "wrong_kind"),
    "an old word file": ("a.docx", b"\xd0\xcf\x11\xe0" + b"x" * 600, "old_word"),
    "an old word file with another name": ("a.txt", b"\xd0\xcf\x11\xe0" + b"x" * 600, "old_word"),
    "a vtt without its word": ("a.vtt", b"00:01.000 --> 00:02.000\nhoi", "no_vtt"),
    "a vtt without captions": ("a.vtt", b"WEBVTT\n\nhoi", "no_cues"),
    "an srt without captions": ("a.srt", b"hoi", "no_cues"),
    "a time that is none": ("a.vtt", b"WEBVTT\n\n00:01.000 --> gisteren\nhoi", "time"),
    "99 seconds": ("a.srt", b"00:00:99,000 --> 00:01:99,000\nhoi", "time"),
    "an end before the beginning": ("a.vtt", b"WEBVTT\n\n00:09.000 --> 00:02.000\nhoi", "time_order"),
    "text that is no word file": ("a.docx", b"I: hoi", "no_word"),
    "a packed file that is no word file": ("a.docx", packed({"a.txt": b"hoi"}), "no_word"),
    "a word file that was cut off": ("a.docx", docx(["I: hoi"])[:-60], "no_word"),
    "a word file with other things in it": ("a.docx", packed({"word/document.xml": b"<a/>"}), "no_word"),
    "broken xml": ("a.docx", packed({"word/document.xml": b"<a"}), "no_word"),
    "an odd number of bytes of UTF-16": ("a.txt", "hoi".encode("utf-16") + b"\x01", "coding"),
    "too large": ("a.txt", b"a" * (transcripts.MOST_BYTES + 1), "too_large"),
    "100,000 lines": ("a.txt", b"R: wat ik zei\n" * 100_000, "too_long"),
    "one endless line": ("a.txt", b"R: " + b"woord " * 150_000, "too_long"),
}


@pytest.mark.parametrize(("name", "data", "kind"), REFUSED.values(), ids=REFUSED.keys())
def test_it_is_refused_with_what_to_do(name: str, data: bytes, kind: str) -> None:
    assert why(name, data) == kind


def test_a_fault_names_its_line_and_no_word() -> None:
    with pytest.raises(NoTranscript) as caught:
        read("a.vtt", b"WEBVTT\n\n00:01.000 --> geheim\nhoi")

    assert "3" in faults.of_transcript(caught.value)
    assert "geheim" not in faults.of_transcript(caught.value)


def test_a_zip_bomb_is_not_unpacked() -> None:
    bomb = packed({"word/document.xml": b"<a>" + b" " * (24 * 1024 * 1024) + b"</a>"})

    assert len(bomb) < transcripts.MOST_BYTES
    assert why("a.docx", bomb) == "too_large"


def test_a_zip_bomb_that_lies_about_its_size_is_not_unpacked() -> None:
    bomb = bytearray(packed({"word/document.xml": b"<a>" + b" " * (24 * 1024 * 1024) + b"</a>"}))
    whole = struct.pack("<I", 24 * 1024 * 1024 + 7)
    assert bomb.count(whole) == 2
    lying = bytes(bomb).replace(whole, struct.pack("<I", 1000))

    assert why("a.docx", lying) == "no_word"


def test_a_packed_file_of_many_parts_is_refused() -> None:
    assert (
        why("a.docx", packed({f"a{number}": b"" for number in range(600)} | {"word/document.xml": b"<a/>"}))
        == "too_large"
    )


def test_a_locked_word_file_is_refused() -> None:
    data = bytearray(packed({"word/document.xml": b"<a/>"}))
    with zipfile.ZipFile(io.BytesIO(data)) as made:
        at = made.start_dir
    data[6] |= 1
    data[at + 8] |= 1

    assert why("a.docx", bytes(data)) == "no_word"


def test_xml_that_grows_stays_small_and_reads_no_file() -> None:
    lol = b'<!DOCTYPE d [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;"><!ENTITY f SYSTEM "file:///etc/passwd">]>'
    word = b'<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:p><w:t>I: hoi &b;&f;</w:t></w:p></w:document>'

    try:
        said = "".join(turn.words for turn in read("a.docx", packed({"word/document.xml": lol + word})))
    except NoTranscript:
        said = ""

    assert "aaaa" not in said
    assert "root:" not in said


def test_markup_stays_text_and_signs_that_turn_letters_around_go() -> None:
    turns = typed(
        "R: <script>alert(1)</script> \u202egnorw\u202c \u2066x\u2069 \x07\ufeffja\nI: \u0645\u0631\u062d\u0628\u0627"
    )

    assert turns[0].words == "<script>alert(1)</script> gnorw x ja"
    assert turns[1].words == "مرحبا"


# --- anything at all -----------------------------------------------------------------------------------------------


def turns_or_none(name: str, data: bytes) -> list[Turn]:
    """The turns; none when it was refused, with a sentence."""
    try:
        return read(name, data)
    except NoTranscript as error:
        return [] if faults.of_transcript(error) else [Turn("", "")]


@settings(max_examples=80, deadline=None)
@given(st.sampled_from(transcripts.KINDS), st.binary(max_size=400))
def test_no_bytes_make_it_stumble(kind: str, data: bytes) -> None:
    assert all(turn.words for turn in turns_or_none(f"a{kind}", data))


CAPTION = st.sampled_from(
    ["00:00:01.000 --> 00:00:02,5", "-->", "1:2 --> 3:4", "<v Amira>", "I:", "R: ja", "\n\n", "[1:99]", "<", ": :"]
)


@settings(max_examples=80, deadline=None)
@given(st.sampled_from([".txt", ".vtt", ".srt"]), st.lists(CAPTION | st.text(max_size=12), max_size=12))
def test_no_text_makes_it_stumble(kind: str, parts: list[str]) -> None:
    text = ("WEBVTT\n\n" if kind == ".vtt" else "") + "\n".join(parts)

    turns = turns_or_none(f"a{kind}", text.encode("utf-8", "surrogatepass"))

    assert all("\n" not in turn.words and "\0" not in turn.words for turn in turns)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(["I", "R", "R2"]), st.from_regex(r"[a-z]+( [a-z]+){0,5}", fullmatch=True), st.none() | st.integers(0, 7_000_000)), min_size=1, max_size=8))  # fmt: skip
def test_what_is_shown_for_correction_reads_back_the_same(rows: list[tuple[str, str, int | None]]) -> None:
    turns = [Turn(speaker, words, start) for speaker, words, start in rows]

    assert typed(transcripts.as_text(turns)) == turns
