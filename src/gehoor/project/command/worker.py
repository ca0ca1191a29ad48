"""`gehoor worker`: what happens without anybody pressing a button."""

import argparse
import fcntl
import logging
import time
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import DatabaseError, close_old_connections
from django.utils import timezone

from gehoor.answers import changes as answers
from gehoor.base import clock
from gehoor.base.errors import NotNow
from gehoor.privacy import changes as privacy
from gehoor.project.command import Result, command

log = logging.getLogger("gehoor.worker")

MINUTE = 60
NIGHT_HOUR = 3


def add(commands: Any) -> None:
    """The command."""
    made = command(
        commands, "worker", worker,
        "Do the night's work: open envelopes, delete what is due. Runs until it is stopped; one at a time. `gehoor serve` starts one by itself.",
        json_too=False,
    )  # fmt: skip
    made.add_argument("--once", action="store_true", help="do everything once, now, and stop")


def worker(arguments: argparse.Namespace) -> Result:
    """Run each job when it is due."""
    with (settings.GEHOOR_DATA / "worker.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise NotNow("Another worker is running on this data folder.") from None
        if arguments.once:
            for job in (answers.prepare_batches, each_hour, each_night):
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
    hour = night = None
    while True:
        moment: datetime = timezone.localtime()
        _safely(answers.prepare_batches)
        if hour != (moment.date(), moment.hour):
            _safely(each_hour)
            hour = (moment.date(), moment.hour)
        if night != moment.date() and moment.hour >= NIGHT_HOUR:
            _safely(each_night)
            night = moment.date()
        time.sleep(MINUTE)


def _safely(job: Callable[[], None]) -> None:
    """One job that fails doesn't stop the others; it is run again at its next time."""
    close_old_connections()
    try:
        job()
    except (DatabaseError, OSError) as error:
        # The kind only: an error's own text may hold what somebody wrote.
        log.error("%s failed: %s", job.__name__, type(error).__name__)
