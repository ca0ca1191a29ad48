"""Codes on paper: cards to hand out, letters to put in envelopes. The PDF is the only place where the codes stand."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import pgettext

from gehoor.base.errors import NotNow
from gehoor.questionnaires import queries as questionnaires
from gehoor.questionnaires import shown
from gehoor.rounds.changes import FreshCode
from gehoor.rounds.models import Anonymity, Mode, Round
from gehoor.ui import icons, typeset

FOLDER = Path(__file__).with_name("print")
CARDS_A_PAGE = 8


def paper(a_round: Round, fresh: Sequence[FreshCode], *, mode: str, language: str) -> bytes:
    """The PDF of these codes: a letter each, or cards for every other channel. Raises NotNow when a font is missing.

    A shared code fills a page with the same card.
    """
    if why := typeset.why_not_print_in(language):
        raise NotNow(why)
    items = list(fresh) * (CARDS_A_PAGE if len(fresh) == 1 and mode != Mode.LETTER else 1)
    with translation.override(language):
        sheet = {**_words(a_round, language), "items": [_item(code) for code in items]}
    template = "letters.typ" if mode == Mode.LETTER else "cards.typ"
    return typeset.pdf(FOLDER / template, sheet)


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
        **typeset.script_of(language),
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
    return {"code": code.shown, "svg": typeset.qr_code(code.url), "alt": alt}
