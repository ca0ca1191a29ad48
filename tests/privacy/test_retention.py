"""The list of what is kept how long, and the nightly deletion that goes by it."""

import datetime as dt
from collections.abc import Callable

import pytest
from axes.models import AccessAttempt
from tests.boards.room import Table
from tests.cast import Cast, answers_opened

from gehoor.answers import changes as answers
from gehoor.answers import keyring
from gehoor.answers.models import Batch, Envelope, FormKey, OpenText, Submission
from gehoor.base import clock
from gehoor.boards import changes as boards
from gehoor.boards.models import Board, Event
from gehoor.meetings.models import Guest, Meeting, Source
from gehoor.offices.models import Entry
from gehoor.privacy import changes, retention
from gehoor.reading import changes as reading
from gehoor.reading import queries as reading_queries
from gehoor.reading.models import Concern, ReadText
from gehoor.results import changes as results
from gehoor.results.models import Basis, Release
from gehoor.rounds import changes as rounds
from gehoor.rounds.models import Code, Recipient, Round

pytestmark = pytest.mark.django_db

START = dt.date(2026, 2, 3)


def in_february(cast: Cast, act: Callable[[Round], object], **facts: dt.date) -> Round:
    """Do something in a round that runs from 2 to 20 February 2026, on the third."""
    with clock.turned_to(START):
        a_round = cast.round(**{"starts_on": dt.date(2026, 2, 2), "ends_on": dt.date(2026, 2, 20), **facts})
        act(a_round)
    return a_round


def gone(day: dt.date) -> dict[str, int]:
    """What a night deletes, without the kinds of which nothing was due."""
    with clock.turned_to(day):
        return {key: number for key, number in changes.retain(day).items() if number}


def test_unused_codes_go_thirty_days_after_the_round_ends(cast: Cast) -> None:
    in_february(cast, lambda a_round: cast.codes(a_round, 3))

    assert gone(dt.date(2026, 3, 22)) == {}
    assert gone(dt.date(2026, 3, 23)) == {"codes": 3}
    assert Code.objects.count() == 0


def test_addresses_go_thirty_days_after_the_round_ends(cast: Cast) -> None:
    def invite(a_round: Round) -> None:
        dispatch, _fresh = cast.codes(a_round, 1, mode="email")
        Recipient.objects.create(dispatch=dispatch, address="amira@voorbeeld.nl")

    in_february(cast, invite)

    assert gone(dt.date(2026, 3, 22)) == {}
    assert gone(dt.date(2026, 3, 23)) == {"codes": 1, "addresses": 1}


def test_marks_of_forms_go_after_thirty_days(cast: Cast) -> None:
    FormKey.objects.create(hash=b"x" * 32, day=START)

    assert gone(START + dt.timedelta(30)) == {}
    assert gone(START + dt.timedelta(31)) == {"form_keys": 1}


def test_empty_batches_of_closed_rounds_go_with_their_keys(cast: Cast) -> None:
    a_round = in_february(cast, lambda one: answers.current_batch(cast.codes(one, 1)[0].pk))
    [batch] = Batch.objects.all()
    assert gone(START) == {}
    rounds.close_round(a_round)

    assert gone(START) == {"batches": 1}
    assert not keyring.has(batch.pk)


def test_a_batch_in_which_something_waits_stays(cast: Cast) -> None:
    a_round = cast.round()
    _dispatch, [code] = cast.codes(a_round, 1)
    cast.answer(code)
    rounds.close_round(a_round)

    assert gone(clock.today()) == {}
    assert Envelope.objects.count() == 1


def hear(cast: Cast) -> Callable[[Round], object]:
    """Three texts: one approved, one at triage, one unread."""

    def act(a_round: Round) -> None:
        cast.hear(a_round, [{"heard": "4", "good": words} for words in ("Fijn.", "Mijn vader slaat mij.", "Goed.")])
        one, other, _third = reading_queries.queue(cast.office)
        reading.approve(cast.rosa, one.pk, words="Fijn.")
        reading.pass_to_triage(cast.rosa, other.pk)

    return act


def test_raw_words_go_within_twelve_months_and_approved_texts_stay(cast: Cast) -> None:
    in_february(cast, hear(cast), ends_on=dt.date(2030, 1, 1))
    FormKey.objects.all().delete()
    Code.objects.all().delete()

    before = gone(dt.date(2026, 12, 31))
    after = gone(dt.date(2027, 1, 1))

    assert "raw_words" not in before
    assert after["raw_words"] == 2
    assert OpenText.objects.count() == ReadText.objects.count() == 1
    assert ReadText.objects.get().words == "Fijn."


