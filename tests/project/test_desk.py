"""The start page by role, the account, the language, and the pages around log-in."""

import datetime as dt
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import hotp_value, yield_hotp_counters_from_time
from django.core.cache import cache
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from tests.cast import PASSWORD, Cast

from gehoor.answers.models import Batch, Envelope
from gehoor.base import clock
from gehoor.meetings import changes as meetings
from gehoor.offices import changes as offices
from gehoor.offices.models import Account, Office
from gehoor.privacy import changes as privacy
from gehoor.project import today
from gehoor.reading import changes as reading
from gehoor.reading import queries as reading_queries
from gehoor.results import changes as results
from gehoor.rounds import changes as rounds

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _no_guesses_yet() -> None:
    """Failed log-ins are counted in memory: each test begins at none."""
    cache.clear()


TUESDAY = dt.date(2026, 11, 17)


def titles(cast: Cast, person: str, day: dt.date | None = None) -> list[str]:
    """What stands on somebody's start page."""
    return [thing.title for thing in today.things_for(cast.everybody()[person], day or clock.today())]


def calm(cast: Cast) -> None:
    """The worker ran: the privacy officer has nothing to ask."""

    privacy.retain(clock.today())


def test_an_office_where_nothing_waits_says_so_to_everybody(cast: Cast) -> None:
    calm(cast)

    for person, member in cast.everybody().items():
        page = cast.browser(member).get(reverse("desk:start"))
        assert page.status_code == 200
        assert titles(cast, person) == []
        assert 'class="empty"' in page.content.decode()


def test_the_adviser_sees_drafts_and_rounds_that_end_or_have_no_codes(cast: Cast) -> None:
    now = clock.today()
    ending, quiet, codeless = (
        cast.round(name="Eindigt", ends_on=now + dt.timedelta(10)),
        cast.round(name="Loopt"),
        cast.round(name="Leeg"),
    )
    for a_round in (ending, quiet):
        cast.codes(a_round, 2)
    facts = {
        name: getattr(quiet, name)
        for name in ("moment", "stage", "product", "anonymity", "purpose", "readers", "starts_on", "ends_on")
    }
    rounds.make_round(cast.office, quiet.version, name="Concept", **facts)

    assert set(titles(cast, "quinten")) == {"Eindigt", "Leeg", "Concept"}
    assert "Leeg" not in titles(cast, "bram")
    assert titles(cast, "daan") == []
    assert codeless.name == "Leeg"


def test_the_adviser_sees_meetings_that_come_that_nobody_ended_and_that_nobody_heard_of(cast: Cast) -> None:
    now = clock.today()
    days = {"Vandaag": 0, "Open": 0, "Straks": 5, "Later": 40, "Vergeten": -2, "Verzwegen": -3, "Verteld": -4}
    held = {
        name: meetings.plan(
            cast.office, kind="focus_group", name=name, purpose="Leren.", held_on=now + dt.timedelta(days)
        )
        for name, days in days.items()
    }
    for name in ("Open", "Vergeten", "Verzwegen", "Verteld"):
        meetings.open_doors(held[name])
    for name in ("Verzwegen", "Verteld"):
        meetings.end(held[name])
    meetings.tell_outcome(held["Verteld"], "We bellen voortaan eerst.")

    things = {thing.title: thing for thing in today.things_for(cast.quinten, now)}

    assert list(things) == ["Vergeten", "Vandaag", "Open", "Straks", "Verzwegen"]
    assert things["Vergeten"].icon == "warning"
    assert "doors are open" in things["Open"].why
    assert titles(cast, "bram") == titles(cast, "lotte") == []
    assert all(cast.browser(cast.quinten).get(thing.href, follow=True).status_code == 200 for thing in things.values())


def test_the_order_is_that_of_the_work_with_urgent_things_first(cast: Cast) -> None:
    cast.round(name="Leeg")
    cast.hear(cast.round(name="Vol"), [{"heard": "5"}] * 30)
    batch = Batch.objects.create(
        dispatch=cast.codes(cast.round(name="Kwijt"), 1)[0], public_key=b"x" * 32, key_lost=True, closed=True
    )

    Envelope.objects.create(id="00000000-0000-4000-8000-000000000001", batch=batch, box=b"x")

    things = today.things_for(cast.quinten, clock.today())

    assert [thing.icon for thing in things][0] == "warning"
    assert things[0].urgent
    icons = [thing.icon for thing in things[1:]]
    assert icons == sorted(icons, key=["ask", "read", "see"].index)


def test_a_lost_key_is_loud_for_the_adviser_and_the_privacy_officer(cast: Cast) -> None:

    calm(cast)
    a_round = cast.round()
    cast.codes(a_round, 1)
    batch = Batch.objects.create(dispatch=cast.codes(a_round, 1)[0], public_key=b"x" * 32, key_lost=True, closed=True)
    Envelope.objects.create(id="00000000-0000-4000-8000-000000000001", batch=batch, box=b"x")

    loud = {
        person
        for person in cast.everybody()
        if any(thing.urgent for thing in today.things_for(cast.everybody()[person], clock.today()))
    }

    assert loud == {"quinten", "petra"}


