"""What belongs to each kind of meeting before anybody filled in a word: purpose, who comes, a guide with times, a checklist.

Pure data. Guides and purposes are Dutch and can be changed in each meeting: they are the office's own words to the people who
come. The norms are those of domain.md §3 (M12, M14–M17, M28) and R94.
"""

from dataclasses import dataclass, field

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from gehoor.meetings.models import Kind, Voice

MONTHS_4 = 120
WEEKS_3 = 21
WEEKS_2 = 14


@dataclass(frozen=True)
class Step:
    """One line of a guide: how long, what, and what the moderator says or does."""

    minutes: int
    title: str
    words: str


@dataclass(frozen=True)
class Check:
    """One line of a checklist.

    An `automatic` one is looked up in the plan (`rules.MEASURES`), any other is ticked by a person. A hard one that is not
    met keeps the doors shut; a soft one warns.
    """

    key: str
    sentence: Promise
    reason: Promise | str = ""
    hard: bool = False
    automatic: bool = False


@dataclass(frozen=True)
class Norm:
    """How many people may come. None: no norm."""

    least: int | None = None
    most: int | None = None


@dataclass(frozen=True)
class Plan:
    """A kind of meeting as it is usually done."""

    use: Promise  # what it is for, in one line
    who: Promise  # who comes, in a few words
    purpose: str
    audience: tuple[str, ...]
    steps: tuple[Step, ...]
    checks: tuple[Check, ...]
    clients: Norm | None = field(default_factory=Norm)  # None: no clients come
    listeners: Norm | None = None
    lead_days: int = WEEKS_2
    asks_consent: bool = False

    @property
    def minutes(self) -> int:
        """How long the guide takes."""
        return sum(step.minutes for step in self.steps)


# --- words that many guides share ---------------------------------------------------------------------------------

PROMISE = Step(
    5,
    "Belofte en afspraken",
    "“Eerst onze belofte. Bij een briefje op het bord staat nooit je naam. Er staat alleen wie je bent: jongere, ouder,"
    " medewerker of partner. De naam die je koos, vergeten we aan het eind. Wij vertellen niet verder wie wat zei, en jullie ook"
    " niet.\n\nVertelt iemand dat er gevaar is? Dan praten we daar na afloop samen over hulp.\n\nIedereen komt aan het woord. Er zijn"
    " geen foute antwoorden. Je mag alles overslaan en je mag altijd stoppen. Je hoeft niet te zeggen waarom.”",
)
CHECK = Step(
    5,
    "De begeleider leest mee",
    "Kijk de briefjes na die nog dicht liggen. Je ziet niet wie ze schreef. Staat er een naam in, of iets waaraan je iemand"
    " herkent? Vraag dan in het algemeen om het aan te passen, of verberg het briefje.",
)
TURN = Step(
    15,
    "Omdraaien, vraag voor vraag",
    "Draai één vraag tegelijk om. Lees de briefjes rustig voor. Vraag na elke vraag: “Wat valt jullie op?” Vraag nooit van wie een"
    " briefje is.",
)
GROUP = Step(10, "Bij elkaar leggen", "“Welke briefjes horen bij elkaar? Welke naam geven we aan zo'n groepje?” Iedereen mag schuiven.")  # fmt: skip
VOTE = Step(5, "Kiezen", "“Wat is voor jou het belangrijkst? Je hebt drie stippen. Niemand ziet waar jij ze zet.”")


def _welcome(minutes: int, words: str) -> Step:
    return Step(
        minutes,
        "Welkom",
        "Zet koffie, thee en water klaar. Help wie nog niet binnen is met de code.\n\n“Welkom, fijn dat jullie er zijn. Ik heet … en"
        f" ik leid deze bijeenkomst. {words} We zijn klaar om … uur.”",
    )


