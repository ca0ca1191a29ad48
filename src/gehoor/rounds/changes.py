"""Making, starting and closing rounds; making their codes."""

import datetime as dt
import random
from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from gehoor.base import clock, codes
from gehoor.base.errors import BadInput, NotAllowed, NotNow
from gehoor.offices import journal
from gehoor.offices.models import Member, Office, Team
from gehoor.questionnaires import queries as questionnaires
from gehoor.questionnaires.models import Version
from gehoor.rounds import queries, rules
from gehoor.rounds.addresses import Address
from gehoor.rounds.models import Code, Dispatch, Mode, Product, Recipient, Round, Status
from gehoor.rounds.typed import typed_hashes

CODES_KEPT = dt.timedelta(30)  # after the last day of a round; privacy.retention names the same
# Spend a code: one row for the one request that did it, within the transaction that stores the answer.
SPEND = "DELETE FROM rounds_code WHERE link_hash = %s"
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


Invented = tuple[list[FreshCode], list[tuple[bytes, bytes]]]


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
    a_round.ends_on = max(
        a_round.starts_on, min(a_round.ends_on, clock.today())
    )  # what is deleted later counts from here
    a_round.save(update_fields=["status", "ends_on"])
    journal.write(a_round.office, journal.Verb.ROUND_CLOSED, a_round.name, by=by)
    return a_round


def invent_codes(size: int) -> Invented:
    """Codes and their hashes, not kept yet: hashing takes some milliseconds a code, and nobody can write meanwhile."""
    fresh = _new_codes(size)
    return fresh, _rows_of(fresh)


def make_codes(
    a_round: Round,
    *,
    size: int,
    mode: str = Mode.CARD,
    product: Product | None = None,
    by: Member | None = None,
    invented: Invented | None = None,
) -> tuple[Dispatch, list[FreshCode]]:
    """Make codes in one batch. They are returned once, in random order; only hashes are kept.

    Whoever calls this within a longer transaction hands in what `invent_codes` made before it began. Rows go in sorted by hash, in one transaction: their order says nothing (standards.md requirement 35).
    Raises NotAllowed or NotNow.
    """
    if why := rules.why_not_manage(by):
        raise NotAllowed(why)
    if why := rules.why_not_make_codes(a_round, size=size, mode=mode):
        raise NotNow(why)
    fresh, rows = invented or invent_codes(size)
    with transaction.atomic():
        dispatch = Dispatch.objects.create(
            round=a_round, mode=mode, product=product or a_round.product, size=size, made_on=clock.today()
        )
        _insert(dispatch, rows)
        journal.write(a_round.office, journal.Verb.CODES_MADE, f"{a_round.name}: {size} ({mode})", by=by)
    _shuffle(fresh)
    return dispatch, fresh


def add_codes(dispatch: Dispatch, size: int) -> list[FreshCode]:
    """Codes for a list of addresses, returned once, in random order.

    When the list has codes already (a second run after a mishap), all its rows are written anew in one transaction:
    otherwise the database could tell the late codes, and so the late addresses, from the others (standards.md UA-01).
    """
    fresh = _new_codes(size)
    rows = _rows_of(fresh)
    with transaction.atomic():
        _hold_codes()
        earlier = Code.objects.filter(dispatch=dispatch)
        rows = sorted(
            rows + [(bytes(link), bytes(typed)) for link, typed in earlier.values_list("link_hash", "typed_hash")]
        )
        earlier.delete()
        _insert(dispatch, rows)
        Dispatch.objects.filter(pk=dispatch.pk).update(size=F("size") + size)
    _shuffle(fresh)
    return fresh


def _new_codes(size: int) -> list[FreshCode]:
    return [FreshCode(codes.new_typed_code(), codes.new_link_code()) for _ in range(size)]


def _rows_of(fresh: Sequence[FreshCode]) -> list[tuple[bytes, bytes]]:
    """The hashes of the codes, sorted: their order says nothing."""
    links = (codes.link_hash(code.link) for code in fresh)
    return sorted(zip(links, typed_hashes([code.typed for code in fresh]), strict=True))


