"""`gehoor round …`."""

import argparse
import csv
import datetime as dt
import os
import stat
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TextIO

from django.db import transaction

from gehoor.base import clock
from gehoor.base.errors import BadInput, NotNow
from gehoor.offices import queries as offices
from gehoor.project.command import Result, command, group
from gehoor.questionnaires import queries as questionnaires
from gehoor.rounds import changes, queries, rules
from gehoor.rounds.changes import FreshCode
from gehoor.rounds.models import Anonymity, Dispatch, Mode, Moment, Round, Stage, Status

DAYS = 60


def add(commands: Any) -> None:
    """The commands of this room."""
    mine = group(commands, "round", "Rounds: asking once")
    made = command(
        mine,
        "start",
        start,
        "Start a round and make its codes. Writes a CSV with the columns code,url: the only time that codes are shown.",
    )
    made.add_argument("--office", required=True, metavar="SLUG")
    made.add_argument("--questionnaire", required=True, metavar="KEY")
    made.add_argument(
        "--mode",
        choices=Anonymity.values,
        default="forget",
        help="forget: a code for each person; open: one shared code (default: forget)",
    )
    made.add_argument("--codes", type=int, default=1, metavar="N", help="how many codes (default: 1)")
    made.add_argument("--out", default="-", metavar="FILE", help="where the CSV goes (default: the screen)")
    made.add_argument("--name", default="", help="name of the round (default: questionnaire and quarter)")
    made.add_argument("--channel", choices=Mode.values, default="card", help="how people get the code (default: card)")
    made.add_argument("--moment", choices=Moment.values, default="contact")
    made.add_argument(
        "--stage", choices=Stage.values, default="voluntary", help="how much pressure there is on the client"
    )
    made.add_argument("--product", default="verzuim", metavar="CODE")
    made.add_argument("--team", default="", metavar="NAME", help="for one team only")
    made.add_argument("--from", dest="starts", type=_day, metavar="DAY", help="first day (default: today)")
    made.add_argument("--until", dest="ends", type=_day, metavar="DAY", help=f"last day (default: {DAYS} days on)")
    made.add_argument("--purpose", default="Learn what to improve in our contact with clients.")
    made.add_argument("--readers", default="an independent reader of this office")
    made = command(mine, "codes", more_codes, "Make more codes for a round, perhaps for another channel or product.")
    _round(made)
    made.add_argument("--codes", type=int, default=1, metavar="N")
    made.add_argument("--channel", choices=Mode.values, default="card")
    made.add_argument("--product", default="", metavar="CODE")
    made.add_argument("--out", default="-", metavar="FILE")
    made = command(mine, "close", close, "Close a round for good. What was handed in stays.")
    _round(made)
    made = command(mine, "list", list_all, "List the rounds of an office.")
    made.add_argument("--office", required=True, metavar="SLUG")


def _day(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text} is no date; write it as {clock.today().year}-12-31") from None


def _round(made: argparse.ArgumentParser) -> None:
    made.add_argument("--round", required=True, type=int, metavar="NUMBER", help="see `gehoor round list`")


def start(arguments: argparse.Namespace) -> Result:
    """Make, open, and give codes: all of it, or nothing when something fails."""
    office = offices.office_by_slug(arguments.office)
    version = questionnaires.newest(arguments.questionnaire, office=office)
    product = queries.product_by_code(arguments.product)
    starts = arguments.starts or clock.today()
    ends = arguments.ends or starts + dt.timedelta(DAYS)
    if ends < starts:
        raise BadInput([f"The last day (--until {ends}) is before the first day (--from {starts})."])
    team = offices.teams_of(office).filter(name=arguments.team).first() if arguments.team else None
    if arguments.team and team is None:
        raise BadInput([f"There is no team {arguments.team}."])
    _check_codes(Round(status=Status.OPEN, anonymity=arguments.mode), arguments)
    with _opened(arguments.out) as file:
        invented = changes.invent_codes(arguments.codes)
        with transaction.atomic():
            a_round = changes.make_round(
                office, version,
                name=arguments.name or f"{version.questionnaire.key} {clock.quarter(clock.today())}",
                moment=arguments.moment, stage=arguments.stage, product=product, anonymity=arguments.mode,
                purpose=arguments.purpose, readers=arguments.readers, team=team, starts_on=starts, ends_on=ends,
            )  # fmt: skip
            changes.start_round(a_round)
            dispatch, fresh = _codes(a_round, arguments, invented, file)
    return _shown(dispatch, fresh, arguments)


