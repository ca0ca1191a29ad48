"""Invitations by mail: everybody one code, and nothing that remembers whose."""

import datetime as dt
import email
import itertools
import re
import socket
from email.policy import default
from pathlib import Path
from smtplib import SMTPRecipientsRefused, SMTPServerDisconnected

import pytest
from aiosmtpd.controller import Controller
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend as Memory
from django.db import connections
from tests.cast import Cast

from gehoor.base import clock, codes
from gehoor.base.errors import BadInput, NotAllowed, NotNow
from gehoor.offices.models import Entry
from gehoor.rounds import changes, mailing, queries, rules
from gehoor.rounds.addresses import Address
from gehoor.rounds.models import Anonymity, Code, Dispatch, Recipient, Round

pytestmark = pytest.mark.django_db

LINK = re.compile(r"/v/([\w-]{22})")
MEMORY = "django.core.mail.backends.locmem.EmailBackend"


class Breaking(Memory):
    """A mail server that does something else at the sixth mail."""

    error: BaseException | None = None
    count = itertools.count(1)

    def send_messages(self, messages):
        if next(Breaking.count) == 6 and Breaking.error:
            raise Breaking.error
        return super().send_messages(messages)


@pytest.fixture
def breaking(settings):
    settings.EMAIL_BACKEND = f"{__name__}.Breaking"

    def set_up(error: BaseException) -> None:
        Breaking.error, Breaking.count = error, itertools.count(1)

    return set_up


@pytest.fixture(autouse=True)
def _memory(settings):
    settings.EMAIL_BACKEND = MEMORY


def listed(a_round: Round, size: int = 12, *, start: int = 0, language: str = "nl") -> Dispatch:
    people = [Address(f"p{number:03}@example.nl", language) for number in range(start, start + size)]
    return changes.add_recipients(a_round, people)[0]


def code_in(message) -> str:
    return LINK.search(message.body).group(1)


def everything_stored() -> str:
    """Every table of both databases, as a dump shows it: row by row, in its own order."""
    lines = []
    for connection in connections.all():
        with connection.cursor() as cursor:
            for table in connection.introspection.table_names(cursor):
                cursor.execute(f'SELECT * FROM "{table}"')
                lines += [f"{table} {row}" for row in cursor.fetchall()]
    return "\n".join(lines)


def test_everybody_gets_one_mail_with_a_code_of_their_own(cast: Cast):
    dispatch = listed(cast.round())

    posted = mailing.send(dispatch, by=cast.quinten)

    assert posted == mailing.Posted(sent=12, refused=0)
    assert sorted(message.to[0] for message in mail.outbox) == [f"p{number:03}@example.nl" for number in range(12)]
    sent_codes = {code_in(message) for message in mail.outbox}
    assert {codes.link_hash(code) for code in sent_codes} == {bytes(code.link_hash) for code in Code.objects.all()}
    assert len(sent_codes) == 12
    assert not Recipient.objects.filter(sent=False).exists()


def test_no_row_holds_a_code_or_a_code_beside_an_address(cast: Cast):
    mailing.send(listed(cast.round()), by=cast.quinten)

    rows = everything_stored().splitlines()
    for message in mail.outbox:
        code = code_in(message)
        assert not [row for row in rows if code in row]
        marks = (str(codes.link_hash(code)), codes.link_hash(code).hex())
        assert not [row for row in rows if message.to[0] in row and any(mark in row for mark in marks)]


def test_the_order_of_codes_is_not_the_order_of_people_nor_of_sending(cast: Cast):
    mailing.send(listed(cast.round(), 60), by=cast.quinten)

    by_hash = [bytes(row) for row in Code.objects.values_list("link_hash", flat=True)]
    as_stored = Recipient.objects.order_by("pk").values_list("address", flat=True)
    code_of = {message.to[0]: codes.link_hash(code_in(message)) for message in mail.outbox}
    sent_in = [message.to[0] for message in mail.outbox]
    assert [code_of[address] for address in as_stored] != by_hash
    assert [code_of[address] for address in sent_in] != by_hash
    assert sent_in != list(as_stored)
    same_place = sum(code_of[address] == by_hash[place] for place, address in enumerate(as_stored))
    assert same_place < 10  # chance gives one