def _write(minutes: int, *questions: str) -> Step:
    asked = "\n".join(f"• {question}" for question in questions)
    return Step(
        minutes,
        "Schrijven, ieder voor zich",
        f"“Schrijf op wat je denkt. Eén gedachte per briefje. De anderen zien het nog niet.”\n\nDe vragen op het bord:\n{asked}\n\nHelp wie"
        " liever praat dan schrijft: schrijf op wat die zegt, woord voor woord.",
    )


def _close(minutes: int, words: str) -> Step:
    return Step(
        minutes,
        "Afsluiten",
        f"“Dank jullie wel. {words} Bewaar de 16 cijfers die op je scherm staan: daarmee lees je later terug wat er met je briefjes"
        " gebeurde.”\n\nVertel wie antwoord geeft en op welke dag. Blijf na afloop tien minuten voor wie nog iets kwijt wil.",
    )


# --- lines that many checklists share -----------------------------------------------------------------------------

FREE = Check(
    "free",
    _("Everybody knows that coming is a free choice, and that saying no has no consequences."),
    _("Clients of Leerplicht did not choose to be clients. A request can sound like an order."),
)
LANGUAGE = Check("language", _("You know who needs an interpreter, or help with reading or writing."))
PLACE = Check("place", _("The place is easy to reach, also with a wheelchair, and is not the room of hearings."))
THANKS = Check("thanks", _("Travel costs and a thank-you are arranged."))
BACK = Check(
    "back",
    _("It is settled who tells people what became of it, and on which day."),
    _("Nothing that was said may end without an answer."),
)
AFTERCARE = Check(
    "aftercare",
    _("Somebody is there afterwards, and calls everybody once in the week after."),
    _("Telling what was hard can stir up a lot."),
)
MODERATOR = Check("moderator", _("Who leads the meeting is named."), automatic=True)
TIMELY = Check(
    "lead_time",
    _("The day is far enough ahead to find and prepare people."),
    _("Finding people takes longer than one thinks."),
    automatic=True,
)
CLIENTS = Check("clients", _("The number of clients is within the norm of this kind of meeting."), automatic=True)
APART = Check(
    "apart",
    _("Youths and parents do not sit together."),
    _("A youth speaks less freely beside parents, and the other way round."),
    automatic=True,
)
NO_BOSS = Check("no_boss", _("Who leads it has no say over the people at the table."))

# --- the kinds ----------------------------------------------------------------------------------------------------

