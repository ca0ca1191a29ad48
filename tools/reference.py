"""Writes the reference pages from the code: `python tools/reference.py`. `tests/house/test_reference.py` compares them."""

import argparse
import json
import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

HOUSE = Path(__file__).resolve().parents[1]
REFERENCE = HOUSE / "docs" / "reference"
MADE = "<!-- Made by tools/reference.py; change the code, not this page. -->\n"


def pages() -> dict[str, str]:
    """Every generated page by its name."""
    return {
        "settings.md": settings_page(),
        "commands.md": commands_page(),
        "rights.md": rights_page(),
        "journal.md": journal_page(),
        "policy.md": policy_page(),
        "questionnaire.schema.json": schema_page(),
    }


def settings_page() -> str:
    """Every environment variable."""
    from gehoor.project.environment import SETTINGS  # noqa: PLC0415 -- Django must be ready

    rows = [f"| `{one.name}` | {f'`{one.default}`' if one.default else '–'} | {one.help} |" for one in SETTINGS]
    return "\n".join([MADE, "# Settings\n", "| variable | default | what it does |", "| --- | --- | --- |", *rows, ""])


def commands_page() -> str:
    """Every command with its help."""
    from gehoor.project.command import parser  # noqa: PLC0415 -- Django must be ready

    lines = [MADE, "# Commands\n", "Every command also takes `--data DIR`. With `--json` the result is JSON.\n"]
    for name, command in _commands(parser()):
        lines += [f"## `{name}`\n", f"{command.description}\n"]
        options = [
            action
            for action in command._actions
            if action.help not in (argparse.SUPPRESS, None) and action.dest not in {"help", "json"}
        ]
        lines += [
            f"- `{_shown(action)}`: {action.help % vars(action) if '%(' in str(action.help) else action.help}"
            for action in options
        ]
        lines += [""] if options else []
    return "\n".join(lines)


def _commands(top: argparse.ArgumentParser, before: str = "gehoor") -> Iterator[tuple[str, argparse.ArgumentParser]]:
    for action in top._actions:
        if isinstance(action, argparse._SubParsersAction):
            for name, command in action.choices.items():
                if any(isinstance(each, argparse._SubParsersAction) for each in command._actions):
                    yield from _commands(command, f"{before} {name}")
                else:
                    yield f"{before} {name}", command


def _shown(action: argparse.Action) -> str:
    name = action.option_strings[0] if action.option_strings else str(action.metavar or action.dest)
    if action.choices:
        return f"{name} {{{','.join(map(str, action.choices))}}}"
    return f"{name} {action.metavar}" if action.option_strings and action.metavar else name


def rights_page() -> str:
    """Which role may enter which room, as tests/house/test_strangers.py walks it."""
    from tests.house.test_strangers import MAY_ENTER, ROLE_OF  # noqa: PLC0415

    from gehoor.offices.models import Role  # noqa: PLC0415 -- Django must be ready

    roles = [role for role in Role.values if role in ROLE_OF.values()]
    lines = [
        MADE,
        "# Rights\n",
        "Each address of staff is walked by each role in `tests/house/test_strangers.py`; this is the table it holds.\n",
    ]
    lines += ["| address | " + " | ".join(roles) + " |", "| --- |" + " --- |" * len(roles)]
    for room, names in MAY_ENTER.items():
        allowed = {ROLE_OF[name] for name in names}
        lines.append(f"| `/{room}` | " + " | ".join("yes" if role in allowed else "–" for role in roles) + " |")
    return "\n".join(
        [*lines, "", "Under `/kantoor/zien/` officers and team leads see released figures of their own team only.", ""]
    )


def journal_page() -> str:
    """Every verb of the journal."""
    from gehoor.offices.journal import Verb  # noqa: PLC0415 -- Django must be ready

    rows = [f"| `{verb.value}` | {verb.label} |" for verb in Verb]
    return "\n".join(
        [
            MADE,
            "# Journal\n",
            "What staff do leaves one line; never what a client wrote.\n",
            "| verb | meaning |",
            "| --- | --- |",
            *rows,
            "",
        ]
    )


def policy_page() -> str:
    """The numbers of the gate and the rules that use them."""
    from gehoor.disclosure import suppress  # noqa: PLC0415 -- Django must be ready

    numbers = (HOUSE / "src/gehoor/disclosure/policy.yaml").read_text()
    return "\n".join(
        [
            MADE,
            "# Policy of the gate\n",
            "## The numbers\n",
            "```yaml",
            numbers.rstrip(),
            "```\n",
            "## The rules\n",
            "```text",
            (suppress.__doc__ or "").strip(),
            "```",
            "",
        ]
    )


def schema_page() -> str:
    """The JSON Schema of a questionnaire file."""
    from gehoor.questionnaires.format import schema  # noqa: PLC0415 -- Django must be ready

    return json.dumps(schema(), indent=1, ensure_ascii=False) + "\n"


def main() -> None:
    """Write them all."""
    sys.path[:0] = [str(HOUSE / "src"), str(HOUSE)]
    with tempfile.TemporaryDirectory() as folder:
        os.environ.update(GEHOOR_DATA=folder, DJANGO_SETTINGS_MODULE="gehoor.project.settings")
        import django  # noqa: PLC0415 -- after the data folder is known
        from django.utils import translation  # noqa: PLC0415

        django.setup()
        with translation.override("en"):
            for name, text in pages().items():
                (REFERENCE / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
