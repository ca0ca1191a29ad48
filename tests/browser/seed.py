"""A small living office in an empty data folder: run once, before the server starts, with GEHOOR_DATA set.

Made through the project's own functions and the client's own door. Prints what the tests need to know as JSON.
"""

import datetime as dt
import json
import random
import sys
from pathlib import Path
from typing import Any

import django

YOUTH = Path(__file__).parents[2] / "src/gehoor/questionnaires/content/jongere.json"
CODES = {"jongere": 60, "partner": 10, "alles": 10, "soon": 1, "closing": 2}
OFFICERS = ("Iris", "Sem")
WORDS = (
    "Mevrouw De Vries van team Noord luisterde goed. Ik ben Yusuf en mijn nummer is 06-12345678.",
    "De brief was heel moeilijk. Ik begreep niet wat ik moest doen.",
    "Ze vroeg eerst hoe het met mij ging.",
    "Bel van tevoren even op, dan schrik ik minder.",
    "Ik mocht zelf kiezen waar we praatten.",
    "Het gesprek duurde lang, maar er werd geluisterd.",
    "Meester Ahmed van het Voorbeeldcollege zei iets anders dan de brief.",
    "Leg uit wat er daarna gebeurt.",
)
DANGER = ("Thuis word ik geslagen en ik durf niet naar huis.", "Soms wil ik niet meer leven.")


def main() -> None:
    """Fill the folder and say what is in it."""
    django.setup()
    from gehoor.project.command import server

    server.prepare()
    from tests.cast import PASSWORD, Cast

    cast = Cast.assemble()
    _more_people(cast, PASSWORD)
    rounds = {**_asking(cast), **_heard(cast)}
    _texts(cast)
    json.dump({"password": PASSWORD, "rounds": rounds, "codes": _codes(rounds)}, sys.stdout)


def _more_people(cast: Any, password: str) -> None:
    """A team large enough to have figures, and one that is not."""
    from gehoor.offices import changes as offices
    from gehoor.offices.models import Account, Role

    people = [(name, Role.OFFICER, "Noord") for name in OFFICERS] + [
        ("Zoë", Role.OFFICER, "Zuid"),
        ("Noor", Role.POLICY, ""),
    ]
    for name, role, team in people:
        address = f"{name.lower().replace('ë', 'e')}@voorbeeld.nl"
        offices.add_member(cast.office, email=address, name=name, roles=[role], team=team, password=password)
    Account.objects.update(language="nl")  # as an office has it; the cast reads English


def _asking(cast: Any) -> dict[str, int]:
    """Rounds in every state that a client or an adviser can meet."""
    from gehoor.base import clock
    from gehoor.questionnaires import queries as questionnaires
    from gehoor.rounds import changes, queries

    today = clock.today()
    facts = {
        "moment": "contact", "stage": "voluntary", "product": queries.product_by_code("verlof"), "anonymity": "forget",
        "purpose": "Weten of onze brieven duidelijk zijn.", "readers": "een onafhankelijke lezer",
        "starts_on": today, "ends_on": today + dt.timedelta(60),
    }  # fmt: skip
    own = changes.make_round(cast.office, _own_questionnaire(cast), name="Alle soorten vragen", **facts)
    made = {
        "jongere": cast.round(name="Jongeren na het gesprek"),
        "partner": cast.round(key="partner", name="Scholen en partners", moment="periodic"),
        "alles": changes.start_round(own),
        "soon": cast.round(
            name="Nog niet begonnen", starts_on=today + dt.timedelta(30), ends_on=today + dt.timedelta(60)
        ),
        "closing": cast.round(name="Bijna klaar"),
        "draft": changes.make_round(
            cast.office, questionnaires.newest("ouder", office=None), name="Ouders, nog een concept", **facts
        ),
    }
    return {name: a_round.pk for name, a_round in made.items()}


def _codes(rounds: dict[str, int]) -> dict[str, list[dict[str, str]]]:
    """Codes that nobody has used: `code` as it is typed, `url` as it is scanned. Those of a closed round came too late."""
    from gehoor.rounds import changes
    from gehoor.rounds.models import Round

    made = {}
    for name, size in CODES.items():
        _dispatch, codes = changes.make_codes(Round.objects.get(pk=rounds[name]), size=size)
        made[name] = [{"code": code.shown, "url": code.url} for code in codes]
    changes.close_round(Round.objects.get(pk=rounds["closing"]))
    return made


def _own_questionnaire(cast: Any) -> Any:
    """A questionnaire of the office that also has the kinds of question which the ready ones do without."""
    from gehoor.questionnaires import changes

    content = json.loads(YOUTH.read_text(encoding="utf-8"))
    questions = {question["key"]: question for question in content["questions"]}
    for key in ("safe", "helped"):
        questions[key].pop("faces", None)
    questions["safe"].update(kind="number", min=0, max=20)
    questions["helped"].update(kind="choices", options=questions["background"]["options"])
    return changes.import_questionnaire(json.dumps({**content, "key": "alles"}), office=cast.office)


def _heard(cast: Any) -> dict[str, int]:
    """Rounds with released figures: one of the whole office, one of a team. Both end closed."""
    from gehoor.answers import changes as answers
    from gehoor.offices.models import Team
    from gehoor.results import changes as results
    from gehoor.rounds import changes, queries

    rng = random.Random(3)  # the figures must come out the same each time
    office = cast.round(name="Jongeren dit kwartaal")
    team = cast.round(name="Jongeren van team Noord", team=Team.objects.get(office=cast.office, name="Noord"))
    plan = [
        (office, "card", "verzuim", 45),
        (office, "email", "verzuim", 40),
        (office, "letter", "verlof", 35),
        (team, "card", "verzuim", 30),
    ]
    for a_round, mode, product, size in plan:
        dispatch, codes = changes.make_codes(a_round, size=size, mode=mode, product=queries.product_by_code(product))
        _hand_in(dispatch, codes, [_answer(rng) for _ in codes])
    answers.open_all(at_once=True)
    for a_round in (office, team):
        changes.close_round(a_round)
    released = results.release_office(cast.office, _quarter())
    assert {outcome.round for outcome in released if outcome.release} == {office, team}, released
    return {"released": office.pk, "team": team.pk}


def _hand_in(dispatch: Any, codes: list[Any], given: list[dict[str, str]]) -> None:
    from tests.cast import hand_in

    for code, answers in zip(codes, given, strict=True):
        hand_in(dispatch, code, answers)


def _answer(rng: random.Random) -> dict[str, Any]:
    faces = {key: str(rng.choices(range(1, 6), (1, 2, 3, 5, 4))[0]) for key in ("heard", "safe", "fair", "helped")}
    age = rng.choice(["age_12_13", "age_14_15", "age_16_17"])
    return {"informed": rng.choice(["yes", "yes", "no"]), "background": age, **faces}


def _texts(cast: Any) -> None:
    """Texts for the reader, one already at triage."""
    from gehoor.answers import changes as answers
    from gehoor.reading import changes as reading
    from gehoor.reading import queries

    given = [{"heard": "4", "better": words} for words in (*WORDS, *DANGER)] + [
        {"heard": "5", "good": words} for words in WORDS
    ]
    _hand_in(*cast.codes(cast.round(name="Met woorden"), len(given)), given)
    answers.open_all(at_once=True)
    urgent = next(text for text in queries.queue(cast.office) if queries.is_urgent(text))
    reading.pass_to_triage(cast.rosa, urgent.pk)


def _quarter() -> str:
    from gehoor.base import clock

    return clock.quarter(clock.today())


if __name__ == "__main__":
    main()
