"""What the bench must do inside an installation, with the project's own functions: `python inside.py WHAT < given.json`.

Runs in a process of its own (installation.py starts it), so that the programmes beside it share no state with Gehoor.
"""

import json
import os
import sys
import uuid
from collections import Counter
from collections.abc import Callable
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gehoor.project.settings")
django.setup()

from gehoor.answers import keyring, sealing, tickets  # noqa: E402 -- Django first
from gehoor.answers import queries as answers  # noqa: E402
from gehoor.answers.models import Batch, Envelope, OpenedBatch, OpenText, Submission  # noqa: E402
from gehoor.base import clock  # noqa: E402
from gehoor.boards import changes as boards  # noqa: E402
from gehoor.boards import commands as board_commands  # noqa: E402
from gehoor.boards.models import Event  # noqa: E402
from gehoor.boards.sight import Viewer  # noqa: E402
from gehoor.boards.state import KINDS as STATED  # noqa: E402
from gehoor.disclosure import auditor, policy  # noqa: E402
from gehoor.disclosure.suppress import Basis  # noqa: E402
from gehoor.disclosure.tables import PublicTable, sizes_of  # noqa: E402
from gehoor.meetings import changes as meetings  # noqa: E402
from gehoor.offices.models import Office  # noqa: E402
from gehoor.results import changes as results  # noqa: E402
from gehoor.results import models as result_models  # noqa: E402
from gehoor.results import queries as result_queries  # noqa: E402
from gehoor.rounds import queries as rounds  # noqa: E402
from gehoor.rounds.models import Code, Product  # noqa: E402


def products(names: dict[str, str]) -> int:
    """Add products by code; there is no command for it."""
    for code, name in names.items():
        Product.objects.get_or_create(code=code, defaults={"name_nl": name, "name_en": name})
    return Product.objects.count()


def board(given: dict[str, int]) -> dict[str, Any]:
    """A meeting in the phase of talking, and the digits of so many guests; with `notes`, so many lie on its board."""
    meeting = meetings.plan(
        Office.objects.get(), kind="focus_group", name="Meting", purpose="Meten.", held_on=clock.today()
    )
    meetings.open_doors(meeting)
    laid = boards.lay_board(meeting)
    talk = [phase["kind"] for phase in laid.setup["phases"]].index("talk")
    leads = Viewer(0, "", is_facilitator=True, seed=b"bench")
    boards.perform(laid.pk, [(leads, board_commands.read({"do": "step", "key": "k" * 22, "step": talk}))])
    digits = [meetings.join(meeting, alias=f"Gast {n}", voice="youth")[1] for n in range(given["people"])]
    _fill(laid.pk, leads, len(laid.setup["frames"]), given.get("notes", 0))
    return {"meeting": meeting.pk, "digits": digits}


def _fill(board_pk: int, writer: Viewer, frames: int, notes: int) -> None:
    """So many notes of eighty characters, over all frames and kinds."""
    for start in range(0, notes, 500):
        written = [
            board_commands.read({
                "do": "write", "key": f"{n:022d}", "note": f"n{n:021d}", "frame": n % frames, "kind": STATED[n % 6],
                "text": f"Bel van tevoren even op, dan schrik ik minder van een brief. Dat is notitie {n}.",
            })
            for n in range(start, min(start + 500, notes))
        ]  # fmt: skip
        boards.perform(board_pk, [(writer, one) for one in written])


def events(given: dict[str, int]) -> dict[str, int]:
    """How many commands of guests the log of a meeting's board holds, and whether its numbers have no gap."""
    log = Event.objects.filter(board__meeting_id=given["meeting"])
    numbers = list(log.order_by("seq").values_list("seq", flat=True))
    gaps = sum(one != place for place, one in enumerate(numbers, 1))
    return {"commands": log.filter(kind__in=("write", "edit")).count(), "gaps": gaps}


