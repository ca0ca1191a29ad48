"""Releasing: counts -> disclosure -> auditor -> released tables that never change.

The desk only asks (`ask_release`) and never sees an answer; the worker does what was asked (`release_asked`). A kill at
any step leaves no half release: the worker does it again, and it comes out the same.
"""

import datetime as dt
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

from gehoor.answers import queries as answers
from gehoor.answers.queries import Tally
from gehoor.base import clock
from gehoor.base.errors import NotAllowed, NotNow
from gehoor.disclosure import policy, suppress
from gehoor.disclosure.policy import Policy
from gehoor.disclosure.suppress import Basis as ExactBasis
from gehoor.disclosure.tables import PublicTable, Table
from gehoor.offices import journal
from gehoor.offices.models import Member, Office
from gehoor.results import queries, rules
from gehoor.results.models import AskedRelease, Basis, Release, ReleasedTable, State
from gehoor.rounds import queries as rounds
from gehoor.rounds.models import Round, Status

if TYPE_CHECKING:
    from gehoor.disclosure.auditor import Audit

log = logging.getLogger("gehoor.results")

# Longer than any release takes: whoever began and has not finished by then is gone.
LONGEST_RELEASE = dt.timedelta(minutes=10)
MOST_ATTEMPTS = 3


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


def release_round(
    a_round: Round, period: str, *, by: Member | None = None, asked: AskedRelease | None = None
) -> Outcome:
    """Release one round and quarter. What the auditor can see through is blocked, loudly, and nothing of it is shown.

    Raises NotAllowed; NotNow when somebody else released it, or did what was asked, at the same moment.
    """
    from gehoor.disclosure import auditor  # noqa: PLC0415 -- slow import: scipy, a second that no other command needs

    if why := rules.why_not_release(by, a_round):
        raise NotAllowed(why)
    numbers = policy.load().with_smallest(a_round.office.smallest_group)
    stand = _Stand.of(a_round, period)
    before = queries.all_tables(a_round, period)
    known = [ExactBasis.from_json(one) for one in stand.basis.counts] if stand.basis else []
    tables, bases = _through_the_gate(answers.tallies(a_round, period), stand.tables(), known, numbers)
    fresh = [table for table in tables if table not in before]
    if not any(table.shows_something for table in fresh):
        if asked:
            _settle(asked, State.NOTHING_NEW)
        return Outcome(a_round, period, None, 0)
    sizes = {place: size for basis in bases for place, size in basis.sizes().items()}
    audit = auditor.audit([*before, *fresh], numbers, sizes=sizes)
    release = _keep(stand, tables, bases, numbers, audit, by=by, asked=asked)
    return Outcome(a_round, period, release if audit.passed else None, len(audit.findings))


@dataclass(frozen=True)
class _Stand:
    """What was released of a round and quarter when the counting began. `number` is that of the next release."""

    round: Round
    period: str
    number: int
    newest: Release | None
    basis: Basis | None

    @classmethod
    def of(cls, a_round: Round, period: str) -> "_Stand":
        newest = queries.newest_release(a_round, period)
        # A basis with a higher number is of a release that broke off: nobody saw it, so it counts for nothing.
        kept = Basis.objects.filter(round_id=a_round.pk, period=period, number__lte=newest.number if newest else 0)
        return cls(a_round, period, _next_number(a_round, period), newest, kept.order_by("-number").first())

    def tables(self) -> list[PublicTable]:
        """What is shown now."""
        return list(queries.figures(self.round, self.newest).tables) if self.newest else []


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


def _next_number(a_round: Round, period: str) -> int:
    return 1 + Release.objects.filter(round=a_round, period=period).count()


def _keep(
    stand: _Stand,
    tables: Sequence[PublicTable],
    bases: Sequence[ExactBasis],
    numbers: Policy,
    audit: "Audit",
    *,
    by: Member | None,
    asked: AskedRelease | None,
) -> Release:
    """Store a release whole, or only the fact that it was blocked, and say so to who asked. Raises NotNow.

    The vault commits first. If the machine stops between the two, its basis belongs to a release that is not there, and
    the next run writes it again.
    """
    with transaction.atomic():
        _hold(stand)
        if audit.passed:
            _keep_basis(stand, bases)
        release = Release.objects.create(
            round=stand.round, period=stand.period, number=stand.number, released_on=clock.today(), audit=audit.to_json(),
            smallest_group=numbers.smallest_group, policy_sha256=numbers.sha256, blocked=not audit.passed,
        )  # fmt: skip
        if audit.passed:
            ReleasedTable.objects.bulk_create(
                ReleasedTable(release=release, place=place, table=table.to_json()) for place, table in enumerate(tables)
            )
        verb = journal.Verb.RELEASED if audit.passed else journal.Verb.RELEASE_BLOCKED
        journal.write(stand.round.office, verb, f"{stand.round.name} {stand.period} ({stand.number})", by=by)
        if asked and not _settle(asked, State.RELEASED if audit.passed else State.BLOCKED, release):
            raise NotNow(_("Somebody else released this quarter at the same moment. Look at the figures."))
    return release


