"""From yes to words that go on, and back: what is kept when, and what is gone when."""

import datetime as dt

import pytest
from tests.cast import Cast
from tests.interviews.talks import MUSIC, RECORDINGS, TRACE, WORDS, agree, people, record, series, tomorrow, wav

from gehoor.base import clock
from gehoor.base.errors import BadInput, NotNow
from gehoor.interviews import changes, queries, rules, safe, scripts, tapes
from gehoor.interviews.changes import OldPage
from gehoor.interviews.models import Contact, Interview
from gehoor.interviews.safe import KeyLost
from gehoor.interviews.tapes import Writer
from gehoor.meetings.models import Life, Meeting, Source
from gehoor.offices.models import Entry
from gehoor.privacy import changes as privacy

pytestmark = pytest.mark.django_db


@pytest.fixture
def meeting(cast: Cast) -> Meeting:
    """A series of today."""
    return series(cast.office)


def neutral(interview: Interview) -> Interview:
    """With words that name nobody."""
    return changes.write(interview, WORDS.replace("Bram van Noord", "[naam]").replace("het Kompas", "[school]"))


# --- consent and words ------------------------------------------------------------------------------------------------


def test_what_was_agreed_is_kept_in_its_words(meeting: Meeting) -> None:
    meeting.consent = {"12_15": "Mag ik met je praten?"}
    interview = agree(meeting, age="12_15", agreed_by="both", language="ar", may_record=False)

    assert (interview.words, interview.language, interview.may_quote, interview.may_record) == (
        "Mag ik met je praten?", "ar", True, False,
    )  # fmt: skip
    assert "ouder" in agree(meeting, age="under_12", agreed_by="parent", with_parent=True).words
    assert interview.period == clock.quarter(clock.today())


@pytest.mark.parametrize("language", ["en", "tr", "ar", "pl", "uk", "es", "nl"])
@pytest.mark.parametrize("age", ["under_12", "12_15", "from_16"])
def test_the_words_are_asked_in_every_language(meeting: Meeting, language: str, age: str) -> None:
    said = scripts.consent_for(meeting, age, "youth", language)
    interview = agree(
        meeting, age=age, agreed_by="both", with_parent=age == "under_12", language=language, may_record=False
    )

    assert interview.words == said.text
    assert said.language == scripts.language_of(interview) == language
    for days in (rules.SOUND_KEPT_CHECKED.days, rules.SOUND_KEPT.days):
        assert str(days) in said.text


@pytest.mark.parametrize("words", [scripts.GROWN, *scripts.CONSENT.values()])
def test_what_is_promised_about_sound_is_what_the_rules_do(words: str) -> None:
    assert f"{rules.SOUND_KEPT_CHECKED.days} dagen nadat" in words
    assert f"altijd binnen {rules.SOUND_KEPT.days} dagen" in words
    assert "zodra" not in words


def test_pressing_twice_is_one_talk(meeting: Meeting) -> None:
    first = agree(meeting)
    again = agree(meeting, key=first.guid)

    assert again == first
    assert Interview.objects.count() == 1


def test_a_correction_leaves_the_original_until_it_was_checked(meeting: Meeting) -> None:
    interview = changes.write(agree(meeting), WORDS)
    changes.hide(interview, "Bram van Noord", "[naam]")
    changes.write(interview, WORDS.replace("Bram van Noord", "[naam]").replace("het Kompas", "[school]"))

    assert "Bram" in queries.original_of(interview)[1].words
    assert "Bram" not in queries.turns_of(interview)[1].words

    source = changes.check(interview)
    interview.refresh_from_db()
    assert (interview.original, interview.turns, interview.checked) == (None, None, True)
    assert source.text.startswith("I: Hoe ging het?\nR: [naam] luisterde wel.")
    assert (source.pk, source.kind, source.voice, source.may_quote) == (interview.guid.hex, "interview", "youth", True)
    assert [name for name in safe.key_names() if interview.guid.hex in name] == []


