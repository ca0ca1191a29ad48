"""Releasing: counts -> disclosure -> auditor -> released tables that never change."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction

from gehoor.answers import queries as answers
from gehoor.answers.queries import Tally
from gehoor.base import clock
from gehoor.base.errors import NotAllowed
from gehoor.disclosure import policy, suppress
from gehoor.disclosure.policy import Policy
from gehoor.disclosure.suppress import Basis as ExactBasis
from gehoor.disclosure.tables import PublicTable, Table
from gehoor.offices import journal
from gehoor.offices.models import Member, Office
from gehoor.results import queries, rules
from gehoor.results.models import Basis, Release, ReleasedTable
from gehoor.rounds import queries as rounds
from gehoor.rounds.models import Round, Status

if TYPE_CHECKING:
    from gehoor.disclosure.auditor import Audit


@dataclass(frozen=True)
class Outcome:
    """What became of one round."""

    round: Round
    period: str
    release: Release | None  # None: nothing new could be shown
    findings: int


def release_office(office: Office, period: str, *, by: Member | None = None) -> list[Outcome]:
    """Release every round of an office that has answers of a quarter. Raises NotAllowed."""
    started = [a_round for a_round in rounds.rounds_of(office).order_by("pk") if a_round.status != Status.DRAFT]
    return [release_round(a_round, period, by=by) for a_round in started if period in answers.periods_of(a_round)]


def release_round(a_round: Round, period: str, *, by: Member | None = None) -> Outcome:
    """Release one round and quarter. What the auditor can see through is blocked, loudly, and nothing of it is shown."""
    from gehoor.disclosure import auditor  # noqa: PLC0415 -- slow import: scipy, a second that no other command needs

    if why := rules.why_not_release(by, a_round):
        raise NotAllowed(why)
    numbers = policy.load().with_smallest(a_round.office.smallest_group)
    before = queries.all_tables(a_round, period)
    bases = _bases_of(a_round, period)
    tables, bases = _through_the_gate(
        answers.tallies(a_round, period), queries.newest_tables(a_round, period), bases, numbers
    )
    fresh = [table for table in tables if table not in before]
    if not any(table.shows_something for table in fresh):
        return Outcome(a_round, period, None, 0)
    sizes = {place: size for basis in bases for place, size in basis.sizes().items()}
    audit = auditor.audit([*before, *fresh], numbers, sizes=sizes)
    release = _keep(a_round, period, tables, bases, numbers, audit)
    verb = journal.Verb.RELEASED if audit.passed else journal.Verb.RELEASE_BLOCKED
    journal.write(a_round.office, verb, f"{a_round.name} {period} ({release.number})", by=by)
    return Outcome(a_round, period, release if audit.passed else None, len(audit.findings))


def _through_the_gate(
    tallies: Sequence[Tally], old: Sequence[PublicTable], bases: Sequence[ExactBasis], numbers: Policy
) -> tuple[list[PublicTable], list[ExactBasis]]:
    """What may be shown now, question by question, and what it rests on."""
    known = {basis.question: basis for basis in bases}
    public: list[PublicTable] = []
    kept: list[ExactBasis] = []
    for tally in tallies:
        former = [table for table in old if table.question == tally.name]
        basis = known.get(tally.name, ExactBasis(tally.name))
        exact = exact_tables(tally)
        if tally.question.when:
            # Asked of some only: its size tells how many gave the answer that led to it, so it shows no more than that.
            exact = exact[:1] if _may_follow(tally, public) else []
        tables, basis = suppress.renew(former, basis, exact, numbers) if exact else (former, basis)
        public += tables
        kept.append(basis)
    return public, kept


def _may_follow(tally: Tally, public: Sequence[PublicTable]) -> bool:
    """May a question with a condition be shown, given what is shown of the question that led to it?"""
    when = tally.question.when
    parent = next(
        (table for table in public if when and (table.question, table.dimension) == (when.question, None)), None
    )
    return bool(when and parent and suppress.may_follow(parent, when.is_))


def exact_tables(tally: Tally) -> list[Table]:
    """The exact tables of one question, for the gate only: the total, and each dimension that has two groups or more.

    Groups stand in an order that is known beforehand, for ties between them are settled by it.
    """
    tables = []
    for dimension, counter in tally.tables.items():
        found = {group for group, _option in counter}
        groups = (
            ("all",) if dimension is None else tuple(sorted(found, key=lambda group: _place(tally, dimension, group)))
        )
        if dimension is not None and len(groups) < 2:  # noqa: PLR2004 -- one group is the total again
            continue
        tables.append(Table(tally.name, tally.options, dimension, groups, counter, sensitive=tally.question.sensitive))
    return tables


def _place(tally: Tally, dimension: str, group: str) -> tuple[int, str]:
    """Where a group stands: background answers as in the questionnaire, context by its code."""
    order = tally.orders.get(dimension, ())
    return (order.index(group) if group in order else len(order), group)


def _bases_of(a_round: Round, period: str) -> list[ExactBasis]:
    stored = Basis.objects.filter(round_id=a_round.pk, period=period).values_list("counts", flat=True).first()
    return [ExactBasis.from_json(basis) for basis in stored or []]


def _keep(
    a_round: Round,
    period: str,
    tables: Sequence[PublicTable],
    bases: Sequence[ExactBasis],
    numbers: Policy,
    audit: "Audit",
) -> Release:
    """Store a release whole, or only the fact that it was blocked.

    The vault first: if the machine stops between the two, the gate believes that more was shown than was, and is
    stricter, never laxer.
    """
    if audit.passed:
        counts = [basis.to_json() for basis in bases]
        Basis.objects.update_or_create(round_id=a_round.pk, period=period, defaults={"counts": counts})
    with transaction.atomic():
        number = 1 + Release.objects.filter(round=a_round, period=period).count()
        release = Release.objects.create(
            round=a_round, period=period, number=number, released_on=clock.today(), audit=audit.to_json(),
            smallest_group=numbers.smallest_group, policy_sha256=numbers.sha256, blocked=not audit.passed,
        )  # fmt: skip
        if audit.passed:
            ReleasedTable.objects.bulk_create(
                ReleasedTable(release=release, place=place, table=table.to_json()) for place, table in enumerate(tables)
            )
    return release


def forget_bases(office: Office, *, last_period: str) -> int:
    """Delete the exact counts behind released tables, up to and with a quarter. They go with the answers they were counted from."""
    numbers = list(rounds.rounds_of(office).values_list("pk", flat=True))
    return Basis.objects.filter(round_id__in=numbers, period__lte=last_period).delete()[0]
