"""Reading what the privacy officer may see: the journal, never a client's words."""

import datetime as dt

from django.db.models import QuerySet

from gehoor.offices import queries as offices
from gehoor.offices.journal import Verb
from gehoor.offices.models import Entry, Office


def journal_of(office: Office, *, verb: str = "") -> QuerySet[Entry]:
    """The journal, newest first; only one kind of line when the verb is a known one."""
    lines = offices.journal_of(office)
    return lines.filter(verb=verb) if verb in Verb.values else lines


def reading_log_of(office: Office) -> QuerySet[Entry]:
    """Each opening of a raw text: who, when, and of which quarter and question (domain.md R21)."""
    return journal_of(office, verb=Verb.TEXT_OPENED)


def deletions_of(office: Office) -> QuerySet[Entry]:
    """What was deleted, and when."""
    return journal_of(office, verb=Verb.RETAINED)


def retained_on(office: Office, day: dt.date) -> bool:
    """Was there a deletion on a day?"""
    return deletions_of(office).filter(at__date=day).exists()
