"""What somebody agrees to who joins, in plain words for each age.

The law counts from 16 (UAVG article 5), the research code from 12 (standards.md §1.1, R13). The sentences say what the
system does; an office can add its own, and can take none away.
"""

from dataclasses import dataclass

from django.utils import translation
from django.utils.translation import pgettext

from gehoor.base.languages import FALLBACK
from gehoor.meetings.models import Age, Kind, Meeting

UNKNOWN = ""  # somebody who is no youth, or does not say how old they are


@dataclass(frozen=True)
class Said:
    """One sentence that is shown, and its language."""

    text: str
    language: str


def consent_words(meeting: Meeting, age: str, language: str) -> str:
    """All that is shown to somebody of this age, a sentence a line. This is kept as what they agreed to."""
    return "\n".join(said.text for said in sentences(meeting, age, language))


def sentences(meeting: Meeting, age: str, language: str) -> list[Said]:
    """The same, each with its language: the office's own words are Dutch whatever the page is in."""
    with translation.override(language):
        standard = [*_what_happens(meeting), *_who_decides(meeting, age)]
    own = [line.strip() for line in str(meeting.consent.get(age, "")).split("\n")]
    return [*(Said(text, language) for text in standard), *(Said(line, FALLBACK) for line in own if line)]


def quote_words(language: str) -> str:
    """What the tick says that everybody may leave out."""
    with translation.override(language):
        return pgettext("client", "My words may be shown to others, without my name.")


def parent_words(age: str, language: str) -> str:
    """What a youth under 16 ticks where consent is the ground; nothing for anybody else."""
    with translation.override(language):
        if age == Age.UNDER_12:
            return pgettext("client", "My parent or carer sits beside me and agrees.")
        if age == Age.FROM_12:
            return pgettext("client", "My parent or carer knows that I join and agrees.")
        return ""


def _what_happens(meeting: Meeting) -> list[str]:
    named = {"office": meeting.office.name}
    if meeting.kind == Kind.INTERVIEW:
        first = [
            pgettext(
                "client", "Somebody asks you questions and writes down what you say. Your name is not written down."
            )
        ]
    else:
        first = [
            pgettext("client", "You write notes on a board. The others at this meeting read them."),
            pgettext(
                "client",
                "The name that you choose is forgotten when the meeting ends. A note then says only: youth, parent, staff or partner.",
            ),
        ]
    return [
        *first,
        pgettext(
            "client", "%(office)s keeps what is said, to do things better. It does not go into any file about you."
        )
        % named,
        pgettext("client", "You may skip every question, and you may stop at any moment. Nothing bad happens then."),
        pgettext("client", "Do you tell that somebody is in danger? Then we talk with you about help."),
    ]


def _who_decides(meeting: Meeting, age: str) -> list[str]:
    if age == Age.UNDER_12:
        return [pgettext("client", "You are younger than 12: your parent or carer joins together with you.")]
    if not meeting.asks_consent:
        return [pgettext("client", "You decide yourself whether you join.")]
    if age == Age.FROM_12:
        return [pgettext("client", "You are younger than 16: you and your parent or carer both have to agree.")]
    return [pgettext("client", "You decide yourself. By joining you agree to this.")]
