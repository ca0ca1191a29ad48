"""On which line each value of a JSON text stands, so that a fault can be found."""

import json
import re
from collections.abc import Iterator

Path = tuple[int | str, ...]
_WORDS = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\],:]|[^\s{}\[\],:"]+')


def lines_of(text: str) -> dict[Path, int]:
    """The line, from 1, on which each value of a valid JSON text begins, by its path."""
    lines: dict[Path, int] = {}
    words = _with_lines(text)
    word, line = next(words)
    _walk(word, line, words, (), lines)
    return lines


def _with_lines(text: str) -> Iterator[tuple[str, int]]:
    line, seen = 1, 0
    for found in _WORDS.finditer(text):
        line += text.count("\n", seen, found.start())
        seen = found.start()
        yield found.group(), line


def _walk(word: str, line: int, words: Iterator[tuple[str, int]], path: Path, lines: dict[Path, int]) -> None:
    """Note a value that begins with this word, and everything in it."""
    lines[path] = line
    if word not in {"{", "["}:
        return
    place = 0
    for first, first_line in words:
        if first in {"}", "]"}:
            return
        if first == ",":
            continue
        if word == "[":
            _walk(first, first_line, words, (*path, place), lines)
        else:
            next(words)  # the colon
            _walk(*next(words), words, (*path, json.loads(first)), lines)
        place += 1


def names_twice(text: str) -> Iterator[tuple[str, int]]:
    """Names that stand twice in one object of a valid JSON text, with the line of the second."""
    words = _with_lines(text)
    open_parts: list[set[str] | None] = []
    before = ""
    for word, line in words:
        if word == "{":
            open_parts.append(set())
        elif word == "[":
            open_parts.append(None)
        elif word in {"}", "]"}:
            open_parts.pop()
        elif before in {"{", ","} and open_parts and (names := open_parts[-1]) is not None:
            if (name := json.loads(word)) in names:
                yield name, line
            names.add(name)
        before = word


def line_of(path: Path, lines: dict[Path, int]) -> int:
    """The line of a path, or of what it stands in when there is no such value; 0 when nothing is known."""
    return next((lines[path[:end]] for end in range(len(path), -1, -1) if path[:end] in lines), 0)
