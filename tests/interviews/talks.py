"""A series of interviews with talks in it, made through `changes` as the pages do; and small files of each kind."""

import datetime as dt
import io
import struct
import uuid
import zipfile
from collections.abc import Iterable
from typing import Any

from gehoor.base import clock
from gehoor.interviews import changes, sound
from gehoor.interviews.calls import Person
from gehoor.interviews.models import Interview
from gehoor.interviews.tapes import Writer
from gehoor.meetings.models import Meeting
from gehoor.offices.models import Member, Office

WORDS = (
    "I: Hoe ging het?\nR: Bram van Noord luisterde wel. Op het Kompas niet.\nI: En toen?\nR: Toen kwam er een brief."
)
SECRET = "paarsolifant"  # a word that nobody else writes


def series(office: Office, **changed: Any) -> Meeting:
    """A series of interviews of today."""
    facts = {
        "kind": "interview",
        "name": "Gesprekken na sluiting",
        "purpose": "Leren.",
        "held_on": clock.today(),
        **changed,
    }
    return Meeting.objects.create(office=office, **facts)


def agree(meeting: Meeting, *, by: Member | None = None, **changed: Any) -> Interview:
    """Somebody of 16 who agreed to all of it."""
    facts = {
        "key": uuid.uuid4(), "how": "in_person", "voice": "youth", "age": "from_16", "agreed_by": "self", "takes_part": True,
        "may_quote": True, "may_record": True, "language": "nl", **changed,
    }  # fmt: skip
    return changes.agree(meeting, by=by, **facts)


def people(number: int) -> list[Person]:
    """People to call."""
    return [Person(f"Naam{index}", f"06000000{index:02}", "nl", "parent", "na vier uur") for index in range(number)]


def record(interview: Interview, data: bytes, *, by: Member | None = None) -> Interview:
    """A recording, as an upload brings it in: in pieces of an odd size."""
    writer = Writer(interview.guid)
    try:
        for start in range(0, len(data), 50_001):
            writer.add(data[start : start + 50_001])
        return changes.keep_sound(interview, writer, by=by)
    finally:
        writer.discard()


