"""What can be wrong with a questionnaire file, in sentences that a screen can translate. Pure.

A fault is a place in the file and a sentence. Sentences stand here in English, marked for the catalogues; `say` makes text
of one, in the language of whoever reads it.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pydantic import ValidationError

from gehoor.base.errors import BadInput
from gehoor.base.signs import has_odd
from gehoor.questionnaires.lines import Path, line_of, lines_of


@dataclass(frozen=True)
class Sentence:
    """A sentence with places for facts, as gettext wants it."""

    text: str
    facts: Mapping[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.text % self.facts


Fault = tuple[Path, Sentence]
Say = Callable[[Sentence], str]


def gettext_noop(text: str) -> str:
    """Marks a sentence for the catalogues."""
    return text


def told(faults: Sequence[Fault], text: str, say: Say) -> BadInput:
    """The error that names every fault, in the order of the file: its line in `text`, its place, what is wrong."""
    lines = lines_of(text) if text else {}
    found = sorted((line_of(path, lines), place_of(path, say), say(sentence)) for path, sentence in faults)
    return BadInput([f"{at_line(line, say)}{place}: {sentence}" for line, place, sentence in found])


def at_line(line: int, say: Say) -> str:
    """ "line 3, ", or nothing when the line isn't known."""
    return say(Sentence(gettext_noop("line %(line)s, "), {"line": line})) if line else ""


def place_of(path: Path, say: Say) -> str:
    """Where in the file, with the file's own names: "questions > 2 > text"."""
    whole = say(Sentence(gettext_noop("questionnaire")))
    return " > ".join(str(step + 1) if isinstance(step, int) else step for step in path) or whole


# What pydantic finds, by its own name for it (docs.pydantic.dev, "Validation Errors"), with the facts that it gives.
_WORDS = {
    "missing": gettext_noop("this is missing"),
    "extra_forbidden": gettext_noop("this does not belong here"),
    "literal_error": gettext_noop("expected %(expected)s"),
    "string_type": gettext_noop("expected a text"),
    "string_pattern_mismatch": gettext_noop("expected small letters, digits and _, beginning with a letter"),
    "list_type": gettext_noop("expected a list"),
    "dict_type": gettext_noop("expected a part with names and values"),
    "model_type": gettext_noop("expected a part with names and values"),
    "model_attributes_type": gettext_noop("expected a part with names and values"),
    "int_type": gettext_noop("expected a whole number"),
    "int_parsing": gettext_noop("expected a whole number"),
    "int_from_float": gettext_noop("expected a whole number"),
    "bool_type": gettext_noop("expected true or false"),
    "bool_parsing": gettext_noop("expected true or false"),
    "too_short": gettext_noop("expected %(min_length)s or more"),
    "greater_than_equal": gettext_noop("expected %(ge)s or more"),
    "less_than_equal": gettext_noop("expected %(le)s or less"),
}
ODD_SIGN = gettext_noop("holds a sign that no keyboard makes, such as one that turns the direction around")


def faults_in(error: ValidationError) -> list[Fault]:
    """Each fault of pydantic, ours among them (`format` puts those in the error's own facts)."""
    found: list[Fault] = []
    for one in error.errors():
        facts = one.get("ctx", {})
        if own := facts.get("faults"):
            found += [((*one["loc"], *path), sentence) for path, sentence in own]
        else:
            known = _WORDS.get(one["type"])
            found.append((one["loc"], Sentence(known, facts) if known else Sentence("%(msg)s", {"msg": one["msg"]})))
    return found


def odd_signs(value: Any, path: Path = ()) -> Iterator[Fault]:
    """Texts that hold what no keyboard makes: it breaks a page, or turns the words around it."""
    if isinstance(value, str) and has_odd(value):
        yield path, Sentence(ODD_SIGN)
    inner: Iterable[tuple[Any, Any]] = ()
    if isinstance(value, dict):
        inner = ((key.encode("utf-8", "replace").decode(), each) for key, each in value.items())
    elif isinstance(value, list):
        inner = enumerate(value)
    for step, each in inner:
        yield from odd_signs(each, (*path, step))
