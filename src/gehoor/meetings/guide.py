"""The guide of a meeting with the times of the clock."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.formats import date_format, time_format
from django.utils.translation import pgettext

from gehoor.meetings.models import Meeting

MOST_STEPS = 40
LONGEST_STEP = 240  # minutes


@dataclass(frozen=True)
class Timed:
    """A step, and when it begins and ends; without a time of the meeting the minutes since its beginning."""

    number: int
    minutes: int
    title: str
    words: str
    begins: str
    ends: str


def minutes_of(steps: Sequence[Mapping[str, Any]]) -> int:
    """How long a guide takes."""
    return sum(int(step["minutes"]) for step in steps)


def timed(meeting: Meeting) -> list[Timed]:
    """Each step with its times."""
    steps, passed = [], 0
    for number, step in enumerate(meeting.guide, start=1):
        minutes = int(step["minutes"])
        begins, ends = (_moment(meeting.begins_at, after) for after in (passed, passed + minutes))
        steps.append(Timed(number, minutes, step["title"], step["words"], begins, ends))
        passed += minutes
    return steps


def ends_at(meeting: Meeting) -> str:
    """When the guide is done, or nothing when no time was set."""
    return _moment(meeting.begins_at, minutes_of(meeting.guide)) if meeting.begins_at and meeting.guide else ""


def when(meeting: Meeting) -> str:
    """Day and time for who is invited, in the active language."""
    day = date_format(meeting.held_on, "l j E Y")
    if meeting.begins_at is None:
        return day
    return pgettext("client", "%(day)s at %(time)s") % {"day": day, "time": time_format(meeting.begins_at, "H:i")}


def _moment(begins_at: dt.time | None, after: int) -> str:
    """ "14:05", or "0:35" after the beginning. Past midnight the clock goes round."""
    if begins_at is None:
        return f"{after // 60}:{after % 60:02}"
    minutes = (begins_at.hour * 60 + begins_at.minute + after) % (24 * 60)
    return f"{minutes // 60:02}:{minutes % 60:02}"


def moved(steps: list[dict[str, Any]], do: str, number: int) -> tuple[list[dict[str, Any]], int]:
    """The steps after a press of a button, and which one to look at: "up", "down", "remove" or "add" after it."""
    steps = list(steps)
    if do == "add" and len(steps) < MOST_STEPS:
        steps.insert(number, {"minutes": 5, "title": "Nieuwe stap", "words": ""})
        return steps, number + 1
    if not 1 <= number <= len(steps):
        return steps, number
    step = steps.pop(number - 1)
    if do == "remove":
        return steps, min(number, len(steps))
    there = max(0, number - 2) if do == "up" else min(len(steps), number) if do == "down" else number - 1
    steps.insert(there, step)
    return steps, there + 1
