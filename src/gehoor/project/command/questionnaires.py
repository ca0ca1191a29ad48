"""`gehoor questionnaire …`."""

import argparse
import sys
from pathlib import Path
from typing import Any

from gehoor.base.errors import BadInput
from gehoor.offices import queries as offices
from gehoor.offices.models import Office
from gehoor.project.command import Result, command, group
from gehoor.questionnaires import changes, queries
from gehoor.questionnaires import format as questionnaire_format


def add(commands: Any) -> None:
    """The commands of this room."""
    mine = group(commands, "questionnaire", "Questionnaires")
    made = command(mine, "list", list_all, "List the questionnaires that can be used.")
    made.add_argument("--office", metavar="SLUG", help="with the office's own ones")
    made = command(mine, "show", show, "Show the questions of a questionnaire.")
    made.add_argument("key")
    made.add_argument("--office", metavar="SLUG")
    made.add_argument("--language", default="nl")
    made = command(
        mine, "export", export, "Write a questionnaire to a file. The format is in docs/reference.", json_too=False
    )
    made.add_argument("key")
    made.add_argument("--office", metavar="SLUG")
    made.add_argument("--out", default="-", metavar="FILE")
    made = command(
        mine,
        "import",
        take_in,
        "Take in a questionnaire file. Each fault is named with its place; nothing is half taken in.",
    )
    made.add_argument("file", metavar="FILE")
    made.add_argument("--office", required=True, metavar="SLUG")


def _office(arguments: argparse.Namespace) -> Office | None:
    return offices.office_by_slug(arguments.office) if arguments.office else None


def list_all(arguments: argparse.Namespace) -> Result:
    """Every questionnaire with its newest version."""
    rows = []
    for questionnaire in queries.usable_by(_office(arguments)):
        content = queries.content_of(queries.newest(questionnaire.key, office=questionnaire.office).pk)
        rows.append(
            {"key": content.key, "version": content.version, "voice": content.voice,
             "languages": " ".join(content.languages), "questions": len(content.questions)}
        )  # fmt: skip
    return rows


def show(arguments: argparse.Namespace) -> Result:
    """The questions in one language."""
    content = queries.content_of(queries.newest(arguments.key, office=_office(arguments)).pk)
    if arguments.language not in content.languages:
        raise BadInput([f"{content.key} has no {arguments.language}; it has {', '.join(content.languages)}"])
    return [
        {"key": question.key, "kind": question.kind, "text": question.text[arguments.language],
         "answers": " | ".join(content.text_of(question, value, arguments.language) or value for value in question.values)
         if question.kind != "number" else f"{question.min}-{question.max}"}
        for question in content.questions
    ]  # fmt: skip


def export(arguments: argparse.Namespace) -> Result:
    """The file of a questionnaire."""
    text = questionnaire_format.write(queries.content_of(queries.newest(arguments.key, office=_office(arguments)).pk))
    if arguments.out == "-":
        sys.stdout.write(text)
    else:
        Path(arguments.out).write_text(text, encoding="utf-8")
    return None


def take_in(arguments: argparse.Namespace) -> Result:
    """Import a file."""
    try:
        text = Path(arguments.file).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput([f"{arguments.file} cannot be read: {error}"]) from None
    version = changes.import_questionnaire(text, office=offices.office_by_slug(arguments.office))
    return {"key": version.questionnaire.key, "version": version.number}
