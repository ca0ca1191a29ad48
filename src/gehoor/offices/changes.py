"""Changing offices and members."""

import datetime as dt
from collections.abc import Collection

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from gehoor.base import signs
from gehoor.base.errors import BadInput, NotAllowed
from gehoor.offices import journal, rules
from gehoor.offices.models import Account, Entry, Member, Office, Role, Team


@transaction.atomic
def add_office(name: str, *, slug: str = "") -> Office:
    """A new office. Raises BadInput when the short name is taken, or when there is no name to read."""
    name = _name(name)
    slug = slugify(slug or name)
    if not slug:
        raise BadInput([_("Give the office a short name with --slug: letters, digits and dashes.")])
    if Office.objects.filter(slug=slug).exists():
        raise BadInput([_("There is an office %(slug)s already.") % {"slug": slug}])
    office = Office.objects.create(name=name, slug=slug)
    journal.write(office, journal.Verb.OFFICE_ADDED, name)
    return office


def _name(text: str) -> str:
    """A name as people read it. Raises BadInput when there is none, or when a sign in it would turn the words around."""
    text = " ".join(text.split())
    if not text or signs.has_odd(text):
        raise BadInput([_("Give a name in ordinary letters.")])
    return text


def _new_account(email: str, name: str, password: str | None) -> Account:
    """An account; without a password nobody can log in with it yet. Raises BadInput when the password is too weak."""
    account = Account(email=email, name=name)
    if password is not None:
        try:
            validate_password(password, account)
        except ValidationError as error:
            raise BadInput(error.messages) from None
    return Account.objects.create_user(email, password=password, name=name)


@transaction.atomic
def add_member(
    office: Office, *, email: str, name: str, roles: Collection[str], team: str = "", password: str | None = None
) -> Member:
    """Give somebody a place in an office; an account is made when the address is new.

    Raises NotAllowed when the roles clash and BadInput when the address is none or has a place here already.
    """
    if why := rules.why_not_have_roles(roles):
        raise NotAllowed(why)
    name, team = _name(name), _name(team) if team else ""
    try:
        validate_email(email)
    except ValidationError:
        raise BadInput([_("%(email)s is not an e-mail address.") % {"email": email}]) from None
    account = Account.objects.filter(email=email.lower()).first()
    account = account or _new_account(email, name, password)
    if Member.objects.filter(office=office, account=account).exists():
        raise BadInput([_("%(email)s is a member of this office already.") % {"email": email}])
    place = Team.objects.get_or_create(office=office, name=team)[0] if team else None
    member = Member.objects.create(office=office, account=account, roles=sorted(roles), team=place)
    journal.write(office, journal.Verb.MEMBER_ADDED, f"{name or email}: {', '.join(member.roles)}")
    return member


@transaction.atomic
def set_smallest_group(member: Member, smallest: int, *, floor: int, public: int) -> Office:
    """Lower or raise the smallest group of an office. Below the public norm it is the privacy officer's decision.

    Raises NotAllowed for anybody else and BadInput below the floor of the policy.
    """
    if smallest < public and not member.has(Role.PRIVACY_OFFICER):
        raise NotAllowed(_("Only the privacy officer can set a smallest group below %(public)s.") % {"public": public})
    if not member.has(Role.PRIVACY_OFFICER, Role.QUALITY_ADVISER):
        raise NotAllowed(_("Only a quality adviser or the privacy officer can set the smallest group."))
    if smallest < floor:
        raise BadInput([_("The smallest group cannot be below %(floor)s.") % {"floor": floor}])
    office = member.office
    office.smallest_group = smallest
    office.save(update_fields=["smallest_group"])
    journal.write(office, journal.Verb.THRESHOLD_SET, str(smallest), by=member)
    return office


def forget_entries(office: Office, *, before: dt.date) -> int:
    """Delete the lines of the journal from before a day: it watches staff, so it ends as well (domain.md R21)."""
    return Entry.objects.filter(office=office, at__date__lt=before).delete()[0]
