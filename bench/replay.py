"""Posts every respondent of comments.csv through the HTTP door, while the server is killed, and proves what came of it.

    python bench/replay.py --csv PATH [--kills 3] [--postgres URL]

Exit code 0 when every proof holds, 1 when one does not.
"""

import argparse
import datetime as dt
import http.client
import json
import random
import re
import signal
import subprocess
import sys
import threading
import time
import zoneinfo
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from gzip import decompress
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import independent
import people
from installation import Installation, scratch
from people import LONGEST, Person

OFFICE = "Feedback Office"
PATIENCE = 90  # seconds that a client goes on pressing before giving up
BROKEN = (OSError, http.client.HTTPException)


@dataclass
class Tally:
    """What the clients saw. `receipts` by respondent: the page "saved" was seen, with this code."""

    receipts: dict[str, str] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    broken: Counter[str] = field(default_factory=Counter)
    again: int = 0
    shortened: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)


class Page(HTMLParser):
    """The form of a page, as a browser without scripts sees it: fields by name with the values they can have."""

    def __init__(self, body: str) -> None:
        super().__init__()
        self.fields: dict[str, list[str]] = {}
        self.action = self.method = ""
        self.feed(body)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note forms and what can be filled in."""
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.action, self.method = given.get("action", ""), given.get("method", "get")
        elif tag in {"input", "textarea", "button"} and given.get("name"):
            self.fields.setdefault(given["name"], []).append(given.get("value", ""))


class Client:
    """One browser at a time on one connection. A connection that breaks is made again, and the same thing asked again."""

    pages: dict[int, Page] = {}

    def __init__(self, port: int, tally: Tally) -> None:
        self.port, self.tally = port, tally
        self.connection: http.client.HTTPConnection | None = None
        self.cookies: dict[str, str] = {}

    def hand_in(self, person: Person, link: str) -> str:
        """From the link to the receipt. Returns the 16 digits. Raises RuntimeError when a page is not what it must be."""
        self.cookies = {}
        status, headers, body = self.ask("the link", "GET", urlsplit(link).path)
        self._expect(status == 302 and headers["location"] == "/vragen/", status, body)
        status, _, body = self.ask("the questions", "GET", "/vragen/")
        self._expect(status == 200, status, body)
        address = self._press(person, self._page(body), _form_key(body))
        status, _, body = self.ask("the receipt", "GET", address)
        found = re.search(r"\d{4}-\d{4}-\d{4}-\d{4}", body)
        self._expect(status == 200 and "Your answer is saved." in body and found is not None, status, body)
        return found.group().replace("-", "") if found else ""

    def _press(self, person: Person, page: Page, key: str) -> str:
        """Fill in and press send, until the answer is a redirect. Returns where to."""
        form = self._filled(person, page, key)
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            status, headers, body = self.ask("handing in", page.method.upper(), page.action, urlencode(form))
            if status == 303:
                return headers["location"]
            if status == 422:  # too long: the person makes it shorter and presses again
                self._expect(_form_key(body) == key, status, body)
                form |= {name: people.plain(text)[:LONGEST] for name, text in form.items() if name.startswith("q.")}
                self.tally.shortened += 1
            elif status == 503:
                self.tally.again += 1
                time.sleep(0.2)
            else:
                self._expect(False, status, body)
        raise RuntimeError("could not hand in")

    def _filled(self, person: Person, page: Page, key: str) -> dict[str, str]:
        """The fields that a browser sends. Each must be on the page, and each choice among its choices."""
        chosen = {f"q.{name}": value for name, value in person.closed.items()}
        typed = {f"q.{name}": people.plain(text).replace("\n", "\r\n") for name, text in person.typed.items()}
        form = {"nu": page.fields["nu"][0], "sleutel": key, "verstuur": page.fields["verstuur"][0], **chosen, **typed}
        missing = [name for name in form if name not in page.fields]
        missing += [f"{name}={value}" for name, value in chosen.items() if value not in page.fields.get(name, ())]
        if missing:
            raise RuntimeError(f"not on the page: {missing}")
        return form

    def ask(self, what: str, method: str, path: str, body: str = "") -> tuple[int, dict[str, str], str]:
        """One request, again and again until there is an answer."""
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                return self._once(method, path, body)
            except BROKEN:
                self.connection = None
                with self.tally.lock:
                    self.tally.broken[what] += 1
                if time.monotonic() > deadline:
                    raise
                time.sleep(random.uniform(0.05, 0.3))

    def _once(self, method: str, path: str, body: str) -> tuple[int, dict[str, str], str]:
        if self.connection is None:
            self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        headers = {"Accept-Language": "en-GB,en;q=0.9", "Accept-Encoding": "gzip"}
        if self.cookies:
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        if method == "POST":
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        self.connection.request(method, path, body.encode() if method == "POST" else None, headers)
        answer = self.connection.getresponse()
        data = answer.read()
        for cookie in answer.headers.get_all("Set-Cookie") or ():
            name, _, value = cookie.split(";")[0].partition("=")
            self.cookies[name] = value
        if answer.headers.get("Content-Encoding") == "gzip":
            data = decompress(data)
        return answer.status, {name.lower(): value for name, value in answer.headers.items()}, data.decode()

    def _page(self, body: str) -> Page:
        """The form on a page. Pages that differ in their key only are read once."""
        mark = hash(body.replace(_form_key(body), ""))
        if mark not in self.pages:
            self.pages[mark] = Page(body)
        return self.pages[mark]

    @staticmethod
    def _expect(holds: bool, status: int, body: str) -> None:  # noqa: FBT001 -- reads as a sentence
        if not holds:
            title = re.search(r"<title>(.*?)</title>", body, re.DOTALL)
            raise RuntimeError(f"unexpected page: {status} {title.group(1).strip() if title else body[:200]!r}")


def _form_key(body: str) -> str:
    found = re.search(r'name="sleutel" value="([^"]+)"', body)
    return found.group(1) if found else ""


# --- the run -------------------------------------------------------------------------------------------------------


def prepare(house: Installation, crowd: Sequence[Person]) -> tuple[int, dict[str, str]]:
    """Office, questionnaire, round and codes. Returns the number of the round and a link for each respondent."""
    by_product: dict[str, list[Person]] = {}
    for person in crowd:
        by_product.setdefault(person.product, []).append(person)
    house.inside("products", {product: product.replace("-", " ").capitalize() for product in by_product})
    house.run("office", "add", OFFICE, "--slug", "office")
    file = house.folder / "questionnaire.json"
    file.write_text(json.dumps(people.questionnaire(crowd)), encoding="utf-8")
    house.run("questionnaire", "import", str(file), "--office", "office")
    links: dict[str, str] = {}
    number = 0
    for product, own in by_product.items():
        of_round = (
            ["round", "codes", "--round", str(number)]
            if number
            else ["round", "start", "--office", "office", "--questionnaire", "service", "--mode", "forget"]
        )
        made = house.run(*of_round, "--codes", str(len(own)), "--product", product)
        number = made["round"]
        links |= {person.id: code["url"] for person, code in zip(own, made["codes"], strict=True)}
    return number, links


def send_all(
    house: Installation,
    crowd: Sequence[Person],
    links: dict[str, str],
    *,
    clients: int,
    kills: Sequence[int],
    opening: int,
) -> Tally:
    """Everybody through the door. After `kills` acknowledged answers the server is killed; after `opening` envelopes are opened."""
    tally = Tally()
    waiting = list(crowd)
    random.shuffle(waiting)

    def work() -> None:
        client = Client(house.port, tally)
        while waiting:
            try:
                person = waiting.pop()
            except IndexError:
                return
            try:
                receipt = client.hand_in(person, links[person.id])
            except (RuntimeError, *BROKEN) as error:
                tally.faults.append(f"respondent {person.id}: {error}")
                continue
            with tally.lock:
                tally.receipts[person.id] = receipt

    with ThreadPoolExecutor(clients + 1) as pool:
        running = [pool.submit(work) for _ in range(clients)]
        opened = pool.submit(_open_at, house, opening, tally, running)
        for at in kills:
            _wait_for(at, tally, running)
            time.sleep(random.uniform(0, 0.05))
            house.server.kill()
            done = len(tally.receipts)
            print(f"  SIGKILL to the whole server at {done} acknowledged")
            if done == len(crowd):
                tally.faults.append("a kill came after the last answer; run again")
            house.server.start()
        for one in [*running, opened]:
            one.result()
    return tally


def _wait_for(at: int, tally: Tally, running: Sequence[Future[None]]) -> None:
    while len(tally.receipts) < at and not all(one.done() for one in running):
        time.sleep(0.002)


def _open_at(house: Installation, at: int, tally: Tally, running: Sequence[Future[None]]) -> None:
    """An opening while answers come in and the server may be killed: its batch closes under their hands."""
    _wait_for(at, tally, running)
    print(
        f"  opened in the middle, from {len(tally.receipts)} acknowledged on: {house.run('open')['submissions']} submissions"
    )


def open_the_rest(house: Installation, *, killed: bool) -> None:
    """Open the envelopes; when `killed`, an opening is killed at a random moment first."""
    if killed:
        opening = subprocess.Popen(
            [sys.executable, "-m", "gehoor", "open", "--now"],
            env=house.environment,
            cwd=house.folder,
            stdout=subprocess.DEVNULL,
        )
        try:
            opening.wait(random.uniform(0.8, 4))
        except subprocess.TimeoutExpired:
            opening.send_signal(signal.SIGKILL)
            opening.wait()
            print("  SIGKILL to an opening")
    house.run("open", "--now")


# --- the proofs ----------------------------------------------------------------------------------------------------


def check_once(house: Installation, crowd: Sequence[Person], tally: Tally) -> list[str]:
    """Every acknowledged answer is in the vault exactly once, whole, and nothing else is."""
    kept = house.inside("vault", list(tally.receipts.values()))
    faults = [*tally.faults]
    if len(tally.receipts) != len(crowd):
        faults.append(f"{len(crowd)} respondents, {len(tally.receipts)} acknowledged")
    if len(set(tally.receipts.values())) != len(tally.receipts):
        faults.append("two respondents have the same receipt")
    by_id = {person.id: person for person in crowd}
    claimed: set[str] = set()
    for person_id, receipt in tally.receipts.items():
        claimed |= _own_rows(by_id[person_id], kept["parts"][receipt], kept, faults)
    unclaimed = (set(kept["submissions"]) | set(kept["texts"])) - claimed
    if unclaimed:
        faults.append(f"{len(unclaimed)} rows in the vault belong to no acknowledged answer")
    return [*faults, *_bags(kept, crowd), *_left(house.inside("remains"), len(crowd))]


def _own_rows(person: Person, parts: Sequence[str], kept: dict[str, Any], faults: list[str]) -> set[str]:
    """The rows that a receipt leads to; each must be what this respondent sent."""
    row = kept["submissions"].get(parts[0])
    if row is None:
        faults.append(f"respondent {person.id}: acknowledged and not in the vault")
        return set()
    if (row["answers"], row["product"]) != (person.closed, person.product):
        faults.append(
            f"respondent {person.id}: kept {row['answers']} {row['product']}, sent {person.closed} {person.product}"
        )
    own = [(part, kept["texts"][part]) for part in parts[1:] if part in kept["texts"]]
    texts = {text["question"]: text["words"] for _, text in own}
    if texts != person.words or len(own) != len(person.words):
        faults.append(f"respondent {person.id}: {len(own)} texts kept, {len(person.words)} sent, or other words")
    return {parts[0], *(part for part, _ in own)}


def _bags(kept: dict[str, Any], crowd: Sequence[Person]) -> list[str]:
    """The same proof without receipts: all closed answers, and all texts, as bags."""
    faults = []
    rows = Counter(
        (row["answers"].get("score"), row["answers"].get("unit", ""), row["product"])
        for row in kept["submissions"].values()
    )
    if rows != Counter((person.score, person.unit, person.product) for person in crowd):
        faults.append("the closed answers in the vault are not those of the file")
    texts = Counter((text["question"], text["words"]) for text in kept["texts"].values())
    if texts != Counter((question, words) for person in crowd for question, words in person.words.items()):
        faults.append("the texts in the vault are not those of the file")
    return faults


def _left(left: dict[str, int], total: int) -> list[str]:
    """Nothing stays behind outside the vault, and the ledger counts what came in."""
    wanted = {"codes": 0, "envelopes": 0, "closed_batches": 0, "unreadable": 0, "opened": total}
    faults = [f"{name}: {left[name]}, expected {number}" for name, number in wanted.items() if left[name] != number]
    if left["batch_keys"] > left["open_batches"]:
        faults.append(f"{left['batch_keys']} batch keys for {left['open_batches']} open batches")
    return faults


def check_audit(house: Installation, number: int, period: str) -> list[str]:
    """The project's own auditor passes what was released and sees through the careless twin."""
    said = house.inside("audit", {"round": number, "period": period})
    print(f"  own auditor: {said['released']['targets']} targets, {len(said['released']['findings'])} findings;"
          f" threshold-only twin: {said['twin_targets']} targets, findings {said['twin_findings']}")  # fmt: skip
    faults = [f"the auditor found {finding}" for finding in said["released"]["findings"]]
    return faults if said["twin_findings"] else [*faults, "the auditor passes the careless twin"]


