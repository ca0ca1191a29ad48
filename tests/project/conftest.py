"""A data folder as `gehoor migrate` makes it."""

from pathlib import Path

import pytest
from tests.project.command import gehoor


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Made once, to look at or to copy: no test changes it."""
    folder = tmp_path_factory.mktemp("gehoor") / "data"
    done = gehoor(folder, "migrate")
    assert done.returncode == 0, done.stderr
    return folder
