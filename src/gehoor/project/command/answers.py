"""`gehoor open` and `gehoor import answers`."""

import argparse
from typing import Any

from gehoor.answers import changes
from gehoor.project.command import Result, command


def add(commands: Any) -> None:
    """The commands of this room."""
    made = command(
        commands, "open", open_envelopes,
        "Open the envelopes of each round that has five or more, or that waited since an earlier day. Exit code 1 when a key is lost.",
    )  # fmt: skip
    made.add_argument("--now", action="store_true", help="open all, also fewer than five; it is recorded")


def open_envelopes(arguments: argparse.Namespace) -> Result:
    """Open, and say in counts what happened."""
    opened = changes.open_all(at_once=arguments.now)
    return vars(opened)
