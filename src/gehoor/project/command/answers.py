"""`gehoor open` and `gehoor import answers`."""

import argparse
import hashlib
import sys
from pathlib import Path
from typing import Any

from django.db import transaction

from gehoor.answers import changes, importing
from gehoor.base.errors import BadInput, NotNow
from gehoor.offices import journal
from gehoor.project.command import Failed, Result, command, group
from gehoor.questionnaires import queries as questionnaires
from gehoor.rounds import queries as rounds


def add(commands: Any) -> None:
    """The commands of this room."""
    made = command(
        commands, "open", open_envelopes,
        "Open the envelopes of each round that has five or more, or that waited since an earlier day. Exit code 1 when a key is lost.",
    )  # fmt: skip
    older = group(commands, "import", "Older research")
    brought = command(
        older, "answers", import_answers,
        "Take in older research from a CSV file. It goes through the same checks, sealing and opening as any answer; with one fault nothing is taken in.",
    )  # fmt: skip
    brought.add_argument("file", metavar="FILE")
    brought.add_argument("--round", required=True, type=int, metavar="NUMBER")
    brought.add_argument(
        "--mapping",
        required=True,
        metavar="FILE",
        help="JSON: which column answers which question; see docs/reference/import.md",
    )
    brought.add_argument("--again", action="store_true", help="take the same file into the same round once more")
    made.add_argument("--now", action="store_true", help="open all, also fewer than five; it is recorded")


def open_envelopes(arguments: argparse.Namespace) -> Result:
    """Open, and say in counts what happened."""
    opened = changes.open_all(at_once=arguments.now)
    if opened.keys_lost or opened.unreadable or opened.failed:
        print(
            f"{opened.keys_lost} keys are lost and {opened.unreadable} envelopes could not be read; {opened.failed} batches failed and are tried again. See docs/how-to/beheren.md.",
            file=sys.stderr,
        )
        return Failed(vars(opened))
    return vars(opened)


def import_answers(arguments: argparse.Namespace) -> Result:
    """Take in older research."""
    a_round = rounds.round_by_number(arguments.round)
    content = questionnaires.content_of(a_round.version_id)
    products = {product.code for product in rounds.products()}
    file, wanted = _text(arguments.file), _text(arguments.mapping)
    mapping = importing.read_mapping(wanted, content)
    answers = importing.read_rows(file, mapping, content, products)
    mark = hashlib.sha256(f"{a_round.pk}\0{wanted}\0{file}".encode()).hexdigest()[:12]
    with transaction.atomic():
        if not arguments.again and journal.was_marked(a_round.office, journal.Verb.ANSWERS_IMPORTED, mark):
            raise NotNow("This file was taken into this round before. With --again its answers count twice.")
        taken = changes.take_in(a_round, answers)
        journal.write(a_round.office, journal.Verb.ANSWERS_IMPORTED, f"{a_round.name}: {mapping.period} #{mark}")
    return {"round": a_round.pk, "taken_in": taken, "empty": len(answers) - taken}


def _text(name: str) -> str:
    try:
        return Path(name).read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput([f"{name} cannot be read: {error}"]) from None
