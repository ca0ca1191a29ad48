"""Signs that do harm in a spreadsheet."""

import pytest

from gehoor.base import signs


@pytest.mark.parametrize(
    "text", ["=1", "+1", "-1", "@x", "\tx", "\rx", "\nx", "\0x", "＝1", "＋1", "－1", "＠x", "=", "=HYPERLINK()"]
)
def test_each_start_of_a_formula_is_taken_away(text: str) -> None:
    assert signs.harmless(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "Zij luisterde.", "1-2", "a=b", " =1", "'=1", "é", "مرحبا"])
def test_other_texts_stay_as_they_are(text: str) -> None:
    assert signs.harmless(text) == text
