"""The real server, started as an operator starts it, and a client that speaks plain HTTP to it from an address of its own."""

import contextlib
import http.client
import os
import re
import signal
import socket
import subprocess
import sys
import time
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

from django.conf import settings
from tests.attacks.house import POSTGRES, House

# All of 127.0.0.0/8 is this machine: the client's address can be told from everything else.
ADDRESS = "127.86.75.30"
AGENT = "KanarieBrowser/86.75"
REFERRER = "https://kanarie-verwijzer.example/vandaan"


def environment(house: House) -> dict[str, str]:
    """The surroundings of the programme: this house and these keys, and nothing else of ours."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("GEHOOR_", "DJANGO_"))}
    (house.folder / "secrets.json").write_text(f'{{"root": "{settings.GEHOOR_ROOT_SECRET}"}}')
    databases = {"GEHOOR_DATABASE_URL": "default", "GEHOOR_VAULT_URL": "vault"} if POSTGRES else {}
    return {
        **kept,
        "PYTHONPATH": "src",
        "GEHOOR_DATA": str(house.folder),
        "GEHOOR_KEYS": str(settings.GEHOOR_KEYS),
        "GEHOOR_WORKERS": "1",
        **{name: f"{POSTGRES}/{house.names[alias]}" for name, alias in databases.items()},
    }


@contextlib.contextmanager
def serving(house: House, output: Path) -> Iterator[int]:
    """`gehoor serve` on a free port; everything that it says goes to a file. Stopped by its pid."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    words = [sys.executable, "-m", "gehoor", "serve", "--port", str(port), "--no-worker", "--no-live"]
    with output.open("ab") as file:
        process = subprocess.Popen(words, env=environment(house), stdout=file, stderr=file)
    try:
        until = time.monotonic() + 60
        while True:
            with contextlib.suppress(OSError):
                socket.create_connection(("127.0.0.1", port), 1).close()
                break
            assert process.poll() is None, output.read_text()
            assert time.monotonic() < until, output.read_text()
            time.sleep(0.1)
        yield port
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def command(house: House, output: Path, *words: str) -> int:
    """`gehoor …`; what it says goes to the same file."""
    with output.open("ab") as file:
        return subprocess.run(
            [sys.executable, "-m", "gehoor", *words], env=environment(house), stdout=file, stderr=file, check=False
        ).returncode


@dataclass
class Phone:
    """A browser without scripts."""

    port: int
    cookies: dict[str, str] = field(default_factory=dict)

    def ask(
        self, method: str, path: str, body: bytes | None = None, headers: Mapping[str, str] | None = None
    ) -> tuple[int, str, dict[str, str]]:
        """One request; a broken connection counts as status 0."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30, source_address=(ADDRESS, 0))
        sent = {
            "User-Agent": AGENT,
            "Referer": REFERRER,
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
        }
        try:
            connection.request(method, path, body, {**sent, **(headers or {})})
            response = connection.getresponse()
            data = response.read()
        except (OSError, http.client.HTTPException):
            return 0, "", {}
        finally:
            connection.close()
        for name, value in response.getheaders():
            if name.lower() == "set-cookie":
                key, _, rest = value.partition("=")
                self.cookies[key] = rest.partition(";")[0]
        if response.getheader("Content-Encoding") == "gzip":
            data = zlib.decompress(data, 31)
        return (
            response.status,
            data.decode("utf-8", "replace"),
            {name.lower(): value for name, value in response.getheaders()},
        )

    def post(self, path: str, values: Mapping[str, str]) -> tuple[int, str, dict[str, str]]:
        """A form."""
        return self.ask("POST", path, urlencode(values).encode(), {"Content-Type": "application/x-www-form-urlencoded"})

    def form_key(self) -> str:
        """The key in the page of the questions."""
        found = re.search(r'name="sleutel" value="([^"]+)"', self.ask("GET", "/vragen/")[1])
        assert found
        return found.group(1)
