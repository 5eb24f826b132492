"""Webhooks: other programs that hear of what happens here, and each message to them, decided with its cause (R31)."""

import base64
import secrets
from datetime import datetime
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _


class SecretGone(Exception):
    """The secret was made with a SECRET_KEY that is no longer kept; the text is a sentence for people."""


class Hook(models.Model):
    """One program that listens. Its secret is stored nowhere: it is made of `salt` and SECRET_KEY, `mark` tells it again."""

    label = models.CharField(_("name"), max_length=80, unique=True)
    url = models.CharField(_("address"), max_length=500)
    salt = models.CharField(max_length=64, editable=False)
    mark = models.CharField(max_length=64, editable=False)
    is_active = models.BooleanField(_("is told of what happens"), default=True)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering = ["label"]

    def __str__(self) -> str:
        return self.label

    def renew_secret(self) -> str:
        """A new secret, to be shown once; the former one signs nothing any more."""
        self.salt = secrets.token_hex(32)
        made = self._made_with(settings.SECRET_KEY)
        self.mark = _mark(made)
        self.save()
        return f"whsec_{base64.b64encode(made).decode()}"

    @property
    def secret(self) -> bytes:
        """What messages are signed with. Raises `SecretGone`."""
        for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
            if constant_time_compare(_mark(made := self._made_with(key)), self.mark):
                return made
        raise SecretGone(_t("The key this secret was made with is gone: make a new secret."))

    def _made_with(self, key: str) -> bytes:
        return salted_hmac("outbox.hook", self.salt, secret=key, algorithm="sha256").digest()


def _mark(secret: bytes) -> str:
    return salted_hmac("outbox.hook.mark", secret.hex(), secret="mark", algorithm="sha256").hexdigest()  # noqa: S106


class HookMessageQuerySet(models.QuerySet["HookMessage"]):
    """Messages, named by what the rows are."""

    def waiting(self) -> Self:
        return self.filter(state=HookMessage.State.WAITING)

    def due(self, now: datetime) -> Self:
        """Waiting, its time come, and in nobody's hands."""
        free = Q(lease_until=None) | Q(lease_until__lte=now)
        return self.waiting().filter(free, next_try_at__lte=now, hook__is_active=True)


class HookMessage(models.Model):
    """One message to one program: at least once, always under the same id, in the words of its moment."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        SENT = "sent", _("Delivered")
        FAILED = "failed", _("Failed")

    hook = models.ForeignKey(Hook, on_delete=models.CASCADE, related_name="messages")
    event = models.CharField(max_length=60)
    body = models.JSONField()
    message_id = models.CharField(max_length=60, unique=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    attempt = models.PositiveSmallIntegerField(default=0)
    first_attempt = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField()
    lease_until = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    status = models.PositiveSmallIntegerField(null=True)
    problem = models.CharField(max_length=300, blank=True, default="")

    objects = HookMessageQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                name="hook_message_state_known", condition=Q(state__in=["waiting", "sent", "failed"])
            ),
            models.CheckConstraint(
                name="hook_message_lease_only_waiting", condition=Q(lease_until=None) | Q(state="waiting")
            ),
        ]
        indexes = [
            models.Index(fields=["next_try_at", "id"], condition=Q(state="waiting"), name="hook_message_due"),
            models.Index(fields=["hook", "-id"], name="hook_message_of_hook"),
        ]

    def __str__(self) -> str:
        return f"{self.event} {self.message_id}"

    def try_again(self, *, at: datetime) -> bool:
        """Put a failed or delivered message in line again, under its id; False while it waits anyhow."""
        rows = HookMessage.objects.filter(pk=self.pk).exclude(state=HookMessage.State.WAITING)
        again: dict[str, Any] = {"state": HookMessage.State.WAITING, "next_try_at": at, "sent_at": None}
        return bool(rows.update(**again, first_attempt=F("attempt"), problem="", status=None))