def test_answers_and_approved_texts_go_within_five_years(cast: Cast) -> None:
    in_february(cast, hear(cast), ends_on=dt.date(2040, 1, 1))
    gone(dt.date(2027, 1, 1))

    assert "submissions" not in gone(dt.date(2030, 12, 31))
    assert gone(dt.date(2031, 1, 1)) == {"submissions": 3, "texts": 1}
    assert Submission.objects.count() == OpenText.objects.count() == ReadText.objects.count() == 0


def test_exact_counts_go_with_the_answers_and_released_figures_stay(cast: Cast) -> None:
    def act(a_round: Round) -> None:
        cast.hear(a_round, [{"heard": "5"}] * 18 + [{"heard": "3"}] * 12)
        results.release_round(a_round, "2026-Q1")

    in_february(cast, act, ends_on=dt.date(2040, 1, 1))

    found = gone(dt.date(2031, 1, 1))

    assert (found["submissions"], found["exact_counts"]) == (30, 1)
    assert (Basis.objects.count(), Release.objects.count()) == (0, 1)


def test_the_journal_goes_after_twelve_months(cast: Cast) -> None:
    Entry.objects.all().delete()
    in_february(cast, rounds.close_round)
    made = Entry.objects.count()

    assert gone(dt.date(2027, 2, 3)) == {}
    found = gone(dt.date(2027, 2, 4))

    assert found == {"journal": made}


def test_failed_log_ins_go_after_twelve_months(cast: Cast) -> None:
    attempt = AccessAttempt.objects.create(username="x", ip_address="10.0.0.1", failures_since_start=1)
    AccessAttempt.objects.filter(pk=attempt.pk).update(attempt_time=dt.datetime(2026, 2, 3, 12, tzinfo=dt.UTC))

    assert gone(dt.date(2027, 2, 3)) == {}
    assert gone(dt.date(2027, 2, 4))["failed_log_ins"] == 1


def test_a_meeting_that_nobody_ended_is_ended_after_a_week(cast: Cast) -> None:
    table = Table.lay(cast.office)  # on 22 November 2026
    table.write(table.amira, "Nooit omgedraaid.")

    assert gone(dt.date(2026, 11, 29)) == {}
    assert gone(dt.date(2026, 11, 30)) == {"open_meetings": 1}
    assert Meeting.objects.get().life == "closed"
    assert not Event.objects.exists()


def test_seats_go_after_a_year_and_what_was_said_within_five(cast: Cast) -> None:
    table = Table.lay(cast.office)
    Guest.objects.create(meeting=table.board.meeting, voice="youth", token_hash=b"t" * 32)
    table.phase("talk")
    table.write(table.amira, "Bel eerst.")
    boards.end(table.board.meeting)

    assert "seats" not in gone(dt.date(2027, 11, 22))
    assert gone(dt.date(2027, 11, 23))["seats"] == 1
    assert Source.objects.count() == 1
    assert gone(dt.date(2031, 11, 23))["meetings"] == 1
    assert not Source.objects.exists()
    assert not Board.objects.exists()


def test_running_it_again_deletes_nothing_and_writes_nothing(cast: Cast) -> None:
    in_february(cast, lambda a_round: cast.codes(a_round, 3))
    day = dt.date(2026, 4, 1)
    gone(day)
    lines = Entry.objects.count()

    assert gone(day) == {}
    assert Entry.objects.count() == lines


def test_each_office_reads_its_own_counts_in_its_journal(cast: Cast) -> None:
    in_february(cast, lambda a_round: cast.codes(a_round, 3))

    gone(dt.date(2026, 4, 1))

    subjects = dict(Entry.objects.filter(verb="retained").values_list("office__slug", "subject"))
    assert subjects["voorbeeld"] == "codes 3"
    assert retention.in_words(subjects["elders"]) == []


def test_a_present_round_loses_nothing(cast: Cast) -> None:
    a_round = cast.round()
    cast.codes(a_round, 2)
    hear(cast)(a_round)
    answers_opened()
    Concern.objects.create(office=cast.office, noted_on=clock.today(), category="none", step="decided", decision="x")

    assert gone(clock.today()) == {}


def test_a_line_of_the_journal_is_read_back_in_words() -> None:
    assert [number for _what, number in retention.in_words("codes 12, raw_words 3, vreemd 9")] == [12, 3]
    assert retention.in_words("niets") == []


def test_months_are_counted_by_the_calendar() -> None:
    assert retention.months_before(dt.date(2028, 2, 29), 12) == dt.date(2027, 2, 28)
    assert retention.months_before(dt.date(2026, 1, 15), 1) == dt.date(2025, 12, 15)
    assert retention.last_period(dt.date(2026, 11, 21), 12) == "2025-Q4"


def test_every_kind_of_data_has_a_name_a_term_and_a_place() -> None:
    keys = [term.key for term in retention.TERMS]

    assert len(set(keys)) == len(keys)
    assert all(str(term.what) and str(term.how_long) and str(term.where) for term in retention.TERMS)
    assert not [term.key for term in retention.TERMS if term.forget and term.forget_all]
