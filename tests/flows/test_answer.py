"""One answer, from the code to the vault."""

import pytest
from tests.cast import Cast, form_key

from gehoor.answers import changes
from gehoor.answers.models import Envelope, OpenText, Submission
from gehoor.rounds.models import Code

pytestmark = pytest.mark.django_db


def test_an_answer_travels_from_the_code_to_the_vault(cast: Cast) -> None:
    a_round = cast.round()
    _dispatch, [code] = cast.codes(a_round, 1)

    cast.answer(code, {"heard": "5", "good": "We maakten samen een plan.", "background": "age_14_15"})
    changes.open_all(at_once=True)

    kept = Submission.objects.get()
    assert (kept.answers, kept.voice, kept.mode, kept.product) == (
        {"heard": "5", "background": "age_14_15"},
        "youth",
        "card",
        "verzuim",
    )
    assert OpenText.objects.get().question == "good"
    assert (Code.objects.count(), Envelope.objects.count()) == (0, 0)


def test_the_same_form_twice_shows_the_same_page_and_counts_once(cast: Cast) -> None:
    _dispatch, [code] = cast.codes(cast.round(), 1)
    browser = cast.browser()
    browser.get(f"/v/{code.link}")
    form = {"sleutel": form_key(browser), "nu": "nl", "verstuur": "1", "q.heard": "3"}

    first, second = browser.post("/vragen/", form), browser.post("/vragen/", form)

    assert first["Location"] == second["Location"]
    assert first.cookies["gehoor-bewijs"].value == second.cookies["gehoor-bewijs"].value
    assert Envelope.objects.count() == 1


def test_a_receipt_takes_the_answer_back_before_and_after_opening(cast: Cast) -> None:
    _dispatch, codes = cast.codes(cast.round(), 2)
    before, after = (cast.answer(code, {"heard": "3", "good": "iets"}) for code in codes)

    before.post("/terugnemen/", {"bewijs": before.receipt})  # type: ignore[attr-defined]
    assert Envelope.objects.count() == 1
    changes.open_all(at_once=True)
    shown = "-".join(after.receipt[i : i + 4] for i in range(0, 16, 4))  # type: ignore[attr-defined]
    page = after.post("/terugnemen/", {"bewijs": f" {shown} "})

    assert page.status_code == 200
    assert (Submission.objects.count(), OpenText.objects.count()) == (0, 0)
