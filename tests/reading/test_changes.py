"""Approving, setting aside, passing on; and what is left afterwards."""

from typing import cast as typed

import pytest
from django.forms.models import model_to_dict
from tests.cast import Cast
from tests.reading.room import hear_text

from gehoor.answers import queries as answers
from gehoor.base.errors import BadInput, NotAllowed, NotFound, NotNow
from gehoor.offices.models import Entry
from gehoor.reading import changes, queries
from gehoor.reading.models import Concern, ReadText, Verdict

pytestmark = pytest.mark.django_db


def test_approving_keeps_the_redacted_words_and_destroys_the_raw_ones(cast: Cast) -> None:
    text = hear_text(cast, "Fatima belde 06-12345678.")

    read = changes.approve(cast.rosa, text.pk, words=" [naam] belde [telefoon]. ")

    assert (read.verdict, read.words) == (Verdict.APPROVED, "[naam] belde [telefoon].")
    assert queries.queue(cast.office) == []
    with pytest.raises(NotFound):
        answers.raw_words(text.pk)


@pytest.mark.parametrize(
    "words", ["Bel 06-12345678", "mail jan@voorbeeld.nl", "mijn bsn is 111222333", "NL91 ABNA 0417 1643 00", "  \n "]
)
def test_what_points_at_a_person_or_says_nothing_is_refused_and_the_text_waits_on(cast: Cast, words: str) -> None:
    text = hear_text(cast, "Iets.")

    with pytest.raises(BadInput):
        changes.approve(cast.rosa, text.pk, words=words)

    assert queries.queue(cast.office) == [text]
    assert answers.raw_words(text.pk) == "Iets."


@pytest.mark.parametrize("person", ["quinten", "bram", "lotte", "petra"])
def test_others_decide_nothing(cast: Cast, person: str) -> None:
    text, member = hear_text(cast, "Fijn."), cast.everybody()[person]

    for decide in (changes.set_aside, changes.pass_to_triage):
        with pytest.raises(NotAllowed):
            decide(member, text.pk)
    with pytest.raises(NotAllowed):
        changes.approve(member, text.pk, words="Fijn.")

    assert ReadText.objects.count() == 0


def test_the_second_of_two_readers_changes_nothing(cast: Cast) -> None:
    text = hear_text(cast, "Fijn.")
    changes.approve(cast.rosa, text.pk, words="Fijn.")

    with pytest.raises(NotNow):
        changes.set_aside(cast.tariq, text.pk)

    assert ReadText.objects.get().verdict == Verdict.APPROVED


def test_a_text_at_triage_keeps_its_words_until_triage_decides(cast: Cast) -> None:
    text = hear_text(cast, "Mijn vader slaat mij.")

    changes.pass_to_triage(cast.rosa, text.pk)

    assert answers.raw_words(text.pk) == "Mijn vader slaat mij."
    with pytest.raises(NotAllowed):
        changes.set_aside(cast.rosa, text.pk)
    with pytest.raises(NotNow):
        changes.pass_to_triage(cast.tariq, text.pk)
    changes.approve(cast.tariq, text.pk, words="Thuis gaat het niet goed.")
    with pytest.raises(NotFound):
        answers.raw_words(text.pk)


def test_a_concern_holds_a_day_a_kind_a_step_and_a_decision_and_no_way_to_the_text(cast: Cast) -> None:
    text = hear_text(cast, "Mijn vader slaat mij.")
    changes.pass_to_triage(cast.rosa, text.pk)

    concern = changes.record_concern(cast.tariq, category="violence", step="consulted", decision="Advies gevraagd.")

    assert set(model_to_dict(concern)) == {"id", "office", "noted_on", "category", "step", "decision"}
    assert str(text.pk) not in str(model_to_dict(concern))
    assert not Entry.objects.filter(subject__icontains="vader").exists()


@pytest.mark.parametrize("person", ["quinten", "rosa", "bram", "lotte", "petra"])
def test_only_triage_records_a_concern(cast: Cast, person: str) -> None:
    with pytest.raises(NotAllowed):
        changes.record_concern(cast.everybody()[person], category="none", step="decided", decision="x")

    assert Concern.objects.count() == 0


def test_each_decision_leaves_one_line_that_says_who_and_not_what(cast: Cast) -> None:
    text = hear_text(cast, "Geheime woorden.")

    changes.set_aside(cast.rosa, text.pk)

    line = Entry.objects.get(verb="text_set_aside")
    assert (line.account, line.subject) == (typed("object", cast.rosa.account), f"{text.period} good")
