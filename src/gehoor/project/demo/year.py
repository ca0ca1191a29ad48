"""The school year of the fictional office, lived through the real doors: rounds, codes, forms, envelopes, reading, release.

Past days are lived with the clock turned back in this process only.
"""

import datetime as dt
import gzip
import json
import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from django.test import Client as Browser

from gehoor.answers import changes as answers
from gehoor.base import clock
from gehoor.base.errors import BadInput, NotNow
from gehoor.offices import changes as offices
from gehoor.offices.models import Account, Member, Office, Role
from gehoor.project.demo.model import Client, Texts
from gehoor.questionnaires import queries as questionnaires
from gehoor.reading import changes as reading
from gehoor.reading import queries as reading_queries
from gehoor.reading import redaction
from gehoor.results import changes as results
from gehoor.rounds import changes as rounds
from gehoor.rounds import queries as round_queries
from gehoor.rounds.changes import FreshCode
from gehoor.rounds.models import Round
from gehoor.rounds.rules import why_not_answer

SLUG = "voorbeeldstad"
PASSWORD = "hier-valt-te-proberen"  # noqa: S105 -- fictional, printed on the screen
PEOPLE = (
    ("kwaliteit", "Quinten de Vries", Role.QUALITY_ADVISER, ""),
    ("lezer", "Rosa Yılmaz", Role.READER, ""),
    ("triage", "Tariq El Amrani", Role.TRIAGE, ""),
    ("ambtenaar", "Bram Kok", Role.OFFICER, "Noord"),
    ("ambtenaar2", "Iris Post", Role.OFFICER, "Noord"),
    ("ambtenaar3", "Sem Boer", Role.OFFICER, "Noord"),
    ("teamleider", "Lotte Smit", Role.TEAM_LEAD, "Noord"),
    ("beleid", "Noor Bakker", Role.POLICY, ""),
    ("privacy", "Petra Jansen", Role.PRIVACY_OFFICER, ""),
)
SEED = 20260921
FORM_KEY = re.compile(rb'name="sleutel" value="([^"]+)"')


@dataclass(frozen=True)
class Plan:
    """One round of the year: who is asked, by which channels, how many codes go out."""

    key: str
    name: str
    month: int  # months before this one
    moment: str
    codes: tuple[tuple[str, str, int], ...]  # channel, product, number
    team: str = ""


