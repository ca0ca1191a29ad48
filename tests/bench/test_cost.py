"""What a submission may cost (design §9): counted statements, processor time, bytes and requests; no wall clock."""

import gzip
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from tests.cast import Cast

from gehoor.questionnaires import queries as questionnaires

BENCH = Path(__file__).parents[2] / "bench"
MOST_STATEMENTS = 6
MOST_MILLISECONDS = 3
YARDSTICK_MILLISECONDS = 14
MOST_BYTES = 14 * 1024
MOST_REQUESTS = 5
POSTGRES = os.environ.get("GEHOOR_TEST_POSTGRES", "")


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
def cost(request: pytest.FixtureRequest) -> dict[str, Any]:
    """What bench/cost.py measured, in a process and on databases of its own."""
    if request.param == "postgres" and not POSTGRES:
        pytest.skip("set GEHOOR_TEST_POSTGRES to count on PostgreSQL too")
    words = ["--postgres", POSTGRES] if request.param == "postgres" else []
    done = subprocess.run(
        [sys.executable, str(BENCH / "cost.py"), *words], capture_output=True, check=False, text=True, timeout=300
    )
    assert done.returncode == 0, done.stderr[-3000:]
    measured: dict[str, Any] = json.loads(done.stdout)
    return measured


def test_a_submission_takes_at_most_six_statements(cost: dict[str, Any]) -> None:
    assert 0 < cost["statements"] <= MOST_STATEMENTS, cost["sent"]


def test_a_submission_takes_at_most_three_milliseconds_of_processor_time(cost: dict[str, Any]) -> None:
    # The least of several runs, on a machine as fast as the one where the limit was set: neighbours only ever add.
    slower = max(1.0, cost["yardstick_ms"] / YARDSTICK_MILLISECONDS)
    assert cost["processor_ms"] / slower <= MOST_MILLISECONDS, cost


@pytest.mark.django_db
@pytest.mark.parametrize("key", ["jongere", "kind", "ouder", "partner"])
def test_the_first_page_is_one_small_request_in_every_language(cast: Cast, key: str) -> None:
    _dispatch, [code] = cast.codes(cast.round(key=key), 1)
    languages = questionnaires.content_of(questionnaires.newest(key, office=None).pk).languages

    for language in languages:
        browser = Client(headers={"accept-language": language})
        browser.get(f"/v/{code.link}")
        answer = browser.get("/vragen/")
        page = gzip.decompress(answer.content).decode()

        assert f'lang="{language}"' in page
        assert _bytes_on_the_wire(answer) <= MOST_BYTES, language
        assert _asks_for_more(page) == [], language


@pytest.mark.django_db
@pytest.mark.parametrize("typed", [False, True])
def test_from_code_to_receipt_takes_at_most_five_requests(cast: Cast, *, typed: bool) -> None:
    _dispatch, [code] = cast.codes(cast.round(), 1)
    browser = Client(headers={"accept-language": "en"})
    answers = []

    if typed:
        answers.append(browser.get("/"))
        answers.append(browser.post("/", {"code": code.shown}))
    else:
        answers.append(browser.get(f"/v/{code.link}"))
    answers.append(browser.get(answers[-1]["Location"]))
    key = re.findall(r'name="sleutel" value="([^"]+)"', gzip.decompress(answers[-1].content).decode())
    answers.append(browser.post("/vragen/", {"sleutel": key[0], "nu": "en", "verstuur": "1", "q.heard": "4"}))
    answers.append(browser.get(answers[-1]["Location"]))

    assert re.search(r"\d{4}-\d{4}-\d{4}-\d{4}", _text(answers[-1]))
    assert len(answers) <= MOST_REQUESTS


def _text(answer: HttpResponse) -> str:
    zipped = answer.headers.get("Content-Encoding") == "gzip"
    return (gzip.decompress(answer.content) if zipped else answer.content).decode()


def _bytes_on_the_wire(answer: HttpResponse) -> int:
    """Status line, headers and body. 60 bytes more for what the server adds: date and its own name."""
    lines = [f"{name}: {value}" for name, value in answer.items()]
    return len("\r\n".join(["HTTP/1.1 200 OK", *lines, "", ""]).encode()) + len(answer.content) + 60


def _asks_for_more(page: str) -> list[str]:
    """Whatever makes a browser ask for something else, here or elsewhere, before anybody presses a link."""
    found = re.findall(
        r"<(?:script|img|iframe|object|embed|video|audio|source|picture)\b|url\(|@import|\bsrcset?=|\bping=", page
    )
    found += re.findall(r"<link\b[^>]*href=\"(?!data:)[^\"]*\"", page)
    found += re.findall(r"\b(?:href|src|action|formaction|poster|data)=\"(?:https?:)?//[^\"]*\"", page)
    return [*found, *re.findall(r"http-equiv=\"refresh\"", page)]
