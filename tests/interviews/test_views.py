"""Interviews by plain forms: called, agreed, typed, sent, listened to, checked, taken back. No script anywhere."""

import re
import uuid
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from tests.cast import Cast
from tests.interviews.talks import MUSIC, TRACE, WORDS, agree, docx, m4a, people, record, series, wav

from gehoor.base import clock
from gehoor.interviews import changes, faults, queries, rules, safe
from gehoor.interviews.models import Contact, Interview
from gehoor.meetings.models import Meeting, Source

pytestmark = pytest.mark.django_db


def page(response: Any) -> str:
    """The words of a page."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def at(name: str, thing: Meeting | Interview) -> str:
    """The address of a page of a series or a talk."""
    return reverse(f"interviews:{name}", args=[thing.pk])


def shown(client: Client, name: str, interview: Interview) -> str:
    """The version of the words that stands in the forms of a page; each form has it."""
    found = re.findall(r'name="version" value="(\w*)"', client.get(at(name, interview)).content.decode())
    assert len(set(found)) == 1
    return str(found[0])


def change(client: Client, name: str, interview: Interview, given: dict[str, Any]) -> Any:
    """Open a page, fill in its form and send it."""
    return client.post(at(name, interview), {"version": shown(client, name, interview), **given})


@pytest.fixture
def meeting(cast: Cast) -> Meeting:
    """A series of today."""
    return series(cast.office)


@pytest.fixture
def quinten(cast: Cast) -> Client:
    """The adviser's browser."""
    return cast.browser(cast.quinten)


def test_a_whole_talk_by_telephone(quinten: Client, meeting: Meeting) -> None:
    assert "Nobody has talked yet" in page(quinten.get(at("list", meeting)))
    quinten.post(at("call_list", meeting), {"text": "Amira,0612345678,ar,jongere,na vieren"})
    screen = quinten.get(at("call", meeting)).content.decode()
    assert "Amira" in screen
    assert "tel:0612345678" in screen
    assert "na vieren" in screen
    assert "Goedendag" in screen  # the script
    contact = str(Contact.objects.get().pk)

    response = quinten.post(at("call", meeting), {"contact": contact, "ended": "spoke"})
    assert response["Location"] == at("begin", meeting) + "?how=call&language=ar"  # nothing else goes along
    assert Contact.objects.count() == 0

    consent = at("begin", meeting) + "?how=call&voice=youth&age=12_15&language=nl"
    assert "nog geen 16" in page(quinten.get(consent))
    assert Interview.objects.count() == 0
    given = {"key": str(uuid.uuid4()), "agreed_by": "both", "takes_part": "on"}
    response = quinten.post(consent, given)
    assert quinten.post(consent, given)["Location"] == response["Location"]  # pressed twice
    interview = Interview.objects.get()
    assert (interview.how, interview.may_record, interview.may_quote) == ("call", False, False)

    quinten.post(at("page", interview), {"text": WORDS})
    change(quinten, "names", interview, {"word": "Bram van Noord", "by": "[naam]"})
    now = page(quinten.get(at("names", interview))).split("The transcript as it came in")[0]
    assert "Bram" not in now
    change(quinten, "check", interview, {})
    assert "[naam] luisterde wel" in page(quinten.get(at("page", interview)))
    assert Source.objects.get().may_quote is False
    assert "Checked" in page(quinten.get(at("list", meeting)))

    number = re.findall(r"\d{4}-\d{4}-\d{4}-\d{4}", page(quinten.get(at("page", interview))))[0]
    response = quinten.post(at("find", meeting), {"number": number})
    quinten.post(response["Location"])
    assert (Interview.objects.count(), Source.objects.count()) == (0, 0)


def test_the_caller_sees_tries_and_no_answers(quinten: Client, meeting: Meeting) -> None:
    changes.write(agree(meeting), "R: paarsolifant")
    changes.add_contacts(meeting, people(1))
    contact = str(Contact.objects.get().pk)
    quinten.post(at("call", meeting), {"contact": contact, "ended": "no_answer"})
    Contact.objects.update(rests_until=None)  # hours later
    screen = page(quinten.get(at("call", meeting)))

    assert "1 of 6 times: No answer" in screen
    assert "paarsolifant" not in screen


