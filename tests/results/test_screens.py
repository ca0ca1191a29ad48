"""What a reader meets on the pages of figures: which rounds are listed, where one can go on a long page, words for quarters."""

import datetime as dt
import re

import pytest
from tests.cast import Cast
from tests.results.figures import faces, hear, now, page, plain, released, team_of_three

from gehoor.base import clock
from gehoor.results import changes
from gehoor.rounds import changes as rounds
from gehoor.rounds.models import Round

pytestmark = pytest.mark.django_db

MANY = {"1": 20, "5": 30}
SHORT_QUARTER = re.compile(r"\d{4}-Q\d")


def text_of(html: str) -> str:
    """What stands on the screen, without the addresses behind it."""
    return re.sub(r"<[^>]+>", " ", html.partition("<main")[2])


def later(cast: Cast) -> Round:
    """A round that begins in a month."""
    today = clock.today()
    return cast.round(name="Volgende maand", starts_on=today + dt.timedelta(30), ends_on=today + dt.timedelta(60))


def test_only_rounds_with_something_to_see_or_to_wait_for_are_listed(cast: Cast) -> None:
    begun, old = cast.round(name="Loopt"), cast.round(name="Vrijgegeven")
    released(old, faces(MANY))
    later(cast)
    draft = Round.objects.get(pk=cast.round(name="Concept").pk)
    Round.objects.filter(pk=draft.pk).update(status="draft")

    html = plain(cast.browser(cast.quinten), "/kantoor/zien/")

    assert [name for name in ("Loopt", "Vrijgegeven", "Volgende maand", "Concept") if name in html] == [
        "Loopt", "Vrijgegeven",
    ]  # fmt: skip
    assert "on its first day" in html
    assert begun.name == "Loopt"


def test_older_research_that_waits_for_release_is_listed_before_its_round_begins(cast: Cast) -> None:
    a_round = later(cast)
    hear(a_round, faces(MANY), period="2024-Q2")

    assert "Volgende maand" in plain(cast.browser(cast.quinten), "/kantoor/zien/")


def test_whether_a_round_is_listed_says_nothing_about_its_answers(cast: Cast) -> None:
    """An officer learns nothing from the list: a round with answers and one without look alike."""
    team_of_three(cast)
    heard, silent = (cast.round(name=name, team=cast.bram.team) for name in ("Gehoord", "Stil"))
    hear(heard, faces(MANY))
    for a_round in (heard, silent):
        rounds.close_round(a_round)

    html = plain(cast.browser(cast.bram), "/kantoor/zien/")

    assert ("Gehoord" in html, "Stil" in html) == (True, True)


def test_with_nothing_begun_the_page_teaches(cast: Cast) -> None:
    later(cast)

    html = plain(cast.browser(cast.quinten), "/kantoor/zien/")

    assert "No figures yet" in html
    assert "on its first day" in html


def test_each_link_of_the_list_leads_to_a_part_of_the_page_and_none_is_left_out(cast: Cast) -> None:
    a_round = cast.round()
    rows = [{**row, "background": "age_14_15", "informed": "yes"} for row in faces(MANY)]
    released(a_round, rows)
    released(a_round, rows, period="2020-Q1")
    released(cast.round(name="Andere"), rows)

    html = page(cast, cast.quinten, a_round)
    links = re.findall(r'<a href="#([\w-]+)"', html.partition('<nav class="contents')[2].partition("</nav>")[0])
    parts = re.findall(r'<section class="section" aria-labelledby="([\w-]+)"', html)

    assert links == parts
    assert [name for name in links if html.count(f'id="{name}"') != 1] == []
    assert {"said", "about", "q-heard-h", "words", "line", "others"} <= set(links)


def test_tables_by_group_are_folded_and_say_what_they_are_split_by(cast: Cast) -> None:
    a_round = cast.round()
    for product in ("verzuim", "verlof"):
        hear(a_round, faces(MANY), product=product)
    changes.release_round(a_round, now())

    html = page(cast, cast.quinten, a_round)
    heard = html.partition('aria-labelledby="q-heard-h"')[2].partition('<section class="section"')[0]

    assert "<summary>Split: by subject" in heard
    assert heard.index("<table") < heard.index("<details") < heard.rindex("<table")


def test_no_short_quarter_stands_on_any_screen_of_figures(cast: Cast) -> None:
    a_round, waiting = cast.round(), cast.round(name="Wacht")
    released(a_round, faces(MANY))
    released(a_round, faces(MANY), period="2020-Q1")
    released(cast.round(name="Andere"), faces(MANY))
    hear(waiting, faces(MANY))
    browser = cast.browser(cast.quinten)
    addresses = ["/kantoor/", "/kantoor/zien/", "/kantoor/doen/", f"/kantoor/zien/{waiting.pk}/"]
    addresses += [f"/kantoor/zien/{a_round.pk}/{now()}/{end}" for end in ("", "vrijgeven/")]
    addresses += [f"/kantoor/doen/{a_round.pk}/{now()}/"]

    found = {address: text_of(plain(browser, address)) for address in addresses}

    assert {address: SHORT_QUARTER.findall(text) for address, text in found.items() if SHORT_QUARTER.search(text)} == {}
    assert [address for address, text in found.items() if "quarter\N{NO-BREAK SPACE}" not in text] == []


def test_the_sheet_for_the_talk_says_what_clients_said(cast: Cast) -> None:
    a_round = cast.round()
    released(a_round, faces(MANY))

    sheet = plain(cast.browser(cast.quinten), f"/kantoor/doen/{a_round.pk}/{now()}/")

    assert re.search(r"<li[^>]*>[^<]*Leerplicht[^<]*About [^<]*youths say", sheet)
    assert not re.search(r"<li[^>]*>\s*</li>", sheet)
