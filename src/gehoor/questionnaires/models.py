"""Questionnaires and their versions. A version never changes: an answer must keep the question that was asked."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from gehoor.offices.models import Office


class Voice(models.TextChoices):
    """Whose voice a questionnaire asks for. The voices are never mixed (domain.md R12)."""

    YOUTH = "youth", _("Youth")
    PARENT = "parent", _("Parent")
    CHILD = "child", _("Child")
    PARTNER = "partner", _("Partner")


class Questionnaire(models.Model):
    """A questionnaire through all its versions. Without an office it is ready content for everybody."""

    office = models.ForeignKey(Office, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    key = models.SlugField(max_length=40)
    voice = models.CharField(max_length=10, choices=Voice.choices)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["office", "key"], name="one_key_per_office"),
            models.UniqueConstraint(fields=["key"], condition=models.Q(office=None), name="one_ready_key"),
        ]

    def __str__(self) -> str:
        return self.key


class Version(models.Model):
    """One version: the checked content and its fingerprint."""

    questionnaire = models.ForeignKey(Questionnaire, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    content = models.JSONField()
    sha256 = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["questionnaire", "number"], name="one_number_per_questionnaire")]
        ordering = ["-number"]

    def __str__(self) -> str:
        return f"{self.questionnaire.key} {self.number}"
