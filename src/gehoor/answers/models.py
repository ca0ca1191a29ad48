"""What clients said, behind a counter: only this room reads these tables.

`Batch`, `Envelope` and `FormKey` are in the main database; `Submission`, `OpenText` and `OpenedBatch` in the vault.
Between the two there is no key, no order and no time that joins an envelope to what was in it.
"""

import uuid

from django.db import models

from gehoor.rounds.models import Dispatch, Round


class Batch(models.Model):
    """The envelopes that are opened together, and the public key that seals them.

    A batch belongs to one dispatch: all that is in it came by the same channel and about the same product, so that no
    answer stands alone by its context (decision 0002).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    dispatch = models.ForeignKey(Dispatch, on_delete=models.CASCADE, related_name="+")
    public_key = models.BinaryField(max_length=32)
    closed = models.BooleanField(default=False)
    # The day on which envelopes were first seen waiting: the safety limit counts from here.
    waiting_since = models.DateField(null=True)
    key_lost = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["dispatch"], condition=models.Q(closed=False), name="one_open_batch_per_dispatch"
            ),
        ]

    def __str__(self) -> str:
        return f"batch {self.id}"


class Envelope(models.Model):
    """One sealed answer: a random id, the batch and the box. No time, no address, no agent."""

    id = models.UUIDField(primary_key=True)
    # The database itself refuses to let a batch go that has an answer in it, whatever is thrown away above it; and so nobody
    # who throws away needs a right to envelopes.
    batch = models.ForeignKey(Batch, on_delete=models.DO_NOTHING, related_name="+")
    box = models.BinaryField()

    def __str__(self) -> str:
        return "envelope"


class HeardIn(models.Model):
    """A quarter in which answers of a round were opened. Says that there is something, never how much."""

    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="+")
    period = models.CharField(max_length=7)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["round", "period"], name="heard_once_a_quarter")]

    def __str__(self) -> str:
        return f"{self.round} {self.period}"


class FormKey(models.Model):
    """The hash of a form that was handed in, so that pressing again changes nothing. Kept 30 days, beside nothing."""

    hash = models.BinaryField(primary_key=True, max_length=32)
    day = models.DateField()

    def __str__(self) -> str:
        return "form key"


class Submission(models.Model):
    """The countable answers of one client, with their coarse context (domain.md R27)."""

    id = models.UUIDField(primary_key=True)
    round_id = models.BigIntegerField()
    version_id = models.BigIntegerField()
    period = models.CharField(max_length=7)
    mode = models.CharField(max_length=10)
    moment = models.CharField(max_length=10)
    voice = models.CharField(max_length=10)
    language = models.CharField(max_length=5)
    helper = models.CharField(max_length=12)
    product = models.CharField(max_length=40)
    stage = models.CharField(max_length=10)
    answers = models.JSONField()

    class Meta:
        indexes = [models.Index(fields=["round_id", "period"])]

    def __str__(self) -> str:
        return "submission"


class OpenText(models.Model):
    """One free text that nobody has read yet: no background, no date, no key that joins it to other parts.

    The words are sealed with the installation's text key, so that a copy of the database holds none.
    """

    id = models.UUIDField(primary_key=True)
    office_id = models.BigIntegerField()
    version_id = models.BigIntegerField()
    question = models.CharField(max_length=40)
    voice = models.CharField(max_length=10)
    language = models.CharField(max_length=5)
    period = models.CharField(max_length=7)
    box = models.BinaryField()

    class Meta:
        indexes = [models.Index(fields=["office_id", "period"])]

    def __str__(self) -> str:
        return "text"


class OpenedBatch(models.Model):
    """Says in the vault that a batch is in: written in the same transaction as what was in it."""

    id = models.UUIDField(primary_key=True)
    envelopes = models.PositiveIntegerField()
    unreadable = models.PositiveIntegerField(default=0)
    early = models.BooleanField(default=False)  # opened at the safety limit with fewer than five

    def __str__(self) -> str:
        return f"opened {self.id}"
