"""Working small groups out of released figures: by subtracting, by waiting, by comparing screens, by weighing pages."""

import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pytest
from django.db import DatabaseError
from tests.attacks.house import House

from gehoor.answers import changes
from gehoor.answers import queries as answers
from gehoor.base import clock
from gehoor.disclosure import auditor, policy
from gehoor.disclosure.tables import PublicTable
from gehoor.offices import changes as offices
from gehoor.results import changes as results
from gehoor.results import exports, queries
from gehoor.results.models import Basis, ReleasedTable
from gehoor.rounds.models import Round

Answers = Mapping[str, str]
Sizes = dict[tuple[str, str | None, int, str], int]
PERIOD = clock.quarter(clock.today())
SMALLEST = 10


def town(*groups: tuple[int, str, str]) -> list[Answers]:
    """So many people of an age who say something: (how many, age, how they felt heard)."""
    return [{"background": age, "heard": heard, "safe": heard} for size, age, heard in groups for _ in range(size)]


# Two ages that may be shown and two of which each answer was given by fewer than ten.
SMALL_GROUPS = town(
    (20, "age_12_13", "5"), (15, "age_12_13", "3"), (20, "age_14_15", "5"), (15, "age_14_15", "3"),
    (6, "age_16_17", "5"), (5, "age_16_17", "3"), (6, "age_18_up", "5"), (6, "age_18_up", "3"),
)  # fmt: skip


def hear(house: House, a_round: Round, given: Sequence[Answers]) -> None:
    """Everybody answers, and the envelopes are opened."""
    for person, answer in zip(house.people(a_round, len(given)), given, strict=True):
        house.hand_in(person, answer)
    changes.open_all(at_once=True)


def release(a_round: Round) -> bool:
    """Was anything released?"""
    outcome = results.release_round(a_round, PERIOD)
    assert outcome.findings == 0
    return outcome.release is not None


def sizes_of(a_round: Round) -> Sizes:
    """The exact size of every released group, which an attacker may know from elsewhere (a list of invitations, say)."""
    kept = Basis.objects.filter(round_id=a_round.pk, period=PERIOD).latest("number")
    return {place: size for basis in kept.counts for place, size in results.ExactBasis.from_json(basis).sizes().items()}


# --- UA-15 to UA-18: subtracting ----------------------------------------------------------------------------------


def small_remainders(
    tables: Iterable[PublicTable], sizes: Mapping[tuple[str, str | None, int, str], int]
) -> list[tuple[Any, ...]]:
    """An attacker of our own, who does not know how the auditor works: subtract what is shown from the total, and old from new.

    Whoever is left over, or came in between, must be nobody or ten or more.
    """
    found: list[tuple[Any, ...]] = []
    tables = list(tables)
    totals = {
        (table.question, table.wave): sizes[table.question, None, table.wave, "all"]
        for table in tables
        if table.dimension is None
    }
    for table in tables:
        shown = [group.name for group in table.groups if group.reason is None]
        of = {name: sizes[table.question, table.dimension, table.wave, name] for name in shown}
        if table.dimension is not None:
            left = totals[table.question, table.wave] - sum(of.values())
            found += [("remainder", table.question, table.dimension, left)] if 0 < left < SMALLEST else []
        found += [("group", table.question, name, size) for name, size in of.items() if 0 < size < SMALLEST]
        for later in tables:
            if (later.question, later.dimension) != (table.question, table.dimension) or later.wave <= table.wave:
                continue
            both = {group.name for group in later.groups if group.reason is None} & set(of)
            gains = {name: sizes[later.question, later.dimension, later.wave, name] - of[name] for name in both}
            found += [("gain", table.question, name, gain) for name, gain in gains.items() if 0 < gain < SMALLEST]
    return found


def test_nobody_is_left_over_in_released_tables_old_and_new_together(house: House) -> None:
    """UA-15, UA-16, UA-17: two releases of a town with small groups, with few and then many new answers in between."""
    a_round = house.cast.round()
    hear(house, a_round, SMALL_GROUPS)
    assert release(a_round)
    hear(house, a_round, town((3, "age_12_13", "1")))
    assert not release(a_round)
    hear(house, a_round, town((11, "age_12_13", "5"), (12, "age_14_15", "3")))
    assert release(a_round)

    tables = queries.all_tables(a_round, PERIOD)
    sizes = sizes_of(a_round)

    assert {table.wave for table in tables if table.question == "heard"} == {1, 2}
    assert any(table.dimension == "background" for table in tables)
    assert small_remainders(tables, sizes) == []
    audit = auditor.audit(tables, policy.load(), sizes=sizes)
    assert audit.targets > 0
    assert audit.passed


