"""Which kind of recording this is, and wiping what it tells about who made it, where, when and with what. Pure.

Nothing changes its length or its place: tags become padding of the same size, which players skip. So a file can be
cleaned where it lies, a piece at a time, also when it is sealed. What we can't read to the end is refused
(standards.md requirement 49, UA-25, AT-30). The voice itself stays what it is: a voice can be known.
"""

import struct
from collections.abc import Callable, Iterator
from typing import Protocol

TYPES = {"ogg": "audio/ogg", "mp3": "audio/mpeg", "m4a": "audio/mp4", "wav": "audio/wav", "webm": "audio/webm"}
BLANK = 64 * 1024
DEEPEST = 12


class Tape(Protocol):
    """A file that can be read and overwritten anywhere."""

    size: int

    def read(self, at: int, length: int) -> bytes:
        """At most that many bytes from there."""

    def write(self, at: int, data: bytes) -> None:
        """Overwrite; the size stays."""


class NoSound(Exception):
    """This is no recording that we take. `kind`: unknown, video, broken or other."""

    def __init__(self, kind: str) -> None:
        self.kind = kind
        super().__init__(kind)


def clean(tape: Tape) -> str:
    """Wipe the tags. Returns the kind: ogg, mp3, m4a, wav or webm. Raises NoSound."""
    kind = kind_of(tape.read(0, 64))
    try:
        _CLEANERS[kind](tape)
    except (struct.error, IndexError) as error:
        raise NoSound("broken") from error
    return kind


def kind_of(start: bytes) -> str:
    """What the first bytes say. The name of a file says nothing. Raises NoSound."""
    if start[:4] == b"RIFF" and start[8:12] == b"WAVE":
        return "wav"
    if start[:4] == b"OggS":
        return "ogg"
    if start[4:8] == b"ftyp":
        return "m4a"
    if start[:4] == b"\x1aE\xdf\xa3":
        return "webm"
    if start[:3] == b"ID3" or _is_frame(start):
        return "mp3"
    raise NoSound("video" if start[:4] == b"RIFF" or start[:3] == b"FLV" else "unknown")


def _wipe(tape: Tape, at: int, length: int, fill: bytes = b"\0") -> None:
    end = min(at + length, tape.size)
    for here in range(at, end, BLANK):
        tape.write(here, fill * min(BLANK, end - here))


# --- mp3: ID3v2 in front; ID3v1, APEv2 and lyrics behind --------------------------------------------------------------


def _is_frame(start: bytes) -> bool:
    """The head of a frame of MPEG audio layer III."""
    if len(start) < 4:  # noqa: PLR2004 -- a head has four bytes
        return False
    head = int.from_bytes(start[:4], "big")
    sync, layer, version = head >> 21, head >> 17 & 3, head >> 19 & 3
    rate, frequency = head >> 12 & 15, head >> 10 & 3
    return (sync, layer) == (0x7FF, 1) and version != 1 and rate != 15 and frequency != 3  # noqa: PLR2004 -- reserved values


def _clean_mp3(tape: Tape) -> None:
    at = 0
    while (head := tape.read(at, 10))[:3] == b"ID3":
        size = _synchsafe(head[6:10])
        length = size + (20 if head[5] & 0x10 else 10)
        tape.write(at + 5, b"\0")  # no extended header, no footer: an empty tag, all padding
        _wipe(tape, at + 10, length - 10)
        at += length
    start = tape.read(at, 4096)
    if not any(_is_frame(start[here : here + 4]) for here in range(len(start))):
        raise NoSound("broken")
    end = tape.size
    while length := _tail_tag(tape, end):
        if length > end - at:
            raise NoSound("broken")
        _wipe(tape, end - length, length)
        end -= length


