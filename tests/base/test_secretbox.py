"""The root secret of an installation: made once, however many begin at once, and never made anew over a broken file."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest

from gehoor.base import secretbox
from gehoor.base.errors import BadSetting


def test_all_who_begin_at_once_get_the_same_secret(tmp_path: Path) -> None:
    """Sixteen at a time, in folders that are not there yet."""
    for number in range(8):
        folder, together = tmp_path / str(number), Barrier(16)

        def begin(folder: Path = folder, together: Barrier = together) -> bytes:
            together.wait()
            return secretbox.root_of(folder)

        with ThreadPoolExecutor(16) as threads:
            roots = {one.result() for one in [threads.submit(begin) for _ in range(16)]}

        assert len(roots) == 1
        assert [path.name for path in folder.iterdir()] == ["secrets.json"]


def test_the_secret_is_for_the_installation_alone_and_stays(tmp_path: Path) -> None:
    root = secretbox.root_of(tmp_path)

    assert len(root) == 32
    assert (tmp_path / "secrets.json").stat().st_mode & 0o777 == 0o600
    assert secretbox.root_of(tmp_path) == root


def test_a_broken_file_is_told_and_not_made_anew(tmp_path: Path) -> None:
    """With another root, every code and receipt that was handed out would stop working."""
    (tmp_path / "secrets.json").write_text("{")

    with pytest.raises(BadSetting, match="backup"):
        secretbox.root_of(tmp_path)
    assert (tmp_path / "secrets.json").read_text() == "{"
