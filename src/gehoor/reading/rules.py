"""Who may open which text."""

from django.utils.translation import gettext as _

from gehoor.offices import rules as office_rules
from gehoor.offices.models import Member, Role
from gehoor.reading.models import ReadText, Verdict


def why_not_open(member: Member, read: ReadText | None, *, why: str) -> str | None:
    """New texts are for readers and triage; texts about danger for triage, with a reason; the rest is closed."""
    if read is None:
        return office_rules.why_not_read_words(member)
    if read.verdict != Verdict.DANGER:
        return _("This text was dealt with. Its raw words are gone.")
    if refusal := office_rules.why_not_triage(member):
        return refusal
    return None if why.strip() else _("Say why you open this text: it is kept in the journal.")


def why_not_decide(member: Member, read: ReadText | None) -> str | None:
    """A text is decided about once; a text at triage by triage."""
    if read is None:
        return office_rules.why_not_read_words(member)
    if read.verdict == Verdict.DANGER:
        return office_rules.why_not_triage(member)
    return _("Somebody dealt with this text already.")


def may_enter(member: Member) -> bool:
    """Has the member something to do in the reading room?"""
    return member.has(Role.READER, Role.TRIAGE)
