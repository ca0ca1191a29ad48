"""Reading a transcript: what somebody typed, or a .txt, .docx, .vtt or .srt file, into turns. Pure.

Whatever comes in, `read` and `typed` give turns or raise NoTranscript, with what is wrong and on which line. No message
holds a word of the transcript. Words become NFC, one line a turn, without signs that turn the order of letters around.
"""

import io
import re
import unicodedata
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from docx.oxml import parse_xml

from gehoor.base.errors import BadInput

MOST_BYTES = 2 * 1024 * 1024  # two hours of talk are 150 kB of text, and a Word file of that is smaller still
MOST_CHARACTERS = 500_000
MOST_TURNS = 5_000
MOST_ENTRIES = 500
MOST_UNPACKED = 20 * 1024 * 1024
KINDS = (".txt", ".docx", ".vtt", ".srt")


@dataclass(frozen=True)
class Turn:
    """What somebody said in one go. Times are milliseconds from the beginning of the recording, where they are known."""

    speaker: str
    words: str
    start: int | None = None
    end: int | None = None


class NoTranscript(BadInput):
    """This can't be read as a transcript. `kind` says why, `line` where (0: nowhere in particular)."""

    def __init__(self, kind: str, line: int = 0) -> None:
        self.kind, self.line = kind, line
        super().__init__([f"{kind} {line}" if line else kind])


def read(name: str, data: bytes) -> list[Turn]:
    """The turns in a file. Its name says which kind it should be; its bytes must agree. Raises NoTranscript."""
    suffix = next((kind for kind in KINDS if name.casefold().endswith(kind)), "")
    if not suffix:
        raise NoTranscript("wrong_kind")
    if len(data) > MOST_BYTES:
        raise NoTranscript("too_large")
    if not data.strip():
        raise NoTranscript("empty")
    text = _docx(data) if suffix == ".docx" else decoded(data)
    return _checked(_captions(text, suffix) if suffix in {".vtt", ".srt"} else _labelled(tidied(text)))


def typed(text: str) -> list[Turn]:
    """The turns in what somebody typed: a line with "I:" or "R:" begins a turn, "[1:02]" before it is its time."""
    return _checked(_labelled(tidied(text)))


def as_text(turns: Sequence[Turn]) -> str:
    """Turns as they are typed and corrected: a line each. `typed` reads them back."""
    return "\n".join(
        "".join((
            f"[{_stamp(turn.start)}] " if turn.start is not None else "",
            f"{turn.speaker}: " if turn.speaker else "",
            turn.words,
        ))
        for turn in turns
    )  # fmt: skip


def with_ends(turns: Sequence[Turn], before: Sequence[Turn]) -> list[Turn]:
    """Corrected turns with the ends that they had before: in the text stand only beginnings."""
    ends = {turn.start: turn.end for turn in before if turn.start is not None}
    return [replace(turn, end=ends.get(turn.start)) if turn.start is not None else turn for turn in turns]


def speakers(turns: Sequence[Turn]) -> list[str]:
    """Who speaks, in the order in which they first do."""
    return list(dict.fromkeys(turn.speaker for turn in turns if turn.speaker))


def renamed(turns: Sequence[Turn], names: dict[str, str]) -> list[Turn]:
    """The same turns with other labels."""
    return [replace(turn, speaker=names.get(turn.speaker, turn.speaker)) for turn in turns]


def hidden(turns: Sequence[Turn], word: str, by: str) -> tuple[list[Turn], int]:
    """A word replaced wherever it stands as a whole word, in labels too, whatever its capitals; and how often."""
    pattern = re.compile(rf"(?<!\w){re.escape(unicodedata.normalize('NFC', word.strip()))}(?!\w)", re.IGNORECASE)
    changed, times = [], 0
    for turn in turns:
        words, in_words = pattern.subn(lambda _found: by, turn.words)
        speaker, in_label = pattern.subn(lambda _found: by, turn.speaker)
        changed.append(replace(turn, words=words, speaker=speaker[:LONGEST_LABEL]))
        times += in_words + in_label
    return changed, times


def _checked(turns: Sequence[Turn]) -> list[Turn]:
    said = [turn for turn in turns if turn.words]
    if not said:
        raise NoTranscript("empty")
    if len(said) > MOST_TURNS or sum(len(turn.words) for turn in said) > MOST_CHARACTERS:
        raise NoTranscript("too_long")
    return said


# --- bytes to text ------------------------------------------------------------------------------------------------

# What a file begins with that is no text, whatever it is called.
OTHER_FILES = (
    b"PK\x03\x04", b"%PDF", b"ID3", b"RIFF", b"OggS", b"\x1aE\xdf\xa3", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"MZ",
    b"\x7fELF", b"\x1f\x8b", b"7z\xbc\xaf", b"Rar!", b"fLaC", b"{\\rtf", b"\x00\x00\x01\xb3", b"\x00\x00\x01\xba", b"FLV",
)  # fmt: skip
OLD_WORD = b"\xd0\xcf\x11\xe0"
BOMS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
MOST_CONTROLS = 0.002
FEWEST_READABLE = 0.7


