"""A LimeSurvey that somebody installed on this machine, as the bench meets it: by the address of one survey.

No code of LimeSurvey is here. docs/how-to/measure-beside-limesurvey.md says how it must be set up.
"""

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path
from urllib.parse import urlencode, urlsplit

WEB = ("nginx", "apache2", "php-fpm")  # how the names of its processes begin
DATABASES = ("mariadbd", "mysqld")
THANKS = b"completed-text"  # what its themes call the text on the last page; in no other page
FORM = '<form id="limesurvey"'
FIELD = re.compile(r"<(input|textarea)\b([^>]*)>")
ATTRIBUTE = re.compile(r"""([\w-]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+)))?""")


@dataclass
class Place:
    """Where a survey is, and the names of the processes that answer there."""

    port: int
    path: str
    web: tuple[str, ...]
    databases: tuple[str, ...]


def place_of(address: str) -> Place:
    """Of a survey on this machine, such as http://127.0.0.1:8080/index.php/123456. Raises RuntimeError when it is elsewhere."""
    parts, names = urlsplit(address), sorted(_running())
    web = tuple(name for name in names if name.startswith(WEB))
    databases = tuple(name for name in names if name.startswith(DATABASES))
    if parts.hostname != "127.0.0.1":
        raise RuntimeError(f"only a LimeSurvey at 127.0.0.1 can be measured, not {address}")
    if not web or not databases:
        raise RuntimeError(f"no process here is called one of {WEB} and one of {DATABASES}")
    return Place(parts.port or 80, parts._replace(scheme="", netloc="").geturl(), web, databases)


def _running() -> set[str]:
    names = set()
    for path in Path("/proc").glob("[0-9]*/comm"):
        try:
            names.add(path.read_text().strip())
        except (OSError, ProcessLookupError):
            continue  # it ended
    return names


def filled(page: str, texts: Sequence[str]) -> tuple[bytes, bytes]:
    """Where its form goes and what a browser sends: what the page hides, one choice of each list, and the texts."""
    form = page[page.index(FORM) :]
    form = form[: form.index("</form>")]
    words, fields, lists = cycle(texts), {}, dict[str, list[str]]()
    for kind, given in FIELD.findall(form):
        one = {name: html.unescape(a or b or c) for name, a, b, c in ATTRIBUTE.findall(given)}
        name, value = one.get("name"), one.get("value", "")
        if not name or "disabled" in one:
            continue
        if kind == "textarea" or one.get("type") == "text":
            fields[name] = next(words)
        elif one.get("type") == "radio":
            lists.setdefault(name, []).extend([value] if value else [])  # "" is "no answer"
        else:
            fields[name] = value
    assert lists, "no question to choose an answer of"
    fields |= {name: values[len(values) // 2] for name, values in lists.items()}
    action = re.search(r'action="([^"]+)"', form)
    assert action is not None
    return html.unescape(action[1]).encode(), urlencode(fields | {"move": "movesubmit"}).encode()
