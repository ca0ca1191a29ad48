"""A call list: what may stand in it, who is called next, and that two callers never ring the same person."""

import datetime as dt
from typing import Any

import pytest
from tests.cast import Cast
from tests.interviews.talks import people, series

from gehoor.base import clock
from gehoor.base.errors import BadInput
from gehoor.interviews import calls, changes, queries, rules, safe
from gehoor.interviews.calls import Person
from gehoor.interviews.models import Contact, DealtWith, Tally
from gehoor.offices import changes as offices
from gehoor.offices.models import Member, Role

# --- reading --------------------------------------------------------------------------------------------------------


def test_a_pasted_list_is_read_in_order() -> None:
    assert calls.read("Amira,06-12 34 56 78,ar,jongere,na school\n\nVader van A;x,+31 612345679") == [
        Person("Amira", "0612345678", "ar", "youth", "na school"),
        Person("Vader van A;x", "0612345679"),
    ]


def test_headings_may_stand_in_any_order_and_language() -> None:
    assert calls.read("telefoonnummer;naam\n0612345678;Amira") == [Person("Amira", "0612345678")]


def test_one_number_is_one_person_however_it_is_written() -> None:
    assert len(calls.read("A,0612345678\nB,+31612345678\nC,0031 6 1234 5678\nD,٠٦١٢٣٤٥٦٧٨")) == 1


@pytest.mark.parametrize(
    "text",
    [
        "", "naam,nummer,zaak\nAmira,0612345678,2026-1", "naam,nummer,bsn\nA,0612345678,1", "naam,nummer,school\nA,0612345678,x",
        "naam\nAmira", "Amira,12345", "Amira,geen nummer\nB,0612345678", "A,0612345678,xx", "A,0612345678,nl,tante",
        "A,0612345678,nl,ouder,zaak 2026-0123", "A,0612345678,nl,ouder,dossier 84213", "A,0612345678,nl,ouder," + "x" * 81,
        ",0612345678", "A,0612345678,nl,ouder,x,y",
    ],
)  # fmt: skip
def test_anything_else_is_refused_without_repeating_it(text: str) -> None:
    with pytest.raises(BadInput) as caught:
        calls.read(text)

    assert "0612345678" not in str(caught.value)
    assert "84213" not in str(caught.value)


@pytest.mark.parametrize(
    ("heading", "named"), [("naam,nummer,taal,Wie\n", "Wie"), ("naam,nummer,taal,stem\n", "stem"), ("", "who")]
)
def test_a_fault_names_the_column_as_the_list_does(heading: str, named: str) -> None:
    with pytest.raises(BadInput, match=f"“{named}”") as caught:
        calls.read(f"{heading}A,0612345678,nl,tante")

    assert "tante" not in str(caught.value)


def test_a_box_says_nothing_of_who_is_in_it() -> None:
    assert (
        len({len(person.packed()) for person in (Person("A", "1" * 9), Person("Anna-Maria de Vries", "06123456789"))})
        == 1
    )


# --- calling --------------------------------------------------------------------------------------------------------


def second_caller(cast: Cast) -> Member:
    return offices.add_member(
        cast.office, email="sara@voorbeeld.nl", name="Sara", roles=[Role.QUALITY_ADVISER], team="", password="x" * 20
    )


def ring(cast: Cast, meeting: Any, ended: str, **more: Any) -> str:
    """One call of Quinten; the number that was called."""
    in_hand = changes.take_next(meeting, by=cast.quinten)
    assert in_hand
    changes.end_call(in_hand.contact, ended, by=cast.quinten, **more)
    return in_hand.person.number


def later(monkeypatch: pytest.MonkeyPatch, **much: int) -> None:
    """The clock goes on."""
    moment = clock.now() + dt.timedelta(**much)
    monkeypatch.setattr(clock, "now", lambda: moment)


