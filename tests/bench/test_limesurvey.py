"""The visitor of LimeSurvey must answer the questions, and must not count what was not thanked for."""

import http.server
import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import parse_qs

import pytest
from bench.limesurvey import filled, place_of

BENCH = Path(__file__).parents[2] / "bench"
PAGE = """
<form id="language"><input type="hidden" name="lang" value="en"></form>
<form id="limesurvey" action="/index.php/1?a=b&amp;c=d" method="post">
 <input type="hidden" value="t&amp;k==" name="TOKEN" />
 <input type='hidden' name='unused' disabled="disabled" value= />
 <input type="radio" name="q1" id="q1Y" value="Y" > <input type="radio" name="q1" value="N"> <input type="radio" name="q1" value="" checked>
 <textarea name="q2"
   rows="5"></textarea>
</form>
"""
THANKS = '<div class=" completed-text "> Thank you. </div>'


def test_a_form_is_sent_as_a_browser_would_with_an_answer_to_each_question() -> None:
    where, form = filled(PAGE, ["It was good."])

    assert where == b"/index.php/1?a=b&c=d"
    assert parse_qs(form.decode()) == {
        "TOKEN": ["t&k=="],
        "q1": ["N"],
        "q2": ["It was good."],
        "move": ["movesubmit"],
    }


def test_a_page_without_a_question_is_not_an_answered_one() -> None:
    with pytest.raises(AssertionError):
        filled('<form id="limesurvey" action="/"><input type="hidden" name="a" value="b"></form>', ["text"])


@contextmanager
def survey(*, after: str) -> Iterator[tuple[int, list[tuple[str, str]]]]:
    """A stranger's server that shows PAGE, then `after`. Gives its port and what it got: cookies and forms."""
    got: list[tuple[str, str]] = []

    class Answering(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            got.append((self.headers.get("Cookie", ""), ""))
            self.answer(PAGE, [("Set-Cookie", "session=1; path=/"), ("Set-Cookie", "token=2; HttpOnly")])

        def do_POST(self) -> None:
            form = self.rfile.read(int(self.headers["Content-Length"])).decode()
            got.append((self.headers.get("Cookie", ""), form))
            self.answer(after, [])

        def answer(self, page: str, headers: list[tuple[str, str]]) -> None:
            self.send_response(200)
            for name, value in [*headers, ("Content-Length", str(len(page)))]:
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(page.encode())

        def log_message(self, *_: object) -> None:
            """Quiet."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answering)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield server.server_port, got
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def visited(port: int) -> subprocess.CompletedProcess[str]:
    """Three visitors, one after the other."""
    job = {"kind": "limesurvey", "port": port, "path": "/index.php/1", "concurrency": 1, "visitors": [""] * 3,
           "form": {"q.good": "It was good.", "q.better": "Less waiting."}, "keep_alive": False}  # fmt: skip
    return subprocess.run(
        [sys.executable, str(BENCH / "load.py")],
        input=json.dumps(job),
        capture_output=True,
        check=False,
        text=True,
        timeout=60,
    )


def test_each_visitor_is_new_and_sends_back_the_cookies_of_its_own_page() -> None:
    with survey(after=THANKS) as (port, got):
        done = visited(port)

    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["done"] == 3
    assert [cookie for cookie, _ in got] == ["", "session=1; token=2"] * 3
    assert all(form for _, form in got[1::2])


def test_the_form_once_more_is_no_thanks() -> None:
    with survey(after=PAGE) as (port, _):
        done = visited(port)

    assert done.returncode != 0


def test_a_limesurvey_elsewhere_is_refused() -> None:
    with pytest.raises(RuntimeError, match=r"only .* 127\.0\.0\.1"):
        place_of("https://survey.example.org/index.php/1")
