"""Reading released figures, and only those."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from gehoor.answers import queries as answers
from gehoor.base import clock
from gehoor.base.errors import NotFound
from gehoor.disclosure.tables import PublicTable
from gehoor.offices.models import Member, Office
from gehoor.results import rules
from gehoor.results.models import AskedRelease, Release, ReleasedTable, State
from gehoor.rounds import queries as rounds
from gehoor.rounds import rules as round_rules
from gehoor.rounds.models import Round, Status

LONG = dt.timedelta(minutes=1)


@dataclass(frozen=True)
class Figures:
    """The released tables of one round and quarter, in the order of the questionnaire."""

    round: Round
    release: Release
    tables: Sequence[PublicTable]

    def of(self, question: str, dimension: str | None = None) -> PublicTable | None:
        """One table, when it was released."""
        return next(
            (table for table in self.tables if (table.question, table.dimension) == (question, dimension)), None
        )


def newest_release(a_round: Round, period: str) -> Release | None:
    """The newest release that was not blocked."""
    return Release.objects.filter(round=a_round, period=period, blocked=False).first()


def all_tables(a_round: Round, period: str) -> list[PublicTable]:
    """Every table of a round and quarter that anybody has ever been shown: what the auditor must reckon with."""
    tables: list[PublicTable] = []
    for release in (
        Release.objects.filter(round=a_round, period=period, blocked=False)
        .order_by("number")
        .prefetch_related("tables")
    ):
        for stored in release.tables.all():
            table = PublicTable.from_json(stored.table)
            if table not in tables:
                tables.append(table)
    return tables


def newest_tables(a_round: Round, period: str) -> list[PublicTable]:
    """The tables of the newest release; none before the first."""
    release = newest_release(a_round, period)
    return list(figures(a_round, release).tables) if release else []


def figures(a_round: Round, release: Release) -> Figures:
    """The tables of a release."""
    return Figures(a_round, release, [PublicTable.from_json(stored.table) for stored in release.tables.all()])


def releases_of(a_round: Round) -> QuerySet[Release]:
    """The releases of a round that were not blocked."""
    return Release.objects.filter(round=a_round, blocked=False).order_by("-period", "-number")


def newest_of(a_round: Round) -> list[Release]:
    """The newest release of each quarter of a round, newest quarter first."""
    newest: dict[str, Release] = {}
    for release in releases_of(a_round):
        newest.setdefault(release.period, release)
    return list(newest.values())


def visible_rounds(member: Member) -> list[Round]:
    """The rounds whose figures the member may see."""
    found = rounds.rounds_of(member.office)
    if member.has(*rules.SEE_ALL):
        return list(found)
    if member.team_id is None:
        return []
    mine = list(found.filter(team_id=member.team_id))
    # All of them are of one team, so that the rule says the same of each: it is asked once.
    return mine if mine and rules.may_see(member, mine[0]) else []


def round_for(member: Member, pk: int) -> Round:
    """A round whose figures the member may see. Raises NotFound, also when it exists but isn't for this member."""
    a_round = rounds.round_for(member, pk)
    if not rules.may_see(member, a_round):
        raise NotFound(_("This round does not exist."))
    return a_round


def figures_for(member: Member, round_pk: int, period: str) -> Figures:
    """The newest released figures. Raises NotFound."""
    a_round = round_for(member, round_pk)
    release = newest_release(a_round, period)
    if release is None:
        raise NotFound(_("Nothing was released for this quarter yet."))
    return figures(a_round, release)


@dataclass(frozen=True)
class Summary:
    """One line of the list: a round, the newest release of each quarter, and the quarters that can be released now."""

    round: Round
    releases: Sequence[Release]
    waiting: Sequence[str]


def summaries(member: Member) -> list[Summary]:
    """The rounds that the member may see, with figures or begun: of the others there is nothing to see or to wait for.

    Only who may release learns which quarters wait; nobody learns how many answers.
    """
    seen = visible_rounds(member)
    newest = newest_by_round(seen)
    found = [
        Summary(a_round, newest[a_round.pk], waiting_quarters(member, a_round, newest[a_round.pk])) for a_round in seen
    ]
    return [one for one in found if one.releases or one.waiting or _has_begun(one.round)]