def test_a_file_takes_the_place_of_what_was_there(meeting: Meeting) -> None:
    interview = changes.write(agree(meeting), "I: hoi")
    changes.upload(interview, "gesprek.srt", b"1\n00:00:01,000 --> 00:00:02,000\nAmira: Dag\n", replace=True)

    assert queries.turns_of(interview) == queries.original_of(interview)
    assert queries.turns_of(interview)[0].start == 1000
    changes.name_speakers(interview, {"Amira": "R"})
    assert queries.turns_of(interview)[0].speaker == "R"
    changes.write(interview, "[0:01] R: Dag hoor")
    assert (queries.turns_of(interview)[0].words, queries.turns_of(interview)[0].end) == ("Dag hoor", 2000)


def test_a_bad_file_leaves_what_was_there(meeting: Meeting) -> None:
    interview = changes.write(agree(meeting), "I: hoi")
    with pytest.raises(BadInput) as caught:
        changes.upload(interview, "film.txt", b"\0\0\0\x18ftypmp42" + b"\0" * 500)

    assert "not a text file" in str(caught.value)
    assert queries.turns_of(interview)[0].words == "hoi"


def test_a_second_file_asks_first_and_loses_no_correction(meeting: Meeting) -> None:
    interview = changes.upload(agree(meeting), "a.txt", b"R: Jansen kwam.")
    changes.hide(interview, "Jansen", "[naam]")

    with pytest.raises(BadInput):
        changes.upload(interview, "b.txt", b"R: Jansen kwam niet.")

    interview.refresh_from_db()
    assert queries.turns_of(interview)[0].words == "[naam] kwam."
    changes.upload(interview, "b.txt", b"R: Jansen kwam niet.", replace=True)
    assert queries.turns_of(interview) == queries.original_of(interview)
    changes.upload(interview, "b.txt", b"R: Jansen kwam niet.")  # the same file: pressed twice


def test_old_words_do_not_come_back_from_another_page(meeting: Meeting) -> None:
    """Every way to change the words refuses when they changed since the page was made."""
    interview = changes.write(agree(meeting), "R: Jansen kwam. Jansen ging.")
    seen = queries.version_of(interview)
    changes.hide(interview, "Jansen", "[naam]", version=seen)
    now = queries.turns_of(interview)

    for act in (
        lambda: changes.write(interview, "R: Jansen kwam niet.", version=seen),
        lambda: changes.upload(interview, "a.txt", b"R: Jansen", replace=True, version=seen),
        lambda: changes.hide(interview, "kwam", "[weg]", version=seen),
        lambda: changes.name_speakers(interview, {"R": "O"}, version=seen),
        lambda: changes.check(interview, version=seen),
    ):
        with pytest.raises(OldPage):
            act()
        interview.refresh_from_db()
        assert queries.turns_of(interview) == now
    assert Source.objects.count() == 0


def test_two_who_press_in_the_same_moment_do_not_undo_each_other(meeting: Meeting) -> None:
    """Both read the same row; the second one meets what the first one wrote."""
    interview = changes.write(agree(meeting), "R: Jansen kwam.")
    other = Interview.objects.get(pk=interview.pk)
    changes.hide(interview, "Jansen", "[naam]")

    for act in (lambda: changes.write(other, "R: Jansen kwam niet."), lambda: changes.check(other)):
        with pytest.raises(OldPage):
            act()
    assert queries.turns_of(Interview.objects.get())[0].words == "[naam] kwam."


def test_pressing_twice_is_no_quarrel(meeting: Meeting) -> None:
    interview = changes.write(agree(meeting), "R: Jansen", version="")
    changes.write(interview, "R: Jansen", version="")
    seen = queries.version_of(interview)

    assert changes.hide(interview, "Jansen", "[naam]", version=seen) == 1
    assert changes.hide(interview, "Jansen", "[naam]", version=seen) == 0


def test_checked_words_stay_and_go_on_once(meeting: Meeting) -> None:
    interview = neutral(agree(meeting))
    changes.check(interview)
    interview.refresh_from_db()

    for act in (
        lambda: changes.check(interview),
        lambda: changes.write(interview, "I: nee"),
        lambda: record(interview, wav()),
    ):
        with pytest.raises(NotNow):
            act()
    assert Source.objects.count() == 1


