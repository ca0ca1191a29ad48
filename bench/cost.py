"""What one submission costs: its SQL statements as the connection sends them, and its processor time. Prints JSON.

    python bench/cost.py [--postgres URL] [--profile]

The WSGI application is called in this process, on databases of its own on disk, so that nothing of a server, a network
or a test's transaction is counted. tests/bench/test_cost.py holds the numbers.
"""

import argparse
import cProfile
import io
import json
import os
import pstats
import re
import sys
import tempfile
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

from installation import REPOSITORY, Installation, scratch
from submissions import FORM

GZIP = 31


class Browser:
    """A visitor who calls the application directly. Keeps cookies; counts requests."""

    def __init__(self, application: Callable[..., Any]) -> None:
        self.application = application
        self.cookies: dict[str, str] = {}
        self.spent: list[float] = []  # processor seconds inside the application, by request

    def ask(self, method: str, path: str, body: bytes = b"") -> tuple[int, dict[str, str], bytes]:
        """One request: status, headers by small name, body as it goes over the wire."""
        answer: dict[str, Any] = {}

        def start(status: str, headers: list[tuple[str, str]], *_: object) -> None:
            answer.update(status=int(status[:3]), headers=headers)

        environ = self._environ(method, path, body)
        started = time.process_time()
        data = self.application(environ, start)
        whole = b"".join(data)
        if hasattr(data, "close"):
            data.close()
        self.spent.append(time.process_time() - started)
        for name, value in answer["headers"]:
            if name == "Set-Cookie":
                cookie, _, content = value.split(";")[0].partition("=")
                self.cookies[cookie] = content
        return answer["status"], {name.lower(): value for name, value in answer["headers"]}, whole

    def _environ(self, method: str, path: str, body: bytes) -> dict[str, Any]:
        return {
            "REQUEST_METHOD": method, "PATH_INFO": path, "SCRIPT_NAME": "", "QUERY_STRING": "", "SERVER_NAME": "127.0.0.1",
            "SERVER_PORT": "8000", "SERVER_PROTOCOL": "HTTP/1.1", "REMOTE_ADDR": "127.0.0.1", "HTTP_HOST": "127.0.0.1",
            "HTTP_ACCEPT_LANGUAGE": "nl", "HTTP_ACCEPT_ENCODING": "gzip", "wsgi.input": io.BytesIO(body), "wsgi.url_scheme": "http",
            "wsgi.errors": io.StringIO(), "CONTENT_LENGTH": str(len(body)), "CONTENT_TYPE": "application/x-www-form-urlencoded",
            "HTTP_COOKIE": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
        }  # fmt: skip

    def submission(self) -> None:
        """The page, the form, the receipt. The code was exchanged before."""
        status, _, page = self.ask("GET", "/vragen/")
        found = re.search(rb'name="sleutel" value="([^"]+)"', zlib.decompress(page, GZIP))
        assert status == 200, status
        assert found is not None
        status, headers, _ = self.ask(
            "POST", "/vragen/", urlencode({**FORM, "sleutel": found.group(1).decode()}).encode()
        )
        assert status == 303, status
        status, headers, page = self.ask("GET", headers["location"])
        assert status == 200, status
        assert b'class="bewijs"' in (zlib.decompress(page, GZIP) if "content-encoding" in headers else page)


def visitors(application: Callable[..., Any], codes: list[dict[str, str]]) -> list[Browser]:
    """A browser that came in, for each code."""
    browsers = []
    for code in codes:
        browser = Browser(application)
        assert browser.ask("GET", urlsplit(code["url"]).path)[0] == 302
        browsers.append(browser)
    return browsers