def test_texts_wait_for_readers_and_too_long_for_everybody_who_can_help(cast: Cast) -> None:
    with clock.turned_to(TUESDAY):
        calm(cast)
        cast.hear(cast.round(), [{"heard": "4", "good": "Fijn."}])
        cast.office.refresh_from_db()

    fresh = {person: titles(cast, person, TUESDAY) for person in ("rosa", "tariq", "petra", "bram", "lotte")}
    late = {
        person: [thing.urgent for thing in today.things_for(cast.everybody()[person], TUESDAY + dt.timedelta(2))]
        for person in cast.everybody()
    }

    assert len(fresh["rosa"]) == len(fresh["tariq"]) == 1
    assert fresh["petra"] == fresh["bram"] == fresh["lotte"] == []
    assert {person for person, urgent in late.items() if any(urgent)} == {"rosa", "tariq", "petra", "quinten"}


def test_triage_sees_what_waits_at_triage_and_readers_do_not(cast: Cast) -> None:
    cast.hear(cast.round(), [{"heard": "4", "good": "Mijn vader slaat mij."}])
    [text] = reading_queries.queue(cast.office)
    reading.pass_to_triage(cast.rosa, text.pk)

    assert len(titles(cast, "tariq")) == 1
    assert titles(cast, "rosa") == []


def test_figures_that_can_be_released_wait_for_the_adviser_and_then_show_to_the_team(cast: Cast) -> None:
    for name in ("Els", "Onno"):
        offices.add_member(cast.office, email=f"{name}@voorbeeld.nl", name=name, roles=["officer"], team="Noord")
    a_round = cast.round(name="Noord", team=cast.bram.team)
    cast.hear(a_round, [{"heard": "5"}] * 18 + [{"heard": "3"}] * 12)
    quarter = clock.quarter(clock.today())
    period = clock.quarter_in_words(quarter)
    waiting = titles(cast, "quinten")

    results.release_round(a_round, quarter)

    assert any(period in title for title in waiting)
    assert not any(period in title for title in titles(cast, "quinten"))
    assert titles(cast, "bram") == titles(cast, "lotte") == [f"Noord, {period}"]


def test_the_privacy_officer_hears_that_the_worker_stands_still(cast: Cast) -> None:
    assert len(titles(cast, "petra")) == 1
    calm(cast)

    assert titles(cast, "petra") == []
    assert len(titles(cast, "petra", clock.today() + dt.timedelta(9))) == 1


def test_each_button_on_a_start_page_leads_somewhere(cast: Cast) -> None:
    cast.round(name="Leeg")
    cast.hear(cast.round(name="Vol"), [{"heard": "5", "good": "Fijn."}] * 30)

    for member in cast.everybody().values():
        browser = cast.browser(member)
        for thing in today.things_for(member, clock.today()):
            assert browser.get(thing.href).status_code == 200, thing


def test_a_member_of_two_offices_chooses_and_stays(cast: Cast) -> None:
    elders = Office.objects.get(slug="elders")
    offices.add_member(elders, email="rosa@voorbeeld.nl", name="Rosa", roles=["policy"])
    browser = cast.browser(cast.rosa)

    browser.post(reverse("desk:office"), {"office": cast.office.pk})
    assert browser.get(reverse("reading:queue")).status_code == 200
    browser.post(reverse("desk:office"), {"office": elders.pk})
    assert browser.get(reverse("reading:queue")).status_code == 403


@pytest.mark.parametrize("office", ["", "x", "999999", "elders"])
def test_an_office_that_is_not_mine_cannot_be_chosen(cast: Cast, office: str) -> None:
    browser = cast.browser(cast.rosa)
    other = str(Office.objects.get(slug="elders").pk) if office == "elders" else office

    browser.post(reverse("desk:office"), {"office": other})

    assert browser.get(reverse("reading:queue")).status_code == 200


def test_the_language_is_kept_with_the_account(cast: Cast) -> None:
    browser = cast.browser(cast.rosa)

    answer = browser.post(reverse("desk:language"), {"language": "en", "next": "/kantoor/"})
    elsewhere = cast.browser(cast.rosa).get(reverse("desk:start"))

    assert answer["Location"] == "/kantoor/"
    assert '<html lang="en"' in elsewhere.content.decode()
    browser.post(reverse("desk:language"), {"language": "xx", "next": "https://kwaad.example/"})
    cast.rosa.account.refresh_from_db()
    assert cast.rosa.account.language == "en"


def test_the_language_switch_leads_nowhere_else(cast: Cast) -> None:
    answer = cast.browser().post(reverse("desk:language"), {"language": "en", "next": "https://kwaad.example/"})

    assert "kwaad" not in answer["Location"]


@pytest.mark.parametrize("name", ["account_login", "account_reset_password", "account_reset_password_done"])
def test_pages_before_log_in_stand_in_our_frame(cast: Cast, name: str) -> None:
    page = cast.browser().get(reverse(name))

    assert page.status_code == 200
    assert page.content.decode().count("<h1>") == 1
    assert 'class="head"' in page.content.decode()


