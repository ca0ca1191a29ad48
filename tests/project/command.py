"""The real command, in a process of its own."""

import os
import subprocess
import sys
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[2] / "src"


def gehoor(
    data: Path, *words: object, programme: tuple[str, ...] = ("-m", "gehoor"), **more: str
) -> "subprocess.CompletedProcess[str]":
    """Run it on a data folder, with settings of its own; or a programme that calls it."""
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(SOURCE), "GEHOOR_DATA": str(data), **more}
    return subprocess.run(
        [sys.executable, *programme, *map(str, words)], env=environment, capture_output=True, text=True, check=False
    )