def _hold(stand: _Stand) -> None:
    """Nobody else releases this round until the transaction ends, and nobody did since the counting began. Raises NotNow.

    SQLite lets one writer in anyway.
    """
    Round.objects.select_for_update(no_key=True).get(pk=stand.round.pk)
    if _next_number(stand.round, stand.period) != stand.number:
        raise NotNow(_("Somebody else released this quarter at the same moment. Look at the figures."))


def _keep_basis(stand: _Stand, bases: Sequence[ExactBasis]) -> None:
    """The exact counts of this release. Those of the one before stay until the next: it may still be the newest one."""
    mine = Basis.objects.filter(round_id=stand.round.pk, period=stand.period)
    Basis.objects.update_or_create(
        round_id=stand.round.pk,
        period=stand.period,
        number=stand.number,
        defaults={"counts": [basis.to_json() for basis in bases]},
    )
    if stand.basis:
        mine.filter(number__lt=stand.basis.number).delete()


def forget_bases(office: Office, *, last_period: str) -> int:
    """Delete the exact counts behind released tables, up to and with a quarter. They go with the answers they were counted from."""
    numbers = list(rounds.rounds_of(office).values_list("pk", flat=True))
    return Basis.objects.filter(round_id__in=numbers, period__lte=last_period).delete()[0]


# --- asking -------------------------------------------------------------------------------------------------------


def ask_release(a_round: Round, period: str, *, by: Member) -> AskedRelease:
    """Ask for the figures of a round and quarter. Asking again while one waits changes nothing. Raises NotAllowed."""
    if why := rules.why_not_release(by, a_round):
        raise NotAllowed(why)
    with transaction.atomic():
        asked, made = AskedRelease.objects.get_or_create(
            round=a_round, period=period, state=State.WAITING, defaults={"asked_by": by, "asked_at": clock.now()}
        )
        if made:
            journal.write(a_round.office, journal.Verb.RELEASE_ASKED, f"{a_round.name} {period}", by=by)
    return asked


def release_asked() -> None:
    """Do what was asked, in the order of asking. Run by the worker every second."""
    for asked in queries.askings_to_do(began_before=clock.now() - LONGEST_RELEASE):
        if asked.attempts >= MOST_ATTEMPTS:
            log.error("Release of round %s %s broke off %s times.", asked.round_id, asked.period, asked.attempts)
            _settle(asked, State.FAILED)
        elif _begin(asked):
            _do(asked)


def let_go() -> None:
    """What a worker had begun may be begun again at once. For the worker that has just made sure that it is the only one."""
    AskedRelease.objects.filter(state=State.WAITING).update(begun_at=None)


def _begin(asked: AskedRelease) -> bool:
    """Of two workers only one begins."""
    now = clock.now()
    free = Q(begun_at=None) | Q(begun_at__lt=now - LONGEST_RELEASE)
    mine = AskedRelease.objects.filter(free, pk=asked.pk, state=State.WAITING)
    return mine.update(begun_at=now, attempts=F("attempts") + 1) == 1


def _do(asked: AskedRelease) -> None:
    """One asking. However it goes, it doesn't stop the worker, and who asked is told."""
    try:
        release_round(asked.round, asked.period, by=asked.asked_by, asked=asked)
    except NotAllowed:
        _settle(asked, State.NOT_ALLOWED)
    except NotNow:  # somebody else was first: look again what is new
        AskedRelease.objects.filter(pk=asked.pk, state=State.WAITING).update(begun_at=None)
    except Exception as error:  # noqa: BLE001 -- whatever it is, it must not come back each second
        # The kind only: an error's own text may hold what somebody wrote.
        log.error("Release of round %s %s failed: %s", asked.round_id, asked.period, type(error).__name__)
        _settle(asked, State.FAILED)


def _settle(asked: AskedRelease, state: State, release: Release | None = None) -> bool:
    """Say what became of an asking. False when that was said before."""
    waiting = AskedRelease.objects.filter(pk=asked.pk, state=State.WAITING)
    return waiting.update(state=state, release=release, begun_at=None) == 1


def forget_askings(office: Office, *, before: dt.date) -> int:
    """Delete what was asked before a day and has been dealt with."""
    done = AskedRelease.objects.filter(round__office=office, asked_at__date__lt=before).exclude(state=State.WAITING)
    return done.delete()[0]
