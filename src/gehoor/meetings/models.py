"""A planned meeting, the codes that let people in, and who is there. Who was there is forgotten when it ends."""

import secrets
import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from gehoor.offices.models import Office


class Kind(models.TextChoices):
    """What kind of meeting (domain.md §3, M11–M17, M28)."""

    INSPIRATION = "inspiration", _("Inspiration session")
    VISION = "vision", _("Shared vision")
    FOCUS_GROUP = "focus_group", _("Focus group")
    JOURNEY = "journey", _("Client journey")
    MIRROR = "mirror", _("Mirror conversation")
    CIRCLE = "circle", _("Learning circle")
    CHOICE = "choice", _("Choosing a method")
    EVALUATION = "evaluation", _("Evaluation of a pilot")
    INTERVIEW = "interview", _("Interview")


class Voice(models.TextChoices):
    """Who somebody is in a meeting: that is all a note keeps of its writer."""

    YOUTH = "youth", pgettext_lazy("client", "Youth")
    PARENT = "parent", pgettext_lazy("client", "Parent or carer")
    STAFF = "staff", pgettext_lazy("client", "I work at Leerplicht")
    PARTNER = "partner", pgettext_lazy("client", "I work with Leerplicht (school, youth care…)")


class Life(models.TextChoices):
    """From plan to end."""

    PLANNED = "planned", _("Planned")
    OPEN = "open", _("Open")
    CLOSED = "closed", _("Closed")


class Age(models.TextChoices):
    """Who may agree for whom (standards.md §1.1: UAVG article 5, and the research code)."""

    UNDER_12 = "under_12", pgettext_lazy("client", "Younger than 12")
    FROM_12 = "12_15", pgettext_lazy("client", "12 to 15")
    FROM_16 = "from_16", pgettext_lazy("client", "16 or older")


class Meeting(models.Model):
    """One meeting of an office with the people it is about.

    `audience` holds voices; `guide` a list of {"minutes", "title", "words"}; `checks` the names of what was ticked on the
    checklist; `consent` the office's own words for an age, where it has them; `outcome` is what is told back afterwards.
    """

    office = models.ForeignKey(Office, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    name = models.CharField(max_length=120)
    purpose = models.CharField(max_length=300)
    held_on = models.DateField()
    begins_at = models.TimeField(null=True)
    place = models.CharField(max_length=120, blank=True)
    audience = models.JSONField(default=list)
    moderator = models.CharField(max_length=80, blank=True)
    clients = models.PositiveSmallIntegerField(null=True)
    listeners = models.PositiveSmallIntegerField(null=True)
    guide = models.JSONField(default=list)
    checks = models.JSONField(default=list)
    consent = models.JSONField(default=dict)
    asks_consent = models.BooleanField(default=False)
    outcome = models.TextField(blank=True)
    life = models.CharField(max_length=8, choices=Life.choices, default=Life.PLANNED)

    class Meta:
        ordering = ["-held_on", "-pk"]

    def __str__(self) -> str:
        return self.name


class Entrance(models.Model):
    """A code that lets people into a meeting, as hashes only. One to show in the room, and one that stands on invitations."""

    link_hash = models.BinaryField(primary_key=True, max_length=32)
    typed_hash = models.BinaryField(unique=True, max_length=32)
    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="+")
    leads = models.BooleanField(default=False)
    invites = models.BooleanField(default=False)

    def __str__(self) -> str:
        return "entrance"


def drawn_number() -> int:
    """A number that says nothing of when somebody came: beside a log, one that counts is a list of its writers."""
    return secrets.randbelow(2**31)


class Guest(models.Model):
    """Somebody who is there: an alias, a voice, and the hash of what only their browser holds. Rows have no order.

    When the meeting ends only that hash stays: with it somebody can come back to see what became of the own notes.
    """

    id = models.IntegerField(primary_key=True, default=drawn_number)  # on SQLite this is the row number itself
    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="+")
    alias = models.CharField(max_length=40)
    voice = models.CharField(max_length=8, choices=Voice.choices, blank=True)
    leads = models.BooleanField(default=False)
    token_hash = models.BinaryField(unique=True, max_length=32)

    def __str__(self) -> str:
        return self.alias


class Consent(models.Model):
    """What somebody agreed to, in which words. It says of nobody who: the key is random, and there is no clock."""

    guid = models.UUIDField(primary_key=True, default=uuid.uuid4)
    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="+")
    voice = models.CharField(max_length=8, choices=Voice.choices)
    age = models.CharField(max_length=8, choices=Age.choices, blank=True)
    by_parent = models.BooleanField(default=False)
    language = models.CharField(max_length=8)
    words = models.TextField()

    def __str__(self) -> str:
        return "consent"


class SourceKind(models.TextChoices):
    """Where words come from."""

    NOTE = "note", _("Note on a board")
    INTERVIEW = "interview", _("Interview")


class Source(models.Model):
    """Words that a meeting left behind, for reading and for themes. Made once, under the key that the note had.

    `owner` is the mark that only the writer's digits make again (decision 0007). Rows have no order and no clock.
    """

    guid = models.CharField(primary_key=True, max_length=32)
    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=10, choices=SourceKind.choices)
    frame = models.CharField(max_length=120, blank=True)
    heading = models.CharField(max_length=120, blank=True)
    sort = models.CharField(max_length=12, blank=True)
    mood = models.PositiveSmallIntegerField(default=0)
    voice = models.CharField(max_length=8, choices=Voice.choices, blank=True)
    text = models.TextField()
    may_quote = models.BooleanField(default=False)
    owner = models.CharField(max_length=32, blank=True)

    class Meta:
        ordering = ["guid"]

    def __str__(self) -> str:
        return self.guid
