"""Reading about rounds. What the door needs is kept in memory for a few seconds, so that a page costs no query."""

import datetime as dt
import time
from dataclasses import dataclass
from functools import lru_cache

from django.db import DatabaseError
from django.db.models import Count, QuerySet
from django.utils.translation import gettext as _

from gehoor.base import clock, codes
from gehoor.base.errors import NotFound
from gehoor.offices.models import Member, Office
from gehoor.questionnaires import queries as questionnaires
from gehoor.questionnaires.format import Content
from gehoor.rounds import rules
from gehoor.rounds.models import Anonymity, Code, Dispatch, Mode, Product, Recipient, Round
from gehoor.rounds.typed import typed_hash

DOOR_SECONDS = 2


@dataclass(frozen=True)
class Door:
    """What the door knows of a dispatch: where an answer goes and the context that is stored with it (domain.md R27)."""

    dispatch_pk: int
    round_pk: int
    office_pk: int
    office_name: str
    readers: str
    version_pk: int
    anonymity: str
    mode: str
    moment: str
    product: str
    stage: str
    starts_on: dt.date
    shut: str | None  # None, "closed" or "not_yet"

    @property
    def content(self) -> Content:
        """The questionnaire."""
        return questionnaires.content_of(self.version_pk)

    @property
    def is_open_mode(self) -> bool:
        """Is the code shared? Then it isn't spent."""
        return self.anonymity == Anonymity.OPEN


# The last known door of each dispatch: when the database is away, a page that somebody filled in can still come back.
_last_known: dict[int, Door] = {}


def door_of(dispatch_pk: int) -> Door:
    """The door of a dispatch, at most two seconds old, or older while the database cannot be reached.

    Raises NotFound, or a database error when this process has never seen the dispatch.
    """
    try:
        door = _door(dispatch_pk, int(time.monotonic() // DOOR_SECONDS))
    except DatabaseError:
        if dispatch_pk not in _last_known:
            raise
        return _last_known[dispatch_pk]
    _last_known[dispatch_pk] = door
    return door


@lru_cache(maxsize=512)
def _door(dispatch_pk: int, moment: int) -> Door:
    dispatch = Dispatch.objects.select_related("round__office", "product").filter(pk=dispatch_pk).first()
    if dispatch is None:
        raise NotFound(_("This round does not exist."))
    return fresh_door(dispatch)


def fresh_door(dispatch: Dispatch) -> Door:
    """The door of a dispatch as it is now."""
    a_round = dispatch.round
    return Door(
        dispatch_pk=dispatch.pk,
        round_pk=a_round.pk,
        office_pk=a_round.office_id,
        office_name=a_round.office.name,
        readers=a_round.readers,
        version_pk=a_round.version_id,
        anonymity=a_round.anonymity,
        mode=dispatch.mode,
        moment=a_round.moment,
        product=dispatch.product.code,
        stage=a_round.stage,
        starts_on=a_round.starts_on,
        shut=rules.why_not_answer(a_round, today=clock.today()),
    )


def code_row(code: str) -> Code | None:
    """The row of a link code or a typed code; None for an unknown or used one, which look alike on purpose."""
    if len(code) == codes.LINK_LENGTH:
        return Code.objects.filter(link_hash=codes.link_hash(code)).first()
    typed = codes.typed_as_meant(code)
    if codes.is_typed_code(typed):
        return Code.objects.filter(typed_hash=typed_hash(typed)).first()
    return None


def rounds_of(office: Office) -> QuerySet[Round]:
    """The rounds of an office, newest first."""
    return Round.objects.select_related("version__questionnaire", "product", "team").filter(office=office)


@dataclass(frozen=True)
class Listed:
    """A round in the list, with what to do next."""

    round: Round
    next: str


def listed_for(office: Office, *, today: dt.date) -> list[Listed]:
    """The rounds of an office, newest first, each with what to do next."""
    return [
        Listed(a_round, rules.what_next(a_round, batches=batches, today=today))
        for a_round, batches in _with_batches(rounds_of(office))
    ]


def _with_batches(rounds: QuerySet[Round]) -> list[tuple[Round, int]]:
    counts = dict(Dispatch.objects.filter(round__in=rounds).values_list("round").annotate(Count("pk")).order_by())
    return [(a_round, counts.get(a_round.pk, 0)) for a_round in rounds]


def round_for(member: Member, pk: int) -> Round:
    """A round of the member's own office. Raises NotFound, also for another office's."""
    return round_in(member.office, pk)


def round_in(office: Office, pk: int) -> Round:
    """A round of an office. Raises NotFound with the known numbers."""
    found = (
        Round.objects.select_related("office", "version__questionnaire", "product", "team")
        .filter(office=office, pk=pk)
        .first()
    )
    if found is None:
        raise NotFound(_("This round does not exist."))
    return found


def round_by_number(pk: int) -> Round:
    """A round, for the command line. Raises NotFound."""
    found = Round.objects.select_related("office", "version__questionnaire", "product", "team").filter(pk=pk).first()
    if found is None:
        raise NotFound(_("There is no round %(number)s.") % {"number": pk})
    return found


def round_numbers() -> list[int]:
    """The numbers of all rounds."""
    return list(Round.objects.order_by("pk").values_list("pk", flat=True))


def dispatches_of(a_round: Round) -> QuerySet[Dispatch]:
    """The batches of codes of a round."""
    return a_round.dispatches.select_related("product", "round")


def dispatch_for(member: Member, pk: int) -> Dispatch:
    """A batch of codes of the member's own office. Raises NotFound."""
    found = (
        Dispatch.objects.select_related("round__office", "product").filter(round__office=member.office, pk=pk).first()
    )
    if found is None:
        raise NotFound(_("These codes do not exist."))
    return found


def mail_dispatch_for(member: Member, pk: int) -> Dispatch:
    """A list of addresses of the member's own office. Raises NotFound, also for codes on paper."""
    found = dispatch_for(member, pk)
    if found.mode != Mode.EMAIL:
        raise NotFound(_("These codes do not exist."))
    return found


def waiting_recipients(dispatch: Dispatch) -> QuerySet[Recipient]:
    """Who has not been written to yet."""
    return Recipient.objects.filter(dispatch=dispatch, sent=False)


@dataclass(frozen=True)
class MailState:
    """How far the mail of a dispatch is. Counts of what we sent; nothing about who answered."""

    addresses: int
    sent: int
    unreminded: int

    @property
    def waiting(self) -> int:
        """How many have not been written to."""
        return self.addresses - self.sent


def mail_state(dispatch: Dispatch) -> MailState:
    """How far the mail of a dispatch is."""
    mine = Recipient.objects.filter(dispatch=dispatch)
    return MailState(mine.count(), mine.filter(sent=True).count(), mine.filter(sent=True, reminded=False).count())


def known_addresses(a_round: Round) -> set[str]:
    """The addresses that are on a list of this round already."""
    return set(Recipient.objects.filter(dispatch__round=a_round).values_list("address", flat=True))


def product_by_code(code: str) -> Product:
    """A product. Raises NotFound with the known ones."""
    product = Product.objects.filter(code=code).first()
    if product is None:
        known = ", ".join(Product.objects.values_list("code", flat=True))
        raise NotFound(_("There is no product %(code)s. Known: %(known)s.") % {"code": code, "known": known})
    return product


def products() -> QuerySet[Product]:
    """All products."""
    return Product.objects.all()