def test_whoever_tried_everybody_reads_when_the_next_call_may_be_made(quinten: Client, meeting: Meeting) -> None:
    changes.add_contacts(meeting, people(1))
    contact = str(Contact.objects.get().pk)
    quinten.post(at("call", meeting), {"contact": contact, "ended": "no_answer"})

    screen = page(quinten.get(at("call", meeting)))
    moment = queries.next_moment(meeting, clock.now())
    assert moment
    assert "The next call may be made on" in screen
    assert f"from {timezone.localtime(moment):%H:%M}" in screen
    assert "1 of them was tried" in page(quinten.get(at("list", meeting)))


def test_an_empty_list_is_not_said_to_be_done(quinten: Client, meeting: Meeting) -> None:
    screen = quinten.get(at("call", meeting))
    assert "The call list is empty" in page(screen)
    assert "was called" not in page(screen)
    assert f'href="{at("call_list", meeting)}"' in screen.content.decode()

    changes.add_contacts(meeting, people(1))
    quinten.post(at("call", meeting), {"contact": str(Contact.objects.get().pk), "ended": "refused"})
    assert "Everybody on the list was called" in page(quinten.get(at("call", meeting)))


def test_a_youth_of_12_to_15_and_a_parent_agree_together(quinten: Client, meeting: Meeting) -> None:
    consent = at("begin", meeting) + "?how=in_person&voice=youth&age=12_15"
    screen = quinten.get(consent).content.decode()
    assert 'value="both"' in screen
    assert 'value="parent"' not in screen

    given = {"key": str(uuid.uuid4()), "agreed_by": "parent", "takes_part": "on"}
    assert quinten.post(consent, given).status_code == 422
    assert Interview.objects.count() == 0
    assert quinten.post(consent, {**given, "agreed_by": "both"}).status_code == 302


def test_a_call_that_was_noted_already_is_not_noted_for_the_next_person(quinten: Client, meeting: Meeting) -> None:
    changes.add_contacts(meeting, people(2))
    quinten.get(at("call", meeting))
    first = str(Contact.objects.get(held_until__isnull=False).pk)
    for _press in range(2):
        response = quinten.post(at("call", meeting), {"contact": first, "ended": "refused"})

    assert response.status_code == 422
    assert "noted already" in page(response)
    assert Contact.objects.count() == 1


@pytest.mark.parametrize(
    ("given", "status"),
    [
        ({"day": "2099-01-05", "hour": "16"}, 302),
        ({"day": "2001-01-05", "hour": "16"}, 422),
        ({"day": "x", "hour": "3"}, 422),
        ({}, 422),
    ],
)
def test_calling_back_asks_for_an_hour_to_come(
    quinten: Client, meeting: Meeting, given: dict[str, str], status: int
) -> None:
    changes.add_contacts(meeting, people(1))
    contact = str(Contact.objects.get().pk)

    response = quinten.post(at("call", meeting), {"contact": contact, "ended": "call_back", **given})

    assert response.status_code == status
    assert (Contact.objects.get().call_back_at is not None) is (status == 302)
    if status == 302:
        assert "Nobody to call now" in page(quinten.get(at("call", meeting)))


def test_consent_that_is_missing_is_asked_for_at_its_own_field(quinten: Client, meeting: Meeting) -> None:
    consent = at("begin", meeting) + "?how=in_person&voice=youth&age=under_12"
    given = {"key": str(uuid.uuid4()), "agreed_by": "parent", "takes_part": "on"}

    response = quinten.post(consent, given)

    assert response.status_code == 422
    assert "only talks with a parent or carer beside it" in page(response)
    assert re.search(r'value="parent"[^>]* checked', response.content.decode())  # what was chosen stays
    assert quinten.post(consent, {**given, "takes_part": ""}).status_code == 422
    assert Interview.objects.count() == 0
    assert quinten.post(consent, {**given, "with_parent": "on"}).status_code == 302


