"""The pages of the reading room, as readers, triage and strangers meet them."""

import re

import pytest
from django.urls import reverse
from tests.cast import Cast, answers_opened
from tests.reading.room import POSTS, hear_text, hear_texts, openings, page

from gehoor.offices import changes as offices
from gehoor.offices.models import Member
from gehoor.reading import changes, queries
from gehoor.reading.models import Concern, ReadText, Verdict

pytestmark = pytest.mark.django_db

OUTSIDERS = ("quinten", "bram", "lotte", "petra")
CONCERN = {"category": "violence", "step": "consulted", "decision": "Advies gevraagd bij Veilig Thuis."}


def reader_elsewhere(cast: Cast) -> Member:
    """A reader of the other office."""
    return offices.add_member(cast.daan.office, email="ria@elders.nl", name="Ria", roles=["reader", "triage"])


@pytest.mark.parametrize("person", OUTSIDERS)
def test_outsiders_reach_no_page_of_the_reading_room(cast: Cast, person: str) -> None:
    text, member = hear_text(cast, "Geheime woorden."), cast.everybody()[person]
    browser = cast.browser(member)

    answers = [browser.get(reverse(f"reading:{name}")) for name in ("queue", "next", "triage")]
    answers += [page(cast, member, name, text) for name in ("text", "flagged")]
    answers += [
        page(cast, member, name, text, {"words": "x", "why": "x", **CONCERN}) for name in ("text", "flagged", *POSTS)
    ]

    assert {answer.status_code for answer in answers} == {403}
    assert all("Geheime woorden" not in answer.content.decode() for answer in answers)
    assert openings(member) == []
    assert ReadText.objects.count() == Concern.objects.count() == 0


def test_a_stranger_is_sent_to_the_log_in_page(cast: Cast) -> None:
    text = hear_text(cast, "Fijn.")

    for name in ("text", "flagged", *POSTS):
        answer = cast.browser().post(reverse(f"reading:{name}", args=[text.pk]), {"words": "x"})
        assert answer.status_code in {302, 405}, name
    assert ReadText.objects.count() == 0


def test_a_text_of_another_office_is_not_found(cast: Cast) -> None:
    text, ria = hear_text(cast, "Geheime woorden."), reader_elsewhere(cast)

    answers = [page(cast, ria, name, text) for name in ("text", "flagged")]
    answers += [
        page(cast, ria, name, text, {"words": "x", "why": "x", **CONCERN}) for name in ("text", "flagged", *POSTS)
    ]

    assert {answer.status_code for answer in answers} == {404}
    assert ReadText.objects.count() == 0


@pytest.mark.parametrize("name", ["text", "look", "approve", "set-aside", "concern", "flagged"])
def test_a_reader_does_not_get_at_a_text_at_triage(cast: Cast, name: str) -> None:
    text = hear_text(cast, "Mijn vader slaat mij.")
    changes.pass_to_triage(cast.rosa, text.pk)

    answer = page(cast, cast.rosa, name, text, {"words": "x", "why": "nieuwsgierig", **CONCERN})

    assert answer.status_code == 403
    assert "Mijn vader" not in answer.content.decode()
    assert openings(cast.rosa) == []


def test_the_queue_counts_and_shows_no_word(cast: Cast) -> None:
    hear_texts(cast, ["Mijn vader slaat mij.", "Fijn."])

    shown = cast.browser(cast.rosa).get(reverse("reading:queue")).content.decode()

    assert "vader" not in shown
    assert re.search(r'<td class="number"><span class="cluster-end">2 ', shown)
    assert openings(cast.rosa) == []


def test_an_empty_queue_teaches(cast: Cast) -> None:
    shown = cast.browser(cast.rosa).get(reverse("reading:queue"))

    assert 'class="empty"' in shown.content.decode()


def test_opening_is_logged_and_opening_again_is_logged_again(cast: Cast) -> None:
    text = hear_text(cast, "Fatima belde 06-12345678.")

    first = page(cast, cast.rosa, "text", text).content.decode()
    page(cast, cast.rosa, "text", text)

    assert "06-12345678</mark>" in first
    assert "[telefoon]" in first
    assert openings(cast.rosa) == [f"{text.period} good"] * 2


def test_each_page_with_raw_words_is_logged_also_when_it_was_posted_at_once(cast: Cast) -> None:
    text = hear_text(cast, "Geheime woorden.")

    again = page(cast, cast.rosa, "text", text, {"words": "x"})
    refused = page(cast, cast.rosa, "look", text, {"words": "Bel 06-12345678"})

    assert all("Geheime woorden" in answer.content.decode() for answer in (again, refused))
    assert len(openings(cast.rosa)) == 2


