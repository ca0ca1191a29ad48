"""The journal in words: no key, code or short quarter of ours stands on the screen."""

import re

import pytest
from django.urls import reverse
from django.utils import translation
from tests.cast import Cast

from gehoor.base import clock
from gehoor.offices import journal
from gehoor.offices.journal import Verb
from gehoor.privacy import changes as privacy
from gehoor.privacy import lines
from gehoor.questionnaires import changes as questionnaires
from gehoor.questionnaires.queries import READY
from gehoor.reading import changes as reading
from gehoor.reading import queries as texts
from gehoor.results import changes as results

pytestmark = pytest.mark.django_db

RAW = re.compile(r"\d{4}-Q\d|\((?:card|letter|email)\)|\bbetter\b|quality_adviser|form_keys|\bcodes \d")


def shown(cast: Cast, *, verb: str = "") -> str:
    """What the privacy officer reads, as plain text."""
    page = cast.browser(cast.petra).get(reverse("privacy:journal"), {"verb": verb}).content.decode()
    table = page.partition("<tbody>")[2].partition("</tbody>")[0]
    return re.sub(r"<[^>]+>", " ", table).replace("\N{NO-BREAK SPACE}", " ")


def said(cast: Cast, verb: Verb, subject: str) -> str:
    """One line in words."""
    entry = journal.write(cast.office, verb, subject)
    [line] = lines.read([entry], cast.office)
    return line.about.replace("\N{NO-BREAK SPACE}", " ")


def test_a_year_of_work_is_read_without_one_key(cast: Cast) -> None:
    a_round = cast.round(name="Najaar")
    cast.hear(a_round, [{"heard": "5", "better": f"Bel eerst {number}."} for number in range(12)], mode="letter")
    for text in texts.queue(cast.office)[:3]:
        texts.open_text(cast.rosa, text.pk)
    reading.approve(cast.rosa, texts.queue(cast.office)[0].pk, words="Bel eerst.")
    reading.set_aside(cast.rosa, texts.queue(cast.office)[0].pk)
    reading.pass_to_triage(cast.rosa, texts.queue(cast.office)[0].pk)
    results.release_round(a_round, clock.quarter(clock.today()), by=cast.quinten)
    own = (READY / "jongere.json").read_text(encoding="utf-8").replace('"key": "jongere"', '"key": "eigen"')
    questionnaires.import_questionnaire(own, office=cast.office, by=cast.quinten)
    privacy.retain(clock.today())

    page = shown(cast)

    assert "Najaar: 12 codes (Letter)" in page
    assert "What should Leerplicht do differently?" in page
    assert re.search(r"Najaar, quarter \d of \d{4}, release 1", page)
    assert "Quinten: Quality adviser" in page
    assert RAW.findall(page) == []


@pytest.mark.parametrize(
    ("verb", "subject", "words"),
    [
        (Verb.CODES_MADE, "Peiling: 2: 18 (card)", "Peiling: 2: 18 codes (Card)"),
        (Verb.RELEASED, "Jaar 2026-Q3 2026-Q4 (2)", "Jaar 2026-Q3, quarter 4 of 2026, release 2"),
        (Verb.RELEASE_ASKED, "Jaar 2026-Q4", "Jaar, quarter 4 of 2026"),
        (Verb.ANSWERS_IMPORTED, "Oud: 2024-Q2", "Oud, quarter 2 of 2024"),
        (Verb.MAIL_SENT, "Mail: 1", "Mail: 1 mail"),
        (Verb.REMINDED, "Mail: 12", "Mail: 12 mails"),
        (Verb.ADDRESSES_ADDED, "Mail: 12", "Mail: 12 addresses"),
        (Verb.MEMBER_ADDED, "Jan: reader, triage", "Jan: Reader, Triage (danger)"),
        (Verb.RETAINED, "codes 4, form_keys 3", "Unused codes (only their hashes): 4, Marks that a form was handed in: 3"),
        (Verb.QUESTIONNAIRE_IMPORTED, "jongere 1", "“How was your contact with Leerplicht?”, version 1"),
    ],
)  # fmt: skip
def test_a_line_is_read_from_its_end(cast: Cast, verb: Verb, subject: str, words: str) -> None:
    assert said(cast, verb, subject) == words


def test_the_reason_to_open_a_text_stays_with_it(cast: Cast) -> None:
    line = said(cast, Verb.TEXT_OPENED, "2026-Q4 good: eerste blik: 2026-Q3 better")

    assert line.startswith("quarter 4 of 2026: “")
    assert line.endswith(" (eerste blik: 2026-Q3 better)")


def test_two_questionnaires_that_ask_differently_are_both_named(cast: Cast) -> None:
    with translation.override("nl"):
        line = said(cast, Verb.TEXT_APPROVED, "2026-Q4 better")

    assert line == "kwartaal 4 van 2026: “Wat moet Leerplicht anders doen?” / “Wat moet er anders?”"


@pytest.mark.parametrize(
    ("verb", "subject"),
    [
        (Verb.TEXT_OPENED, "iets anders"),
        (Verb.CODES_MADE, "zonder getal"),
        (Verb.RETAINED, "strange_kind 4, codes 2"),
        (Verb.RETAINED, "er hoefde niets weg"),
        (Verb.QUESTIONNAIRE_IMPORTED, "weg 3"),
        (Verb.THRESHOLD_SET, "Besluit van 2026-Q4 (3)"),
        ("verb_of_later", "2026-Q4 better"),
    ],
)
def test_what_is_not_known_stays_as_it_was_written(cast: Cast, verb: Verb, subject: str) -> None:
    assert said(cast, verb, subject) == subject