def vault(receipts: list[str]) -> dict[str, Any]:
    """Everything in the vault, and which rows each receipt leads to."""
    submissions = {
        str(row.pk): {
            "answers": row.answers,
            "product": row.product,
            "mode": row.mode,
            "language": row.language,
            "helper": row.helper,
        }
        for row in Submission.objects.iterator()
    }
    texts = {
        str(row.pk): {
            "question": row.question,
            "words": sealing.unlock_text(bytes(row.box), keyring.text_key(row.period)),
        }
        for row in OpenText.objects.iterator()
    }
    parts = tickets.many_part_ids(receipts)
    return {
        "submissions": submissions,
        "texts": texts,
        "parts": {receipt: [str(one) for one in ids] for receipt, ids in zip(receipts, parts, strict=True)},
    }


def remains(_given: None = None) -> dict[str, int]:
    """What is left outside the vault."""
    rows = OpenedBatch.objects.values_list("envelopes", "unreadable")
    return {
        "codes": Code.objects.count(),
        "envelopes": Envelope.objects.count(),
        "closed_batches": Batch.objects.filter(closed=True).count(),
        "batch_keys": sum(1 for path in keyring.folder().glob("*.key") if not path.name.startswith("texts-")),
        "open_batches": Batch.objects.filter(closed=False).count(),
        "opened_batches": len(rows),
        "opened": sum(row[0] for row in rows),
        "unreadable": sum(row[1] for row in rows),
    }


def audit(given: dict[str, Any]) -> dict[str, Any]:
    """The project's own auditor over everything that was released of a round and period, and over a careless twin."""
    a_round = rounds.round_by_number(given["round"])
    numbers = policy.load().with_smallest(a_round.office.smallest_group)
    stored = result_models.Basis.objects.filter(round_id=a_round.pk, period=given["period"]).latest("number").counts
    sizes = {place: size for basis in stored for place, size in Basis.from_json(basis).sizes().items()}
    released = auditor.audit(result_queries.all_tables(a_round, given["period"]), numbers, sizes=sizes)
    exact = [results.exact_tables(tally) for tally in answers.tallies(a_round, given["period"])]
    twin_sizes = {place: size for tables in exact for place, size in sizes_of(tables, 1).items()}
    twin = auditor.audit([careless(table) for tables in exact for table in tables], numbers, sizes=twin_sizes)
    return {
        "released": released.to_json(),
        "twin_targets": twin.targets,
        "twin_findings": dict(Counter(one.kind for one in twin.findings)),
    }


def careless(table: Any) -> PublicTable:
    """The table as a threshold alone makes it: figures of 1-9 are left out, everything else is shown."""
    groups = [
        {"name": group, "n": [table.size(group)] * 2}
        if table.size(group) >= 10
        else {"name": group, "reason": "protected"}
        for group in table.groups
    ]
    cells = [
        [_careless(table.count(group, option), table.size(group)) for option in table.options] for group in table.groups
    ]
    return PublicTable.from_json(
        {
            "question": table.question,
            "dimension": table.dimension,
            "wave": 1,
            "sensitive": False,
            "options": table.options,
            "groups": groups,
            "cells": cells,
        }
    )


def _careless(count: int, size: int) -> dict[str, Any]:
    share = round(100 * count / size) if size else 0
    if 0 < count < 10 or size < 10:
        return {"reason": "protected"}
    return (
        {"word": "almost_nobody"} if share == 0 else {"word": "almost_everybody"} if share == 100 else {"share": share}
    )


WHAT: dict[str, Callable[[Any], Any]] = {
    "products": products,
    "vault": vault,
    "remains": remains,
    "audit": audit,
    "board": board,
    "events": events,
}

if __name__ == "__main__":
    said = WHAT[sys.argv[1]](json.load(sys.stdin))
    json.dump(said, sys.stdout, default=lambda value: str(value) if isinstance(value, uuid.UUID) else repr(value))
