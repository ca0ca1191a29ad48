"""The office and its people: who works here, in which team, in which role, and what they did."""

from typing import ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """What a member may do. A reader is never an officer or a team lead of the same office (domain.md R20)."""

    QUALITY_ADVISER = "quality_adviser", _("Quality adviser")
    READER = "reader", _("Reader")
    TRIAGE = "triage", _("Triage (danger)")
    OFFICER = "officer", _("Attendance officer")
    TEAM_LEAD = "team_lead", _("Team lead")
    POLICY = "policy", _("Policy adviser")
    PRIVACY_OFFICER = "privacy_officer", _("Privacy officer")


# Those who deal with cases or lead those who do: they never see words before they are approved.
CASE_ROLES = {Role.OFFICER, Role.TEAM_LEAD}
WORD_ROLES = {Role.READER, Role.TRIAGE}


class Office(models.Model):
    """One school-attendance office: the tenant. Nothing crosses from one office to another."""

    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=200)
    smallest_group = models.PositiveSmallIntegerField(
        default=10,
        help_text=_("Groups smaller than this stay hidden. Below 10 needs a decision of the privacy officer."),
    )

    def __str__(self) -> str:
        return self.name


class Team(models.Model):
    """A team of an office."""

    office = models.ForeignKey(Office, on_delete=models.CASCADE, related_name="teams")
    name = models.CharField(max_length=100)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["office", "name"], name="one_team_name_per_office")]
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class AccountManager(BaseUserManager["Account"]):
    """Makes accounts; an address is compared without regard to case."""

    def create_user(self, email: str, password: str | None = None, name: str = "") -> "Account":
        """A new account. Without a password nobody can log in with it yet."""
        account = self.model(email=self.normalize_email(email).lower(), name=name)
        account.set_password(password)
        account.save()
        return account

    def get_by_natural_key(self, username: str | None) -> "Account":
        """Log-in looks an account up by its address."""
        return self.get(email=(username or "").lower())


class Account(AbstractBaseUser):
    """Somebody who can log in. Clients have no account."""

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=100, blank=True)
    language = models.CharField(max_length=5, default="nl")
    is_active = models.BooleanField(default=True)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects = AccountManager()

    def __str__(self) -> str:
        return self.name or self.email


class Member(models.Model):
    """An account at an office, with roles and perhaps a team."""

    office = models.ForeignKey(Office, on_delete=models.CASCADE, related_name="members")
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="memberships")
    team = models.ForeignKey(Team, on_delete=models.SET_NULL, null=True, blank=True, related_name="members")
    roles = models.JSONField(default=list)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["office", "account"], name="one_membership_per_office")]

    def __str__(self) -> str:
        return f"{self.account} ({self.office})"

    def has(self, *roles: str) -> bool:
        """Has the member at least one of these roles?"""
        return bool(set(roles) & set(self.roles))

    @property
    def role_names(self) -> list[str]:
        """The roles as people read them."""
        return [str(Role(role).label) for role in self.roles]


class Entry(models.Model):
    """One line of the journal: who of the staff did what, when. Never what a client wrote."""

    office = models.ForeignKey(Office, on_delete=models.CASCADE, related_name="+")
    account = models.ForeignKey(Account, on_delete=models.SET_NULL, null=True, related_name="+")
    verb = models.CharField(max_length=40)
    subject = models.CharField(max_length=200)
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["office", "-at"])]

    def __str__(self) -> str:
        return f"{self.verb} {self.subject}"