@pytest.mark.parametrize("error", [SystemExit(), SMTPServerDisconnected("gone"), OSError("gone")])
def test_after_a_crash_the_next_run_writes_to_the_others_once(cast: Cast, breaking, error):
    dispatch = listed(cast.round())
    breaking(error)

    if isinstance(error, SystemExit):
        with pytest.raises(SystemExit):
            mailing.send(dispatch, by=cast.quinten)
    else:
        assert mailing.send(dispatch, by=cast.quinten) == mailing.Posted(5, 0, broke_off=True)
    assert queries.mail_state(dispatch).sent == len(mail.outbox) == 5
    mailing.send(dispatch, by=cast.quinten)

    assert sorted(message.to[0] for message in mail.outbox) == [f"p{number:03}@example.nl" for number in range(12)]
    dispatch.refresh_from_db()
    assert dispatch.size == Code.objects.filter(dispatch=dispatch).count() == 12 + 7
    known = {bytes(row) for row in Code.objects.values_list("link_hash", flat=True)}
    assert {codes.link_hash(code_in(message)) for message in mail.outbox} <= known


def test_late_codes_lie_between_the_early_ones(cast: Cast, breaking):
    dispatch = listed(cast.round())
    breaking(OSError("gone"))

    mailing.send(dispatch, by=cast.quinten)
    early = set(Code.objects.values_list("link_hash", flat=True))
    mailing.send(dispatch, by=cast.quinten)

    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT link_hash FROM rounds_code")
        stored = [bytes(row[0]) for row in cursor.fetchall()]
    assert stored == sorted(stored)
    assert {bytes(row) for row in early} < set(stored)


def test_an_address_that_the_server_refuses_stays_on_the_list(cast: Cast, breaking):
    dispatch = listed(cast.round())
    breaking(SMTPRecipientsRefused({}))

    posted = mailing.send(dispatch, by=cast.quinten)

    assert posted == mailing.Posted(sent=11, refused=1)
    assert queries.mail_state(dispatch).waiting == 1


def test_a_part_at_a_time(cast: Cast):
    dispatch = listed(cast.round())

    first, second = (mailing.send(dispatch, most=7, by=cast.quinten) for _ in range(2))

    assert (first.sent, second.sent) == (7, 5)
    with pytest.raises(NotNow):
        mailing.send(dispatch, by=cast.quinten)


def test_somebody_whom_another_run_took_gets_no_second_mail(cast: Cast, monkeypatch):
    dispatch = listed(cast.round())
    stale = list(queries.waiting_recipients(dispatch))
    mailing.send(dispatch, by=cast.quinten)

    monkeypatch.setattr(queries, "waiting_recipients", lambda _: stale)
    posted = mailing.send(dispatch, by=cast.quinten)

    assert posted.sent == 0
    assert len(mail.outbox) == 12


