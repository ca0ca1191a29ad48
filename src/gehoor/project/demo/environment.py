"""What the demo decides before Django reads its settings: its own folder, a free port, and the mark that all is fictional."""

import fcntl
import os
import shutil
import socket
import sys
from pathlib import Path

from gehoor.base.errors import NotNow

MARK = "fictional"
FILLING, FILLED = "filling", "filled"  # files that say how far the year came
PORTS = 50


def prepare(words: list[str]) -> None:
    """Before Django reads its settings: the demo has a folder and an address of its own, and says that it is fictional."""
    os.environ.setdefault("GEHOOR_DATA", "demo-data")
    os.environ["GEHOOR_FICTIONAL"] = "yes"
    folder = Path(os.environ["GEHOOR_DATA"])
    if folder.exists() and any(folder.iterdir()) and not (folder / MARK).exists():
        raise NotNow(f"{folder} holds something that is no demo. Choose another folder with --data.")
    if "--fill" not in words and ("--fresh" in words or _was_broken_off(folder)):
        shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    (folder / MARK).touch()
    if "--fill" not in words:
        os.environ["GEHOOR_BASE_URL"] = f"http://127.0.0.1:{_free_port(_wanted_port(words))}"


def _was_broken_off(folder: Path) -> bool:
    """Was the former demo stopped before its year was full? Raises NotNow while it still fills itself."""
    if not (folder / FILLING).exists():
        return False
    with (folder / FILLING).open() as mark:
        try:
            fcntl.flock(mark, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise NotNow(f"Another demo is filling {folder} now. Choose another folder with --data.") from None
    sys.stdout.write("The former demo was stopped before its year was full. A new one is made.\n")
    return True


def _wanted_port(words: list[str]) -> int:
    """What stands after `--port`; what is no number is refused when the words are read properly."""
    for word, following in zip(words, [*words[1:], ""], strict=True):
        name, _, value = word.partition("=")
        if name == "--port" and (value or following).isdecimal():
            return int(value or following)
    return 8000


def _free_port(wanted: int) -> int:
    for port in range(wanted, wanted + PORTS):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise NotNow(f"No free port from {wanted} to {wanted + PORTS - 1}. Stop something, or choose another with --port.")
