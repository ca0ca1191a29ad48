"""The reading room: what a reader decided about a text, and what triage did about danger."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from gehoor.answers.models import OpenText
from gehoor.offices.models import Office


class Verdict(models.TextChoices):
    """What was decided about a text."""

    APPROVED = "approved", _("Approved")
    DANGER = "danger", _("At triage")
    ASIDE = "aside", _("Set aside")


class ReadText(models.Model):
    """A text that a reader has dealt with. It lives and dies with the text of the client (vault)."""

    text = models.OneToOneField(OpenText, on_delete=models.CASCADE, primary_key=True, related_name="+")
    office_id = models.BigIntegerField()
    version_id = models.BigIntegerField()
    question = models.CharField(max_length=40)
    voice = models.CharField(max_length=10)
    language = models.CharField(max_length=5)
    period = models.CharField(max_length=7)
    verdict = models.CharField(max_length=10, choices=Verdict.choices)
    words = models.TextField(blank=True)  # redacted; only once approved

    class Meta:
        indexes = [models.Index(fields=["office_id", "verdict"])]

    def __str__(self) -> str:
        return f"text ({self.verdict})"


class Category(models.TextChoices):
    """What kind of danger triage saw."""

    VIOLENCE = "violence", _("Violence or abuse at home")
    SELF_HARM = "self_harm", _("Self-harm or suicide")
    THREAT = "threat", _("A threat to somebody else")
    STAFF = "staff", _("Conduct of staff (integrity)")
    NONE = "none", _("No danger after all")


class Step(models.TextChoices):
    """How far the reporting code was followed (standards.md §1.3 item 6)."""

    MAPPED = "mapped", _("Signals mapped")
    CONSULTED = "consulted", _("Consulted a colleague or Veilig Thuis")
    WEIGHED = "weighed", _("Weighed with the framework")
    DECIDED = "decided", _("Decided")


class Concern(models.Model):
    """A record of a concern: day, kind, step, decision. No text, no name, no link to what was written."""

    office = models.ForeignKey(Office, on_delete=models.CASCADE, related_name="+")
    noted_on = models.DateField()
    category = models.CharField(max_length=12, choices=Category.choices)
    step = models.CharField(max_length=12, choices=Step.choices)
    decision = models.CharField(max_length=300)

    class Meta:
        ordering = ["-noted_on", "-pk"]

    def __str__(self) -> str:
        return f"{self.get_category_display()}: {self.get_step_display()}"