def test_a_form_with_nothing_chosen_says_what_to_choose(quinten: Client, meeting: Meeting) -> None:
    who = quinten.get(at("begin", meeting) + "?language=nl&next=1")
    consent = quinten.post(
        at("begin", meeting) + "?how=call&voice=youth&age=from_16&language=nl", {"key": str(uuid.uuid4())}
    )

    assert [who.status_code, consent.status_code] == [422, 422]
    for sentence in ("Choose where the talk is.", "Choose who talks.", "Choose how old this person is."):
        assert sentence in page(who)
    for sentence in ("Choose who agreed.", "Nobody agreed to take part."):
        assert sentence in page(consent)
    assert "required" not in page(who) + page(consent)


@pytest.mark.parametrize(
    ("name", "given", "sentence"),
    [
        ("page", {"text": ""}, "Type what was said first."),
        ("names", {"word": "", "by": ""}, "Type what stands there instead"),
    ],
)
def test_an_empty_field_is_named(
    quinten: Client, meeting: Meeting, name: str, given: dict[str, str], sentence: str
) -> None:
    interview = changes.write(agree(meeting), WORDS)

    response = change(quinten, name, interview, given)

    assert response.status_code == 422
    assert sentence in page(response)


def test_whoever_talks_is_named_as_others_name_them(quinten: Client, meeting: Meeting) -> None:
    quinten.post(at("call_list", meeting), {"text": "Karin,0612345678,nl,medewerker,"})
    talk = agree(meeting, voice="staff")

    screens = [quinten.get(at(name, meeting)) for name in ("begin", "call", "list")]
    screens.append(quinten.get(at("page", talk)))

    for screen in screens:
        assert "Somebody who works at Leerplicht" in page(screen)
        assert "I work" not in page(screen)


def test_consent_is_asked_in_the_language_of_the_talk_and_kept_in_it(quinten: Client, meeting: Meeting) -> None:
    begun = quinten.get(at("begin", meeting) + "?how=call&language=ar").content.decode()
    consent = at("begin", meeting) + "?how=call&voice=youth&age=12_15&language=ar"
    asked = quinten.get(consent).content.decode()
    quinten.post(consent, {"key": str(uuid.uuid4()), "agreed_by": "both", "takes_part": "on"})

    words = "عمرك أقل من 16 سنة"
    assert '<option value="ar" selected>' in begun
    assert '<blockquote class="words" lang="ar" dir="rtl">' in asked
    assert words in asked
    assert "jij en je ouder of verzorger" in asked  # the same in Dutch, for who says it
    talk = Interview.objects.get()
    assert talk.language == "ar"
    assert words in talk.words
    assert 'lang="ar"' in quinten.get(at("page", talk)).content.decode()


def test_the_offices_own_words_are_said_to_be_in_dutch(quinten: Client, meeting: Meeting) -> None:
    Meeting.objects.filter(pk=meeting.pk).update(consent={"from_16": "Mag ik met je praten?"})
    consent = at("begin", meeting) + "?how=in_person&voice=youth&age=from_16&language="

    foreign, dutch = (quinten.get(consent + language) for language in ("pl", "nl"))

    assert '<blockquote class="words" lang="nl" dir="ltr"><p>Mag ik met je praten?' in foreign.content.decode()
    assert "Let an interpreter say them" in page(foreign)
    assert "interpreter" not in page(dutch)


def test_a_list_with_something_else_in_it_is_refused_and_stays_on_the_page(quinten: Client, meeting: Meeting) -> None:
    response = quinten.post(at("call_list", meeting), {"text": "naam,nummer,zaak\nAmira,0612345678,12"})

    assert response.status_code == 422
    assert "Amira,0612345678,12" in response.content.decode()
    assert Contact.objects.count() == 0


# --- words --------------------------------------------------------------------------------------------------------


def send(client: Client, interview: Interview, name: str, data: bytes, **more: str) -> Any:
    """A transcript from a file."""
    return client.post(at("upload", interview), {"file": SimpleUploadedFile(name, data), **more})


