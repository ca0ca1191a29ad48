"""The pages of questionnaires: asking is the quality adviser's work."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from tests.cast import Cast

from gehoor.answers.models import Envelope
from gehoor.questionnaires import format as questionnaire_format
from gehoor.questionnaires import queries
from gehoor.questionnaires.models import Questionnaire, Version

pytestmark = pytest.mark.django_db

ROOT = "/kantoor/vragenlijsten/"
LANGUAGES = ["nl", "en", "tr", "ar", "pl", "uk", "es"]


@pytest.fixture
def version(cast: Cast) -> Version:
    return queries.newest("jongere", office=cast.office)


def changed(version: Version, **facts: object) -> dict[str, object]:
    """The file of a questionnaire, with other facts."""
    return {**json.loads(questionnaire_format.write(queries.content_of(version.pk))), **facts}


def handed_in(cast: Cast, content: object, *, by=None):
    text = content if isinstance(content, bytes) else json.dumps(content).encode()
    return cast.browser(by or cast.quinten).post(f"{ROOT}inlezen/", {"file": SimpleUploadedFile("x.json", text)})


def test_only_quality_advisers_see_the_pages_of_asking(cast: Cast, version):
    pages = [ROOT, f"{ROOT}{version.pk}/", f"{ROOT}{version.pk}/bestand/", f"/kantoor/voorbeeld/{version.pk}/"]

    seen = {
        name: {cast.browser(member).get(page).status_code for page in pages}
        for name, member in cast.everybody().items()
    }

    others = {name: {403} for name in ("rosa", "tariq", "bram", "lotte", "petra")}
    assert seen == {"quinten": {200}, "daan": {200}, **others}  # ready questionnaires are everybody's
    assert {cast.browser().get(page).status_code for page in pages} == {302}


def test_the_list_shows_the_four_voices(cast: Cast):
    page = cast.browser(cast.quinten).get(ROOT)

    assert {shown.content.voice for shown in page.context["found"]} == {"youth", "parent", "child", "partner"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_questionnaire_is_shown_whole_in_every_language(cast: Cast, version, language):
    content = queries.content_of(version.pk)

    page = cast.browser(cast.quinten).get(f"{ROOT}{version.pk}/?taal={language}")

    shown = [question.text for question in page.context["questions"]]
    assert shown == [question.text[language] for question in content.questions]


def test_a_language_that_is_not_there_falls_back_to_dutch(cast: Cast, version):
    assert cast.browser(cast.quinten).get(f"{ROOT}{version.pk}/?taal=xx").context["language"].code == "nl"


def test_what_goes_out_comes_in_again(cast: Cast, version):
    file = cast.browser(cast.quinten).get(f"{ROOT}{version.pk}/bestand/")
    content = {**json.loads(file.content), "key": "eigen"}

    taken = handed_in(cast, content)

    own = queries.newest("eigen", office=cast.office)
    assert taken["Location"] == f"{ROOT}{own.pk}/"
    assert queries.content_of(own.pk).questions == queries.content_of(version.pk).questions


def test_an_own_questionnaire_is_not_there_for_another_office(cast: Cast, version):
    handed_in(cast, changed(version, key="eigen"))
    own = queries.newest("eigen", office=cast.office)

    seen = [cast.browser(cast.daan).get(f"{ROOT}{own.pk}/{part}").status_code for part in ("", "bestand/")]

    assert seen == [404, 404]
    assert "eigen" not in cast.browser(cast.daan).get(ROOT).content.decode()


def test_every_fault_is_named_with_its_place_and_nothing_is_taken_in(cast: Cast, version):
    before = Questionnaire.objects.count()
    content = changed(version, key="Eigen", voice="cat", extra=1)

    page = handed_in(cast, content)

    problems = page.context["form"].non_field_errors()
    assert page.status_code == 422
    assert sorted(problem.partition(":")[0] for problem in problems) == [
        "line 1, extra",
        "line 1, key",
        "line 1, voice",
    ]
    assert Questionnaire.objects.count() == before


@pytest.mark.parametrize("content", [b"{", b"\xff\xfe", b"x" * (1024 * 1024 + 1), b"[" * 100_000])
def test_a_file_that_is_no_questionnaire_is_refused(cast: Cast, content):
    assert handed_in(cast, content).status_code == 422


def test_only_the_quality_adviser_takes_in(cast: Cast, version):
    others = [member for name, member in cast.everybody().items() if name not in {"quinten", "daan"}]

    seen = {handed_in(cast, changed(version, key="eigen"), by=member).status_code for member in others}

    assert seen == {403}
    assert not Questionnaire.objects.filter(key="eigen").exists()


# --- the example --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_example_is_the_page_of_a_client_in_every_language(cast: Cast, version, language):
    page = cast.browser(cast.quinten).get(f"/kantoor/voorbeeld/{version.pk}/?taal={language}")

    text = page.content.decode()
    content = queries.content_of(version.pk)
    assert page.status_code == 200
    assert f'<html lang="{language}"' in text
    assert all(question.text[language] in text for question in content.questions)
    assert all(f'href="?taal={each}"' in text for each in LANGUAGES)
    assert 'class="voorbeeld" lang="en"' in text


def test_an_example_leads_nowhere_where_something_is_kept(cast: Cast, version):
    browser = cast.browser(cast.quinten)
    page = f"/kantoor/voorbeeld/{version.pk}/"

    text = browser.get(page).content.decode()
    sent = browser.post(f"{page}verstuurd/", {"q.heard": "4", "verstuur": "1"})

    assert [address for address in ('"/vragen/"', '"/stop/"', '"/weg/"') if address in text] == []
    assert (sent.status_code, Envelope.objects.count()) == (200, 0)
    assert browser.get(f"{page}einde/").status_code == 200


def test_an_example_runs_no_script_and_stands_in_no_frame(cast: Cast, version):
    policy = cast.browser(cast.quinten).get(f"/kantoor/voorbeeld/{version.pk}/")["Content-Security-Policy"]

    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy


def test_the_example_of_another_office_does_not_exist(cast: Cast, version):
    handed_in(cast, changed(version, key="eigen"))
    own = queries.newest("eigen", office=cast.office)

    seen = [cast.browser(cast.daan).get(f"/kantoor/voorbeeld/{own.pk}/{part}").status_code for part in ("", "einde/")]

    assert seen == [404, 404]
    assert cast.browser().get(f"/kantoor/voorbeeld/{own.pk}/").status_code == 302
