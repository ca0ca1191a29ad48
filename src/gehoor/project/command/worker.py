"""`gehoor worker`: the night's work, which nobody presses a button for, and the releases that staff ask for."""

import argparse
import fcntl
import logging
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import Error, close_old_connections
from django.utils import timezone

from gehoor.answers import changes as answers
from gehoor.base import clock
from gehoor.base.errors import NotNow
from gehoor.privacy import changes as privacy
from gehoor.project.command import Result, command, server
from gehoor.results import changes as results

log = logging.getLogger("gehoor.worker")

SECOND, MINUTE = 1, 60
NIGHT_HOUR = 3


def add(commands: Any) -> None:
    """The command."""
    made = command(
        commands, "worker", worker,
        "Make the figures that staff ask for, and do the night's work: open envelopes, delete what is due. Runs until it is stopped; one at a time. `gehoor serve` starts one by itself.",
        json_too=False, databases="",
    )  # fmt: skip
    made.add_argument("--once", action="store_true", help="do everything once, now, and stop")


def worker(arguments: argparse.Namespace) -> Result:
    """Run each job when it is due."""
    with suppress(Error):  # a database that is away is asked again later
        server.make_ready("made")
    with (settings.GEHOOR_DATA / "worker.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise NotNow("Another worker is running on this data folder.") from None
        _safely(results.let_go)
        if arguments.once:
            for job in (answers.prepare_batches, each_hour, each_night, results.release_asked):
                _safely(job)
            return 0
        _run_for_ever()
    return 0


def each_hour() -> None:
    """Note the day on which envelopes are first seen waiting."""
    answers.note_waiting()


def each_night() -> None:
    """Open what may be opened, and delete what is due."""
    opened = answers.open_all()
    gone = privacy.retain(clock.today())
    log.info(
        "Night: %s batches opened, %s kinds of data deleted.",
        opened.batches,
        sum(1 for number in gone.values() if number),
    )


def _run_for_ever() -> None:
    minute = hour = night = None
    while True:
        moment: datetime = timezone.localtime()
        this_hour = (moment.date(), moment.hour)
        if minute != (*this_hour, moment.minute):
            _safely(answers.prepare_batches)
            minute = (*this_hour, moment.minute)
        if hour != this_hour:
            _safely(each_hour)
            hour = this_hour
        if night != moment.date() and moment.hour >= NIGHT_HOUR:
            _safely(each_night)
            night = moment.date()
        # Somebody waits for it. A database that is away is asked again each minute only.
        time.sleep(SECOND if _safely(results.release_asked) else MINUTE)


def _safely(job: Callable[[], None]) -> bool:
    """One job that fails doesn't stop the others; it is run again at its next time. Did it go well?"""
    close_old_connections()
    try:
        job()
    except (Error, OSError) as error:
        # The kind only: an error's own text may hold what somebody wrote.
        log.error("%s failed: %s", job.__name__, type(error).__name__)
        return False
    return True
