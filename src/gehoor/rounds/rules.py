"""What may be done with a round, and when. Each rule returns None, or the reason why not as a sentence."""

import datetime as dt

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from gehoor.base.languages import LANGUAGES
from gehoor.offices import rules as office_rules
from gehoor.offices.models import Member
from gehoor.questionnaires.format import Content
from gehoor.rounds.models import Anonymity, Dispatch, Mode, Round, Status

MOST_CODES = 50_000
# A PDF is made while somebody waits for it (some seconds for this many); more is asked for again.
MOST_PRINTED = 400
# With fewer, one could tell from the number of used codes who answered (standards.md requirement 51).
FEWEST_ADDRESSES = 10
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


def why_not_print(a_round: Round, *, size: int, mode: str) -> str | None:
    """Printed codes are codes; one PDF holds a limited number."""
    if size > MOST_PRINTED:
        return _("Print at most %(most)s codes at a time.") % {"most": MOST_PRINTED}
    return why_not_make_codes(a_round, size=size, mode=mode)


def why_not_mail(a_round: Round) -> str | None:
    """E-mail is for open rounds in which each person has a code."""
    return why_not_make_codes(a_round, size=1, mode=Mode.EMAIL)


def why_not_send(dispatch: Dispatch, *, waiting: int, today: dt.date) -> str | None:
    """Mail goes out while its code works."""
    if why := why_not_mail(dispatch.round):
        return why
    if today < dispatch.round.starts_on:
        day = date_format(dispatch.round.starts_on)
        return _("The round starts on %(day)s. Send the e-mail then: before that day the codes do not work.") % {
            "day": day
        }
    if today > dispatch.round.ends_on:
        return _("The last day of this round is over.")
    return None if waiting else _("Everybody on this list was written to.")


def why_not_remind(dispatch: Dispatch, *, unreminded: int, today: dt.date) -> str | None:
    """One reminder, to everybody who was written to: nobody knows who answered (standards.md requirement 51)."""
    if why := why_not_mail(dispatch.round):
        return why
    if today > dispatch.round.ends_on:
        return _("The last day of this round is over.")
    if unreminded:
        return None
    return (
        _("A reminder went out already. We send one at most.") if dispatch.reminded_on else _("Send the e-mail first.")
    )


def why_not_drop(dispatch: Dispatch) -> str | None:
    """A list of addresses can go as long as nothing was sent to it."""
    if dispatch.mode != Mode.EMAIL or dispatch.size:
        return _("Codes were made for this list already.")
    return None


def state_in_words(a_round: Round, *, today: dt.date) -> str:
    """Draft, open or closed; and for an open round when it does not take answers on this day."""
    if a_round.status != Status.OPEN:
        return a_round.get_status_display()
    if today < a_round.starts_on:
        same_year = a_round.starts_on.year == today.year
        day = date_format(a_round.starts_on, "MONTH_DAY_FORMAT" if same_year else "DATE_FORMAT")
        return _("Starts on %(day)s") % {"day": day}
    return _("Last day is over") if today > a_round.ends_on else a_round.get_status_display()


def what_next(a_round: Round, *, batches: int, today: dt.date) -> str:
    """What the quality adviser does next, as a sentence."""
    if a_round.status == Status.DRAFT:
        return _("Check the round and start it.")
    if a_round.status == Status.CLOSED:
        return _("Look at the results.")
    if today > a_round.ends_on:
        return _("The last day is over. Close the round.")
    if not batches:
        return _("Print codes or send e-mail: nobody can answer yet.")
    if today < a_round.starts_on:
        return _("The codes work from %(day)s.") % {"day": date_format(a_round.starts_on)}
    return _("Answers come in until %(day)s. You need not do anything.") % {"day": date_format(a_round.ends_on)}


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
