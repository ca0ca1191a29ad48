"""What staff can see of who answered and of what somebody wrote: not who, not beside a score, not before it was read."""

import re
import uuid
from collections import Counter
from typing import Any

import pytest
from tests.attacks.house import House

from gehoor.answers import changes
from gehoor.answers import queries as answers
from gehoor.answers.models import OpenText, Submission
from gehoor.base.errors import NotAllowed, NotFound
from gehoor.reading import changes as reading
from gehoor.reading import queries as reading_room
from gehoor.results import changes as results
from gehoor.rounds.models import Code, Dispatch, Recipient

STORY = "Kanarie elf wacht op een lezer"


# --- UA-23: who answered ------------------------------------------------------------------------------------------


def test_no_screen_says_who_answered_or_how_many_under_ten(house: House) -> None:
    """UA-23: every page of the rounds, for everybody who may open it, with nine answers in."""
    cast = house.cast
    a_round = cast.round()
    people = house.people(a_round, 31)
    pages = [
        "/kantoor/",
        "/kantoor/vragen/",
        f"/kantoor/vragen/{a_round.pk}/",
        "/kantoor/zien/",
        f"/kantoor/zien/{a_round.pk}/",
    ]

    def seen() -> dict[tuple[str, str], str]:
        found = {}
        for name, member in cast.everybody().items():
            browser = cast.browser(member)
            for page in pages:
                response = browser.get(page)
                text = response.content.decode() if response.status_code == 200 else str(response.status_code)
                found[name, page] = re.sub(r'(csrfmiddlewaretoken" value|nonce)="[^"]+"', "", text)
        return found

    changes.prepare_batches()
    before = seen()
    house.all_answer(people[:8])
    after = seen()

    changed = {place for place in before if before[place] != after[place]}
    assert changed == set()
    assert any("200" not in text[:3] and len(text) > 500 for text in before.values())


def test_the_number_of_answers_is_known_in_tens_and_only_when_envelopes_are_opened(house: House) -> None:
    """UA-23."""
    a_round = house.cast.round()
    people = house.people(a_round, 40)
    bands = []
    for start in range(0, 24, 6):
        house.all_answer(people[start : start + 6])
        before = Dispatch.objects.get().answered_band
        changes.open_all()
        bands.append((before, Dispatch.objects.get().answered_band))

    assert bands == [(None, None), (None, 10), (10, 10), (10, 20)]


def test_the_register_does_not_change_when_somebody_answers(house: House) -> None:
    """UA-23: not a mark, not a version of the row, not an order."""
    a_round = house.cast.round()
    [person, *_] = people = house.people(a_round, 12)
    Recipient.objects.bulk_create(
        Recipient(dispatch=person.dispatch, address=f"{number}@voorbeeld.nl", sent=True) for number in range(12)
    )
    hidden = ", xmin::text, ctid::text" if house.vendor == "postgresql" else ", rowid"
    before = house.rows("default", f"SELECT *{hidden} FROM rounds_recipient")

    house.all_answer(people[:7])
    changes.open_all()

    assert house.rows("default", f"SELECT *{hidden} FROM rounds_recipient") == before
    assert Code.objects.count() == 5


def test_a_naive_register_says_who_answered(house: House) -> None:
    """UA-23, the twin: a column "completed" beside the address."""
    house.run("default", "CREATE TABLE naive_person (email text PRIMARY KEY, completed text DEFAULT 'N')")
    house.run("default", "INSERT INTO naive_person (email) VALUES ('amira@voorbeeld.nl'), ('daan@voorbeeld.nl')")
    house.run("default", "UPDATE naive_person SET completed = 'Y' WHERE email = 'amira@voorbeeld.nl'")

    assert house.rows("default", "SELECT email FROM naive_person WHERE completed = 'Y'") == [("amira@voorbeeld.nl",)]


# --- UA-24: words beside scores -----------------------------------------------------------------------------------