def test_a_word_file_is_read_and_its_speakers_get_letters(quinten: Client, meeting: Meeting) -> None:
    interview = agree(meeting)

    assert (
        send(
            quinten, interview, "Gesprek.DOCX", docx(["Amira: hoi", "Bram: dag", "Amira: ja", "Bram: nee"])
        ).status_code
        == 302
    )
    assert "Give each speaker a letter first" in page(quinten.get(at("check", interview)))
    change(quinten, "names", interview, {"from": ["Amira", "Bram"], "to": ["R", "I:"]})

    interview.refresh_from_db()
    assert [turn.speaker for turn in queries.turns_of(interview)] == ["R", "I", "R", "I"]


def test_a_tab_that_stood_open_does_not_bring_names_back(quinten: Client, meeting: Meeting) -> None:
    interview = changes.write(agree(meeting), "R: Jansen kwam.")
    stale = shown(quinten, "page", interview)
    change(quinten, "names", interview, {"word": "Jansen", "by": "[naam]"})

    response = quinten.post(at("page", interview), {"text": "R: Jansen kwam laat.", "version": stale})

    assert response.status_code == 409
    screen = page(response)
    assert "changed in another window" in screen
    assert "R: Jansen kwam laat." in screen  # what was typed
    assert "[naam] kwam." in screen  # what stands there
    interview.refresh_from_db()
    assert queries.turns_of(interview)[0].words == "[naam] kwam."
    renewed = re.search(r'name="version" value="(\w+)"', response.content.decode())
    assert renewed
    given = {"text": "R: [naam] kwam laat.", "version": renewed[1]}
    assert quinten.post(at("page", interview), given).status_code == 302


def test_words_that_were_checked_meanwhile_leave_what_was_typed_on_the_screen(
    quinten: Client, meeting: Meeting
) -> None:
    interview = changes.write(agree(meeting), "R: Zij kwam.")
    stale = shown(quinten, "page", interview)
    changes.check(interview)

    response = quinten.post(at("page", interview), {"text": "R: Zij kwam veel te laat.", "version": stale})

    assert response.status_code == 409
    screen = page(response)
    assert "This transcript was checked" in screen
    assert "R: Zij kwam veel te laat." in screen
    assert "This was not kept." in screen


@pytest.mark.parametrize(
    ("name", "given", "kept"),
    [
        ("names", {"word": "kwam", "by": "[weg]"}, 'value="kwam"'),
        ("names", {"from": ["R"], "to": ["X7"]}, 'value="X7"'),
        ("check", {}, "[naam] kwam."),
    ],
)
def test_an_old_page_is_shown_anew_with_what_was_typed(
    quinten: Client, meeting: Meeting, name: str, given: dict[str, Any], kept: str
) -> None:
    interview = changes.write(agree(meeting), "R: Jansen kwam.")
    stale = shown(quinten, name, interview)
    changes.hide(interview, "Jansen", "[naam]")

    response = quinten.post(at(name, interview), {**given, "version": stale})

    assert response.status_code == 409
    assert "changed in another window" in page(response)
    assert kept in response.content.decode()
    interview.refresh_from_db()
    assert (queries.turns_of(interview)[0].words, interview.checked) == ("[naam] kwam.", False)


def test_a_second_file_needs_a_tick(quinten: Client, meeting: Meeting) -> None:
    interview = agree(meeting)
    assert 'name="replace"' not in quinten.get(at("upload", interview)).content.decode()
    send(quinten, interview, "a.txt", b"R: Jansen kwam.")
    stale = shown(quinten, "upload", interview)
    change(quinten, "names", interview, {"word": "Jansen", "by": "[naam]"})

    response = send(quinten, interview, "b.txt", b"R: Jansen ging.")
    assert response.status_code == 422
    assert 'name="replace"' in response.content.decode()
    assert "[naam] kwam." in page(response)
    assert send(quinten, interview, "b.txt", b"R: Jansen ging.", replace="on", version=stale).status_code == 409
    interview.refresh_from_db()
    assert queries.turns_of(interview)[0].words == "[naam] kwam."

    now = shown(quinten, "upload", interview)
    assert send(quinten, interview, "b.txt", b"R: Jansen ging.", replace="on", version=now).status_code == 302
    interview.refresh_from_db()
    assert queries.turns_of(interview)[0].words == "Jansen ging."


