"""The queue, the order of reading, and the alarm."""

import datetime as dt
import uuid

import pytest
from django.utils import timezone
from tests.cast import Cast
from tests.reading.room import hear_text, hear_texts, openings

from gehoor.answers import changes as answer_changes
from gehoor.answers import keyring
from gehoor.base import clock
from gehoor.base.errors import NotFound, NotNow
from gehoor.offices import journal
from gehoor.offices.models import Entry
from gehoor.reading import changes, queries

pytestmark = pytest.mark.django_db

TUESDAY = dt.date(2026, 11, 17)


def test_a_text_that_may_be_about_danger_moves_up_and_nothing_else_happens(cast: Cast) -> None:
    texts = hear_texts(cast, ["Prima gesprek.", "Mijn vader slaat mij.", "Fijn."])

    [group] = queries.groups(texts)

    assert (group.size, group.urgent) == (3, 1)
    first = queries.next_text(cast.office)
    assert first is not None
    assert queries.is_urgent(first)
    assert len(queries.queue(cast.office)) == 3
    assert openings(cast.rosa) == []


def test_looking_for_danger_leaves_no_line_in_the_journal(cast: Cast) -> None:
    texts = hear_texts(cast, ["Mijn vader slaat mij.", "Fijn."])
    before = Entry.objects.count()

    queries.groups(texts)
    queries.next_text(cast.office)

    assert Entry.objects.count() == before


def test_the_next_text_is_of_the_wanted_group_unless_somebody_may_be_in_danger(cast: Cast) -> None:
    cast.hear(cast.round(), [{"heard": "4", "good": "Fijn.", "better": "Sneller."}])
    better = next(text for text in queries.queue(cast.office) if text.question == "better")

    drawn = {queries.next_text(cast.office, like=queries.key_of(better)) for _ in range(10)}

    assert drawn == {better}


def test_a_text_can_be_left_for_now(cast: Cast) -> None:
    one, other = hear_texts(cast, ["Fijn.", "Goed."])

    assert queries.next_text(cast.office, but_not=one.pk) == other
    assert queries.next_text(cast.daan.office) is None


def test_who_leaves_each_text_for_now_meets_all_of_them_before_one_comes_back(cast: Cast) -> None:
    texts = hear_texts(cast, [f"Goed, {number}." for number in range(8)])
    left, met = texts[0], set()

    for _text in texts:
        found = queries.next_text(cast.office, like=queries.key_of(left), but_not=left.pk)
        assert found is not None
        left = found
        met.add(left.pk)

    assert met == {text.pk for text in texts}
    assert left == texts[0]


def test_words_that_cannot_be_unsealed_do_not_stop_the_queue(cast: Cast) -> None:
    text = hear_text(cast, "Mijn vader slaat mij.")
    (next(keyring.folder().glob("texts-*.key"))).unlink()

    assert not queries.is_urgent(text)
    with pytest.raises(NotFound):
        queries.open_text(cast.rosa, text.pk)


def test_each_opening_is_a_line_without_a_word_of_the_text(cast: Cast) -> None:
    text = hear_text(cast, "Mevrouw Geheimzinnig luisterde.")

    queries.open_text(cast.rosa, text.pk)
    queries.open_text(cast.rosa, text.pk)

    assert openings(cast.rosa) == [f"{text.period} good"] * 2
    assert not Entry.objects.filter(subject__icontains="geheimzinnig").exists()


def test_a_text_of_another_office_does_not_exist(cast: Cast) -> None:
    cast.daan.roles = ["reader"]
    text = hear_text(cast, "Fijn.")

    for question in (queries.open_text, queries.text_of):
        with pytest.raises(NotFound):
            question(cast.daan, text.pk)
    with pytest.raises(NotFound):
        queries.open_text(cast.rosa, uuid.uuid4())


def test_a_text_that_was_dealt_with_says_so_calmly(cast: Cast) -> None:
    text = hear_text(cast, "Fijn.")
    changes.approve(cast.tariq, text.pk, words="Fijn.")

    with pytest.raises(NotNow):
        queries.open_text(cast.rosa, text.pk)
    assert openings(cast.rosa) == []


def test_texts_that_wait_since_yesterday_raise_no_alarm(cast: Cast) -> None:
    with clock.turned_to(TUESDAY):
        hear_text(cast, "Fijn.")

    assert not queries.is_overdue(cast.office, today=TUESDAY)
    assert not queries.is_overdue(cast.office, today=TUESDAY + dt.timedelta(1))


def test_texts_that_nobody_read_for_more_than_a_working_day_raise_an_alarm(cast: Cast) -> None:
    with clock.turned_to(TUESDAY):
        hear_text(cast, "Fijn.")

    assert queries.is_overdue(cast.office, today=TUESDAY + dt.timedelta(2))


def test_a_weekend_is_no_working_day(cast: Cast) -> None:
    friday = dt.date(2026, 11, 20)
    with clock.turned_to(friday):
        hear_text(cast, "Fijn.")

    assert not queries.is_overdue(cast.office, today=friday + dt.timedelta(3))
    assert queries.is_overdue(cast.office, today=friday + dt.timedelta(4))


def test_old_texts_are_seen_behind_a_new_opening_when_nobody_read(cast: Cast) -> None:
    with clock.turned_to(TUESDAY):
        hear_text(cast, "Fijn.")
    with clock.turned_to(TUESDAY + dt.timedelta(2)):
        journal.write(cast.office, journal.Verb.ENVELOPES_OPENED, "Na het gesprek")

    assert queries.is_overdue(cast.office, today=TUESDAY + dt.timedelta(2))


def test_a_queue_that_was_read_empty_raises_no_alarm(cast: Cast) -> None:
    with clock.turned_to(TUESDAY):
        changes.set_aside(cast.rosa, hear_text(cast, "Fijn.").pk)

    assert not queries.is_overdue(cast.office, today=TUESDAY + dt.timedelta(9))


def test_texts_opened_after_the_last_reading_count_from_their_opening(cast: Cast) -> None:
    with clock.turned_to(TUESDAY):
        changes.set_aside(cast.rosa, hear_text(cast, "Fijn.").pk)
    with clock.turned_to(TUESDAY + dt.timedelta(2)):
        cast.hear(cast.round(name="Later"), [{"heard": "4", "good": "Goed."}])

    assert not queries.is_overdue(cast.office, today=TUESDAY + dt.timedelta(3))
    assert queries.is_overdue(cast.office, today=TUESDAY + dt.timedelta(6))


def test_what_was_taken_back_waits_no_more(cast: Cast) -> None:
    _dispatch, [code] = cast.codes(cast.round(), 1)
    browser = cast.answer(code, {"heard": "4", "good": "Fijn."})
    answer_changes.open_all(at_once=True)

    answer_changes.take_back(browser.receipt)  # type: ignore[attr-defined]

    assert queries.queue(cast.office) == []


def test_approved_texts_are_shown_from_ten_on(cast: Cast) -> None:
    texts = hear_texts(cast, [f"Tekst {number}" for number in range(10)])
    place = {"version_pk": texts[0].version_pk, "question": "good", "period": clock.quarter(timezone.localdate())}

    for text in texts[:9]:
        changes.approve(cast.rosa, text.pk, words="Fijn.")
    assert queries.approved_for(cast.office, **place) == []  # type: ignore[arg-type]
    changes.approve(cast.rosa, texts[9].pk, words="Goed.")

    shown = queries.approved_for(cast.office, **place)  # type: ignore[arg-type]
    assert sorted(shown) == ["Fijn."] * 9 + ["Goed."]