def test_the_result_page_shows_no_raw_words_and_is_no_opening(cast: Cast) -> None:
    text = hear_text(cast, "Fatima luisterde.")

    shown = page(cast, cast.rosa, "look", text, {"words": "[naam] luisterde."}).content.decode()

    assert "[naam] luisterde." in shown
    assert "Fatima" not in shown
    assert openings(cast.rosa) == []
    assert queries.queue(cast.office) == [text]


def test_what_points_at_a_person_is_refused_at_the_field_and_nothing_is_lost(cast: Cast) -> None:
    text = hear_text(cast, "Fatima belde 06-12345678 en het was fijn.")

    for name in ("look", "approve"):
        answer = page(cast, cast.rosa, name, text, {"words": "Mijn eigen werk, 06-12345678", "hide": ["0"]})
        shown = answer.content.decode()
        assert answer.status_code == 422
        assert "Mijn eigen werk, 06-12345678</textarea>" in shown
        assert 'id="id_words_error"' in shown
        assert re.search(r'name="hide" value="0" checked', shown)
        assert re.search(r'name="hide" value="1">', shown)
    assert queries.queue(cast.office) == [text]


def test_without_script_a_proposal_is_taken_back_by_its_tick_box(cast: Cast) -> None:
    text = hear_text(cast, "Fatima belde 06-12345678.")

    shown = page(cast, cast.rosa, "text", text, {"apply": "1", "hide": ["1", "99", "x"]}).content.decode()

    assert "Fatima belde [telefoon].</textarea>" in shown


def test_approving_goes_to_the_next_text(cast: Cast) -> None:
    one, other = hear_texts(cast, ["Fijn.", "Goed."])
    browser = cast.browser(cast.rosa)

    answer = browser.post(reverse("reading:approve", args=[one.pk]), {"words": "Fijn."}, follow=True)

    assert answer.redirect_chain[-1][0] == reverse("reading:text", args=[other.pk])
    assert ReadText.objects.get().words == "Fijn."


def test_after_the_last_text_the_queue_says_that_all_is_read(cast: Cast) -> None:
    text = hear_text(cast, "Fijn.")

    answer = cast.browser(cast.rosa).post(reverse("reading:set-aside", args=[text.pk]), follow=True)

    assert answer.redirect_chain[-1][0] == reverse("reading:queue")
    assert 'class="empty"' in answer.content.decode()


def test_the_second_of_two_readers_gets_a_calm_message(cast: Cast) -> None:
    text = hear_text(cast, "Fijn.")
    first, second = cast.browser(cast.rosa), cast.browser(cast.tariq)
    for browser in (first, second):
        browser.get(reverse("reading:text", args=[text.pk]))
    first.post(reverse("reading:approve", args=[text.pk]), {"words": "Fijn."})

    answers = [
        second.post(reverse(f"reading:{name}", args=[text.pk]), {"words": "Anders."}, follow=True)
        for name in ("look", "approve", "set-aside", "pass-on")
    ]
    answers.append(second.get(reverse("reading:text", args=[text.pk]), follow=True))

    for answer in answers:
        assert answer.status_code == 200
        assert answer.redirect_chain[-1][0] == reverse("reading:queue")
        assert 'class="notice' in answer.content.decode()
    assert ReadText.objects.get().words == "Fijn."


@pytest.mark.parametrize(
    "words",
    [
        "<script>alert(1)</script>",
        '"><img src=x onerror=alert(1)>',
        "</textarea><script>alert(1)</script>",
        "</bdi></mark><b onclick=alert(1)>",
        "{{ request.user }} {% csrf_token %}",
    ],
)
def test_a_text_with_markup_is_shown_as_text(cast: Cast, words: str) -> None:
    text = hear_text(cast, words)

    shown = page(cast, cast.rosa, "text", text).content.decode()
    result = page(cast, cast.rosa, "look", text, {"words": words}).content.decode()

    for one in (shown, result):
        assert "<script>alert" not in one
        assert "<img src=x" not in one
        assert "<b onclick" not in one
        assert one.count("</textarea>") <= 1


@pytest.mark.parametrize("words", ["RTL \u202eevil txet\u202c", "nul\u200bbreedte", "😀 𝔤𝔬𝔢𝔡", "\u2067omgekeerd\u2069"])
def test_a_text_with_strange_characters_is_shown_isolated(cast: Cast, words: str) -> None:
    text = hear_text(cast, words)

    shown = page(cast, cast.rosa, "text", text).content.decode()

    assert re.search(r'<bdi dir="auto" lang="nl" id="raw">', shown)


