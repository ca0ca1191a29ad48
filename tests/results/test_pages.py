"""Who sees which figures, and what a page says."""

import datetime as dt
import uuid
from typing import Any

import pytest
from django.db import connections
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from tests.cast import Cast
from tests.results.figures import faces, hear, now, page, plain, released, team_of_three

from gehoor.answers.models import OpenText
from gehoor.base import clock
from gehoor.disclosure import auditor, policy
from gehoor.disclosure.auditor import Audit, Finding
from gehoor.offices.models import Member
from gehoor.project import today
from gehoor.reading.models import ReadText, Verdict
from gehoor.results import changes
from gehoor.results import page as pages
from gehoor.results.models import AskedRelease, Release, State
from gehoor.results.queries import figures
from gehoor.rounds.models import Round

pytestmark = pytest.mark.django_db

MANY = {"1": 20, "5": 30}


@pytest.fixture(autouse=True)
def _english() -> Any:
    with translation.override("en"):
        yield


def status(cast: Cast, member: Member, address: str) -> int:
    return cast.browser(member).get(f"/kantoor/zien/{address}").status_code


def test_each_role_sees_what_is_meant_for_it(cast: Cast) -> None:
    own, other = cast.round(team=cast.bram.team), cast.round(name="Kantoor")
    for a_round in (own, other):
        released(a_round, faces(MANY))
    team_of_three(cast)

    seen = {
        name: [status(cast, member, f"{a_round.pk}/{now()}/") for a_round in (own, other)]
        for name, member in cast.everybody().items()
    }

    assert seen == {
        "quinten": [200, 200], "petra": [200, 200], "bram": [200, 404], "lotte": [200, 404],
        "rosa": [404, 404], "tariq": [404, 404], "daan": [404, 404],
    }  # fmt: skip


def test_a_team_of_two_officers_has_no_figures(cast: Cast) -> None:
    a_round = cast.round(team=cast.bram.team)
    released(a_round, faces(MANY))

    assert [status(cast, cast.bram, f"{a_round.pk}/{end}") for end in ("", f"{now()}/", f"{now()}/cijfers/csv/")] == [
        404,
        404,
        404,
    ]
    assert a_round.name not in plain(cast.browser(cast.bram), "/kantoor/zien/")


@pytest.mark.parametrize("name", ["quinten", "bram"])
def test_new_answers_change_no_byte_until_they_are_released(cast: Cast, name: str) -> None:
    team_of_three(cast)
    member = getattr(cast, name)
    a_round = cast.round(team=cast.bram.team)
    _dispatch, [code] = cast.codes(a_round, 1)
    released(a_round, faces(MANY))
    browser = cast.browser(member)
    addresses = [
        "/kantoor/zien/",
        f"/kantoor/zien/{a_round.pk}/{now()}/",
        f"/kantoor/zien/{a_round.pk}/{now()}/cijfers/csv/",
    ]
    before = [(plain(browser, address), dict(browser.get(address).headers)) for address in addresses]

    cast.answer(code, {"heard": "1"})
    unopened = [(plain(browser, address), dict(browser.get(address).headers)) for address in addresses]
    hear(a_round, faces({"1": 40}))
    unreleased = [(plain(browser, address), dict(browser.get(address).headers)) for address in addresses]

    assert before == unopened == unreleased


def test_a_sentence_comes_first_with_its_size_way_of_asking_and_quarter(cast: Cast) -> None:
    a_round = cast.round()
    cast.codes(a_round, 1, mode="letter")
    outcome = released(a_round, faces({"1": 12, "4": 20, "5": 18}))

    shown = pages.of(figures(a_round, outcome.release))

    # 76 % of 50 lies between 63 and 86 %; the page knows steps of five and takes the widest.
    [message] = shown.messages
    assert (
        message.sentence
        == "About 7 to 8 in 10 youths say: “almost completely true” or “completely true” (between 6 and 9)."
    )
    assert message.basis.startswith("50–54 answers · ")
    assert {"Letter", shown.context.period} <= set(message.basis.split(" · "))
    html = page(cast, cast.quinten, a_round)
    assert html.index(message.key) < html.index("<table") < html.index("<figure")


def test_at_most_five_messages_stand_in_the_order_of_the_questionnaire(cast: Cast) -> None:
    a_round = cast.round()
    rows = [
        {
            "informed": "yes" if place < 40 else "no",
            "background": "age_14_15",
            **dict.fromkeys(("heard", "safe", "fair", "helped"), face),
        }
        for place, face in enumerate("1" * 12 + "3" * 13 + "5" * 35)
    ]
    outcome = released(a_round, rows)

    shown = pages.of(figures(a_round, outcome.release))

    assert [message.key for message in shown.messages] == ["informed", "heard", "safe", "fair", "helped"]


