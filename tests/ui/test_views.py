"""The component page is for staff; the respondent sample may be framed by it and by nothing else."""

import pytest
from django.http import Http404
from django.test import RequestFactory

from gehoor.ui import door, views
from gehoor.ui.samples import SAMPLES


class Somebody:
    def __init__(self, *, is_authenticated: bool) -> None:
        self.is_authenticated = is_authenticated


def request(path: str = "/", *, signed_in: bool = True):
    made = RequestFactory().get(path)
    made.user = Somebody(is_authenticated=signed_in)
    return made


@pytest.mark.parametrize("view", [views.components, lambda r: views.door_sample(r, "nl")])
def test_a_stranger_is_sent_to_the_sign_in_page(view, settings):
    settings.LOGIN_URL = "/in/"

    answer = view(request(signed_in=False))

    assert (answer.status_code, answer.url) == (302, "/in/?next=/")


def test_a_sample_in_an_unknown_language_does_not_exist():
    with pytest.raises(Http404):
        views.door_sample(request(), "xx")


def test_the_samples_say_the_same_in_both_directions():
    lengths = {(len(sample.faces), len(sample.choices), len(sample.moments)) for sample in SAMPLES.values()}

    assert lengths == {(5, 4, 3)}
    assert {sample.direction for sample in SAMPLES.values()} == {"ltr", "rtl"}


@pytest.mark.django_db
def test_staff_see_each_element_in_both_directions(cast):
    page = cast.browser(cast.quinten).get("/kantoor/onderdelen/")

    assert page.status_code == 200
    assert page.content.count(b'<section class="section" lang="ar" dir="rtl">') == 1
    assert page.content.count(b"<iframe") == 4 * len(SAMPLES)


@pytest.mark.django_db
def test_the_sample_may_be_framed_by_this_site_only_and_keeps_its_style(cast):
    page = cast.browser(cast.quinten).get("/kantoor/onderdelen/deur/ar/?fout")
    policy = page.headers["Content-Security-Policy"]

    assert page.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert "frame-ancestors 'self'" in policy
    assert f"'sha256-{door.STYLE_SHA256}'" in policy
    assert b'<html lang="ar" dir="rtl">' in page.content
    assert b'role="alert"' in page.content
