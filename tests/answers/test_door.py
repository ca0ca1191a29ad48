"""What the door says to somebody who cannot go on."""

import datetime as dt
import gzip

import pytest
from django.test import Client
from tests.cast import Cast, form_key

from gehoor.rounds import changes as rounds

pytestmark = pytest.mark.django_db
DUTCH = {"accept-language": "nl"}


def page_behind(link: str) -> str:
    return Client(headers=DUTCH).get(f"/v/{link}", follow=True).content.decode()


def test_closed_questions_say_where_one_can_go(cast: Cast) -> None:
    a_round = cast.round()
    _dispatch, [code] = cast.codes(a_round, 1)
    rounds.close_round(a_round, by=cast.quinten)

    page = page_behind(code.link)

    assert "Deze vragen zijn gesloten." in page
    assert f"<bdi>{cast.office.name}</bdi>" in page


def test_questions_that_have_not_begun_say_from_which_day(cast: Cast) -> None:
    begins = dt.date(2031, 3, 9)
    _dispatch, [code] = cast.codes(cast.round(starts_on=begins, ends_on=begins), 1)

    assert "9 maart 2031" in page_behind(code.link)


def test_a_used_link_is_not_put_in_the_line_for_typed_codes(cast: Cast) -> None:
    _dispatch, [code] = cast.codes(cast.round(), 1)
    cast.answer(code)

    page = page_behind(code.link)

    assert "bestaat niet" in page
    assert code.link not in page


def test_the_receipt_names_the_office(cast: Cast) -> None:
    _dispatch, [code] = cast.codes(cast.round(), 1)
    client = Client(headers=DUTCH)
    client.get(f"/v/{code.link}")
    sent = client.post("/vragen/", {"sleutel": form_key(client), "nu": "nl", "verstuur": "1"})

    assert cast.office.name in gzip.decompress(client.get(sent["Location"]).content).decode()
