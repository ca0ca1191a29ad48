"""The file of a key: whole or not there, for the installation alone, overwritten before it goes."""

import os
from pathlib import Path

import pytest

from gehoor.base import keyfile

KEY = bytes(range(32))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "one.key"


def names(path: Path) -> list[str]:
    return sorted(each.name for each in path.parent.iterdir())


def test_a_key_is_there_whole_for_its_owner_alone_and_leaves_no_draft(path: Path) -> None:
    keyfile.write(path, KEY)

    assert path.read_bytes() == KEY
    assert path.stat().st_mode & 0o777 == 0o600
    assert names(path) == ["one.key"]


def test_a_key_is_never_written_over_another(path: Path) -> None:
    keyfile.write(path, KEY)

    with pytest.raises(FileExistsError):
        keyfile.write(path, bytes(32))

    assert path.read_bytes() == KEY
    assert names(path) == ["one.key"]


def test_a_disk_that_fails_half_way_leaves_nothing(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_room(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as broken:
        broken.setattr(os, "fsync", no_room)
        with pytest.raises(OSError, match="No space left"):
            keyfile.write(path, KEY)

    assert names(path) == []


def test_the_key_and_then_its_name_are_flushed_to_disk(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    flushed = []

    def note(handle: int) -> None:
        flushed.append((os.fstat(handle).st_ino, path.exists()))

    monkeypatch.setattr(os, "fsync", note)

    keyfile.write(path, KEY)

    assert flushed == [(path.stat().st_ino, False), (path.parent.stat().st_ino, True)]


@pytest.mark.parametrize("with_clock", [True, False])
def test_a_key_says_when_it_was_written_only_when_it_may(path: Path, *, with_clock: bool) -> None:
    keyfile.write(path, KEY, with_clock=with_clock)

    assert (path.stat().st_mtime > 0, path.stat().st_atime > 0) == (with_clock, with_clock)


@pytest.mark.parametrize("size", [0, 1, 32, 64])
def test_all_of_a_key_is_overwritten_and_flushed_before_it_goes(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    keyfile.write(path, b"x" * size)
    os.link(path, copy := tmp_path / "the same bytes on disk")
    flushed = []
    monkeypatch.setattr(os, "fsync", lambda handle: flushed.append((os.fstat(handle).st_ino, path.exists())))

    keyfile.destroy(path)

    left = copy.read_bytes()
    assert not path.exists()
    assert (len(left), left.count(b"x" * 8)) == (size, 0)
    assert flushed == [(copy.stat().st_ino, True)]


def test_a_naive_removal_leaves_the_key_on_disk(path: Path, tmp_path: Path) -> None:
    """The twin."""
    keyfile.write(path, KEY)
    os.link(path, copy := tmp_path / "the same bytes on disk")

    path.unlink()

    assert copy.read_bytes() == KEY


def test_nothing_happens_when_a_key_is_gone(path: Path) -> None:
    keyfile.destroy(path)

    assert names(path) == []