def naive_tables(given: Sequence[Answers], wave: int) -> tuple[list[PublicTable], Sizes]:
    """What a tool with a threshold only shows: every group of ten or more, and the total."""
    made, sizes = [], Sizes()
    for dimension in (None, "background"):
        groups = Counter("all" if dimension is None else answer[dimension] for answer in given)
        heads, rows = [], []
        for name, size in sorted(groups.items()):
            mine = Counter(answer["heard"] for answer in given if dimension is None or answer[dimension] == name)
            small = size < SMALLEST
            heads.append({"name": name, "reason": "protected"} if small else {"name": name, "n": [size, size]})
            rows.append([{"reason": "protected"} if small else _share(mine[option], size) for option in "12345"])
            sizes["heard", dimension, wave, name] = size
        made.append(
            PublicTable.from_json(
                {
                    "question": "heard",
                    "dimension": dimension,
                    "wave": wave,
                    "sensitive": False,
                    "options": list("12345"),
                    "groups": heads,
                    "cells": rows,
                }
            )
        )
    return made, sizes


def _share(count: int, size: int) -> dict[str, Any]:
    share = round(100 * count / size)
    return {"share": share} if 0 < share < 100 else {"word": "almost_nobody" if share == 0 else "almost_everybody"}


def test_tables_with_a_threshold_only_leave_a_small_group_over(house: House) -> None:
    """UA-15, UA-16, the twin: one hidden group is the total minus the rest; three new answers are new minus old."""
    first = town((14, "age_12_13", "5"), (12, "age_14_15", "3"), (4, "age_18_up", "1"))
    second = [*first, *town((3, "age_12_13", "1"))]
    (one, sizes), (two, more) = naive_tables(first, 1), naive_tables(second, 2)

    found = small_remainders([*one, *two], {**sizes, **more})

    assert {(kind, size) for kind, _question, _name, size in found} >= {("remainder", 4), ("gain", 3)}
    assert not auditor.audit([*one, *two], policy.load(), sizes={**sizes, **more}).passed


def test_the_screens_of_all_roles_together_leave_nobody_over(house: House) -> None:
    """UA-18 and UA-17: adviser, policy, privacy, team lead and officer lay their screens side by side; team and office rounds."""
    cast = house.cast
    for name in ("Jan", "Piet"):
        offices.add_member(cast.office, email=f"{name}@voorbeeld.nl", name=name, roles=["officer"], team="Noord")
    team_round, office_round = cast.round(team=cast.lotte.team, name="team"), cast.round(name="kantoor")
    hear(house, office_round, SMALL_GROUPS)
    hear(house, team_round, SMALL_GROUPS)
    assert release(team_round)
    assert release(office_round)
    seen: dict[int, list[PublicTable]] = {}
    for member in cast.everybody().values():
        for a_round in queries.visible_rounds(member):
            tables = seen.setdefault(a_round.pk, [])
            tables += [table for table in queries.figures_for(member, a_round.pk, PERIOD).tables if table not in tables]

    assert set(seen) == {team_round.pk, office_round.pk}
    for a_round in (team_round, office_round):
        assert small_remainders(seen[a_round.pk], sizes_of(a_round)) == []
        assert seen[a_round.pk] == queries.newest_tables(a_round, PERIOD)  # no role sees another version of a figure


def test_a_threshold_for_each_role_leaves_a_small_group_over(house: House) -> None:
    """UA-18, the twin: one role sees from ten, another from five."""
    given = town((14, "age_12_13", "5"), (12, "age_14_15", "3"), (6, "age_18_up", "1"))
    tables, sizes = naive_tables(given, 1)

    assert ("remainder", "heard", "background", 6) in small_remainders(tables, sizes)


# --- UA-19, UA-20, UA-21: what pages and files give away -----------------------------------------------------------

# Two towns that differ only in what must stay hidden: who said 1 and who said 2, and how the small ages are divided.
ONE_TOWN = town((14, "age_12_13", "5"), (14, "age_14_15", "4"), (6, "age_16_17", "1"), (8, "age_18_up", "2"))
OTHER_TOWN = town((14, "age_12_13", "5"), (14, "age_14_15", "4"), (8, "age_16_17", "1"), (6, "age_18_up", "2"))


def anonymous(text: str, a_round: Round) -> str:
    """A page without what differs between any two pages: the number of the round and the tokens of the form."""
    text = re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", text)
    text = re.sub(r'nonce="[^"]+"|"X-CSRFToken": ?"[^"]+"', "", text)
    text = re.sub(r"(?<=/kantoor/zien/)\d+", "N", text)
    return re.sub(rf"(?<=\"round\": ){a_round.pk}\b|(?<=gehoor-){a_round.pk}\b", "N", text)


def shown(house: House, a_round: Round) -> dict[str, tuple[int, str, dict[str, str]]]:
    """Every text that the released figures of a round are shown in, with its headers."""
    browser = house.cast.browser(house.cast.quinten)
    found = {}
    for name in ("", "cijfers/csv/", "cijfers/json/"):
        response = browser.get(f"/kantoor/zien/{a_round.pk}/{PERIOD}/{name}")
        headers = {
            key: anonymous(value, a_round)
            for key, value in response.headers.items()
            if key not in {"Set-Cookie", "Date"}
        }
        headers["Content-Security-Policy"] = re.sub(r"'nonce-[^']+'", "", headers.get("Content-Security-Policy", ""))
        found[name] = (response.status_code, anonymous(response.content.decode(), a_round), headers)
    return found


