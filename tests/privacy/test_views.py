"""The privacy officer's pages."""

import pytest
from django.urls import reverse
from tests.cast import Cast

from gehoor.base import clock
from gehoor.offices import journal
from gehoor.offices.models import Entry
from gehoor.reading import queries as reading

pytestmark = pytest.mark.django_db

PAGES = ("journal", "reading-log", "smallest-group", "retention")
DECISION = "Besluit van 3 november: de FG en de teamleider stemmen in, alleen voor eigen cijfers."


@pytest.mark.parametrize("name", PAGES)
def test_each_page_is_for_the_privacy_officer_only(cast: Cast, name: str) -> None:
    got = {
        who: cast.browser(member).get(reverse(f"privacy:{name}")).status_code
        for who, member in cast.everybody().items()
    }

    assert {who for who, status in got.items() if status == 200} == {"petra"}
    assert set(got.values()) == {200, 403}
    assert cast.browser().get(reverse(f"privacy:{name}")).status_code == 302


def test_nobody_else_sets_the_group_or_deletes(cast: Cast) -> None:
    for who in ("quinten", "rosa", "tariq", "bram", "lotte", "daan"):
        browser = cast.browser(cast.everybody()[who])
        assert (
            browser.post(reverse("privacy:smallest-group"), {"smallest": 20, "decision": DECISION}).status_code == 403
        )
        assert browser.post(reverse("privacy:retain")).status_code == 403
    cast.office.refresh_from_db()
    assert cast.office.smallest_group == 10


def test_the_journal_shows_lines_of_the_own_office_only(cast: Cast) -> None:
    journal.write(cast.office, journal.Verb.ROUND_MADE, "Eigen ronde", by=cast.quinten)
    journal.write(cast.daan.office, journal.Verb.ROUND_MADE, "Andermans ronde", by=cast.daan)

    shown = cast.browser(cast.petra).get(reverse("privacy:journal")).content.decode()

    assert "Eigen ronde" in shown
    assert "Andermans ronde" not in shown


def test_the_journal_is_filtered_by_a_known_verb_and_a_strange_one_shows_all(cast: Cast) -> None:
    journal.write(cast.office, journal.Verb.ROUND_MADE, "Eigen ronde")
    journal.write(cast.office, journal.Verb.ROUND_CLOSED, "Oude ronde")
    browser = cast.browser(cast.petra)

    filtered = browser.get(reverse("privacy:journal"), {"verb": "round_made"}).content.decode()
    strange = browser.get(reverse("privacy:journal"), {"verb": "' OR 1=1 --"})

    assert "Eigen ronde" in filtered
    assert "Oude ronde" not in filtered
    assert strange.status_code == 200
    assert "Oude ronde" in strange.content.decode()


def test_the_journal_comes_in_pages(cast: Cast) -> None:
    for number in range(60):
        journal.write(cast.office, journal.Verb.ROUND_MADE, f"Ronde {number:02}.")
    browser = cast.browser(cast.petra)

    second = browser.get(reverse("privacy:journal"), {"verb": "round_made", "page": "2"}).content.decode()

    assert second.count("Ronde ") == 10
    assert "verb=round_made" in second
    assert browser.get(reverse("privacy:journal"), {"page": "x"}).status_code == 200


def test_a_subject_with_markup_is_shown_as_text(cast: Cast) -> None:
    journal.write(cast.office, journal.Verb.ROUND_MADE, "<script>alert(1)</script>")

    assert "<script>alert" not in cast.browser(cast.petra).get(reverse("privacy:journal")).content.decode()


def test_the_reading_log_shows_who_opened_what_and_no_word(cast: Cast) -> None:
    cast.hear(cast.round(), [{"heard": "4", "good": "Geheime woorden."}])
    [text] = reading.queue(cast.office)
    reading.open_text(cast.rosa, text.pk)

    shown = cast.browser(cast.petra).get(reverse("privacy:reading-log")).content.decode()

    assert "Rosa" in shown
    assert clock.quarter_in_words(text.period) in shown
    assert "What did Leerplicht do well?" in shown
    assert "Geheime" not in shown


def test_a_group_below_the_norm_needs_a_written_decision(cast: Cast) -> None:
    browser, address = cast.browser(cast.petra), reverse("privacy:smallest-group")

    refused = browser.post(address, {"smallest": 7, "decision": "mag"})
    done = browser.post(address, {"smallest": 7, "decision": DECISION})

    assert (refused.status_code, done.status_code) == (422, 302)
    cast.office.refresh_from_db()
    assert cast.office.smallest_group == 7
    assert set(Entry.objects.filter(verb="threshold_set").values_list("subject", flat=True)) == {"7", DECISION}


@pytest.mark.parametrize("number", ["4", "0", "-1", "veel", "", "99999"])
def test_a_group_below_the_floor_is_refused(cast: Cast, number: str) -> None:
    answer = cast.browser(cast.petra).post(
        reverse("privacy:smallest-group"), {"smallest": number, "decision": DECISION}
    )

    assert answer.status_code == 422
    cast.office.refresh_from_db()
    assert cast.office.smallest_group == 10


def test_deleting_now_leaves_a_line_with_the_name_of_who_did_it(cast: Cast) -> None:
    answer = cast.browser(cast.petra).post(reverse("privacy:retain"), follow=True)

    assert answer.status_code == 200
    assert Entry.objects.get(verb="retained", office=cast.office).account == cast.petra.account
