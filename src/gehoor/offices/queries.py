"""Reading about offices and members."""

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from gehoor.base.errors import NotFound
from gehoor.offices.models import Account, Entry, Member, Office, Team


def office_by_slug(slug: str) -> Office:
    """The office. Raises NotFound with the known ones."""
    office = Office.objects.filter(slug=slug).first()
    if office is None:
        known = ", ".join(Office.objects.order_by("slug").values_list("slug", flat=True)) or _("none yet")
        raise NotFound(_("There is no office %(slug)s. Known: %(known)s.") % {"slug": slug, "known": known})
    return office


def membership_of(account: Account, office_pk: int | None = None) -> Member | None:
    """The membership that somebody works in: the chosen office, or else the first one."""
    mine = Member.objects.select_related("office", "team", "account").filter(account=account).order_by("office__name")
    chosen = mine.filter(office_id=office_pk).first() if office_pk else None
    return chosen or mine.first()


def memberships_of(account: Account) -> QuerySet[Member]:
    """All offices where somebody works."""
    return Member.objects.select_related("office").filter(account=account).order_by("office__name")


def members_of(office: Office) -> QuerySet[Member]:
    """Everybody of an office."""
    return Member.objects.select_related("account", "team").filter(office=office).order_by("account__name")


def teams_of(office: Office) -> QuerySet[Team]:
    """The teams of an office."""
    return Team.objects.filter(office=office)


def journal_of(office: Office) -> QuerySet[Entry]:
    """The journal, newest first."""
    return Entry.objects.select_related("account").filter(office=office)


def officers_in(team: Team) -> int:
    """How many attendance officers a team has. Results of a team need three (standards.md requirement 63)."""
    return sum(1 for member in Member.objects.filter(team=team) if member.has("officer"))
