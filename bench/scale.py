"""Large rounds: the time and memory of a release, of a dashboard page, and of opening 10,000 envelopes.

    python bench/scale.py [--postgres URL] [--sizes 10000,1000000] [--envelopes 10000]

Each measured thing runs in a process of its own. Answers are made up, with shares that differ by product and some small
groups; the vault is filled with bulk inserts. For SQLite and PostgreSQL run it twice.
"""

import argparse
import json
import os
import random
import re
import resource
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median
from typing import Any

from installation import HERE, Installation, scratch

CHUNK = 5000
PRODUCTS = {"verzuim": 60, "verlof": 25, "vrijstelling": 8, "halt": 4, "pv": 2, "doorstroompunt": 1}
LANGUAGES = {"nl": 78, "en": 6, "tr": 5, "ar": 5, "pl": 3, "uk": 2, "es": 1}
SENTENCES = (
    "De mevrouw luisterde goed en legde rustig uit wat er ging gebeuren.",
    "Het duurde lang voor ik wist wanneer het gesprek was.",
    "Ik kreeg drie brieven op één dag.",
    "Mijn vader begreep de brief niet en toen heb ik hem zelf voorgelezen.",
    "Daarna ging het beter op school!",
)
QUESTIONNAIRE = "jongere"


# --- made-up answers -----------------------------------------------------------------------------------------------


def closed_answers(draw: random.Random, product: str) -> dict[str, str]:
    """One respondent's closed answers; a few are skipped or not known."""
    level = 4 - list(PRODUCTS).index(product) * 0.3
    faces = {key: str(min(5, max(1, round(draw.gauss(level, 1.1))))) for key in ("heard", "safe", "fair", "helped")}
    ages = draw.choices(["age_12_13", "age_14_15", "age_16_17", "age_18_up", "rather_not"], [25, 35, 30, 8, 2])
    answers = {"informed": draw.choices(["yes", "no", "dont_know"], [80, 15, 5])[0], **faces, "background": ages[0]}
    return {key: value for key, value in answers.items() if draw.random() > 0.03}


def some_words(draw: random.Random) -> str:
    """A text of one to twelve sentences."""
    return " ".join(draw.choices(SENTENCES, k=draw.choice([1, 1, 2, 4, 12])))


# --- what runs inside ----------------------------------------------------------------------------------------------


def _ready() -> None:
    import django  # only in the processes that measure

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gehoor.project.settings")
    django.setup()


def _round(number: int) -> Any:
    from gehoor.rounds import queries

    return queries.round_by_number(number)


def fill(given: dict[str, Any]) -> dict[str, Any]:
    """So many submissions in the vault, as opening leaves them."""
    from gehoor.answers.models import HeardIn, Submission
    from gehoor.base import clock

    a_round, draw, period = _round(given["round"]), random.Random(given["round"]), clock.quarter(clock.today())

    def rows() -> Iterator[Submission]:
        for _ in range(given["size"]):
            product = draw.choices(list(PRODUCTS), list(PRODUCTS.values()))[0]
            language = draw.choices(list(LANGUAGES), list(LANGUAGES.values()))[0]
            yield Submission(
                id=uuid.UUID(int=draw.getrandbits(128), version=4), round_id=a_round.pk, version_id=a_round.version_id, period=period,
                voice="youth", mode=draw.choices(["card", "email", "letter"], [5, 3, 2])[0], moment=a_round.moment, language=language,
                helper=draw.choices(["none", "family", "officer"], [80, 18, 2])[0], product=product, stage=a_round.stage,
                answers=closed_answers(draw, product),
            )  # fmt: skip

    made = rows()
    while chunk := [row for row, _ in zip(made, range(CHUNK))]:  # noqa: B905 -- the shorter one ends it
        Submission.objects.bulk_create(chunk)
    HeardIn.objects.get_or_create(round=a_round, period=period)
    return {"period": period}


def release(given: dict[str, Any]) -> dict[str, Any]:
    """Release one round. Its memory is that of this whole process."""
    from gehoor.results import changes

    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    started = time.perf_counter()
    [outcome] = changes.release_office(_round(given["round"]).office, given["period"])
    return {
        "seconds": time.perf_counter() - started,
        "released": outcome.release is not None,
        "findings": outcome.findings,
        "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "megabytes_before": before / 1024,
    }


def dashboard(given: dict[str, Any]) -> dict[str, Any]:
    """The page of a released round, 40 times for a quality adviser who is signed in. Time on the server, without HTTP."""
    from django.test import Client

    from gehoor.offices import changes as offices
    from gehoor.offices.models import Role

    a_round = _round(given["round"])
    member = offices.add_member(
        a_round.office, email=f"adviser{a_round.pk}@example.org", name="Adviser", roles=[Role.QUALITY_ADVISER]
    )
    client = Client(headers={"host": "127.0.0.1"})
    client.force_login(member.account, backend="django.contrib.auth.backends.ModelBackend")
    address = f"/kantoor/zien/{a_round.pk}/{given['period']}/"
    times = []
    for _ in range(44):
        started = time.perf_counter()
        answer = client.get(address)
        times.append(1000 * (time.perf_counter() - started))
    return {"status": answer.status_code, "bytes": len(answer.content), "ms": sorted(times[4:])}