@pytest.mark.parametrize("name", ["film.txt", "film.docx", "film.vtt", "film.mp4"])
def test_a_video_is_no_transcript_whatever_its_name(quinten: Client, meeting: Meeting, name: str) -> None:
    interview = agree(meeting)

    response = send(quinten, interview, name, m4a(b"vide") * 50)

    assert response.status_code == 422
    assert re.search("text file|Word file|as .txt", page(response))
    interview.refresh_from_db()
    assert interview.turns is None


def test_what_was_typed_is_not_lost_when_it_cannot_be_kept(quinten: Client, meeting: Meeting) -> None:
    interview = agree(meeting)

    response = (
        quinten.post(at("page", interview), {"text": "[1:99] I: hoi"}),
        quinten.post(at("page", interview), {"text": "[1:00:99] mijn woorden"}),
    )

    assert "mijn woorden" in response[1].content.decode()
    assert response[1].status_code == 422


def test_markup_and_other_directions_are_shown_as_they_are(quinten: Client, meeting: Meeting) -> None:
    interview = changes.write(agree(meeting), "R: <script>alert(1)</script> مرحبا")

    screen = quinten.get(at("page", interview)).content.decode()

    assert "<script>alert" not in screen
    assert '<bdi class="interview-words">&lt;script&gt;' in screen


def test_no_file_is_said_in_words(quinten: Client, meeting: Meeting) -> None:
    interview = agree(meeting)

    for name in ("upload", "record"):
        response = quinten.post(at(name, interview), {})
        assert response.status_code == 422
        assert "Choose a file first" in page(response)


# --- sound --------------------------------------------------------------------------------------------------------


def sing(client: Client, interview: Interview, data: bytes, name: str = "opname.wav") -> Any:
    """A recording from a file."""
    return client.post(at("record", interview), {"sound": SimpleUploadedFile(name, data)})


def test_a_recording_is_sent_and_played_in_parts(quinten: Client, meeting: Meeting) -> None:
    interview = agree(meeting)
    assert sing(quinten, interview, wav()).status_code == 302
    changes.write(interview, "[0:01] I: hoi")
    screen = quinten.get(at("page", interview)).content.decode()
    assert f'src="{at("listen", interview)}"' in screen
    assert f'href="{at("listen", interview)}#t=1"' in screen

    whole = quinten.get(at("listen", interview))
    data = b"".join(whole)
    assert (whole.status_code, whole["Content-Type"], int(whole["Content-Length"])) == (200, "audio/wav", len(wav()))
    assert "no-store" in whole["Cache-Control"]
    assert TRACE not in data
    assert MUSIC in data
    part = quinten.get(at("listen", interview), headers={"range": "bytes=8-11"})
    assert (part.status_code, b"".join(part), part["Content-Range"]) == (206, b"WAVE", f"bytes 8-11/{len(data)}")
    assert b"".join(quinten.get(at("listen", interview), headers={"range": "bytes=-4"})) == data[-4:]
    assert quinten.get(at("listen", interview), headers={"range": "bytes=99999999-"}).status_code == 416
    assert quinten.get(at("listen", interview), headers={"range": "pages=1-2"}).status_code == 200
    assert b"".join(quinten.head(at("listen", interview))) == b""


def test_a_recording_without_consent_for_sound_is_not_even_read(quinten: Client, meeting: Meeting) -> None:
    interview = agree(meeting, may_record=False)

    response = sing(quinten, interview, wav())

    assert response.status_code == 409
    assert "no consent to record" in page(response)
    assert 'type="file"' not in response.content.decode() + quinten.get(at("record", interview)).content.decode()
    assert list(safe.folder("sound").iterdir()) == []


def test_a_video_is_no_recording(quinten: Client, meeting: Meeting) -> None:
    response = sing(quinten, agree(meeting), m4a(b"vide"), "opname.m4a")

    assert response.status_code == 422
    assert "This is a video" in page(response)
    assert list(safe.folder("sound").iterdir()) == []


def test_a_recording_whose_key_is_gone_is_said_to_be_gone(quinten: Client, meeting: Meeting) -> None:
    interview = record(agree(meeting), wav())
    safe.destroy(f"sound-{interview.guid.hex}")

    assert quinten.get(at("listen", interview)).status_code == 409