@pytest.mark.django_db
def test_whoever_was_tried_least_is_next(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    meeting = series(cast.office)
    changes.add_contacts(meeting, people(3), by=cast.quinten)

    rounds = []
    for _round in range(2):
        rounds.append({ring(cast, meeting, "no_answer") for _each in range(3)})
        later(monkeypatch, hours=3)

    assert [len(numbers) for numbers in rounds] == [3, 3]
    in_hand = changes.take_next(meeting, by=cast.quinten)
    assert in_hand
    assert in_hand.tries == ["No answer", "No answer"]


@pytest.mark.django_db
def test_after_six_tries_nobody_is_called_again(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    meeting = series(cast.office)
    changes.add_contacts(meeting, people(1))

    for _try in range(6):
        ring(cast, meeting, "no_answer")
        later(monkeypatch, hours=3)

    assert changes.take_next(meeting, by=cast.quinten) is None
    assert Contact.objects.count() == 0
    assert queries.ends_of(meeting) == [("Not reached", 1)]


@pytest.mark.django_db
def test_an_agreed_hour_comes_first_and_not_before(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    meeting = series(cast.office)
    changes.add_contacts(meeting, people(3))
    begin = clock.now()
    agreed = ring(cast, meeting, "call_back", again=begin + dt.timedelta(hours=2))

    others = {ring(cast, meeting, "busy") for _each in range(2)}
    assert agreed not in others
    monkeypatch.setattr(clock, "now", lambda: begin + dt.timedelta(hours=2, minutes=1))
    assert ring(cast, meeting, "no_answer") == agreed


@pytest.mark.django_db
@pytest.mark.parametrize("ended", ["no_answer", "busy"])
def test_two_callers_who_take_turns_do_not_call_somebody_again_at_once(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, ended: str
) -> None:
    meeting, sara = series(cast.office), second_caller(cast)
    changes.add_contacts(meeting, people(1))
    begin = clock.now()
    ring(cast, meeting, ended)

    for caller in (sara, cast.quinten):
        assert changes.take_next(meeting, by=caller) is None
    moment = queries.next_moment(meeting, clock.now())
    assert moment
    assert moment >= begin + rules.REST
    assert Contact.objects.get().tries == 1

    monkeypatch.setattr(clock, "now", lambda: begin + rules.REST - dt.timedelta(minutes=1))
    assert changes.take_next(meeting, by=sara) is None
    monkeypatch.setattr(clock, "now", lambda: moment)
    assert changes.take_next(meeting, by=sara)


@pytest.mark.django_db
def test_somebody_whose_list_is_a_moment_old_does_not_get_who_was_just_tried(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    meeting, sara = series(cast.office), second_caller(cast)
    changes.add_contacts(meeting, people(1))
    seen = list(queries.to_call(meeting, clock.now()))
    ring(cast, meeting, "no_answer")
    monkeypatch.setattr(queries, "to_call", lambda _meeting, _now: seen)

    assert changes.take_next(meeting, by=sara) is None


@pytest.mark.django_db
def test_the_register_keeps_whole_hours_only(cast: Cast) -> None:
    meeting = series(cast.office)
    changes.add_contacts(meeting, people(1))
    ring(cast, meeting, "busy")

    moment = Contact.objects.get().rests_until
    assert moment
    assert (moment.minute, moment.second, moment.microsecond) == (0, 0, 0)
    assert rules.next_try(moment) == moment + rules.REST  # no hour more than needed


@pytest.mark.django_db
def test_an_hour_that_was_chosen_goes_before_the_pause(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    meeting = series(cast.office)
    changes.add_contacts(meeting, people(1))
    ring(cast, meeting, "no_answer")
    later(monkeypatch, hours=3)
    soon = clock.now() + dt.timedelta(minutes=30)
    ring(cast, meeting, "call_back", again=soon)

    assert queries.next_moment(meeting, clock.now()) == soon
    later(monkeypatch, minutes=31)
    assert changes.take_next(meeting, by=cast.quinten)


@pytest.mark.django_db
@pytest.mark.parametrize("again", [None, dt.timedelta(hours=-1)])
def test_calling_back_needs_an_hour_to_come(cast: Cast, again: dt.timedelta | None) -> None:
    meeting = series(cast.office)
    changes.add_contacts(meeting, people(1))

    with pytest.raises(BadInput):
        ring(cast, meeting, "call_back", again=again and clock.now() + again)

    assert Contact.objects.get().tries == 0


@pytest.mark.django_db
def test_two_callers_never_have_the_same_person(cast: Cast) -> None:
    meeting, sara = series(cast.office), second_caller(cast)
    changes.add_contacts(meeting, people(2))

    mine, hers = (changes.take_next(meeting, by=caller) for caller in (cast.quinten, sara))

    assert mine
    assert hers
    assert mine.person != hers.person
    assert changes.take_next(meeting, by=cast.quinten) == mine  # loading the page again changes nothing
    with pytest.raises(BadInput):
        changes.end_call(hers.contact, "refused", by=cast.quinten)


@pytest.mark.django_db
def test_whoever_is_a_moment_later_gets_the_next_one(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both pages saw the same list; only one of them can take its first person."""
    meeting, sara = series(cast.office), second_caller(cast)
    changes.add_contacts(meeting, people(2))
    seen = list(queries.to_call(meeting, clock.now()))
    monkeypatch.setattr(queries, "to_call", lambda _meeting, _now: seen)

    mine, hers = (changes.take_next(meeting, by=caller) for caller in (cast.quinten, sara))

    assert mine
    assert hers
    assert [mine.contact, hers.contact] == seen


@pytest.mark.django_db
def test_a_caller_who_went_home_lets_go_after_twenty_minutes(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    meeting, sara = series(cast.office), second_caller(cast)
    changes.add_contacts(meeting, people(1))
    mine = changes.take_next(meeting, by=cast.quinten)
    assert mine
    assert changes.take_next(meeting, by=sara) is None

    begin = clock.now()
    monkeypatch.setattr(clock, "now", lambda: begin + dt.timedelta(minutes=21))
    hers = changes.take_next(meeting, by=sara)

    assert hers
    assert hers.person == mine.person
    mine.contact.refresh_from_db()
    with pytest.raises(BadInput):
        changes.end_call(mine.contact, "refused", by=cast.quinten)


@pytest.mark.django_db
@pytest.mark.parametrize("ended", ["spoke", "refused", "wrong", "no_language"])
def test_an_end_takes_the_person_off_the_list_for_good(cast: Cast, ended: str) -> None:
    meeting = series(cast.office)
    changes.add_contacts(meeting, people(1))
    ring(cast, meeting, ended)

    assert changes.add_contacts(meeting, people(1)) == (0, 1)  # a second list does not bring them back
    assert Contact.objects.count() == 0
    assert Tally.objects.get().number == 1


@pytest.mark.django_db
def test_a_list_that_is_thrown_away_takes_its_key_along(cast: Cast) -> None:
    meeting = series(cast.office)
    changes.add_contacts(meeting, people(3))
    ring(cast, meeting, "refused")

    changes.drop_contacts(meeting, by=cast.quinten)

    assert (Contact.objects.count(), DealtWith.objects.count(), safe.key_names()) == (0, 0, [])
