"""Nobody's browser gets a byte that its holder may not see: every page, poll and command answer, in every phase, for every role.

The streams themselves are scanned in test_live.
"""

import json
import re
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.test import Client
from tests.boards.room import new_key
from tests.boards.test_views import Sitting, sitting  # noqa: F401 -- the fixture

from gehoor.boards import queries
from gehoor.boards.models import Board, Event
from gehoor.boards.state import State

pytestmark = pytest.mark.django_db
MARKS = {
    "amira": "AMIRAS-WOORDEN",
    "karin": "KARINS-WOORDEN",
    "hidden": "KWETSENDE-WOORDEN",
    "back": "TERUGGENOMEN-WOORDEN",
}


@dataclass
class Table:
    """A youth, a parent and who leads, around a board with a word of each kind to hide."""

    sitting: Sitting
    people: dict[str, Client] = field(default_factory=dict)
    notes: dict[str, str] = field(default_factory=dict)

    def write(self, who: str, mark: str) -> None:
        self.notes[mark] = new_key()
        done = self.sitting.write(self.people[who], MARKS[mark], note=self.notes[mark])
        assert done.status_code == 302

    def bodies(self, who: str) -> str:
        """Everything that this person's browser can get, headers included."""
        client, address = self.people[who], self.sitting.address
        paths = [address, f"{address}?rustig=1&vak=0", *(f"{address}sinds/?na={n}" for n in (0, 1, 3, 10**6))]
        paths += [f"{address}notitie/{note}/" for note in self.notes.values()]
        guesses = [
            {"do": do, "key": new_key(), "note": note, **rest}
            for note in self.notes.values()
            for do, rest in (
                ("edit", {"kind": "idea", "text": "x", "version": 9}),
                ("revert", {"version": 9}),
                ("dot", {"slot": 99}),
            )
        ]
        answers = [client.get(path) for path in paths]
        answers.append(client.post(f"{address}doe/", json.dumps(guesses), content_type="application/json"))
        return "".join(f"{answer.headers}{answer.content.decode()}" for answer in answers)

    def state(self) -> State:
        return queries.known(Board.objects.get(meeting=self.sitting.meeting)).state


@pytest.fixture
def table(sitting: Sitting) -> Table:  # noqa: F811 -- as pytest wants it
    table = Table(sitting)
    table.people = {"amira": sitting.join("Zon"), "karin": sitting.join("Maan", "parent"), "lead": sitting.lead}
    table.write("amira", "amira")
    table.write("karin", "karin")
    table.write("amira", "hidden")
    table.write("karin", "back")
    take_back = {"do": "withdraw", "key": new_key(), "note": table.notes["back"], "on": "1"}
    assert table.people["karin"].post(sitting.address, take_back).status_code == 302
    return table


def _seen(table: Table) -> dict[str, set[str]]:
    return {who: {mark for mark, text in MARKS.items() if text in table.bodies(who)} for who in table.people}


@pytest.mark.parametrize(
    ("phase", "lead"),
    [("write", set()), ("check", {"amira", "karin", "hidden"}), ("reveal", {"amira", "karin", "hidden"})],
)
def test_before_notes_are_turned_each_sees_the_own_and_who_leads_checks(
    table: Table, phase: str, lead: set[str]
) -> None:
    table.sitting.phase(phase)

    assert _seen(table) == {"amira": {"amira", "hidden"}, "karin": {"karin", "back"}, "lead": lead}


@pytest.mark.parametrize("phase", ["group", "vote", "talk", "closed", "ended"])
def test_afterwards_what_was_hidden_or_taken_back_stays_with_its_writer(table: Table, phase: str) -> None:
    table.sitting.phase("check")
    table.sitting.lead_by("hide", note=table.notes["hidden"], on="1")
    table.sitting.phase("reveal")
    table.sitting.lead_by("hide", note=table.notes["hidden"], on="0")
    table.sitting.lead_by("reveal", frame=0)
    table.sitting.lead_by("hide", note=table.notes["hidden"], on="1")
    if phase == "ended":
        table.sitting.cast.browser(table.sitting.cast.quinten).post(
            f"/kantoor/bijeenkomsten/{table.sitting.meeting.pk}/einde/"
        )
        del table.people["lead"]  # that seat is gone
    else:
        table.sitting.phase(phase)

    seen = _seen(table)

    assert seen["amira"] == {"amira", "karin", "hidden"}
    assert seen["karin"] == {"amira", "karin"} | (set() if phase == "ended" else {"back"})
    assert seen.get("lead", {"amira", "karin", "hidden"}) == {"amira", "karin", "hidden"}


def test_no_body_holds_a_mark_an_author_or_anothers_digits(table: Table) -> None:
    table.sitting.phase("reveal")
    table.sitting.lead_by("reveal", frame=0)
    secrets: dict[str, Any] = {
        "owners": [note.owner for note in table.state().notes.values()],
        "digits": {who: client.cookies["gehoor-bord"].value for who, client in table.people.items()},
    }
    assert secrets["owners"][0] in json.dumps(list(Event.objects.values_list("said", flat=True)))  # it could leak

    for who in table.people:
        body = re.sub(r"[-\s]", "", table.bodies(who))
        assert not [owner for owner in secrets["owners"] if owner in body]
        assert not [other for other, digits in secrets["digits"].items() if digits in body and other != who]
        assert '"author"' not in body
        assert "may_quote" not in body
