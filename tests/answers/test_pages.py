"""The client's pages as bytes."""

import gzip

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gehoor.answers import pages

PAGE = f"<p>één {pages.KEY_PLACE}</p>" + "<i>veel van hetzelfde</i>" * 400 + f"{pages.KEY_PLACE} slot"


@given(st.text(max_size=300))
def test_a_page_with_places_left_open_unpacks_to_the_page_with_the_text_in_them(text: str) -> None:
    text = text.encode("utf-8", "replace").decode()

    assert gzip.decompress(pages._prepare(PAGE).filled(text)).decode() == PAGE.replace(pages.KEY_PLACE, text)


@pytest.mark.parametrize("page", ["", pages.KEY_PLACE, f"{pages.KEY_PLACE}a", f"a{pages.KEY_PLACE}a"])
def test_a_place_may_stand_at_the_edge(page: str) -> None:
    assert gzip.decompress(pages._prepare(page).filled("x")) == page.replace(pages.KEY_PLACE, "x").encode()


def test_what_is_filled_in_is_hidden_by_no_length() -> None:
    sizes = {len(pages._prepare(PAGE).filled(code)) for code in ("1234-5678", "9999-9999", "0000-0000")}

    assert len(sizes) == 1