def docx(paragraphs: Iterable[str]) -> bytes:
    """A small Word file, as python-docx writes it."""
    from docx import Document

    document = Document()
    for text in paragraphs:
        document.add_paragraph(text)
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def packed(parts: dict[str, bytes]) -> bytes:
    """A packed file with these parts."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in parts.items():
            made.writestr(name, data)
    return file.getvalue()


# --- recordings: each holds TRACE in every place where a recorder writes something ---------------------------------

TRACE = b"GPS 52.09,5.12 Amira SM-G960F"
MUSIC = bytes(range(1, 200)) * 40


class Bytes:
    """A recording in memory."""

    def __init__(self, data: bytes) -> None:
        self.data = bytearray(data)
        self.size = len(data)

    def read(self, at: int, length: int) -> bytes:
        return bytes(self.data[at : at + length])

    def write(self, at: int, data: bytes) -> None:
        assert at + len(data) <= self.size
        self.data[at : at + len(data)] = data


def cleaned(data: bytes) -> tuple[str, bytes]:
    """The kind, and the recording without its tags."""
    tape = Bytes(data)
    return sound.clean(tape), bytes(tape.data)


def mp3() -> bytes:
    """Tags in front and behind, of four kinds."""
    frame = b"\xff\xfb\x90\x00" + MUSIC[:413]
    body = b"TIT2" + struct.pack(">IH", len(TRACE) + 1, 0) + b"\x03" + TRACE
    size = len(body) + 20
    front = b"ID3\x04\x00\x00" + bytes([0, 0, size >> 7, size & 0x7F]) + body.ljust(size, b"\0")
    item = struct.pack("<II", len(TRACE), 0) + b"Place\0" + TRACE
    ape = item + b"APETAGEX" + struct.pack("<IIII", 2000, len(item) + 32, 1, 0) + b"\0" * 8
    return front + frame * 8 + ape + b"TAG" + TRACE.ljust(125, b"\0")


def wav() -> bytes:
    """Notes before and behind the sound."""
    note = b"LIST" + struct.pack("<I", len(TRACE) + 13) + b"INFOISFT" + struct.pack("<I", len(TRACE)) + TRACE + b"\0"
    note += b"\0" * (len(note) % 2)
    format_ = b"fmt " + struct.pack("<IHHIIHH", 16, 1, 1, 8000, 16000, 2, 16)
    data = b"data" + struct.pack("<I", len(MUSIC)) + MUSIC
    body = (
        b"WAVE"
        + format_
        + note
        + data
        + b"bext"
        + struct.pack("<I", len(TRACE) + len(TRACE) % 2)
        + TRACE.ljust(30, b"\0")
    )
    return b"RIFF" + struct.pack("<I", len(body)) + body


def box(name: bytes, content: bytes) -> bytes:
    """A box of an m4a."""
    return struct.pack(">I", len(content) + 8) + name + content


MOMENT = struct.pack(">I", 0xE1234567)


def m4a(handler: bytes = b"soun") -> bytes:
    """Who, where and when in all the places that telephones use."""
    dated = b"\0" * 4 + MOMENT + MOMENT
    track = box(b"tkhd", dated + b"\0" * 72) + box(
        b"mdia",
        box(b"mdhd", dated + b"\0" * 12)
        + box(b"hdlr", b"\0" * 8 + handler + b"\0" * 12 + TRACE + b"\0")
        + box(b"minf", box(b"smhd", b"\0" * 8) + box(b"stbl", box(b"stsd", b"\0" * 8) + box(b"stco", b"\0" * 8))),
    )
    user = box(b"udta", box(b"\xa9xyz", TRACE) + box(b"meta", TRACE))
    movie = box(b"moov", box(b"mvhd", dated + b"\0" * 88) + box(b"trak", track + user) + user)
    return box(b"ftyp", b"M4A \0\0\0\0") + movie + box(b"uuid", TRACE) + box(b"mdat", MUSIC)


def ogg_page(body: bytes, *, flags: int = 0, number: int = 0, continued: bool = False) -> bytes:
    """A page of one packet, or of the first 255 pieces of one that goes on."""
    lacing = [255] * (len(body) // 255) + ([] if continued else [len(body) % 255])
    head = b"OggS\0" + bytes([flags]) + b"\0" * 8 + struct.pack("<III", 7, number, 0) + bytes([len(lacing), *lacing])
    page = head + body
    return page[:22] + struct.pack("<I", sound._checksum(page)) + page[26:]


def ogg(*, comments: bytes = TRACE) -> bytes:
    """Opus with comments."""
    tags = b"OpusTags" + struct.pack("<I", 4) + b"rec1" + struct.pack("<II", 1, len(comments)) + comments
    first = ogg_page(b"OpusHead\x01\x01" + b"\0" * 9, flags=2)
    pages = [tags[start : start + 255 * 100] for start in range(0, len(tags), 255 * 100)]
    middle = b"".join(
        ogg_page(part, flags=1 if index else 0, number=index + 1, continued=index + 1 < len(pages))
        for index, part in enumerate(pages)
    )
    return first + middle + ogg_page(MUSIC[:3000], number=9)


def element(name: int, content: bytes, *, unknown: bool = False) -> bytes:
    """An element of a webm."""
    length = b"\x01" + b"\xff" * 7 if unknown else (1 << 56 | len(content)).to_bytes(8, "big")
    return name.to_bytes((name.bit_length() + 7) // 8, "big") + length + content


def webm(track: int = 2, *, unknown: bool = False) -> bytes:
    """As a browser records it, with or without known lengths."""
    info = element(0x1549A966, element(0x2AD7B1, b"\x0f\x42\x40") + element(0x4461, MOMENT * 2) + element(0x7BA9, TRACE) + element(0x5741, TRACE))  # fmt: skip
    tracks = element(
        0x1654AE6B, element(0xAE, element(0x83, bytes([track])) + element(0x536E, TRACE) + element(0x86, b"A_OPUS"))
    )
    cluster = element(0x1F43B675, element(0xE7, b"\0") + element(0xA3, b"\x81\0\0\x80" + MUSIC), unknown=unknown)
    tags = element(0x1254C367, element(0x7373, TRACE))
    return element(0x1A45DFA3, element(0x4282, b"webm")) + element(
        0x18538067, info + tracks + cluster + tags, unknown=unknown
    )


RECORDINGS = {
    "mp3": mp3(), "wav": wav(), "m4a": m4a(), "ogg": ogg(), "webm": webm(),
}  # fmt: skip


def tomorrow(days: int = 1) -> dt.date:
    """A day from now."""
    return clock.today() + dt.timedelta(days)