def _tail_tag(tape: Tape, end: int) -> int:
    """How long the tag is that ends here; 0 for none."""
    if end < 128:  # noqa: PLR2004 -- the shortest tag
        return 0
    if tape.read(end - 128, 3) == b"TAG":
        return 128 + (227 if end > 355 and tape.read(end - 355, 4) == b"TAG+" else 0)  # noqa: PLR2004 -- the longer kind
    last = tape.read(end - 32, 32)
    if last[:8] == b"APETAGEX":
        size = int.from_bytes(last[12:16], "little")
        return size + (32 if last[23] & 0x80 else 0)
    if last[-9:] == b"LYRICS200" and last[-15:-9].isdigit():
        return int(last[-15:-9]) + 15
    if last[-10:-7] == b"3DI":
        return _synchsafe(last[-4:]) + 20
    return 0


def _synchsafe(size: bytes) -> int:
    """Four bytes of seven bits, as tags of mp3 write a length."""
    parts: tuple[int, int, int, int] = struct.unpack(">4B", size)
    first, second, third, fourth = parts
    return (first & 0x7F) << 21 | (second & 0x7F) << 14 | (third & 0x7F) << 7 | fourth & 0x7F


# --- wav: chunks --------------------------------------------------------------------------------------------------

_WAV_KEPT = {b"fmt ", b"data", b"fact"}


def _clean_wav(tape: Tape) -> None:
    at, seen = 12, set()
    while at + 8 <= tape.size:
        name, size = struct.unpack("<4sI", tape.read(at, 8))
        if name not in _WAV_KEPT:
            tape.write(at, b"JUNK")
            _wipe(tape, at + 8, size)
        seen.add(name)
        at += 8 + size + size % 2
    if not {b"fmt ", b"data"} <= seen:
        raise NoSound("broken")
    if at < tape.size:
        _wipe(tape, at, tape.size - at)


# --- m4a: boxes ---------------------------------------------------------------------------------------------------

_NESTS = {b"moov", b"trak", b"mdia", b"minf", b"stbl", b"edts", b"dinf", b"mvex", b"moof", b"traf"}
_BOXES_KEPT = _NESTS | {
    b"ftyp", b"styp", b"mdat", b"mvhd", b"tkhd", b"mdhd", b"hdlr", b"smhd", b"nmhd", b"dref", b"stsd", b"stts", b"ctts", b"stsc",
    b"stsz", b"stz2", b"stco", b"co64", b"stss", b"sgpd", b"sbgp", b"elst", b"mehd", b"trex", b"mfhd", b"tfhd", b"tfdt", b"trun", b"sidx",
}  # fmt: skip


def _clean_m4a(tape: Tape) -> None:
    found = set(_boxes(tape, 0, tape.size, 0))
    if not {b"moov", b"mdat", b"hdlr"} <= found:
        raise NoSound("broken")


def _boxes(tape: Tape, at: int, end: int, depth: int) -> Iterator[bytes]:
    """Each box that stays; the others become free space."""
    if depth > DEEPEST:
        raise NoSound("broken")
    while at + 8 <= end:
        size, name = struct.unpack(">I4s", tape.read(at, 8))
        head = 8
        if size == 1:
            size, head = struct.unpack(">Q", tape.read(at + 8, 8))[0], 16
        size = end - at if size == 0 else size
        if size < head or at + size > end:
            raise NoSound("broken")
        if name not in _BOXES_KEPT:
            tape.write(at + 4, b"free")
            _wipe(tape, at + head, size - head)
        else:
            yield name
            if name in _NESTS:
                yield from _boxes(tape, at + head, at + size, depth + 1)
            else:
                _clean_box(tape, name, at + head, size - head)
        at += size
    _wipe(tape, at, end - at)


def _clean_box(tape: Tape, name: bytes, at: int, length: int) -> None:
    """The moments of making become zero, and the names of handlers empty. A track that is no sound is refused."""
    if name in {b"mvhd", b"tkhd", b"mdhd"}:
        _wipe(tape, at + 4, 16 if tape.read(at, 1) == b"\1" else 8)
    elif name == b"hdlr":
        track = tape.read(at + 8, 4)
        if track != b"soun":
            raise NoSound("video" if track == b"vide" else "other")
        _wipe(tape, at + 24, length - 24)


# --- ogg: pages ---------------------------------------------------------------------------------------------------


def _polynomial() -> list[int]:
    table = []
    for number in range(256):
        value = number << 24
        for _bit in range(8):
            value = (value << 1) ^ (0x04C11DB7 if value & 0x80000000 else 0)
        table.append(value & 0xFFFFFFFF)
    return table


