"""`gehoor test`: every check that CI runs, in the same order."""

import argparse
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from gehoor.project.command import Result, command

HOUSE = Path(__file__).resolve().parents[4]
SLOW = ("attacks", "bench", "browser", "house", "__pycache__")


def add(commands: Any) -> None:
    """The command."""
    made = command(
        commands, "test", test, "Run every check that CI runs. On SQLite first, then what attacks the storage on a real PostgreSQL.",
        json_too=False, databases="",
    )  # fmt: skip
    made.add_argument(
        "--quick", action="store_true", help="only unit and flow tests: no browser, no other process, no attack"
    )
    made.add_argument("words", nargs=argparse.REMAINDER, help="passed on to pytest: then only that runs")


def test(arguments: argparse.Namespace) -> Result:
    """Run pytest; with words, only what they name."""
    pytest = [sys.executable, "-m", "pytest", "-q"]
    if arguments.words:
        return _run([*pytest, *arguments.words])
    if arguments.quick:
        return _run([*pytest, "-n", "2", "--dist", "worksteal", "-m", "not browser and not process", *_quick()])
    first = _run([*pytest, "-n", "2", "--dist", "loadgroup", "tests"])
    postgres = [
        sys.executable,
        "tools/postgres.py",
        "--",
        *pytest,
        "-n",
        "2",
        "--dist",
        "worksteal",
        "tests/attacks",
        "tests/flows",
    ]
    return _run(postgres) or first


def _quick() -> list[str]:
    """The folders of the rooms, and the flows through them."""
    return sorted(
        f"tests/{place.name}" for place in (HOUSE / "tests").iterdir() if place.is_dir() and place.name not in SLOW
    )


def _run(words: list[str]) -> int:
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("GEHOOR_", "DJANGO_"))}
    environment.pop(
        "PYTHONDONTWRITEBYTECODE", None
    )  # the tests start the command often: it is compiled once, not each time
    print("$", " ".join(["python", *words[1:]]), flush=True)
    return subprocess.run(
        words, cwd=HOUSE, env={**environment, "PYTHONPATH": "src"}, umask=0o022, check=False
    ).returncode