def decoded(data: bytes) -> str:
    """The text in a file, in whichever of the three ways that people's computers write text. Raises NoTranscript."""
    if data.startswith(OLD_WORD):
        raise NoTranscript("old_word")
    if data.startswith(OTHER_FILES) or data[4:8] == b"ftyp":
        raise NoTranscript("no_text")
    text = _as_text(data)
    if _looks_binary(text):
        raise NoTranscript("no_text")
    return text


def _as_text(data: bytes) -> str:
    coding, skip = _coding(data)
    for way in (coding,) if coding else ("utf-8", "cp1252"):
        try:
            return data[skip:].decode(way)
        except UnicodeDecodeError:
            continue
    controls = sum(byte < ord(" ") and byte not in b"\t\n\r" for byte in data)
    raise NoTranscript("no_text" if not coding and controls > len(data) * MOST_CONTROLS + 1 else "coding")


def _coding(data: bytes) -> tuple[str, int]:
    """The coding that the first bytes tell, and how many of them to skip. Half of the bytes of UTF-16 are zero."""
    for mark, coding in BOMS:
        if data.startswith(mark):
            return coding, len(mark)
    start = data[:4000]
    zeros = start[0::2].count(0), start[1::2].count(0)
    if max(zeros) * 3 > len(start):
        return ("utf-16-be" if zeros[0] > zeros[1] else "utf-16-le"), 0
    return "", 0


def _looks_binary(text: str) -> bool:
    kinds = Counter(unicodedata.category(sign) if sign not in "\t\n\r" else "Zs" for sign in text[:200_000])
    total = kinds.total() or 1
    readable = sum(number for kind, number in kinds.items() if kind[0] in "LMNZP" or kind == "Cf")
    return "\0" in text or kinds["Cc"] > total * MOST_CONTROLS + 1 or readable < total * FEWEST_READABLE


# Signs that turn the order of letters around: a line could read otherwise than it is stored.
_TURNING = {*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0xFEFF}


def tidied(text: str) -> str:
    """NFC, lines that end in one way, and no sign that can't be seen and does something. Raises NoTranscript."""
    if len(text) > 2 * MOST_CHARACTERS:
        raise NoTranscript("too_long")
    text = unicodedata.normalize("NFC", text)
    lines = re.sub(r"\r\n?|[\x0b\x0c\x1c-\x1e\x85\u2028\u2029]", "\n", text)
    return "".join(
        sign
        for sign in lines.replace("\t", " ")
        if sign == "\n" or not (unicodedata.category(sign) in {"Cc", "Cs"} or ord(sign) in _TURNING)
    )


# --- Word ---------------------------------------------------------------------------------------------------------

_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_PARTS = tuple(_WORD + part for part in ("p", "t", "tab", "br", "cr"))


def _docx(data: bytes) -> str:
    """The paragraphs of a Word file. Only the text itself is unpacked: no pictures, no comments, nothing that was deleted."""
    if data.startswith(OLD_WORD):
        raise NoTranscript("old_word")
    try:
        root = parse_xml(_main_part(data))
    except (
        zipfile.BadZipFile,
        zlib.error,
        SyntaxError,
        KeyError,
        ValueError,
        EOFError,
        OSError,
        RuntimeError,
    ) as error:
        raise NoTranscript("no_word") from error
    return "".join(_pieces(root)) if root.tag == f"{_WORD}document" else _refuse("no_word")


def _refuse(kind: str) -> str:
    raise NoTranscript(kind)


def _main_part(data: bytes) -> bytes:
    """The file `word/document.xml`. A packed file says how large each part is, and no more than that is unpacked."""
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        parts = packed.infolist()
        part = packed.getinfo("word/document.xml")
        if len(parts) > MOST_ENTRIES or part.file_size > MOST_UNPACKED:
            raise NoTranscript("too_large")
        if part.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
            raise NoTranscript("no_word")
        return packed.read(part)


def _pieces(root: Any) -> Iterator[str]:
    for part in root.iter(*_PARTS):
        if part.tag == f"{_WORD}t":
            yield part.text or ""
        else:
            yield " " if part.tag == f"{_WORD}tab" else "\n"


# --- lines with labels ----------------------------------------------------------------------------------------------

LONGEST_LABEL = 40
_TIME = r"(?:(\d{1,2}):)?(\d{1,2}):(\d{2})(?:[.,](\d{1,3}))?"
_TIMED = re.compile(rf"[\[(]{_TIME}[\])]\s*(.*)", re.DOTALL)
# At most three words before the colon: "Mevrouw De Vries: …". Longer is a sentence.
_LABEL = re.compile(r"([^\W\d_][\w.'’-]{0,24}(?: [\w.'’-]{1,24}){0,2}) ?:(?: +|$)(.*)", re.DOTALL)
_SHORT = re.compile(r"[A-Za-z]{1,2}\d{0,2}")


