"""What is said out loud: the words that ask for consent, by age, and a script for who has none.

In Dutch as it is spoken; the words that ask for consent are there in every language, in short sentences. An office has words
of its own in `Meeting.consent` and `Meeting.guide`, in Dutch only; these are for the rest.
"""

from typing import TypedDict

from django.utils import translation
from django.utils.translation import pgettext

from gehoor.base.languages import FALLBACK
from gehoor.interviews import rules
from gehoor.interviews.models import Interview
from gehoor.meetings import consents
from gehoor.meetings.consents import Said
from gehoor.meetings.models import Age, Meeting, Voice


class Part(TypedDict):
    """One part of a script."""

    minutes: int
    title: str
    words: str


# The numbers of the rules: what is said out loud is what happens.
_SOUND = (
    f"Het geluid gooien we weg uiterlijk {rules.SOUND_KEPT_CHECKED.days} dagen nadat alles is opgeschreven en nagekeken, "
    f"en altijd binnen {rules.SOUND_KEPT.days} dagen."
)
_ALL = (
    "Ik wil graag met je praten over hoe het ging met Leerplicht. Meedoen mag, het hoeft niet. Je mag altijd stoppen.\n"
    "Of je meedoet heeft geen gevolg voor je zaak: ik weet niets van je zaak en ik praat er met niemand over.\n"
    "Ik schrijf op wat je zegt. Je naam en andere namen halen we weg.\n"
    "Vertel je dat iemand in gevaar is? Dan zeg ik eerst tegen jou wat ik ga doen.\n"
    "Je krijgt een nummer van dit gesprek. Daarmee kun je later zeggen dat je toch niet mee wilt doen. Dan gooien we alles weg.\n"
)  # fmt: skip
_APART = "Vindt u het goed dat we woorden van u gebruiken, zonder naam?\nEn mag ik het geluid opnemen?\n" + _SOUND
_APART_JE = "Vind je het goed dat we woorden van jou gebruiken, zonder naam?\nEn mag ik het geluid opnemen?\n" + _SOUND
GROWN = (
    "Ik wil graag met u praten over hoe het ging met Leerplicht. Meedoen mag, het hoeft niet. U mag altijd stoppen.\n"
    "Of u meedoet heeft geen gevolg voor uw zaak: ik weet niets van uw zaak en ik praat er met niemand over.\n"
    "Ik schrijf op wat u zegt. Uw naam en andere namen halen we weg.\n"
    "Vertelt u dat iemand in gevaar is? Dan zeg ik eerst tegen u wat ik ga doen.\n"
    "U krijgt een nummer van dit gesprek. Daarmee kunt u later zeggen dat u toch niet mee wilt doen. Dan gooien we alles weg.\n"
    + _APART
)
CONSENT: dict[str, str] = {
    Age.UNDER_12: (
        "Aan de ouder: ik wil graag met uw kind praten, met u erbij. Meedoen mag, het hoeft niet. U en uw kind mogen altijd stoppen.\n"
        "Het heeft geen gevolg voor de zaak: ik weet er niets van. Namen halen we weg. "
        "U krijgt een nummer waarmee u later nee kunt zeggen. Dan gooien we alles weg.\n" + _APART
        + "\nAan het kind: vind jij het ook goed? Je mag nee zeggen."
    ),
    Age.FROM_12: _ALL + _APART_JE + "\nJe bent nog geen 16. Daarom vraag ik ook aan je vader, moeder of verzorger of het goed is. Jullie moeten het allebei goed vinden.",
    Age.FROM_16: _ALL + _APART_JE,
}  # fmt: skip

