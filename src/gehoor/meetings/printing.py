"""Invitations on paper: letters and cards with the code of a meeting. The PDF is the only place where that code stands."""

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.utils import translation
from django.utils.translation import pgettext

from gehoor.base.errors import NotNow
from gehoor.base.languages import FALLBACK
from gehoor.meetings import consents, guide
from gehoor.meetings.changes import FreshEntrance
from gehoor.meetings.models import Meeting
from gehoor.ui import typeset

FOLDER = Path(__file__).with_name("print")


def invitation(meeting: Meeting, fresh: FreshEntrance, *, shape: str, age: str, language: str, copies: int) -> bytes:
    """The PDF: the same invitation so many times, as letters or as cards. Raises NotNow when a font is missing."""
    if why := typeset.why_not_print_in(language):
        raise NotNow(why)
    with translation.override(language):
        sheet = {**_words(meeting, fresh, language), "copies": copies}
        sheet["agree"] = [_line(said.text, said.language) for said in consents.sentences(meeting, age, language)]
    return typeset.pdf(FOLDER / ("letter.typ" if shape == "letter" else "cards.typ"), sheet)


def _words(meeting: Meeting, fresh: FreshEntrance, language: str) -> dict[str, Any]:
    """What stands on each copy, in the active language."""
    return {
        **typeset.script_of(language),
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
        "svg": typeset.qr_code(fresh.url),
        "alt": pgettext("client", "Square code for a phone. It opens %(url)s") % {"url": fresh.url},
    }


def _line(text: str, language: str) -> dict[str, str]:
    return {"text": text, "lang": language}
