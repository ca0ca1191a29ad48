"""The pages of rounds: who gets in, and the way from a draft to a closed round."""

import datetime as dt

import pytest
from django.core import mail
from tests.cast import Cast

from gehoor.base import clock
from gehoor.questionnaires.queries import newest
from gehoor.rounds import changes, forms, mailing, queries, rules
from gehoor.rounds.addresses import Address
from gehoor.rounds.models import Dispatch, Recipient, Round

pytestmark = pytest.mark.django_db

ROOT = "/kantoor/vragen/"


@pytest.fixture(autouse=True)
def _memory(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"


def filled(cast: Cast, **changed: str) -> dict[str, str]:
    """The form of a new round."""
    version = newest("ouder", office=cast.office)
    today = clock.today()
    return {
        "version": str(version.pk), "name": "Ouders, na het gesprek", "purpose": "Leren of ouders zich gehoord voelen.",
        "readers": "een onafhankelijke lezer", "anonymity": "forget", "moment": "contact", "stage": "voluntary",
        "product": str(queries.product_by_code("verzuim").pk), "team": "",
        "starts_on": today.isoformat(), "ends_on": (today + dt.timedelta(30)).isoformat(), **changed,
    }  # fmt: skip


def mailed(a_round: Round, size: int = 12) -> Dispatch:
    return changes.add_recipients(a_round, [Address(f"p{number}@example.nl", "nl") for number in range(size)])[0]


def addresses_of(a_round: Round, dispatch: Dispatch) -> list[str]:
    one, post = f"{ROOT}{a_round.pk}/", f"{ROOT}post/{dispatch.pk}/"
    own = [one, f"{one}starten/", f"{one}sluiten/", f"{one}codes/", f"{one}adressen/"]
    return [*own, post, f"{post}herinneren/"]


def test_only_a_quality_adviser_of_the_office_gets_in(cast: Cast):
    a_round = cast.round()
    pages = addresses_of(a_round, mailed(a_round))

    seen = {
        name: {cast.browser(member).get(page).status_code for page in pages}
        for name, member in cast.everybody().items()
    }
    stranger = {cast.browser().get(page).status_code for page in pages}

    others = {key: {403} for key in ("rosa", "tariq", "bram", "lotte", "petra")}
    assert seen == {"quinten": {200}, "daan": {404}, **others}
    assert stranger == {302}


def test_nobody_else_can_change_anything(cast: Cast):
    a_round = cast.round()
    dispatch = mailed(a_round)
    pages = [*addresses_of(a_round, dispatch)[1:], f"{ROOT}post/{dispatch.pk}/weggooien/"]

    seen = {
        name: {cast.browser(member).post(page).status_code for page in pages}
        for name, member in cast.everybody().items()
        if name != "quinten"
    }

    others = {key: {403} for key in ("rosa", "tariq", "bram", "lotte", "petra")}
    assert seen == {"daan": {404}, **others}
    a_round.refresh_from_db()
    assert (a_round.status, a_round.dispatches.count(), mail.outbox) == ("open", 1, [])


def test_an_empty_list_teaches_what_to_do(cast: Cast):
    page = cast.browser(cast.quinten).get(ROOT)

    assert page.status_code == 200
    assert f'href="{ROOT}nieuw/"' in page.content.decode()


def test_the_way_from_a_draft_to_a_closed_round(cast: Cast):
    browser = cast.browser(cast.quinten)

    made = browser.post(f"{ROOT}nieuw/", filled(cast))
    a_round = Round.objects.get()
    assert (made.status_code, made["Location"], a_round.status) == (302, f"{ROOT}{a_round.pk}/", "draft")
    assert browser.get(f"{ROOT}{a_round.pk}/codes/").status_code == 200
    assert browser.post(f"{ROOT}{a_round.pk}/starten/").status_code == 302
    assert browser.post(f"{ROOT}{a_round.pk}/starten/").status_code == 409
    assert browser.post(f"{ROOT}{a_round.pk}/sluiten/").status_code == 302
    a_round.refresh_from_db()

    assert (a_round.status, a_round.version.questionnaire.key) == ("closed", "ouder")
    assert browser.get(f"{ROOT}{a_round.pk}/").status_code == 200


@pytest.mark.parametrize(
    ("name", "value"),
    [("name", ""), ("purpose", ""), ("readers", " "), ("anonymity", "registered"), ("moment", "x"), ("version", "0"),
     ("product", "0"), ("team", "0"), ("starts_on", "morgen"), ("ends_on", "2020-01-01")],
)  # fmt: skip
def test_a_wrong_field_is_named_and_nothing_is_made(cast: Cast, name, value):
    page = cast.browser(cast.quinten).post(f"{ROOT}nieuw/", filled(cast, **{name: value}))

    assert page.status_code == 422
    assert list(page.context["form"].errors) == [name]
    assert Round.objects.count() == 0


def test_a_new_round_like_an_earlier_one_has_a_period_of_its_own(cast: Cast):
    a_round = cast.round(starts_on=dt.date(2025, 1, 1), ends_on=dt.date(2025, 2, 1))

    form = cast.browser(cast.quinten).get(f"{ROOT}nieuw/?van={a_round.pk}").context["form"]

    assert (form.initial["name"], form.initial["starts_on"]) == (a_round.name, clock.today())
    assert cast.browser(cast.daan).get(f"{ROOT}nieuw/?van={a_round.pk}").status_code == 404


def test_the_page_of_a_round_shows_what_clients_read_and_bands_of_ten(cast: Cast):
    a_round = cast.round()
    dispatch, _fresh = cast.codes(a_round, 25)
    Dispatch.objects.filter(pk=dispatch.pk).update(answered_band=20)

    page = cast.browser(cast.quinten).get(f"{ROOT}{a_round.pk}/").content.decode()

    assert "Leerplicht Voorbeeldstad stelt jou deze vragen" in page
    assert "هذه الأسئلة من Leerplicht Voorbeeldstad" in page
    assert "20 " in page


def test_an_answer_changes_nothing_on_the_page_of_its_round(cast: Cast):
    a_round = cast.round()
    _dispatch, fresh = cast.codes(a_round, 20)
    browser = cast.browser(cast.quinten)
    before = shown_main(browser, a_round)

    for code in fresh[:12]:
        cast.answer(code)

    assert shown_main(browser, a_round) == before


def shown_main(browser, a_round: Round) -> str:
    """The page of a round without its header, whose form has a fresh token each time."""
    return browser.get(f"{ROOT}{a_round.pk}/").content.decode().partition("<main")[2]


def test_a_list_of_rounds_costs_the_same_number_of_queries(cast: Cast, django_assert_max_num_queries):
    for _ in range(6):
        cast.codes(cast.round(), 1)
    browser = cast.browser(cast.quinten)

    with django_assert_max_num_queries(8):
        page = browser.get(ROOT)

    assert len(page.context["found"]) == 6


# --- mail ---------------------------------------------------------------------------------------------------------


def test_a_list_with_names_is_refused_and_not_kept(cast: Cast, caplog):
    a_round = cast.round()
    lines = "\n".join(f"p{number}@example.nl,nl,Amira" for number in range(12))

    page = cast.browser(cast.quinten).post(
        f"{ROOT}{a_round.pk}/adressen/", {"text": f"adres,taal,naam\n{lines}", "product": a_round.product_id}
    )

    assert page.status_code == 422
    assert "“naam”" in str(page.context["form"].errors)
    assert (Recipient.objects.count(), Dispatch.objects.count()) == (0, 0)
    assert "Amira" not in caplog.text


def test_a_file_is_taken_in_and_mail_is_sent_and_reminded(cast: Cast, tmp_path):
    a_round = cast.round()
    browser = cast.browser(cast.quinten)
    file = tmp_path / "lijst.csv"
    file.write_text("\ufeffadres;taal\n" + "".join(f"p{number}@example.nl;tr\n" for number in range(12)), "utf-8")

    with file.open("rb") as handle:
        taken = browser.post(f"{ROOT}{a_round.pk}/adressen/", {"file": handle, "product": a_round.product_id})
    page = taken["Location"]
    assert browser.get(page).status_code == 200
    assert mail.outbox == []
    assert browser.post(page).status_code == 302
    assert len(mail.outbox) == 12
    assert browser.get(f"{page}herinneren/").status_code == 200
    assert browser.post(f"{page}herinneren/").status_code == 302

    assert len(mail.outbox) == 24
    assert browser.post(f"{page}weggooien/").status_code == 409


def test_a_small_list_comes_back_with_the_reason(cast: Cast):
    a_round = cast.round()

    page = cast.browser(cast.quinten).post(
        f"{ROOT}{a_round.pk}/adressen/", {"text": "a@b.nl", "product": a_round.product_id}
    )

    assert (page.status_code, Dispatch.objects.count()) == (422, 0)


def test_many_mails_ask_for_their_number(cast: Cast, monkeypatch):
    monkeypatch.setattr(rules, "MANY_MESSAGES", 11)
    monkeypatch.setattr(mailing, "AT_ONCE", 200)
    dispatch = mailed(cast.round())
    browser = cast.browser(cast.quinten)
    page = f"{ROOT}post/{dispatch.pk}/"

    assert browser.post(page).status_code == 200
    assert browser.post(page, {"number": "11"}).status_code == 422
    assert mail.outbox == []
    assert browser.post(page, {"number": "12"}).status_code == 302
    assert len(mail.outbox) == 12


def test_codes_on_paper_have_no_page_of_mail(cast: Cast):
    dispatch, _fresh = cast.codes(cast.round(), 2)

    assert cast.browser(cast.quinten).get(f"{ROOT}post/{dispatch.pk}/").status_code == 404


# --- rules --------------------------------------------------------------------------------------------------------


def test_what_to_do_next_follows_the_round(cast: Cast):
    today = clock.today()
    a_round = cast.round()
    later = cast.round(starts_on=today + dt.timedelta(5))
    over = cast.round(starts_on=today - dt.timedelta(9), ends_on=today - dt.timedelta(1))

    said = [
        rules.what_next(a_round, batches=0, today=today),
        rules.what_next(a_round, batches=1, today=today),
        rules.what_next(later, batches=1, today=today),
        rules.what_next(over, batches=1, today=today),
        rules.what_next(changes.close_round(over), batches=1, today=today),
    ]

    assert len(set(said)) == 5


def test_the_state_of_a_round_says_whether_people_can_answer_today(cast: Cast):
    today = dt.date(2026, 11, 21)

    def said(first: dt.date, last: dt.date) -> str:
        return rules.state_in_words(cast.round(starts_on=first, ends_on=last), today=today)

    assert said(today, today) == "Open"
    assert said(dt.date(2026, 12, 3), dt.date(2027, 1, 3)) == "Starts on December 3"
    assert said(dt.date(2027, 1, 3), dt.date(2027, 2, 3)) == "Starts on Jan. 3, 2027"
    assert said(dt.date(2026, 1, 3), dt.date(2026, 2, 3)) == "Last day is over"
    assert rules.state_in_words(changes.close_round(cast.round()), today=today) == "Closed"


def test_a_round_that_starts_later_says_so_on_every_screen(cast: Cast):
    today = clock.today()
    a_round = cast.round(starts_on=today + dt.timedelta(400), ends_on=today + dt.timedelta(460))
    browser = cast.browser(cast.quinten)

    for address in (ROOT, f"{ROOT}{a_round.pk}/"):
        page = browser.get(address).content.decode()
        assert f'<span class="tag tag-active">{rules.state_in_words(a_round, today=today)}</span>' in page
        assert ">Open<" not in page


def test_a_round_names_its_questionnaire_and_no_key(cast: Cast):
    a_round = cast.round()
    Round.objects.filter(pk=a_round.pk).update(status="draft")
    browser = cast.browser(cast.quinten)

    for end in ("", "starten/"):
        page = browser.get(f"{ROOT}{a_round.pk}/{end}").content.decode()
        assert "How was your contact with Leerplicht?, version 1" in page
        assert "jongere 1" not in page


def test_too_many_codes_for_one_pdf_are_refused(cast: Cast):
    a_round = cast.round()

    assert rules.why_not_print(a_round, size=rules.MOST_PRINTED, mode="card") is None
    assert rules.why_not_print(a_round, size=rules.MOST_PRINTED + 1, mode="card")


def test_the_form_of_a_shared_code_makes_one(cast: Cast):
    form = forms.CodesForm(cast.round(anonymity="open"))

    assert (form.fields["size"].initial, form.fields["size"].widget.is_hidden) == (1, True)
