"""A backup can be put back on an empty machine, and what was taken back since stays away."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

SOURCE = Path(__file__).resolve().parents[2] / "src"


def gehoor(data: Path, *words: object, **more: str) -> "subprocess.CompletedProcess[str]":
    """The real command in a process and a data folder of its own."""
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(SOURCE), "GEHOOR_DATA": str(data), **more}
    return subprocess.run(
        [sys.executable, "-m", "gehoor", *map(str, words)], env=environment, capture_output=True, text=True, check=False
    )


def test_a_sealed_backup_comes_back_whole(tmp_path: Path) -> None:
    first, second, key, file = tmp_path / "een", tmp_path / "twee", tmp_path / "sleutel", tmp_path / "kopie"
    gehoor(first, "migrate")
    gehoor(first, "office", "add", "Leerplicht Voorbeeldstad", "--slug", "voorbeeld")
    public = gehoor(tmp_path, "backup-key", "--out", key).stdout.split("public key: ")[1].strip()

    made = gehoor(first, "backup", "--out", file, "--to", public)
    refused = gehoor(second, "restore", file)
    restored = gehoor(second, "restore", file, "--key", key)

    assert made.returncode == 0, made.stderr
    assert b"Voorbeeldstad" not in file.read_bytes()
    assert (refused.returncode, "sealed" in refused.stderr) == (1, True)
    assert restored.returncode == 0, restored.stderr
    assert "voorbeeld" in gehoor(second, "office", "list").stdout
    assert (second / "secrets.json").read_text() == (first / "secrets.json").read_text()


@pytest.mark.parametrize("damage", ["cut", "flip"])
def test_a_damaged_backup_is_refused_and_nothing_is_restored(tmp_path: Path, damage: str) -> None:
    first, second, key, file = tmp_path / "een", tmp_path / "twee", tmp_path / "sleutel", tmp_path / "kopie"
    gehoor(first, "migrate")
    public = gehoor(tmp_path, "backup-key", "--out", key).stdout.split("public key: ")[1].strip()
    gehoor(first, "backup", "--out", file, "--to", public)
    data = bytearray(file.read_bytes())
    if damage == "cut":
        del data[-2000:]
    else:
        data[len(data) // 2] ^= 1
    file.write_bytes(data)

    refused = gehoor(second, "restore", file, "--key", key)

    assert refused.returncode == 1
    assert "cannot be read as a backup" in refused.stderr
    assert gehoor(second, "migrate").returncode == 0


def test_a_restore_into_a_full_database_is_refused(tmp_path: Path) -> None:
    gehoor(tmp_path / "een", "migrate")
    gehoor(tmp_path / "een", "backup", "--out", tmp_path / "kopie")

    refused = gehoor(tmp_path / "een", "restore", tmp_path / "kopie")

    assert (refused.returncode, "not empty" in refused.stderr) == (1, True)


def test_check_is_content_with_a_fresh_installation(tmp_path: Path) -> None:
    gehoor(tmp_path, "migrate")

    done = gehoor(tmp_path, "check")

    assert (done.returncode, done.stdout.strip()) == (0, "ok  nothing to mend")


def test_a_wrong_setting_says_what_to_put_there(tmp_path: Path) -> None:
    done = gehoor(tmp_path, "office", "list", GEHOOR_DATABASE_URL="mysql://x")

    assert done.returncode == 2
    assert "GEHOOR_DATABASE_URL" in done.stderr
    assert "postgresql://" in done.stderr
