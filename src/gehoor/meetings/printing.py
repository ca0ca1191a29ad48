"""Invitations on paper: letters and cards with the code of a meeting. The PDF is the only place where that code stands.

Typst makes PDF/UA-1 without any network; what people wrote goes in as JSON and stays text.
"""

import io
import json
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import segno
import typst
from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from gehoor.base.errors import NotNow
from gehoor.base.languages import FALLBACK, LANGUAGES
from gehoor.meetings import consents, guide
from gehoor.meetings.changes import FreshEntrance
from gehoor.meetings.models import Meeting

FOLDER = Path(__file__).with_name("print")

# Plain letters are easier to read for those who read with difficulty; the last ones are inside typst itself.
LATIN_FONTS = ("Noto Sans", "Liberation Sans", "DejaVu Sans", "Libertinus Serif")
ARABIC_FONTS = ("Noto Sans Arabic", "Noto Naskh Arabic", "Noto Kufi Arabic", "DejaVu Sans")
CODE_FONTS = ("DejaVu Sans Mono",)


def why_not_print_in(language: str) -> str | None:
    """Some scripts need a font of the computer that Gehoor runs on."""
    if _fonts_for(language):
        return None
    return _(
        "This computer has no letters for %(language)s. Ask the operator to install them (on Debian the package fonts-noto-core), or choose another language."
    ) % {"language": LANGUAGES[language].name}


def invitation(meeting: Meeting, fresh: FreshEntrance, *, shape: str, age: str, language: str, copies: int) -> bytes:
    """The PDF: the same invitation so many times, as letters or as cards. Raises NotNow when a font is missing."""
    if why := why_not_print_in(language):
        raise NotNow(why)
    with translation.override(language):
        sheet = {**_words(meeting, fresh, language), "copies": copies}
        sheet["agree"] = [_line(said.text, said.language) for said in consents.sentences(meeting, age, language)]
    made: bytes = typst.compile(
        str(FOLDER / ("letter.typ" if shape == "letter" else "cards.typ")),
        root=str(FOLDER),
        format="pdf",
        font_paths=_fonts(),
        sys_inputs={"sheet": json.dumps(sheet, ensure_ascii=False)},
        pdf_standards=["ua-1"],
    )
    return made


def _words(meeting: Meeting, fresh: FreshEntrance, language: str) -> dict[str, Any]:
    """What stands on each copy, in the active language."""
    return {
        "lang": language,
        "rtl": LANGUAGES[language].direction == "rtl",
        "fonts": _fonts_for(language),
        "code_fonts": list(CODE_FONTS),
        "office": meeting.office.name,
        "fictional": pgettext("client", "Fictional example: nothing here is real.")
        if settings.GEHOOR_FICTIONAL
        else "",
        "invites": pgettext("client", "You are invited"),
        "title": meeting.name,
        "purpose": meeting.purpose,
        "own": FALLBACK,  # the office wrote name, purpose and place itself, in Dutch
        "when_title": pgettext("client", "When"),
        "when": guide.when(meeting),
        "where_title": pgettext("client", "Where"),
        "where": meeting.place,
        "free": pgettext("client", "You choose whether you come. Saying no is fine."),
        "join_title": pgettext("client", "How do you join?"),
        "scan": pgettext("client", "Scan the square with a phone."),
        "or_go_to": pgettext("client", "Or go to:"),
        "type_code": pgettext("client", "Type this code there:"),
        "opens": pgettext("client", "The code works from the beginning of the meeting."),
        "agree_title": pgettext("client", "What happens with what you say?"),
        "site": f"{urlsplit(settings.GEHOOR_BASE_URL).netloc}/m/",
        "code": fresh.shown,
        "svg": _square(fresh.url),
        "alt": pgettext("client", "Square code for a phone. It opens %(url)s") % {"url": fresh.url},
    }


def _line(text: str, language: str) -> dict[str, str]:
    return {"text": text, "lang": language}


def _square(url: str) -> str:
    """A QR code as SVG with the quiet zone that the standard asks for."""
    drawing = io.BytesIO()
    segno.make(url, error="m", micro=False).save(drawing, kind="svg", xmldecl=False, border=4, nl=False)
    return drawing.getvalue().decode()


def _fonts_for(language: str) -> list[str]:
    """The fonts to use, best first; empty when the script of a language has none here."""
    families = _fonts().families()
    latin = [name for name in LATIN_FONTS if name in families]
    if LANGUAGES[language].direction == "ltr":
        return latin
    arabic = [name for name in ARABIC_FONTS if name in families]
    return [*arabic, *latin] if arabic else []


@cache
def _fonts() -> typst.Fonts:
    """The fonts of this computer and those inside typst. Looking for them takes half a second."""
    return typst.Fonts()
