"""Codes on paper: cards to hand out, letters to put in envelopes. The PDF is the only place where the codes stand.

Typst makes PDF/UA-1 without any network; what people wrote goes in as JSON and stays text.
"""

import io
import json
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import segno
import typst
from django.conf import settings
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from gehoor.base.errors import NotNow
from gehoor.base.languages import LANGUAGES
from gehoor.questionnaires import queries as questionnaires
from gehoor.questionnaires import shown
from gehoor.rounds.changes import FreshCode
from gehoor.rounds.models import Anonymity, Mode, Round
from gehoor.ui import icons

FOLDER = Path(__file__).with_name("print")
CARDS_A_PAGE = 8

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


def paper(a_round: Round, fresh: Sequence[FreshCode], *, mode: str, language: str) -> bytes:
    """The PDF of these codes: a letter each, or cards for every other channel. Raises NotNow when a font is missing.

    A shared code fills a page with the same card.
    """
    if why := why_not_print_in(language):
        raise NotNow(why)
    items = list(fresh) * (CARDS_A_PAGE if len(fresh) == 1 and mode != Mode.LETTER else 1)
    with translation.override(language):
        sheet = {**_words(a_round, language), "items": [_item(code) for code in items]}
    template = "letters.typ" if mode == Mode.LETTER else "cards.typ"
    made: bytes = typst.compile(
        str(FOLDER / template),
        root=str(FOLDER),
        format="pdf",
        font_paths=_fonts(),
        sys_inputs={"sheet": json.dumps(sheet, ensure_ascii=False)},
        pdf_standards=["ua-1"],
    )
    return made


def _words(a_round: Round, language: str) -> dict[str, Any]:
    """What stands on each sheet, in the active language."""
    content = questionnaires.content_of(a_round.version_id)
    intro = shown.introduction(content, language, office_name=a_round.office.name)
    once = a_round.anonymity == Anonymity.FORGET
    until = (
        pgettext("client", "The code works once, until %(day)s.")
        if once
        else pgettext("client", "The code works until %(day)s.")
    )
    return {
        "lang": language,
        "rtl": LANGUAGES[language].direction == "rtl",
        "fonts": _fonts_for(language),
        "code_fonts": list(CODE_FONTS),
        "title": content.title[language],
        "office": a_round.office.name,
        "fictional": pgettext("client", "Fictional example: nothing here is real.")
        if settings.GEHOOR_FICTIONAL
        else "",
        "faces": [icons.face_image(step) for step in icons.FACE_STEPS],
        "intro": [line for line in intro.split("\n") if line.strip()],
        "site": urlsplit(settings.GEHOOR_BASE_URL).netloc,
        "scan": pgettext("client", "Scan the square with a phone."),
        "or_go_to": pgettext("client", "Or go to:"),
        "type_code": pgettext("client", "Type this code there:"),
        "until": until % {"day": date_format(a_round.ends_on)},
        "skip": pgettext("client", "You may skip every question."),
        "help_title": pgettext("client", "Do you need help?"),
        "help": [
            {
                "text": f"{pgettext('client', 'Are you in danger now?')} {pgettext('client', 'Call')}",
                "name": "",
                "number": "112",
            },
            {"text": pgettext("client", "Do you want to talk?"), "name": "Kindertelefoon", "number": "0800-0432"},
            {"text": pgettext("client", "Not safe at home?"), "name": "Veilig Thuis", "number": "0800-2000"},
        ],
    }


def _item(code: FreshCode) -> dict[str, str]:
    alt = pgettext("client", "Square code for a phone. It opens %(url)s") % {"url": code.url}
    return {"code": code.shown, "svg": _square(code.url), "alt": alt}


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