def test_an_arabic_text_stands_beside_its_question_in_two_languages(cast: Cast) -> None:
    _dispatch, [code] = cast.codes(cast.round(), 1)
    cast.answer(code, {"heard": "4", "good": "كان الحديث جيدًا"}, language="ar")
    answers_opened()
    [text] = queries.queue(cast.office)

    shown = page(cast, cast.rosa, "text", text).content.decode()

    assert '<bdi dir="auto" lang="ar" id="raw">' in shown
    assert '<bdi class="reading-other" lang="ar" dir="rtl">' in shown
    assert "Nederlands" not in shown or "العربية" in shown


def test_triage_opens_a_text_only_with_a_reason_and_the_reason_is_logged(cast: Cast) -> None:
    text = hear_text(cast, "Mijn vader slaat mij.")
    changes.pass_to_triage(cast.rosa, text.pk)

    asked = page(cast, cast.tariq, "flagged", text)
    empty = page(cast, cast.tariq, "flagged", text, {"why": "  "})
    without = page(cast, cast.tariq, "text", text, {"words": "x"})
    opened = page(cast, cast.tariq, "flagged", text, {"why": "eerste blik"})

    assert [answer.status_code for answer in (asked, empty, without, opened)] == [200, 422, 403, 200]
    assert all("Mijn vader" not in answer.content.decode() for answer in (asked, empty, without))
    assert "Mijn vader" in opened.content.decode()
    assert openings(cast.tariq) == [f"{text.period} good: eerste blik"]


def test_the_plain_address_of_a_text_at_triage_asks_for_the_reason_first(cast: Cast) -> None:
    text = hear_text(cast, "Mijn vader slaat mij.")
    changes.pass_to_triage(cast.rosa, text.pk)

    answer = page(cast, cast.tariq, "text", text)

    assert (answer.status_code, answer["Location"]) == (302, reverse("reading:flagged", args=[text.pk]))
    assert openings(cast.tariq) == []


def test_triage_records_a_concern_and_then_approves(cast: Cast) -> None:
    text = hear_text(cast, "Mijn vader slaat mij.")
    changes.pass_to_triage(cast.rosa, text.pk)

    page(cast, cast.tariq, "concern", text, {"why": "vastleggen", **CONCERN})
    answer = page(cast, cast.tariq, "approve", text, {"words": "Thuis is het niet veilig.", "why": "besluit"})

    assert Concern.objects.get().category == "violence"
    assert (answer.status_code, answer["Location"]) == (302, reverse("reading:triage"))
    assert ReadText.objects.get().verdict == Verdict.APPROVED


def test_a_concern_that_lacks_something_is_asked_again(cast: Cast) -> None:
    answer = cast.browser(cast.tariq).post(reverse("reading:triage"), {"category": "staff"})

    assert answer.status_code == 422
    assert Concern.objects.count() == 0


def test_the_list_of_concerns_shows_conduct_of_staff(cast: Cast) -> None:
    changes.record_concern(cast.tariq, category="staff", step="decided", decision="Naar de integriteitsfunctionaris.")

    shown = cast.browser(cast.tariq).get(reverse("reading:triage")).content.decode()

    assert "Naar de integriteitsfunctionaris." in shown


def test_no_page_offers_to_find_or_write_to_the_writer(cast: Cast) -> None:
    text, flagged = hear_texts(cast, ["Fijn.", "Goed."])
    changes.pass_to_triage(cast.rosa, flagged.pk)
    pages = [
        page(cast, cast.rosa, "text", text),
        page(cast, cast.tariq, "flagged", flagged, {"why": "blik"}),
        cast.browser(cast.tariq).get(reverse("reading:triage")),
    ]

    for one in pages:
        actions = re.findall(r'action="([^"]*)"', one.content.decode())
        assert all(
            re.fullmatch(
                r"/kantoor/(lezen/(triage/[\w-]+/zorg|tekst/[\w-]+/(bekijk|keur-goed|leg-weg|naar-triage))/|taal/|inloggen/logout/)",
                action,
            )
            for action in actions
        ), actions


def test_pages_with_raw_words_are_kept_in_no_cache(cast: Cast) -> None:
    text = hear_text(cast, "Fijn.")

    assert page(cast, cast.rosa, "text", text)["Cache-Control"] == "no-store"
