"""A backup can be put back on an empty machine, and what was taken back since stays away."""

import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.project.command import gehoor

pytestmark = pytest.mark.process


@dataclass(frozen=True)
class Sealed:
    """A backup of an office, the key that opens it, and the folder it was made of."""

    folder: Path
    file: Path
    key: Path


@pytest.fixture(scope="module")
def sealed(tmp_path_factory: pytest.TempPathFactory, prepared: Path) -> Sealed:
    """Made once: no test changes it."""
    place = tmp_path_factory.mktemp("verzegeld")
    made = Sealed(shutil.copytree(prepared, place / "een"), place / "kopie", place / "sleutel")
    gehoor(made.folder, "office", "add", "Leerplicht Voorbeeldstad", "--slug", "voorbeeld")
    public = gehoor(place, "backup-key", "--out", made.key).stdout.split("public key: ")[1].strip()
    done = gehoor(made.folder, "backup", "--out", made.file, "--to", public)
    assert done.returncode == 0, done.stderr
    return made


def test_a_sealed_backup_comes_back_whole(sealed: Sealed, tmp_path: Path) -> None:
    second = tmp_path / "twee"

    refused = gehoor(second, "restore", sealed.file)
    restored = gehoor(second, "restore", sealed.file, "--key", sealed.key)

    assert b"Voorbeeldstad" not in sealed.file.read_bytes()
    assert (refused.returncode, "sealed" in refused.stderr) == (1, True)
    assert restored.returncode == 0, restored.stderr
    assert "voorbeeld" in gehoor(second, "office", "list").stdout
    assert (second / "secrets.json").read_text() == (sealed.folder / "secrets.json").read_text()


@pytest.mark.parametrize("damage", ["cut", "flip"])
def test_a_damaged_backup_is_refused_and_nothing_is_restored(sealed: Sealed, tmp_path: Path, damage: str) -> None:
    second, file = tmp_path / "twee", tmp_path / "kopie"
    data = bytearray(sealed.file.read_bytes())
    if damage == "cut":
        del data[-2000:]
    else:
        data[len(data) // 2] ^= 1
    file.write_bytes(data)

    refused = gehoor(second, "restore", file, "--key", sealed.key)

    assert refused.returncode == 1
    assert "cannot be read as a backup" in refused.stderr
    assert gehoor(second, "office", "list").stdout == ""


KILLED_AT = """
import os, signal, sys
import django
os.environ["DJANGO_SETTINGS_MODULE"] = "gehoor.project.settings"
django.setup()
from gehoor.project.command import backup, main
step, number = sys.argv[1], int(sys.argv[2])
former = getattr(backup, step)
seen = 0
def killed(*words, **more):
    global seen
    seen += 1
    if seen == number:
        os.kill(os.getpid(), signal.SIGKILL)
    return former(*words, **more)
setattr(backup, step, killed)
main(sys.argv[3:])
"""


@pytest.mark.parametrize(("step", "number"), [("_unpack", 1), ("_load", 1), ("_load", 2), ("call_command", 2)])
def test_a_restore_that_was_killed_is_told_and_can_be_done_again(
    sealed: Sealed, tmp_path: Path, step: str, number: int
) -> None:
    second = tmp_path / "twee"
    restore = ("restore", sealed.file, "--key", sealed.key)
    killed = gehoor(second, step, number, *restore, programme=("-c", KILLED_AT))

    refused = gehoor(second, "office", "list")
    checked = gehoor(second, "check")
    again = gehoor(second, *restore)

    assert killed.returncode == -9
    assert (refused.returncode, "broken off" in refused.stderr) == (1, True)
    assert (checked.returncode, "broken off" in checked.stdout) == (1, True)
    assert again.returncode == 0, again.stderr
    assert "voorbeeld" in gehoor(second, "office", "list").stdout
    assert (second / "secrets.json").read_text() == (sealed.folder / "secrets.json").read_text()
    assert [path.name for path in second.iterdir() if path.is_dir()] == ["keys"]


def test_a_restore_into_a_full_database_is_refused(tmp_path: Path, prepared: Path) -> None:
    gehoor(prepared, "backup", "--out", tmp_path / "kopie")

    refused = gehoor(shutil.copytree(prepared, tmp_path / "een"), "restore", tmp_path / "kopie")

    assert (refused.returncode, "not empty" in refused.stderr) == (1, True)


def test_check_is_content_with_a_fresh_installation(prepared: Path) -> None:
    done = gehoor(prepared, "check")

    assert (done.returncode, done.stdout.strip()) == (0, "ok  nothing to mend")


def test_a_wrong_setting_says_what_to_put_there(tmp_path: Path) -> None:
    done = gehoor(tmp_path, "office", "list", GEHOOR_DATABASE_URL="mysql://x")

    assert done.returncode == 2
    assert "GEHOOR_DATABASE_URL" in done.stderr
    assert "postgresql://" in done.stderr
