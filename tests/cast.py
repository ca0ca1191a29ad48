"""The people of the tests and their world, made through `changes` like everything else.

Amira is a youth. Quinten is the quality adviser, Rosa the reader, Tariq triage, Bram an attendance officer, Lotte his
team lead, Petra the privacy officer. Daan is the quality adviser of ANOTHER office.
"""

import datetime as dt
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.test import Client

from gehoor.answers import changes as answers
from gehoor.answers.changes import Outcome
from gehoor.base import clock, codes
from gehoor.offices import changes as offices
from gehoor.offices.models import Member, Office, Role
from gehoor.questionnaires import answering
from gehoor.questionnaires import changes as questionnaires
from gehoor.questionnaires import queries as questionnaire_queries
from gehoor.rounds import changes as rounds
from gehoor.rounds import queries as round_queries
from gehoor.rounds.changes import FreshCode
from gehoor.rounds.models import Dispatch, Round

PASSWORD = "een lang genoeg wachtwoord"


@dataclass
class Cast:
    """Everybody."""

    office: Office
    quinten: Member
    rosa: Member
    tariq: Member
    bram: Member
    lotte: Member
    petra: Member
    daan: Member

    @classmethod
    def assemble(cls) -> "Cast":
        """Two offices and their members; the ready questionnaires are loaded."""
        questionnaires.load_ready()
        office = offices.add_office("Leerplicht Voorbeeldstad", slug="voorbeeld")
        other = offices.add_office("Leerplicht Elders", slug="elders")

        def member(name: str, role: str, place: Office = office, team: str = "") -> Member:
            email = f"{name.lower()}@{place.slug}.nl"
            made = offices.add_member(place, email=email, name=name, roles=[role], team=team, password=PASSWORD)
            made.account.language = "en"  # tests read the source sentences; tests of Dutch say so themselves
            made.account.save()
            return made

        return cls(
            office=office,
            quinten=member("Quinten", Role.QUALITY_ADVISER),
            rosa=member("Rosa", Role.READER),
            tariq=member("Tariq", Role.TRIAGE),
            bram=member("Bram", Role.OFFICER, team="Noord"),
            lotte=member("Lotte", Role.TEAM_LEAD, team="Noord"),
            petra=member("Petra", Role.PRIVACY_OFFICER),
            daan=member("Daan", Role.QUALITY_ADVISER, other),
        )

    @classmethod
    def found(cls) -> "Cast | None":
        """Who was assembled before, or None when they are gone."""
        members = {one.account.name.lower(): one for one in Member.objects.select_related("account", "office", "team")}
        return cls(office=members["quinten"].office, **members) if members else None

    def everybody(self) -> dict[str, Member]:
        """All members by name."""
        return {name: value for name, value in vars(self).items() if isinstance(value, Member)}

    def browser(self, member: Member | None = None) -> Client:
        """A browser, signed in as somebody or as nobody."""
        client = Client(raise_request_exception=False, headers={"accept-language": "en"})
        if member:
            client.force_login(member.account, backend="django.contrib.auth.backends.ModelBackend")
        return client

    def round(
        self, *, key: str = "jongere", anonymity: str = "forget", office: Office | None = None, **changed: Any
    ) -> Round:
        """An open round."""
        office = office or self.office
        today = clock.today()
        facts: dict[str, Any] = {
            "name": "Na het gesprek", "moment": "contact", "stage": "voluntary", "product": round_queries.product_by_code("verzuim"),
            "purpose": "Leren hoe gesprekken beter gaan.", "readers": "een onafhankelijke lezer",
            "starts_on": today - dt.timedelta(1), "ends_on": today + dt.timedelta(60), **changed,
        }  # fmt: skip
        version = questionnaire_queries.newest(key, office=None)
        return rounds.start_round(rounds.make_round(office, version, anonymity=anonymity, **facts))

    def codes(self, a_round: Round, size: int, **more: Any) -> tuple[Dispatch, list[FreshCode]]:
        """Fresh codes of a round."""
        return rounds.make_codes(a_round, size=size, **more)

    def answer(self, code: FreshCode, answers: Mapping[str, Any] | None = None, *, language: str = "nl") -> Client:
        """Answer through the door as a browser without scripts does; returns the browser, on the page "bewaard"."""
        client = Client(headers={"accept-language": language})
        client.get(f"/v/{code.link}")
        given = {f"q.{key}": value for key, value in (answers or {"heard": "4"}).items()}
        response = client.post("/vragen/", {"sleutel": form_key(client), "nu": language, "verstuur": "1", **given})
        assert response.status_code == 303, response.content[:500]
        client.receipt = client.cookies["gehoor-bewijs"].value.partition(".")[0]  # type: ignore[attr-defined]
        client.get(response["Location"])
        return client

    def hear(self, a_round: Round, answers: list[Mapping[str, Any]], **more: Any) -> None:
        """Many answers, opened."""
        dispatch, fresh = self.codes(a_round, len(answers), **more)
        for code, given in zip(fresh, answers, strict=True):
            assert hand_in(dispatch, code, given) is Outcome.STORED
        answers_opened()


def hand_in(
    dispatch: Dispatch, code: FreshCode, given: Mapping[str, Any], *, key: bytes = b"", language: str = "nl"
) -> Outcome:
    """What the door does with a form. The journeys of the tests go through the door itself."""
    door = round_queries.door_of(dispatch.pk)
    listed = {question: value if isinstance(value, list) else [value] for question, value in given.items()}
    read = answering.read(door.content, listed)
    assert not read.faults, read.faults
    link_hash, key = codes.link_hash(code.link), key or secrets.token_bytes(16)
    return answers.hand_in(door, link_hash, key, read, language=language, helper="none")


def form_key(client: Client) -> str:
    """The form key on the page of the questions."""
    import gzip
    import re

    page = gzip.decompress(client.get("/vragen/").content).decode()
    found = re.search(r'name="sleutel" value="([^"]+)"', page)
    assert found, page[:500]
    return found.group(1)


def answers_opened() -> None:
    """Open every envelope."""
    answers.open_all(at_once=True)
