"""`gehoor demo`: the whole system with a fictional office, ready to try."""

import argparse
import fcntl
import sys
import time
from typing import Any

from django.conf import settings
from django.utils import translation

from gehoor.base import clock
from gehoor.meetings import queries as meetings
from gehoor.offices.models import Office
from gehoor.project.command import Result, command, server
from gehoor.project.demo import environment, year
from gehoor.project.demo import meetings as demo_meetings
from gehoor.rounds import queries
from gehoor.rounds.rules import why_not_answer


def add(commands: Any) -> None:
    """The command."""
    made = command(
        commands, "demo", demo,
        "Start the whole system with a fictional office. Prints its address and log-ins; a past school year fills itself in while you look. Keeps everything in ./demo-data unless --data says otherwise.",
        json_too=False, databases="",
    )  # fmt: skip
    made.add_argument("--port", type=int, default=8000, help="default: 8000, or the next free one")
    made.add_argument("--fresh", action="store_true", help="throw the former demo away first")
    made.add_argument("--fill", action="store_true", help=argparse.SUPPRESS)
    made.add_argument("--fill-only", action="store_true", help="fill in the year and stop, without serving")


def demo(arguments: argparse.Namespace) -> Result:
    """Prepare what the first page needs, serve, and fill in the rest behind it."""
    if arguments.fill:
        return fill()
    server.prepare()
    if not Office.objects.filter(slug=year.SLUG).exists():
        year.set_up()
    _write_codes()
    _write_entrance()
    if arguments.fill_only:
        return fill()
    _tell()
    port = int(settings.GEHOOR_BASE_URL.rpartition(":")[2])
    pages = server.start(server.granian("127.0.0.1", port))
    filler = None
    if not (settings.GEHOOR_DATA / environment.FILLED).exists():
        filler = server.start([sys.executable, "-m", "gehoor", "demo", "--fill"])
    # The worker lives today: it would delete codes of the past year while the past year still uses them.
    code = server.watch(pages, server.live_side("127.0.0.1", port + 1), server.Worker(after=filler))
    if filler:
        filler.terminate()
    return code


def fill() -> Result:
    """Live the past year; once."""
    begun = time.monotonic()
    filling = settings.GEHOOR_DATA / environment.FILLING
    try:
        with filling.open("w") as mark, translation.override("nl"):
            fcntl.flock(mark, fcntl.LOCK_EX)
            year.live(Office.objects.get(slug=year.SLUG), lambda line: print(f"  {line}", flush=True))
    except Exception as error:  # noqa: BLE001 -- whatever it is, whoever looks at the pages must hear that they stay so
        print(f"  Het invullen is gestopt ({type(error).__name__}: {error}). Start de demo opnieuw.", flush=True)
        return 1
    (settings.GEHOOR_DATA / environment.FILLED).touch()
    filling.unlink()
    print(f"  Klaar in {time.monotonic() - begun:.0f} s.", flush=True)
    return 0


def _write_codes() -> None:
    """A code that was used is not shown again; when none are left, there are new ones."""
    file = settings.GEHOOR_DATA / "codes.txt"
    former = [line.split() for line in file.read_text().splitlines()] if file.exists() else []
    links = [(shown, address.rpartition("/")[2]) for shown, address in former]
    lines = [f"{shown} {settings.GEHOOR_BASE_URL}/v/{link}" for shown, link in links if _works(link)]
    if not lines:
        lines = [f"{code.shown} {code.url}" for code in year.codes_to_try(Office.objects.get(slug=year.SLUG))]
    file.touch(mode=0o600)
    file.chmod(0o600)  # a former demo may have left it readable
    file.write_text("".join(f"{line}\n" for line in lines))


def _write_entrance() -> None:
    """The code of the open focus group: the one that was shown before, as long as it opens the door."""
    office = Office.objects.get(slug=year.SLUG)
    demo_meetings.hold(office)
    file = settings.GEHOOR_DATA / "meeting.txt"
    former = file.read_text().split() if file.exists() else []
    if former and meetings.entrance_of(former[0]):
        return
    fresh = demo_meetings.entrance(office)
    file.touch(mode=0o600)
    file.write_text(f"{fresh.shown} {fresh.url}\n" if fresh else "")


def _works(link: str) -> bool:
    code = queries.code_row(link)
    return code is not None and not why_not_answer(code.dispatch.round, today=clock.today())


def _tell() -> None:
    code = (settings.GEHOOR_DATA / "codes.txt").read_text().split()[0]
    print(f"\nGehoor, fictional office: {settings.GEHOOR_BASE_URL}/kantoor/   (stop with Ctrl+C)\n")
    print(f"  As a client: {settings.GEHOOR_BASE_URL}/ with code {code} (more in {settings.GEHOOR_DATA / 'codes.txt'})")
    if meeting := (settings.GEHOOR_DATA / "meeting.txt").read_text().split():
        print(f"  In an open focus group: {settings.GEHOOR_BASE_URL}/m/ with code {meeting[0]}")
    print(f"  As staff, password {year.PASSWORD}:")
    for address, role in year.logins():
        print(f"    {address:28} {role}")
    is_full = (settings.GEHOOR_DATA / environment.FILLED).exists()
    print("" if is_full else "\nA past school year now fills itself in:", flush=True)
