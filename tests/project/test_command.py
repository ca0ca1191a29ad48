"""The command line when something is wrong: a sentence, nothing half done, and nothing that others can read."""

import fcntl
import os
import shutil
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import translation
from tests.cast import Cast
from tests.project.command import gehoor

from gehoor.base.errors import NotNow
from gehoor.offices.models import Account, Entry, Office
from gehoor.project.command import demo, main, rounds, server
from gehoor.project.demo import environment, year
from gehoor.rounds.models import Code, Round

START = ("round", "start", "--office", "voorbeeld", "--questionnaire", "jongere")


@contextmanager
def own_signals() -> Iterator[None]:
    """`watch` takes the signals of its process."""
    former = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for number, handler in former.items():
            signal.signal(number, handler)


def mode_of(path: Path) -> str:
    """The rights on a file, as `chmod` writes them."""
    return f"{stat.S_IMODE(path.stat().st_mode):o}"


def kept() -> tuple[int, int, int]:
    """What a round leaves behind."""
    return Round.objects.count(), Code.objects.count(), Entry.objects.count()


@pytest.mark.process
def test_a_worker_that_dies_is_started_again_and_the_server_stays(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server, "FIRST_PAUSE", 0.1)
    lives = tmp_path / "lives"
    lives.touch()
    pages = server.start(["sh", "-c", f"while [ $(wc -l < {lives}) -lt 3 ]; do sleep 0.1; done"])

    with own_signals():
        code = server.watch(pages, server.Worker(["sh", "-c", f"echo x >> {lives}; kill -9 $$"]))

    assert (code, lives.read_text()) == (0, "x\n" * 3)
    assert capfd.readouterr().err.count("WARNING: the worker stopped (exit code -9)") >= 2


def test_the_pause_before_a_new_worker_grows_to_a_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = 0.0
    monkeypatch.setattr(server.time, "monotonic", lambda: clock)
    worker = server.Worker(["true"])
    pauses = []
    for _ in range(8):
        worker.child.wait()
        worker.look()
        pauses.append(worker.pause)
        assert worker.due is not None
        clock = worker.due
        worker.look()

    assert pauses == [1, 2, 4, 8, 16, 32, 60, 60]
    clock += 61
    worker.child.wait()
    worker.look()
    assert worker.pause == 1


@pytest.mark.process
def test_a_worker_waits_for_the_child_that_it_comes_after() -> None:
    first = server.start(["sleep", "60"])
    worker = server.Worker(["sleep", "60"], after=first)
    worker.look()
    before = worker.child

    first.kill()
    first.wait()
    worker.look()

    assert before is None
    assert worker.child is not None
    assert worker.child.poll() is None
    worker.stop()


def test_a_demo_that_was_broken_off_is_made_anew_but_not_while_it_still_fills(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "demo"
    monkeypatch.setenv("GEHOOR_DATA", str(folder))
    monkeypatch.setenv("GEHOOR_FICTIONAL", "yes")
    monkeypatch.setenv("GEHOOR_BASE_URL", "")
    environment.prepare(["demo"])
    (folder / environment.FILLING).touch()
    (folder / "half").touch()
    with (folder / environment.FILLING).open() as mark:
        fcntl.flock(mark, fcntl.LOCK_EX)
        with pytest.raises(NotNow):
            environment.prepare(["demo"])
        kept = (folder / "half").exists()

    environment.prepare(["demo"])

    assert kept
    assert [path.name for path in folder.iterdir()] == [environment.MARK]
    assert "A new one is made" in capsys.readouterr().out


@pytest.mark.process
def test_a_server_that_ends_takes_its_worker_along() -> None:
    worker = server.Worker(["sleep", "60"])

    with own_signals():
        code = server.watch(server.start(["false"]), worker)

    assert (code, worker.child.returncode) == (1, -signal.SIGTERM)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--codes", "0"), "Make 1 to 50000 codes"),
        (("--mode", "open", "--codes", "2"), "one code for each place"),
        (("--from", "2026-12-31", "--until", "2026-12-01"), "2026-12-01) is before the first day (--from 2026-12-31)"),
        (("--out", "/niets/codes.csv"), "/niets/codes.csv cannot be written: No such file or directory"),
        (("--purpose", ""), "Say first what you want to learn"),
        (("--out", "/dev/full"), "No space left"),
    ],
)
def test_a_round_that_cannot_start_leaves_nothing(
    cast: Cast, capsys: pytest.CaptureFixture[str], words: tuple[str, ...], sentence: str
) -> None:
    before = kept()

    assert main([*START, *words]) == 1

    assert sentence in capsys.readouterr().err
    assert kept() == before