def joined_by_values(submissions: list[dict[str, Any]], texts: list[dict[str, Any]]) -> list[tuple[Any, Any]]:
    """Pairs that have the same values in every column that both tables have, when that points at one of each."""
    common = (set(submissions[0]) & set(texts[0])) - {"id"}

    def key(row: dict[str, Any]) -> tuple[Any, ...]:
        return tuple(row[name] for name in sorted(common))

    ones, others = Counter(map(key, submissions)), Counter((key(text), text["question"]) for text in texts)
    return [
        (submission["id"], text["id"]) for submission in submissions for text in texts
        if key(submission) == key(text) and ones[key(submission)] == 1 and others[key(text), text["question"]] == 1
    ]  # fmt: skip


def test_a_text_cannot_be_laid_beside_the_scores_of_its_writer(house: House) -> None:
    """UA-24: by any value that both tables hold; and a text holds no background, no day and no score at all."""
    people = house.people(house.cast.round(), 12)
    for number, person in enumerate(people):
        house.hand_in(person, {"heard": str(1 + number % 5), "background": "age_14_15", "good": f"{STORY} {number}"})
    changes.open_all()

    pairs = joined_by_values(list(Submission.objects.values()), list(OpenText.objects.values()))

    assert OpenText.objects.count() == 12
    assert pairs == []
    assert {field.name for field in OpenText._meta.get_fields()} == {
        "id",
        "office_id",
        "version_id",
        "question",
        "voice",
        "language",
        "period",
        "box",
    }


def test_a_rare_language_does_not_join_a_text_to_the_scores_of_its_writer(house: House) -> None:
    """UA-24: eleven answer in Dutch, one in Polish; the database owner looks for Polish in both tables."""
    people = house.people(house.cast.round(), 12)
    for number, person in enumerate(people):
        answer = {
            "heard": str(1 + number % 5),
            "background": "age_14_15",
            "good": f"{STORY} {number}",
            "better": "Minder brieven.",
        }
        house.hand_in(person, answer, language="pl" if number == 3 else "nl")
    changes.open_all()

    pairs = joined_by_values(list(Submission.objects.values()), list(OpenText.objects.values()))

    assert pairs == []


def test_a_naive_row_shows_score_age_and_words_side_by_side(house: House) -> None:
    """UA-24, the twin: a row for each person."""
    house.run("default", "CREATE TABLE naive_answer (id text, heard text, age text, words text)")
    house.rows("default", "INSERT INTO naive_answer VALUES ('x', '1', 'age_12_13', %s)", [STORY])

    assert house.rows("default", "SELECT age, heard FROM naive_answer WHERE words LIKE %s", ["Kanarie elf%"]) == [
        ("age_12_13", "1")
    ]


def test_approved_words_come_from_ten_and_in_an_order_that_says_nothing(house: House) -> None:
    """UA-24: nine texts stay closed; ten are shown, mixed, and without anything beside them."""
    cast = house.cast
    people = house.people(cast.round(), 10)
    for number, person in enumerate(people):
        house.hand_in(person, {"good": f"Verhaal {'abcdefghij'[number]}"})
    changes.open_all(at_once=True)

    def approved() -> list[str]:
        text = OpenText.objects.all()[0]
        place = {"question": "good", "period": text.period}
        return reading_room.approved_for(cast.office, version_pk=text.version_id, **place)

    queue = reading_room.queue(cast.office)
    for waiting in queue[:9]:
        reading.approve(cast.rosa, waiting.pk, words=reading_room.open_text(cast.rosa, waiting.pk).words)
    assert approved() == []
    reading.approve(cast.rosa, queue[9].pk, words="Verhaal k")

    orders = {tuple(approved()) for _ in range(5)}
    assert len(orders) > 1
    assert all(isinstance(words, str) for words in approved())


def test_the_language_that_somebody_chose_does_not_stand_beside_their_words(house: House) -> None:
    """UA-24: one of twelve read the page in Arabic and wrote Dutch, as the eleven others did."""
    cast = house.cast
    a_round = cast.round()
    people = house.people(a_round, 12)
    for number, person in enumerate(people):
        house.hand_in(person, {"heard": "4", "good": f"{STORY} {number}"}, language="ar" if number == 3 else "nl")
    changes.open_all(at_once=True)
    for waiting in reading_room.queue(cast.office):
        reading.approve(cast.rosa, waiting.pk, words=reading_room.open_text(cast.rosa, waiting.pk).words)
    period = OpenText.objects.all()[0].period
    assert results.release_round(a_round, period).release
    browser = cast.browser(cast.quinten)

    pages = [browser.get(f"/kantoor/{place}/{a_round.pk}/{period}/").content.decode() for place in ("zien", "doen")]

    words = [re.findall(r"<([a-z]+)([^>]*)>(?:" + STORY + ")", page) for page in pages]
    assert len(words[0]) == 12
    assert words[1]
    assert [len(set(around)) for around in words] == [1, 1]


