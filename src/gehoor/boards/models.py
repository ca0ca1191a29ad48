"""The board of a meeting: how it was planned, and the log of what happened on it (decision 0006)."""

from django.db import models

from gehoor.meetings.models import Meeting


class Board(models.Model):
    """`setup` holds the frames and phases that it began with; `seq` is the number of the last event.

    `final` is the board as it stood when the meeting ended; from then on there is no log any more (decision 0006).
    """

    meeting = models.OneToOneField(Meeting, on_delete=models.CASCADE, related_name="+")
    setup = models.JSONField()
    seq = models.PositiveIntegerField(default=0)
    final = models.JSONField(null=True)

    def __str__(self) -> str:
        return f"board of {self.meeting_id}"


class Event(models.Model):
    """One thing that happened. No clock. `actor` is empty in an anonymous phase: nothing then joins a note to a person."""

    board = models.ForeignKey(Board, on_delete=models.CASCADE, related_name="+")
    seq = models.PositiveIntegerField()
    key = models.BinaryField(max_length=16)
    actor = models.PositiveIntegerField(null=True)
    kind = models.CharField(max_length=12)
    said = models.JSONField()

    class Meta:
        ordering = ["seq"]
        constraints = [
            models.UniqueConstraint(fields=["board", "seq"], name="one_event_per_number"),
            models.UniqueConstraint(fields=["board", "key"], name="one_event_per_key"),
        ]

    def __str__(self) -> str:
        return f"{self.board_id}/{self.seq} {self.kind}"
