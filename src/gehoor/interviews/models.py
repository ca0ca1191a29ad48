"""A talk with one person: what they agreed to, what they said, and the recording while it is there. And, apart, whom to call.

A row of a talk exists only once somebody agreed to it: the database itself refuses one without. Nothing joins a person
on a call list to a talk: whoever spoke is taken off the list, keys are random, and there is no clock beside words.
"""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from gehoor.meetings.models import Age, Meeting, Voice
from gehoor.offices.models import Member

# How we say who somebody else is. `Voice` is worded for who says it of themselves.
WHO = {
    Voice.YOUTH: _("Youth"),
    Voice.PARENT: _("Parent or carer"),
    Voice.STAFF: _("Somebody who works at Leerplicht"),
    Voice.PARTNER: _("Partner, such as a school or youth care"),
}


class How(models.TextChoices):
    """Where the talk is."""

    IN_PERSON = "in_person", _("In the same room")
    CALL = "call", _("By telephone")


class AgreedBy(models.TextChoices):
    """Who said yes (UAVG article 5)."""

    SELF = "self", _("The person who talks")
    BOTH = "both", _("The person who talks and a parent")
    PARENT = "parent", _("A parent, for the child")


class Ended(models.TextChoices):
    """What became of a call. The first three can be tried again, the others are an end."""

    NO_ANSWER = "no_answer", _("No answer")
    BUSY = "busy", _("Busy")
    CALL_BACK = "call_back", _("Call back later")
    WRONG = "wrong", _("Wrong number")
    REFUSED = "refused", _("Does not want to talk")
    NO_LANGUAGE = "no_language", _("Speaks no language that we have")
    SPOKE = "spoke", _("Wants to talk")
    GAVE_UP = "gave_up", _("Not reached")


class Interview(models.Model):
    """One talk. `words` is what was asked when somebody agreed.

    `original` holds the turns as they came in, `turns` as they stand now, both sealed with keys outside the database
    (interviews.safe); the first goes when the transcript was checked. Of time it keeps a quarter, and a day on which the
    recording goes, only while there is one.
    """

    guid = models.UUIDField(primary_key=True, default=uuid.uuid4)
    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="+")
    how = models.CharField(max_length=10, choices=How.choices)
    voice = models.CharField(max_length=8, choices=Voice.choices)
    period = models.CharField(max_length=7)
    age = models.CharField(max_length=8, choices=Age.choices)
    agreed_by = models.CharField(max_length=8, choices=AgreedBy.choices)
    with_parent = models.BooleanField(default=False)
    takes_part = models.BooleanField()
    may_quote = models.BooleanField(default=False)
    may_record = models.BooleanField(default=False)
    language = models.CharField(max_length=8)
    words = models.TextField()
    original = models.BinaryField(null=True)
    turns = models.BinaryField(null=True)
    checked = models.BooleanField(default=False)
    sound_kind = models.CharField(max_length=4, blank=True)
    sound_size = models.PositiveBigIntegerField(null=True)
    sound_until = models.DateField(null=True)

    class Meta:
        ordering = ["guid"]
        constraints = [
            models.CheckConstraint(
                condition=Q(takes_part=True) & ~Q(words="") & ~Q(language=""), name="interview_somebody_agreed"
            ),
            models.CheckConstraint(
                condition=Q(age=Age.UNDER_12, with_parent=True, agreed_by__in=[AgreedBy.PARENT, AgreedBy.BOTH])
                | Q(age=Age.FROM_12, agreed_by=AgreedBy.BOTH)
                | Q(age=Age.FROM_16, agreed_by__in=[AgreedBy.SELF, AgreedBy.BOTH]),
                name="interview_agreed_by_who_may",
            ),
            models.CheckConstraint(
                condition=Q(sound_until__isnull=True, sound_size__isnull=True, sound_kind="")
                | Q(may_record=True, sound_until__isnull=False, sound_size__isnull=False) & ~Q(sound_kind=""),
                name="interview_sound_only_with_consent",
            ),
        ]

    def __str__(self) -> str:
        return self.guid.hex[:4]

    @property
    def who(self) -> str:
        """Who talks, in words."""
        return str(WHO[Voice(self.voice)])


class Contact(models.Model):
    """Somebody to call: a sealed box, and how often it was tried. It goes when the call came to an end.

    `mark` knows a number without holding it. `outcomes` are codes in the order of the tries, without days or hours; `tries`
    says how many. `rests_until` is a whole hour, and goes with the next try.
    """

    guid = models.UUIDField(primary_key=True, default=uuid.uuid4)
    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="+")
    mark = models.BinaryField(max_length=32)
    box = models.BinaryField()
    outcomes = models.JSONField(default=list)
    tries = models.PositiveSmallIntegerField(default=0)
    call_back_at = models.DateTimeField(null=True)
    rests_until = models.DateTimeField(null=True)
    held_by = models.ForeignKey(Member, on_delete=models.SET_NULL, null=True, related_name="+")
    held_until = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["meeting", "mark"], name="interviews_one_contact_per_number")]

    def __str__(self) -> str:
        return "contact"


class DealtWith(models.Model):
    """The mark of a number that needs no call any more: a second list does not bring it back. Not what became of it."""

    mark = models.BinaryField(primary_key=True, max_length=32)
    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="+")

    def __str__(self) -> str:
        return "dealt with"


class Tally(models.Model):
    """How many calls ended in which way."""

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="+")
    ended = models.CharField(max_length=12, choices=Ended.choices)
    number = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["meeting", "ended"], name="interviews_one_tally_per_end")]

    def __str__(self) -> str:
        return f"{self.ended} {self.number}"