def more_codes(arguments: argparse.Namespace) -> Result:
    """More codes for an open round."""
    a_round = queries.round_by_number(arguments.round)
    _check_codes(a_round, arguments)
    with _opened(arguments.out) as file:
        invented = changes.invent_codes(arguments.codes)
        with transaction.atomic():
            dispatch, fresh = _codes(a_round, arguments, invented, file)
    return _shown(dispatch, fresh, arguments)


def _check_codes(a_round: Round, arguments: argparse.Namespace) -> None:
    if why := rules.why_not_make_codes(a_round, size=arguments.codes, mode=arguments.channel):
        raise NotNow(why)


def _codes(
    a_round: Round, arguments: argparse.Namespace, invented: changes.Invented, file: TextIO | None
) -> tuple[Dispatch, list[FreshCode]]:
    product = queries.product_by_code(arguments.product) if arguments.product else None
    dispatch, fresh = changes.make_codes(
        a_round, size=arguments.codes, mode=arguments.channel, product=product, invented=invented
    )
    if file:
        _fill(file, fresh)
    return dispatch, fresh


def _shown(dispatch: Dispatch, fresh: Sequence[FreshCode], arguments: argparse.Namespace) -> Result:
    if arguments.out == "-" and not arguments.json:
        _write(sys.stdout, fresh)
        return None
    shown = (
        {"codes": [{"code": code.shown, "url": code.url} for code in fresh]}
        if arguments.out == "-"
        else {"file": arguments.out}
    )
    return {"round": dispatch.round_id, "batch": dispatch.pk, "size": dispatch.size, **shown}


@contextmanager
def _opened(name: str) -> Iterator[TextIO | None]:
    """The file for the codes, opened before anything is made. What stood in it stays until there are codes."""
    if name == "-":
        yield None
        return
    path = Path(name)
    was_there = path.exists()
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT, 0o600)
    except OSError as error:
        raise BadInput([f"{name} cannot be written: {error.strerror}. Nothing was made."]) from None
    try:
        with os.fdopen(handle, "w", newline="", encoding="utf-8") as file:
            yield file
    except BaseException:
        if not was_there:
            path.unlink(missing_ok=True)
        raise


def _fill(file: TextIO, fresh: Sequence[FreshCode]) -> None:
    """Codes on the disk, for the owner's eyes only, before the database keeps their hashes."""
    is_file = stat.S_ISREG(os.fstat(file.fileno()).st_mode)
    if is_file:
        os.fchmod(file.fileno(), 0o600)
        file.truncate(0)
    _write(file, fresh)
    file.flush()
    if is_file:
        os.fsync(file.fileno())


def _write(file: TextIO, fresh: Sequence[FreshCode]) -> None:
    writer = csv.writer(file)
    writer.writerow(["code", "url"])
    writer.writerows([code.shown, code.url] for code in fresh)


def close(arguments: argparse.Namespace) -> Result:
    """Close a round."""
    a_round = changes.close_round(queries.round_by_number(arguments.round))
    return {"round": a_round.pk, "status": a_round.status}


def list_all(arguments: argparse.Namespace) -> Result:
    """The rounds of an office."""
    return [
        {
            "round": a_round.pk,
            "name": a_round.name,
            "status": a_round.status,
            "from": a_round.starts_on,
            "until": a_round.ends_on,
        }
        for a_round in queries.rounds_of(offices.office_by_slug(arguments.office))
    ]
