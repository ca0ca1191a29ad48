"""The help numbers that stand in the same place on every page of a client (standards.md requirement 23).

The Dutch ones are in the page itself; an office with numbers of its own names a JSON file in GEHOOR_HELP:

[{"text": {"nl": "Ben je in gevaar?", "en": "Are you in danger?"}, "name": "", "number": "112", "dial": "112"}, …]

`text` must have Dutch; a language that is missing shows the Dutch one.
"""

import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.utils.translation import get_language
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from gehoor.base.errors import BadSetting
from gehoor.base.languages import FALLBACK


class Line(BaseModel):
    """One help line as it stands in the file."""

    model_config = ConfigDict(extra="forbid")
    text: dict[str, str]
    name: str = ""
    number: str = Field(min_length=1)
    dial: str = Field(pattern=r"^[+0-9]+$")


@dataclass(frozen=True)
class Shown:
    """One help line in the language of the page."""

    text: str
    name: str
    number: str
    dial: str


def now() -> list[Shown]:
    """The office's own lines, in the active language; empty means the Dutch ones of the page."""
    language = get_language() or FALLBACK
    return [
        Shown(line.text.get(language, line.text[FALLBACK]), line.name, line.number, line.dial)
        for line in read(settings.GEHOOR_HELP)
    ]


@lru_cache(maxsize=4)
def read(name: str) -> list[Line]:
    """The lines of a file. Raises BadSetting with what is wrong."""
    if not name:
        return []
    try:
        lines = TypeAdapter(list[Line]).validate_python(json.loads(Path(name).read_text(encoding="utf-8")))
    except (OSError, ValueError, ValidationError) as error:
        raise BadSetting(f"GEHOOR_HELP names {name}, which cannot be used: {error}") from None
    if missing := [line.number for line in lines if FALLBACK not in line.text]:
        raise BadSetting(f"GEHOOR_HELP: no Dutch text for {', '.join(missing)} in {name}.")
    return lines
