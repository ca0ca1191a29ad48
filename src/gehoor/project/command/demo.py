"""`gehoor demo`: the whole system with a fictional office, ready to try."""

import argparse
import sys
import time
from typing import Any

from django.conf import settings
from django.utils import translation

from gehoor.offices.models import Office
from gehoor.project.command import Result, command, server
from gehoor.project.demo import year


def add(commands: Any) -> None:
    """The command."""
    made = command(
        commands, "demo", demo,
        "Start the whole system with a fictional office. Prints its address and log-ins; a past school year fills itself in while you look. Keeps everything in ./demo-data unless --data says otherwise.",
        json_too=False,
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
        _office, _round, fresh = year.set_up()
        (settings.GEHOOR_DATA / "codes.txt").write_text("".join(f"{code.shown} {code.url}\n" for code in fresh))
    if arguments.fill_only:
        return fill()
    _tell()
    children = [
        server.start(server.granian("127.0.0.1", int(settings.GEHOOR_BASE_URL.rpartition(":")[2]))),
        server.start([sys.executable, "-m", "gehoor", "worker"]),
    ]
    if not (settings.GEHOOR_DATA / "filled").exists():
        filler = server.start([sys.executable, "-m", "gehoor", "demo", "--fill"])
    else:
        filler = None
    code = server.watch(children)
    if filler:
        filler.terminate()
    return code


def fill() -> Result:
    """Live the past year; once."""
    begun = time.monotonic()
    with translation.override("nl"):
        year.live(Office.objects.get(slug=year.SLUG), lambda line: print(f"  {line}", flush=True))
    (settings.GEHOOR_DATA / "filled").touch()
    print(f"  Klaar in {time.monotonic() - begun:.0f} s.", flush=True)
    return 0


def _tell() -> None:
    code = (settings.GEHOOR_DATA / "codes.txt").read_text().split()[0]
    print(f"\nGehoor, fictional office: {settings.GEHOOR_BASE_URL}/kantoor/   (stop with Ctrl+C)\n")
    print(f"  As a client: {settings.GEHOOR_BASE_URL}/ with code {code} (more in {settings.GEHOOR_DATA / 'codes.txt'})")
    print(f"  As staff, password {year.PASSWORD}:")
    for address, role in year.logins():
        print(f"    {address:28} {role}")
    print("\nA past school year now fills itself in:", flush=True)