def test_somebody_who_checks_an_old_page_gets_no_second_source(meeting: Meeting) -> None:
    interview = neutral(agree(meeting))
    old = Interview.objects.get()
    changes.check(interview)

    with pytest.raises(NotNow):
        changes.check(old)
    with pytest.raises(NotNow):
        changes.write(old, "I: nee")
    assert Source.objects.count() == 1


def test_the_number_finds_the_talk_and_only_that(meeting: Meeting, cast: Cast) -> None:
    first, second = agree(meeting), agree(meeting)

    assert queries.by_number(meeting, queries.number_of(first)) == first
    assert queries.number_of(first) != queries.number_of(second)
    assert queries.by_number(series(cast.office), queries.number_of(first)) is None
    assert queries.by_number(meeting, "") is None


def test_whoever_no_longer_agrees_leaves_nothing(meeting: Meeting, cast: Cast) -> None:
    interview = neutral(agree(meeting))
    record(interview, wav())
    changes.check(interview)
    interview.refresh_from_db()

    changes.withdraw(interview, by=cast.quinten)

    assert (Interview.objects.count(), Source.objects.count()) == (0, 0)
    assert safe.key_names() == []
    assert list(safe.folder("sound").iterdir()) == []
    assert Entry.objects.filter(verb="interview_withdrawn", subject=meeting.name).count() == 1


# --- sound --------------------------------------------------------------------------------------------------------


def test_sound_needs_consent_for_sound(meeting: Meeting) -> None:
    interview = agree(meeting, may_record=False)

    with pytest.raises(NotNow):
        record(interview, wav())

    assert list(safe.folder("sound").iterdir()) == []


@pytest.mark.parametrize("kind", RECORDINGS)
def test_a_recording_comes_back_without_its_tags(meeting: Meeting, kind: str) -> None:
    interview = record(agree(meeting), RECORDINGS[kind])

    played = b"".join(tapes.pieces(interview.guid, interview.sound_size or 0, 0, (interview.sound_size or 0) - 1))
    assert interview.sound_kind == kind
    assert len(played) == len(RECORDINGS[kind])
    assert TRACE not in played
    assert MUSIC[:400] in played


def test_a_part_in_the_middle_is_the_same_as_in_the_whole(meeting: Meeting) -> None:
    data = wav()[:-46] + b"\0" * 500_000
    interview = record(agree(meeting), data)
    whole = b"".join(tapes.pieces(interview.guid, len(data), 0, len(data) - 1))

    for first, last in ((0, 0), (65_535, 65_536), (60_000, 200_000), (len(data) - 5, len(data) - 1)):
        assert b"".join(tapes.pieces(interview.guid, len(data), first, last)) == whole[first : last + 1]


@pytest.mark.parametrize("data", [b"", b"hallo", b"\0\0\0\x18ftypmp42" + b"\0" * 300])
def test_what_is_no_recording_leaves_nothing(meeting: Meeting, data: bytes) -> None:
    interview = agree(meeting)
    with pytest.raises(BadInput):
        record(interview, data)

    interview.refresh_from_db()
    assert interview.sound_size is None
    assert list(safe.folder("sound").iterdir()) == []
    assert safe.key_names() == []


def test_a_second_recording_waits_until_the_first_is_gone(meeting: Meeting) -> None:
    interview = record(agree(meeting), wav())
    with pytest.raises(NotNow):
        record(interview, wav())

    changes.delete_sound(interview)
    interview.refresh_from_db()
    assert record(interview, wav()).sound_size


def test_sound_that_was_tampered_with_is_not_played(meeting: Meeting) -> None:
    data = wav()[:-46] + b"\0" * 200_000
    interview = record(agree(meeting), data)
    place = tapes.place_of(interview.guid)
    box = place.read_bytes()
    place.write_bytes(box[tapes.SEALED : 2 * tapes.SEALED] + box[: tapes.SEALED] + box[2 * tapes.SEALED :])

    with pytest.raises(KeyLost):
        list(tapes.pieces(interview.guid, len(data), 0, 10))