PHONE: list[Part] = [
    {"minutes": 1, "title": "Begin", "words": "Goedendag, u spreekt met … namens het bureau Leerplicht. Ik weet niets van uw zaak. Komt het nu uit? Het duurt acht tot tien minuten."},
    {"minutes": 1, "title": "Vraag of het mag", "words": "Lees de zinnen over meedoen voor. Pas daarna begint het gesprek."},
    {"minutes": 3, "title": "Hoe ging het?", "words": "Kunt u vertellen hoe het contact met Leerplicht ging? Wat weet u nog het best?"},
    {"minutes": 3, "title": "Wat hielp, wat niet?", "words": "Wat hielp u verder? Wat had anders gemoeten? Voelde u zich gehoord?"},
    {"minutes": 1, "title": "Einde", "words": "Is er nog iets dat u wilt zeggen? Dank u wel. Hier is het nummer van dit gesprek, als u later toch niet mee wilt doen."},
]  # fmt: skip
TALK: list[Part] = [
    {"minutes": 5, "title": "Begin", "words": "Vertel wie je bent, dat je niets van de zaak weet, en hoe lang het duurt. Vraag of het mag."},
    {"minutes": 15, "title": "Wat gebeurde er?", "words": "Neem me eens mee: wat gebeurde er, vanaf het eerste contact met Leerplicht?"},
    {"minutes": 15, "title": "Wat deed dat met je?", "words": "Wat hielp je verder? Wat maakte het moeilijker? Wie luisterde er echt?"},
    {"minutes": 10, "title": "Wat zou jij doen?", "words": "Als jij het voor het zeggen had: wat zou je als eerste veranderen?"},
    {"minutes": 5, "title": "Einde", "words": "Is er nog iets dat je wilt zeggen? Geef het nummer van dit gesprek. Vraag hoe het nu met je is."},
]  # fmt: skip


def consent_for(meeting: Meeting, age: str, voice: str, language: str) -> Said:
    """The words that ask somebody: the office's own for a youth of that age or for other people, or else ours."""
    is_youth = voice == Voice.YOUTH
    if own := str(meeting.consent.get(age if is_youth else consents.UNKNOWN, "")).strip():
        return Said(own, FALLBACK)
    if language == FALLBACK:
        return Said(CONSENT[age] if is_youth else GROWN, FALLBACK)
    return Said(in_short(meeting, age, language), language)


def in_short(meeting: Meeting, age: str, language: str) -> str:
    """What is said in a language other than Dutch; and the same in Dutch, for who does not speak that language."""
    days = {"days": rules.SOUND_KEPT_CHECKED.days, "most": rules.SOUND_KEPT.days}
    with translation.override(language):
        lines = [
            # The first four are those of meetings.
            pgettext(
                "client", "Somebody asks you questions and writes down what you say. Your name is not written down."
            ),
            pgettext(
                "client", "%(office)s keeps what is said, to do things better. It does not go into any file about you."
            )
            % {"office": meeting.office.name},
            pgettext(
                "client", "You may skip every question, and you may stop at any moment. Nothing bad happens then."
            ),
            pgettext("client", "Do you tell that somebody is in danger? Then we talk with you about help."),
            pgettext(
                "client",
                "You get a number of this talk. With it you can say later that you no longer want to take part. Then we delete everything.",
            ),
            *_with_a_parent(age),
            pgettext("client", "Do you want to take part?"),
            pgettext("client", "May your words be shown to others, without your name?"),
            pgettext(
                "client",
                "May we record the sound? We delete it %(days)s days after everything was written down and checked at the latest, and always within %(most)s days.",
            )
            % days,
        ]
    return "\n".join(lines)


def _with_a_parent(age: str) -> list[str]:
    if age == Age.UNDER_12:
        return [pgettext("client", "You are younger than 12: your parent or carer joins together with you.")]
    if age == Age.FROM_12:
        return [pgettext("client", "You are younger than 16: you and your parent or carer both have to agree.")]
    return []


def language_of(interview: Interview) -> str:
    """The language of the words that were said, as far as they are still those of today; or else Dutch."""
    said = consent_for(interview.meeting, interview.age, interview.voice, interview.language)
    return said.language if said.text == interview.words else FALLBACK


def script_of(meeting: Meeting, *, by_call: bool) -> list[Part]:
    """What to say and ask, in parts."""
    return meeting.guide or (PHONE if by_call else TALK)
