"""How long everything is kept: one list, from standards.md §1.4. The nightly worker goes by it, and a page shows it.

What has a quarter and no day is deleted as soon as its first day is older than the term: sooner, never later.
"""

import calendar
import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from axes.models import AccessAttempt, AccessFailureLog
from django.contrib.sessions.models import Session
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from gehoor.answers import changes as answers
from gehoor.base import clock
from gehoor.boards import changes as boards
from gehoor.interviews import changes as interviews
from gehoor.meetings import changes as meetings
from gehoor.offices import changes as offices
from gehoor.offices.models import Office
from gehoor.results import changes as results
from gehoor.rounds import changes as rounds

MONTH_DAYS = dt.timedelta(days=30)
WEEK = dt.timedelta(days=7)
YEAR, FIVE_YEARS = 12, 60


@dataclass(frozen=True)
class Term:
    """One kind of data: what it is, how long it is kept, where it lies, and the function that deletes what is due.

    `forget` is for one office and a day and returns how many it deleted; `forget_all` is for what belongs to no office.
    Neither: it is kept until a person decides, and the page says so.
    """

    key: str
    what: str | Promise
    how_long: str | Promise
    where: str | Promise
    forget: Callable[[Office, dt.date], int] | None = None
    forget_all: Callable[[dt.date], int] | None = None

    @property
    def is_deleted(self) -> bool:
        """Is it deleted without anybody pressing a button?"""
        return bool(self.forget or self.forget_all)