def _insert(dispatch: Dispatch, rows: Sequence[tuple[bytes, bytes]]) -> None:
    Code.objects.bulk_create(
        (Code(link_hash=link, typed_hash=typed, dispatch=dispatch) for link, typed in rows), batch_size=500
    )


def _hold_codes() -> None:
    """Nobody spends a code meanwhile. SQLite lets one writer in anyway."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("LOCK TABLE rounds_code IN EXCLUSIVE MODE")


@transaction.atomic
def add_recipients(
    a_round: Round, people: Sequence[Address], *, product: Product | None = None, by: Member | None = None
) -> tuple[Dispatch, int]:
    """A list of addresses to write to. Nothing is sent yet. Also returns how many were left out.

    Left out is who is on a list of this round already: nobody gets two codes (standards.md requirement 110).
    Raises NotAllowed, NotNow, or BadInput when too few are left to stay unknown among.
    """
    if why := rules.why_not_manage(by):
        raise NotAllowed(why)
    if why := rules.why_not_mail(a_round):
        raise NotNow(why)
    known = queries.known_addresses(a_round)
    fresh = {person.address: person for person in people if person.address not in known}
    if len(fresh) < rules.FEWEST_ADDRESSES:
        problem = _(
            "Write to at least %(fewest)s new people at a time; this list has %(count)s. In a small group one could see who answered."
        )
        raise BadInput([problem % {"fewest": rules.FEWEST_ADDRESSES, "count": len(fresh)}])
    dispatch = Dispatch.objects.create(
        round=a_round, mode=Mode.EMAIL, product=product or a_round.product, size=0, made_on=clock.today()
    )
    rows = [Recipient(dispatch=dispatch, address=person.address, language=person.language) for person in fresh.values()]
    Recipient.objects.bulk_create(sorted(rows, key=lambda row: row.address), batch_size=500)
    journal.write(a_round.office, journal.Verb.ADDRESSES_ADDED, f"{a_round.name}: {len(fresh)}", by=by)
    return dispatch, len(people) - len(fresh)


@transaction.atomic
def drop_recipients(dispatch: Dispatch, *, by: Member | None = None) -> None:
    """Throw a list of addresses away to which nothing was sent. Raises NotAllowed or NotNow."""
    if why := rules.why_not_manage(by):
        raise NotAllowed(why)
    if why := rules.why_not_drop(dispatch):
        raise NotNow(why)
    journal.write(dispatch.round.office, journal.Verb.ADDRESSES_DROPPED, dispatch.round.name, by=by)
    dispatch.delete()


def note_import(a_round: Round) -> Dispatch:
    """A dispatch without codes, for older research that is taken in: the figures name it as a way of asking of its own."""
    return Dispatch.objects.create(
        round=a_round, mode=Mode.IMPORT, product=a_round.product, size=0, made_on=clock.today()
    )


def count_answered(a_round: Round) -> None:
    """Note how many codes of each batch were used, in steps of ten. Called when envelopes are opened, never live.

    Not any more once the unused codes may have been deleted: then all would seem used.
    """
    if clock.today() > a_round.ends_on + CODES_KEPT:
        return
    for dispatch in a_round.dispatches.all():
        used = dispatch.size - Code.objects.filter(dispatch=dispatch).count()
        band = used // 10 * 10 or None
        if dispatch.answered_band != band:
            dispatch.answered_band = band
            dispatch.save(update_fields=["answered_band"])


def forget_codes(office: Office, *, ended_before: dt.date) -> int:
    """Delete the unused codes of rounds that ended before a day. The door has been shut since, so nobody misses them."""
    return Code.objects.filter(dispatch__round__office=office, dispatch__round__ends_on__lt=ended_before).delete()[0]


def forget_recipients(office: Office, *, ended_before: dt.date) -> int:
    """Delete the addresses of rounds that ended before a day."""
    return Recipient.objects.filter(dispatch__round__office=office, dispatch__round__ends_on__lt=ended_before).delete()[
        0
    ]