# --- what is due --------------------------------------------------------------------------------------------------


def test_a_recording_goes_on_its_day_and_not_before(meeting: Meeting) -> None:
    interview = record(changes.write(agree(meeting), WORDS), wav())
    day = clock.today() + dt.timedelta(30)
    assert interview.sound_until == day

    privacy.retain(day - dt.timedelta(1))
    assert tapes.place_of(interview.guid).exists()
    privacy.retain(day)

    assert not tapes.place_of(interview.guid).exists()
    assert f"sound-{interview.guid.hex}" not in safe.key_names()
    interview.refresh_from_db()
    assert (interview.sound_size, interview.sound_until, interview.sound_kind) == (None, None, "")
    assert queries.turns_of(interview)  # the words are not checked yet: they stay


def test_after_checking_a_recording_and_its_turns_stay_fourteen_days_at_most(meeting: Meeting) -> None:
    interview = record(neutral(agree(meeting)), wav())
    changes.check(interview)
    interview.refresh_from_db()
    assert interview.sound_until == tomorrow(14)
    assert queries.turns_of(interview)  # beside the sound

    privacy.retain(tomorrow(14))

    interview.refresh_from_db()
    assert (interview.turns, interview.sound_until) == (None, None)
    assert safe.key_names() == []
    assert Source.objects.count() == 1


def test_checking_late_does_not_keep_a_recording_longer(meeting: Meeting) -> None:
    interview = record(neutral(agree(meeting)), wav())
    day = interview.sound_until
    assert day
    with clock.turned_to(day - dt.timedelta(3)):
        changes.check(interview)

    interview.refresh_from_db()
    assert interview.sound_until == day


def test_a_call_list_goes_thirty_days_after_the_day_of_the_series(meeting: Meeting) -> None:
    changes.add_contacts(meeting, people(4))
    last = meeting.held_on + rules.CALLS_KEPT

    assert changes.forget_contacts(meeting.office, held_before=last - dt.timedelta(30)) == 0
    assert changes.forget_contacts(meeting.office, held_before=last - dt.timedelta(29)) == 4

    assert Contact.objects.count() == 0
    assert safe.key_names() == []


def test_a_call_list_goes_the_night_after_the_series_ended(meeting: Meeting) -> None:
    changes.add_contacts(meeting, people(4))
    meeting.life = Life.CLOSED
    meeting.save()

    privacy.retain(clock.today())

    assert Contact.objects.count() == 0


def test_a_talk_that_nobody_checked_goes_within_a_year(meeting: Meeting) -> None:
    interview = changes.write(agree(meeting), WORDS)

    privacy.retain(clock.today() + dt.timedelta(200))
    assert Interview.objects.count() == 1
    privacy.retain(clock.today() + dt.timedelta(366))

    assert Interview.objects.count() == 0
    assert [name for name in safe.key_names() if interview.guid.hex in name] == []


def test_an_agreement_stays_as_long_as_the_words_that_it_covers(meeting: Meeting) -> None:
    changes.check(neutral(agree(meeting)))
    privacy.retain(clock.today() + dt.timedelta(800))
    assert Interview.objects.count() == 1

    Source.objects.all().delete()
    privacy.retain(clock.today())
    assert Interview.objects.count() == 0


def test_half_a_recording_is_swept_up_and_a_whole_one_is_not(meeting: Meeting, monkeypatch: pytest.MonkeyPatch) -> None:
    interview = record(agree(meeting), wav())
    half = Writer(interview.guid)  # an upload that stopped: the server was killed
    half.add(b"\0" * 70_000)
    half.finish()

    assert changes.forget_stray_sounds() == 0  # it may still be coming in
    monkeypatch.setattr(tapes.time, "time", lambda: half.path.stat().st_ctime + 90_000)
    assert changes.forget_stray_sounds() == 1

    assert not half.path.exists()
    assert b"".join(tapes.pieces(interview.guid, interview.sound_size or 0, 0, 11))[8:] == b"WAVE"
