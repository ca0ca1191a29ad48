"""Who may see which figures, and who may release them."""

from django.utils.translation import gettext as _

from gehoor.offices import queries as offices
from gehoor.offices import rules as office_rules
from gehoor.offices.models import Member, Role
from gehoor.rounds.models import Round, Status

SEE_ALL = (Role.QUALITY_ADVISER, Role.POLICY, Role.PRIVACY_OFFICER)
FEWEST_OFFICERS = 3


def may_see(member: Member, a_round: Round) -> bool:
    """Officers and team leads see rounds of their own team, when it has three officers or more; advisers see all.

    Fewer officers would make a team's figure an officer's figure (standards.md requirement 63).
    """
    if a_round.office_id != member.office_id:
        return False
    if member.has(*SEE_ALL):
        return True
    if not member.has(Role.OFFICER, Role.TEAM_LEAD) or a_round.team is None:
        return False
    return a_round.team_id == member.team_id and offices.officers_in(a_round.team) >= FEWEST_OFFICERS


def may_see_words(member: Member) -> bool:
    """Approved words are for advisers; officers and team leads never see words about their own clients (promise 4)."""
    return member.has(Role.QUALITY_ADVISER, Role.POLICY)


def why_not_release(member: Member | None, a_round: Round) -> str | None:
    """Releasing is the quality adviser's work; a draft has nothing to release."""
    if member and (why := office_rules.why_not_manage(member)):
        return why
    return _("This round has not started.") if a_round.status == Status.DRAFT else None
