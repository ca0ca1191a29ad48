"""Sending invitations so that nothing afterwards pairs a person with a code (standards.md §2.6 A).

As many codes as people are made in memory and stored as hashes, in one transaction. People and codes are shuffled and
paired in memory only. That somebody was written to is noted in a transaction of its own, which touches no code. After a
mishap the pairs are gone: whoever was not written to gets a new code, and the codes that reached nobody are never used.

A reminder therefore carries no code. The old one is not known any more, and a fresh one would let somebody answer
twice: the reminder points to the earlier mail.
"""

import random
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from email.utils import make_msgid, parseaddr
from smtplib import SMTPException, SMTPRecipientsRefused
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from gehoor.base import clock, codes
from gehoor.base.errors import NotAllowed, NotNow
from gehoor.offices import journal
from gehoor.offices.models import Member
from gehoor.questionnaires import queries as questionnaires
from gehoor.questionnaires import shown
from gehoor.rounds import changes, queries, rules
from gehoor.rounds.changes import FreshCode
from gehoor.rounds.models import Dispatch, Recipient, Round

# Somebody waits for the page meanwhile; the next part is one press away.
AT_ONCE = 200
FOLDER_BACKEND = "gehoor.rounds.mailfolder.EmailBackend"

_chance = random.SystemRandom()


@dataclass(frozen=True)
class Posted:
    """What came of one run. `refused` addresses were turned down by the mail server and stay on the list."""

    sent: int
    refused: int
    broke_off: bool = False  # the mail server stopped answering


def is_trial() -> bool:
    """Does mail go into a folder instead of to people?"""
    return settings.EMAIL_BACKEND == FOLDER_BACKEND


def send(dispatch: Dispatch, *, most: int = AT_ONCE, by: Member | None = None) -> Posted:
    """Write to those of a list who were not written to, at most `most` of them. Run it again for the rest.

    Raises NotAllowed, or NotNow also when the mail server does not answer: then no code was made.
    """
    if why := rules.why_not_manage(by):
        raise NotAllowed(why)
    people = _some_of(queries.waiting_recipients(dispatch), most)
    if why := rules.why_not_send(dispatch, waiting=len(people), today=clock.today()):
        raise NotNow(why)
    with _mail_server() as server:
        pairs = dict(zip((person.pk for person in people), changes.add_codes(dispatch, len(people)), strict=True))
        posted = _post(server, people, "sent", lambda person: invitation(dispatch.round, pairs[person.pk], person))
    journal.write(dispatch.round.office, journal.Verb.MAIL_SENT, f"{dispatch.round.name}: {posted.sent}", by=by)
    return posted


def remind(dispatch: Dispatch, *, most: int = AT_ONCE, by: Member | None = None) -> Posted:
    """One reminder to everybody of a list who was written to, whether they answered or not: that is not known.

    Raises NotAllowed or NotNow.
    """
    if why := rules.why_not_manage(by):
        raise NotAllowed(why)
    people = _some_of(Recipient.objects.filter(dispatch=dispatch, sent=True, reminded=False), most)
    if why := rules.why_not_remind(dispatch, unreminded=len(people), today=clock.today()):
        raise NotNow(why)
    with _mail_server() as server:
        posted = _post(server, people, "reminded", lambda person: reminder(dispatch.round, person))
    Dispatch.objects.filter(pk=dispatch.pk).update(reminded_on=clock.today())
    journal.write(dispatch.round.office, journal.Verb.REMINDED, f"{dispatch.round.name}: {posted.sent}", by=by)
    return posted


def invitation(a_round: Round, code: FreshCode, person: Recipient) -> EmailMessage:
    """The mail that carries a code, in the person's language. It holds no name."""
    return _mail(a_round, person, "rounds/mail/invitation.txt", {"url": code.url, "typed": code.shown})


def reminder(a_round: Round, person: Recipient) -> EmailMessage:
    """The mail that points to the earlier one."""
    return _mail(a_round, person, "rounds/mail/reminder.txt", {})


def sample(a_round: Round, language: str, *, again: bool = False) -> EmailMessage:
    """What people get, with a made-up code, to show before it is sent."""
    nobody = Recipient(address="", language=language)
    code = FreshCode("2" * (codes.TYPED_LENGTH + 1), "x" * codes.LINK_LENGTH)
    return reminder(a_round, nobody) if again else invitation(a_round, code, nobody)


def _mail(a_round: Round, person: Recipient, template: str, words: dict[str, str]) -> EmailMessage:
    content = questionnaires.content_of(a_round.version_id)
    language = shown.language_of(content, person.language)
    with translation.override(language):
        context = {
            "intro": shown.introduction(content, language, office_name=a_round.office.name),
            "site": settings.GEHOOR_BASE_URL,
            "office_name": a_round.office.name,
            "last_day": a_round.ends_on,
            **words,
        }
        # The subject shows on a locked screen that others may see: it names no office and no subject.
        subject = pgettext("client", "A few questions")
        body = render_to_string(template, context)
    return EmailMessage(subject, body.strip() + "\n", to=[person.address], headers=_headers(language))


def _headers(language: str) -> dict[str, str]:
    """The sender's own domain in the message number, not the name of this machine; no out-of-office replies."""
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
    return {"Message-ID": make_msgid(domain=domain), "Content-Language": language, "Auto-Submitted": "auto-generated"}


def _some_of(people: Any, most: int) -> list[Recipient]:
    """Some people in random order, so that the order of sending says nothing."""
    chosen = list(people)
    _chance.shuffle(chosen)
    return chosen[:most]


@contextmanager
def _mail_server() -> Iterator[Any]:
    server = get_connection()
    try:
        server.open()
    except (OSError, SMTPException):
        raise NotNow(
            _("The mail server does not answer. Nothing was sent. Try again later, or ask the operator.")
        ) from None
    try:
        yield server
    finally:
        server.close()


def _post(server: Any, people: Sequence[Recipient], mark: str, write: Callable[[Recipient], EmailMessage]) -> Posted:
    """Mail to each person once. The mark comes before the mail, so that two runs at a time do not both write to somebody."""
    sent = refused = 0
    for person in people:
        if not _claim(person, mark):
            continue
        try:
            server.send_messages([write(person)])
        except SMTPRecipientsRefused:
            _release(person, mark)
            refused += 1
        except (OSError, SMTPException):
            _release(person, mark)
            return Posted(sent, refused, broke_off=True)
        except BaseException:
            _release(person, mark)
            raise
        else:
            sent += 1
    return Posted(sent, refused)


def _claim(person: Recipient, mark: str) -> bool:
    return Recipient.objects.filter(pk=person.pk, **{mark: False}).update(**{mark: True}) == 1


def _release(person: Recipient, mark: str) -> None:
    Recipient.objects.filter(pk=person.pk).update(**{mark: False})
