"""Who may open which text."""

from django.utils.translation import gettext as _

from gehoor.offices import rules as office_rules
from gehoor.offices.models import Member
from gehoor.reading.models import ReadText, Verdict


def why_not_open(member: Member, read: ReadText | None, *, why: str) -> str | None:
    """New texts are for readers and triage; texts about danger for triage, with a reason."""
    if refusal := why_not_decide(member, read):
        return refusal
    if read is not None and read.verdict == Verdict.DANGER and not why.strip():
        return _("Say why you open this text: it is kept in the journal.")
    return None


def why_not_decide(member: Member, read: ReadText | None) -> str | None:
    """A new text is decided about by a reader or triage; a text at triage by triage."""
    if read is not None and read.verdict == Verdict.DANGER:
        return office_rules.why_not_triage(member)
    return office_rules.why_not_read_words(member)


def why_closed(read: ReadText | None) -> str | None:
    """A text is decided about once: then its raw words are gone."""
    if read is None or read.verdict == Verdict.DANGER:
        return None
    return _("Somebody dealt with this text a moment ago. You need not do anything.")


def why_not_pass_on(read: ReadText | None) -> str | None:
    """A text at triage is there already."""
    return _("This text is at triage already.") if read is not None and read.verdict == Verdict.DANGER else None
