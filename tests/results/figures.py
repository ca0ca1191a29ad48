"""Released figures for the tests of this room: answers lie in the vault at once, without the walk through the door."""

import datetime as dt
import json
import re
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from django.test import Client
from tests.cast import PASSWORD, Cast

from gehoor.answers.models import HeardIn, Submission
from gehoor.base import clock
from gehoor.offices import changes as offices
from gehoor.offices.models import Member, Role
from gehoor.questionnaires import changes as questionnaires
from gehoor.questionnaires.queries import READY
from gehoor.results import changes
from gehoor.results.changes import Outcome
from gehoor.rounds import changes as rounds
from gehoor.rounds import queries as round_queries
from gehoor.rounds.models import Round

# A total of 67 of which the two lowest faces are small; the closed part is the same in both, its inside is not.
SMALL_INSIDE = {"1": 5, "2": 7, "4": 25, "5": 30}
OTHERWISE_INSIDE = {"1": 7, "2": 5, "4": 25, "5": 30}


def now() -> str:
    """The quarter of today."""
    return clock.quarter(clock.today())


def faces(counts: Mapping[str, int], **more: str) -> list[dict[str, str]]:
    """So many answers for each face."""
    return [{"heard": face, **more} for face, count in counts.items() for _ in range(count)]


def hear(a_round: Round, given: Sequence[Mapping[str, Any]], *, period: str = "", **context: str) -> None:
    """Opened answers, as `answers.changes.open_batch` leaves them: hundreds of them, so not through the door."""
    facts = {"mode": "card", "language": "nl", "product": "verzuim", "helper": "none", **context}
    same = {"round_id": a_round.pk, "version_id": a_round.version_id, "period": period or now(), "voice": "youth"}
    place = {"moment": a_round.moment, "stage": a_round.stage}
    HeardIn.objects.get_or_create(round=a_round, period=same["period"])
    Submission.objects.bulk_create(
        Submission(id=uuid.uuid4(), answers=dict(answer), **same, **place, **facts) for answer in given
    )


def released(a_round: Round, given: Sequence[Mapping[str, Any]], *, period: str = "", **context: str) -> Outcome:
    """Answers that are heard and released."""
    hear(a_round, given, period=period, **context)
    outcome = changes.release_round(a_round, period or now())
    assert outcome.release
    return outcome


def team_of_three(cast: Cast) -> None:
    """Bram gets two colleagues, so that a figure of the team is not a figure of an officer."""
    for name in ("Bea", "Bo"):
        offices.add_member(
            cast.office, email=f"{name}@voorbeeld.nl", name=name, roles=[Role.OFFICER], team="Noord", password=PASSWORD
        )


def round_with(cast: Cast, **changed: Any) -> Round:
    """A round with a changed copy of the questionnaire for youths; `changed` goes by question key."""
    content = json.loads((READY / "jongere.json").read_text(encoding="utf-8"))
    content["key"] = "eigen"
    content["questions"] = [{**question, **changed.get(question["key"], {})} for question in content["questions"]]
    version = questionnaires.import_questionnaire(json.dumps(content), office=cast.office)
    today = clock.today()
    made = rounds.make_round(
        cast.office, version, name="Eigen", moment="contact", stage="voluntary", product=round_queries.product_by_code("verzuim"),
        anonymity="forget", purpose="Leren.", readers="Rosa", starts_on=today, ends_on=today + dt.timedelta(30),
    )  # fmt: skip
    return rounds.start_round(made)


def page(cast: Cast, member: Member, a_round: Round, *rest: str) -> str:
    """The page of this quarter, without the marks against forgery, which differ each time."""
    return plain(cast.browser(member), "/".join(["/kantoor/zien", str(a_round.pk), now(), *rest, ""]))


def plain(browser: Client, address: str) -> str:
    response = browser.get(address)
    assert response.status_code == 200, response.status_code
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", response.content.decode())


def file(cast: Cast, a_round: Round, kind: str) -> bytes:
    """A download."""
    response = cast.browser(cast.quinten).get(f"/kantoor/zien/{a_round.pk}/{now()}/cijfers/{kind}/")
    assert response.status_code == 200, response.status_code
    return bytes(response.content)
