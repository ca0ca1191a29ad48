"""What the door says to somebody who cannot go on."""

import datetime as dt
import gzip
import re

import pytest
from django.test import Client
from tests.cast import Cast, form_key

from gehoor.answers.models import Envelope
from gehoor.base import signs
from gehoor.rounds import changes as rounds
from gehoor.rounds.models import Code

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
    sent = client.post("/vragen/", {"sleutel": form_key(client), "nu": "nl", "verstuur": "1", "q.heard": "4"})

    assert cast.office.name in gzip.decompress(client.get(sent["Location"]).content).decode()


def test_an_empty_form_counts_for_nothing_and_spends_no_code(cast: Cast) -> None:
    _dispatch, [code] = cast.codes(cast.round(), 1)
    client = Client(headers=DUTCH)
    client.get(f"/v/{code.link}")
    form = {"sleutel": form_key(client), "nu": "nl", "verstuur": "1", "hulp": "none", "q.heard": "", "q.good": " \n"}

    empty = client.post("/vragen/", form)

    assert (empty.status_code, Envelope.objects.count(), Code.objects.count()) == (422, 0, 1)
    assert "nog geen vraag beantwoord" in empty.content.decode()
    assert client.post("/vragen/", {**form, "q.heard": "rather_not"}).status_code == 303


def test_a_page_of_another_code_says_that_nothing_is_saved_and_keeps_what_was_filled_in(cast: Cast) -> None:
    """Two children, two tabs, one phone: the browser has one pass."""
    _dispatch, [one, other] = cast.codes(cast.round(), 2)
    client = Client(headers=DUTCH)
    client.get(f"/v/{one.link}")
    key = form_key(client)
    client.get(f"/v/{other.link}")

    sent = client.post("/vragen/", {"sleutel": key, "nu": "nl", "verstuur": "1", "q.good": "Zij luisterde."})

    page = sent.content.decode()
    assert (sent.status_code, Envelope.objects.count()) == (409, 0)
    assert "Er is nog niets bewaard" in page
    assert "Zij luisterde." in page


def test_without_a_pass_a_form_is_told_that_nothing_was_saved(cast: Cast) -> None:
    sent = Client(headers=DUTCH).post("/vragen/", {"nu": "nl", "verstuur": "1", "q.good": "Zij luisterde."})

    assert (sent.status_code, Envelope.objects.count()) == (403, 0)
    assert "Er is niets bewaard" in sent.content.decode()


def test_the_language_of_the_code_page_goes_along(cast: Cast) -> None:
    _dispatch, [code] = cast.codes(cast.round(), 1)
    client = Client(headers=DUTCH)
    page = client.get("/?taal=ar").content.decode()
    [action] = re.findall(r'<form[^>]*action="([^"]+)"', page)

    mistyped = client.post(action, {"code": "abc"}).content.decode()
    typed = client.post(action, {"code": code.shown}, follow=True)

    assert 'lang="ar"' in mistyped
    assert '<html lang="ar"' in gzip.decompress(typed.content).decode()


def test_letters_that_turn_others_around_do_not_come_in() -> None:
    assert signs.clean("Meester \u202eneJ\u202c en \u2066Jan\u2069\u200f") == "Meester neJ en Jan\u200f"