_CRC = _polynomial()


def _checksum(page: bytes) -> int:
    value = 0
    for byte in page:
        value = ((value << 8) & 0xFFFFFFFF) ^ _CRC[(value >> 24) ^ byte]
    return value


def _clean_ogg(tape: Tape) -> None:
    """The comments stand in the second packet, which begins the second page. One stream, of Opus or Vorbis."""
    pages = _pages(tape)
    first = next(pages, None)
    if first is None:
        raise NoSound("broken")
    start = tape.read(first[1], 8)
    if not start.startswith((b"OpusHead", b"\x01vorbis")):
        raise NoSound("video" if start[1:7] in {b"theora", b"video\0"} else "other")
    comments: list[tuple[int, int, int]] = []  # page, its body, how many bytes of the packet are in it
    whole = False
    for at, body, lacing in pages:
        if tape.read(at + 5, 1)[0] & 2:
            raise NoSound("other")  # a second stream, or a second recording behind the first
        if not whole:
            last = next((place for place, length in enumerate(lacing) if length < 255), None)  # noqa: PLR2004 -- a full lace
            comments.append((at, body, sum(lacing if last is None else lacing[: last + 1])))
            whole = last is not None
    if not whole:
        raise NoSound("broken")
    _empty_comments(tape, comments, opus=start.startswith(b"Opus"))


def _pages(tape: Tape) -> Iterator[tuple[int, int, bytes]]:
    """Each page: where it begins, where its body begins, and the lengths of the pieces in it."""
    at = 0
    while at < tape.size:
        head = tape.read(at, 27)
        if head[:4] != b"OggS":
            raise NoSound("broken")
        lacing = tape.read(at + 27, head[26])
        body = at + 27 + head[26]
        if body + sum(lacing) > tape.size:
            raise NoSound("broken")
        yield at, body, lacing
        at = body + sum(lacing)


def _empty_comments(tape: Tape, comments: list[tuple[int, int, int]], *, opus: bool) -> None:
    total = sum(length for _page, _body, length in comments)
    packet = _opus_tags(total) if opus else _vorbis_comment(total)
    magic = b"OpusTags" if opus else b"\x03vorbis"
    if tape.read(comments[0][1], len(magic)) != magic:
        raise NoSound("broken")
    for page, body, length in comments:
        tape.write(body, packet[:length])
        packet = packet[length:]
        segments = tape.read(page + 26, 1)[0]
        size = 27 + segments + sum(tape.read(page + 27, segments))
        tape.write(page + 22, b"\0" * 4)
        tape.write(page + 22, struct.pack("<I", _checksum(tape.read(page, size))))


def _opus_tags(total: int) -> bytes:
    """No vendor, no comments, and padding (RFC 7845 §5.2)."""
    if total < 16:  # noqa: PLR2004 -- the magic and two numbers
        raise NoSound("broken")
    return b"OpusTags".ljust(total, b"\0")


def _vorbis_comment(total: int) -> bytes:
    """A vendor of spaces only, no comments, and the framing bit."""
    vendor = total - 7 - 4 - 4 - 1
    if vendor < 0:
        raise NoSound("broken")
    return b"\x03vorbis" + struct.pack("<I", vendor) + b" " * vendor + struct.pack("<I", 0) + b"\x01"


# --- webm: elements -------------------------------------------------------------------------------------------------

_EBML, _SEGMENT, _CLUSTER, _INFO, _TRACKS, _TRACK = 0x1A45DFA3, 0x18538067, 0x1F43B675, 0x1549A966, 0x1654AE6B, 0xAE
_SEEK_HEAD, _CUES, _VOID = 0x114D9B74, 0x1C53BB6B, 0xEC
_LEVEL_ONE = {_CLUSTER, _INFO, _TRACKS, _SEEK_HEAD, _CUES, 0x1254C367, 0x1043A770, 0x1941A469}
_INFO_KEPT, _APPS = {0x2AD7B1, 0x4489}, {0x4D80, 0x5741}
_TRACK_TYPE, _SOUND_TRACK, _VIDEO_TRACK = 0x83, 2, 1
_TRACK_DROPPED = {0x536E, 0x22B59C, 0x22B59D, 0x258688, 0xBF}  # name, languages, name of the codec, checksum

