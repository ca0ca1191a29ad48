"""Who may do what in the office itself. Each rule returns None, or the reason why not as a sentence."""

from collections.abc import Collection

from django.utils.translation import gettext as _

from gehoor.offices.models import CASE_ROLES, Member, Role


def why_not_have_roles(roles: Collection[str]) -> str | None:
    """A reader who also deals with cases could recognise a client: refused at assignment (domain.md R20)."""
    unknown = set(roles) - set(Role.values)
    if unknown:
        return _("These roles do not exist: %(roles)s. Choose from: %(known)s.") % {
            "roles": ", ".join(sorted(unknown)),
            "known": ", ".join(Role.values),
        }
    if not roles:
        return _("Give the member at least one role.")
    if {Role.READER, Role.TRIAGE} & set(roles) and CASE_ROLES & set(roles):
        return _("A reader cannot also be an officer or a team lead: clients must be able to write freely.")
    return None


def why_not_manage(member: Member) -> str | None:
    """Rounds, codes and releases are the quality adviser's work."""
    if member.has(Role.QUALITY_ADVISER):
        return None
    return _("Only a quality adviser can do this.")


def why_not_read_words(member: Member) -> str | None:
    """Raw words are for readers and triage only."""
    if member.has(Role.READER, Role.TRIAGE):
        return None
    return _("Only a reader can open texts that have not been approved.")


def why_not_triage(member: Member) -> str | None:
    """Texts about danger are for the triage role only."""
    if member.has(Role.TRIAGE):
        return None
    return _("Only the triage role can open texts about danger.")


def why_not_see_journal(member: Member) -> str | None:
    """The journal and the reading log are for the privacy officer."""
    if member.has(Role.PRIVACY_OFFICER):
        return None
    return _("Only the privacy officer can see the journal.")
