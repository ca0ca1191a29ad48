"""The journal: each change by staff leaves one line. Lines are added, never changed."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from gehoor.base import clock
from gehoor.offices.models import Account, Entry, Member, Office


class Verb(models.TextChoices):
    """What staff can do that leaves a line."""

    OFFICE_ADDED = "office_added", _("added the office")
    MEMBER_ADDED = "member_added", _("added a member")
    THRESHOLD_SET = "threshold_set", _("set the smallest group")
    QUESTIONNAIRE_IMPORTED = "questionnaire_imported", _("imported a questionnaire")
    ROUND_MADE = "round_made", _("made a round")
    ROUND_STARTED = "round_started", _("started a round")
    ROUND_CLOSED = "round_closed", _("closed a round")
    CODES_MADE = "codes_made", _("made codes")
    ADDRESSES_ADDED = "addresses_added", _("added an address list")
    ADDRESSES_DROPPED = "addresses_dropped", _("threw an address list away")
    MAIL_SENT = "mail_sent", _("sent e-mail")
    REMINDED = "reminded", _("sent a reminder")
    ANSWERS_IMPORTED = "answers_imported", _("imported answers")
    ENVELOPES_OPENED = "envelopes_opened", _("opened envelopes")
    TEXT_OPENED = "text_opened", _("opened a raw text")
    TEXT_APPROVED = "text_approved", _("approved a text")
    TEXT_SET_ASIDE = "text_set_aside", _("set a text aside")
    TEXT_FLAGGED = "text_flagged", _("passed a text to triage")
    CONCERN_RECORDED = "concern_recorded", _("recorded a concern")
    RELEASE_ASKED = "release_asked", _("asked for results")
    RELEASED = "released", _("released results")
    RELEASE_BLOCKED = "release_blocked", _("release was blocked")
    MEETING_PLANNED = "meeting_planned", _("planned a meeting")
    MEETING_CHANGED = "meeting_changed", _("changed the plan of a meeting")
    MEETING_INVITED = "meeting_invited", _("made an invitation for a meeting")
    MEETING_OPENED = "meeting_opened", _("opened the doors of a meeting")
    MEETING_ENDED = "meeting_ended", _("ended a meeting")
    MEETING_ANSWERED = "meeting_answered", _("told what became of a meeting")
    NOTES_IMPORTED = "notes_imported", _("imported notes")
    BOARD_EXPORTED = "board_exported", _("exported a board")
    CALLS_ADDED = "calls_added", _("added a call list")
    CALLS_DROPPED = "calls_dropped", _("threw a call list away")
    INTERVIEW_CHECKED = "interview_checked", _("checked a transcript")
    INTERVIEW_WITHDRAWN = "interview_withdrawn", _("deleted an interview that was withdrawn")
    RETAINED = "retained", _("deleted what was due")


def write(office: Office, verb: Verb, subject: str, *, by: Member | Account | None = None) -> Entry:
    """Add a line. `by` is None for the command line and the worker. `subject` never holds a client's words."""
    account = by.account if isinstance(by, Member) else by
    return Entry.objects.create(office=office, account=account, verb=verb, subject=subject[:200], at=clock.now())


def was_marked(office: Office, verb: Verb, mark: str) -> bool:
    """Is there such a line whose subject ends with this mark?"""
    return Entry.objects.filter(office=office, verb=verb, subject__endswith=f"#{mark}").exists()