def test_two_towns_that_differ_in_what_is_hidden_look_the_same_to_the_byte(house: House) -> None:
    """UA-19 and UA-21: page, charts, labels, JSON and CSV, and the headers: nothing in them depends on a hidden count."""
    one, other = house.cast.round(), house.cast.round()
    hear(house, one, ONE_TOWN)
    hear(house, other, OTHER_TOWN)
    assert release(one)
    assert release(other)
    exact = [answers.tallies(a_round, PERIOD)[1].tables["background"] for a_round in (one, other)]
    assert exact[0] != exact[1]  # there is something to hide

    first, second = shown(house, one), shown(house, other)

    assert {status for status, _text, _headers in first.values()} == {200}
    assert "heard" in first["cijfers/csv/"][1]
    assert first == second
    assert not {"ETag", "Last-Modified", "Expires"} & set(first[""][2])


def test_two_towns_are_told_apart_by_naive_files() -> None:
    """UA-19, the twin: hidden from the screen, and still in the JSON behind the chart."""
    naive = [
        json.dumps({"cells": Counter(answer["background"] for answer in given), "show_from": 10})
        for given in (ONE_TOWN, OTHER_TOWN)
    ]

    assert naive[0] != naive[1]


def test_one_more_answer_changes_nothing_that_anybody_sees(house: House) -> None:
    """UA-20: before, with a sealed envelope, opened, and after pressing "release"."""
    a_round = house.cast.round()
    hear(house, a_round, SMALL_GROUPS)
    assert release(a_round)
    [person] = house.people(a_round, 1)
    before = shown(house, a_round)

    house.hand_in(person, {"heard": "1", "background": "age_18_up"})
    sealed = shown(house, a_round)
    changes.open_all(at_once=True)
    opened = shown(house, a_round)
    assert not release(a_round)
    pressed = shown(house, a_round)

    assert before[""][0] == 200
    assert before == sealed == opened == pressed


def test_a_live_dashboard_shows_one_answer_come_in(house: House) -> None:
    """UA-20, the twin: counts as they stand now."""
    a_round = house.cast.round()
    hear(house, a_round, SMALL_GROUPS)

    def naive_dashboard() -> str:
        return str(sorted(answers.tallies(a_round, PERIOD)[1].tables[None].items()))

    before = naive_dashboard()
    hear(house, a_round, town((1, "age_18_up", "1")))

    assert naive_dashboard() != before


def test_what_was_released_cannot_be_written_again(house: House) -> None:
    """UA-16: a release never changes, not even by the database owner's SQL."""
    a_round = house.cast.round()
    hear(house, a_round, SMALL_GROUPS)
    release(a_round)
    attempts: list[Any] = [
        lambda: ReleasedTable.objects.update(place=99),
        lambda: house.run("default", "DELETE FROM results_releasedtable"),
        lambda: house.run("default", "UPDATE results_release SET blocked = NOT blocked"),
    ]

    for attempt in attempts:
        with pytest.raises(DatabaseError, match="never change"):
            attempt()


def test_the_hidden_part_of_a_renewed_release_is_not_in_what_the_office_stores(house: House) -> None:
    """UA-19: the stored tables hold no closed value in any form; exact counts lie in the vault only."""
    a_round = house.cast.round()
    hear(house, a_round, SMALL_GROUPS)
    release(a_round)

    stored = list(ReleasedTable.objects.values_list("table", flat=True))

    assert stored
    for table in stored:
        for group, row in zip(table["groups"], table["cells"], strict=True):
            assert set(group) in ({"name", "n"}, {"name", "reason"})
            assert all(len(cell) == 1 for cell in row)
            assert all(set(cell) <= {"reason"} for cell in row) or "n" in group


# --- UA-30: everybody says the same -------------------------------------------------------------------------------


def test_when_all_twelve_say_that_it_is_unsafe_words_stand_for_the_number(house: House) -> None:
    """UA-30: group disclosure on a sensitive question."""
    a_round = house.cast.round()
    hear(house, a_round, town((12, "age_14_15", "1")))

    assert release(a_round)

    safe = queries.figures(a_round, queries.newest_of(a_round)[0]).of("safe")
    assert safe is not None
    assert safe.sensitive
    assert safe.cell("all", "1").share is None
    assert safe.cell("all", "1").word is not None
    text = exports.as_json(queries.figures(a_round, queries.newest_of(a_round)[0]))
    cells = [cell for cell in json.loads(text)["cells"] if cell["question"] == "safe"]
    assert all(cell["share"] is None for cell in cells)
    assert not re.search(r"\b(12|100)\b", json.dumps(cells))


def test_a_naive_table_counts_them_all(house: House) -> None:
    """UA-30, the twin."""
    a_round = house.cast.round()
    hear(house, a_round, town((12, "age_14_15", "1")))

    assert answers.tallies(a_round, PERIOD)[2].tables[None]["all", "1"] == 12