@contextmanager
def statements_sent() -> Iterator[list[str]]:
    """Every statement that the two connections send, with BEGIN and COMMIT, while this lasts."""
    from django.db import connections  # Django must be ready

    sent: list[str] = []
    if connections["default"].vendor == "sqlite":
        for one in connections.all():
            one.ensure_connection()
            one.connection.set_trace_callback(sent.append)
        yield sent
        for one in connections.all():
            one.connection.set_trace_callback(None)
        return
    with tempfile.TemporaryFile() as file:
        for one in connections.all():
            one.ensure_connection()
            one.connection.pgconn.trace(file.fileno())
        yield sent
        for one in connections.all():
            one.connection.pgconn.untrace()
        file.seek(0)
        # What goes to the server: a simple query, or the execution of a parsed one.
        lines = file.read().decode("utf-8", "replace").splitlines()
        sent += [line for line in lines if re.search(r"\tF\t\d+\t(Query|Execute)\b", line)]


def yardstick_ms() -> float:
    """Processor time of a fixed piece of Python: some 14 ms on the quiet machine where the limit was set.

    A neighbour on the same core, or a slower machine, makes everything dearer by the same factor.
    """
    started = time.process_time()
    counted: dict[str, int] = {}
    for number in range(100_000):
        counted[str(number % 997)] = number
    return (time.process_time() - started) * 1000


def processor_ms(browsers: list[Browser]) -> list[float]:
    """Processor time inside the application for the page, the form and the receipt, in milliseconds a submission."""
    for browser in browsers:
        browser.submission()
    return [1000 * sum(browser.spent[step] for browser in browsers) / len(browsers) for step in (1, 2, 3)]


def profile(browsers: list[Browser]) -> str:
    """Where the time goes."""
    watch = cProfile.Profile()
    watch.enable()
    for browser in browsers:
        browser.submission()
    watch.disable()
    text = io.StringIO()
    pstats.Stats(watch, stream=text).sort_stats("tottime").print_stats(45)
    pstats.Stats(watch, stream=text).sort_stats("cumtime").print_stats(90)
    return text.getvalue()


def main() -> None:
    """Measure and print."""
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("--postgres", default="", metavar="URL")
    words.add_argument("--submissions", type=int, default=100, help="in each run (default: 100)")
    words.add_argument("--repeat", type=int, default=9, help="runs, of which the cheapest counts (default: 9)")
    words.add_argument("--profile", action="store_true")
    wanted = words.parse_args()
    with scratch("cost") as folder, Installation(folder, postgres=wanted.postgres, name="cost") as house:
        house.run("office", "add", "Leerplicht Voorbeeldstad", "--slug", "office")
        each = 20 + wanted.submissions * wanted.repeat
        codes = house.run("round", "start", "--office", "office", "--questionnaire", "jongere", "--codes", str(each))[
            "codes"
        ]
        for name in [name for name in os.environ if name.startswith("GEHOOR_")]:
            del os.environ[name]
        os.environ.update({name: value for name, value in house.environment.items() if name.startswith("GEHOOR_")})
        print(json.dumps(_measured(folder, codes, wanted), indent=1))


def _measured(folder: Path, codes: list[dict[str, str]], wanted: argparse.Namespace) -> dict[str, Any]:
    sys.path.insert(0, str(REPOSITORY / "src"))
    from gehoor.project.wsgi import application  # reads the settings above

    browsers = visitors(application, codes)
    for browser in browsers[:19]:
        browser.submission()
    with statements_sent() as sent:
        browsers[19].submission()
    rest = browsers[20:]
    if wanted.profile:
        print(profile(rest))
        return {}
    runs, yardsticks = [], []
    for start in range(0, len(rest), wanted.submissions):
        yardsticks.append(yardstick_ms())
        runs.append(processor_ms(rest[start : start + wanted.submissions]))
    best = min(runs, key=sum)  # other work on the machine only ever adds
    return {
        "statements": len(sent),
        "sent": [one[:100] for one in sent],
        "processor_ms": sum(best),
        "yardstick_ms": min(yardsticks),
        "page_form_receipt_ms": best,
        "runs": [sum(run) for run in runs],
        "requests": len(browsers[19].spent),
    }


if __name__ == "__main__":
    main()
