"""The command line: the whole main job without a screen. Each command is a function that returns what it did.

`--data` and the GEHOOR_… variables must be known before Django reads its settings, so they are read here first.
"""

import argparse
import json
import os
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal, NamedTuple

from django.db import Error

from gehoor.base.errors import GehoorError
from gehoor.project.demo import environment

Shown = dict[str, Any] | list[dict[str, Any]] | str | None


class Failed(NamedTuple):
    """A result that is shown, with an exit code that says it did not all go well."""

    shown: Shown
    code: int = 1


Result = Shown | int | Failed
Command = Callable[[argparse.Namespace], Result]
# What a command needs of the databases: made when they are new, there already, or nothing.
Databases = Literal["made", "there", ""]
PRIVATE = 0o077  # whatever a command makes can be read by nobody else


def main(words: Sequence[str] | None = None) -> int:
    """Run one command. Returns the exit code: 0 done, 1 refused, 2 a wrong setting or wrong use."""
    words = list(sys.argv[1:] if words is None else words)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gehoor.project.settings")
    try:
        with _data_folder(words):
            arguments = parser().parse_args(words)
            result = _run(arguments)
    except GehoorError as error:
        print(str(error), file=sys.stderr)
        return error.exit_code
    except BrokenPipeError:  # whoever read along has gone; what is still to be said goes nowhere
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except OSError as error:
        print(f"{error.filename or 'A file or connection'}: {error.strerror or error}", file=sys.stderr)
        return 1
    except Error as error:
        # The kind only: an error's own text may hold what somebody wrote.
        print(
            f"The database cannot do this ({type(error).__name__}). `gehoor check` says what is wrong; after an update, run `gehoor migrate`.",
            file=sys.stderr,
        )
        return 1
    except KeyboardInterrupt:
        return 130
    if isinstance(result, int):
        return result
    shown, code = result if isinstance(result, Failed) else (result, 0)
    _show(shown, as_json=getattr(arguments, "json", False))
    return code


def _run(arguments: argparse.Namespace) -> Result:
    from django.utils import translation  # noqa: PLC0415 -- only after the data folder is known

    from gehoor.project.command import server  # noqa: PLC0415

    former = os.umask(PRIVATE)
    try:
        if arguments.databases:
            server.make_ready(arguments.databases)
        with translation.override("en"):  # as this module and the help of each command speak
            result: Result = arguments.run(arguments)
        return result
    finally:
        os.umask(former)


def parser() -> argparse.ArgumentParser:
    """The parser with every command; also the source of the reference page."""
    import django  # noqa: PLC0415 -- only after the data folder is known

    django.setup()
    from gehoor.project.command import (  # noqa: PLC0415
        answers,
        backup,
        check,
        demo,
        offices,
        questionnaires,
        results,
        rounds,
        server,
        test,
        worker,
    )

    top = argparse.ArgumentParser(
        prog="gehoor",
        description="An open client feedback system for school-attendance offices: heard, decided, told back.",
    )
    top.add_argument(
        "--data", metavar="DIR", help="folder for everything that is kept (default: ./data, or GEHOOR_DATA)"
    )
    commands = top.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for room in (demo, test, server, worker, check, offices, questionnaires, rounds, answers, results, backup):
        room.add(commands)
    return top


def command(
    commands: Any, name: str, run: Command, text: str, *, json_too: bool = True, databases: Databases = "made"
) -> argparse.ArgumentParser:
    """Add one command. The first sentence of `text` is its line in the list."""
    made: argparse.ArgumentParser = commands.add_parser(
        name, help=text.split(". ", maxsplit=1)[0].rstrip("."), description=text
    )
    made.add_argument("--data", metavar="DIR", help=argparse.SUPPRESS)
    if json_too:
        made.add_argument("--json", action="store_true", help="print the result as JSON, for programmes")
    made.set_defaults(run=run, databases=databases)
    return made


def group(commands: Any, name: str, text: str) -> Any:
    """A group of commands, such as `office add`."""
    made = commands.add_parser(name, help=text, description=text)
    return made.add_subparsers(title="commands", metavar="COMMAND", required=True)


@contextmanager
def _data_folder(words: Sequence[str]) -> Iterator[None]:
    """Known before Django reads its settings. Asking for help makes no folder."""
    _set_data_folder(words)
    if not {"-h", "--help"} & set(words):
        if _name_of(words) == "demo":
            environment.prepare(list(words))
        yield
        return
    former = os.environ.get("GEHOOR_DATA")
    with tempfile.TemporaryDirectory() as folder:
        os.environ["GEHOOR_DATA"] = folder
        try:
            yield
        finally:
            os.environ.pop("GEHOOR_DATA")
            if former is not None:
                os.environ["GEHOOR_DATA"] = former


def _name_of(words: Sequence[str]) -> str:
    """The command: the first word that is no option, nor the value of `--data`."""
    before = ""
    for word in words:
        if not word.startswith("-") and before != "--data":
            return word
        before = word
    return ""


def _set_data_folder(words: Sequence[str]) -> None:
    for place, word in enumerate(words):
        if word == "--data" and place + 1 < len(words):
            os.environ["GEHOOR_DATA"] = str(Path(words[place + 1]).resolve())
        elif word.startswith("--data="):
            os.environ["GEHOOR_DATA"] = str(Path(word.partition("=")[2]).resolve())


def _show(result: Shown, *, as_json: bool) -> None:
    if result is None:
        return
    if as_json:
        print(json.dumps(result, ensure_ascii=False, indent=1, default=str))
    elif isinstance(result, list):
        for row in result:
            print("  ".join(str(value) for value in row.values()))
    elif isinstance(result, dict):
        for name, value in result.items():
            print(f"{name}: {value}")
    else:
        print(result)