def test_a_naive_quote_in_the_language_of_its_page_points_at_its_writer() -> None:
    """UA-24, the twin: each quote is marked with the language in which its writer read the questions."""
    quotes = [f'<bdi lang="{"ar" if number == 3 else "nl"}">{STORY} {number}</bdi>' for number in range(12)]

    marks = Counter(re.findall(r'lang="(\w+)"', "".join(quotes)))

    assert marks["ar"] == 1


# --- AT-40: raw words ---------------------------------------------------------------------------------------------


@pytest.fixture
def waiting_text(house: House) -> uuid.UUID:
    """A text that nobody has read."""
    house.all_answer(house.people(house.cast.round(), 5), {"good": STORY})
    changes.open_all()
    return OpenText.objects.all()[0].pk


def test_nobody_but_a_reader_opens_raw_words_by_any_address(house: House, waiting_text: uuid.UUID) -> None:
    """AT-40: by id, for every role and every address of the reading room; another office's reader neither."""
    cast = house.cast
    addresses = ["", "volgende/", f"tekst/{waiting_text}/", "triage/", f"triage/{waiting_text}/"]
    for name, member in cast.everybody().items():
        browser = cast.browser(member)
        for address in addresses:
            response = browser.get(f"/kantoor/lezen/{address}", follow=True)
            assert STORY not in response.content.decode() or name in {"rosa", "tariq"}, (name, address)
        pressed = browser.post(f"/kantoor/lezen/tekst/{waiting_text}/bekijk/", follow=True)
        assert (STORY in pressed.content.decode()) == (name in {"rosa", "tariq"}), name
        if name not in {"rosa", "tariq"}:
            assert pressed.status_code in {403, 404}, name


def test_nobody_but_a_reader_opens_raw_words_by_the_rooms_own_functions(house: House, waiting_text: uuid.UUID) -> None:
    """AT-40: the functions that every page and command goes through."""
    cast = house.cast
    for name, member in cast.everybody().items():
        if name in {"rosa", "tariq"}:
            assert reading_room.open_text(member, waiting_text).words == STORY
        else:
            with pytest.raises((NotAllowed, NotFound)):
                reading_room.open_text(member, waiting_text)


def test_no_export_or_search_of_an_officer_finds_raw_words(house: House, waiting_text: uuid.UUID) -> None:
    """AT-40: everything that an officer, a team lead, a policy adviser can open from the start page on."""
    cast = house.cast
    for member in (cast.bram, cast.lotte, cast.quinten, cast.petra):
        browser = cast.browser(member)
        todo, done = ["/kantoor/"], set()
        while todo and len(done) < 60:
            address = todo.pop()
            done.add(address)
            response = browser.get(address)
            text = response.content.decode("utf-8", "replace")
            assert STORY not in text, address
            todo += [
                link
                for link in re.findall(r'href="(/kantoor/[^"#]*)"', text)
                if link not in done and "uitloggen" not in link and "logout" not in link
            ]
        assert len(done) > 1


def test_a_naive_api_gives_a_row_by_its_number(house: House) -> None:
    """AT-40, the twin: an address with a number, and no question who asks."""
    house.run("default", "CREATE TABLE naive_answer (id int PRIMARY KEY, words text)")
    house.rows("default", "INSERT INTO naive_answer VALUES (1, %s)", [STORY])

    def naive_api(number: int) -> str:
        [(words,)] = house.rows("default", "SELECT words FROM naive_answer WHERE id = %s", [number])
        return str(words)

    assert naive_api(1) == STORY
    assert not answers.texts_of(house.cast.office.pk).exists()
