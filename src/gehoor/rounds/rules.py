"""What may be done with a round, and when. Each rule returns None, or the reason why not as a sentence."""

import datetime as dt

from django.utils.translation import gettext as _

from gehoor.base.languages import LANGUAGES
from gehoor.offices import rules as office_rules
from gehoor.offices.models import Member
from gehoor.questionnaires.format import Content
from gehoor.rounds.models import Anonymity, Mode, Round, Status

MOST_CODES = 50_000
# Above this many messages a second look is wanted (standards.md requirement 110): the screen asks to confirm the number.
MANY_MESSAGES = 500


def why_not_manage(member: Member | None) -> str | None:
    """The command line acts as the operator; on screen it is the quality adviser's work."""
    return office_rules.why_not_manage(member) if member else None


def why_not_start(a_round: Round, content: Content) -> str | None:
    """A round starts only when a client can be told who asks, why and who reads it (standards.md requirement 4, 5)."""
    if a_round.status != Status.DRAFT:
        return _("This round was started before.")
    if not a_round.purpose.strip():
        return _("Say first what you want to learn, and for which decision.")
    if not a_round.readers.strip():
        return _("Say first who reads the texts: clients are told.")
    missing = [LANGUAGES[code].name for code in content.languages if not content.intro.get(code)]
    if missing:
        return _("The introduction is missing in: %(languages)s.") % {"languages": ", ".join(missing)}
    return None


def why_not_make_codes(a_round: Round, *, size: int, mode: str) -> str | None:
    """Codes are for open rounds; an open-mode round has one shared code a batch."""
    if a_round.status == Status.CLOSED:
        return _("This round is closed.")
    if a_round.status == Status.DRAFT:
        return _("Start the round first.")
    if a_round.anonymity == Anonymity.OPEN and size != 1:
        return _("A round with a shared code has one code for each place. Make one at a time.")
    if a_round.anonymity == Anonymity.OPEN and mode == Mode.EMAIL:
        return _("E-mail needs a code for each person.")
    if not 1 <= size <= MOST_CODES:
        return _("Make 1 to %(most)s codes at a time.") % {"most": MOST_CODES}
    return None


def why_not_close(a_round: Round) -> str | None:
    """Only an open round can be closed."""
    return None if a_round.status == Status.OPEN else _("This round is not open.")


def why_not_answer(a_round: Round, *, today: dt.date) -> str | None:
    """The state of a round as the door sees it: None, "closed" or "not_yet"."""
    if a_round.status == Status.DRAFT or today < a_round.starts_on:
        return "not_yet"
    if a_round.status == Status.CLOSED or today > a_round.ends_on:
        return "closed"
    return None
