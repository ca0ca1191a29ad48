"""Staff ask for figures, the worker makes them: once, whoever asks and whatever breaks."""

import datetime as dt
from typing import Any

import pytest
from django.db import OperationalError
from tests.cast import Cast
from tests.results.figures import faces, hear, now

from gehoor.answers import queries as answers
from gehoor.base import clock
from gehoor.base.errors import NotAllowed
from gehoor.offices.models import Entry, Member
from gehoor.privacy import changes as privacy
from gehoor.project.command import main
from gehoor.results import changes, queries
from gehoor.results.models import AskedRelease, Release, State
from gehoor.rounds.models import Round

pytestmark = pytest.mark.django_db

MANY = {"1": 20, "5": 30}


@pytest.fixture
def heard(cast: Cast) -> Round:
    """A round of which enough was heard."""
    a_round = cast.round()
    hear(a_round, faces(MANY))
    return a_round


def state() -> str:
    """What became of the newest asking."""
    newest = AskedRelease.objects.first()
    assert newest
    return newest.state


def verbs() -> list[str]:
    """The journal about releases, oldest first."""
    return list(Entry.objects.filter(verb__contains="release").order_by("pk").values_list("verb", flat=True))


def test_asking_writes_and_makes_nothing_until_the_worker_comes(cast: Cast, heard: Round) -> None:
    changes.ask_release(heard, now(), by=cast.quinten)
    before = (state(), Release.objects.count())

    changes.release_asked()

    [release] = Release.objects.all()
    assert before == (State.WAITING, 0)
    assert (state(), AskedRelease.objects.get().release) == (State.RELEASED, release)
    assert verbs() == ["release_asked", "released"]
    assert set(Entry.objects.filter(verb__contains="release").values_list("account__name", flat=True)) == {"Quinten"}


def test_pressing_twice_asks_once(cast: Cast, heard: Round) -> None:
    first, second = (changes.ask_release(heard, now(), by=cast.quinten) for _press in range(2))

    changes.release_asked()
    changes.release_asked()

    assert first == second
    assert (AskedRelease.objects.count(), Release.objects.count()) == (1, 1)
    assert verbs() == ["release_asked", "released"]


def test_only_the_adviser_can_ask(cast: Cast, heard: Round) -> None:
    with pytest.raises(NotAllowed):
        changes.ask_release(heard, now(), by=cast.rosa)

    assert AskedRelease.objects.count() == 0


def test_who_may_no_longer_release_is_refused_by_the_worker_too(cast: Cast, heard: Round) -> None:
    changes.ask_release(heard, now(), by=cast.quinten)
    Member.objects.filter(pk=cast.quinten.pk).update(roles=["reader"])

    changes.release_asked()

    assert (state(), Release.objects.count()) == (State.NOT_ALLOWED, 0)


def test_nothing_new_is_said(cast: Cast, heard: Round) -> None:
    changes.release_round(heard, now())
    changes.ask_release(heard, now(), by=cast.quinten)

    changes.release_asked()

    assert (state(), Release.objects.count()) == (State.NOTHING_NEW, 1)


def test_an_asking_that_fails_is_kept_and_can_be_asked_again_and_the_others_go_on(
    cast: Cast, heard: Round, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = cast.round(name="De andere")
    hear(other, faces(MANY))
    tallies = answers.tallies

    def failing(a_round: Round, period: str) -> Any:
        if a_round == heard:
            raise OperationalError("somebody's own words")
        return tallies(a_round, period)

    for a_round in (heard, other):
        changes.ask_release(a_round, now(), by=cast.quinten)
    with monkeypatch.context() as broken:
        broken.setattr(answers, "tallies", failing)
        changes.release_asked()
    failed = [queries.asking_of(one, now()).state for one in (heard, other)]  # type: ignore[union-attr]
    changes.release_asked()
    alone = Release.objects.count()
    changes.ask_release(heard, now(), by=cast.quinten)
    changes.release_asked()

    assert failed == [State.FAILED, State.RELEASED]
    assert (alone, state()) == (1, State.RELEASED)


def test_the_log_of_a_failure_holds_its_kind_and_no_words(
    cast: Cast, heard: Round, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def failing(*_what: Any) -> Any:
        raise ValueError("Iemands eigen woorden")

    monkeypatch.setattr(answers, "tallies", failing)
    changes.ask_release(heard, now(), by=cast.quinten)

    changes.release_asked()

    assert "ValueError" in caplog.text
    assert "woorden" not in caplog.text


class Killed(BaseException):
    """The machine stops here."""


def killed(*_what: Any, **_more: Any) -> Any:
    raise Killed


def test_an_asking_that_kills_its_worker_each_time_is_given_up(
    cast: Cast, heard: Round, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Otherwise a round that needs more memory than there is would stop the worker for ever."""
    monkeypatch.setattr(answers, "tallies", killed)
    changes.ask_release(heard, now(), by=cast.quinten)
    for _life in range(changes.MOST_ATTEMPTS):
        changes.let_go()
        with pytest.raises(Killed):
            changes.release_asked()
    assert state() == State.WAITING

    changes.let_go()
    changes.release_asked()

    assert state() == State.FAILED


def test_what_one_worker_began_another_leaves_alone_until_it_must_be_gone(
    cast: Cast, heard: Round, monkeypatch: pytest.MonkeyPatch
) -> None:
    changes.ask_release(heard, now(), by=cast.quinten)
    with monkeypatch.context() as killer:
        killer.setattr(answers, "tallies", killed)
        with pytest.raises(Killed):
            changes.release_asked()

    changes.release_asked()
    left_alone = state()
    AskedRelease.objects.update(begun_at=clock.now() - changes.LONGEST_RELEASE - dt.timedelta(seconds=1))
    changes.release_asked()

    assert (left_alone, state()) == (State.WAITING, State.RELEASED)


def test_a_worker_that_starts_goes_on_at_once_with_what_the_last_one_began(
    cast: Cast, heard: Round, monkeypatch: pytest.MonkeyPatch
) -> None:
    changes.ask_release(heard, now(), by=cast.quinten)
    with monkeypatch.context() as killer:
        killer.setattr(answers, "tallies", killed)
        with pytest.raises(Killed):
            changes.release_asked()

    assert main(["worker", "--once"]) == 0

    assert (state(), Release.objects.count()) == (State.RELEASED, 1)


def test_check_names_an_office_whose_figures_nobody_makes(
    cast: Cast, heard: Round, capsys: pytest.CaptureFixture[str]
) -> None:
    changes.ask_release(heard, now(), by=cast.quinten)
    main(["check"])
    fresh = capsys.readouterr().out
    AskedRelease.objects.update(asked_at=clock.now() - dt.timedelta(minutes=2))

    main(["check"])

    assert "gehoor worker" not in fresh
    assert "voorbeeld asked for wait to be made (1). Does `gehoor worker` run?" in capsys.readouterr().out


def test_askings_that_were_dealt_with_go_after_thirty_days_and_waiting_ones_stay(cast: Cast, heard: Round) -> None:
    other = cast.round(name="De andere")
    changes.ask_release(heard, now(), by=cast.quinten)
    changes.release_asked()
    changes.ask_release(other, now(), by=cast.quinten)

    early = privacy.retain(clock.today() + dt.timedelta(30))["askings"]
    late = privacy.retain(clock.today() + dt.timedelta(31))["askings"]

    assert (early, late) == (0, 1)
    assert AskedRelease.objects.get().round == other
    assert Release.objects.count() == 1
