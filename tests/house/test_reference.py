"""The reference pages are what the code says."""

from pathlib import Path

import pytest
from django.utils import translation
from tools import reference

MADE = ["settings.md", "commands.md", "rights.md", "journal.md", "policy.md", "questionnaire.schema.json"]


@pytest.mark.parametrize("name", MADE)
def test_a_generated_page_is_up_to_date(name: str) -> None:
    with translation.override("en"):
        text = reference.pages()[name]

    assert (reference.REFERENCE / name).read_text(encoding="utf-8") == text, "run: python tools/reference.py"


def test_every_decision_is_listed_once() -> None:
    numbers = [path.name[:4] for path in Path(reference.HOUSE / "docs/decisions").glob("*.md")]

    assert len(numbers) == len(set(numbers))
