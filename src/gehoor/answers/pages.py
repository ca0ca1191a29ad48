"""The client's pages as bytes: rendered once for each round and language, kept in memory, with only the form key fresh.

The form key stands near the end of the page: what stands after it is compressed apart from what stands before.
"""

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import segno
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.safestring import mark_safe
from django.utils.translation import pgettext

from gehoor.answers.changes import HELPERS
from gehoor.base.languages import LANGUAGES
from gehoor.questionnaires.answering import Fault
from gehoor.questionnaires.format import DONT_KNOW, RATHER_NOT, Content, Question
from gehoor.rounds.queries import Door, door_of
from gehoor.ui import client
from gehoor.ui import door as door_style
from gehoor.ui.client import shared_context

KEY_PLACE = "@@form-key@@"
RAW_DEFLATE = -15  # zlib's number for a stream without a frame
GZIP_HEADER = b"\x1f\x8b\x08\0\0\0\0\0\x02\xff"  # deflate, no name, no time, best compression, unknown system


@dataclass(frozen=True)
class Choice:
    """One answer that can be chosen. `quiet` marks the two ways of not answering."""

    id: str
    value: str
    text: str
    chosen: bool
    face: int = 0
    quiet: bool = False


@dataclass(frozen=True)
class Link:
    """A way from one step to another. `when` is a class that shows it under a condition."""

    to: str
    when: str = ""


@dataclass(frozen=True)
class Step:
    """One question as the page shows it."""

    id: str
    place: int
    total: int
    question: Question
    text: str
    hint: str
    choices: Sequence[Choice]
    typed: str
    fault: str
    next: Sequence[Link]
    back: Sequence[Link]


@dataclass
class Filled:
    """What somebody filled in before, when the page comes back to them."""

    values: Mapping[str, Sequence[str]] = field(default_factory=dict)
    helper: str = ""
    faults: Sequence[Fault] = ()
    trouble: str = ""  # a sentence above the form when nothing could be stored
    stay: bool = False  # come back at the last question that was answered, not at the start


@dataclass(frozen=True)
class _Prepared:
    """A gzipped page in memory with places left open (RFC 1951, 1952): nothing is compressed for a visitor.

    Each part is compressed apart and ends on a whole byte; between two parts the text stands in a stored block.
    """

    parts: Sequence[tuple[bytes, bytes]]  # compressed, plain
    first_crc: int

    def filled(self, text: str) -> bytes:
        """The gzipped page with this text, of less than 64 KB, in its places."""
        data = text.encode()
        size = len(data).to_bytes(2, "little")
        stored = b"\0" + size + bytes(each ^ 255 for each in size) + data
        (page, plain), crc = self.parts[0], self.first_crc
        page, length = GZIP_HEADER + page, len(plain)
        for packed, plain in self.parts[1:]:
            page += stored + packed
            crc = zlib.crc32(plain, zlib.crc32(data, crc))
            length += len(data) + len(plain)
        return page + crc.to_bytes(4, "little") + (length % 2**32).to_bytes(4, "little")


def _prepare(page: str) -> _Prepared:
    plain = [part.encode() for part in page.split(KEY_PLACE)]
    packed = [_deflated(part, zlib.Z_FULL_FLUSH) for part in plain[:-1]] + [_deflated(plain[-1], zlib.Z_FINISH)]
    return _Prepared(list(zip(packed, plain, strict=True)), zlib.crc32(plain[0]))


def _deflated(data: bytes, ending: int) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, RAW_DEFLATE)
    return packer.compress(data) + packer.flush(ending)


def questionnaire_page(door: Door, language: str, form_key: str) -> tuple[bytes, str]:
    """The whole questionnaire in one page, gzipped, and the hash of its style for the content policy."""
    page, style = _questions(door.dispatch_pk, door.version_pk, door.office_name, door.readers, language)
    return page.filled(form_key), style


@lru_cache(maxsize=256)
def _questions(
    dispatch_pk: int, version_pk: int, office_name: str, readers: str, language: str
) -> tuple[_Prepared, str]:
    door = door_of(dispatch_pk)
    return _prepare(filled_page(door, language, KEY_PLACE, Filled())), style_hashes(door.content)


def saved_page(office_name: str, language: str, receipt: str) -> bytes:
    """The page "bewaard" with a receipt, gzipped."""
    return _saved(office_name, language).filled(receipt)


def square_page(language: str, receipt: str) -> str:
    """A receipt as a QR code, for whoever wants it on another phone."""
    drawing = segno.make(receipt, error="m", micro=False).svg_inline(
        omitsize=True, light="#fff", svgclass="vierkant", lineclass=None
    )
    with translation.override(language):
        context = {**shared_context(), "receipt": receipt, "square": mark_safe(drawing), "language": language}  # noqa: S308
        return render_to_string("answers/vierkant.html", context)


@lru_cache(maxsize=256)
def _saved(office_name: str, language: str) -> _Prepared:
    with translation.override(language):
        context = {**shared_context(), "office_name": office_name, "receipt": KEY_PLACE, "language": language}
        return _prepare(render_to_string("answers/bewaard.html", context))


def filled_page(door: Door, language: str, form_key: str, filled: Filled) -> str:
    """The questionnaire with what somebody filled in."""
    with translation.override(language):
        return render_to_string("answers/vragen.html", page_context(door, language, form_key, filled))


