"""Figures in plain words."""

import pytest
from django.utils import translation
from django.utils.translation import pgettext

from gehoor.base import clock
from gehoor.disclosure import policy
from gehoor.disclosure.suppress import suppress
from gehoor.disclosure.tables import PublicTable, Table
from gehoor.results import sentences, words
from gehoor.results.sentences import Share

POLICY = policy.load()


def total(**counts: int) -> PublicTable:
    table = Table("heard", tuple(counts), None, ("all",), {("all", option): count for option, count in counts.items()})
    return suppress([table], POLICY)[0]


def test_two_answers_together_carry_a_wider_interval() -> None:
    table = total(low=20, middle=20, high=20)

    one, two = sentences.share_of(table, ["high"], POLICY), sentences.share_of(table, ["middle", "high"], POLICY)

    assert one is not None
    assert two is not None
    assert (one.share, two.share) == (35, 70)
    assert two.low < 200 / 3 < two.high
    assert two.high - two.low > one.high - one.low - 5


def test_nothing_is_said_of_answers_that_are_not_shown() -> None:
    assert sentences.share_of(total(low=5, middle=7, high=40), ["low", "high"], POLICY) is None


@pytest.mark.parametrize(
    ("share", "said"),
    [
        (Share(70, 49, 86), "About 7 in 10 youths say: “yes” (between 5 and 9)."),
        (Share(65, 45, 80), "About 6 to 7 in 10 youths say: “yes” (between 5 and 8)."),
        (Share(5, 1, 20), "Fewer than 1 in 10 youths say: “yes” (at most 2)."),
        (Share(95, 76, 99), "More than 9 in 10 youths say: “yes” (at least 8)."),
    ],
)
def test_below_a_hundred_answers_the_sentence_speaks_in_tenths(share: Share, said: str) -> None:
    with translation.override("en"):
        assert sentences._sentence(share, total(yes=30, no=30).groups[0], "youths", "yes", POLICY) == said


@pytest.mark.parametrize(
    ("language", "share", "said"),
    [
        ("en", 10, "About 1 in 10 youths says"),
        ("en", 70, "About 7 in 10 youths say"),
        ("nl", 10, "Ongeveer 1 van de 10 jongeren zegt"),
        ("nl", 70, "Ongeveer 7 van de 10 jongeren zeggen"),
    ],
)
def test_one_says_and_seven_say(language: str, share: int, said: str) -> None:
    with translation.override(language):
        group = total(yes=30, no=30).groups[0]
        sentence = sentences._sentence(Share(share, 1, 99), group, words.voice("youth"), "x", POLICY)

    assert sentence.startswith(f"{said}: “x”")


@pytest.mark.parametrize(
    ("counts", "enough"),
    [
        ({"low": 4, "middle": 5, "high": 25, "very": 40}, True),
        ({"low": 18, "middle": 6, "high": 21, "very": 5}, False),
        ({"low": 20, "middle": 20, "high": 20}, True),
        ({"low": 15, "middle": 15, "skipped": 60}, True),
    ],
)
def test_where_most_is_hidden_nothing_stands_out(counts: dict[str, int], *, enough: bool) -> None:
    table = total(**counts)
    shown = [table.cell("all", option) for option in counts]

    assert sentences._shows_enough(table) is enough, shown


def test_the_mark_of_the_demo_is_one_word_everywhere(settings) -> None:
    settings.GEHOOR_FICTIONAL = True
    with translation.override("nl"):
        assert words.fictional() == pgettext("client", "Fictional example: nothing here is real.")
        assert words.fictional().startswith("Verzonnen voorbeeld")


def test_from_a_hundred_answers_it_speaks_in_per_cents() -> None:
    table = total(yes=80, no=40)
    share = sentences.share_of(table, ["yes"], POLICY)
    assert share is not None

    with translation.override("en"):
        said = sentences._sentence(share, table.groups[0], "youths", "yes", POLICY)

    assert said == f"About 67 % of youths say: “yes” (between {share.low} and {share.high} %)."


def test_a_quarter_is_read_as_people_say_it() -> None:
    with translation.override("en"):
        assert clock.quarter_in_words("2026-Q4") == "quarter 4 of 2026".replace(" ", "\N{NO-BREAK SPACE}")
