"""A real server with a small living office, and a real browser: Debian's Chromium.

All tests of one worker share one server. The group asks xdist to keep them on one worker; it does not always do so.
"""

import contextlib
import functools
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

CHROMIUM = Path("/usr/bin/chromium")
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-quic",
)
HOUSE = Path(__file__).parents[2]
# In each module, so that xdist sees it: one worker, one server.
TOGETHER = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
EXIT = "/kantoor/live/"  # stands for a neutral page: the tests reach nothing but this machine
PHONE = {"width": 320, "height": 640}
SCREEN = {"width": 1440, "height": 900}
PEOPLE = {
    "adviser": "quinten@voorbeeld.nl",
    "reader": "rosa@voorbeeld.nl",
    "triage": "tariq@voorbeeld.nl",
    "officer": "bram@voorbeeld.nl",
    "small_team": "zoe@voorbeeld.nl",
    "team_lead": "lotte@voorbeeld.nl",
    "policy": "noor@voorbeeld.nl",
    "privacy": "petra@voorbeeld.nl",
    "stranger": "daan@elders.nl",
}


# --- the server ---------------------------------------------------------------------------------------------------


@dataclass
class Server:
    """A running Gehoor: where it listens, what it holds, and codes that nobody has used."""

    address: str
    folder: Path
    password: str
    rounds: Mapping[str, int]
    environment: Mapping[str, str]
    unused: dict[str, list[dict[str, str]]] = field(default_factory=dict)

    def code(self, name: str = "jongere") -> dict[str, str]:
        """A fresh code of a round: `code` as it is typed, `url` as it is scanned."""
        return self.unused[name].pop()

    def command(self, *words: str) -> Any:
        """`gehoor … --json`."""
        done = subprocess.run(
            [sys.executable, "-m", "gehoor", *words, "--json"],
            env=self.environment,
            cwd=HOUSE,
            capture_output=True,
            text=True,
            check=True,
        )
        return json.loads(done.stdout)

    def work(self) -> None:
        """What the worker does, now: `gehoor serve` runs none here, so that a test says when."""
        words = [sys.executable, "-m", "gehoor", "worker", "--once"]
        subprocess.run(words, env=self.environment, cwd=HOUSE, capture_output=True, check=True)


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """`gehoor serve` on a free port, over a folder of its own; ended by its pid."""
    folder = tmp_path_factory.mktemp("office")
    port, live = _free_port(), _free_port()
    address = f"http://127.0.0.1:{port}"
    environment = {**_environment(folder, address), "GEHOOR_LIVE_URL": f"http://127.0.0.1:{live}"}
    seeded = _run([sys.executable, "-m", "tests.browser.seed"], environment)
    made = Server(address, folder, seeded["password"], seeded["rounds"], environment)
    made.unused.update(seeded["codes"])
    with _serving(port, live, environment, folder / "output.txt"):
        yield made


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _environment(folder: Path, address: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("GEHOOR_", "DJANGO_"))}
    return {
        **kept,
        "PYTHONPATH": f"{HOUSE / 'src'}:{HOUSE}",
        "DJANGO_SETTINGS_MODULE": "gehoor.project.settings",
        "GEHOOR_DATA": str(folder),
        "GEHOOR_BASE_URL": address,
        "GEHOOR_EXIT_URL": address + EXIT,
        "GEHOOR_WORKERS": "1",
    }


def _run(words: Sequence[str], environment: Mapping[str, str]) -> Any:
    done = subprocess.run(words, env=environment, cwd=HOUSE, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-4000:]
    return json.loads(done.stdout)


@contextlib.contextmanager
def _serving(port: int, live: int, environment: Mapping[str, str], output: Path) -> Iterator[None]:
    words = [sys.executable, "-m", "gehoor", "serve", "--port", str(port), "--live-port", str(live), "--no-worker"]
    with output.open("wb") as file:
        process = subprocess.Popen(words, env=environment, cwd=HOUSE, stdout=file, stderr=file)
    try:
        until = time.monotonic() + 60
        while not (_answers(port) and _answers(live)):
            assert process.poll() is None, output.read_text()
            assert time.monotonic() < until, output.read_text()
            time.sleep(0.1)
        yield
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _answers(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), 1).close()
    except OSError:
        return False
    return True


# --- the browser --------------------------------------------------------------------------------------------------


# For this folder and not for the session: other folders start a Playwright of their own, and two cannot be alive at once.
@pytest.fixture(scope="package")
def browser() -> Iterator[Any]:
    """Chromium, without a word to anybody outside."""
    if not CHROMIUM.exists():
        pytest.skip(f"no {CHROMIUM}: install Debian's package `chromium`")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=str(CHROMIUM), args=list(QUIET))
        yield chromium
        chromium.close()


@dataclass(frozen=True)
class Device:
    """Opens browsers of clients."""

    browser: Any
    server: Server
    open: list[Any]

    def __call__(self, language: str = "nl", *, scripts: bool = False, **more: Any) -> Any:
        """A fresh page on a phone of 320 pixels, without scripts unless asked."""
        wanted = {
            "viewport": PHONE,
            "locale": language,
            "java_script_enabled": scripts,
            "base_url": self.server.address,
            **more,
        }
        context = self.browser.new_context(**wanted)
        context.set_default_timeout(10_000)
        self.open.append(context)
        return context.new_page()


@pytest.fixture
def phone(browser: Any, server: Server) -> Iterator[Device]:
    """`phone("ar")` is a new client's phone."""
    device = Device(browser, server, [])
    yield device
    for context in device.open:
        context.close()


@pytest.fixture
def page(phone: Device) -> Any:
    """A client's phone in Dutch, without scripts."""
    return phone()


@pytest.fixture
def questions(phone: Device, server: Server) -> Callable[..., Any]:
    """`questions("ar")` is a phone at the first page of the questions."""

    def opened(language: str = "nl", *, voice: str = "jongere", **more: Any) -> Any:
        page = phone(language, **more)
        page.goto(server.code(voice)["url"])
        assert page.url == f"{server.address}/vragen/"
        return page

    return opened


@pytest.fixture(scope="package")
def states(browser: Any, server: Server) -> Callable[[str], Any]:
    """Cookies of who logged in, through the form, once each."""

    @functools.cache
    def state(role: str) -> Any:
        context = browser.new_context(base_url=server.address, locale="nl", viewport=SCREEN)
        page = context.new_page()
        page.goto("/kantoor/")
        page.fill("[name=login]", PEOPLE[role])
        page.fill("[name=password]", server.password)
        with page.expect_navigation():
            page.keyboard.press("Enter")
        assert page.url == f"{server.address}/kantoor/", page.locator("main").inner_text()
        kept = context.storage_state()
        context.close()
        return kept

    return state


@pytest.fixture
def staff(browser: Any, server: Server, states: Callable[[str], Any]) -> Iterator[Callable[..., Any]]:
    """`staff("reader")` is a page of somebody who logged in through the form."""
    contexts = []

    def signed_in(role: str, **more: Any) -> Any:
        wanted = {
            "viewport": SCREEN,
            "locale": "nl",
            "base_url": server.address,
            "storage_state": states(role),
            **more,
        }
        context = browser.new_context(**wanted)
        context.set_default_timeout(10_000)
        contexts.append(context)
        return context.new_page()

    yield signed_in
    for context in contexts:
        context.close()