def test_several_ways_of_asking_carry_a_note(cast: Cast) -> None:
    a_round = cast.round()
    cast.codes(a_round, 1, mode="letter")
    cast.codes(a_round, 1, mode="email")
    released(a_round, faces(MANY))

    assert "stand together here" in page(cast, cast.quinten, a_round)


def test_a_hidden_cell_says_why_in_a_sentence(cast: Cast) -> None:
    a_round = cast.round()
    released(a_round, faces({"1": 5, "2": 7, "4": 25, "5": 30}))

    html = page(cast, cast.quinten, a_round)

    assert "or because it would show a small number beside it" in html
    assert '<span class="unseen">not shown</span>' in html
    assert 'style="' not in html


def test_the_same_number_of_queries_for_few_and_many_tables(cast: Cast) -> None:
    few, many = cast.round(name="weinig"), cast.round(name="veel")
    released(few, faces(MANY))
    for product, mode, language in (("verzuim", "card", "nl"), ("verlof", "letter", "tr")):
        hear(many, faces({"1": 20, "5": 30}), product=product, mode=mode, language=language)
    changes.release_round(many, now())

    assert queries_for(cast, few) == queries_for(cast, many)
    assert sum(queries_for(cast, many)) <= 16


def queries_for(cast: Cast, a_round: Round) -> list[int]:
    browser = cast.browser(cast.quinten)
    page(cast, cast.quinten, a_round)
    with CaptureQueriesContext(connections["default"]) as default, CaptureQueriesContext(connections["vault"]) as vault:
        browser.get(f"/kantoor/zien/{a_round.pk}/{now()}/")
    return [len(default), len(vault)]


# --- releasing -----------------------------------------------------------------------------------------------------


def test_releasing_is_explained_then_asked_then_done_by_the_worker_once(cast: Cast) -> None:
    a_round = cast.round()
    hear(a_round, faces(MANY))
    browser = cast.browser(cast.quinten)
    address = f"/kantoor/zien/{a_round.pk}/{now()}/vrijgeven/"

    explained = plain(browser, address)
    assert AskedRelease.objects.count() == 0
    asked = browser.post(address, follow=True).content.decode()
    assert Release.objects.count() == 0
    changes.release_asked()
    done = plain(browser, f"/kantoor/zien/{a_round.pk}/{now()}/gevraagd/")
    browser.post(address)
    changes.release_asked()
    again = plain(browser, f"/kantoor/zien/{a_round.pk}/{now()}/gevraagd/")

    assert "never change" in explained
    assert "The figures are being made" in asked
    assert "data-waiting" in asked
    assert 'http-equiv="refresh"' not in asked  # WCAG 2.2.1: a page may not move on its own; the link is always there
    assert f'href="/kantoor/zien/{a_round.pk}/{now()}/gevraagd/"' in asked
    assert "Released (release 1)" in done
    assert f'href="/kantoor/zien/{a_round.pk}/{now()}/"' in done
    assert "data-waiting" not in done
    assert "nothing new to show yet" in again
    assert Release.objects.count() == 1


def test_while_it_waits_the_page_that_explains_leads_to_how_it_stands(cast: Cast) -> None:
    a_round = cast.round()
    hear(a_round, faces(MANY))
    changes.ask_release(a_round, now(), by=cast.quinten)

    answer = cast.browser(cast.quinten).get(f"/kantoor/zien/{a_round.pk}/{now()}/vrijgeven/")

    assert (answer.status_code, answer["Location"]) == (302, f"/kantoor/zien/{a_round.pk}/{now()}/gevraagd/")


def test_when_no_worker_begins_the_page_says_what_to_do(cast: Cast) -> None:
    a_round = cast.round()
    hear(a_round, faces(MANY))
    changes.ask_release(a_round, now(), by=cast.quinten)
    AskedRelease.objects.update(asked_at=clock.now() - dt.timedelta(minutes=2))

    html = page(cast, cast.quinten, a_round, "gevraagd")

    assert "Ask the operator whether the worker runs" in html
    assert [thing.urgent for thing in today.things_for(cast.quinten, clock.today())][0]


def test_a_page_of_an_asking_that_never_was_does_not_exist(cast: Cast) -> None:
    a_round = cast.round()
    hear(a_round, faces(MANY))

    assert status(cast, cast.quinten, f"{a_round.pk}/{now()}/gevraagd/") == 404


@pytest.mark.parametrize(
    ("state", "said"),
    [(State.FAILED, "something went wrong"), (State.NOT_ALLOWED, "may not release figures any more")],
)
def test_a_refusal_says_why_and_can_be_asked_again(cast: Cast, state: State, said: str) -> None:
    a_round = cast.round()
    hear(a_round, faces(MANY))
    changes.ask_release(a_round, now(), by=cast.quinten)
    AskedRelease.objects.update(state=state)

    html = page(cast, cast.quinten, a_round, "gevraagd")

    assert said in html
    assert f'href="/kantoor/zien/{a_round.pk}/{now()}/vrijgeven/"' in html


