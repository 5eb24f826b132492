"""Everything that must leave exactly as decided: notices in the application, mails, and the sweeper's heartbeat."""

from collections.abc import Collection
from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User

from .models_choice import MailChoice
from .models_hooks import Hook, HookMessage
from .permissions import sees_every_mail

__all__ = ["Heartbeat", "Hook", "HookMessage", "Mail", "MailChoice", "Notice"]


class NoticeQuerySet(models.QuerySet["Notice"]):
    """Notices, named by what the rows are."""

    def visible_to(self, user: User) -> Self:
        """A person's own notices; nobody reads another's."""
        return self.filter(recipient=user)

    def unread(self) -> Self:
        return self.filter(read_at=None)

    def of(self, notice: "Notice") -> Self:
        return self.filter(pk=notice.pk)

    def carried_by(self, mails: Collection[int]) -> Self:
        """What these mails carry, in the order in which it was told."""
        return self.filter(mail__in=mails).order_by("id")

    def about(self, topics: Collection[str]) -> Self:
        """What was told of these topics, with its reader and its mail."""
        return self.filter(about__in=topics).select_related("recipient", "mail__recipient").order_by("id")

    def mark_read(self, *, at: datetime) -> int:
        """Note that these were read; those already read keep their first moment."""
        return self.unread().update(read_at=at)


class Notice(models.Model):
    """One thing one person is told inside LeadHub, once: `dedupe_key` is unique, whoever tries again."""

    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notices", db_index=False
    )
    kind = models.SlugField(max_length=40)
    text = models.CharField(max_length=300)
    url = models.CharField(max_length=300, blank=True, default="")
    detail = models.TextField(blank=True, default="")  # what a mail of its own says
    about = models.CharField(max_length=140, blank=True, default="")  # the key that all who are told the same share
    mail = models.ForeignKey("outbox.Mail", null=True, on_delete=models.SET_NULL, related_name="notices")
    dedupe_key = models.CharField(max_length=160, unique=True)
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["recipient", "-id"], name="notice_of_person"),
            models.Index(fields=["recipient", "-id"], condition=Q(read_at=None), name="notice_unread"),
            models.Index(fields=["about"], condition=~Q(about=""), name="notice_about"),
        ]

    def __str__(self) -> str:
        return self.text


class MailQuerySet(models.QuerySet["Mail"]):
    """Mails, named by what the rows are."""

    def visible_to(self, user: User) -> Self:
        """Managers and administrators see what left for everybody, others what was addressed to them."""
        return self if sees_every_mail(user) else self.filter(recipient=user)

    def waiting(self) -> Self:
        return self.filter(state=Mail.State.WAITING)

    def known(self, keys: Collection[str]) -> set[str]:
        """Those of the keys under which a mail was begun, whatever became of it."""
        return set(self.filter(dedupe_key__in=keys).values_list("dedupe_key", flat=True))

    def untouched(self, keys: Collection[str]) -> Self:
        """Those that no sender has taken yet, held until the transaction ends so that none does."""
        return (
            self.waiting().filter(dedupe_key__in=keys, attempt=0).order_by("dedupe_key").select_for_update(of=("self",))
        )

    def in_state(self, state: str) -> Self:
        """Those in the state; all of them for a blank one."""
        return self.filter(state=state) if state else self

    def due(self, now: datetime) -> Self:
        """Waiting, its time come, and in nobody's hands: never taken, or its last sender's lease ran out."""
        free = Q(lease_until=None) | Q(lease_until__lte=now)
        return self.waiting().filter(free, next_try_at__lte=now)


class Mail(models.Model):
    """One mail, decided in the transaction of its cause and sent afterwards under a lease with an attempt number.

    At least once, always with the same Message-ID (quality.md E11): never promised more.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        SENT = "sent", _("Sent")
        SHOWN = "shown", _("Shown here only")  # no EMAIL_URL: nothing leaves
        FAILED = "failed", _("Failed")

    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="mails")
    to = models.EmailField(max_length=320)
    subject = models.CharField(max_length=200)
    body = models.TextField()
    message_id = models.CharField(max_length=200, unique=True)
    dedupe_key = models.CharField(max_length=160, unique=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    attempt = models.PositiveSmallIntegerField(default=0)
    first_attempt = models.PositiveSmallIntegerField(default=0)  # where the present round of attempts began
    next_try_at = models.DateTimeField()
    lease_until = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    problem = models.CharField(max_length=300, blank=True, default="")

    objects = MailQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                name="mail_state_known", condition=Q(state__in=["waiting", "sent", "shown", "failed"])
            ),
            models.CheckConstraint(
                name="mail_sent_has_moment", condition=Q(sent_at__isnull=True) | Q(state__in=["sent", "shown"])
            ),
            models.CheckConstraint(name="mail_lease_only_waiting", condition=Q(lease_until=None) | Q(state="waiting")),
        ]
        indexes = [
            models.Index(fields=["next_try_at", "id"], condition=Q(state="waiting"), name="mail_due"),
            models.Index(fields=["recipient", "-id"], name="mail_of_person"),
            models.Index(fields=["-id"], condition=Q(state="failed"), name="mail_failed"),
        ]

    def __str__(self) -> str:
        return self.subject

    def try_again(self, *, at: datetime) -> bool:
        """Put a failed mail back in line with a fresh set of attempts; False when it is not failed (any more).

        The attempt number goes on counting: a sender of long ago must not be taken for the new one (quality.md rule 8).
        """
        failed = Mail.objects.filter(pk=self.pk, state=Mail.State.FAILED)
        return bool(failed.update(state=Mail.State.WAITING, next_try_at=at, first_attempt=F("attempt"), problem=""))


class Heartbeat(models.Model):
    """When a loop last went round; the web shows a banner when the sweeper's is stale (quality.md rule 12)."""

    name = models.SlugField(primary_key=True, max_length=40)
    at = models.DateTimeField()