@pytest.mark.parametrize(
    "name", ["desk:account", "account_change_password", "mfa_index", "account_logout", "account_email"]
)
def test_pages_of_the_account_stand_in_our_frame_with_the_navigation(cast: Cast, name: str) -> None:
    page = cast.browser(cast.rosa).get(reverse(name))

    assert page.status_code == 200
    assert page.content.decode().count("<h1>") == 1
    assert 'class="work"' in page.content.decode()


@pytest.mark.parametrize("name", ["journal", "reading-log", "smallest-group", "retention"])
def test_the_pages_about_privacy_have_a_place_in_the_navigation(cast: Cast, name: str) -> None:
    nav = cast.browser(cast.petra).get(reverse(f"privacy:{name}")).content.decode().partition("<nav")[2]

    assert f'<a href="{reverse("privacy:journal")}" aria-current="page">' in nav.partition("</nav>")[0]


def test_who_does_not_watch_over_privacy_has_no_such_place(cast: Cast) -> None:
    for who in ("quinten", "rosa", "bram"):
        page = cast.browser(cast.everybody()[who]).get(reverse("desk:start")).content.decode()
        assert reverse("privacy:journal") not in page


@pytest.mark.parametrize("name", ["account_login", "account_change_password", "account_reauthenticate"])
def test_help_with_a_password_comes_after_the_field(cast: Cast, name: str) -> None:
    browser = cast.browser() if name == "account_login" else cast.browser(cast.rosa)
    main = browser.get(reverse(name)).content.decode().partition("<main")[2]
    label, field = main.index('<label class="label"'), main.index('type="password"')

    assert label < field < main.index(reverse("account_reset_password"))
    assert main.count(reverse("account_reset_password")) == 1
    assert "placeholder" not in main


def test_nobody_can_sign_up(cast: Cast) -> None:
    page = cast.browser().get(reverse("account_signup"))
    posted = cast.browser().post(reverse("account_signup"), {"email": "x@y.nl", "password1": PASSWORD})

    assert "<form" not in page.content.decode().partition("<main")[2]
    assert posted.status_code == 200
    assert not Account.objects.filter(email="x@y.nl").exists()


def test_logging_in_as_a_browser_does_works_with_the_origin_that_browsers_send(cast: Cast) -> None:
    from django.test import Client

    browser = Client(enforce_csrf_checks=True)
    page = browser.get(reverse("account_login"))
    mark = page.content.decode().partition('name="csrfmiddlewaretoken" value="')[2].partition('"')[0]

    answer = browser.post(
        reverse("account_login"),
        {"login": "rosa@voorbeeld.nl", "password": PASSWORD, "csrfmiddlewaretoken": mark},
        headers={"origin": "http://testserver"},
    )

    assert page["Referrer-Policy"] == "same-origin"  # "no-referrer" would make the origin "null", which is refused
    assert (answer.status_code, answer["Location"]) == (302, reverse("desk:start"))


def wrong_passwords(browser: Client, times: int) -> HttpResponse:
    """Guess; returns the last answer."""
    for _attempt in range(times):
        answer = browser.post(reverse("account_login"), {"login": "rosa@voorbeeld.nl", "password": "mis"})
    return answer  # type: ignore[return-value]  # the test client's own kind


def test_after_ten_wrong_passwords_a_calm_page_asks_to_wait(cast: Cast, settings: Any) -> None:
    settings.ACCOUNT_RATE_LIMITS = False  # allauth's own limit comes first; this is about ours

    answer = wrong_passwords(cast.browser(), 10)

    assert answer.status_code in {403, 429}
    assert reverse("account_reset_password") in answer.content.decode()


def test_after_ten_wrong_passwords_the_right_one_does_not_help(cast: Cast) -> None:
    browser = cast.browser()
    wrong_passwords(browser, 10)

    browser.post(reverse("account_login"), {"login": "rosa@voorbeeld.nl", "password": PASSWORD})

    assert browser.get(reverse("desk:start")).status_code == 302


def test_an_account_without_a_place_gets_a_page_that_says_what_to_do(cast: Cast) -> None:
    cast.rosa.delete()

    assert cast.browser(cast.rosa).get(reverse("desk:start")).status_code == 403


def test_the_second_factor_can_be_turned_on(cast: Cast) -> None:
    browser = cast.browser()
    browser.post(reverse("account_login"), {"login": "rosa@voorbeeld.nl", "password": PASSWORD})
    browser.post(reverse("account_reauthenticate"), {"password": PASSWORD})  # is it you?
    page = browser.get(reverse("mfa_activate_totp"))
    secret = page.context["form"].secret

    answer = browser.post(reverse("mfa_activate_totp"), {"code": totp_now(secret)})

    assert answer.status_code == 302
    assert browser.get(reverse("mfa_index")).content.decode().count("tag-positive") == 1


def totp_now(secret: str) -> str:
    """The six digits that an app shows now."""
    counter = next(iter(yield_hotp_counters_from_time()))
    return f"{hotp_value(secret, counter):06}"
