"""An office's own help numbers."""

import json
from pathlib import Path
from typing import Any

import pytest
from tests.cast import Cast

from gehoor.base.errors import BadSetting
from gehoor.ui import helplines

LINE = {
    "text": {"nl": "Wil je praten?", "ar": "هل تريد التحدث؟"},
    "name": "Hulplijn",
    "number": "0800-1234",
    "dial": "08001234",
}


@pytest.mark.django_db
def test_an_offices_own_number_stands_on_every_page_in_its_language(cast: Cast, settings: Any, tmp_path: Path) -> None:
    settings.GEHOOR_HELP = str(tmp_path / "hulp.json")
    Path(settings.GEHOOR_HELP).write_text(json.dumps([LINE]))

    pages = [
        cast.browser().get(path, headers={"accept-language": "ar"}).content.decode()
        for path in ("/", "/terugnemen/", "/stop/")
    ]

    assert all("0800-1234" in page and "هل تريد التحدث؟" in page and "Kindertelefoon" not in page for page in pages)


@pytest.mark.parametrize(
    "text", ["{", "[]x", '[{"text": {"en": "x"}, "number": "1", "dial": "1"}]', '[{"number": "1"}]']
)
def test_a_wrong_file_says_what_is_wrong(tmp_path: Path, text: str) -> None:
    file = tmp_path / "hulp.json"
    file.write_text(text)

    with pytest.raises(BadSetting, match="GEHOOR_HELP"):
        helplines.read(str(file))