def seal(given: dict[str, Any]) -> dict[str, Any]:
    """So many envelopes in the open batch of a round, each sealed as the door does it."""
    from gehoor.answers import changes, sealing, tickets
    from gehoor.answers.models import Envelope
    from gehoor.rounds.models import Dispatch
    from gehoor.rounds.queries import fresh_door

    a_round, draw = _round(given["round"]), random.Random(2)
    door = fresh_door(Dispatch.objects.filter(round=a_round).select_related("round__office", "product").get())
    batch, key = changes.current_batch(a_round.dispatches.get().pk)

    def envelope() -> Envelope:
        receipt = tickets.receipt_for(uuid.uuid4().bytes)
        letter = {
            "version": door.version_pk, "mode": door.mode, "moment": door.moment, "product": door.product, "stage": door.stage,
            "language": "nl", "helper": "none", "closed": closed_answers(draw, door.product),
            "words": {key: some_words(draw) for key in ("good", "better") if draw.random() < 0.6}, "receipt": receipt,
        }  # fmt: skip
        return Envelope(pk=tickets.envelope_id(receipt), batch_id=batch, box=sealing.seal(letter, key))

    for _ in range(0, given["size"], CHUNK):
        Envelope.objects.bulk_create(envelope() for _ in range(min(CHUNK, given["size"])))
    return {"envelopes": Envelope.objects.filter(batch_id=batch).count()}


def opening(_given: None = None) -> dict[str, Any]:
    """Open them all."""
    from gehoor.answers import changes

    started = time.perf_counter()
    opened = changes.open_all(at_once=True)
    return {
        "seconds": time.perf_counter() - started,
        "submissions": opened.submissions,
        "texts": opened.texts,
        "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


INSIDE: dict[str, Callable[[Any], dict[str, Any]]] = {
    "fill": fill, "release": release, "dashboard": dashboard, "seal": seal, "opening": opening,
}  # fmt: skip


# --- what runs outside ---------------------------------------------------------------------------------------------


def inside(house: Installation, what: str, given: Any = None) -> dict[str, Any]:
    """One of the functions above in a fresh process of the installation."""
    done = subprocess.run(
        [sys.executable, str(HERE / "scale.py"), "--inside", what],
        input=json.dumps(given), env=house.environment, cwd=house.folder, capture_output=True, check=False, text=True,
    )  # fmt: skip
    if done.returncode:
        raise RuntimeError(f"{what}: {done.stderr[-3000:]}")
    said: dict[str, Any] = json.loads(done.stdout)
    return said


def new_round(house: Installation, name: str) -> int:
    """An open round of an office of its own, so that a release is of this round only."""
    slug = re.sub(r"[^a-z0-9]+", "-", name.lower())
    house.run("office", "add", name, "--slug", slug)
    made = house.run(
        "round", "start", "--office", slug, "--questionnaire", QUESTIONNAIRE, "--codes", "1", "--name", name
    )
    return int(made["round"])


def main() -> None:
    """Fill, measure, tell."""
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("--postgres", default="", metavar="URL")
    words.add_argument("--sizes", default="10000,1000000")
    words.add_argument("--envelopes", type=int, default=10_000)
    words.add_argument("--inside", choices=list(INSIDE), help=argparse.SUPPRESS)
    wanted = words.parse_args()
    if wanted.inside:
        _ready()
        json.dump(INSIDE[wanted.inside](json.load(sys.stdin)), sys.stdout)
        return
    with scratch("scale") as folder, Installation(folder, postgres=wanted.postgres, name="scale") as house:
        _large_rounds(house, [int(size) for size in wanted.sizes.split(",")])
        _envelopes(house, wanted.envelopes)


def _large_rounds(house: Installation, sizes: list[int]) -> None:
    pages: list[float] = []
    for size in sizes:
        number = new_round(house, f"Round of {size}")
        started = time.perf_counter()
        given = {"round": number, "size": size}
        given |= inside(house, "fill", given)
        print(f"{size:,} answers put in the vault in {time.perf_counter() - started:.0f} s")
        said = inside(house, "release", given)
        state = "released" if said["released"] else f"NOT released, {said['findings']} findings"
        print(
            f"  release: {said['seconds']:.2f} s, {said['megabytes']:.0f} MB at most ({said['megabytes_before']:.0f} before it began), {state}"
        )
        said = inside(house, "dashboard", given)
        if said["status"] != 200:
            print(f"  dashboard: not measured, the page says {said['status']}")
            continue
        pages.append(median(said["ms"]))
        print(f"  dashboard: {pages[-1]:.1f} ms median, {said['ms'][-1]:.1f} ms at most, {said['bytes']:,} bytes")
    if len(pages) > 1:
        print(f"dashboard, largest : smallest round = {pages[-1] / pages[0]:.2f}")


def _envelopes(house: Installation, size: int) -> None:
    number = new_round(house, "Envelopes")
    inside(house, "seal", {"round": number, "size": size})
    said = inside(house, "opening")
    print(
        f"{said['submissions']:,} envelopes opened in {said['seconds']:.2f} s: {said['texts']:,} texts; {said['megabytes']:.0f} MB at most"
    )
    left = [path.name for path in Path(house.folder / "keys").glob("*.key") if path.name != "texts.key"]
    if left:
        print(f"  keys left: {left}")


if __name__ == "__main__":
    main()
