"""The tools that look at the whole house. Each is one test, so that they run beside the others."""

import subprocess
import sys
from pathlib import Path

import pytest

HOUSE = Path(__file__).resolve().parents[2]
TOOLS = Path(sys.executable).parent

GATES = {
    "ruff finds nothing": [TOOLS / "ruff", "check", "--quiet", "--no-cache", "src", "tests", "bench", "tools"],
    "ruff would format nothing": [
        TOOLS / "ruff",
        "format",
        "--check",
        "--quiet",
        "--no-cache",
        "src",
        "tests",
        "bench",
        "tools",
    ],
    "every type fits": [TOOLS / "mypy", "--no-error-summary"],
    "rooms import downstairs only": [TOOLS / "lint-imports", "--no-cache"],
}


@pytest.mark.parametrize("name", GATES)
def test_gate(name: str, tmp_path: Path) -> None:
    words = [str(word) for word in GATES[name]]
    if "mypy" in words[0]:
        words += ["--cache-dir", str(tmp_path)]
    environment = {
        "PATH": f"{TOOLS}:/usr/bin:/bin",
        "PYTHONPATH": str(HOUSE / "src"),
        "GEHOOR_DATA": str(tmp_path),
        "HOME": str(tmp_path),
    }

    done = subprocess.run(words, cwd=HOUSE, env=environment, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
