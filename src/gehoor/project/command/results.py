"""`gehoor release` and `gehoor results`."""

import argparse
import sys
from typing import Any

from gehoor.base import clock
from gehoor.base.errors import BadInput, NotFound
from gehoor.offices import queries as offices
from gehoor.project.command import Failed, Result, command
from gehoor.results import changes, exports, queries
from gehoor.rounds import queries as rounds


def add(commands: Any) -> None:
    """The commands of this room."""
    made = command(
        commands, "release", release,
        "Release the figures of every round of an office that has answers of a quarter. Exit code 1 when the auditor blocked one.",
    )  # fmt: skip
    made.add_argument("--office", required=True, metavar="SLUG")
    made.add_argument("--period", required=True, metavar="QUARTER", help="such as 2026-Q4")
    made = command(
        commands,
        "results",
        results,
        "Print the released figures of a round. Only released cells; nothing else can be had.",
        json_too=False,
    )
    made.add_argument("--office", required=True, metavar="SLUG")
    made.add_argument("--round", required=True, type=int, metavar="NUMBER")
    made.add_argument("--period", metavar="QUARTER", help="default: the newest released one")
    made.add_argument("--format", choices=["json", "csv"], default="json")


def release(arguments: argparse.Namespace) -> Result:
    """Release an office's quarter."""
    if not clock.is_quarter(arguments.period):
        raise BadInput([f"--period is {arguments.period!r}; expected a quarter such as 2026-Q4"])
    outcomes = changes.release_office(offices.office_by_slug(arguments.office), arguments.period)
    if not outcomes:
        raise NotFound(f"There are no opened answers in {arguments.period}. Run `gehoor open` first.")
    rows: list[dict[str, Any]] = [
        {"round": outcome.round.pk, "name": outcome.round.name, "period": outcome.period,
         "release": outcome.release.number if outcome.release else None,
         "state": "blocked" if outcome.findings else "released" if outcome.release else "nothing new"}
        for outcome in outcomes
    ]  # fmt: skip
    if any(row["state"] == "blocked" for row in rows):
        print("The auditor blocked a release: see the journal and docs/explanation/small-numbers.md.", file=sys.stderr)
        return Failed(rows)
    return rows


def results(arguments: argparse.Namespace) -> Result:
    """The figures of a round."""
    a_round = rounds.round_in(offices.office_by_slug(arguments.office), arguments.round)
    newest = queries.newest_of(a_round)
    chosen = [one for one in newest if arguments.period in (None, one.period)]
    if not chosen:
        raise NotFound("Nothing was released for this round and quarter yet.")
    figures = queries.figures(a_round, chosen[0])
    sys.stdout.write(exports.as_csv(figures) if arguments.format == "csv" else exports.as_json(figures))
    return None