# --- the programme -------------------------------------------------------------------------------------------------


def replay(house: Installation, crowd: Sequence[Person], csv: Path, wanted: argparse.Namespace) -> list[str]:
    """The whole way, with a line for each step. Returns what did not hold."""
    number, links = prepare(house, crowd)
    house.server.start()
    kills = sorted(random.sample(range(len(crowd) // 10, len(crowd) * 8 // 10), wanted.kills))
    started = time.monotonic()
    tally = send_all(house, crowd, links, clients=wanted.clients, kills=kills, opening=len(crowd) // 2)
    print(f"{len(tally.receipts)} of {len(crowd)} acknowledged in {time.monotonic() - started:.0f} s by {wanted.clients} clients;"
          f" requests that broke: {dict(tally.broken)}; told to press again: {tally.again}; too long and shortened: {tally.shortened}")  # fmt: skip
    open_the_rest(house, killed=wanted.kills > 0)
    faults = _told("every acknowledged answer exactly once", check_once(house, crowd, tally))
    period = quarter_now()
    house.run("release", "--office", "office", "--period", period)
    results = house.folder / "results.json"
    results.write_text(
        house.said("results", "--office", "office", "--round", str(number), "--format", "json"), encoding="utf-8"
    )
    if wanted.out:
        Path(wanted.out).write_text(results.read_text(encoding="utf-8"), encoding="utf-8")
    faults += _told(
        "the released tables equal an independent computation", independent.differences(csv, results, wanted.every)
    )
    faults += _told("the auditor holds", check_audit(house, number, period))
    faults += _told(
        "no group of 1-9 can be worked out (own attack), and can from a threshold-only twin",
        independent.attack(csv, results, wanted.every),
    )
    return faults


def _told(what: str, faults: list[str]) -> list[str]:
    print(f"{'FAULT' if faults else 'holds'}: {what}")
    for fault in faults[:20]:
        print(f"  {fault}")
    if len(faults) > 20:
        print(f"  and {len(faults) - 20} more")
    return faults


def quarter_now() -> str:
    """The present quarter where the office is."""
    today = dt.datetime.now(zoneinfo.ZoneInfo("Europe/Amsterdam")).date()
    return f"{today.year}-Q{(today.month + 2) // 3}"


def main() -> int:
    """Run, and say whether all holds."""
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("--csv", type=Path, default=people.DEFAULT_CSV)
    words.add_argument("--kills", type=int, default=3, help="how often the server is killed (default: 3)")
    words.add_argument("--clients", type=int, default=16)
    words.add_argument("--every", type=int, default=1, metavar="N", help="each N-th respondent only, for a quick run")
    words.add_argument(
        "--postgres",
        default="",
        metavar="URL",
        help="such as postgresql://user@127.0.0.1:5432; databases are made there",
    )
    words.add_argument(
        "--seed", type=int, default=None, help="of the moments of the kills (default: another one each time)"
    )
    words.add_argument("--out", default="", metavar="FILE", help="keep the released figures here")
    words.add_argument("--keep", action="store_true", help="keep the data folder")
    wanted = words.parse_args()
    seed = wanted.seed if wanted.seed is not None else random.randrange(10**6)
    random.seed(seed)
    crowd = people.read(wanted.csv)
    crowd = crowd[:: wanted.every]
    print(
        f"{len(crowd)} respondents, {sum(len(person.words) for person in crowd)} texts, on {'PostgreSQL' if wanted.postgres else 'SQLite'}, seed {seed}"
    )
    with (
        scratch("replay", keep=wanted.keep) as folder,
        Installation(folder, postgres=wanted.postgres, name="replay") as house,
    ):
        faults = replay(house, crowd, wanted.csv, wanted)
    print("All proofs hold." if not faults else f"{len(faults)} faults.")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