@pytest.mark.django_db
def test_a_file_for_codes_is_for_its_owner_and_only_changes_when_there_are_codes(cast: Cast, tmp_path: Path) -> None:
    new, old = tmp_path / "nieuw.csv", tmp_path / "oud.csv"
    old.write_text("eerder")
    old.chmod(0o644)

    assert main([*START, "--purpose", "", "--out", str(new)]) == main([*START, "--purpose", "", "--out", str(old)]) == 1
    assert (new.exists(), old.read_text()) == (False, "eerder")

    for file in (new, old):
        assert main([*START, "--codes", "2", "--out", str(file)]) == 0
        assert (len(file.read_text().splitlines()), mode_of(file)) == (3, "600")
    more = ["round", "codes", "--round", str(Round.objects.latest("pk").pk), "--codes", "3"]
    assert main([*more, "--out", str(old)]) == 0
    assert len(old.read_text().splitlines()) == 4
    before = kept()
    assert main([*more, "--out", "/niets/x"]) == 1
    assert kept() == before


@pytest.mark.parametrize("word", ["2026-13-01", "morgen"])
def test_a_wrong_date_is_named(word: str) -> None:
    with pytest.raises(rounds.argparse.ArgumentTypeError, match=f"{word} is no date; write it as 20..-12-31"):
        rounds._day(word)


@pytest.mark.process
def test_a_first_command_prepares_what_it_needs_for_its_owner_only(tmp_path: Path) -> None:
    data = tmp_path / "nieuw"

    first = gehoor(data, "office", "list")
    refused = gehoor(tmp_path / "leeg", "backup", "--out", tmp_path / "kopie")

    assert (first.returncode, first.stdout, first.stderr) == (0, "", "")
    assert mode_of(data) == "700"
    assert {path.name: mode_of(path) for path in data.glob("*.sqlite3*")} == dict.fromkeys(
        {path.name for path in data.glob("*.sqlite3*")}, "600"
    )
    assert (data / "vault.sqlite3").exists()
    assert (refused.returncode, refused.stderr) == (
        1,
        "The databases are not prepared yet. Run `gehoor migrate` first.\n",
    )


@pytest.mark.process
def test_check_reads_every_setting_and_never_falls_over(tmp_path: Path, prepared: Path) -> None:
    data = shutil.copytree(prepared, tmp_path / "data")

    fresh = gehoor(tmp_path / "nieuw", "check")
    good = gehoor(data, "check", GEHOOR_WORKER="3")
    (data / "vault.sqlite3").chmod(0o640)
    wrong = gehoor(data, "check", GEHOOR_WORKERS="veel")

    assert (fresh.returncode, "Run `gehoor migrate`" in fresh.stdout, fresh.stderr) == (1, True, "")
    assert (good.returncode, "look  setting GEHOOR_WORKER: unknown" in good.stdout) == (0, True)
    assert wrong.returncode == 1
    assert "mend  setting GEHOOR_WORKERS is 'veel'; expected a whole number from 1" in wrong.stdout
    assert "database vault: others on this machine can read it. Run: chmod 600" in wrong.stdout