def months_before(day: dt.date, months: int) -> dt.date:
    """The same day some months earlier, or the last day of a month that has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return dt.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def last_period(today: dt.date, months: int) -> str:
    """The newest quarter that holds something older than a number of months."""
    return clock.quarter(months_before(today, months))


def _codes(office: Office, today: dt.date) -> int:
    return rounds.forget_codes(office, ended_before=today - MONTH_DAYS)


def _addresses(office: Office, today: dt.date) -> int:
    return rounds.forget_recipients(office, ended_before=today - MONTH_DAYS)


def _form_keys(today: dt.date) -> int:
    return answers.forget_form_keys(today - MONTH_DAYS)


def _batches(office: Office, today: dt.date) -> int:
    return answers.forget_empty_batches(office.pk)


def _raw_words(office: Office, today: dt.date) -> int:
    return answers.forget_raw_words(office.pk, last_period=last_period(today, YEAR))


def _texts(office: Office, today: dt.date) -> int:
    return answers.forget_texts(office.pk, last_period=last_period(today, FIVE_YEARS))


def _submissions(office: Office, today: dt.date) -> int:
    return answers.forget_submissions(office.pk, last_period=last_period(today, FIVE_YEARS))


def _exact_counts(office: Office, today: dt.date) -> int:
    return results.forget_bases(office, last_period=last_period(today, FIVE_YEARS))


def _askings(office: Office, today: dt.date) -> int:
    return results.forget_askings(office, before=today - MONTH_DAYS)


def _journal(office: Office, today: dt.date) -> int:
    return offices.forget_entries(office, before=months_before(today, YEAR))


def _sessions(today: dt.date) -> int:
    return Session.objects.filter(expire_date__lt=clock.now()).delete()[0]


def _failed_log_ins(today: dt.date) -> int:
    before = months_before(today, YEAR)
    kinds = (AccessAttempt, AccessFailureLog)
    return sum(int(kind.objects.filter(attempt_time__date__lt=before).delete()[0]) for kind in kinds)


def _call_lists(office: Office, today: dt.date) -> int:
    return interviews.forget_contacts(office, held_before=today - MONTH_DAYS)


def _recordings(office: Office, today: dt.date) -> int:
    return interviews.forget_sounds(office, today)


def _interviews(office: Office, today: dt.date) -> int:
    return interviews.forget_interviews(office, last_period=last_period(today, YEAR))


def _stray_recordings(today: dt.date) -> int:
    return interviews.forget_stray_sounds()


def _open_meetings(office: Office, today: dt.date) -> int:
    return boards.end_forgotten(office, held_before=today - WEEK, interviews_before=today - MONTH_DAYS)


def _seats(office: Office, today: dt.date) -> int:
    return meetings.forget_seats(office, held_before=months_before(today, YEAR))


def _meetings(office: Office, today: dt.date) -> int:
    return meetings.forget_meetings(office, held_before=months_before(today, FIVE_YEARS))


def _text_keys(today: dt.date) -> int:
    return answers.forget_text_keys(today)


MAIN, VAULT, KEYRING = _("main database"), _("vault"), _("main database and keyring")
KEYRING_ONLY = _("keyring")
FILES = _("data folder, sealed, and keyring")

TERMS = (
    Term("codes", _("Unused codes (only their hashes)"), _("30 days after the round ends"), MAIN, _codes),
    Term("addresses", _("Addresses for invitations"), _("30 days after the round ends"), MAIN, _addresses),
    Term("form_keys", _("Marks that a form was handed in"), _("30 days"), MAIN, forget_all=_form_keys),
    Term("batches", _("Empty batches of closed rounds, with their keys"), _("until the next night"), KEYRING, _batches),
    Term("raw_words", _("Texts that were not approved, with the raw words"), _("12 months at most, by quarter"), VAULT, _raw_words),
    Term("text_keys", _("Keys of texts that were all dealt with"), _("until the next night after the quarter"), KEYRING, forget_all=_text_keys),
    Term("submissions", _("Answers that are counted"), _("5 years at most, by quarter"), VAULT, _submissions),
    Term("exact_counts", _("Exact counts behind released figures"), _("5 years at most, by quarter"), VAULT, _exact_counts),
    Term("texts", _("Approved texts"), _("5 years at most, by quarter"), VAULT, _texts),
    Term("askings", _("Askings for figures that were dealt with"), _("30 days"), MAIN, _askings),
    Term("taken_back", _("Random marks of answers that were taken back, so that a backup cannot bring them back"), _("as long as there are backups: delete the file together with the last of them"), KEYRING_ONLY),
    Term("open_meetings", _("Meetings that nobody ended: who was there, who did what, notes that were never turned"), _("7 days after the meeting, then it is ended; a series of interviews after 30"), MAIN, _open_meetings),
    Term("seats", _("Hashes with which somebody comes back to a meeting"), _("12 months after the meeting"), MAIN, _seats),
    Term("meetings", _("Meetings that ended: the plan, the board, notes as sources, consents"), _("5 years at most"), MAIN, _meetings),
    Term("call_lists", _("Names and numbers to call for interviews"), _("until the call is done; 30 days after the day of the series at most"), KEYRING, _call_lists),
    Term("recordings", _("Recordings of interviews"), _("14 days after the words were checked; 30 days at most"), FILES, _recordings),
    Term("stray_recordings", _("Recordings that were sent half"), _("until the next night"), FILES, forget_all=_stray_recordings),
    Term("interviews", _("Interviews that were not checked, and agreements whose words are gone"), _("12 months at most, by quarter"), KEYRING, _interviews),
    Term("journal", _("The journal and the reading log"), _("12 months"), MAIN, _journal),
    Term("sessions", _("Log-in sessions of staff"), _("10 hours"), MAIN, forget_all=_sessions),
    Term("failed_log_ins", _("Failed log-ins of staff"), _("12 months"), MAIN, forget_all=_failed_log_ins),
    Term("figures", _("Released figures"), _("until your archivist decides (selection list)"), MAIN),
    Term("concerns", _("Records of concerns: day, kind, step and decision"), _("until your archivist decides (selection list)"), MAIN),
)  # fmt: skip


def in_words(subject: str) -> list[tuple[str | Promise, int]]:
    """A line of the journal about a deletion as (what, how many); empty when nothing was due."""
    names = {term.key: term.what for term in TERMS}
    parts = [part.rpartition(" ") for part in subject.split(", ")]
    return [(names[key], int(number)) for key, _space, number in parts if key in names and number.isdecimal()]
