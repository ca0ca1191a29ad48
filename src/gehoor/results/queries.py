"""Reading released figures, and only those."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from gehoor.base.errors import NotFound
from gehoor.disclosure.tables import PublicTable
from gehoor.offices.models import Member
from gehoor.results import rules
from gehoor.results.models import Release
from gehoor.rounds import queries as rounds
from gehoor.rounds.models import Round


@dataclass(frozen=True)
class Figures:
    """The released tables of one round and quarter, in the order of the questionnaire."""

    round: Round
    release: Release
    tables: Sequence[PublicTable]

    def of(self, question: str, dimension: str | None = None) -> PublicTable | None:
        """One table, when it was released."""
        return next((table for table in self.tables if (table.question, table.dimension) == (question, dimension)), None)


def newest_release(a_round: Round, period: str) -> Release | None:
    """The newest release that was not blocked."""
    return Release.objects.filter(round=a_round, period=period, blocked=False).first()


def all_tables(a_round: Round, period: str) -> list[PublicTable]:
    """Every table of a round and quarter that anybody has ever been shown: what the auditor must reckon with."""
    tables: list[PublicTable] = []
    for release in Release.objects.filter(round=a_round, period=period, blocked=False).order_by("number").prefetch_related("tables"):
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
    return [a_round for a_round in rounds.rounds_of(member.office) if rules.may_see(member, a_round)]


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
