"""The only place that looks at the clock, so that tests and the demo can turn it.

What belongs to a client keeps a quarter and nothing finer (standards.md requirement 40).
"""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager

from django.utils import timezone
from django.utils.translation import gettext as _

SATURDAY = 5
_turned: list[dt.timedelta] = []


def now() -> dt.datetime:
    """The present moment, aware, in UTC."""
    return timezone.now() + (_turned[-1] if _turned else dt.timedelta())


def today() -> dt.date:
    """The present day in the office's time zone."""
    return timezone.localdate(now())


@contextmanager
def turned_to(day: dt.date) -> Iterator[None]:
    """In this process it is another day, for tests and for the demo's past year."""
    _turned.append(day - timezone.localdate())
    try:
        yield
    finally:
        _turned.pop()


def quarter(day: dt.date) -> str:
    """The period of a day, such as "2026-Q4"."""
    return f"{day.year}-Q{(day.month + 2) // 3}"


def is_quarter(text: str) -> bool:
    """Is this a period such as "2026-Q4"?"""
    year, _, part = text.partition("-Q")
    return len(year) == len("2026") and year.isascii() and year.isdigit() and part in {"1", "2", "3", "4"}


def quarter_in_words(period: str) -> str:
    """A quarter as people read it, in one piece: "quarter 4 of 2026". Anything else comes back as it is."""
    if not is_quarter(period):
        return period
    year, _dash, number = period.partition("-Q")
    words = _("quarter %(number)s of %(year)s") % {"number": number, "year": year}
    return words.replace(" ", "\N{NO-BREAK SPACE}")


def is_working_day(day: dt.date) -> bool:
    """Monday to Friday. Holidays count as working days: texts are then read sooner, never later."""
    return day.weekday() < SATURDAY
