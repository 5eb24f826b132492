"""What leaves for leads, at most once each, and what comes back of it (quality.md §1 and §3, R24)."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from leads.models import Activity, Lead, Verdict

from .emails import EmailVersion


class Letter(models.Model):
    """One e-mail to one lead: the row is there before the mail is, and its `key` is there once, whoever tries again.

    Handed over at most once: `handed` is committed before the words leave, so that a sender that dies leaves `unknown`,
    which nobody sends again by itself. `values` are the merge values it is written with; it can be shown again exactly.
    """

    class State(models.TextChoices):
        QUEUED = "queued", _("Queued")
        LEASED = "leased", _("Being sent")
        HANDED = "handed", _("Handed over")
        SENT = "sent", _("Sent")
        DEFERRED = "deferred", _("Deferred")
        FAILED = "failed", _("Failed")
        SUPPRESSED = "suppressed", _("Not sent")
        UNKNOWN = "unknown", _("Doubtful")

    key = models.CharField(max_length=100, unique=True)
    lead = models.ForeignKey(Lead, null=True, on_delete=models.CASCADE, related_name="letters", db_index=False)
    version = models.ForeignKey(EmailVersion, on_delete=models.PROTECT, related_name="letters", db_index=False)
    variant = models.CharField(max_length=1, default="a")  # which subject: a or b
    to = models.EmailField(max_length=320)
    domain = models.CharField(max_length=255)  # of the address, for throttling
    is_test = models.BooleanField(default=False)
    values = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED)
    reason = models.CharField(max_length=300, blank=True, default="")  # why it failed or was not sent
    attempt = models.PositiveSmallIntegerField(default=0)
    first_attempt = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField()
    lease_until = models.DateTimeField(null=True)
    message_id = models.CharField(max_length=200, unique=True)
    created_at = models.DateTimeField()
    handed_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)  # sent, failed, suppressed or found doubtful

    class Meta:
        ordering = ["-id"]
        constraints = [models.CheckConstraint(name="letter_variant_known", condition=Q(variant__in=["a", "b"]))]
        indexes = [
            models.Index(
                fields=["next_try_at", "id"],
                condition=Q(state__in=["queued", "deferred", "leased", "handed"]),
                name="letter_due",
            ),
            models.Index(fields=["lead", "-id"], name="letter_of_lead"),
            models.Index(fields=["version", "variant"], name="letter_of_version"),
            models.Index(fields=["-id"], condition=Q(state__in=["unknown", "failed"]), name="letter_doubtful"),
        ]

    def __str__(self) -> str:
        return self.message_id


class Hit(models.Model):
    """One answer to a letter: an open, a click, a bounce …; machines' are kept with the reason and earn nothing (D10)."""

    class Kind(models.TextChoices):
        OPEN = "open", _("Opened")
        CLICK = "click", _("Clicked")
        TRAP = "trap", _("Followed the hidden link")
        UNSUBSCRIBE = "unsubscribe", _("Unsubscribed")
        BOUNCE = "bounce", _("Bounced")
        COMPLAINT = "complaint", _("Complained")
        REPLY = "reply", _("Replied")

    letter = models.ForeignKey(Letter, on_delete=models.CASCADE, related_name="hits", db_index=False)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    link = models.CharField(max_length=8, blank=True, default="")  # key of the link in the version's list
    at = models.DateTimeField()
    user_agent = models.CharField(max_length=300, blank=True, default="")
    verdict = models.SmallIntegerField(choices=Verdict.choices, default=Verdict.PERSON)
    why = models.CharField(max_length=200, blank=True, default="")  # why a machine
    activity = models.OneToOneField(
        Activity, null=True, on_delete=models.SET_NULL, related_name="+", db_constraint=False
    )

    class Meta:
        ordering = ["at", "id"]
        indexes = [models.Index(fields=["letter", "at"], name="hit_of_letter")]


class Suppression(models.Model):
    """An address that is never written to again, kept as a keyed hash so that erasure keeps it too (D6)."""

    address_hash = models.CharField(max_length=64, unique=True)
    why = models.CharField(max_length=40)
    at = models.DateTimeField()


class Optout(models.Model):
    """A lead that left one topic of e-mails; leaving all is a suppression."""

    lead = models.ForeignKey(Lead, on_delete=models.CASCADE, related_name="optouts", db_index=False)
    topic = models.CharField(max_length=60)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["lead", "topic"], name="optout_once")]
