"""Making, starting and closing rounds; making their codes."""

import datetime as dt
import random
from dataclasses import dataclass

from django.conf import settings
from django.db import connection, transaction

from gehoor.base import clock, codes
from gehoor.base.errors import NotAllowed, NotNow
from gehoor.offices import journal
from gehoor.offices.models import Member, Office, Team
from gehoor.questionnaires import queries as questionnaires
from gehoor.questionnaires.models import Version
from gehoor.rounds import rules
from gehoor.rounds.models import Code, Dispatch, Mode, Product, Round, Status
from gehoor.rounds.typed import typed_hashes

_shuffle = random.SystemRandom().shuffle


@dataclass(frozen=True)
class FreshCode:
    """A code at the only moment that it is known: while it is printed or sent."""

    typed: str
    link: str

    @property
    def url(self) -> str:
        """The address that lets somebody in."""
        return f"{settings.GEHOOR_BASE_URL}/v/{self.link}"

    @property
    def shown(self) -> str:
        """The typed code as it is printed."""
        return codes.grouped(self.typed)


@transaction.atomic
def make_round(
    office: Office,
    version: Version,
    *,
    name: str,
    moment: str,
    stage: str,
    product: Product,
    anonymity: str,
    purpose: str,
    readers: str,
    starts_on: dt.date,
    ends_on: dt.date,
    team: Team | None = None,
    by: Member | None = None,
) -> Round:
    """A draft of a round. Raises NotAllowed."""
    if why := rules.why_not_manage(by):
        raise NotAllowed(why)
    a_round = Round.objects.create(
        office=office, version=version, name=name, moment=moment, stage=stage, product=product, anonymity=anonymity,
        purpose=purpose, readers=readers, starts_on=starts_on, ends_on=ends_on, team=team,
    )  # fmt: skip
    journal.write(office, journal.Verb.ROUND_MADE, name, by=by)
    return a_round


@transaction.atomic
def start_round(a_round: Round, *, by: Member | None = None) -> Round:
    """Open the door. Raises NotAllowed, or NotNow with what is missing."""
    if why := rules.why_not_manage(by):
        raise NotAllowed(why)
    if why := rules.why_not_start(a_round, questionnaires.content_of(a_round.version_id)):
        raise NotNow(why)
    a_round.status = Status.OPEN
    a_round.save(update_fields=["status"])
    journal.write(a_round.office, journal.Verb.ROUND_STARTED, a_round.name, by=by)
    return a_round


@transaction.atomic
def close_round(a_round: Round, *, by: Member | None = None) -> Round:
    """Shut the door for good. What was handed in stays. Raises NotAllowed or NotNow."""
    if why := rules.why_not_manage(by):
        raise NotAllowed(why)
    if why := rules.why_not_close(a_round):
        raise NotNow(why)
    a_round.status = Status.CLOSED
    a_round.save(update_fields=["status"])
    journal.write(a_round.office, journal.Verb.ROUND_CLOSED, a_round.name, by=by)
    return a_round


def make_codes(
    a_round: Round, *, size: int, mode: str = Mode.CARD, product: Product | None = None, by: Member | None = None
) -> tuple[Dispatch, list[FreshCode]]:
    """Make codes in one batch. They are returned once, in random order; only hashes are kept.

    Rows go in sorted by hash, in one transaction: their order says nothing (standards.md requirement 35).
    Raises NotAllowed or NotNow.
    """
    if why := rules.why_not_manage(by):
        raise NotAllowed(why)
    if why := rules.why_not_make_codes(a_round, size=size, mode=mode):
        raise NotNow(why)
    fresh = [FreshCode(codes.new_typed_code(), codes.new_link_code()) for _ in range(size)]
    rows = sorted(zip((codes.link_hash(code.link) for code in fresh), typed_hashes([code.typed for code in fresh]), strict=True))
    with transaction.atomic():
        dispatch = Dispatch.objects.create(
            round=a_round, mode=mode, product=product or a_round.product, size=size, made_on=clock.today()
        )
        Code.objects.bulk_create(
            (Code(link_hash=link, typed_hash=typed, dispatch=dispatch) for link, typed in rows), batch_size=500
        )
        journal.write(a_round.office, journal.Verb.CODES_MADE, f"{a_round.name}: {size} ({mode})", by=by)
    _shuffle(fresh)
    return dispatch, fresh


def spend(link_hash: bytes) -> bool:
    """Delete a code. True for the one request that did it; call it inside the transaction that stores the answer."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM rounds_code WHERE link_hash = %s", [link_hash])
        return bool(cursor.rowcount == 1)


def count_answered(a_round: Round) -> None:
    """Note how many codes of each batch were used, in steps of ten. Called when envelopes are opened, never live."""
    for dispatch in a_round.dispatches.all():
        used = dispatch.size - Code.objects.filter(dispatch=dispatch).count()
        band = used // 10 * 10 or None
        if dispatch.answered_band != band:
            dispatch.answered_band = band
            dispatch.save(update_fields=["answered_band"])
