"""What may be done with questionnaires. Each rule returns None, or the reason why not as a sentence."""

from gehoor.offices import rules as office_rules
from gehoor.offices.models import Member


def why_not_import(member: Member | None) -> str | None:
    """The command line acts as the operator; on screen it is the quality adviser's work."""
    return office_rules.why_not_manage(member) if member else None