def test_a_recording_can_go_before_its_day(quinten: Client, meeting: Meeting) -> None:
    interview = record(agree(meeting), wav())

    quinten.post(at("delete_sound", interview))

    assert quinten.get(at("listen", interview)).status_code == 404
    assert "audio" not in quinten.get(at("page", interview)).content.decode()


# --- too much -----------------------------------------------------------------------------------------------------


class Untouched:
    """A body of which nothing may be read."""

    def read(self, *_args: Any) -> bytes:
        raise AssertionError("the body was read")

    readline = read


@pytest.mark.parametrize("name", ["upload", "record"])
def test_two_gigabytes_are_refused_before_they_are_read(quinten: Client, meeting: Meeting, name: str) -> None:
    response = quinten.generic(
        "POST", at(name, agree(meeting)), content_type="multipart/form-data; boundary=x",
        CONTENT_LENGTH=str(2 * 1024**3), **{"wsgi.input": Untouched()},
    )  # fmt: skip

    assert response.status_code == 413
    assert "too large" in page(response)


def test_a_recording_that_grows_larger_than_it_said_is_cut_off(
    quinten: Client, meeting: Meeting, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gehoor.interviews.uploads.MOST_SOUND", 100_000)

    response = sing(quinten, agree(meeting), wav()[:-46] + b"\0" * 400_000)

    assert response.status_code == 413
    assert list(safe.folder("sound").iterdir()) == []


@pytest.mark.parametrize("name", ["upload", "record"])
def test_the_token_of_the_page_is_asked_for_although_the_size_comes_first(
    cast: Cast, meeting: Meeting, name: str
) -> None:
    interview = agree(meeting)
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(cast.quinten.account, backend="django.contrib.auth.backends.ModelBackend")
    field = "file" if name == "upload" else "sound"
    data = {
        field: SimpleUploadedFile("a.txt" if name == "upload" else "a.wav", b"I: hoi" if name == "upload" else wav())
    }

    assert strict.post(at(name, interview), data).status_code == 403

    interview.refresh_from_db()
    assert (interview.turns, interview.sound_size) == (None, None)
    assert list(safe.folder("sound").iterdir()) == []
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', strict.get(at(name, interview)).content.decode())
    assert token
    data[field].seek(0)
    assert strict.post(at(name, interview), {"csrfmiddlewaretoken": token[1], **data}).status_code == 302


# --- who ----------------------------------------------------------------------------------------------------------

OF_A_SERIES = ["list", "begin", "call_list", "drop_list", "call", "find"]
OF_A_TALK = ["page", "upload", "names", "check", "record", "delete_sound", "listen", "withdraw"]


@pytest.mark.parametrize("name", [*OF_A_SERIES, *OF_A_TALK])
def test_nobody_else_comes_in(cast: Cast, meeting: Meeting, name: str) -> None:
    interview = record(changes.write(agree(meeting), WORDS), wav())
    thing = meeting if name in OF_A_SERIES else interview
    for who, allowed in (
        (None, {302}),
        (cast.daan, {404}),
        (cast.bram, {403}),
        (cast.lotte, {403}),
        (cast.rosa, {403}),
    ):
        for ask in ("get", "post"):
            response = getattr(cast.browser(who), ask)(at(name, thing))
            assert response.status_code in allowed | {405}, (who, name, ask, response.status_code)
            assert b"luisterde" not in b"".join(response)
    assert cast.browser(cast.quinten).get(at(name, thing)).status_code == 200


def test_every_limit_is_said_before_it_is_met(quinten: Client, meeting: Meeting) -> None:
    interview = agree(meeting)

    assert f'data-most="{faults.MOST_SOUND}"' in quinten.get(at("record", interview)).content.decode()
    assert "at most 2 MB" in page(quinten.get(at("upload", interview)))
    promised = page(quinten.get(at("record", interview)))
    assert f"deleted {rules.SOUND_KEPT_CHECKED.days} days after" in promised
    assert f"{rules.SOUND_KEPT.days} days from now at most" in promised