def _labelled(text: str) -> list[Turn]:
    """Lines to turns. A label counts when it is as short as "I" or "R2", or comes back: "I said: no" is no label."""
    lines = [(number, " ".join(line.split())) for number, line in enumerate(text.split("\n"), start=1)]
    stamped = [(*_time_before(number, line), not line) for number, line in lines]
    found = [_LABEL.fullmatch(line) for _start, line, _blank in stamped]
    often = Counter(match[1] for match in found if match)
    labels = {label for label, times in often.items() if times > 1 or _SHORT.fullmatch(label)}
    turns: list[Turn] = []
    for (start, line, blank), match in zip(stamped, found, strict=True):
        if match and match[1] in labels:
            turns.append(Turn(match[1][:LONGEST_LABEL], match[2], start))
        elif start is not None or not turns or (blank and not labels):
            turns.append(Turn("", line, start))
        elif line:
            turns[-1] = replace(turns[-1], words=f"{turns[-1].words} {line}".strip())
    return turns


def _time_before(number: int, line: str) -> tuple[int | None, str]:
    match = _TIMED.fullmatch(line)
    return (_milliseconds(match.groups()[:4], number), match[5]) if match else (None, line)


def _milliseconds(parts: Sequence[str | None], line: int) -> int:
    hours, minutes, seconds = (int(part or 0) for part in parts[:3])
    if (minutes > 59 and hours) or seconds > 59:  # noqa: PLR2004 -- a clock
        raise NoTranscript("time", line)
    return ((hours * 60 + minutes) * 60 + seconds) * 1000 + int((parts[3] or "").ljust(3, "0"))


def _stamp(start: int) -> str:
    seconds, rest = divmod(start, 1000)
    clock = f"{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"
    return f"{clock}.{rest:03}" if rest else clock


# --- captions -----------------------------------------------------------------------------------------------------

_CUE = re.compile(rf"\s*{_TIME}\s+-->\s+{_TIME}(?:\s.*)?")
_VOICE = re.compile(r"<v(?:\.[^\s>]*)?\s+([^>]*)>")
_TAG = re.compile(r"</?[a-zA-Z][^<>]{0,80}>|<[\d:.]+>|\{\\[^}]{0,40}\}")
_NAMED = {"&amp;": "&", "&lt;": "<", "&gt;": ">", "&nbsp;": " ", "&lrm;": "", "&rlm;": ""}
_BREATH = 1500  # milliseconds between two captions that are still one turn


@dataclass(frozen=True)
class _Cue:
    start: int
    end: int
    lines: tuple[str, ...]


def _captions(text: str, suffix: str) -> list[Turn]:
    """The captions of a .vtt or .srt file. People talk at the same time: captions may overlap, and are put in order."""
    text = tidied(text)
    if suffix == ".vtt" and not re.match(r"WEBVTT(?:\s|$)", text):
        raise NoTranscript("no_vtt")
    cues = sorted(_cues(text), key=lambda cue: cue.start)
    if not cues:
        raise NoTranscript("no_cues")
    turns: list[Turn] = []
    for cue in cues:
        for turn in _turns_of(cue):
            last = turns[-1] if turns else None
            if last and turn.speaker and turn.speaker == last.speaker and cue.start - (last.end or 0) <= _BREATH:
                turns[-1] = replace(last, words=f"{last.words} {turn.words}".strip(), end=max(cue.end, last.end or 0))
            else:
                turns.append(turn)
    return turns


def _cues(text: str) -> Iterator[_Cue]:
    """A caption begins at its line with an arrow and ends at an empty line."""
    lines = text.split("\n")
    here = 0
    while here < len(lines):
        if "-->" not in lines[here]:
            here += 1
            continue
        start, end = _times(lines[here], here + 1)
        here += 1
        first = here
        while here < len(lines) and lines[here].strip() and "-->" not in lines[here]:
            here += 1
        yield _Cue(start, end, tuple(lines[first:here]))


def _times(line: str, number: int) -> tuple[int, int]:
    match = _CUE.fullmatch(line)
    if not match:
        raise NoTranscript("time", number)
    parts = match.groups()
    start, end = _milliseconds(parts[:4], number), _milliseconds(parts[4:], number)
    if end < start:
        raise NoTranscript("time_order", number)
    return start, end


def _turns_of(cue: _Cue) -> Iterator[Turn]:
    """Who speaks stands in a tag (`<v Amira>`) or before a colon."""
    words = "\n".join(cue.lines)
    voices = _VOICE.split(words)
    for speaker, said in [("", voices[0]), *zip(voices[1::2], voices[2::2], strict=True)]:
        for turn in _labelled_caption(speaker, said):
            if turn.words:
                yield replace(turn, start=cue.start, end=cue.end)


def _labelled_caption(speaker: str, said: str) -> Iterator[Turn]:
    plain = _plain(said)
    match = None if speaker else _LABEL.fullmatch(plain)
    if match:
        yield Turn(match[1][:LONGEST_LABEL], match[2])
    else:
        yield Turn(" ".join(_plain(speaker).split())[:LONGEST_LABEL], plain)


def _plain(words: str) -> str:
    bare = _TAG.sub("", words)
    for name, sign in _NAMED.items():
        bare = bare.replace(name, sign)
    return " ".join(bare.split())
