"""Released figures. A release never changes: what was once shown stays what it was."""

from django.db import models

from gehoor.rounds.models import Round


class Release(models.Model):
    """One release of a round and quarter, with the auditor's report. A blocked one has no tables."""

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="+")
    period = models.CharField(max_length=7)
    number = models.PositiveIntegerField()
    released_on = models.DateField()
    smallest_group = models.PositiveSmallIntegerField()
    policy_sha256 = models.CharField(max_length=64)
    audit = models.JSONField()
    blocked = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["round", "period", "number"], name="one_release_number")]
        ordering = ["-number"]

    def __str__(self) -> str:
        return f"{self.round} {self.period} ({self.number})"


class ReleasedTable(models.Model):
    """One public table of a release, as `disclosure.PublicTable.to_json` wrote it."""

    release = models.ForeignKey(Release, on_delete=models.PROTECT, related_name="tables")
    place = models.PositiveIntegerField()
    table = models.JSONField()

    class Meta:
        ordering = ["place"]

    def __str__(self) -> str:
        return f"{self.release}: table {self.place}"


class Basis(models.Model):
    """The exact counts on which the newest tables rest, in the vault: needed to know whether a cell gained ten answers."""

    round_id = models.BigIntegerField()
    period = models.CharField(max_length=7)
    counts = models.JSONField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["round_id", "period"], name="one_basis")]

    def __str__(self) -> str:
        return f"basis of round {self.round_id} {self.period}"
