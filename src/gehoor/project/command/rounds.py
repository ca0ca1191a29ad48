"""`gehoor round …`."""

import argparse
import csv
import datetime as dt
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from gehoor.base import clock
from gehoor.base.errors import BadInput
from gehoor.offices import queries as offices
from gehoor.project.command import Result, command, group
from gehoor.questionnaires import queries as questionnaires
from gehoor.rounds import changes, queries
from gehoor.rounds.changes import FreshCode
from gehoor.rounds.models import Anonymity, Mode, Moment, Round, Stage

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
    made.add_argument(
        "--from", dest="starts", type=dt.date.fromisoformat, metavar="DAY", help="first day (default: today)"
    )
    made.add_argument(
        "--until", dest="ends", type=dt.date.fromisoformat, metavar="DAY", help=f"last day (default: {DAYS} days on)"
    )
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


def _round(made: argparse.ArgumentParser) -> None:
    made.add_argument("--round", required=True, type=int, metavar="NUMBER", help="see `gehoor round list`")


def start(arguments: argparse.Namespace) -> Result:
    """Make, open, and give codes."""
    office = offices.office_by_slug(arguments.office)
    version = questionnaires.newest(arguments.questionnaire, office=office)
    product = queries.product_by_code(arguments.product)
    today = clock.today()
    team = offices.teams_of(office).filter(name=arguments.team).first() if arguments.team else None
    if arguments.team and team is None:
        raise BadInput([f"There is no team {arguments.team}."])
    a_round = changes.make_round(
        office, version,
        name=arguments.name or f"{version.questionnaire.key} {clock.quarter(today)}",
        moment=arguments.moment, stage=arguments.stage, product=product, anonymity=arguments.mode,
        purpose=arguments.purpose, readers=arguments.readers, team=team,
        starts_on=arguments.starts or today, ends_on=arguments.ends or (arguments.starts or today) + dt.timedelta(DAYS),
    )  # fmt: skip
    changes.start_round(a_round)
    return _codes(a_round, arguments)


def more_codes(arguments: argparse.Namespace) -> Result:
    """More codes for an open round."""
    return _codes(queries.round_by_number(arguments.round), arguments)


def _codes(a_round: Round, arguments: argparse.Namespace) -> Result:
    product = queries.product_by_code(arguments.product) if arguments.product else None
    dispatch, fresh = changes.make_codes(a_round, size=arguments.codes, mode=arguments.channel, product=product)
    if arguments.out == "-" and not arguments.json:
        _write(sys.stdout, fresh)
        return None
    if arguments.out != "-":
        with Path(arguments.out).open("w", newline="", encoding="utf-8") as file:
            _write(file, fresh)
    shown = (
        {"codes": [{"code": code.shown, "url": code.url} for code in fresh]}
        if arguments.out == "-"
        else {"file": arguments.out}
    )
    return {"round": a_round.pk, "batch": dispatch.pk, "size": dispatch.size, **shown}


def _write(file: Any, fresh: Sequence[FreshCode]) -> None:
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
