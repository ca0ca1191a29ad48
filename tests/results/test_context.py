"""The facts beside every figure, as they read in a sentence."""

import pytest

from gehoor.results import context


@pytest.mark.parametrize(
    ("names", "row"),
    [
        ([], ""),
        (["Card"], "Card"),
        (["Card", "E-mail"], "Card and e-mail"),
        (["Card", "E-mail", "SMS"], "Card, e-mail and SMS"),
    ],
)
def test_names_in_a_row_read_as_one_sentence(names: list[str], row: str) -> None:
    assert context._listed(names) == row