def page_context(door: Door, language: str, form_key: str, filled: Filled) -> dict[str, Any]:
    """What the page of the questions shows. Call it while the language is active."""
    content = door.content
    steps = _steps(content, language, filled)
    return {
        **shared_context(),
        "door": door,
        "office_name": door.office_name,
        "title": content.title[language],
        "intro": content.intro[language].replace("{office}", door.office_name),
        "steps": steps,
        "form_key": form_key,
        "language": language,
        "languages": [LANGUAGES[code] for code in content.languages],
        "helpers": _helpers(filled.helper),
        "problems": _problems(steps),
        "trouble": filled.trouble,
        "whole": bool(filled.faults or (filled.trouble and any(filled.values.values()))),
        "first_step": _last_answered(content, filled) if filled.stay else "start",
        "door_extra_css": condition_css(content),
    }


def style_hashes(content: Content) -> str:
    """The sources for `style-src`: the hash of the door's style, and of the page's own conditions."""
    extra = condition_css(content)
    return f"{client.STYLE} 'sha256-{door_style.csp_hash(extra)}'" if extra else client.STYLE


def condition_css(content: Content) -> str:
    """Rules that lead past a question which does not apply. The server decides again; this only spares a page."""
    rules = []
    for question in content.questions:
        if question.when:
            own, parent = _step_id(content, question), _step_id(content, content.question(question.when.question))
            chosen = ",".join(f"#{parent}-{value}:checked" for value in question.when.is_)
            rules.append(
                f".vragen:has({chosen}) .naar-{own}{{display:inline-flex}}.vragen:has({chosen}) .voorbij-{own}{{display:none}}"
            )
    return f"@supports selector(:has(*)){{{''.join(rules)}}}" if rules else ""


def _step_id(content: Content, question: Question) -> str:
    return f"v{content.questions.index(question) + 1}"


def _last_answered(content: Content, filled: Filled) -> str:
    answered = [
        _step_id(content, question) for question in content.questions if any(filled.values.get(question.key, ()))
    ]
    return answered[-1] if answered else "start"


def _steps(content: Content, language: str, filled: Filled) -> list[Step]:
    faults = {fault.question: fault for fault in filled.faults}
    return [
        Step(
            id=_step_id(content, question),
            place=place,
            total=len(content.questions),
            question=question,
            text=question.text[language],
            hint=(question.hint or {}).get(language, ""),
            choices=_choices(content, question, language, filled.values.get(question.key, ())),
            typed=next(
                (value for value in filled.values.get(question.key, ()) if value not in (DONT_KNOW, RATHER_NOT)), ""
            ),
            fault=fault_text(faults[question.key]) if question.key in faults else "",
            next=_links(content, place, +1),
            back=_links(content, place, -1),
        )
        for place, question in enumerate(content.questions, start=1)
    ]


def _links(content: Content, place: int, way: int) -> list[Link]:
    """Where to go from a step: to its neighbour, or past it when that one is asked under a condition only."""
    near, past = place + way, place + 2 * way
    if not 1 <= near <= len(content.questions) or content.questions[near - 1].when is None:
        return [Link(_target(content, near))]
    return [Link(f"v{near}", f"wissel naar-v{near}"), Link(_target(content, past), f"voorbij-v{near}")]


def _target(content: Content, place: int) -> str:
    if place < 1:
        return "start"
    return f"v{place}" if place <= len(content.questions) else "klaar"


def _choices(content: Content, question: Question, language: str, values: Sequence[str]) -> list[Choice]:
    if question.is_open:
        return []
    step = _step_id(content, question)
    words = {"yes": pgettext("client", "Yes"), "no": pgettext("client", "No")}
    shown = () if question.kind == "number" else question.values
    choices = [
        Choice(f"{step}-{value}", value, content.text_of(question, value, language) or words[value], value in values,
               face=int(value) if question.kind == "faces" else 0)
        for value in shown
    ]  # fmt: skip
    silent = ((DONT_KNOW, pgettext("client", "I don't know")), (RATHER_NOT, pgettext("client", "I'd rather not say")))
    return choices + [Choice(f"{step}-{value}", value, text, value in values, quiet=True) for value, text in silent]


def fault_text(fault: Fault) -> str:
    """What is wrong, in the client's language."""
    sentences = {
        "choose_one": pgettext("client", "Choose one of the answers."),
        "whole_number": pgettext("client", "Type a whole number from %(min)s to %(max)s."),
        "too_long": pgettext("client", "This text is too long: at most %(max)s characters."),
    }
    return sentences[fault.kind] % fault.limits


def _problems(steps: Sequence[Step]) -> list[dict[str, str]]:
    return [
        {
            "target": f"{step.id}-in" if step.question.kind in {"text", "number"} else step.choices[0].id,
            "text": f"{step.text} {step.fault}",
        }
        for step in steps
        if step.fault
    ]


def _helpers(chosen: str) -> list[Choice]:
    texts = (
        pgettext("client", "No, I did it myself"),
        pgettext("client", "Yes, someone of my family"),
        pgettext("client", "Yes, a helper or teacher"),
        pgettext("client", "Yes, the attendance officer"),
        pgettext("client", "Yes, an interpreter"),
    )
    return [Choice(f"h-{value}", value, text, value == chosen) for value, text in zip(HELPERS, texts, strict=True)]