def _has_begun(a_round: Round) -> bool:
    return round_rules.why_not_answer(a_round, today=clock.today()) != "not_yet"


def newest_by_round(seen: Sequence[Round]) -> dict[int, list[Release]]:
    """The newest release of each quarter, newest quarter first, of many rounds in one query."""
    newest: dict[int, dict[str, Release]] = {a_round.pk: {} for a_round in seen}
    found = Release.objects.filter(round__in=list(newest), blocked=False).order_by("-period", "-number")
    for release in found:
        newest[release.round_id].setdefault(release.period, release)
    return {pk: list(by_quarter.values()) for pk, by_quarter in newest.items()}


def waiting_quarters(member: Member, a_round: Round, releases: Sequence[Release]) -> list[str]:
    """The quarters with opened answers of which nothing was released yet."""
    if a_round.status == Status.DRAFT or rules.why_not_release(member, a_round):
        return []
    return [period for period in answers.periods_of(a_round) if period not in {release.period for release in releases}]


def has_answers(a_round: Round, period: str) -> bool:
    """Were answers of this quarter opened? Not how many."""
    return period in answers.periods_of(a_round)


@dataclass(frozen=True)
class History:
    """The newest figures of a quarter, and the totals of each released quarter of the round, newest first."""

    figures: Figures
    totals: Sequence[Figures]


def history_for(member: Member, round_pk: int, period: str) -> History:
    """What the page of a quarter shows, in two queries beside those for the round. Raises NotFound."""
    a_round = round_for(member, round_pk)
    newest = newest_of(a_round)
    chosen = next((release for release in newest if release.period == period), None)
    if chosen is None:
        raise NotFound(_("Nothing was released for this quarter yet."))
    tables: dict[int, list[PublicTable]] = {release.pk: [] for release in newest}
    for stored in ReleasedTable.objects.filter(release__in=list(tables), table__dimension=None).order_by("place"):
        tables[stored.release_id].append(PublicTable.from_json(stored.table))
    totals = [Figures(a_round, release, tables[release.pk]) for release in newest]
    return History(figures(a_round, chosen), totals)


def same_questionnaire(member: Member, a_round: Round) -> list[Summary]:
    """The other rounds with the same questionnaire that were released. In the order of the rounds: never by score."""
    questionnaire = a_round.version.questionnaire_id
    others = [
        one for one in visible_rounds(member) if one.version.questionnaire_id == questionnaire and one.pk != a_round.pk
    ]
    newest = newest_by_round(others)
    return [Summary(one, newest[one.pk], []) for one in others if newest[one.pk]]


# --- asking -------------------------------------------------------------------------------------------------------


def asking_of(a_round: Round, period: str) -> AskedRelease | None:
    """The newest asking for the figures of a round and quarter."""
    return AskedRelease.objects.select_related("release").filter(round=a_round, period=period).first()


def is_stuck(asked: AskedRelease, *, at: dt.datetime) -> bool:
    """Has no worker begun within a minute? A worker that runs begins at once, unless it is opening envelopes."""
    return asked.state == State.WAITING and asked.begun_at is None and at - asked.asked_at > LONG


def waiting_askings(office: Office) -> QuerySet[AskedRelease]:
    """What was asked in an office and waits for the worker."""
    return AskedRelease.objects.select_related("round").filter(round__office=office, state=State.WAITING)


def askings_to_do(*, began_before: dt.datetime) -> QuerySet[AskedRelease]:
    """What nobody is at now, in the order of asking. Who began before `began_before` has given up."""
    free = Q(begun_at=None) | Q(begun_at__lt=began_before)
    people = ("round__office", "asked_by__office", "asked_by__account")
    return AskedRelease.objects.select_related(*people).filter(free, state=State.WAITING).order_by("pk")
