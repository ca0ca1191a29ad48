"""Released figures. A release never changes: what was once shown stays what it was."""

from django.db import models

from gehoor.offices.models import Member
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


class State(models.TextChoices):
    """What became of an asking."""

    WAITING = "waiting"
    RELEASED = "released"
    NOTHING_NEW = "nothing_new"
    BLOCKED = "blocked"
    NOT_ALLOWED = "not_allowed"
    FAILED = "failed"


class AskedRelease(models.Model):
    """Somebody asked for the figures of a round and quarter. The desk may ask and look; only the worker makes them.

    `begun_at` says that a worker is at it now, `attempts` how often one began.
    """

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="+")
    period = models.CharField(max_length=7)
    # Not SET_NULL: without a member it would be the operator who asked, who may do more.
    asked_by = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+")
    asked_at = models.DateTimeField()
    state = models.CharField(max_length=12, default=State.WAITING)
    begun_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    release = models.ForeignKey(Release, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["round", "period"], condition=models.Q(state=State.WAITING), name="one_asking_at_a_time"
            ),
        ]
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.round} {self.period}: {self.state}"


class Basis(models.Model):
    """The exact counts on which the tables of a release rest, in the vault: needed to know whether a cell gained ten answers.

    `number` is that of the release; 0 is from before it was kept. One of a release that was never finished counts for
    nothing, so that a kill between the two databases leaves no trace.
    """

    round_id = models.BigIntegerField()
    period = models.CharField(max_length=7)
    number = models.PositiveIntegerField(default=0)
    counts = models.JSONField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["round_id", "period", "number"], name="one_basis_a_release")]

    def __str__(self) -> str:
        return f"basis of round {self.round_id} {self.period} ({self.number})"
