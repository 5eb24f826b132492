"""Everything that must leave exactly as decided: notices in the application, mails, and the sweeper's heartbeat."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class NoticeQuerySet(models.QuerySet["Notice"]):
    """Notices, named by what the rows are."""

    def unread(self) -> Self:
        return self.filter(read_at=None)


class Notice(models.Model):
    """One thing one person is told inside LeadHub, once: `dedupe_key` is unique, whoever tries again."""

    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notices")
    kind = models.SlugField(max_length=40)
    text = models.CharField(max_length=300)
    url = models.CharField(max_length=300, blank=True, default="")
    dedupe_key = models.CharField(max_length=160, unique=True)
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["recipient", "-id"], name="notice_of_person"),
            models.Index(fields=["recipient"], condition=Q(read_at=None), name="notice_unread"),
        ]

    def __str__(self) -> str:
        return self.text


class Mail(models.Model):
    """One mail, decided in the transaction of its cause and sent afterwards under a lease with an attempt number.

    At least once, always with the same Message-ID (quality.md E11): never promised more.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        SENT = "sent", _("Sent")
        SHOWN = "shown", _("Shown in the mailbox")  # no EMAIL_URL: nothing leaves
        FAILED = "failed", _("Failed")

    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="mails")
    to = models.EmailField()
    subject = models.CharField(max_length=200)
    body = models.TextField()
    message_id = models.CharField(max_length=200, unique=True)
    dedupe_key = models.CharField(max_length=160, unique=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    attempt = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField()
    lease_until = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    problem = models.CharField(max_length=300, blank=True, default="")

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["next_try_at"], condition=Q(state="waiting"), name="mail_due")]

    def __str__(self) -> str:
        return self.subject


class Heartbeat(models.Model):
    """When a loop last went round; the web shows a banner when the sweeper's is stale (quality.md rule 12)."""

    name = models.SlugField(primary_key=True, max_length=40)
    at = models.DateTimeField()