@pytest.mark.process
def test_files_and_databases_that_fail_are_a_sentence(tmp_path: Path, prepared: Path) -> None:
    data = shutil.copytree(prepared, tmp_path / "data")

    export = gehoor(data, "questionnaire", "export", "jongere", "--out", "/niets/x.json")
    sealed = gehoor(data, "backup", "--out", tmp_path / "kopie", "--to", "niets")
    (data / "gehoor.sqlite3").write_bytes(b"no database" * 100)
    broken = gehoor(data, "office", "list")

    assert (export.returncode, export.stderr) == (1, "/niets/x.json: No such file or directory\n")
    assert (sealed.returncode, sealed.stderr.startswith("--to niets is no public key")) == (1, True)
    assert (broken.returncode, broken.stderr.count("\n")) == (1, 1)
    assert "`gehoor check`" in broken.stderr


@pytest.mark.django_db
def test_a_refusal_stands_in_the_language_of_the_help(cast: Cast, capsys: pytest.CaptureFixture[str]) -> None:
    with translation.override("nl"):  # as it is without a reader
        code = main(
            [
                *[
                    "member",
                    "add",
                    "--office",
                    "voorbeeld",
                    "--email",
                    "x@y.nl",
                    "--name",
                    "X",
                    "--role",
                    "reader",
                    "--role",
                    "officer",
                ]
            ]
        )

    assert code == 1
    assert capsys.readouterr().err.startswith("A reader cannot also be an officer")


@pytest.mark.django_db
def test_a_member_needs_an_address_that_can_be_written_to(cast: Cast, capsys: pytest.CaptureFixture[str]) -> None:
    before = Account.objects.count()

    code = main(
        ["member", "add", "--office", "voorbeeld", "--email", "geenmail", "--name", "X", "--role", "quality_adviser"]
    )

    assert (code, capsys.readouterr().err) == (1, "geenmail is not an e-mail address.\n")
    assert Account.objects.count() == before


@pytest.mark.django_db
def test_a_demo_that_is_started_again_shows_no_used_code(cast: Cast) -> None:
    year.set_up()
    file = settings.GEHOOR_DATA / "codes.txt"

    def shown() -> list[str]:
        demo._write_codes()
        return [line.split()[0] for line in file.read_text().splitlines()]

    first = shown()
    assert (len(first), mode_of(file)) == (40, "600")
    link = file.read_text().split()[1].rpartition("/")[2]
    Code.objects.get(link_hash=demo.queries.codes.link_hash(link)).delete()
    assert shown() == first[1:]
    Code.objects.all().delete()
    third = shown()
    assert (len(third), set(third) & set(first)) == (40, set())
    assert Office.objects.get(slug=year.SLUG).pk == Round.objects.get().office_id
    Round.objects.update(starts_on="2025-01-01", ends_on="2025-02-01")
    assert (len(shown()), Round.objects.count()) == (40, 2)


@pytest.mark.process
@pytest.mark.parametrize("words", [("demo", "--help"), ("--help",), ("round", "start", "-h")])
def test_asking_for_help_makes_nothing(tmp_path: Path, words: tuple[str, ...]) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "gehoor", *words],
        cwd=tmp_path,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(Path(demo.__file__).parents[3])},
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.returncode, "usage: gehoor" in done.stdout) == (0, True)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("words", [["demo", "--port", "9100"], ["demo", "--port=9100"]])
def test_the_port_of_a_demo_is_read_in_both_ways(words: list[str]) -> None:
    assert environment._wanted_port(words) == 9100
    assert environment._wanted_port(["demo", "--port", "veel"]) == 8000


@pytest.mark.django_db
@pytest.mark.parametrize(
    "words",
    [
        ["office", "add", ""],
        ["office", "add", "  "],
        ["office", "add", "Leerplicht \u202edatsraalrooV"],
        ["office", "add", "رجوع"],
        [*"member add --office voorbeeld --email x@y.nl --role reader --name".split(), " "],  # noqa: SIM905
        [*"member add --office voorbeeld --email x@y.nl --role reader --name X --password geheim".split()],  # noqa: SIM905
    ],
)
def test_a_name_that_cannot_be_read_or_a_weak_password_is_refused(cast: Cast, words: list[str]) -> None:
    before = Office.objects.count(), Account.objects.count()

    assert main(words) == 1
    assert (Office.objects.count(), Account.objects.count()) == before