def test_only_the_adviser_releases_and_only_a_quarter_with_answers(cast: Cast) -> None:
    a_round = cast.round(team=cast.bram.team)
    hear(a_round, faces(MANY))
    team_of_three(cast)

    def tried(member: Member, period: str) -> int:
        return cast.browser(member).post(f"/kantoor/zien/{a_round.pk}/{period}/vrijgeven/").status_code

    assert [tried(cast.bram, now()), tried(cast.petra, now()), tried(cast.daan, now())] == [403, 403, 404]
    assert [tried(cast.quinten, "2019-Q1"), tried(cast.quinten, "x")] == [404, 404]
    assert (AskedRelease.objects.count(), Release.objects.count()) == (0, 0)
    changes.ask_release(a_round, now(), by=cast.quinten)
    assert status(cast, cast.bram, f"{a_round.pk}/{now()}/gevraagd/") == 403
    assert status(cast, cast.daan, f"{a_round.pk}/{now()}/gevraagd/") == 404


def test_a_blocked_release_says_so_and_shows_nothing(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    finding = Finding("heard", "cell", "heard/all/1", 1, 3)
    monkeypatch.setattr(auditor, "audit", lambda *_args, **_more: Audit(1, (finding,), policy.load().sha256))
    a_round = cast.round()
    hear(a_round, faces(MANY))

    changes.ask_release(a_round, now(), by=cast.quinten)
    changes.release_asked()

    assert "Not released" in page(cast, cast.quinten, a_round, "gevraagd")
    assert status(cast, cast.quinten, f"{a_round.pk}/{now()}/") == 404


def test_the_list_tells_the_adviser_which_quarters_wait_and_nobody_how_many(cast: Cast) -> None:
    team_of_three(cast)
    a_round = cast.round(team=cast.bram.team)
    hear(a_round, faces({"1": 7}))

    adviser, officer = (plain(cast.browser(member), "/kantoor/zien/") for member in (cast.quinten, cast.bram))

    assert f"/kantoor/zien/{a_round.pk}/{now()}/vrijgeven/" in adviser
    assert "vrijgeven" not in officer
    assert "Nothing released yet" in officer


def test_an_empty_list_teaches(cast: Cast) -> None:
    assert "No figures yet" in plain(cast.browser(cast.rosa), "/kantoor/zien/")


# --- beside the figures --------------------------------------------------------------------------------------------


def approve(cast: Cast, a_round: Round, number: int) -> None:
    """Approved texts, as a reader leaves them."""
    same: dict[str, Any] = {
        "office_id": cast.office.pk,
        "version_id": a_round.version_id,
        "question": "good",
        "voice": "youth",
        "language": "nl",
    }
    for place in range(number):
        text = OpenText.objects.create(id=uuid.uuid4(), period=now(), box=b"", **same)
        ReadText.objects.create(text=text, period=now(), verdict=Verdict.APPROVED, words=f"gezegd <{place}>", **same)


def test_approved_words_are_for_advisers_and_from_ten(cast: Cast) -> None:
    team_of_three(cast)
    a_round = cast.round(team=cast.bram.team)
    released(a_round, faces(MANY))
    approve(cast, a_round, 9)
    nine = page(cast, cast.quinten, a_round)
    approve(cast, a_round, 1)

    seen = {
        name: "gezegd" in page(cast, getattr(cast, name), a_round) for name in ("quinten", "petra", "bram", "lotte")
    }

    assert "gezegd" not in nine
    assert seen == {"quinten": True, "petra": False, "bram": False, "lotte": False}
    assert "gezegd &lt;3&gt;" in page(cast, cast.quinten, a_round)


def test_two_released_quarters_stand_beside_each_other(cast: Cast) -> None:
    a_round = cast.round()
    released(a_round, faces({"1": 20, "4": 20, "5": 20}))
    assert "Quarter by quarter" not in page(cast, cast.quinten, a_round)
    released(a_round, faces({"1": 30, "4": 15, "5": 15}), period="2020-Q1")

    html = page(cast, cast.quinten, a_round)

    assert "Quarter by quarter" in html
    assert html.index("quarter 1 of 2020</th>".replace(" ", "\N{NO-BREAK SPACE}", 3)) < html.rindex(
        f"of\N{NO-BREAK SPACE}{now()[:4]}</th>"
    )


def test_other_rounds_are_listed_without_their_figures(cast: Cast) -> None:
    here, there = cast.round(name="Hier"), cast.round(name="Daar")
    released(here, faces({"1": 20, "5": 30}))
    released(there, faces({"1": 40, "5": 15}))

    html = page(cast, cast.quinten, here)

    assert f"/kantoor/zien/{there.pk}/{now()}/" in html
    assert "75\N{NO-BREAK SPACE}%" not in html