def test_a_mail_server_that_is_away_costs_no_code(cast: Cast, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    dispatch = listed(cast.round())

    with pytest.raises(NotNow):
        mailing.send(dispatch, by=cast.quinten)

    assert (Code.objects.count(), queries.mail_state(dispatch).sent) == (0, 0)


def test_a_reminder_goes_once_to_everybody_and_holds_no_code(cast: Cast):
    a_round = cast.round()
    dispatch = listed(a_round)
    mailing.send(dispatch, by=cast.quinten)
    before = Code.objects.count()
    used = code_in(mail.outbox[0])
    with connections["default"].cursor() as cursor:
        cursor.execute(changes.SPEND, [codes.link_hash(used)])
    mail.outbox.clear()

    posted = mailing.remind(dispatch, by=cast.quinten)
    dispatch.refresh_from_db()

    assert posted.sent == len(mail.outbox) == 12
    assert not [message for message in mail.outbox if LINK.search(message.body)]
    assert (dispatch.reminded_on, Code.objects.count()) == (clock.today(), before - 1)
    with pytest.raises(NotNow):
        mailing.remind(dispatch, by=cast.quinten)


def test_the_journal_counts_and_names_nobody(cast: Cast):
    dispatch = listed(cast.round())
    mailing.send(dispatch, by=cast.quinten)
    mailing.remind(dispatch, by=cast.quinten)

    lines = Entry.objects.filter(verb__in=["mail_sent", "reminded"]).values_list("subject", flat=True)
    assert list(lines) == ["Na het gesprek: 12", "Na het gesprek: 12"]
    assert "@example.nl" not in "".join(Entry.objects.values_list("subject", flat=True))


def test_the_mail_is_in_the_language_of_the_person_and_says_nothing_in_its_subject(cast: Cast):
    mailing.send(listed(cast.round(), language="ar"), by=cast.quinten)

    message = mail.outbox[0]
    assert "هذه الأسئلة" in message.body
    assert "Leerplicht" not in message.subject
    assert message.extra_headers["Content-Language"] == "ar"
    assert cast.office.name in message.body


def test_nobody_gets_two_codes_in_a_round(cast: Cast):
    a_round = cast.round()
    listed(a_round)

    people = [Address(f"p{number:03}@example.nl", "nl") for number in range(6, 30)]
    dispatch, left_out = changes.add_recipients(a_round, people)

    assert (left_out, queries.mail_state(dispatch).addresses) == (6, 18)


def test_a_list_that_is_too_small_to_hide_in_is_refused(cast: Cast):
    with pytest.raises(BadInput):
        listed(cast.round(), rules.FEWEST_ADDRESSES - 1)

    assert (Dispatch.objects.count(), Recipient.objects.count()) == (0, 0)


def test_mail_is_refused_for_shared_codes_drafts_ended_rounds_and_other_roles(cast: Cast):
    with pytest.raises(NotNow):
        listed(cast.round(anonymity=Anonymity.OPEN))
    early = listed(cast.round(starts_on=clock.today() + dt.timedelta(3)))
    with pytest.raises(NotNow):
        mailing.send(early, by=cast.quinten)
    dispatch = listed(cast.round())
    for member in (cast.rosa, cast.bram, cast.lotte, cast.petra):
        with pytest.raises(NotAllowed):
            mailing.send(dispatch, by=member)
    changes.close_round(dispatch.round)
    with pytest.raises(NotNow):
        mailing.send(dispatch, by=cast.quinten)
    assert mail.outbox == []


def test_a_list_can_be_thrown_away_until_it_has_codes(cast: Cast):
    dispatch, other = listed(cast.round()), listed(cast.round())

    changes.drop_recipients(dispatch, by=cast.quinten)
    mailing.send(other, by=cast.quinten)
    other.refresh_from_db()

    assert Recipient.objects.count() == 12
    with pytest.raises(NotNow):
        changes.drop_recipients(other, by=cast.quinten)


def test_the_folder_holds_one_file_a_mail_that_only_its_owner_reads(cast: Cast, settings):
    settings.EMAIL_BACKEND = mailing.FOLDER_BACKEND

    mailing.send(listed(cast.round()), by=cast.quinten)

    files = sorted(Path(settings.EMAIL_FILE_PATH).iterdir())
    assert [(file.suffix, len(file.stem), file.stat().st_mode & 0o777) for file in files] == [(".eml", 32, 0o600)] * 12
    read = [email.message_from_bytes(file.read_bytes(), policy=default) for file in files]
    assert {message["To"] for message in read} == {f"p{number:03}@example.nl" for number in range(12)}
    assert [message["To"] for message in read] != sorted(message["To"] for message in read)


class Mailbox:
    """What a mail server received."""

    def __init__(self) -> None:
        self.received: list[tuple[list[str], bytes]] = []

    async def handle_DATA(self, server, session, envelope):  # noqa: N802 -- as aiosmtpd calls it
        self.received.append((envelope.rcpt_tos, envelope.content))
        return "250 OK"


def test_mail_goes_through_a_real_mail_server(cast: Cast, settings):
    mailbox = Mailbox()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    server = Controller(mailbox, hostname="127.0.0.1", port=port)
    server.start()
    try:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
        posted = mailing.send(listed(cast.round()), by=cast.quinten)
    finally:
        server.stop()

    assert posted.sent == len(mailbox.received) == 12
    people, content = mailbox.received[0]
    message = email.message_from_bytes(content, policy=default)
    assert people == [message["To"]]
    assert LINK.search(message.get_content())
