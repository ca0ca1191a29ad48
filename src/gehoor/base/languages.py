"""The languages that a client can choose from. Names are written in the language itself (standards.md requirement 88)."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Language:
    """One language of the client's pages: its code (BCP 47), its own name, and its direction."""

    code: str
    name: str
    direction: str = "ltr"


LANGUAGES = {
    language.code: language
    for language in (
        Language("nl", "Nederlands"),
        Language("en", "English"),
        Language("tr", "Türkçe"),
        Language("ar", "العربية", "rtl"),
        Language("pl", "Polski"),
        Language("uk", "Українська"),
        Language("es", "Español"),
    )
}

STAFF_LANGUAGES = ("nl", "en")
FALLBACK = "nl"


def best_of(accepted: str, offered: list[str]) -> str:
    """The first language of an Accept-Language header that is offered; Dutch, or else the first one, when none is.

    Weights are ignored: browsers send the list in the order of preference.
    """
    for part in accepted.split(",")[:20]:
        code = part.split(";")[0].strip().lower().split("-")[0]
        if code in offered:
            return code
    return FALLBACK if FALLBACK in offered else offered[0]