def plans() -> list[Plan]:
    """Four quarters for youths and parents, two rounds for children, one for partners, one for a team."""
    usual = (("card", "verzuim", 150), ("email", "verzuim", 160), ("letter", "verlof", 120))
    year = []
    for number, month in enumerate((12, 9, 6, 3), start=1):
        summer = month == 3  # noqa: PLR2004 -- fewer talks around the summer
        codes = tuple((channel, product, size // 2 if summer else size) for channel, product, size in usual)
        year.append(Plan("jongere", f"Jongeren na het gesprek ({number})", month, "contact", codes))
        year.append(Plan("ouder", f"Ouders na het gesprek ({number})", month, "contact", codes))
    year.append(Plan("kind", "Kinderen bij het afsluiten", 9, "closure", (("tablet", "verzuim", 70),)))
    year.append(Plan("kind", "Kinderen bij het afsluiten", 4, "closure", (("tablet", "verzuim", 60),)))
    year.append(Plan("partner", "Scholen en ketenpartners", 6, "periodic", (("email", "other", 120),)))
    year.append(Plan("jongere", "Jongeren van team Noord", 6, "closure", (("card", "verzuim", 110),), team="Noord"))
    return sorted(year, key=lambda plan: -plan.month)


def set_up() -> Office:
    """The office and its people."""
    office = offices.add_office("Leerplicht Voorbeeldstad", slug=SLUG)
    for address, name, role, team in PEOPLE:
        offices.add_member(
            office, email=f"{address}@voorbeeld.nl", name=name, roles=[role], team=team, password=PASSWORD
        )
    return office


def codes_to_try(office: Office) -> list[FreshCode]:
    """A few codes of a round that is open today; the first time, or when a demo is old, there is none yet."""
    today = clock.today()
    usable = (one for one in round_queries.rounds_of(office) if not why_not_answer(one, today=today))
    now = Plan("jongere", "Jongeren na het gesprek (nu)", 0, "contact", ())
    _dispatch, codes = rounds.make_codes(next(usable, None) or _start(office, now, today), size=40, mode="card")
    return codes


def live(office: Office, tell: Callable[[str], None]) -> None:
    """The past year, told step by step."""
    rng = random.Random(SEED)  # noqa: S311 -- a demo must come out the same each time
    texts = Texts(json.loads((Path(__file__).parent / "texts.json").read_text(encoding="utf-8")))
    steps = plans()
    for number, plan in enumerate(steps, start=1):
        day = _months_ago(clock.today(), plan.month)
        with clock.turned_to(day):
            handed_in = _ask(office, plan, rng, texts)
        tell(f"[{number}/{len(steps)}] {plan.name}, {clock.quarter(day)}: {handed_in}")
        _hear(office, day + dt.timedelta(30))
    _now(office, rng, texts)
    tell("De leeskamer en de open ronde staan klaar.")


def _ask(office: Office, plan: Plan, rng: random.Random, texts: Texts) -> int:
    a_round = _start(office, plan, clock.today())
    handed_in = 0
    for channel, product, size in plan.codes:
        _dispatch, codes = rounds.make_codes(
            a_round, size=size, mode=channel, product=round_queries.product_by_code(product)
        )
        handed_in += _answer(a_round, codes, channel, rng, texts, improved=plan.month <= 6)  # noqa: PLR2004 -- half-way the year
    answers.open_all(at_once=True)
    rounds.close_round(a_round)
    return handed_in


def _answer(
    a_round: Round, codes: list[FreshCode], mode: str, rng: random.Random, texts: Texts, *, improved: bool
) -> int:
    """Each client who answers opens the link, fills in the page and hands it in."""
    content = questionnaires.content_of(a_round.version_id)
    handed_in = 0
    for code in codes:
        client = Client(rng, content.voice, improved)
        if not client.answers_at_all(mode):
            continue
        visit = client.visit(content, mode, texts)
        browser = Browser(headers={"accept-language": visit.language, "host": "127.0.0.1"})
        browser.get(f"/v/{code.link}")
        page = browser.get(f"/vragen/?taal={visit.language}")
        found = FORM_KEY.search(gzip.decompress(page.content)) if "Content-Encoding" in page else None
        if found is None:
            raise NotNow(f"the questions of {a_round.name} did not come: status {page.status_code}")
        form = {f"q.{key}": value for key, value in visit.answers.items()}
        done = browser.post(
            "/vragen/",
            {"sleutel": found[1].decode(), "nu": visit.language, "hulp": visit.helper, "verstuur": "1", **form},
        )
        handed_in += done.status_code == 303  # noqa: PLR2004 -- see other: bewaard
    return handed_in


def _hear(office: Office, day: dt.date) -> None:
    """A month later: the reader has read, the adviser releases."""
    with clock.turned_to(day):
        _read_everything(office)
        results.release_office(office, clock.quarter(day - dt.timedelta(30)), by=_member(office, "kwaliteit"))


def _read_everything(office: Office) -> None:
    reader = _member(office, "lezer")
    for text in list(reading_queries.queue(office)):
        opened = reading_queries.open_text(reader, text.pk)
        if redaction.looks_dangerous(opened.words, language=text.language):
            reading.pass_to_triage(reader, text.pk)
            continue
        try:
            reading.approve(
                reader, text.pk, words=redaction.redact(opened.words, opened.proposed, language=text.language)
            )
        except BadInput:
            reading.set_aside(reader, text.pk)


def _now(office: Office, rng: random.Random, texts: Texts) -> None:
    """Today: some answers have come in on the open round, and wait for the reader."""
    a_round = next(each for each in round_queries.rounds_of(office) if each.status == "open")
    _dispatch, codes = rounds.make_codes(a_round, size=60, mode="card")
    _answer(a_round, codes, "card", rng, texts, improved=True)
    answers.open_all(at_once=True)


def _start(office: Office, plan: Plan, day: dt.date) -> Round:
    team = office.teams.filter(name=plan.team).first() if plan.team else None
    a_round = rounds.make_round(
        office, questionnaires.newest(plan.key, office=None),
        name=plan.name, moment=plan.moment, stage="voluntary", product=round_queries.product_by_code("verzuim"), anonymity="forget",
        purpose="Weten of onze brieven en gesprekken duidelijk zijn, en wat beter moet.",
        readers="Rosa, lezer van het kwaliteitsteam", starts_on=day, ends_on=day + dt.timedelta(60), team=team,
    )  # fmt: skip
    return rounds.start_round(a_round)


def _member(office: Office, address: str) -> Member:
    account = Account.objects.get(email=f"{address}@voorbeeld.nl")
    return Member.objects.select_related("office", "account").get(office=office, account=account)


def _months_ago(day: dt.date, months: int) -> dt.date:
    number = day.year * 12 + day.month - 1 - months
    return dt.date(number // 12, number % 12 + 1, 5)


def logins() -> Iterator[tuple[str, str]]:
    """Who can log in, and as what."""
    for address, _name, role, _team in PEOPLE:
        yield f"{address}@voorbeeld.nl", str(role.label)