Element = tuple[int, int, int, int]  # id, where it begins, where its content begins, where that ends (-1: unknown)


def _clean_webm(tape: Tape) -> None:
    top = [element for element in _elements(tape, 0, tape.size) if element[0] in {_EBML, _SEGMENT}]
    if [element[0] for element in top] != [_EBML, _SEGMENT]:
        raise NoSound("broken")
    _id, _at, content, end = top[1]
    seen = set()
    for element in _elements(tape, content, tape.size if end < 0 else end):
        seen.add(element[0])
        if element[0] == _INFO:
            _clean_info(tape, element)
        elif element[0] == _TRACKS:
            _clean_tracks(tape, element)
        elif element[0] not in {_CLUSTER, _SEEK_HEAD, _CUES}:
            _void(tape, element)
    if not {_TRACKS, _CLUSTER} <= seen:
        raise NoSound("broken")


def _elements(tape: Tape, at: int, end: int) -> Iterator[Element]:
    while at < end:
        name, content, stop = _element(tape, at, end)
        yield name, at, content, stop
        if stop < 0 and name == _CLUSTER:
            stop = _end_of_cluster(tape, content, end)
        at = end if stop < 0 else stop


def _element(tape: Tape, at: int, end: int) -> tuple[int, int, int]:
    head = tape.read(at, 12)
    width = _width(head[0], 4)
    name = int.from_bytes(head[:width], "big")
    length = _width(head[width], 8)
    raw = int.from_bytes(head[width : width + length], "big") & ((1 << 7 * length) - 1)
    content = at + width + length
    if raw == (1 << 7 * length) - 1:
        if name not in {_SEGMENT, _CLUSTER}:
            raise NoSound("broken")
        return name, content, -1
    if content + raw > end:
        raise NoSound("broken")
    return name, content, content + raw


def _width(first: int, most: int) -> int:
    width = 9 - first.bit_length()
    if width > most:
        raise NoSound("broken")
    return width


def _end_of_cluster(tape: Tape, at: int, end: int) -> int:
    """A cluster of unknown length ends where the next thing of its own level begins."""
    while at < end:
        name, _content, stop = _element(tape, at, end)
        if name in _LEVEL_ONE or name == _SEGMENT:
            return at
        if stop < 0:
            raise NoSound("broken")
        at = stop
    return end


def _clean_info(tape: Tape, info: Element) -> None:
    for element in list(_elements(tape, info[2], info[3])):
        if element[0] in _APPS:  # a player expects them
            _wipe(tape, element[2], element[3] - element[2], b" ")
        elif element[0] not in _INFO_KEPT:
            _void(tape, element)


def _clean_tracks(tape: Tape, tracks: Element) -> None:
    for track in list(_elements(tape, tracks[2], tracks[3])):
        if track[0] != _TRACK:
            _void(tape, track)
            continue
        kind = 0
        for element in list(_elements(tape, track[2], track[3])):
            if element[0] == _TRACK_TYPE:
                kind = tape.read(element[2], 1)[0]
            elif element[0] in _TRACK_DROPPED:
                _void(tape, element)
        if kind != _SOUND_TRACK:
            raise NoSound("video" if kind == _VIDEO_TRACK else "other")


def _void(tape: Tape, element: Element) -> None:
    """The same room, said to be empty."""
    _name, at, _content, end = element
    room = end - at
    short = room - 2 < 127  # noqa: PLR2004 -- the most that one byte can say
    size = bytes([0x80 | room - 2]) if short else ((1 << 56) | room - 9).to_bytes(8, "big")
    _wipe(tape, at, room)
    tape.write(at, b"\xec" + size)


_CLEANERS: dict[str, Callable[[Tape], None]] = {
    "mp3": _clean_mp3, "wav": _clean_wav, "m4a": _clean_m4a, "ogg": _clean_ogg, "webm": _clean_webm,
}  # fmt: skip
