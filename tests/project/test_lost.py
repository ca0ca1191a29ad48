"""Addresses of staff that do not exist, and pages for when something goes wrong."""

import pytest
from django.template.loader import render_to_string
from tests.cast import Cast

UNKNOWN = ("/kantoor/bestaatniet/", "/kantoor/vragen/9/niets/", "/kantoor/x", "/kantoor")


@pytest.mark.django_db
@pytest.mark.parametrize("address", UNKNOWN[:3])
def test_staff_find_a_calm_page_with_the_navigation(cast: Cast, address: str) -> None:
    page = cast.browser(cast.quinten).get(address)
    html = page.content.decode()

    assert page.status_code == 404
    assert "Page not found" in html
    assert 'class="work"' in html
    assert 'href="/kantoor/"' in html
    assert "0800-" not in html  # nothing of the client's pages


@pytest.mark.django_db
@pytest.mark.parametrize("address", UNKNOWN)
def test_a_stranger_cannot_tell_an_address_that_exists_from_one_that_does_not(cast: Cast, address: str) -> None:
    browser = cast.browser()
    unknown, known = browser.get(address), browser.get("/kantoor/privacy/")

    assert unknown.status_code == known.status_code == 302
    assert unknown["Location"] == known["Location"].replace("/kantoor/privacy/", address)
    assert sorted(unknown.headers) == sorted(known.headers)


@pytest.mark.django_db
def test_a_file_that_does_not_exist_is_not_there_for_anybody(cast: Cast) -> None:
    for browser in (cast.browser(), cast.browser(cast.quinten)):
        assert browser.get("/static/ui/niets.css").status_code == 404


@pytest.mark.django_db
def test_an_address_without_its_slash_still_leads_on(cast: Cast) -> None:
    answer = cast.browser(cast.quinten).get("/kantoor/vragen")

    assert (answer.status_code, answer["Location"]) == (301, "/kantoor/vragen/")


@pytest.mark.parametrize("code", ["400", "403", "403_csrf", "500"])
def test_an_error_page_needs_no_context_and_says_what_to_do(code: str) -> None:
    html = render_to_string(f"{code}.html")

    assert html.count("<h1>") == 1
    assert "<script" not in html
    assert '<main class="page" id="main"' in html
    assert 'href="/kantoor/"' in html


@pytest.mark.django_db
def test_a_form_without_its_mark_is_refused_in_words(cast: Cast) -> None:
    from django.test import Client

    browser = Client(enforce_csrf_checks=True, headers={"accept-language": "en"})
    browser.force_login(cast.quinten.account, backend="django.contrib.auth.backends.ModelBackend")
    page = browser.post("/kantoor/taal/", {"language": "nl"})

    assert page.status_code == 403
    assert "This page was open for too long" in page.content.decode()