PLANS: dict[str, Plan] = {
    Kind.INSPIRATION: Plan(
        use=_("Dream together about good contact with Leerplicht, and choose a first step."),
        who=_("Staff, clients and partners, 8 to 25 people"),
        purpose="Samen dromen over goed contact met Leerplicht, en een eerste stap kiezen.",
        audience=(Voice.YOUTH, Voice.PARENT, Voice.STAFF, Voice.PARTNER),
        steps=(
            _welcome(10, "Vandaag dromen we over goed contact met Leerplicht, en we kiezen een eerste stap."),
            PROMISE,
            Step(10, "Opwarmen", "“Denk aan iemand die echt naar je luisterde. Waaraan merkte je dat?” Praat er in tweetallen over."),
            _write(
                20,
                "Hoe ziet goed contact met Leerplicht eruit, als alles kan?",
                "Wat gaat er nu al goed? Wat schuurt?",
                "Wat kunnen we morgen anders doen?",
            ),
            CHECK,
            TURN,
            Step(10, "Pauze", "Laat het bord staan. Loop rond."),
            GROUP,
            VOTE,
            Step(20, "Erover praten", "Begin bij de meeste stippen. “Wat is de kleinste stap die we hierin kunnen zetten? Wie zet hem? Wanneer?” Schrijf wens en stap apart op: een wens zonder stap is nog geen besluit."),
            _close(10, "Wij schrijven op wat we gaan doen en wat niet, en waarom."),
        ),
        checks=(MODERATOR, TIMELY, FREE, Check("mixed", _("Clients are not alone among officials: at least two of each voice come.")), LANGUAGE, PLACE, THANKS,
            Check("decides", _("Somebody who may decide is there at the end."), _("Its risk: wishes without decisions.")), BACK),
        clients=Norm(2, None),
        lead_days=WEEKS_3,
    ),
    Kind.VISION: Plan(
        use=_("Agree on what matters, what you want to hear, and what you promise."),
        who=_("Staff first, then clients and partners, 6 to 20 people"),
        purpose="Samen vaststellen wat wij belangrijk vinden, wat wij willen horen en wat wij beloven.",
        audience=(Voice.STAFF, Voice.YOUTH, Voice.PARENT, Voice.PARTNER),
        steps=(
            _welcome(10, "Vandaag spreken we af wat wij belangrijk vinden en wat wij van jongeren en ouders willen horen."),
            PROMISE,
            _write(
                15,
                "Wat mag nooit ontbreken in het contact met Leerplicht?",
                "Waarover willen wij het oordeel van jongeren en ouders weten?",
                "Wat doen wij met wat we horen?",
            ),
            CHECK,
            TURN,
            GROUP,
            VOTE,
            Step(20, "De zinnen schrijven", "Maak van de grootste groepjes zinnen. “Wij vinden … belangrijk. Wij willen horen of … Wij beloven dat …” Beloof alleen wat je kunt houden."),
            _close(5, "De zinnen leggen we voor aan wie er vandaag niet bij was. Daarna stellen we ze vast."),
        ),
        checks=(MODERATOR, TIMELY, FREE, LANGUAGE,
            Check("needs", _("The first list of what the office needs to know is at hand.")),
            Check("absent", _("It is clear who is not at the table, and who asks them.")), BACK),
    ),
    Kind.FOCUS_GROUP: Plan(
        use=_("Hear why something helps or not, and how it can be better."),
        who=_("6 to 10 people who are in the same position"),
        purpose="Horen wat hielp, wat niet hielp en wat beter kan in het contact met Leerplicht.",
        audience=(Voice.YOUTH,),
        steps=(
            _welcome(10, "Vandaag willen we van jullie leren hoe het contact met Leerplicht was."),
            PROMISE,
            _write(
                15,
                "Wat hielp jou in het contact met Leerplicht?",
                "Wat hielp niet, of maakte het moeilijker?",
                "Wat moet Leerplicht anders doen?",
            ),
            CHECK,
            TURN,
            GROUP,
            VOTE,
            Step(20, "Erover praten", "Begin bij de meeste stippen. “Hoe komt dat? Wie heeft het anders meegemaakt? Wat had er moeten gebeuren?” Vraag wie nog niets zei of die iets wil zeggen, en neem een nee meteen aan."),
            _close(5, "Wij schrijven op wat we hebben gehoord, zonder namen, en wat we ermee doen."),
        ),
        checks=(MODERATOR, NO_BOSS, CLIENTS, APART, TIMELY, FREE,
            Check("two", _("Two people lead: one asks, one watches and helps."), _("Loud voices and shame are the risks of this kind.")),
            LANGUAGE, PLACE, THANKS, AFTERCARE, BACK),
        clients=Norm(6, 10),
        lead_days=WEEKS_3,
    ),
    Kind.JOURNEY: Plan(
        use=_("Draw the road from the first day of absence to now, with how it felt."),
        who=_("5 to 10 clients, and colleagues of the chain who listen"),
        purpose="Zien hoe de weg van eerste verzuim tot nu was, en waar die stokt.",
        audience=(Voice.YOUTH, Voice.PARTNER),
        steps=(
            _welcome(10, "Vandaag tekenen we samen de weg van de eerste keer thuis tot nu."),
            PROMISE,
            Step(10, "De stappen nalopen", "“Op het bord staan stappen. Missen we er een? Heet er een bij jou anders?” Pas de stappen aan."),
            _write(
                20,
                "Hoe begon het? Wie merkte het?",
                "Wat dacht je toen de brief kwam?",
                "Hoe ging het gesprek?",
                "Wat gebeurde er na het gesprek?",
                "Hoe is het nu?",
            ),
            CHECK,
            Step(15, "De weg langslopen", "Draai stap voor stap om. “Hoe voelde dit? Wie was er bij je? Op wie wachtte je?” Zet het gevoel bij de stap."),
            VOTE,
            Step(15, "Waar stokt het?", "Begin bij de stap met de meeste stippen. “Wat had hier moeten gebeuren, en door wie?” Noteer de organisatie, nooit een naam."),
            _close(5, "Wij laten de weg zien aan iedereen die erin voorkomt, zonder namen. Elke organisatie vertelt wat zij verandert."),
        ),
        checks=(MODERATOR, CLIENTS, APART, TIMELY, FREE, LANGUAGE, PLACE, THANKS, AFTERCARE,
            Check("owner", _("For each step there is somebody who may change it."), _("Its risk: the map becomes a poster.")), BACK),
        clients=Norm(5, 10),
        lead_days=WEEKS_3,
    ),
    Kind.MIRROR: Plan(
        use=_("Clients talk with each other; staff sit around them and listen."),
        who=_("At most 12 clients, at most 25 listeners, an independent moderator"),
        purpose="Luisteren naar wat cliënten elkaar vertellen over Leerplicht, zonder te antwoorden.",
        audience=(Voice.YOUTH, Voice.STAFF),
        steps=(
            Step(5, "Welkom aan allen", "De cliënten zitten in de binnenste kring, de luisteraars eromheen.\n\n“Welkom. De binnenste kring praat. De buitenste kring luistert, zegt niets, knikt niet en schrijft geen namen op.”"),
            PROMISE,
            Step(5, "Kennismaken in de kring", "“Noem de naam die je hier gebruikt en één ding dat je vandaag wilt laten horen.”"),
            Step(15, "Wat ging goed", "“Wanneer voelde je je geholpen? Wat deed die ander precies?”"),
            Step(20, "Wat ging niet goed", "“Wanneer voelde je je niet gehoord? Wat had je op dat moment nodig?” Houd het bij wat er gebeurde, niet bij wie het deed."),
            Step(5, "Eén advies", "“Wat geef je de mensen om ons heen mee? Eén zin ieder.”"),
            Step(10, "Vragen om uitleg", "De luisteraars mogen nu alleen vragen wat iets betekent. Geen uitleg, geen verdediging, geen excuses. Onderbreek wie dat toch doet.\n\nWie luisterde, schrijft daarna op het bord:\n• Wat raakte jou in het gesprek?\n• Wat gaan we hierdoor anders doen?"),
            Step(10, "Afsluiten", "“Dank jullie wel. Over vier weken hoor je wat er verandert en wat niet, met de reden.”\n\nEerst gaan de cliënten uit elkaar, met iemand die met hen napraat. Pas daarna praten de luisteraars na."),
        ),
        checks=(
            Check("moderator", _("An independent moderator is named."), _("Without one a mirror conversation gets no day."), hard=True, automatic=True),
            Check("independent", _("The moderator belongs to no team of the listeners and knows no client of the table."), hard=True),
            Check("clients", _("There are at most 12 clients."), _("With more, not everybody gets to speak."), hard=True, automatic=True),
            Check("listeners", _("There are at most 25 listeners."), _("More people around the table are frightening."), hard=True, automatic=True),
            Check("closed_cases", _("All clients have a case that is closed."), _("Nobody may sit before an officer who can still act against them."), hard=True),
            Check("other_team", _("No listener works in the team that had the case of a client at the table."), _("Nobody may sit before an officer who can still act against them."), hard=True),
            APART,
            Check("lead_time", _("The day is about four months ahead."), _("Finding and preparing people takes that long."), automatic=True),
            Check("duration", _("The conversation takes about 75 minutes."), automatic=True),
            FREE,
            Check("prepared_clients", _("The moderator has spoken with each client beforehand.")),
            Check("prepared_listeners", _("The listeners were prepared: no defence, only questions about what something means.")),
            LANGUAGE, PLACE, THANKS, AFTERCARE, BACK,
        ),
        clients=Norm(None, 12),
        listeners=Norm(None, 25),
        lead_days=MONTHS_4,
    ),
    Kind.CIRCLE: Plan(
        use=_("A team takes one theme of what was heard and agrees on one small step."),
        who=_("One team, 4 to 10 colleagues, every 6 to 10 weeks"),
        purpose="Eén thema uit wat wij hoorden bespreken, en één kleine stap afspreken.",
        audience=(Voice.STAFF,),
        steps=(
            Step(5, "Welkom", "“Vandaag nemen we één thema. We zoeken geen schuldige, maar een stap. Wat was de stap van de vorige keer, en hoe ging die?”"),
            PROMISE,
            Step(5, "Het thema", "Lees voor wat er over het thema is vrijgegeven: de cijfers en de woorden van cliënten. Nog niet reageren."),
            _write(10, "Kennen wij dit?", "Waar komt het vandaan?"),
            Step(10, "Omdraaien en waarderen", "Draai de eerste twee vragen om. Dan de derde:\n• Wat vinden wij ervan?\n\nVraag door bij ‘dat zien ze verkeerd’: “Stel dat het klopt, wat dan?”"),
            Step(15, "Verbeteren", "De laatste vraag:\n• Welke ene kleine stap zetten we?\n\nKlein genoeg om maandag te beginnen. Wie, wat, wanneer, en waaraan merken cliënten het?"),
            Step(5, "Kiezen", "“Welke stap kiezen we?” Eén stap is genoeg."),
            Step(5, "Afsluiten", "Schrijf de stap op met een naam en een dag. Spreek af wie het terugvertelt aan de cliënten. Zet de volgende leerkring in de agenda, over zes tot tien weken."),
        ),
        checks=(MODERATOR, Check("outside", _("Who leads it stands outside the hierarchy of the team.")),
            Check("theme", _("One theme is chosen, with released figures or words beside it.")),
            Check("time", _("Everybody's hour is free of duty."), _("Defence and lack of time are the risks of this kind.")),
            Check("next", _("The next circle is in the diary, in 6 to 10 weeks."))),
        clients=None,
        lead_days=7,
    ),
    Kind.CHOICE: Plan(
        use=_("Choose ways of asking that suit your clients and your office."),
        who=_("Staff, clients and partners who took part before, 6 to 15 people"),
        purpose="Samen kiezen op welke manieren wij om feedback vragen.",
        audience=(Voice.STAFF, Voice.YOUTH, Voice.PARENT, Voice.PARTNER),
        steps=(
            _welcome(10, "Vandaag kiezen we op welke manieren Leerplicht om jullie oordeel vraagt."),
            PROMISE,
            Step(15, "De manieren bekijken", "Leg de kaarten met manieren neer. Vertel bij elke kaart kort: voor wie, hoeveel tijd, wat kan er misgaan."),
            _write(
                15,
                "Waaraan moet een manier van vragen voldoen?",
                "Welke manieren passen bij ons, en waarom?",
                "Welke manieren passen niet, en waarom?",
            ),
            CHECK,
            TURN,
            VOTE,
            Step(15, "Samen besluiten", "Kies twee of drie manieren voor een proef. Vraag bij elke keuze: “Wie horen we hiermee nog niet?”"),
            _close(5, "Wij proberen de gekozen manieren uit en vertellen jullie hoe dat ging."),
        ),
        checks=(MODERATOR, TIMELY, FREE, Check("cards", _("The cards of the methods are printed.")), Check("unheard", _("Somebody speaks for those who are seldom heard.")), LANGUAGE, BACK),
    ),
    Kind.EVALUATION: Plan(
        use=_("Look back on a pilot: keep it, change it or stop."),
        who=_("People who took part in the pilot, 6 to 15"),
        purpose="Terugkijken op de proef: houden we het, passen we het aan, of stoppen we?",
        audience=(Voice.STAFF, Voice.YOUTH, Voice.PARENT, Voice.PARTNER),
        steps=(
            _welcome(10, "Vandaag kijken we terug op de proef."),
            PROMISE,
            Step(10, "Wat we weten", "Laat de vrijgegeven cijfers van de proef zien en lees goedgekeurde woorden voor. Zeg ook wie we niet hoorden."),
            _write(
                15,
                "Wat werkte goed in de proef?",
                "Wat werkte niet, en voor wie niet?",
                "Houden we het, passen we het aan, of stoppen we?",
            ),
            CHECK,
            TURN,
            GROUP,
            VOTE,
            Step(10, "Het advies", "“Wij adviseren om … omdat …” Schrijf ook op wie het er niet mee eens is, en waarom. Zonder namen."),
            _close(5, "Het advies gaat naar wie erover beslist. Je hoort het besluit en de reden."),
        ),
        checks=(MODERATOR, TIMELY, FREE, Check("figures", _("The released figures of the pilot are printed.")),
            Check("critics", _("People who dropped out or disliked it were asked to come too.")), LANGUAGE, BACK),
    ),
    Kind.INTERVIEW: Plan(
        use=_("Let one person tell the whole story, in peace."),
        who=_("One client and one interviewer; a parent or interpreter if wanted"),
        purpose="Begrijpen hoe iemand het contact met Leerplicht heeft meegemaakt.",
        audience=(Voice.YOUTH, Voice.PARENT),
        steps=(
            Step(5, "Welkom", "“Fijn dat je met mij wilt praten. Ik heet … en ik werk niet aan jouw zaak. Ik wil graag horen hoe het voor jou was. Het duurt ongeveer drie kwartier.”"),
            Step(5, "Belofte en toestemming", "“Ik schrijf op wat je zegt, zonder je naam. Je mag elke vraag overslaan en je mag altijd stoppen. Vertel je dat er gevaar is? Dan praten we samen over hulp. Vind je het goed dat ik begin?”\n\nBegin pas als de toestemming is vastgelegd. Jonger dan 16: eerst de ouder of verzorger."),
            Step(15, "Het verhaal", "“Vertel eens hoe het begon. En toen?” Laat stiltes vallen. Vraag naar wat er gebeurde, niet naar wie er schuld had."),
            Step(10, "Wat hielp, wat niet", "“Wat hielp jou? Wat maakte het moeilijker? Wat had je toen nodig?”"),
            Step(10, "Wat beter kan", "“Stel dat jij het voor het zeggen had bij Leerplicht. Wat verander je als eerste?”"),
            Step(5, "Afsluiten", "“Is er iets wat ik niet vroeg en wat je wel wilt zeggen? Hoe was dit gesprek voor je? Dank je wel. Over … hoor je wat we ermee doen.”"),
        ),
        checks=(
            Check("moderator", _("Who asks the questions is named."), automatic=True),
            Check("no_case", _("Who asks has no part in the case and cannot see it."), _("Somebody who may still decide about you is hard to be honest with.")),
            FREE, LANGUAGE,
            Check("quiet", _("The place is quiet, and the person chose it.")),
            Check("alone", _("A youth can speak without a parent in the room.")), THANKS, AFTERCARE, BACK),
        clients=Norm(1, 3),
        lead_days=WEEKS_2,
        asks_consent=True,
    ),
}  # fmt: skip


def plan_for(kind: str) -> Plan:
    """The plan of a kind of meeting."""
    return PLANS[kind]


def guide_for(kind: str) -> list[dict[str, object]]:
    """The guide that a new meeting begins with, as it is stored."""
    return [{"minutes": step.minutes, "title": step.title, "words": step.words} for step in PLANS[kind].steps]
