"""A round is one time that we ask: what, whom, about which moment, in which period. Its codes let people in.

Nothing here says who answered: a code row is deleted when it is used, and no row pairs a person with a code.
"""

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from gehoor.offices.models import Office, Team
from gehoor.questionnaires.models import Version


class Moment(models.TextChoices):
    """When in the contact we ask (domain.md §2.4)."""

    BEFORE = "before", _("Before the first talk")
    CONTACT = "contact", _("After a talk")
    MID = "mid", _("Half-way a long case")
    DECISION = "decision", _("After a decision")
    CLOSURE = "closure", _("At closing")
    AFTER = "after", _("Three to six months later")
    ALWAYS = "always", _("Always open")
    PERIODIC = "periodic", _("Every one or two years")


class Mode(models.TextChoices):
    """How the question reaches people. Answers of different modes differ, so that it is kept with each (domain.md R27)."""

    EMAIL = "email", _("E-mail")
    LETTER = "letter", _("Letter")
    CARD = "card", _("Card")
    SMS = "sms", _("Text message")
    TABLET = "tablet", _("Tablet at the office")
    PHONE = "phone", _("Telephone")
    PAPER = "paper", _("Paper")
    SESSION = "session", _("Meeting")
    IMPORT = "import", _("Older research")


class Stage(models.TextChoices):
    """How much pressure there is on the client (domain.md §4.7)."""

    PREVENT = "prevent", _("Prevention")
    VOLUNTARY = "voluntary", _("Voluntary")
    FORMAL = "formal", _("Formal")
    CRIMINAL = "criminal", _("Criminal law, after it ended")


class Anonymity(models.TextChoices):
    """Whether each person has a code. Frozen by the database once codes exist (domain.md R4)."""

    FORGET = "forget", _("A code for each person, forgotten after sending")
    OPEN = "open", _("One shared code for a place and a period")


class Status(models.TextChoices):
    """The life of a round."""

    DRAFT = "draft", _("Draft")
    OPEN = "open", _("Open")
    CLOSED = "closed", _("Closed")


class Product(models.Model):
    """What the contact was about. A table and not a list in code, because the law moves (domain.md R91)."""

    code = models.SlugField(unique=True, max_length=40)
    name_nl = models.CharField(max_length=100)
    name_en = models.CharField(max_length=100)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The name in the language of the screen."""
        return self.name_nl if get_language() == "nl" else self.name_en


class Round(models.Model):
    """One time that an office asks."""

    office = models.ForeignKey(Office, on_delete=models.CASCADE, related_name="+")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=120)
    moment = models.CharField(max_length=10, choices=Moment.choices)
    stage = models.CharField(max_length=10, choices=Stage.choices)
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="+")
    anonymity = models.CharField(max_length=10, choices=Anonymity.choices)
    purpose = models.CharField(max_length=300, help_text=_("What the office wants to learn, and for which decision."))
    readers = models.CharField(max_length=200, help_text=_("Who reads the texts, by name or function."))
    starts_on = models.DateField()
    ends_on = models.DateField()
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.DRAFT)

    class Meta:
        ordering = ["-starts_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_on__gte=models.F("starts_on")), name="round_ends_after_it_starts"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Dispatch(models.Model):
    """Codes of a round that were made in one batch for one channel."""

    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="dispatches")
    mode = models.CharField(max_length=10, choices=Mode.choices)
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="+")
    size = models.PositiveIntegerField()
    made_on = models.DateField()
    reminded_on = models.DateField(null=True)
    # How many answered, in steps of ten, as it stood when envelopes were last opened. Never live: one can't watch one answer come in.
    answered_band = models.PositiveIntegerField(null=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.round}: {self.get_mode_display()}"


class Code(models.Model):
    """One code that lets somebody in, as hashes only. No address, no time, no place in a list.

    The primary key is the SHA-256 of the link code, 32 bytes; `typed_hash` is the Argon2id of the typed code.
    """

    link_hash = models.BinaryField(primary_key=True, max_length=32)
    typed_hash = models.BinaryField(unique=True, max_length=32)
    dispatch = models.ForeignKey(Dispatch, on_delete=models.CASCADE, related_name="+")

    def __str__(self) -> str:
        return "code"


class Recipient(models.Model):
    """An address to write to: the contact register. It knows no code; it goes 30 days after the round closes."""

    dispatch = models.ForeignKey(Dispatch, on_delete=models.CASCADE, related_name="+")
    address = models.EmailField()
    language = models.CharField(max_length=5, default="nl")
    sent = models.BooleanField(default=False)
    reminded = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["dispatch", "address"], name="one_mail_per_address")]

    def __str__(self) -> str:
        return "recipient"
