"""What must stand beside every figure (domain.md R27): who was asked, how, when, about what, and under which rules."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from gehoor.base import clock
from gehoor.questionnaires.shown import numbered
from gehoor.results import words
from gehoor.results.queries import Figures
from gehoor.results.words import Words
from gehoor.rounds import queries as rounds
from gehoor.rounds.models import Mode


@dataclass(frozen=True)
class Context:
    """Facts as (name, value), the same in one line, and the notes that a reader may not miss."""

    people: str
    modes: str
    period: str
    facts: Sequence[tuple[str, str]]
    notes: Sequence[str]

    @property
    def line(self) -> str:
        """Everything in one line, for under a chart."""
        return " · ".join(value for _name, value in self.facts)


def of(figures: Figures, wording: Words) -> Context:
    """The context of released figures. Knows the batches of codes up to the day of release, and no answer."""
    a_round, release = figures.round, figures.release
    sent = [one for one in rounds.dispatches_of(a_round) if one.made_on <= release.released_on]
    modes = _unique([words.mode_label(one.mode) for one in sent]) or [words.mode_label(Mode.IMPORT)]
    products = _unique([words.name_of(one.product) for one in sent]) or [words.name_of(a_round.product)]
    languages = len(wording.content.languages)
    people = words.voice(a_round.version.questionnaire.voice)
    facts = [
        (_("Who answered"), people),
        (_("Way of asking"), _listed(modes)),
        (_("Moment"), a_round.get_moment_display()),
        (_("Subject"), _listed(products)),
        (_("Pressure"), a_round.get_stage_display()),
        (_("Period"), clock.quarter_in_words(release.period)),
        (_("Questionnaire"), numbered(wording.title, a_round.version.number)),
        (_("Language"), _language_fact(languages)),
        (_("Release"), _released(release.number, date_format(release.released_on, "DATE_FORMAT"))),
        (_("Smallest group"), _("smallest group %(number)s") % {"number": release.smallest_group}),
    ]
    if a_round.team:
        facts.insert(1, (_("Team"), a_round.team.name))
    return Context(
        people, _listed(modes), clock.quarter_in_words(release.period), facts, _notes(modes, products, languages)
    )


def _notes(modes: Sequence[str], products: Sequence[str], languages: int) -> list[str]:
    notes = []
    if len(modes) > 1:
        notes.append(
            _("Answers from %(modes)s stand together here. People answer differently by each.")
            % {"modes": _small(_listed(modes))}
        )
    if len(products) > 1:
        notes.append(_("Answers about %(products)s stand together here.") % {"products": _small(_listed(products))})
    if languages > 1:
        notes.append(
            _("Answers in all languages stand together here. A question can sound different in another language.")
        )
    notes.append(_("Answers that an attendance officer helped with are left out: people answer more kindly then."))
    notes.append(
        _("Each share is a share of everybody who sent the questionnaire in, also of those who skipped the question.")
    )
    return notes


def _language_fact(languages: int) -> str:
    return _("one language") if languages == 1 else _("choice of %(number)s languages") % {"number": languages}


def _released(number: int, day: str) -> str:
    return _("release %(number)s of %(day)s") % {"number": number, "day": day}


def _unique(names: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(names))


def _listed(names: Sequence[str]) -> str:
    """Names in a row: A, b and c."""
    if len(names) < 2:  # noqa: PLR2004 -- nothing to join
        return "".join(names)
    first, *others = names
    *others, last = [first, *map(_small, others)]
    return _("%(others)s and %(last)s") % {"others": ", ".join(others), "last": last}


def _small(name: str) -> str:
    """The name as it stands inside a sentence; an abbreviation stays as it is."""
    return name if name[1:2].isupper() else name[:1].lower() + name[1:]
