"""A planned meeting, the codes that let people in, and who is there. Who was there is forgotten when it ends."""

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


class Meeting(models.Model):
    """One meeting of an office with the people it is about."""

    office = models.ForeignKey(Office, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    name = models.CharField(max_length=120)
    purpose = models.CharField(max_length=300)
    held_on = models.DateField()
    life = models.CharField(max_length=8, choices=Life.choices, default=Life.PLANNED)

    class Meta:
        ordering = ["-held_on", "-pk"]

    def __str__(self) -> str:
        return self.name


class Entrance(models.Model):
    """The code that lets people into a meeting, as hashes only. One for guests, one for who leads it."""

    link_hash = models.BinaryField(primary_key=True, max_length=32)
    typed_hash = models.BinaryField(unique=True, max_length=32)
    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="+")
    leads = models.BooleanField(default=False)

    def __str__(self) -> str:
        return "entrance"


class Guest(models.Model):
    """Somebody who is there: an alias, a voice, and the hash of what only their browser holds. Gone when the meeting ends."""

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="+")
    alias = models.CharField(max_length=40)
    voice = models.CharField(max_length=8, choices=Voice.choices, blank=True)
    leads = models.BooleanField(default=False)
    token_hash = models.BinaryField(unique=True, max_length=32)

    def __str__(self) -> str:
        return self.alias
